"""`wayhome import`: public records in, every row accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.dates import parsed_day
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars

import_app = typer.Typer(
    no_args_is_help=True, help="Import public records, every row accounted for."
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(import_app, name="import")


@import_app.command("eoir")
def import_eoir(
    release: Annotated[
        Path, typer.Argument(help="The immigration courts' release: the zip, or its folder.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The docket store to make or replace.")],
    release_date: Annotated[
        str | None,
        typer.Option("--release-date", metavar="YYYY-MM-DD", help="If its files do not tell it."),
    ] = None,
    memory: Annotated[float, typer.Option("--memory", help="At most this many GB.")] = 4.0,
    threads: Annotated[int, typer.Option("--threads", help="Processor threads to use.")] = 2,
) -> None:
    """Turn the immigration courts' release into a docket store that can be screened.

    The old store stays as it is until the new one is whole. An import that was interrupted goes on
    from the tables that were finished.
    """
    from wayhome.cli.ledger import enter_import
    from wayhome.sources.eoir.importing import import_release
    from wayhome.sources.eoir.release import ReleaseProblem

    day = parsed_day(release_date, "--release-date") if release_date else None
    try:
        with bars() as progress:
            report = import_release(
                release,
                out,
                as_release_date=day,
                memory_gb=memory,
                threads=threads,
                progress=progress,
            )
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    except KeyboardInterrupt as error:
        message = "Interrupted. Run the same command again: it goes on from the finished tables."
        raise Problem(message, Exit.INTERRUPTED) from error
    typer.echo(report.summary())
    for sentence in enter_import(report.store):
        typer.echo(sentence)
