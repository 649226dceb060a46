"""`wayhome backup`, `restore` and `verify`: everything but the keys, in one sealed file.

Inside is a tar: `rows/NAME/00000001` for each table, `files/CASE/DOCUMENT` still sealed with the
cases' keys, and `manifest.json` at the end with the counts. Because no key of a case is in it,
erasing a case reaches into every backup that there is.
"""

from __future__ import annotations

import glob
import io
import json
import os
import shutil
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import breaks, record
from wayhome.web.protection import backup_tables as tables
from wayhome.web.protection.erasure import finish_erasures
from wayhome.web.protection.files import UNFINISHED, for_the_owner_only, sync_folder
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealed_stream import (
    NotWhole,
    OpeningReader,
    SealingWriter,
    new_header,
)

KIND, MANIFEST, ROWS, FILES = "backup", "manifest.json", "rows", "files"
_UNDER_WAY = "restore-unfinished"

Progress = Callable[[str], None]


class NotEmpty(Exception):
    """A backup is put into an empty home only: nothing is ever overwritten by it."""


class OtherTables(Exception):
    """The backup was made by another version, whose tables have another form."""


@dataclass
class Contents:
    """What a backup holds. `tables` and `files` count rows and documents."""

    made_at: str
    migrations: list[str]
    tables: Counter[str] = field(default_factory=Counter)
    files: int = 0

    @property
    def rows(self) -> int:
        return self.tables.total()


def write_backup(
    path: Path, now: datetime, passphrase: str | None = None, progress: Progress | None = None
) -> Contents:
    """Writes a backup beside its place and puts it there whole. Others go on working meanwhile.

    Raises FileExistsError rather than overwriting, and OSError where the disk is full; then
    nothing is left.
    """
    if path.exists():
        raise FileExistsError(path)
    record(command("backup"), "made a backup", at=now)
    clear_away_killed(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with open(beside, "xb", opener=for_the_owner_only) as file:
            contents = _write(file, now, passphrase, progress or _silent)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return contents


def clear_away_killed(path: Path) -> None:
    """What a killed run for the same file left beside it. No other program's, and none at work."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.*{UNFINISHED}"):
        number = left.name.removeprefix(f"{path.name}.").removesuffix(UNFINISHED)
        if number.isdecimal() and not _is_at_work(int(number)):
            left.unlink(missing_ok=True)


def _is_at_work(process: int) -> bool:
    if sys.platform == "win32":
        return True  # asking would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _silent(_: str) -> None:
    pass


def _write(file: BinaryIO, now: datetime, passphrase: str | None, progress: Progress) -> Contents:
    sealed = SealingWriter(file, new_header(KIND, now.isoformat(), passphrase), passphrase)
    with tables.snapshot() as alias:
        contents = Contents(now.isoformat(), tables.migrations_applied(alias))
        with tarfile.open(mode="w|", fileobj=sealed) as tar:  # type: ignore[call-overload]
            for model in tables.kept_models():
                progress(model._meta.label)
                _add_table(tar, model, alias, contents)
            progress(FILES)
            _add_files(tar, contents)
            manifest = json.dumps(contents.__dict__, sort_keys=True).encode()
            _add(tar, MANIFEST, manifest)
    sealed.finish()
    return contents


def _add_table(tar: tarfile.TarFile, model: Any, alias: str, contents: Contents) -> None:
    name = model._meta.label
    for number, (count, part) in enumerate(tables.parts_of(model, alias), start=1):
        _add(tar, f"{ROWS}/{name}/{number:08}", part)
        contents.tables[name] += count


def _add_files(tar: tarfile.TarFile, contents: Contents) -> None:
    root = Path(settings.FILES)
    for path in sorted(root.rglob("*")):
        if path.suffix == UNFINISHED or not path.is_file() or path.is_symlink():
            continue
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # erased since the folder was listed
        with file:
            about = tarfile.TarInfo(f"{FILES}/{path.relative_to(root).as_posix()}")
            about.size = os.fstat(file.fileno()).st_size
            tar.addfile(about, file)
        contents.files += 1


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(data)
    tar.addfile(about, io.BytesIO(data))


def verify_backup(path: Path, passphrase: str | None = None) -> Contents:
    """Reads a backup to its end. Raises NotWhole or WrongKey; else says what it holds."""
    counted: Counter[str] = Counter()
    files, contents = 0, None
    for name, file in _members(path, passphrase):
        if name.parts[0] == ROWS:
            counted[name.parts[1]] += file.read().count(b"\n") + 1
        elif name.parts[0] == FILES:
            files += 1
            while file.read(2**20):
                pass
        else:
            contents = _contents(file.read())
    if contents is None or (contents.tables, contents.files) != (counted, files):
        raise NotWhole("What is in this backup does not agree with its own count.")
    return contents


def _contents(manifest: bytes) -> Contents:
    said = json.loads(manifest)
    return Contents(**said | {"tables": Counter(said["tables"])})


def _members(path: Path, passphrase: str | None) -> Iterator[tuple[PurePosixPath, Any]]:
    """Each member of the tar inside, in order; at the end the file was read to its last byte."""
    with path.open("rb") as file:
        reader = OpeningReader(file, KIND, passphrase)
        try:
            with tarfile.open(mode="r|", fileobj=reader) as tar:  # type: ignore[call-overload]
                for member in tar:
                    name = PurePosixPath(member.name)
                    if not member.isfile() or name.is_absolute() or ".." in name.parts:
                        raise NotWhole("This backup holds something that is no part of one.")
                    yield name, tar.extractfile(member)
        except tarfile.TarError:
            raise NotWhole("This backup was cut short or altered.") from None
        reader.read_to_the_end()


def restore_backup(
    path: Path, now: datetime, passphrase: str | None = None, progress: Progress | None = None
) -> Contents:
    """Puts a backup into an empty home: all of it, or nothing.

    The file is read through once before anything is written. Whoever was signed in is not, tokens
    are revoked and open invitations withdrawn: what was ended since the backup stays ended. Cases
    that were erased since are erased again (the keyring knows them).
    """
    contents = verify_backup(path, passphrase)
    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", "protection", database=KEYRING, interactive=False, verbosity=0)
    _check_empty()
    if contents.migrations != tables.migrations_applied("default"):
        raise OtherTables(
            f"This backup of {contents.made_at[:10]} was made by another version of Wayhome. "
            "Restore it with that version, then update."
        )
    with _marked():
        beside = _unpack_files(path, passphrase)
        with transaction.atomic():
            _put_rows(path, passphrase, progress or _silent)
            _end_what_was_open(now)
            _put_files(beside)
            if list(breaks()):
                raise NotWhole("The log in this backup does not hold together.")
            record(command("restore"), "restored a backup", details={"made": contents.made_at})
    finish_erasures(now)
    return contents


def _check_empty() -> None:
    held = [label for label in ("accounts.User", "cases.Case", "audit.Event") if _has_rows(label)]
    if held:
        raise NotEmpty("This home holds data. Restore into an empty one (WAYHOME_HOME).")
    if _files_there() and not (settings.HOME / _UNDER_WAY).exists():
        raise NotEmpty("This home holds files. Restore into an empty one (WAYHOME_HOME).")


def _has_rows(label: str) -> bool:
    return bool(apps.get_model(label)._base_manager.exists())


def _files_there() -> bool:
    root = Path(settings.FILES)
    return root.is_dir() and any(root.iterdir())


@contextmanager
def _marked() -> Iterator[None]:
    """A mark for as long as it takes: a restore that was killed may be begun again."""
    mark = settings.HOME / _UNDER_WAY
    mark.touch()
    yield
    mark.unlink()


def _unpack_files(path: Path, passphrase: str | None) -> Path:
    beside = Path(settings.FILES).with_name("files.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    for name, file in _members(path, passphrase):
        if name.parts[0] != FILES:
            continue
        target = beside.joinpath(*name.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(target, "xb", opener=for_the_owner_only) as out:
            shutil.copyfileobj(file, out, 2**20)
            out.flush()
            os.fsync(out.fileno())
    return beside


def _put_files(beside: Path) -> None:
    root = Path(settings.FILES)
    shutil.rmtree(root, ignore_errors=True)
    beside.replace(root)
    sync_folder(root.parent)


def _put_rows(path: Path, passphrase: str | None, progress: Progress) -> None:
    models = {model._meta.label: model for model in tables.kept_models()}
    for model in models.values():
        if model._base_manager.exists():  # what a migration put there
            model._base_manager.all().delete()
    for name, file in _members(path, passphrase):
        if name.parts[0] == ROWS:
            progress(name.parts[1])
            tables.put_part(models[name.parts[1]], file.read())
    tables.count_on_from_here(models.values())
    connection.check_constraints()


def _end_what_was_open(now: datetime) -> None:
    tokens = apps.get_model("api.Token")._base_manager
    tokens.filter(revoked_at=None).update(revoked_at=now)
    invitations = apps.get_model("accounts.Invitation")._base_manager
    invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
