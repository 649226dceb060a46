"""A copy of the keyring, sealed with a passphrase, kept apart from the backups.

Keep only the newest: an older copy still holds the keys of cases that were erased since, and
with an old backup would open them again.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction

from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import record
from wayhome.web.protection.backup import NotEmpty, clear_away_killed
from wayhome.web.protection.files import UNFINISHED, for_the_owner_only, sync_folder
from wayhome.web.protection.keys import INSTALLATION
from wayhome.web.protection.master_keys import (
    as_lines,
    master_keys,
    replace_master_key_file,
)
from wayhome.web.protection.models import CaseKey, OrganizationKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealed_stream import OpeningReader, SealingWriter, new_header

KIND = "copy of the keyring"


@dataclass(frozen=True)
class Copied:
    """How many keys a copy holds, and whether the master keys are among them."""

    organizations: int
    cases: int
    with_master_keys: bool


def write_keyring_copy(
    path: Path, now: datetime, passphrase: str, *, with_master_keys: bool
) -> Copied:
    """Writes all keys to a file, in place of an older copy there: only the newest is kept."""
    with transaction.atomic(using=KEYRING):
        said: dict[str, Any] = {
            "organizations": [_plain(row) for row in OrganizationKey.objects.order_by("pk")],
            "cases": [_plain(row) for row in CaseKey.objects.order_by("pk")],
            "master_keys": as_lines(master_keys()) if with_master_keys else "",
        }
    record(command("keys"), "copied the keyring", at=now)
    # One that was whole and not in its place yet would be an older copy that nobody destroys.
    clear_away_killed(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with open(beside, "xb", opener=for_the_owner_only) as file:
            header = new_header(KIND, now.isoformat(), passphrase)
            sealed = SealingWriter(file, header, passphrase)
            sealed.write(json.dumps(said).encode())
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return _copied(said)


def _copied(said: Mapping[str, Any]) -> Copied:
    """An organization may have several keys, and the installation has one: neither counts."""
    organizations = {row["organization"] for row in said["organizations"]} - {str(INSTALLATION)}
    return Copied(len(organizations), len(said["cases"]), bool(said["master_keys"]))


def _plain(row: Any) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def read_keyring_copy(path: Path, passphrase: str) -> Copied:
    """Puts a copy of the keyring into a home without keys. Raises NotEmpty, NotWhole, WrongKey."""
    with path.open("rb") as file:
        said = json.loads(OpeningReader(file, KIND, passphrase).read())
    call_command("migrate", "protection", database=KEYRING, interactive=False, verbosity=0)
    if OrganizationKey.objects.exists() or CaseKey.objects.exists():
        raise NotEmpty("There are keys here already; a copy is put into an empty home only.")
    if said["master_keys"]:
        _put_master_keys(said["master_keys"])
    with transaction.atomic(using=KEYRING):
        for model, rows in ((OrganizationKey, said["organizations"]), (CaseKey, said["cases"])):
            model._base_manager.bulk_create([_row(model, row) for row in rows], batch_size=1000)
        _count_on()
    return _copied(said)


def _row(model: Any, said: dict[str, Any]) -> Any:
    row = model()
    for field in model._meta.concrete_fields:
        own = field.target_field if field.is_relation else field
        value = said[field.attname]
        setattr(row, field.attname, None if value is None else own.to_python(value))
    return row


def _put_master_keys(lines: str) -> None:
    """Writes the master key file, unless this home has its own."""
    path = Path(settings.MASTER_KEY_FILE)
    if os.environ.get("WAYHOME_MASTER_KEYS") or path.exists():
        held = set(as_lines(master_keys()).split())
        if not set(lines.split()) <= held:
            raise NotEmpty(f"There are other master keys here already ({path.name}).")
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    replace_master_key_file(path, lines)


def _count_on() -> None:
    connection = connections[KEYRING]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [OrganizationKey]):
            cursor.execute(sql)
