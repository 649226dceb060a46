"""Whom each demand would reach in a docket, for everybody: groups that are too small together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from wayhome.changes.demands import demands
from wayhome.changes.simulation import DemandReach, simulate
from wayhome.engine.fact_tables import open_fact_table
from wayhome.law.rules import Rulebook
from wayhome.public_record.docket_counts import NOT_KNOWN, Cells, shown
from wayhome.report.docket_summary import GROUP_COLUMNS
from wayhome.sources.eoir.store import DocketStore


def simulate_docket(
    store: DocketStore,
    rulebook: Rulebook,
    as_of: date,
    source: str,
    *,
    threads: int = 2,
) -> Iterator[dict[str, Any]]:
    """The rows of `docket_simulation`: whom each demand reaches, does not reach, and of whom
    nobody can tell, by the law of the day `as_of`. Raises FaultyFactTable."""
    known = set(rulebook.rules)
    asked = tuple(demand for demand in demands() if demand.rule in known)
    found = simulate(
        rulebook,
        asked,
        open_fact_table(store.cases_path, rulebook.vocabulary),
        as_of,
        source=store.path.name,
        is_synthetic=store.is_synthetic,
        groups=GROUP_COLUMNS,
        threads=threads,
    )
    for demand in found.demands:
        if demand.reach is not None:
            for row in _reach_rows(demand):
                yield {**row, "law_on": as_of, "source": source}


_ANSWERS = ("true", "false", "cannot tell")


def _reach_rows(demand: DemandReach) -> Iterator[dict[str, Any]]:
    """Groups that are too small are counted together and not named."""
    assert demand.reach is not None
    whole = (demand.reach.reached, demand.reach.not_reached, demand.reach.unknown)
    divided: dict[str, dict[str, Cells]] = {"": {"": whole}}
    for dimension, groups in demand.groups.items():
        divided[dimension] = {
            NOT_KNOWN if group is None else str(group): (r.reached, r.not_reached, r.unknown)
            for group, r in groups.items()
        }
    for dimension, cells in divided.items():
        for group, own in shown(cells):
            if own is not None:
                yield from _answer_rows(demand.demand.id, dimension, group, own)


def _answer_rows(demand: str, by: str, group: str, cells: Cells) -> Iterator[dict[str, Any]]:
    of = sum(cells)
    for answer, count in zip(_ANSWERS, cells, strict=True):
        yield {
            "demand": demand,
            "answer": answer,
            "by": by or None,
            "group": group or None,
            "count": count,
            "denominator": of,
            "denominator_is": "all cases of the group" if by else "all cases of the docket",
            "share": count / of if of else None,
            "suppressed": False,
        }
