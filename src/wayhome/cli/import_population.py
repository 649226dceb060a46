"""`wayhome import population`: people held per facility and day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Problem


def add_to(app: typer.Typer) -> None:
    app.command("population")(import_population)


def import_population(
    files: Annotated[
        list[Path],
        typer.Argument(help="Daily files (CSV, packed or not, or Parquet); lists of facilities."),
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to make or replace.")],
    threads: Annotated[int, typer.Option("--threads", min=1, help="Processor threads to use.")] = 2,
) -> None:
    """Turn files of people held per facility and day into one table.

    Days that are missing or told twice are named. Which file is a daily population and which a
    list of facilities is known by the headings.
    """
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.population.importing import import_population as import_files

    try:
        report = import_files(files, out, threads=threads)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    typer.echo(report.summary())
