"""The graph made ready for a whole table of cases.

Two things are worked out once here that would otherwise be worked out for every case:

- a fact that the table does not have is unknown for every case, and what follows from that;
- a comparison of a shifted date with a fixed day (`order_date + 5 years > DATE '2021-07-01'`)
  is solved for the date itself (`order_date >= DATE '2016-07-02'`). Shifting along the calendar
  never puts two days out of order, so the days that meet the comparison are one stretch, and
  its first day is found by asking `law.calendar.shift` itself. So are the seconds that meet a
  comparison of a moment, where it is moved by units that never put two seconds out of order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta

from wayhome.engine.graph import Graph, Openings
from wayhome.engine.simplify import simplified
from wayhome.law.calendar import Unit, shift
from wayhome.law.conditions import (
    FALSE,
    TRUE,
    UNKNOWN,
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    Holds,
    Is,
    IsKnown,
    Literal,
    Not,
    OneOf,
    Shifted,
    Term,
    fact_of_term,
)
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, SCREENING_DATE, FactType


def narrowed(graph: Graph, present: Collection[str]) -> Graph:
    """The same graph for a table that has the facts of `present` and no others."""
    made: list[Condition] = []
    for node, parts in zip(graph.nodes, graph.parts, strict=True):
        if parts:
            whole = _with_parts(node, tuple(made[p] for p in parts))
            made.append(simplified(whole, graph.as_of))
        else:
            made.append(narrowed_leaf(node, present))
    rebuilt = _Rebuilt()
    return Graph(
        as_of=graph.as_of,
        programs=graph.programs,
        rules={rule: rebuilt.add(made[node]) for rule, node in graph.rules.items()},
        not_in_force=graph.not_in_force,
        outcomes={p: rebuilt.openings(made, o) for p, o in graph.outcomes.items()},
        demands={p: rebuilt.openings(made, o) for p, o in graph.demands.items()},
        nodes=tuple(rebuilt.nodes),
        parts=tuple(rebuilt.parts),
    )


def narrowed_leaf(leaf: Condition, present: Collection[str]) -> Condition:
    """A condition without parts for such a table: itself, a constant, or a simpler one."""
    return _solved(_without_absent(leaf, present))


class _Rebuilt:
    def __init__(self) -> None:
        self.index: dict[Condition, int] = {}
        self.nodes: list[Condition] = []
        self.parts: list[tuple[int, ...]] = []

    def add(self, condition: Condition) -> int:
        known = self.index.get(condition)
        if known is not None:
            return known
        parts = tuple(self.add(part) for part in _parts(condition))
        self.index[condition] = len(self.nodes)
        self.nodes.append(condition)
        self.parts.append(parts)
        return self.index[condition]

    def openings(self, made: list[Condition], openings: Openings) -> Openings:
        return Openings(
            any_ground=self.add(made[openings.any_ground]),
            clear_ground=self.add(made[openings.clear_ground]),
        )


def _parts(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return parts
        case Not(part) | Is(part, _):
            return (part,)
        case _:
            return ()


def _with_parts(node: Condition, parts: tuple[Condition, ...]) -> Condition:
    match node:
        case AllOf():
            return AllOf(parts)
        case AnyOf():
            return AnyOf(parts)
        case Not():
            return Not(parts[0])
        case Is(_, value):
            return Is(parts[0], value)
        case _:
            return node


# --- facts that the table does not have ----------------------------------------------------


def _without_absent(node: Condition, present: Collection[str]) -> Condition:
    match node:
        case IsKnown(fact) if fact == SCREENING_DATE:
            return TRUE
        case IsKnown(fact):
            return node if fact in present else FALSE
        case Holds(fact):
            return node if fact in present else UNKNOWN
        case OneOf(term, _):
            return node if _is_present(term, present) else UNKNOWN
        case Compare(_, left, right):
            both = _is_present(left, present) and _is_present(right, present)
            return node if both else UNKNOWN
        case _:
            return node


def _is_present(term: Term, present: Collection[str]) -> bool:
    fact = fact_of_term(term)
    return fact is None or fact in present


# --- comparisons solved for the fact -------------------------------------------------------


def _solved(node: Condition) -> Condition:
    match node:
        case Compare(comparison, Shifted() as left, Literal(value, kind)):
            fact, steps = unwound(left)
            keeps_order = kind is FactType.DATE or all(unit in _IN_ORDER for _, unit in steps)
            if keeps_order and isinstance(value, date):
                return _stretch(comparison, fact, lambda moment: moved(moment, steps), value)
    return node


# A month after 30 January 10:00 comes later than a month after 31 January 09:00, and a working
# day after a Saturday at 10:00 later than one after the Sunday at 09:00.
_IN_ORDER = frozenset({Unit.DAY, Unit.WORKING_HOUR})


def unwound(term: Shifted) -> tuple[FactTerm, list[tuple[int, Unit]]]:
    """The fact inside, and the steps by which it is moved, first step first."""
    steps: list[tuple[int, Unit]] = []
    inner: Term = term
    while isinstance(inner, Shifted):
        steps.insert(0, (inner.count, inner.unit))
        inner = inner.term
    assert isinstance(inner, FactTerm)
    return inner, steps


def moved(moment: date, steps: Sequence[tuple[int, Unit]]) -> date:
    """A day or a moment moved by each of some steps."""
    for count, unit in steps:
        moment = shift(moment, count, unit)
    return moment


def _stretch(
    comparison: Comparison, fact: FactTerm, move: Callable[[date], date], limit: date
) -> Condition:
    """The days (or moments) that, moved, meet the comparison with `limit`."""

    def first(*, after: bool) -> Literal:
        """The first that comes to the limit, or past it."""
        found = first_moment(fact.type, lambda m: move(m) > limit if after else move(m) >= limit)
        return Literal(found, fact.type)

    match comparison:
        case Comparison.LESS | Comparison.AT_MOST:
            return Compare(Comparison.LESS, fact, first(after=comparison is Comparison.AT_MOST))
        case Comparison.MORE | Comparison.AT_LEAST:
            return Compare(Comparison.AT_LEAST, fact, first(after=comparison is Comparison.MORE))
        case Comparison.EQUAL:
            return AllOf(
                (
                    Compare(Comparison.AT_LEAST, fact, first(after=False)),
                    Compare(Comparison.LESS, fact, first(after=True)),
                )
            )
        case Comparison.NOT_EQUAL:
            return Not(_stretch(Comparison.EQUAL, fact, move, limit))


STEPS = {FactType.DATE: timedelta(days=1), FactType.DATETIME: timedelta(seconds=1)}


def first_moment(kind: FactType, meets: Callable[[date], bool]) -> date:
    """The first day (or second) that meets a test which every later one meets too.

    The one behind the last of the vocabulary where none does.
    """
    start, step = EARLIEST_DATE, STEPS[kind]
    if kind is FactType.DATETIME:
        start = datetime.combine(start, time())
    low, high = 0, (LATEST_DATE - EARLIEST_DATE + timedelta(days=1)) // step
    while low < high:
        middle = (low + high) // 2
        if meets(start + middle * step):
            high = middle
        else:
            low = middle + 1
    return start + low * step
