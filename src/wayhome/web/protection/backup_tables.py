"""Which tables a backup holds, and their rows as lines of text, the same for both databases."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

# What a backup does not hold, and why.
LEFT_OUT = {
    "protection.OrganizationKey": "a key; no backup holds one",
    "protection.CaseKey": "a key; no backup holds one",
    "sessions.Session": "who is signed in; everybody signs in anew",
    "accounts.SignIn": "who is signed in; everybody signs in anew",
    "axes.AccessAttempt": "wrong passwords of the last minutes",
    "axes.AccessAttemptExpiration": "wrong passwords of the last minutes",
    "axes.AccessFailureLog": "wrong passwords of the last minutes",
    "axes.AccessLog": "kept by nobody: settings",
    "campaign.SigningTry": "tries of the last day",
    "contenttypes.ContentType": "made by the migrations",
    "auth.Permission": "made by the migrations",
    "auth.Group": "not used: roles are in code",
    "auth.Group_permissions": "not used: roles are in code",
    "accounts.User_groups": "not used: roles are in code",
    "accounts.User_user_permissions": "not used: roles are in code",
}
ROWS_A_PART = 2000
SNAPSHOT = "snapshot"


def kept_models() -> list[Any]:
    """The models whose rows a backup holds."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in LEFT_OUT and model._meta.managed and not model._meta.proxy
    ]


_KEYRING_AND_OTHERS = frozenset({"protection", "sessions", "axes", "contenttypes", "auth"})


def migrations_applied(alias: str) -> list[str]:
    """Which form the tables have: the names of all migrations that were applied."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in _KEYRING_AND_OTHERS)


@contextmanager
def snapshot() -> Iterator[str]:
    """A second connection that sees the database as it is now, whatever is written meanwhile.

    It holds nobody up: SQLite reads its log (WAL), PostgreSQL its older row versions.
    """
    own = connections["default"].copy(alias=SNAPSHOT)
    if own.vendor == "sqlite":
        own.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    connections[SNAPSHOT] = own
    try:
        with transaction.atomic(using=SNAPSHOT), own.cursor() as cursor:
            if own.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            cursor.fetchone()
            yield SNAPSHOT
    finally:
        own.close()
        del connections[SNAPSHOT]


def parts_of(model: Any, alias: str) -> Iterator[tuple[int, bytes]]:
    """A table's rows: lines of JSON, some thousand a part, with how many there are in it."""
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    lines: list[str] = []
    for row in rows.iterator(chunk_size=ROWS_A_PART):
        lines.append(json.dumps([_as_text(value) for value in row], ensure_ascii=False))
        if len(lines) == ROWS_A_PART:
            yield len(lines), "\n".join(lines).encode()
            lines = []
    if lines:
        yield len(lines), "\n".join(lines).encode()


def _fields(model: Any) -> list[Any]:
    """A table's columns, without those that the database computes by itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _as_text(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def put_part(model: Any, part: bytes) -> int:
    """Puts the rows of a part in a table as they were; says how many."""
    connection = connections["default"]
    fields = _fields(model)
    rows = [
        [_for_database(field, value, connection) for field, value in zip(fields, row, strict=True)]
        for row in map(json.loads, part.decode().split("\n"))
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", rows
        )
    return len(rows)


def _for_database(field: Any, value: Any, connection: Any) -> Any:
    """A value as the database takes it, past anything that a field does when a row is saved."""
    if value is not None:
        own = field.target_field if field.is_relation else field
        value = own.to_python(value)
    return field.get_db_prep_save(value, connection)


def count_on_from_here(models: Iterable[Any]) -> None:
    """Sets counters of ids past what was put in."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)
