"""Working out what is plain in a condition once its date is known.

The result means the same on every case: true, false and unknown alike.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from wayhome.law.calendar import shift
from wayhome.law.conditions import (
    FALSE,
    TRUE,
    UNKNOWN,
    AllOf,
    AnyOf,
    AnyRow,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    Holds,
    Is,
    Known,
    Literal,
    Not,
    OneOf,
    Shifted,
    Term,
)
from wayhome.law.kleene import negate
from wayhome.law.vocabulary import SCREENING_DATE, FactType

COMPARE: dict[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.NOT_EQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def simplified(condition: Condition, as_of: date) -> Condition:
    """The same condition, everything worked out that does not depend on a case."""
    match condition:
        case AllOf(parts):
            return all_of(simplified(p, as_of) for p in parts)
        case AnyOf(parts) | AnyRow(_, _, parts):
            return any_of(simplified(p, as_of) for p in parts)
        case Not(part):
            return negated(simplified(part, as_of))
        case Is(part, value):
            return is_value(simplified(part, as_of), value)
        case Compare(comparison, left, right):
            return _compare(comparison, _dated(left, as_of), _dated(right, as_of))
        case OneOf(term, values):
            return _one_of(_dated(term, as_of), values)
        case _:
            return condition


def negated(condition: Condition) -> Condition:
    """The opposite; of the opposite, the condition itself."""
    match condition:
        case Known(value):
            return Known(negate(value))
        case Not(part):
            return part
        case _:
            return Not(condition)


def all_of(parts: Iterable[Condition]) -> Condition:
    """That all of some simplified conditions hold, simplified."""
    flat = list(dict.fromkeys(_flattened(parts, AllOf)))
    if FALSE in flat:
        return FALSE
    kept = tuple(p for p in flat if p != TRUE)
    return _one_or(AllOf, kept, TRUE)


def any_of(parts: Iterable[Condition]) -> Condition:
    """That any of some simplified conditions holds, simplified."""
    flat = list(dict.fromkeys(_flattened(parts, AnyOf)))
    if TRUE in flat:
        return TRUE
    kept = tuple(p for p in flat if p != FALSE)
    return _one_or(AnyOf, kept, FALSE)


def _flattened(parts: Iterable[Condition], kind: type[AllOf] | type[AnyOf]) -> Iterator[Condition]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _one_or(
    kind: type[AllOf] | type[AnyOf], parts: tuple[Condition, ...], empty: Condition
) -> Condition:
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else kind(parts)


def is_value(part: Condition, value: bool | None) -> Condition:
    """That a simplified condition has a value, simplified."""
    return Known(part.value is value) if isinstance(part, Known) else Is(part, value)


def _dated(term: Term, as_of: date) -> Term:
    match term:
        case FactTerm(fact, kind) if fact == SCREENING_DATE:
            return Literal(as_of, kind)
        case Shifted(inner, count, unit):
            dated = _dated(inner, as_of)
            if isinstance(dated, Literal):
                moment = dated.value
                moved = shift(moment, count, unit) if isinstance(moment, date) else None
                return Literal(moved, dated.type)
            return Shifted(dated, count, unit)
        case _:
            return term


def _compare(comparison: Comparison, left: Term, right: Term) -> Condition:
    if isinstance(left, Literal) and isinstance(right, Literal):
        return _compare_literals(comparison, left, right)
    if isinstance(left, Literal):
        left, right, comparison = right, left, comparison.mirrored
    if isinstance(right, Literal) and right.value is None:
        return UNKNOWN
    if comparison is Comparison.NOT_EQUAL:
        return negated(_compare(Comparison.EQUAL, left, right))
    if isinstance(right, Literal) and isinstance(left, FactTerm):
        if left.type is FactType.BOOL:
            return Holds(left.fact) if right.value else Not(Holds(left.fact))
        if left.type.is_wordlike:
            return OneOf(left, (right.value,))
    return Compare(comparison, left, right)


def _compare_literals(comparison: Comparison, left: Literal, right: Literal) -> Condition:
    if left.value is None or right.value is None:
        return UNKNOWN
    return Known(COMPARE[comparison](left.value, right.value))


def _one_of(term: Term, values: tuple[Any, ...]) -> Condition:
    if isinstance(term, Literal):
        return UNKNOWN if term.value is None else Known(term.value in values)
    if term.type.is_wordlike:
        return OneOf(term, tuple(sorted(values)))
    literals = (Literal(value, term.type) for value in values)
    return any_of(_compare(Comparison.EQUAL, term, literal) for literal in literals)
