"""The summary of a whole docket's screening, and of where its numbers come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from wayhome import __version__
from wayhome.engine.graph import Graph
from wayhome.engine.planes import GroupOutcomes, Screening
from wayhome.law.conditions import facts_read_here, walk
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import SCREENING_DATE
from wayhome.report.summary import (
    FactCount,
    FactsCounted,
    GroupCount,
    ProgramSummary,
    RuleCount,
    Summary,
    Unit,
    in_reading_order,
)
from wayhome.sources.eoir.store import DocketStore

# What a docket is broken down by, and the column of the fact table that says it: pass
# `tuple(GROUP_COLUMNS.values())` as `by` to `engine.planes.screen`. The year is that of the
# charging document, with which a case begins.
GROUP_COLUMNS = {"nationality": "country_of_citizenship", "court": "court", "year": "nta_date"}


def summary_of_screening(
    source: str,
    screening: Screening,
    rulebook: Rulebook,
    graph: Graph,
    facts_told: Collection[str],
    *,
    is_synthetic: bool,
    provenance: Iterable[tuple[str, str]] = (),
) -> Summary:
    """The summary of a screening. `facts_told` are the facts that the table has columns for."""
    programs = (
        _program(name, screening, rulebook, graph, facts_told)
        for name in in_reading_order(screening.outcomes)
    )
    return Summary(
        source=source,
        as_of=(screening.as_of,),
        is_synthetic=is_synthetic,
        unit=Unit.DOCKET_CASES,
        cases=screening.rows,
        programs=tuple(programs),
        provenance=tuple(provenance),
    )


def _program(
    name: str, screening: Screening, rulebook: Rulebook, graph: Graph, facts_told: Collection[str]
) -> ProgramSummary:
    counts = {
        rule: n for rule, n in screening.rules.items() if rulebook.rules[rule].program == name
    }
    open_answers = {rule: n.unknown for rule, n in counts.items() if n.unknown}
    return ProgramSummary(
        name=name,
        outcomes=screening.outcomes[name],
        demand_outcomes=screening.demands[name],
        rules=tuple(RuleCount(rulebook.rules[rule], *n) for rule, n in counts.items()),
        open_facts=tuple(_open_facts(open_answers, rulebook, graph, facts_told)),
        facts_counted=FactsCounted.LEFT_OPEN,
        groups={
            group: tuple(_group_counts(screening.groups[column], name))
            for group, column in GROUP_COLUMNS.items()
            if column in screening.groups
        },
    )


def _open_facts(
    open_answers: Mapping[str, int], rulebook: Rulebook, graph: Graph, facts_told: Collection[str]
) -> Iterator[FactCount]:
    """The facts that the table never tells, by the open answers of the rules that read them."""
    counts: Counter[str] = Counter()
    for rule, number in open_answers.items():
        conditions = walk(graph.nodes[graph.rules[rule]])
        read = {fact for condition in conditions for fact in facts_read_here(condition)}
        counts.update(dict.fromkeys(read - set(facts_told) - {SCREENING_DATE}, number))
    order = {fact.name: number for number, fact in enumerate(rulebook.vocabulary)}
    for fact, number in sorted(counts.items(), key=lambda item: (-item[1], order[item[0]])):
        yield FactCount(rulebook.vocabulary[fact], number)


def _group_counts(
    groups: Mapping[str | int | None, GroupOutcomes], program: str
) -> Iterator[GroupCount]:
    for label, found in groups.items():
        yield GroupCount(None if label is None else str(label), found.outcomes[program])


def provenance_of_store(store: DocketStore, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Where a docket's numbers come from, a line each: files with hash and counts, versions."""
    told = store.provenance
    yield "store", store.path.name
    yield "source", str(told["source"])
    if told.get("source_sha256"):
        yield "sha256", str(told["source_sha256"])
    yield "release_date", store.release_date.isoformat()
    yield "cases", f"{told['cases']:,}"
    for table in store.accounting:
        yield (
            table.table,
            f"read {table.read:,}, loaded {table.loaded:,}, repaired {table.repaired:,}, "
            f"set aside {table.set_aside:,}",
        )
    yield "imported_with", ", ".join(f"{name} {v}" for name, v in told["versions"].items())
    yield "screened_with", f"wayhome {__version__}"
    yield "rulebook", f"{len(rulebook.rules):,} rules"
