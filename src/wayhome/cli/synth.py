"""`wayhome synth`: invented public records in the exact layout, for tests and demonstrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars

synth_app = typer.Typer(no_args_is_help=True, help="Invent public records, marked SYNTHETIC.")
FEWEST, MOST = 1_000, 12_600_000


def add_to(app: typer.Typer) -> None:
    app.add_typer(synth_app, name="synth")


@synth_app.command("eoir")
def synth_eoir(
    cases: Annotated[int, typer.Option("--cases", help=f"{FEWEST:,} to {MOST:,}.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to put the release in.")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")] = 1,
    tables: Annotated[
        str | None,
        typer.Option(
            "--tables",
            help="Only these, with commas; 'main' leaves out hearings and lawyers. Else all.",
        ),
    ] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="Pack it as the courts do.")] = False,
) -> None:
    """Invent a release of the immigration courts' data, with its known dirt and the key to it.

    Nobody in it exists. Every file's name says SYNTHETIC.
    """
    from wayhome.sources.eoir.synthetic import MAIN_TABLES, ReleaseExists, write_release

    if not FEWEST <= cases <= MOST:
        raise Problem(f"--cases: {cases:,} is not between {FEWEST:,} and {MOST:,}.", Exit.USAGE)
    chosen = tuple(t.strip() for t in tables.split(",")) if tables else None
    try:
        with bars() as progress:
            written = write_release(
                out,
                cases=cases,
                seed=seed,
                tables=MAIN_TABLES if tables == "main" else chosen,
                zip_it=zipped,
                progress=progress,
            )
    except (ReleaseExists, ValueError) as error:
        raise Problem(str(error), Exit.USAGE) from error
    typer.echo(f"{written}: {cases:,} SYNTHETIC docket cases.")
