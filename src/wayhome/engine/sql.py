"""The sql writer: a program's screening as one statement, for data that lives in a database.

SQL's own logic is three-valued, so a condition is written as it stands. What several rules
share becomes a column of a named step (`shared_1`, `shared_2`, ...), which can be run and looked
at by itself. What working days and hours come to (`counted_1`, ...) is a column before those: see
`working_time_sql`. Statements are built as sqlglot trees, so the dialect is a parameter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import chain

from sqlglot import exp

from wayhome.engine.graph import Graph, Openings
from wayhome.engine.narrowing import narrowed
from wayhome.engine.outcome_columns import demand_column, outcome_column
from wayhome.engine.outcomes import Outcome
from wayhome.engine.working_time_sql import CALENDAR, calendar_sql, counted_sql, working_terms
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    Holds,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    Shifted,
    Term,
    parts_of,
)
from wayhome.law.vocabulary import CASE_ID, FactType, Value

SOURCE = "cases"

_COMPARISONS: dict[Comparison, type[exp.Binary]] = {
    Comparison.EQUAL: exp.EQ,
    Comparison.NOT_EQUAL: exp.NEQ,
    Comparison.LESS: exp.LT,
    Comparison.AT_MOST: exp.LTE,
    Comparison.MORE: exp.GT,
    Comparison.AT_LEAST: exp.GTE,
}


def program_sql(
    graph: Graph,
    program: str,
    *,
    dialect: str = "duckdb",
    source: str = SOURCE,
    facts: Collection[str],
) -> str:
    """One statement: a row per case with each rule's yes, no or null, and the two outcomes.

    `source` is the table (or view) of cases and `facts` are the facts it has as columns, under
    their own names; every other fact is unknown. Columns: `case_id`, the rules of `program` by
    id, `outcome_PROGRAM`, `demand_outcome_PROGRAM`.
    """
    return screening_sql(graph, [program], dialect=dialect, source=source, facts=facts)


def screening_sql(
    graph: Graph,
    programs: Sequence[str],
    *,
    dialect: str = "duckdb",
    source: str = SOURCE,
    facts: Collection[str],
    steps: bool = True,
) -> str:
    """As `program_sql`, for several programs in one statement.

    Without `steps` every rule is written out whole, which some databases read faster.
    """
    statement = _Statement.of(graph, programs, source, facts, share=steps)
    columns = [exp.column(CASE_ID), *(e.as_(n, quoted=True) for n, e in statement.answers())]
    return statement.selecting(columns).sql(dialect=dialect, pretty=True)


def counts_sql(
    graph: Graph,
    programs: Sequence[str],
    *,
    dialect: str = "duckdb",
    source: str = SOURCE,
    facts: Collection[str],
) -> str:
    """One row: the number of `cases`, and per rule and outcome how many.

    Columns: `cases`; `RULE true` and `RULE known` for each rule; `outcome_PROGRAM OUTCOME` and
    `demand_outcome_PROGRAM OUTCOME` for each outcome.
    """
    statement = _Statement.of(graph, programs, source, facts)
    answered = statement.selecting([e.as_(n, quoted=True) for n, e in statement.answers()])
    columns: list[exp.Expr] = [exp.Count(this=exp.Star()).as_("cases")]
    for rule in statement.rules:
        answer = exp.column(rule, quoted=True)
        columns.append(_count_where(answer).as_(f"{rule} true", quoted=True))
        columns.append(exp.Count(this=answer.copy()).as_(f"{rule} known", quoted=True))
    for name, _ in statement.outcomes():
        for outcome in Outcome:
            is_it = exp.EQ(this=exp.column(name), expression=exp.Literal.string(outcome))
            columns.append(_count_where(is_it).as_(f"{name} {outcome}", quoted=True))
    return (
        exp.select(*columns)
        .from_("answered")
        .with_("answered", as_=answered)
        .sql(dialect=dialect, pretty=True)
    )


def _count_where(condition: exp.Expr) -> exp.Expr:
    """How often a condition is true; 0, and not null, where there is no case at all."""
    return exp.Coalesce(this=exp.CountIf(this=condition), expressions=[exp.Literal.number(0)])


@dataclass(frozen=True)
class _Statement:
    """The parts of one statement: what is a named column, and of which step."""

    source: str
    graph: Graph
    rules: Mapping[str, Condition]
    openings: Mapping[str, Openings]
    names: Names
    counted: Sequence[Shifted]
    steps: Sequence[Sequence[Condition]]

    @classmethod
    def of(
        cls,
        graph: Graph,
        programs: Sequence[str],
        source: str,
        facts: Collection[str],
        *,
        share: bool = True,
    ) -> _Statement:
        ready = narrowed(graph, facts)
        rules = {
            rule: ready.nodes[node]
            for rule, node in ready.rules.items()
            if rule.split(".")[0] in programs
        }
        openings = {outcome_column(p): ready.outcomes[p] for p in programs}
        openings |= {demand_column(p): ready.demands[p] for p in programs}
        roots = [
            *rules.values(),
            *(ready.nodes[i] for o in openings.values() for i in (o.any_ground, o.clear_ground)),
        ]
        counted = working_terms(roots)
        steps = _shared_steps(roots) if share else []
        names: dict[Condition | Term, str] = {
            **{t: f"counted_{i}" for i, t in enumerate(counted, start=1)},
            **{c: f"shared_{i}" for i, c in enumerate(chain.from_iterable(steps), start=1)},
        }
        return cls(source, ready, rules, openings, names, counted, steps)

    def answers(self) -> list[tuple[str, exp.Expr]]:
        rules = [(rule, self.column(c)) for rule, c in self.rules.items()]
        return [*rules, *self.outcomes()]

    def outcomes(self) -> list[tuple[str, exp.Expr]]:
        return [(name, self._outcome(o)) for name, o in self.openings.items()]

    def column(self, condition: Condition) -> exp.Expr:
        return condition_sql(condition, self.names)

    def selecting(self, columns: Iterable[exp.Expr]) -> exp.Select:
        """A select over the last step, with every step before it spelled out."""
        previous, statement = self.source, exp.select(*columns)
        if self.counted:
            statement = statement.with_(CALENDAR, as_=calendar_sql(self.counted), copy=False)
        for number, term in enumerate(self.counted, start=1):
            inner, name = term_sql(term.term, self.names), self.names[term]
            step = counted_sql(term, inner, name, previous)
            previous = f"count_{number}"
            statement = statement.with_(previous, as_=step, copy=False)
        for number, conditions in enumerate(self.steps, start=1):
            made = [
                condition_sql(c, self.names, outermost=True).as_(self.names[c]) for c in conditions
            ]
            step = exp.select(exp.Star(), *made).from_(previous)
            previous = f"step_{number}"
            statement = statement.with_(previous, as_=step, copy=False)
        return statement.from_(previous, copy=False)

    def _outcome(self, openings: Openings) -> exp.Expr:
        any_ground = self.column(self.graph.nodes[openings.any_ground])
        clear = self.column(self.graph.nodes[openings.clear_ground])
        barred = exp.and_(any_ground.copy(), exp.Not(this=exp.paren(clear.copy())))
        branches = [
            (exp.Is(this=exp.paren(any_ground), expression=exp.false()), Outcome.NONE_FOUND),
            (clear, Outcome.GROUND),
            (barred, Outcome.GROUND_WITH_BAR),
        ]
        ifs = [exp.If(this=test, true=exp.Literal.string(word)) for test, word in branches]
        return exp.Case(ifs=ifs, default=exp.Literal.string(Outcome.OPEN))


def _shared_steps(roots: Sequence[Condition]) -> list[list[Condition]]:
    """The conditions that are read more than once, grouped so that each step reads earlier ones.

    A bare fact is not worth a column of its own.
    """
    uses: Counter[Condition] = Counter()
    depth: dict[Condition, int] = {}

    def visit(condition: Condition) -> None:
        uses[condition] += 1
        if uses[condition] == 1:
            for part in parts_of(condition):
                visit(part)

    def depth_of(condition: Condition) -> int:
        """How many steps must come before the one that can read this condition."""
        if condition not in depth:
            below = max((depth_of(p) for p in parts_of(condition)), default=0)
            depth[condition] = below + (1 if condition in shared else 0)
        return depth[condition]

    for root in roots:
        visit(root)
    shared = {c: None for c, n in uses.items() if n > 1 and not isinstance(c, Holds | Known)}
    steps: dict[int, list[Condition]] = {}
    for condition in shared:
        steps.setdefault(depth_of(condition), []).append(condition)
    return [steps[level] for level in sorted(steps)]


# --- conditions and terms ------------------------------------------------------------------


Names = Mapping[Condition | Term, str]


def condition_sql(condition: Condition, names: Names, *, outermost: bool = False) -> exp.Expr:
    """A condition of a narrowed graph, with `names` for what is a column already.

    `outermost`: spell this one out even though it has a name, because this makes the column.
    """
    if condition in names and not outermost:
        return exp.column(names[condition])
    match condition:
        case Known(value):
            return _truth_sql(value)
        case Holds(fact):
            return exp.column(fact)
        case Not(part):
            return exp.Not(this=exp.paren(condition_sql(part, names)))
        case AllOf(parts):
            return _joined(exp.And, parts, names)
        case AnyOf(parts):
            return _joined(exp.Or, parts, names)
        case Is(part, value):
            wanted = exp.null() if value is None else exp.Boolean(this=value)
            return exp.Is(this=exp.paren(condition_sql(part, names)), expression=wanted)
        case IsKnown(fact):
            return exp.Not(this=exp.Is(this=exp.column(fact), expression=exp.null()))
        case OneOf(term, values):
            return exp.In(this=term_sql(term, names), expressions=[_value_sql(v) for v in values])
        case Compare(comparison, left, right):
            sides = term_sql(left, names), term_sql(right, names)
            return _COMPARISONS[comparison](this=sides[0], expression=sides[1])
    raise AssertionError(f"{condition} does not stand in a narrowed graph")


def _joined(kind: type[exp.Connector], parts: Sequence[Condition], names: Names) -> exp.Expr:
    written: Iterable[exp.Expr] = (exp.paren(condition_sql(p, names)) for p in parts)
    return reduce(lambda left, right: kind(this=left, expression=right), written)


def _truth_sql(value: bool | None) -> exp.Expr:
    if value is None:
        return exp.cast(exp.null(), exp.DType.BOOLEAN)
    return exp.Boolean(this=value)


def term_sql(term: Term, names: Names) -> exp.Expr:
    """A fact, a literal or a shifted moment; working time is always a column already."""
    if term in names:
        return exp.column(names[term])
    match term:
        case FactTerm(fact, _):
            return exp.column(fact)
        case Literal(value, _):
            return _value_sql(value)
        case Shifted(inner, count, unit):
            kind = exp.Add if count >= 0 else exp.Sub
            step = exp.Interval(this=exp.Literal.string(abs(count)), unit=exp.var(unit.upper()))
            moved = kind(this=exp.paren(term_sql(inner, names)), expression=step)
            # A date and an interval make a timestamp in most dialects.
            return exp.cast(moved, exp.DType.DATE) if term.type is FactType.DATE else moved
    raise AssertionError(f"{term} does not stand in a narrowed graph")


def _value_sql(value: Value) -> exp.Expr:
    match value:
        case bool():
            return exp.Boolean(this=value)
        case datetime():
            return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), exp.DType.TIMESTAMP)
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), exp.DType.DATE)
        case int():
            return exp.Literal.number(value)
        case None:
            return exp.null()
        case _:
            return exp.Literal.string(value)
