"""`wayhome template`: an empty workbook for a caseworker to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem


def add_to(app: typer.Typer) -> None:
    app.command("template")(template)


def template(
    out: Annotated[Path, typer.Argument(help="The workbook to make, such as clients.xlsx.")],
) -> None:
    """Make an empty workbook: a column for each fact, its question, and lists to choose from."""
    from wayhome.law.vocabulary import load_vocabulary
    from wayhome.sources.case_files.template import write_case_file_template
    from wayhome.words import help_line, question

    if out.suffix.lower() != ".xlsx":
        raise Problem(f"{out.name}: the template is a workbook; end its name .xlsx.", Exit.USAGE)
    if not out.parent.is_dir():
        raise Problem(f"{out}: there is no folder {out.parent}; make it first.", Exit.USAGE)
    if out.exists():
        raise Problem(f"{out} exists already and was left as it is. Choose another name.")
    spanish = {f.name: (question(f, "es"), help_line(f, "es")) for f in load_vocabulary()}
    write_case_file_template(out, spanish)
    typer.echo(
        f"{out}: put one person in each row in the place of the example, then: wayhome screen {out}"
    )
