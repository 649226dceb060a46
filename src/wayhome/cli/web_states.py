"""`wayhome web states`: the states of a case, drawn from the table that the application goes by."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    app.command("states")(states)


def states(
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path(
        "docs/generated"
    ),
) -> None:
    """Write the states of a case and what may follow each: states.md and states.svg."""
    from wayhome.cli.home import start_django

    with tempfile.TemporaryDirectory() as home:
        # The table needs settings and no data: a secret of this installation is not made for it.
        os.environ.setdefault("WAYHOME_HOME", home)
        os.environ.setdefault("WAYHOME_SECRET_KEY", "only to draw the states")
        start_django()
        from wayhome.web.review.diagram import pages

        out.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            beside = out / f".{name}"
            beside.write_text(text, encoding="utf-8")
            beside.replace(out / name)
            typer.echo(f"Wrote {out / name}")
