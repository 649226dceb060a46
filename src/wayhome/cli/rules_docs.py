"""`wayhome rules docs`: the book, a static site of the whole rulebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem, listed, number_of
from wayhome.cli.rules import RulebookFolder, console


def add_to(app: typer.Typer) -> None:
    app.command("docs")(write_docs)


def write_docs(
    out: Annotated[Path, typer.Option("--out", help="The folder to write; replaced whole.")],
    rulebook: RulebookFolder = None,
    since: Annotated[
        str,
        typer.Option("--since", help="An older edition, a folder or a git revision: what changed?"),
    ] = "",
) -> None:
    """Write the book: a page for each program, rule, table and fact, to read, print and publish."""
    from wayhome.book.site import NotABook, contents_of, write_site
    from wayhome.changes.editions import NoSuchEdition
    from wayhome.law.faults import FaultyRulebook
    from wayhome.programs import FOLDER

    try:
        files = write_site(contents_of(rulebook or FOLDER, since), out)
    except FaultyRulebook as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        raise Problem(text, Exit.BAD_RULEBOOK) from error
    except NoSuchEdition as error:
        raise Problem(f"--since: {error}", Exit.USAGE) from error
    except NotABook as error:
        raise Problem(str(error), Exit.CANNOT_WRITE) from error
    console.print(
        f"{number_of(files, 'file')} in {out}. Open {out / 'index.html'}.", soft_wrap=True
    )
