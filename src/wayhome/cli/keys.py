"""`wayhome keys ...`: making, changing, copying keys. Each change can be stopped and run again."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from wayhome.cli.home import PassphraseFile, opened_home, passphrase_of
from wayhome.cli.problems import Exit, Problem, number_of
from wayhome.cli.progress import bars

if TYPE_CHECKING:
    from wayhome.web.protection.keyring_copy import Copied

keys_app = typer.Typer(no_args_is_help=True, help="Keys: make, change, copy.")


def add_to(app: typer.Typer) -> None:
    app.add_typer(keys_app, name="keys")


@keys_app.command("new")
def new(name: Annotated[str, typer.Argument(help="A name for it, such as 2027.")]) -> None:
    """Make a master key that wraps from now on. Then run: wayhome keys rotate-master"""
    if not name.replace("-", "").replace("_", "").isalnum():
        raise Problem("A key's name is of letters, digits, - and _.", Exit.USAGE)
    with opened_home():
        from django.conf import settings

        from wayhome.web.protection.master_keys import (
            as_lines,
            master_keys,
            new_master_key,
            replace_master_key_file,
        )

        line = new_master_key(name)
        if os.environ.get("WAYHOME_MASTER_KEYS"):
            typer.echo("Put this before the others in WAYHOME_MASTER_KEYS, with a comma,", err=True)
            typer.echo("and on paper: your copy of the master key is out of date.", err=True)
            typer.echo(line)
            return
        held = master_keys()
        if name in held:
            raise Problem(f"There is a master key {name!r} already.", Exit.USAGE)
        replace_master_key_file(Path(settings.MASTER_KEY_FILE), f"{line}\n{as_lines(held)}")
        typer.echo(f"{name} is the master key now, in {settings.MASTER_KEY_FILE}.")
        typer.echo("Your paper copy of the master key is OUT OF DATE: copy that file again, now.")
        typer.echo("Next: wayhome keys rotate-master")


@keys_app.command("rotate-master")
def rotate_master() -> None:
    """Wrap every organization's key with the first master key."""
    with opened_home():
        from wayhome.web.audit.actors import command
        from wayhome.web.audit.chain import record
        from wayhome.web.protection.master_keys import current_master_key, master_keys
        from wayhome.web.protection.models import OrganizationKey
        from wayhome.web.protection.rotation import rewrap_for_master

        name, _ = current_master_key()
        total = OrganizationKey.objects.exclude(master_key=name).count()
        record(command("keys"), "rotates the master key", details={"to": name, "keys": total})
        with bars() as report:
            for done in rewrap_for_master():
                report("organization keys", done, total)
        others = [other for other in master_keys() if other != name]
        typer.echo(f"{total} keys are wrapped with {name} now; none is left behind.")
        typer.echo(f"A paper copy of the master key that does not hold {name} is OUT OF DATE.")
        if others:
            typer.echo("Next: wayhome backup FILE, then wayhome keys export FILE.")
        for other in others:
            typer.echo(
                f"{other} wraps nothing any more, but every backup that it sealed needs it still "
                f"(wayhome verify FILE names the key). When you need none of those any more: "
                f"wayhome keys retire {other}"
            )


@keys_app.command("retire")
def retire(
    name: str,
    confirm: Annotated[
        str | None, typer.Option("--confirm", help="The key's name once more; else it asks.")
    ] = None,
) -> None:
    """Take an old master key out of the master key file. Refused while a case needs it.

    Every backup that it sealed becomes unreadable: wayhome verify FILE names the key of a backup.
    """
    with opened_home():
        from django.conf import settings

        from wayhome.web.audit.actors import command
        from wayhome.web.audit.chain import record
        from wayhome.web.protection.master_keys import (
            as_lines,
            master_keys,
            replace_master_key_file,
        )
        from wayhome.web.protection.rotation import master_keys_in_use

        held = dict(master_keys())
        if name not in held:
            raise Problem(f"There is no master key {name!r}.", Exit.USAGE)
        if name in master_keys_in_use() or len(held) == 1:
            raise Problem(f"{name} is needed still: run wayhome keys rotate-master first.")
        _confirm_retiring(name, confirm)
        record(command("keys"), "retired a master key", details={"name": name})
        del held[name]
        if os.environ.get("WAYHOME_MASTER_KEYS"):
            typer.echo(f"Take {name} out of WAYHOME_MASTER_KEYS.")
            return
        replace_master_key_file(Path(settings.MASTER_KEY_FILE), as_lines(held))
        typer.echo(f"{name} is gone. Make a new copy of the keyring: wayhome keys export FILE")


def _confirm_retiring(name: str, said: str | None) -> None:
    """Asks at a terminal for the key's name; without one it must have been said."""
    typer.echo(
        f"EVERY BACKUP that {name} sealed becomes unreadable, for good, unless you have {name} on "
        "paper. To see which key sealed a backup: wayhome verify FILE",
        err=True,
    )
    if said is None and sys.stdin.isatty():
        said = str(typer.prompt(f"Type {name} to take it out", err=True))
    if said is None:
        raise Problem(f"Nothing was changed. To go on: --confirm {name}", Exit.USAGE)
    if said != name:
        raise Problem(f"{name} would be taken out, not {said!r}: nothing was.", Exit.USAGE)


@keys_app.command("rotate-organization")
def rotate_organization(
    organization: Annotated[str | None, typer.Option("--organization")] = None,
) -> None:
    """Give an organization a new key and wrap its cases' keys with it."""
    from wayhome.cli.web import organization_called

    with opened_home():
        from wayhome.web.audit.actors import command
        from wayhome.web.audit.chain import record
        from wayhome.web.protection.models import CaseKey
        from wayhome.web.protection.rotation import (
            begin_organization_change,
            rewrap_for_organization,
        )

        own = organization_called(organization)
        begin_organization_change(own.pk)
        total = CaseKey.objects.filter(organization_key__organization=own.pk).count()
        record(command("keys", own.pk), "rotates the organization's key")
        done = 0
        with bars() as report:
            for done in rewrap_for_organization(own.pk):
                report("case keys", done, total)
        typer.echo(f"{done} case keys of {own.name} are wrapped with its newest key.")


@keys_app.command("rotate-case")
def rotate_case(
    cases: Annotated[list[str] | None, typer.Argument(help="Codes or numbers of cases.")] = None,
    organization: Annotated[
        str | None, typer.Option("--organization", help="Or: every case of this one.")
    ] = None,
) -> None:
    """Give cases new keys and seal their fields and files anew, while people work on them."""
    with opened_home():
        wanted = _cases(cases, organization)
        from wayhome.web.audit.actors import command
        from wayhome.web.audit.chain import record

        record(command("keys"), "rotates cases' keys", details={"cases": len(wanted)})
        _change(wanted)
        typer.echo(f"{len(wanted)} cases have new keys; the former ones are destroyed.")


def _cases(cases: list[str] | None, organization: str | None) -> list[UUID]:
    from django_scopes import scope

    from wayhome.cli.web import organization_called
    from wayhome.web.campaign.models import Signer
    from wayhome.web.cases.models import Case

    if cases:
        return [_case_called(text) for text in cases]
    if organization is None:
        raise Problem("Say which cases, or --organization for all of one.", Exit.USAGE)
    own = organization_called(organization)
    with scope(organization=own):
        own_cases = Case.objects.filter(erased_at=None).values_list("pk", flat=True)
        # Whoever signs a letter has a key like a case's.
        return [*own_cases, *Signer.objects.values_list("pk", flat=True)]


def _case_called(text: str) -> UUID:
    """The case of a code, as its page shows it, or of a number. Raises Problem."""
    from wayhome.web.cases.models import Case, code_as_compared

    try:
        return UUID(text)
    except ValueError:
        rows = Case._base_manager.filter(code=code_as_compared(text), erased_at=None)
    found: UUID | None = rows.values_list("pk", flat=True).first()
    if found is None:
        raise Problem(f"No case has the code {text}. A code looks like K7QM-2XNP.", Exit.USAGE)
    return found


def _change(cases: list[UUID]) -> None:
    """All cases at once: their former keys are needed for a minute, which is waited once."""
    from django.utils import timezone

    from wayhome.web.protection.models import CaseKey
    from wayhome.web.protection.rotation import (
        SETTLED,
        begin_case_change,
        end_case_change,
        reseal_case,
    )

    known = set(CaseKey.objects.filter(pk__in=cases).values_list("pk", flat=True))
    if missing := [str(case) for case in cases if case not in known]:
        raise Problem(f"There is no key of {missing[0]}.", Exit.USAGE)
    with bars() as report:
        for done, case in enumerate(cases, start=1):
            begin_case_change(case, timezone.now())
            reseal_case(case)
            report("sealing anew", done, len(cases))
    newest = CaseKey.objects.filter(pk__in=cases).exclude(former=b"").order_by("-changed_at")
    last = newest.values_list("changed_at", flat=True).first()
    if last is not None:
        wait = (last + SETTLED - timezone.now()).total_seconds() + 1
        typer.echo("Waiting a minute until every page that was open before is done.", err=True)
        time.sleep(max(0.0, wait))
    with bars() as report:
        for done, case in enumerate(cases, start=1):
            end_case_change(case, timezone.now())
            report("destroying former keys", done, len(cases))


@keys_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to; an older copy there is replaced.")],
    master: Annotated[
        bool,
        typer.Option(
            "--with-master/--no-master",
            help="With the master keys. Then this file and its passphrase open every backup.",
        ),
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy the keyring to a file sealed with a passphrase. Keep only the newest copy.

    An older copy would open, with an old backup, what was erased since.
    """
    with opened_home():
        from django.utils import timezone

        from wayhome.web.protection.keyring_copy import write_keyring_copy

        said = passphrase_of(passphrase_file, twice=True)
        copied = write_keyring_copy(file, timezone.now(), said, with_master_keys=master)
        typer.echo(f"{file}: {_told(copied)}.")
        if not master:
            typer.echo("The master key is not in it: keep that on paper or a second stick.")
        typer.echo("Destroy every older copy: it holds keys of cases that were erased since.")


@keys_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put a copy of the keyring into a home that has no keys."""
    with opened_home(may_be_new=True):
        from django.utils import timezone

        from wayhome.web.protection.backup import NotEmpty
        from wayhome.web.protection.erasure import finish_erasures
        from wayhome.web.protection.keyring_copy import read_keyring_copy
        from wayhome.web.protection.sealed_stream import NotWhole, WrongKey

        said = passphrase_of(passphrase_file, twice=False)
        try:
            copied = read_keyring_copy(file, said)
        except (NotWhole, WrongKey, NotEmpty) as error:
            raise Problem(f"{file}: {error} Nothing was put in.") from error
        typer.echo(f"Put in: {_told(copied)}.")
        _say_which_master_keys()
        if again := _erase_again(finish_erasures, timezone.now()):
            typer.echo(f"{again} cases that were erased before are erased here too.")


def _told(copied: Copied) -> str:
    organizations = number_of(copied.organizations, "organization")
    also = ", and the master keys" if copied.with_master_keys else ""
    return f"keys of {organizations}, {number_of(copied.cases, 'case')}{also}"


def _say_which_master_keys() -> None:
    """Where the master key was kept apart, it is put in by hand: which, and where."""
    from django.conf import settings

    from wayhome.web.protection.master_keys import has_master_key, master_keys
    from wayhome.web.protection.rotation import master_keys_in_use

    held = set(master_keys()) if has_master_key() else set()
    if missing := master_keys_in_use() - held:
        typer.echo(
            f"They open with the master key {', '.join(sorted(missing))}, which is not here yet: "
            f"write its line from your paper copy into {settings.MASTER_KEY_FILE}"
        )


def _erase_again(finish, now) -> int:  # type: ignore[no-untyped-def]
    """Where the data came back before the keys did; without tables there is nothing to erase."""
    from django.db import connection

    return finish(now) if "cases_case" in connection.introspection.table_names() else 0
