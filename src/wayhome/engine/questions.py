"""The next questions: unknown facts whose answer could still change something, best first.

A fact is asked only if its answer, alone or after some answers to the other open questions,
changes what some rule says. Rules here are grounds and deadlines, the bars that stand before a
ground that may hold, and the waivers of such bars. The order is by how many programs' outcomes an
answer could settle by itself, then how many rules it could settle, then how many it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wayhome.engine.graph import Graph, Openings
from wayhome.engine.narrowing import STEPS, first_moment, moved, unwound
from wayhome.engine.node_values import NodeValues
from wayhome.engine.outcomes import Outcome, outcome_of
from wayhome.engine.plain import Reading
from wayhome.law.calendar import shift
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    IsKnown,
    OneOf,
    Shifted,
    Term,
    counts_working_time,
    fact_of_term,
    facts_read_here,
)
from wayhome.law.kleene import Truth
from wayhome.law.rules import Kind, Rule, Rulebook
from wayhome.law.vocabulary import FactType, Value

# Looking further than this for a case in which a fact matters is not worth a person's wait;
# past it the fact is asked.
_MOST_TRIES = 60
_MOST_ANSWERS_TRIED = 8
# What one part has to say for the whole to be decided.
_DECISIVE: dict[type[Condition], bool] = {AllOf: False, AnyOf: True}


@dataclass(frozen=True)
class Question:
    """An unknown fact worth asking, and what its answer could settle by itself."""

    fact: str
    settles_programs: tuple[str, ...]
    settles_rules: tuple[str, ...]
    touches_rules: tuple[str, ...]


def next_questions(
    rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]
) -> tuple[Question, ...]:
    """The questions still worth asking about one case, most useful first."""
    return _Asker(rulebook, graph, facts).questions()


def still_open(
    rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value], order: Iterable[str]
) -> Iterator[str]:
    """The facts of an order that somebody has made which are still worth asking.

    Each is looked at when its turn comes: the first takes a small part of the time that the best
    order of them all (`next_questions`) takes.
    """
    asker = _Asker(rulebook, graph, facts)
    wanted = asker.wanted()
    dates = asker.dates_of_deadlines()
    for fact in order:
        if fact in dates or (fact in wanted and asker.matters(fact, wanted[fact])):
            yield fact


def questions_in(
    rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value], order: Iterable[str]
) -> Iterator[Question]:
    """As `still_open`, with what an answer could settle, which takes longer for each."""
    asker = _Asker(rulebook, graph, facts)
    wanted = asker.wanted()
    dates = asker.dates_of_deadlines()
    for fact in order:
        found = asker.question(fact, wanted[fact]) if fact in wanted else None
        if found is not None:
            yield found
        elif fact in dates:
            yield Question(fact, (), (), dates[fact])


class _Asker:
    def __init__(self, rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]) -> None:
        self.rulebook, self.graph, self.facts = rulebook, graph, facts
        self.nodes = NodeValues(rulebook, graph, facts)
        self.reading = Reading(rulebook, graph.as_of, facts)
        self.answers: dict[str, tuple[Value, ...]] = {}
        self.open_nodes: frozenset[int] = frozenset()
        self.settled = _settled(self.nodes)
        self._open_below: dict[int, dict[int, int]] = {}
        self._below_reading: dict[tuple[str, str], tuple[int, ...]] = {}

    def wanted(self) -> dict[str, list[str]]:
        """The unknown facts that undecided rules read, each with those rules."""
        wanted: dict[str, list[str]] = {}
        relevant = list(self.relevant_rules())
        self.open_nodes = self.all_open_nodes(relevant)
        for rule in relevant:
            for fact in self.open_facts(self.graph.rules[rule.id]):
                wanted.setdefault(fact, []).append(rule.id)
        return wanted

    def questions(self) -> tuple[Question, ...]:
        wanted = self.wanted()
        dates = self.dates_of_deadlines()
        found = [self.question(fact, rules) for fact, rules in wanted.items()]
        found += [Question(f, (), (), rules) for f, rules in dates.items() if f not in wanted]
        order = {fact.name: number for number, fact in enumerate(self.rulebook.vocabulary)}
        asked = (q for q in found if q is not None)
        return tuple(sorted(asked, key=lambda q: (*_usefulness(q), order[q.fact])))

    # --- which rules and facts can come into it ---

    def relevant_rules(self) -> Iterator[Rule]:
        """Grounds and deadlines; bars before a ground that may hold; waivers of such bars."""
        rules = [self.rulebook.rules[rule] for rule in self.graph.rules]
        grounds = [r for r in rules if r.kind is Kind.GROUND]
        yield from grounds
        yield from (r for r in rules if r.kind is Kind.DEADLINE)
        alive = (g for g in grounds if self.truth(g) is not False)
        in_the_way = {bar.id for g in alive for bar in self.rulebook.bars_before[g.id]}
        bars = [r for r in rules if r.id in in_the_way]
        yield from bars
        wanted = {w for bar in bars if self.truth(bar) is not False for w in bar.waivers}
        yield from (r for r in rules if r.kind is Kind.WAIVER and r.id in wanted)

    def truth(self, rule: Rule) -> Truth:
        return self.nodes.values[self.graph.rules[rule.id]]

    def all_open_nodes(self, rules: list[Rule]) -> frozenset[int]:
        """Everything still undecided in these rules and in the outcomes of their programs."""
        roots = [self.graph.rules[rule.id] for rule in rules]
        for openings in self.graph.outcomes.values():
            roots += [openings.any_ground, openings.clear_ground]
        return frozenset(index for root in roots for index in self.open_below(root))

    def open_below(self, root: int) -> dict[int, int]:
        """The undecided nodes of a rule reached through undecided ones, and how many ways."""
        if root not in self._open_below:
            self._open_below[root] = self._ways_below(root)
        return self._open_below[root]

    def _ways_below(self, root: int) -> dict[int, int]:
        ways: dict[int, int] = {}
        ahead = [root]
        while ahead:
            index = ahead.pop()
            if not self.may_change(index):
                continue
            ways[index] = ways.get(index, 0) + 1
            if ways[index] == 1:
                ahead += reversed(self.graph.parts[index])
        return ways

    def open_facts(self, root: int) -> list[str]:
        """The unknown facts that an undecided part of a rule reads, in its order."""
        found = (f for index in self.open_below(root) for f in self.unknown_facts(index))
        return list(dict.fromkeys(found))

    def unknown_facts(self, index: int) -> list[str]:
        return [f for f in self.graph.reads[index] if self.facts.get(f) is None]

    def may_change(self, index: int) -> bool:
        return index not in self.settled

    def dates_of_deadlines(self) -> dict[str, tuple[str, ...]]:
        """The unknown dates from which a deadline that holds, or may hold, is counted."""
        rules = [self.rulebook.rules[rule] for rule in self.graph.rules]
        dates: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            fact = fact_of_term(rule.due) if rule.due else None
            if fact and self.facts.get(fact) is None and self.truth(rule) is not False:
                dates[fact] = (*dates.get(fact, ()), rule.id)
        return dates

    # --- what an answer would do ---

    def question(self, fact: str, rules: list[str]) -> Question | None:
        """The question about a fact, or None where no answer to it can change any of the rules."""
        touched: set[str] = set()
        settled: set[str] = set()
        programs: set[str] = set()
        nodes = [index for index in self.graph.readers[fact] if index in self.open_nodes]
        for value in self.answers_to(fact):
            changed = self.nodes.if_answered({fact: value}, fact, nodes)
            for rule in rules:
                root = self.graph.rules[rule]
                if root in changed and changed[root] is not self.nodes.values[root]:
                    touched.add(rule)
                    if self.nodes.values[root] is None:
                        settled.add(rule)
            programs |= set(self.programs_settled(changed))
        touched |= {r for r in rules if r not in touched and self.matters_later(fact, r)}
        if not touched:
            return None
        in_order = tuple(rule for rule in rules if rule in touched)
        return Question(fact, tuple(sorted(programs)), tuple(sorted(settled)), in_order)

    def matters(self, fact: str, rules: list[str]) -> bool:
        """Whether some answer changes any of the rules, now or later."""
        nodes = [index for index in self.graph.readers[fact] if index in self.open_nodes]
        roots = [self.graph.rules[rule] for rule in rules]
        for value in self.answers_to(fact):
            changed = self.nodes.if_answered({fact: value}, fact, nodes)
            if any(changed.get(r, self.nodes.values[r]) is not self.nodes.values[r] for r in roots):
                return True
        return any(self.matters_later(fact, rule) for rule in rules)

    def programs_settled(self, changed: Mapping[int, Truth]) -> Iterator[str]:
        """The programs whose outcome is open, and no longer would be."""
        for program, openings in self.graph.outcomes.items():
            before, after = self.outcome(openings, {}), self.outcome(openings, changed)
            if before is Outcome.OPEN and after is not Outcome.OPEN:
                yield program

    def outcome(self, openings: Openings, changed: Mapping[int, Truth]) -> Outcome:
        any_ground = self.nodes.value(openings.any_ground, changed)
        return outcome_of(any_ground, self.nodes.value(openings.clear_ground, changed))

    def matters_later(self, fact: str, rule: str) -> bool:
        """Whether, after some answers to a rule's other open facts, this one changes it."""
        ways = self.open_below(self.graph.rules[rule])
        read = [f for index in ways for f in self.unknown_facts(index)]
        # Where every fact is read once, each decides after some answers to the others.
        if len(read) == len(set(read)) and max(ways.values()) == 1:
            return True
        others = sorted({f for f in read if f != fact}, key=lambda f: len(self.answers_to(f)))
        return _Search(self, fact, rule).found(others, {}, {})

    def below_reading(self, rule: str, fact: str) -> tuple[int, ...]:
        """The nodes of a rule whose value may hang on a fact, parts before wholes."""
        key = rule, fact
        if key not in self._below_reading:
            readers = self.graph.readers[fact]
            self._below_reading[key] = tuple(i for i in self.graph.below[rule] if i in readers)
        return self._below_reading[key]

    def answers_to(self, fact: str) -> tuple[Value, ...]:
        if fact not in self.answers:
            nodes = (i for i in self.graph.readers[fact] if i in self.open_nodes)
            leaves = [self.graph.nodes[i] for i in nodes]
            self.answers[fact] = answers_to_try(fact, leaves, self.reading)
        return self.answers[fact]


class _Search:
    """Looks for answers to other facts under which one fact's answer changes a rule."""

    def __init__(self, asker: _Asker, fact: str, rule: str) -> None:
        self.asker, self.fact, self.rule = asker, fact, rule
        self.root = asker.graph.rules[rule]
        self.has_is = self.root in asker.graph.over_is
        self.tries = 0

    def found(self, others: list[str], given: dict[str, Value], changed: dict[int, Truth]) -> bool:
        for position, other in enumerate(others):
            for value in self.some_answers(other):
                self.tries += 1
                if self.tries > _MOST_TRIES:
                    return True
                answers = {**given, other: value}
                after = self.after(answers, other, changed)
                if self.changes_now(answers, after):
                    return True
                is_open = self.has_is or self.asker.nodes.value(self.root, after) is None
                if is_open and self.found(others[position + 1 :], answers, after):
                    return True
        return False

    def some_answers(self, fact: str) -> tuple[Value, ...]:
        answers = self.asker.answers_to(fact)
        return answers[:: 1 + len(answers) // _MOST_ANSWERS_TRIED]

    def changes_now(self, given: dict[str, Value], changed: dict[int, Truth]) -> bool:
        nodes = self.asker.nodes
        without = nodes.value(self.root, changed)
        if without is not None and not self.has_is:
            return False
        return any(
            nodes.value(self.root, self.after({**given, self.fact: value}, self.fact, changed))
            is not without
            for value in self.some_answers(self.fact)
        )

    def after(
        self, answers: dict[str, Value], newest: str, changed: dict[int, Truth]
    ) -> dict[int, Truth]:
        below = self.asker.below_reading(self.rule, newest)
        return self.asker.nodes.if_answered(answers, newest, below, changed)


def _usefulness(question: Question) -> tuple[int, int, int]:
    return (
        -len(question.settles_programs),
        -len(question.settles_rules),
        -len(question.touches_rules),
    )


def _settled(nodes: NodeValues) -> frozenset[int]:
    """The nodes that no further answer can change.

    A decided node may still change where it counts "not known" as an answer (IS, IS NULL).
    """
    settled: set[int] = set()
    graph, values = nodes.graph, nodes.values
    known = {fact for fact, value in nodes.facts.items() if value is not None}
    for index, (node, parts) in enumerate(zip(graph.nodes, graph.parts, strict=True)):
        if not parts:
            is_settled = known.issuperset(graph.reads[index])
            is_settled |= values[index] is not None and not isinstance(node, IsKnown)
        else:
            is_settled = settled.issuperset(parts) or (
                # One part decides the whole.
                values[index] is _DECISIVE.get(type(node), ...)
                and any(part in settled and values[part] is values[index] for part in parts)
            )
        if is_settled:
            settled.add(index)
    return frozenset(settled)


# --- answers that between them meet every comparison of a fact both ways ----------------------


def answers_to_try(fact: str, conditions: list[Condition], reading: Reading) -> tuple[Value, ...]:
    """One answer from each stretch of values that some of the conditions tells apart."""
    leaves = [leaf for leaf in conditions if fact in facts_read_here(leaf)]
    kind = reading.rulebook.vocabulary[fact].type
    if kind is FactType.BOOL:
        return (True, False)
    if kind.is_wordlike:
        words = {str(v) for leaf in leaves if isinstance(leaf, OneOf) for v in leaf.values}
        other = next((v for v in reading.rulebook.vocabulary[fact].values if v not in words), "-")
        return (*sorted(words), other)
    return _moments(fact, kind, leaves, reading)


def _moments(
    fact: str, kind: FactType, leaves: list[Condition], reading: Reading
) -> tuple[Value, ...]:
    compared = [leaf for leaf in leaves if isinstance(leaf, Compare)]
    moments = {m for leaf in compared for m in _around(leaf, fact, reading)}
    if not moments:
        return (_somewhere(kind, reading.as_of),)
    return tuple(sorted(moments))  # type: ignore[type-var]


def _somewhere(kind: FactType, as_of: date) -> Value:
    if kind is FactType.INT:
        return 1
    return datetime(as_of.year, as_of.month, as_of.day) if kind is FactType.DATETIME else as_of


# On which sides of the meeting point, in steps, a comparison has to be tried.
_SIDES = {
    Comparison.EQUAL: (-1, 0, 1),
    Comparison.NOT_EQUAL: (-1, 0, 1),
    Comparison.LESS: (-1, 0),
    Comparison.AT_LEAST: (-1, 0),
    Comparison.AT_MOST: (0, 1),
    Comparison.MORE: (0, 1),
}


def _around(leaf: Compare, fact: str, reading: Reading) -> Iterator[Value]:
    """Just on both sides of where a comparison of this fact turns from true to false."""
    own, other, comparison = leaf.left, leaf.right, leaf.comparison
    if fact_of_term(own) != fact:
        own, other, comparison = other, own, comparison.mirrored
    meeting = reading.value(other)
    if meeting is None:
        meeting = _somewhere(own.type, reading.as_of)
    if isinstance(own, Shifted) and isinstance(meeting, date) and counts_working_time(own):
        yield from _around_working_time(own, comparison, meeting)
        return
    turn = _moved_back(own, meeting)
    for side in _SIDES[comparison]:
        if isinstance(turn, date):
            yield turn + timedelta(days=side)
        elif isinstance(turn, int):
            yield max(0, turn + side)


# Whether a comparison turns where its side comes to the other's moment, or goes past it, or both.
_GOES_PAST = {
    Comparison.EQUAL: (False, True),
    Comparison.NOT_EQUAL: (False, True),
    Comparison.LESS: (False,),
    Comparison.AT_LEAST: (False,),
    Comparison.AT_MOST: (True,),
    Comparison.MORE: (True,),
}


def _around_working_time(own: Shifted, comparison: Comparison, meeting: date) -> Iterator[Value]:
    """As `_around`, where a whole weekend is moved to one moment, and nothing moved back."""
    fact, steps = unwound(own)

    def comes(moment: date) -> bool:
        return moved(moment, steps) >= meeting

    def goes_past(moment: date) -> bool:
        return moved(moment, steps) > meeting

    for past in _GOES_PAST[comparison]:
        turn = first_moment(fact.type, goes_past if past else comes)
        yield turn - STEPS[fact.type]
        yield turn


def _moved_back(own: Term, meeting: Value) -> Value:
    """The fact's value at which its side of a comparison comes to `meeting`."""
    match own:
        case Shifted(inner, count, unit) if isinstance(meeting, date):
            return _moved_back(inner, shift(meeting, -count, unit))
        case _:
            return meeting
