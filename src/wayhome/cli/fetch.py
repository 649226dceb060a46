"""`wayhome fetch`: publications from where they are kept, with hash, date and headers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Exit, Problem, number_of

if TYPE_CHECKING:
    from wayhome.public_record.fetch.fetching import Fetched
    from wayhome.public_record.fetch.publications import Publication


def add_to(app: typer.Typer) -> None:
    app.command("fetch")(fetch_publications)


def fetch_publications(
    names: Annotated[list[str] | None, typer.Argument(help="The publications: see --list.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder that the files are kept in.")
    ] = None,
    list_them: Annotated[
        bool, typer.Option("--list", help="What is known of each publication, and where it is.")
    ] = False,
) -> None:
    """Download publications. What came from where is in fetched.csv: day, SHA-256, headers.

    A download that breaks off is gone on with. A file is never written over one with other
    content: both are kept, the new one with the day in its name. Offline, nothing is written.
    """
    from wayhome.cli.progress import bars
    from wayhome.public_record.fetch.fetching import fetch
    from wayhome.public_record.fetch.publications import publications

    if list_them:
        for publication in publications().values():
            _show(publication)
        return
    if not names:
        raise Problem(f"Which? There are {', '.join(publications())}; see --list.", Exit.USAGE)
    wanted = [_named(name) for name in names]
    if out is None:
        raise Problem("Where to? Name the folder with --out.", Exit.USAGE)
    problems: list[str] = []
    for publication in wanted:
        with bars() as report:
            came = fetch(
                publication,
                out,
                date.today(),
                lambda name, there, whole: report(name, there, whole or 0),
            )
        _report(came)
        problems += came.problems
        if came.offline:
            break
    if problems:
        raise Problem("\n".join(problems))


def _named(name: str) -> Publication:
    from wayhome.law.vocabulary import did_you_mean, nearest_spelling
    from wayhome.public_record.fetch.publications import publications

    known = publications()
    if name not in known:
        hint = did_you_mean(nearest_spelling(name, known))
        raise Problem(
            f"No publication is called {name!r}.{hint} There are {', '.join(known)}.", Exit.USAGE
        )
    return known[name]


def _show(publication: Publication) -> None:
    typer.echo(f"{publication.name}: {publication.title}")
    for address in publication.files or (publication.page,):
        typer.echo(f"  {address}")
    typer.echo(f"  Known to be wrong: {publication.known}")
    typer.echo(f"  If it has moved: {publication.moved} (As known on {publication.as_of}.)")
    if publication.imported_by:
        typer.echo(f"  Then: {publication.imported_by}")
    typer.echo("")


def _report(came: Fetched) -> None:
    for file in came.files:
        typer.echo(f"{file.path} · {file.outcome} · {file.bytes:,} bytes · SHA-256 {file.sha256}")
    if came.files and came.publication.imported_by:
        count = number_of(len(came.files), "file")
        typer.echo(f"{came.publication.name}: {count}. Next: {came.publication.imported_by}")
