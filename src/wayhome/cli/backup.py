"""`wayhome backup`, `wayhome restore`, `wayhome verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.home import Passphrase, PassphraseFile, opened_home, passphrase_of
from wayhome.cli.problems import Exit, Problem

if TYPE_CHECKING:
    from wayhome.web.protection.backup import Contents
    from wayhome.web.protection.sealed_stream import Header


def add_to(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify")(verify)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    passphrase: Passphrase = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write all data and files to one sealed file, while people go on working. Holds no keys."""
    with opened_home():
        from django.utils import timezone

        from wayhome.web.protection.backup import write_backup

        said = _said(passphrase, passphrase_file, twice=True)
        try:
            contents = write_backup(file, timezone.now(), said)
        except FileExistsError:
            raise Problem(f"{file} is there already; choose another name.", Exit.USAGE) from None
        typer.echo(f"{file}: {_told(contents)}")
        typer.echo("It holds no keys. Copy those apart, newest only: wayhome keys export FILE")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put a backup into an empty home. A file that was cut or altered is refused whole."""
    with opened_home(may_be_new=True):
        from django.utils import timezone

        from wayhome.web.protection.backup import NotEmpty, OtherTables, restore_backup
        from wayhome.web.protection.sealed_stream import NotWhole, WrongKey

        said = _for(file, passphrase_file)
        try:
            contents = restore_backup(file, timezone.now(), said)
        except (NotWhole, WrongKey, NotEmpty, OtherTables) as error:
            raise Problem(f"{file}: {error} Nothing was restored.") from error
        typer.echo(f"Restored {_told(contents)}, as of {contents.made_at[:16]} UTC.")
        typer.echo("Everybody signs in anew; tokens and open invitations do not work any more.")
        typer.echo("Look at /people/: whoever was let go since that day is back.")
        typer.echo("Without the keyring nothing of a case opens: wayhome keys import FILE")


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A backup. Without one: the log of this home.")
    ] = None,
    expect: Annotated[
        str | None, typer.Option("--expect", help="NUMBER:HASH that was noted before.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Check that the log is whole and unchanged, or that a backup can be restored."""
    with opened_home():
        if file is None:
            _verify_log(expect)
            return
        from wayhome.web.protection.backup import verify_backup
        from wayhome.web.protection.sealed_stream import NotWhole, WrongKey

        if not file.is_file():
            raise Problem(f"There is no file {file}.", Exit.USAGE)
        try:
            contents = verify_backup(file, _for(file, passphrase_file))
        except (NotWhole, WrongKey) as error:
            raise Problem(f"{file}: {error}", Exit.DISAGREES) from error
        typer.echo(f"{file} is whole: {_told(contents)}, made {contents.made_at[:16]} UTC.")
        typer.echo(f"It is sealed with {_sealed_with(file)}.")


def _verify_log(expect: str | None) -> None:
    from wayhome.web.audit.chain import breaks, head_of_chain, holds

    faults = [f"Event {found.number}: {found.message}" for found in breaks()]
    if expect is not None:
        number, _, known = expect.partition(":")
        if not number.isdecimal() or not known:
            raise Problem("--expect takes NUMBER:HASH, as wayhome verify printed it.", Exit.USAGE)
        if not holds(int(number), known):
            faults.append(_other_than_noted(int(number)))
    if faults:
        raise Problem("\n".join(["The log was tampered with:", *faults]), Exit.DISAGREES)
    number, head = head_of_chain()
    typer.echo(f"The log is whole: {number:,} events. Note this elsewhere: {number}:{head}")


def _other_than_noted(number: int) -> str:
    """What became of an event whose number and hash were noted. The log may have been cut off."""
    from wayhome.web.audit.models import Event

    newest = Event.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if newest >= number:
        return f"Event {number} is not the one that was noted then."
    gone = f"Events {newest + 1} to {number} are" if newest + 1 < number else f"Event {number} is"
    return f"{gone} gone: the log was cut off after event {newest}."


def _said(wanted: bool, file: Path | None, *, twice: bool) -> str | None:
    return passphrase_of(file, twice=twice) if wanted or file else None


def _header(path: Path) -> Header:
    """What a backup says of itself without being opened. Raises Problem."""
    from wayhome.web.protection.backup import KIND
    from wayhome.web.protection.sealed_stream import NotWhole, read_header

    with path.open("rb") as backup_file:
        try:
            return read_header(backup_file, KIND)[0]
        except NotWhole as error:
            raise Problem(f"{path}: {error}") from error


def _for(path: Path, file: Path | None) -> str | None:
    """The passphrase of a backup, asked for only where it has one.

    Where it has none and no master key is here, none is made: it would not open anything.
    """
    from django.conf import settings

    from wayhome.web.protection.master_keys import has_master_key

    header = _header(path)
    if header.scrypt is not None:
        return passphrase_of(file, twice=False)
    if not has_master_key():
        raise Problem(
            f"{path} is sealed with the master key {header.master_key!r}, which is not here: write "
            f"its line from your paper copy into {settings.MASTER_KEY_FILE}"
        )
    return None


def _sealed_with(path: Path) -> str:
    header = _header(path)
    return f"the master key {header.master_key!r}" if header.master_key else "a passphrase"


def _told(contents: Contents) -> str:
    return f"{contents.rows:,} rows of {len(contents.tables)} tables, {contents.files:,} documents"
