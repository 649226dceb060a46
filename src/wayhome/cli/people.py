"""`wayhome people ...`: the first administrator, and the way back in for whoever lost theirs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from wayhome.cli.home import make_master_key, opened_home, reached_at
from wayhome.cli.problems import Exit, Problem

people_app = typer.Typer(no_args_is_help=True, help="Organizations, and links for staff.")


class RoleName(StrEnum):
    CASEWORKER = "caseworker"
    ATTORNEY = "attorney"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        help="Where the application is reached, for the link; else the first of WAYHOME_ORIGINS.",
    ),
]
_HERE = "http://localhost:8000/"


def add_to(app: typer.Typer) -> None:
    app.add_typer(people_app, name="people")


@people_app.command("organization")
def organization(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    slug: Annotated[str, typer.Option("--slug", help="A short name of a-z, 0-9 and -.")],
) -> None:
    """Make an organization. Then invite its administrator: wayhome people invite."""
    with opened_home():
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_slug

        from wayhome.web.accounts.models import Organization
        from wayhome.web.audit.actors import command
        from wayhome.web.audit.chain import record

        try:
            validate_slug(slug)
        except ValidationError:
            raise Problem("--slug takes letters, digits, - and _.", Exit.USAGE) from None
        if Organization.objects.filter(slug=slug).exists():
            raise Problem(f"There is an organization {slug!r} already.", Exit.USAGE)
        make_master_key()
        made = Organization.objects.create(name=name, slug=slug)
        record(command("people", made.pk), "made an organization")
        typer.echo(f"Next: wayhome people invite EMAIL --organization {slug}")


@people_app.command("invite")
def invite(
    email: str,
    role: Annotated[RoleName, typer.Option("--role")] = RoleName.ADMINISTRATOR,
    slug: Annotated[str | None, typer.Option("--organization")] = None,
    address: _Address = None,
) -> None:
    """Make a link that lets somebody in once. It is printed and kept nowhere."""
    from wayhome.cli.web import organization_called

    with opened_home():
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.utils import timezone

        from wayhome.web.accounts import actions
        from wayhome.web.audit.actors import command

        own = organization_called(slug)
        try:
            validate_email(email)
            link = actions.invite(
                command("people", own.pk), None, own, email=email, role=role, now=timezone.now()
            )
        except ValidationError:
            raise Problem(f"{email!r} is no email address.", Exit.USAGE) from None
        except actions.CannotBe as error:
            raise Problem(str(error), Exit.USAGE) from error
        _print(address, link)


@people_app.command("back")
def back(
    email: str,
    slug: Annotated[str | None, typer.Option("--organization")] = None,
    address: _Address = None,
) -> None:
    """Make a link for somebody who lost their password or second factor; ends their sessions."""
    from wayhome.cli.web import organization_called

    with opened_home():
        from django.utils import timezone

        from wayhome.web.accounts import actions
        from wayhome.web.audit.actors import command

        own = organization_called(slug)
        lost = own.memberships.filter(user__email__iexact=email, is_active=True).first()
        if lost is None:
            raise Problem(f"{email!r} does not work for {own.name}.", Exit.USAGE)
        actor = command("people", own.pk)
        _print(address, actions.let_back_in(actor, None, lost, timezone.now()))


def _print(address: str | None, link) -> None:  # type: ignore[no-untyped-def]
    from django.urls import reverse

    path = reverse("join_by_link", args=[link.secret])
    until = f"{link.invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    typer.echo(f"Works once, until {until}. Hand it over so that nobody else sees it:", err=True)
    typer.echo(f"{(address or reached_at(_HERE)).rstrip('/')}{path}")
