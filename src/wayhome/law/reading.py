"""From a condition's text to its meaning, checked against the vocabulary and the tables.

Every fault of a condition is reported, not only the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlglot import exp

from wayhome.law import grammar
from wayhome.law.calendar import Unit
from wayhome.law.conditions import (
    FALSE,
    NEXT_WORKING_DAY,
    TRUE,
    UNKNOWN,
    AllOf,
    AnyOf,
    ColumnTerm,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    Holds,
    InTable,
    Is,
    IsKnown,
    Literal,
    Not,
    OneOf,
    RuleHolds,
    Shifted,
    Term,
    Within,
    term_text,
)
from wayhome.law.grammar import ConditionFault
from wayhome.law.tables import Table
from wayhome.law.vocabulary import (
    EARLIEST_DATE,
    LARGEST_COUNT,
    LATEST_DATE,
    FactType,
    Value,
    Vocabulary,
    did_you_mean,
    nearest_spelling,
)

_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: Comparison.EQUAL,
    exp.NEQ: Comparison.NOT_EQUAL,
    exp.LT: Comparison.LESS,
    exp.LTE: Comparison.AT_MOST,
    exp.GT: Comparison.MORE,
    exp.GTE: Comparison.AT_LEAST,
}
# No law looks farther, and every date stays inside what every reader can hold.
_FARTHEST_SHIFT = {
    Unit.DAY: 55_000,
    Unit.MONTH: 1_800,
    Unit.YEAR: 150,
    Unit.WORKING_DAY: 250,
    Unit.WORKING_HOUR: 6_000,
}
# Singular and plural, as sqlglot hands them over.
_UNITS = {f"{unit}{s}".upper().replace(" ", "_"): unit for unit in Unit for s in ("", "s")}

_MOMENTS = (FactType.DATE, FactType.DATETIME)

Meaning = TypeVar("Meaning")


class FaultyCondition(ValueError):
    """A condition with one or more faults."""

    def __init__(self, faults: list[ConditionFault]) -> None:
        super().__init__("; ".join(f.message for f in faults))
        self.faults = faults


@dataclass
class ConditionReader:
    """Reads conditions against one vocabulary, its tables and the known rule ids."""

    vocabulary: Vocabulary
    tables: Mapping[str, Table]
    rule_ids: frozenset[str] = frozenset()
    _faults: list[ConditionFault] = field(default_factory=list)
    _table: Table | None = None

    def read_condition(self, text: str) -> Condition:
        """The meaning of a condition. Raises FaultyCondition with every fault found."""
        return self._read(text, self._condition)

    def read_date(self, text: str) -> Term:
        """The meaning of a deadline's date, such as `order_date + 180 days`.

        It may be counted to the hour (`local_release_due_at + 48 working hours`).
        """
        term = self._read(text, self._term)
        if term.type not in _MOMENTS:
            raise FaultyCondition([ConditionFault(1, 1, f"{term_text(term)} is not a date.")])
        return term

    def _read(self, text: str, read: Callable[[exp.Expr], Meaning]) -> Meaning:
        self._faults, self._table = [], None
        try:
            meaning = read(grammar.parse(text))
        except grammar.UnreadableCondition as error:
            raise FaultyCondition([error.fault]) from error
        except RecursionError as error:
            fault = ConditionFault(1, 1, "It is nested too deeply.")
            raise FaultyCondition([fault]) from error
        if self._faults:
            raise FaultyCondition(self._faults)
        return meaning

    # --- conditions ---

    def _condition(self, tree: exp.Expr) -> Condition:
        match tree:
            case exp.Paren():
                return self._condition(tree.this)
            case exp.And():
                return AllOf(self._flattened(tree))
            case exp.Or():
                return AnyOf(self._flattened(tree))
            case exp.Not():
                return self._negated(tree)
            case exp.Is():
                return self._is(tree)
            case exp.In():
                return self._in(tree)
            case exp.Between():
                return self._between(tree)
            case exp.Overlaps():
                return self._within(tree)
            case exp.Boolean():
                return TRUE if tree.this else FALSE
            case exp.Column():
                return self._yes_no(tree)
            case _ if type(tree) in _COMPARISONS:
                return self._compare(tree, _COMPARISONS[type(tree)], tree.this, tree.expression)
        return self._wrong(tree, f"{_shown(tree)} is not a condition that a rule may use.")

    def _flattened(self, tree: exp.Connector) -> tuple[Condition, ...]:
        return tuple(self._condition(part) for part in tree.flatten())

    def _negated(self, tree: exp.Not) -> Condition:
        inner = self._condition(tree.this)
        return inner.part if isinstance(inner, Not) else Not(inner)

    def _yes_no(self, tree: exp.Column) -> Condition:
        name = tree.name
        if tree.table:
            return self._dotted(tree)
        if not self._knows_fact(tree, name):
            return UNKNOWN
        if self.vocabulary[name].type is not FactType.BOOL:
            kind = self.vocabulary[name].type
            return self._wrong(
                tree, f"{name} is a {kind} fact, not a yes/no fact: compare it with something."
            )
        return Holds(name)

    def _dotted(self, tree: exp.Column) -> Condition:
        rule = f"{tree.table}.{tree.name}"
        column = self._column(tree) if self._table and tree.table == self._table.name else None
        if column is not None and column.type is FactType.BOOL:
            return Compare(Comparison.EQUAL, column, Literal(True, FactType.BOOL))
        if column is not None:
            return self._wrong(
                tree, f"{rule} is a {column.type} column: compare it with something."
            )
        if rule in self.rule_ids:
            return RuleHolds(rule)
        near = nearest_spelling(rule, self.rule_ids)
        return self._wrong(tree, f"There is no rule {rule!r}.{did_you_mean(near)}")

    def _is(self, tree: exp.Is) -> Condition:
        wanted = tree.expression
        if isinstance(wanted, exp.Boolean):
            return Is(self._condition(tree.this), bool(wanted.this))
        if not isinstance(wanted, exp.Null):
            return self._wrong(tree, "IS takes TRUE, FALSE, NULL or UNKNOWN.")
        fact = tree.this
        is_fact = isinstance(fact, exp.Column) and not fact.table and fact.name in self.vocabulary
        if is_fact and self.vocabulary[fact.name].type is not FactType.BOOL:
            return Not(IsKnown(fact.name))
        return Is(self._condition(fact), None)

    def _compare(
        self, tree: exp.Expr, comparison: Comparison, left: exp.Expr, right: exp.Expr
    ) -> Condition:
        first, second = self._pair(left, right)
        if _is_faulty(first) or _is_faulty(second):
            return UNKNOWN
        problem = _mismatch(comparison, first, second)
        if problem:
            return self._wrong(tree, problem)
        self._check_words(tree, first, second)
        self._check_words(tree, second, first)
        return Compare(comparison, first, second)

    def _pair(self, left: exp.Expr, right: exp.Expr) -> tuple[Term, Term]:
        """Both sides, a plain literal taking the type of the other side."""
        first, second = self._term(left), self._term(right)
        if isinstance(first, Literal) and not isinstance(second, Literal):
            first = self._adapted(left, first, second.type)
        elif isinstance(second, Literal) and not isinstance(first, Literal):
            second = self._adapted(right, second, first.type)
        return first, second

    def _adapted(self, tree: exp.Expr, literal: Literal, wanted: FactType) -> Literal:
        value = literal.value
        if isinstance(value, str) and wanted.is_wordlike:
            return Literal(value, wanted)
        if (
            isinstance(value, date)
            and not isinstance(value, datetime)
            and wanted is FactType.DATETIME
        ):
            return Literal(datetime(value.year, value.month, value.day), wanted)
        return literal

    def _between(self, tree: exp.Between) -> Condition:
        low = self._compare(tree, Comparison.AT_LEAST, tree.this, tree.args["low"])
        high = self._compare(tree, Comparison.AT_MOST, tree.this, tree.args["high"])
        return AllOf((low, high))

    def _in(self, tree: exp.In) -> Condition:
        if tree.args.get("query") is not None:
            return self._in_table(tree)
        term = self._term(tree.this)
        values = [self._adapted(e, lit, term.type) for e, lit in self._literals(tree)]
        for literal in values:
            problem = _mismatch(Comparison.EQUAL, term, literal)
            if problem:
                self._wrong(tree, problem)
            self._check_words(tree, literal, term)
        if not values:
            return self._wrong(tree, "IN needs at least one value in its brackets.")
        return OneOf(term, tuple(dict.fromkeys(v.value for v in values)))

    def _literals(self, tree: exp.In) -> list[tuple[exp.Expr, Literal]]:
        found = []
        for expression in tree.expressions:
            term = self._term(expression)
            if isinstance(term, Literal):
                found.append((expression, term))
            else:
                self._wrong(expression, "IN takes plain values in its brackets.")
        return found

    def _in_table(self, tree: exp.In) -> Condition:
        select = tree.args["query"].this
        name = select.find(exp.Table).name
        table = self.tables.get(name)
        if table is None:
            near = nearest_spelling(name, self.tables)
            return self._wrong(tree, f"There is no table {name!r}.{did_you_mean(near)}")
        if self._table is not None:
            return self._wrong(tree, "A table's WHERE may not look into another table.")
        fact = self._term(tree.this)
        key = table.columns[table.key]
        if not isinstance(fact, FactTerm) or fact.type is not key.type:
            return self._wrong(
                tree, f"IN TABLE {name} compares a {key.type} fact with its key {table.key!r}."
            )
        return InTable(fact.fact, name, self._where(select, table))

    def _where(self, select: exp.Expr, table: Table) -> Condition:
        where = select.args.get("where")
        if where is None:
            return TRUE
        self._table = table
        try:
            return self._condition(where.this)
        finally:
            self._table = None

    def _within(self, tree: exp.Overlaps) -> Condition:
        moment, target = self._term(tree.this), tree.expression
        table = self._table
        if table is None or not isinstance(target, exp.Column) or target.table != table.name:
            return self._wrong(tree, "WITHIN stands inside IN TABLE name WHERE (... name.range).")
        if target.name not in table.ranges:
            near = nearest_spelling(target.name, table.ranges)
            return self._wrong(
                tree, f"Table {table.name} has no range {target.name!r}.{did_you_mean(near)}"
            )
        if moment.type is not FactType.DATE:
            return self._wrong(tree, f"WITHIN takes a date; {term_text(moment)} is not one.")
        return Within(moment, table.name, target.name)

    # --- terms ---

    def _term(self, tree: exp.Expr) -> Term:
        match tree:
            case exp.Paren():
                return self._term(tree.this)
            case exp.Column():
                return self._named(tree)
            case exp.Add() | exp.Sub():
                return self._shifted(tree)
            case exp.Anonymous():
                return self._next_working_day(tree)
            case exp.Literal() | exp.Boolean() | exp.Neg() | exp.Cast():
                return self._literal(tree)
        self._wrong(tree, f"{_shown(tree)} is not a value that a rule may use.")
        return Literal(None, FactType.TEXT)

    def _named(self, tree: exp.Column) -> Term:
        if tree.table:
            column = self._column(tree)
            if column is None:
                self._wrong(
                    tree, f"{tree.table}.{tree.name} is not a column that can be read here."
                )
            return column or Literal(None, FactType.TEXT)
        if not self._knows_fact(tree, tree.name):
            return Literal(None, FactType.TEXT)
        return FactTerm(tree.name, self.vocabulary[tree.name].type)

    def _column(self, tree: exp.Column) -> ColumnTerm | None:
        table = self._table
        if table is None or tree.table != table.name:
            return None
        column = table.columns.get(tree.name)
        if column is None:
            near = nearest_spelling(tree.name, table.columns)
            self._wrong(
                tree, f"Table {table.name} has no column {tree.name!r}.{did_you_mean(near)}"
            )
            return None
        return ColumnTerm(table.name, column.name, column.type)

    def _shifted(self, tree: exp.Expr) -> Term:
        term, step = self._term(tree.this), tree.expression
        unit_name = step.unit.name.upper() if isinstance(step, exp.Interval) and step.unit else ""
        unit = _UNITS.get(unit_name)
        if unit is None:
            self._wrong(
                tree,
                "Only days, months or years can be added to a date or taken from it; "
                "working days and working hours can be added. A day is written DATE 'YYYY-MM-DD'; "
                "how long ago is written as screening_date > other_date + 30 days.",
            )
            return term
        sign = 1 if isinstance(tree, exp.Add) else -1
        problem = "" if _is_faulty(term) else _cannot_move(term, sign, unit)
        if problem:
            self._wrong(tree, problem)
            return term
        count = _whole_number(step.this)
        if count is None or count > _FARTHEST_SHIFT[unit]:
            shown, most = _shown(step.this), _FARTHEST_SHIFT[unit]
            self._wrong(tree, f"{shown} is not a whole number of {unit}s up to {most:,}.")
            return term
        return Shifted(term, sign * count, unit)

    def _next_working_day(self, tree: exp.Anonymous) -> Term:
        name, inside = tree.name.upper(), tree.expressions
        if name != NEXT_WORKING_DAY or len(inside) != 1:
            advice = f"Only {NEXT_WORKING_DAY}(date) can be written in this way."
            self._wrong(tree, f"{_shown(tree)} is not a value that a rule may use. {advice}")
            return Literal(None, FactType.TEXT)
        term = self._term(inside[0])
        problem = _cannot_move(term, 1, Unit.WORKING_DAY)
        if problem:
            self._wrong(tree, problem)
            return term
        return Shifted(term, 0, Unit.WORKING_DAY)

    def _literal(self, tree: exp.Expr) -> Literal:
        value = _python_value(tree)
        if value is None or not _is_in_bounds(value):
            self._wrong(tree, f"{_shown(tree)} is not a value: {_LITERAL_ADVICE}")
        return Literal(value, _LITERAL_TYPES.get(type(value), FactType.TEXT))

    # --- faults ---

    def _knows_fact(self, tree: exp.Expr, name: str) -> bool:
        if name in self.vocabulary:
            return True
        self._wrong(
            tree, f"There is no fact {name!r}.{did_you_mean(self.vocabulary.nearest(name))}"
        )
        return False

    def _check_words(self, tree: exp.Expr, literal: Term, other: Term) -> None:
        """A word compared with a category must be one of its words."""
        if not isinstance(literal, Literal) or not isinstance(literal.value, str):
            return
        allowed = self._allowed_words(other)
        if allowed and literal.value not in allowed:
            near = nearest_spelling(literal.value, allowed)
            self._wrong(
                tree,
                f"{literal.value!r} is not a value of {term_text(other)}.{did_you_mean(near)} "
                f"It has: {', '.join(allowed)}.",
            )

    def _allowed_words(self, term: Term) -> tuple[str, ...]:
        match term:
            case FactTerm(fact, _):
                return self.vocabulary[fact].values
            case ColumnTerm(_, column, _) if self._table is not None:
                return self._table.columns[column].values
        return ()

    def _wrong(self, tree: exp.Expr, message: str) -> Condition:
        line, column = _place(tree)
        self._faults.append(ConditionFault(line, column, message))
        return UNKNOWN


_LITERAL_ADVICE = (
    "write a whole number, 'a word' in quotes, TRUE or FALSE, or DATE 'YYYY-MM-DD' "
    f"between {EARLIEST_DATE} and {LATEST_DATE}."
)
_LITERAL_TYPES: dict[type, FactType] = {
    bool: FactType.BOOL,
    int: FactType.INT,
    date: FactType.DATE,
    datetime: FactType.DATETIME,
    str: FactType.TEXT,
}


def _is_faulty(term: Term) -> bool:
    """Whether a fault of this term has been told already."""
    return term == Literal(None, FactType.TEXT)


def _shown(tree: exp.Expr) -> str:
    text = tree.sql()
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


def _place(tree: exp.Expr) -> tuple[int, int]:
    """Where a part of the condition begins: the first word in it."""
    metas = ((node.meta, len(node.name)) for node in tree.walk() if "line" in node.meta)
    places = ((meta["line"], max(1, meta["col"] - length + 1)) for meta, length in metas)
    return min(places, default=(1, 1))


def _whole_number(tree: exp.Expr) -> int | None:
    text = tree.name if isinstance(tree, exp.Literal) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None


def _python_value(tree: exp.Expr) -> Value:
    match tree:
        case exp.Boolean():
            return bool(tree.this)
        case exp.Literal() if tree.is_string:
            return str(tree.this)
        case exp.Literal():
            return _whole_number(tree)
        case exp.Neg():
            number = _whole_number(tree.this)
            return None if number is None else -number
        case exp.Cast() if isinstance(tree.this, exp.Literal):
            return _moment(tree.to.sql().upper(), str(tree.this.this))
    return None


def _moment(kind: str, text: str) -> date | datetime | None:
    try:
        if kind == "DATE":
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if kind.startswith("TIMESTAMP") else None
    except ValueError:
        return None


def _cannot_move(term: Term, sign: int, unit: Unit) -> str | None:
    """What is wrong with moving this term by some of a unit, or None."""
    if term.type not in _MOMENTS:
        return f"{term_text(term)} is not a date: nothing can be added to it."
    if unit.is_working_time and sign < 0:
        return (
            f"{unit.capitalize()}s can only be added: add them on the other side of the comparison."
        )
    if unit is Unit.WORKING_HOUR and term.type is not FactType.DATETIME:
        return (
            f"{term_text(term)} is a date without a time of day: count working days from it, "
            "or working hours from a datetime."
        )
    return None


def _is_in_bounds(value: Value) -> bool:
    match value:
        case datetime():
            return EARLIEST_DATE <= value.date() <= LATEST_DATE
        case date():
            return EARLIEST_DATE <= value <= LATEST_DATE
        case int():
            return abs(value) <= LARGEST_COUNT
    return True


def _mismatch(comparison: Comparison, left: Term, right: Term) -> str | None:
    """What is wrong with comparing these two, or None."""
    is_order = comparison not in (Comparison.EQUAL, Comparison.NOT_EQUAL)
    both_words = left.type.is_wordlike and right.type.is_wordlike
    if left.type is not right.type and not both_words:
        return (
            f"{term_text(left)} is a {left.type} and {term_text(right)} is a {right.type}: "
            "they cannot be compared."
        )
    if is_order and not left.type.is_ordered:
        return f"{term_text(left)} has no order: use = or <>."
    return None
