"""How many docket cases each demanded change reaches, and what stays unknown.

A demand's rule is true of the cases that the change reaches, false of those it does not, and
unknown of the rest. Unknown is never rounded away: at least the true ones are reached, at most the
true and the unknown ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from wayhome.changes.demands import Demand, rules_of_demands
from wayhome.changes.waiting import Probe, probes_of
from wayhome.engine.fact_tables import FactTable
from wayhome.engine.graph import Graph, compile_graph
from wayhome.engine.planes import Counts, Screening, screen
from wayhome.engine.planes.counting import Group
from wayhome.engine.planes.screening import Progress
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.vocabulary import Fact

# No program has this name: they are named as folders are.
_ASKED = "asked here"


@dataclass(frozen=True)
class Reach:
    """Cases that a change reaches, that it does not reach, and that nobody can tell of."""

    reached: int
    not_reached: int
    unknown: int

    @property
    def cases(self) -> int:
        return self.reached + self.not_reached + self.unknown

    @property
    def at_least(self) -> int:
        """If every unknown were no."""
        return self.reached

    @property
    def at_most(self) -> int:
        """If every unknown were yes."""
        return self.reached + self.unknown


@dataclass(frozen=True)
class MissingFact:
    """A fact that is not known in `cases` of those that cannot be told.

    `could_settle`: those in which some answer to this question alone would tell; None where that
    was not worked out (facts that are dates or numbers). `is_told` says whether the table has a
    column for it at all.
    """

    fact: Fact
    cases: int
    could_settle: int | None
    is_told: bool


@dataclass(frozen=True)
class DemandReach:
    """One demand. `reach` is None, and all else empty, where its rule is not in force that day."""

    demand: Demand
    rule: Rule
    reach: Reach | None
    groups: Mapping[str, Mapping[Group, Reach]] = field(default_factory=dict)
    missing: tuple[MissingFact, ...] = ()


@dataclass(frozen=True)
class Simulation:
    """Demands over one table on one day. `groups` are keyed as they were asked for."""

    source: str
    as_of: date
    is_synthetic: bool
    cases: int
    demands: tuple[DemandReach, ...]
    provenance: tuple[tuple[str, str], ...] = ()


def simulate(
    rulebook: Rulebook,
    asked: Sequence[Demand],
    table: FactTable,
    as_of: date,
    *,
    source: str,
    is_synthetic: bool,
    groups: Mapping[str, str],
    threads: int = 2,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Whom the demands reach among the cases of a table.

    `groups`: the columns by which cases are counted, each under the name it has in the result.
    `kept`: a folder of planes, as for `screen`. Raises DemandWithoutRule; FaultyFactTable.
    """
    rules = rules_of_demands(rulebook, asked)
    in_force = [rule for rule in rules if rule.is_in_force(as_of)]
    probes: tuple[Probe, ...] = ()
    found = Screening(as_of, table.rows, {}, {}, {})
    if in_force:
        plain = _asking(rulebook, in_force, as_of)
        probes = tuple(probe for rule in in_force for probe in probes_of(rule, plain, rulebook))
        found = screen(
            _asking(rulebook, [*in_force, *(probe.rule for probe in probes)], as_of),
            table,
            threads=threads,
            outcomes=False,
            by=tuple(groups.values()),
            rules_by=tuple(rule.id for rule in in_force),
            kept=kept,
            progress=progress,
        )
    return Simulation(
        source=source,
        as_of=as_of,
        is_synthetic=is_synthetic,
        cases=table.rows,
        demands=tuple(
            _reach_of(demand, rule, found, groups, _missing(rule, probes, found, table, rulebook))
            for demand, rule in zip(asked, rules, strict=True)
        ),
    )


def _asking(rulebook: Rulebook, rules: Sequence[Rule], as_of: date) -> Graph:
    """The graph of some rules alone, as if they were a program; of others only what these read."""
    asked = {rule.id: replace(rule, program=_ASKED) for rule in rules}
    book = replace(rulebook, programs=(_ASKED,), rules={**rulebook.rules, **asked})
    return compile_graph(book, as_of)


def _reach_of(
    demand: Demand,
    rule: Rule,
    found: Screening,
    groups: Mapping[str, str],
    missing: Iterator[MissingFact],
) -> DemandReach:
    if rule.id not in found.rules:
        return DemandReach(demand, rule, None)
    return DemandReach(
        demand,
        rule,
        _reach(found.rules[rule.id]),
        {
            name: {
                group: _reach(counts.rules[rule.id])
                for group, counts in found.groups[column].items()
            }
            for name, column in groups.items()
        },
        tuple(sorted(missing, key=lambda m: (-(m.could_settle or 0), -m.cases, m.fact.name))),
    )


def _reach(counts: Counts) -> Reach:
    return Reach(counts.true, counts.false, counts.unknown)


def _missing(
    rule: Rule, probes: Sequence[Probe], found: Screening, table: FactTable, rulebook: Rulebook
) -> Iterator[MissingFact]:
    counts = {(p.fact, p.settles): found.rules[p.rule.id].true for p in probes if p.of == rule.id}
    for (fact, settles), cases in counts.items():
        if not settles and cases:
            could = counts.get((fact, True))
            yield MissingFact(rulebook.vocabulary[fact], cases, could, fact in table.facts)
