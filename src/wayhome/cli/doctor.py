"""`wayhome doctor`: what of this installation is misconfigured, and how to mend it."""

from __future__ import annotations

import typer

from wayhome.cli.home import opened_home
from wayhome.cli.problems import Exit


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor() -> None:
    """Look the installation over: settings, keys, databases, log, disk, clock."""
    with opened_home():
        from django.utils import timezone

        from wayhome.web.protection.doctor import Level, look_over

        found = list(look_over(timezone.now()))
    marks = {Level.WRONG: "WRONG", Level.CARE: "care", Level.GOOD: "good"}
    for finding in found:
        typer.echo(f"{marks[finding.level]:<6} {finding.message}")
    wrong = sum(finding.level is Level.WRONG for finding in found)
    typer.echo(f"\n{wrong} wrong, {sum(f.level is Level.CARE for f in found)} to take care of.")
    if wrong:
        raise typer.Exit(Exit.DISAGREES)
