"""Whom the demands reach, as JSON for other programs and as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from wayhome.changes.simulation import DemandReach, Reach, Simulation
from wayhome.report.words import share, words

Json = dict[str, Any]

NOT_KNOWN = "not_known"
MOST_FACTS = 3


def simulation_json(simulation: Simulation) -> Json:
    """Every count. A group that is not known has the label `not_known`."""
    return {
        "source": simulation.source,
        "synthetic": simulation.is_synthetic,
        "as_of": simulation.as_of.isoformat(),
        "unit": "docket_cases",
        "cases": simulation.cases,
        "note": "A lead for a lawyer, not advice.",
        "demands": [_demand(found) for found in simulation.demands],
        "provenance": dict(simulation.provenance),
    }


def _demand(found: DemandReach) -> Json:
    told: Json = {
        "demand": found.demand.id,
        "words": found.demand.words,
        "rule": found.rule.id,
        "in_force": found.reach is not None,
    }
    if found.reach is not None:
        told |= _reach(found.reach)
        told["missing"] = {
            m.fact.name: {
                "unknown_in": m.cases,
                "could_settle": m.could_settle,
                "docket_tells_it": m.is_told,
            }
            for m in found.missing
        }
        told["groups"] = {
            name: {NOT_KNOWN if label is None else str(label): _reach(r) for label, r in of.items()}
            for name, of in found.groups.items()
        }
    return told


def _reach(reach: Reach) -> Mapping[str, int]:
    return {
        "reached": reach.reached,
        "not_reached": reach.not_reached,
        "unknown": reach.unknown,
        "at_least": reach.at_least,
        "at_most": reach.at_most,
    }


def show(simulation: Simulation, console: Console | None = None) -> None:
    """Prints the demands, a line each, to standard output unless a console is given."""
    (console or Console()).print(Group(*_lines(simulation)))


def _lines(simulation: Simulation) -> Iterator[RenderableType]:
    said = words()
    if simulation.is_synthetic:
        yield Text(said.say("synthetic_note"), style="bold reverse")
    yield Text(f"Whom the demands would reach in {simulation.source}", style="bold")
    cases = said.count_of("docket_cases", simulation.cases)
    yield Text(f"{cases}. {said.as_of((simulation.as_of,))}.")
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column("demand", no_wrap=True)
    for heading in ("reached", "cannot tell", "not reached", "share reached"):
        grid.add_column(heading, justify="right")
    for found in simulation.demands:
        grid.add_row(found.demand.id, *_cells(found))
    yield Text()
    yield grid
    for found in simulation.demands:
        yield from _missing(found)
    yield Text()
    yield Text(said.say("lead_note"), style="bold")


def _cells(found: DemandReach) -> tuple[str, ...]:
    reach = found.reach
    if reach is None:
        return ("not in force", "", "", "")
    counts = (f"{n:,}" for n in (reach.reached, reach.unknown, reach.not_reached))
    return (*counts, bounds(reach))


def bounds(reach: Reach) -> str:
    """The share that is reached, from the least to the most that it can be."""
    least, most = share(reach.at_least, reach.cases), share(reach.at_most, reach.cases)
    return least if reach.at_least == reach.at_most else f"{least} to {most}"


def _missing(found: DemandReach) -> Iterator[RenderableType]:
    if found.missing:
        facts = ", ".join(f"{m.fact.name} ({m.cases:,})" for m in found.missing[:MOST_FACTS])
        more = len(found.missing) - MOST_FACTS
        rest = f" and {more} more" if more > 0 else ""
        yield Text(f"{found.demand.id} cannot be told for want of: {facts}{rest}", style="dim")
