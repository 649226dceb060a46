"""From what is asked of a screening to a plan of planes, and from their counts to answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wayhome.engine.fact_tables import FactTable
from wayhome.engine.graph import Graph
from wayhome.engine.planes.algebra import EVERYWHERE, Algebra, Operation, Pair
from wayhome.engine.planes.kept import KeptPlanes, KeptUnit, row_of
from wayhome.engine.planes.leaves import facts_of
from wayhome.engine.planes.lowering import Lowering
from wayhome.engine.planes.plan import Plan, plan_for
from wayhome.engine.planes.units import (
    OutcomeUnit,
    RuleUnit,
    Unit,
    names_of,
    outcome_bits,
    parts_worth_keeping,
    planes_of,
    units_of,
)


@dataclass(frozen=True)
class AskedUnit:
    """A rule or outcome of this screening, and its planes by their numbers.

    `counts` are there beforehand where the unit was kept by an earlier screening.
    """

    unit: Unit
    name: str
    planes: tuple[int, ...]
    counts: tuple[int, ...] | None


@dataclass(frozen=True)
class Request:
    """What the blocks of one screening are worked out for.

    `answers` are the true and the known plane of each rule, `codes` the low and the high bit of
    each outcome; both are empty unless every case's own answer is wanted, not only how many.
    `by_group` are two planes of each unit that is counted by group: an outcome's bits, or where
    a rule is true and where it is false. `grouped` are these units, even where an earlier
    screening has kept their counts and none has to be counted again.
    `opposites` are planes that need not be worked out to be counted: all cases but those of
    another plane.
    """

    units: tuple[AskedUnit, ...]
    plan: Plan
    answers: Mapping[str, Pair]
    codes: Mapping[OutcomeUnit, tuple[int, int]]
    grouped: tuple[AskedUnit, ...]
    by_group: Mapping[Unit, tuple[int, int]]
    opposites: Mapping[int, int]

    @classmethod
    def of(
        cls,
        graph: Graph,
        table: FactTable,
        kept: KeptPlanes | None,
        *,
        outcomes: bool,
        every_answer: bool,
        by: Sequence[str] = (),
        outcomes_by: bool = False,
        rules_by: Collection[str] = (),
    ) -> Request:
        """The request of a graph.

        `by` are the columns by which outcomes (`outcomes_by`) and some rules are counted.
        """
        algebra = Algebra()
        complete = table.blocks.complete(sorted(table.facts))
        listed = list(units_of(graph, outcomes=outcomes))
        listed += parts_worth_keeping(graph) if kept else ()
        named = names_of(graph, listed) if kept else dict.fromkeys(listed, "")
        found = kept.units if kept else {}
        nodes = {u.node: n for u, n in named.items() if not isinstance(u, OutcomeUnit)}
        rules = {node: name for node, name in nodes.items() if name in found}
        pairs = {node: Pair(*kept.planes(n, algebra)) for node, n in rules.items()} if kept else {}
        lowering = Lowering(graph, algebra, table.facts, complete, pairs)
        units = tuple(_asked(u, name, lowering, kept) for u, name in named.items())
        answers = dict(_answers(units, algebra)) if every_answer else {}
        codes = dict(_codes(units, algebra)) if every_answer else {}
        grouped = tuple(u for u in units if _is_grouped(u.unit, outcomes_by, rules_by))
        is_known = kept is not None and kept.groups.hold(by, [u.name for u in grouped])
        by_group = {} if is_known else {u.unit: _two_planes(u, algebra) for u in grouped}
        counted = [plane for unit in units if unit.counts is None for plane in unit.planes]
        opposites = {} if kept else _opposites(counted, algebra)
        wanted = [opposites.get(plane, plane) for plane in counted]
        wanted += [plane for pair in answers.values() for plane in pair]
        wanted += [plane for bits in codes.values() for plane in bits]
        wanted += [plane for pair in by_group.values() for plane in pair]
        plan = plan_for(algebra, wanted)
        return cls(units, plan, answers, codes, grouped, by_group, opposites)

    @property
    def facts(self) -> frozenset[str]:
        """The columns that the plan reads."""
        return frozenset(fact for leaf in self.plan.leaves for fact in facts_of(leaf))

    @property
    def new_units(self) -> Sequence[AskedUnit]:
        """The units that were not kept."""
        return [unit for unit in self.units if unit.counts is None]

    def counts(
        self, answer_counts: npt.NDArray[np.int64], rows: int
    ) -> Mapping[Unit, tuple[int, ...]]:
        """How many of all cases are in each plane of each unit."""

        def count(plane: int) -> int:
            if plane in self.opposites:
                return rows - count(self.opposites[plane])
            row = self.plan.row(plane)
            if row is None:
                return rows if plane == EVERYWHERE else 0
            return int(answer_counts[row])

        return {
            u.unit: tuple(count(p) for p in u.planes) if u.counts is None else u.counts
            for u in self.units
        }

    def kept_units(
        self, file: str, counts: Mapping[Unit, tuple[int, ...]]
    ) -> Mapping[str, KeptUnit]:
        """The new units as they are kept in a file of planes."""
        return {
            u.name: KeptUnit(
                file, tuple(row_of(p, self.plan.row(p)) for p in u.planes), counts[u.unit]
            )
            for u in self.new_units
        }


def _opposites(planes: Sequence[int], algebra: Algebra) -> dict[int, int]:
    """For each plane that is made by NOT the plane that it is not."""
    made = {plane: algebra.planes[plane] for plane in planes}
    return {p: plane.parts[0] for p, plane in made.items() if plane.operation is Operation.NOT}


def _asked(unit: Unit, name: str, lowering: Lowering, kept: KeptPlanes | None) -> AskedUnit:
    if kept is not None and name in kept.units:
        planes = kept.planes(name, lowering.algebra)
        return AskedUnit(unit, name, planes, kept.units[name].counts)
    return AskedUnit(unit, name, planes_of(unit, lowering), None)


def _answers(units: Sequence[AskedUnit], algebra: Algebra) -> Iterator[tuple[str, Pair]]:
    for asked in units:
        if isinstance(asked.unit, RuleUnit):
            true, false = asked.planes
            yield asked.unit.rule, Pair(true, algebra.known(Pair(true, false)))


def _codes(
    units: Sequence[AskedUnit], algebra: Algebra
) -> Iterator[tuple[OutcomeUnit, tuple[int, int]]]:
    for asked in units:
        if isinstance(asked.unit, OutcomeUnit):
            yield asked.unit, outcome_bits(asked.planes, algebra)


def _is_grouped(unit: Unit, outcomes: bool, rules: Collection[str]) -> bool:
    if isinstance(unit, OutcomeUnit):
        return outcomes
    return isinstance(unit, RuleUnit) and unit.rule in rules


def _two_planes(asked: AskedUnit, algebra: Algebra) -> tuple[int, int]:
    if isinstance(asked.unit, OutcomeUnit):
        return outcome_bits(asked.planes, algebra)
    true, false = asked.planes
    return true, false
