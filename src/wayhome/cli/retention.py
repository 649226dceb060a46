"""`wayhome retention`: warns of cases whose time is over; erases them only when told how many."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from wayhome.cli.home import opened_home
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars


def add_to(app: typer.Typer) -> None:
    app.command("retention")(retention)


def retention(
    organization: Annotated[str | None, typer.Option("--organization")] = None,
    within: Annotated[int, typer.Option("--within", min=0, help="Days ahead.")] = 60,
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase those whose time is over, once confirmed.")
    ] = False,
    confirm: Annotated[
        int | None, typer.Option("--confirm", help="How many will be erased; else it asks.")
    ] = None,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="The clock was looked at.")
    ] = False,
) -> None:
    """List cases whose time is over or soon will be. Nothing is erased unless you confirm it."""
    from wayhome.cli.web import organization_called

    with opened_home():
        from django.utils import timezone

        from wayhome.web.audit.actors import command
        from wayhome.web.protection.erasure import Why, erase_case, finish_erasures
        from wayhome.web.protection.retention import ClockIsWrong, check_clock, endings

        own, now = organization_called(organization), timezone.now()
        if finished := finish_erasures(now):
            typer.echo(f"Finished {finished} erasures that had been cut short.")
        found = endings(own, now.date(), timedelta(days=within))
        past = [ending for ending in found if ending.is_past(now.date())]
        for ending in found:
            when = "over since" if ending in past else "kept until"
            typer.echo(f"{ending.case.code}  {ending.case.state:<16} {when} {ending.until}")
        typer.echo(f"{len(found)} cases, {len(past)} of them past their time.")
        if not erase or not past:
            return
        if not clock_is_right:
            try:
                check_clock(now)
            except ClockIsWrong as error:
                raise Problem(str(error)) from error
        _confirm(len(past), confirm)
        actor = command("retention", own.pk)
        with bars() as report:
            for done, ending in enumerate(past, start=1):
                erase_case(actor, None, ending.case, now, why=Why.TIME_OVER)
                report("erasing", done, len(past))
        typer.echo(f"Erased {len(past)} cases. Nobody can read them any more, in no backup either.")


def _confirm(number: int, said: int | None) -> None:
    if said is None:
        said = typer.prompt(f"Type {number} to erase {number} cases for good", type=int)
    if said != number:
        raise Problem(f"{number} cases would be erased, not {said}: nothing was.", Exit.USAGE)
