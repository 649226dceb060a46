"""`wayhome web ...`: what is done to the application's data from the machine that it runs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.home import check_home, start_django
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars

if TYPE_CHECKING:
    from wayhome.web.accounts.models import Organization

web_app = typer.Typer(no_args_is_help=True, help="The application's data: invent, export, import.")

_Slug = Annotated[
    str | None, typer.Option("--organization", help="Its short name; not needed if there is one.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(web_app, name="web")


def organization_called(slug: str | None) -> Organization:
    """The organization of a short name, or the only one. Raises Problem."""
    from wayhome.web.accounts.models import Organization

    every = {o.slug: o for o in Organization.objects.all()}
    if slug is None and len(every) == 1:
        return next(iter(every.values()))
    if slug not in every:
        known = ", ".join(sorted(every)) or "none yet"
        said = f"There is no organization {slug!r}" if slug else "Say which --organization"
        raise Problem(f"{said}; there is: {known}.", Exit.USAGE)
    return every[slug]


def _start() -> None:
    check_home()
    start_django()


@web_app.command("invent")
def invent(
    cases: Annotated[int, typer.Option("--cases", min=1, max=100_000)] = 500,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same stories.")] = 1,
    name: Annotated[str, typer.Option("--name", help="Of the invented organization.")] = (
        "Invented Harbor Clinic"
    ),
    slug: Annotated[str, typer.Option("--slug", help="Its short name.")] = "invented-harbor",
) -> None:
    """Make an organization with invented staff and cases, for a trial. Nobody in it exists."""
    _start()
    from django.utils import timezone

    from wayhome.web.accounts.models import Organization
    from wayhome.web.cases.invented import PASSWORD, invented_caseload, invented_staff

    if Organization.objects.filter(slug=slug).exists():
        raise Problem(f"There is an organization {slug!r} already: choose another --slug.")
    organization = Organization.objects.create(name=name, slug=slug)
    staff = invented_staff(organization)
    with bars() as report:
        for done in invented_caseload(organization, cases, seed, timezone.now()):
            report("inventing", done, cases)
    typer.echo(f"{name}: {cases:,} INVENTED cases. Everybody's password: {PASSWORD}")
    for member in staff:
        typer.echo(f"  {member.get_role_display():<40} {member.user.email}")


@web_app.command("export")
def export_all(
    to: Annotated[Path, typer.Argument(help="A folder that is not there yet, or a .zip file.")],
    organization: _Slug = None,
    format: Annotated[str, typer.Option("--format", help="csv, xlsx or jsonl.")] = "csv",
    with_a_numbers: Annotated[
        bool, typer.Option("--with-a-numbers", help="A-numbers are left out unless you say so.")
    ] = False,
) -> None:
    """Export everything an organization owns: tables, documents, log. It is NOT sealed."""
    _start()
    from django.utils import timezone

    from wayhome.web.audit.actors import command
    from wayhome.web.exports.exporting import AlreadyThere, export

    own = organization_called(organization)
    try:
        counts = export(
            command("export", own.pk),
            own,
            to,
            format=format,
            with_a_numbers=with_a_numbers,
            now=timezone.now(),
        )
    except (AlreadyThere, ValueError) as error:
        raise Problem(str(error), Exit.CANNOT_WRITE) from error
    typer.echo(f"{to}: {counts['cases']:,} cases, {counts['files']:,} files. It is not sealed.")


@web_app.command("import")
def import_all(
    source: Annotated[Path, typer.Argument(help="What `wayhome web export` wrote.", exists=True)],
    organization: _Slug = None,
) -> None:
    """Take an export into an organization that has no cases: all of it, or nothing."""
    _start()
    from django.utils import timezone

    from wayhome.web.audit.actors import command
    from wayhome.web.exports.importing import NotEmpty, import_export
    from wayhome.web.exports.reading import Faulty

    own = organization_called(organization)
    try:
        counts = import_export(command("import", own.pk), own, source, timezone.now())
    except (Faulty, NotEmpty) as error:
        raise Problem(str(error)) from error
    typer.echo(f"{own.name}: {counts['cases']:,} cases taken in. Invite the people: wayhome people")


@web_app.command("reindex")
def reindex_all(organization: _Slug = None) -> None:
    """Make what names are found by anew: after an update that reads names in another way."""
    _start()
    from wayhome.web.audit.actors import command
    from wayhome.web.audit.chain import record
    from wayhome.web.cases.models import Case
    from wayhome.web.cases.reindexing import reindex

    own = organization_called(organization)
    total = Case._base_manager.filter(organization=own, erased_at=None).count()
    done = 0
    with bars() as report:
        for done in reindex(own.pk):
            report("cases", done, total)
    record(command("reindex", own.pk), "made search words anew", details={"cases": done})
    typer.echo(f"{own.name}: {done:,} cases can be found again.")
