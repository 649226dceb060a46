"""`wayhome daily`: everything that is done once a day, for the machine's own timer."""

from __future__ import annotations

import typer

from wayhome.cli.home import opened_home
from wayhome.cli.problems import Exit


def add_to(app: typer.Typer) -> None:
    app.command("daily")(daily)


def daily() -> None:
    """Do the day's work: screen by today's law, tend files, finish erasures, say what is late.

    A line that begins with ! needs somebody. Names no person. Exit code 1 if work was not done.
    """
    with opened_home():
        from django.utils import timezone

        from wayhome.web.daily import daily_work

        undone = False
        for line in daily_work(timezone.now()):
            typer.echo(f"{'!' if line.needs_somebody else ' '} {line.told}")
            undone = undone or line.told.startswith("NOT DONE")
    if undone:
        raise typer.Exit(Exit.DISAGREES)
