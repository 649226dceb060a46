"""`wayhome import detention-stats`: ICE's detention statistics workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Problem


def add_to(app: typer.Typer) -> None:
    app.command("detention-stats")(import_detention_stats)


def import_detention_stats(
    files: Annotated[
        list[Path], typer.Argument(help="ICE's detention statistics workbooks (.xlsx), any years.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to make or replace.")],
) -> None:
    """Turn ICE's detention statistics workbooks into tables, every row and cell accounted for.

    Facilities, population, book-ins, releases, stays, alternatives, bonds. Sheets, headings and
    columns are found by what they say, in any year's layout; an unknown layout stops the import.
    """
    from wayhome.sources.detention_stats.importing import import_statistics
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        report = import_statistics(files, out)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    typer.echo(report.summary())
