"""`wayhome screen STORE`: a whole docket against the rulebook."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wayhome.cli.formats import Format
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars

if TYPE_CHECKING:
    from wayhome.law.rules import Rulebook
    from wayhome.report.summary import Summary
    from wayhome.sources.eoir.store import DocketStore

ANSWERS = (".arrow", ".parquet")


def screen_docket(
    book: Rulebook,
    path: Path,
    as_of: date,
    programs: tuple[str, ...],
    wanted: Format | None,
    out: Path | None,
    *,
    keep: bool = False,
    language: str = "en",
) -> None:
    """Screens every docket case; counts to the terminal or a page, answers to a file.

    `out` ending in .arrow or .parquet takes every case's answers; .html the page; .json the
    counts. What is made from a synthetic docket is named SYNTHETIC. `keep`: planes are kept
    beside the store, and the next screening works out only what has changed.
    """
    from wayhome.report import page, result_files, terminal
    from wayhome.report.summary_json import summary_json
    from wayhome.sources.eoir.store import store_path

    writes_answers = out is not None and out.suffix.lower() in ANSWERS
    if wanted is Format.CSV:
        message = "A docket's answers go to --out FILE.parquet or FILE.arrow, its counts to .json."
        raise Problem(message, Exit.USAGE)
    if wanted is Format.PARQUET and not writes_answers:
        raise Problem("--format parquet needs --out FILE.parquet.", Exit.USAGE)
    store = _opened(path)
    out = store_path(out, store.is_synthetic) if out is not None else None
    told = _summary(book, store, as_of, programs, out if writes_answers else None, keep)
    if wanted is Format.HTML:
        result_files.write_text(page.page(told, language=language), out)
    elif wanted is Format.JSON:
        text = json.dumps(summary_json(told), ensure_ascii=False, indent=1)
        result_files.write_text(text, out)
    if out is not None or wanted is None:
        terminal.show(told, language=language)
    if out is not None:
        typer.echo(f"Written: {out}")


def _opened(path: Path) -> DocketStore:
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.eoir.store import open_store

    try:
        return open_store(path)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error


def _summary(
    book: Rulebook,
    store: DocketStore,
    as_of: date,
    programs: tuple[str, ...],
    answers: Path | None,
    keep: bool,
) -> Summary:
    from wayhome.engine.fact_tables import FaultyFactTable, open_fact_table
    from wayhome.engine.graph import NoLawInForce, compile_graph
    from wayhome.engine.planes import screen
    from wayhome.report.docket_summary import (
        GROUP_COLUMNS,
        provenance_of_store,
        summary_of_screening,
    )

    try:
        graph = compile_graph(book, as_of, programs)
        table = open_fact_table(store.cases_path)
        with bars() as progress:
            screening = screen(
                graph,
                table,
                by=tuple(GROUP_COLUMNS.values()),
                out=answers,
                kept=store.path.with_name(f"{store.path.name}.planes") if keep else None,
                progress=lambda done, total: progress("screening", done, total),
            )
    except (FaultyFactTable, NoLawInForce) as error:
        raise Problem(str(error)) from error
    return summary_of_screening(
        store.path.name,
        screening,
        book,
        graph,
        table.facts,
        is_synthetic=store.is_synthetic,
        provenance=provenance_of_store(store, book),
    )
