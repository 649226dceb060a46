"""What a rule's condition means: a tree of a dozen small frozen kinds.

Nothing here knows how a condition is written (`reading`) or run (`wayhome.engine`). Equal
conditions are equal values, so that readers can share the work of equal parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wayhome.law.calendar import Unit
from wayhome.law.kleene import Truth
from wayhome.law.vocabulary import FactType, Value


class Comparison(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def mirrored(self) -> Comparison:
        """The same comparison with its two sides exchanged."""
        return _MIRRORED[self]


_MIRRORED = {
    Comparison.EQUAL: Comparison.EQUAL,
    Comparison.NOT_EQUAL: Comparison.NOT_EQUAL,
    Comparison.LESS: Comparison.MORE,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}


# --- terms: things that have a value -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactTerm:
    """The value of a fact."""

    fact: str
    type: FactType


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule or taken from a table. None is an unknown value."""

    value: Value
    type: FactType


@dataclass(frozen=True, slots=True)
class ColumnTerm:
    """The value of a table's column in the row being looked at."""

    table: str
    column: str
    type: FactType


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date moved along the calendar; by 0 working days, to the next one if it is none."""

    term: Term
    count: int
    unit: Unit

    @property
    def type(self) -> FactType:
        return self.term.type


Term = FactTerm | Literal | ColumnTerm | Shifted


# --- conditions: things that are true, false or unknown ------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """True, false or unknown whatever the facts."""

    value: Truth


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no fact is true."""

    fact: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """The part has exactly this value. Never unknown itself."""

    part: Condition
    value: Truth


@dataclass(frozen=True, slots=True)
class IsKnown:
    """A fact that is not a yes/no fact has been answered. Never unknown itself."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Unknown where either side is."""

    comparison: Comparison
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class OneOf:
    """A fact (or a column) has one of these values."""

    term: Term
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A moment lies in a row's range, its end not included."""

    moment: Term
    table: str
    range: str


@dataclass(frozen=True, slots=True)
class InTable:
    """Some row of a dated table has this fact for its key, and meets `where`."""

    fact: str
    table: str
    where: Condition


@dataclass(frozen=True, slots=True)
class AnyRow:
    """`InTable` with its rows written out: any of them. `rows` names each by its number."""

    table: str
    rows: tuple[int, ...]
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class RuleHolds:
    """Another rule's answer on the same date."""

    rule: str


Condition = (
    Known
    | Holds
    | Not
    | AllOf
    | AnyOf
    | Is
    | IsKnown
    | Compare
    | OneOf
    | Within
    | InTable
    | AnyRow
    | RuleHolds
)

TRUE, FALSE, UNKNOWN = Known(True), Known(False), Known(None)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one."""
    match condition:
        case AllOf(parts) | AnyOf(parts) | AnyRow(_, _, parts):
            return parts
        case Not(part) | Is(part, _) | InTable(_, _, part):
            return (part,)
        case _:
            return ()


def terms_of(condition: Condition) -> tuple[Term, ...]:
    """The terms directly inside a condition."""
    match condition:
        case Compare(_, left, right):
            return (left, right)
        case OneOf(term, _) | Within(term, _, _):
            return (term,)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """A condition and everything inside it, outermost first."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def fact_of_term(term: Term) -> str | None:
    """The fact a term reads, if it reads one."""
    match term:
        case FactTerm(fact, _):
            return fact
        case Shifted(inner, _, _):
            return fact_of_term(inner)
        case _:
            return None


def counts_working_time(term: Term) -> bool:
    """Whether a term leaves out weekends and holidays anywhere."""
    match term:
        case Shifted(inner, _, unit):
            return unit.is_working_time or counts_working_time(inner)
        case _:
            return False


def facts_read_here(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads by itself, not through its parts."""
    match condition:
        case Holds(fact) | IsKnown(fact) | InTable(fact, _, _):
            return (fact,)
        case _:
            return tuple(f for t in terms_of(condition) if (f := fact_of_term(t)) is not None)


def facts_read(condition: Condition) -> frozenset[str]:
    """Every fact that a condition reads anywhere."""
    return frozenset(f for c in walk(condition) for f in facts_read_here(c))


# --- as text -------------------------------------------------------------------------------

NEXT_WORKING_DAY = "NEXT_WORKING_DAY"


def term_text(term: Term) -> str:
    """A term as a rule would write it."""
    match term:
        case FactTerm(fact, _):
            return fact
        case ColumnTerm(table, column, _):
            return f"{table}.{column}"
        case Literal(value, _):
            return value_text(value)
        case Shifted(inner, 0, Unit.WORKING_DAY):
            return f"{NEXT_WORKING_DAY}({term_text(inner)})"
        case Shifted(inner, count, unit):
            sign = "+" if count >= 0 else "-"
            plural = "" if abs(count) == 1 else "s"
            return f"{term_text(inner)} {sign} {abs(count)} {unit}{plural}"


def value_text(value: Value) -> str:
    """A value as a rule would write it."""
    match value:
        case None:
            return "UNKNOWN"
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)


_TRUTH_TEXT = {True: "TRUE", False: "FALSE", None: "UNKNOWN"}


def condition_text(condition: Condition) -> str:
    """A condition as a rule would write it; reading it back gives the same condition."""
    match condition:
        case Known(value):
            return _TRUTH_TEXT[value]
        case Holds(fact):
            return fact
        case Not(IsKnown(fact)):
            return f"{fact} IS NULL"
        case Not(part):
            return f"NOT {_bracketed(part)}"
        case AllOf(parts):
            return " AND ".join(_bracketed(p) for p in parts)
        case AnyOf(parts) | AnyRow(_, _, parts):
            return " OR ".join(_bracketed(p) for p in parts)
        case Is(part, value):
            text = condition_text(part)
            plain = isinstance(part, Holds | RuleHolds)
            return f"{text if plain else f'({text})'} IS {_TRUTH_TEXT[value]}"
        case IsKnown(fact):
            return f"{fact} IS NOT NULL"
        case Compare(comparison, left, right):
            return f"{term_text(left)} {comparison} {term_text(right)}"
        case OneOf(term, values):
            return f"{term_text(term)} IN ({', '.join(value_text(v) for v in values)})"
        case Within(moment, table, name):
            return f"{term_text(moment)} WITHIN {table}.{name}"
        case InTable(fact, table, where):
            tail = "" if where == TRUE else f" WHERE ({condition_text(where)})"
            return f"{fact} IN TABLE {table}{tail}"
        case RuleHolds(rule):
            return rule


def _bracketed(condition: Condition) -> str:
    text = condition_text(condition)
    needs = isinstance(condition, AllOf | AnyOf | AnyRow | Is) and len(parts_of(condition)) > 0
    return f"({text})" if needs else text
