"""`wayhome simulate`: how many docket cases each of the seven demands would reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.formats import Format, format_of
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.rules import RulebookFolder, load

if TYPE_CHECKING:
    from datetime import date

    from wayhome.changes.demands import Demand
    from wayhome.changes.simulation import Simulation
    from wayhome.law.rules import Rulebook
    from wayhome.sources.eoir.store import DocketStore


def add_to(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    store: Annotated[Path, typer.Argument(help="The folder of a docket store.")],
    demand: Annotated[
        str, typer.Option("--demand", help="One of the letter's seven demands by its id, or all.")
    ] = "all",
    as_of: AsOf = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it here: .html or .json.")
    ] = None,
    format: Annotated[Format | None, typer.Option("--format", help="json or html.")] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64)] = 2,
    keep: Annotated[
        bool,
        typer.Option(
            help="Keep what was worked out beside the store, so that the next time is quicker."
        ),
    ] = True,
    rulebook: RulebookFolder = None,
) -> None:
    """Count the docket cases that a demand of the 100-day letter would reach.

    What the docket does not tell stays unknown: the numbers are given from the least to the most
    that they can be, by court, nationality and year. A demand is not the law.
    """
    from wayhome.changes.demands import UnknownDemand, chosen_demands
    from wayhome.sources.eoir.store import store_path

    wanted = format_of(format, out)
    if wanted in (Format.CSV, Format.PARQUET) or (out is not None and wanted is None):
        raise Problem("Counts of demands are written as .json or .html.", Exit.USAGE)
    try:
        asked = chosen_demands(demand)
    except UnknownDemand as error:
        raise Problem(f"--demand: {error}", Exit.USAGE) from error
    opened = _opened(store)
    found = _found(load(rulebook), asked, opened, day_of(as_of), threads, keep=keep)
    target = store_path(out, opened.is_synthetic) if out is not None else None
    _write(found, wanted, target)


def _opened(path: Path) -> DocketStore:
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.eoir.store import open_store

    try:
        return open_store(path)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error


def _found(
    book: Rulebook,
    asked: tuple[Demand, ...],
    store: DocketStore,
    day: date,
    threads: int,
    *,
    keep: bool,
) -> Simulation:
    from dataclasses import replace

    from wayhome.changes.demands import DemandWithoutRule
    from wayhome.changes.simulation import simulate as simulated
    from wayhome.cli.progress import bars
    from wayhome.engine.fact_tables import FaultyFactTable, open_fact_table
    from wayhome.report.docket_summary import GROUP_COLUMNS, provenance_of_store

    try:
        with bars() as progress:
            found = simulated(
                book,
                asked,
                open_fact_table(store.cases_path, book.vocabulary),
                day,
                source=store.path.name,
                is_synthetic=store.is_synthetic,
                groups=GROUP_COLUMNS,
                threads=threads,
                kept=store.path.with_name(f"{store.path.name}.planes") if keep else None,
                progress=lambda done, total: progress("screening", done, total),
            )
    except DemandWithoutRule as error:
        raise Problem(str(error), Exit.BAD_RULEBOOK) from error
    except FaultyFactTable as error:
        raise Problem(str(error)) from error
    return replace(found, provenance=tuple(provenance_of_store(store, book)))


def _write(found: Simulation, wanted: Format | None, out: Path | None) -> None:
    from wayhome.report.simulation_text import show, simulation_json

    if wanted is not None:
        text = (
            json.dumps(simulation_json(found), ensure_ascii=False, indent=1)
            if wanted is Format.JSON
            else _page(found)
        )
        _put(text, out)
    if out is not None or wanted is None:
        show(found)
    if out is not None:
        typer.echo(f"Written: {out}")


def _page(found: Simulation) -> str:
    from wayhome.report.simulation_page import simulation_page

    return simulation_page(found)


def _put(text: str, out: Path | None) -> None:
    """Text to the terminal waits for none of what writing files needs."""
    if out is None:
        typer.echo(text)
        return
    from wayhome.report import result_files

    result_files.write_text(text, out)
