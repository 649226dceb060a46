"""What a screening counts: rules, and the outcomes of programs, each as a few planes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from wayhome.engine.graph import Graph, Openings
from wayhome.engine.outcome_columns import demand_column, outcome_column
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes.algebra import Algebra
from wayhome.engine.planes.lowering import Lowering
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Is,
    condition_text,
    counts_working_time,
    terms_of,
)
from wayhome.law.working_time import federal_holidays


@dataclass(frozen=True)
class RuleUnit:
    """A rule by its id: its planes are where it is true and where it is false."""

    rule: str
    node: int


@dataclass(frozen=True)
class OutcomeUnit:
    """A program's outcome, from the law or from the demands alone.

    Its planes are where there is a ground, where there is one with a bar, and where there is
    none; everywhere else the outcome is open.
    """

    program: str
    of_demands: bool
    openings: Openings

    @property
    def column(self) -> str:
        """Its column in an outcome file."""
        return demand_column(self.program) if self.of_demands else outcome_column(self.program)


@dataclass(frozen=True)
class PartUnit:
    """A part of a rule that is itself made of parts, such as a dated table's rows.

    It is kept beside its rule, so that the rule is soon worked out again when another part of
    it changes. Its planes are where it is true and where it is false.
    """

    node: int


Unit = RuleUnit | OutcomeUnit | PartUnit

# Part of every name: planes that another version of this package kept are not read.
_FORMAT = "planes 1"

# The codes of outcomes, in files and in counts by group: two bits a case.
OUTCOME_CODES = (Outcome.GROUND, Outcome.GROUND_WITH_BAR, Outcome.OPEN, Outcome.NONE_FOUND)


def units_of(graph: Graph, *, outcomes: bool) -> Iterator[Unit]:
    """Every rule of a graph, and if they are wanted every outcome."""
    for rule, node in graph.rules.items():
        yield RuleUnit(rule, node)
    for program in graph.programs if outcomes else ():
        yield OutcomeUnit(program, False, graph.outcomes[program])
        yield OutcomeUnit(program, True, graph.demands[program])


def parts_worth_keeping(graph: Graph) -> Iterator[PartUnit]:
    """The parts of rules that are made of parts and are not rules themselves."""
    rules = set(graph.rules.values())
    parts = dict.fromkeys(part for rule in graph.rules.values() for part in graph.parts[rule])
    for part in parts:
        if part not in rules and isinstance(graph.nodes[part], AllOf | AnyOf):
            yield PartUnit(part)


def names_of(graph: Graph, units: Iterable[Unit]) -> dict[Unit, str]:
    """The name of each unit's content: units of equal content over one table have equal planes."""
    digests = _digests(graph)

    def name(unit: Unit) -> str:
        if not isinstance(unit, OutcomeUnit):
            return digests[unit.node]
        grounds = (unit.openings.any_ground, unit.openings.clear_ground)
        return _digest("outcome", *(digests[node] for node in grounds))

    return {unit: name(unit) for unit in units}


def _digests(graph: Graph) -> list[str]:
    """What each condition of a graph says, at the length of a hash whatever its own."""
    found: list[str] = []
    for node, parts in zip(graph.nodes, graph.parts, strict=True):
        said = f"Is {node.value}" if isinstance(node, Is) else type(node).__name__
        below = [found[part] for part in parts]
        found.append(_digest(said, *below) if parts else _digest(*_said_by_leaf(node)))
    return found


def _said_by_leaf(leaf: Condition) -> tuple[str, ...]:
    """Its text; where working time is counted, with the holidays that are left out."""
    counts = any(counts_working_time(term) for term in terms_of(leaf))
    return (condition_text(leaf), *((_digest_of_holidays(),) if counts else ()))


@cache
def _digest_of_holidays() -> str:
    return _digest(*(day.isoformat() for day in sorted(federal_holidays())))


def _digest(*said: str) -> str:
    return hashlib.blake2b("\n".join((_FORMAT, *said)).encode(), digest_size=16).hexdigest()


def planes_of(unit: Unit, lowering: Lowering) -> tuple[int, ...]:
    """A unit's planes by their numbers."""
    if not isinstance(unit, OutcomeUnit):
        return lowering.pair(unit.node)
    some, clear = (lowering.pair(n) for n in (unit.openings.any_ground, unit.openings.clear_ground))
    with_bar = lowering.algebra.both((some.true, clear.false))
    return clear.true, with_bar, some.false


def outcome_bits(planes: tuple[int, ...], algebra: Algebra) -> tuple[int, int]:
    """The low and the high bit of an outcome's code, from the planes of its unit."""
    ground, with_bar, none = planes
    low = algebra.either((with_bar, none))
    return low, algebra.complement(algebra.either((ground, with_bar)))


def outcome_counts(counts: tuple[int, ...], rows: int) -> Mapping[Outcome, int]:
    """How many cases have each outcome, from the counts of a unit's planes."""
    ground, with_bar, none = counts
    is_open = rows - ground - with_bar - none
    return dict(zip(OUTCOME_CODES, (ground, with_bar, is_open, none), strict=True))
