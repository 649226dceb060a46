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

# Keys are never in it. Sessions, counts of wrong passwords and what a migration makes by itself
# are not worth keeping.
_LEFT_OUT_APPS = frozenset({"protection", "sessions", "axes", "contenttypes", "auth"})
_LEFT_OUT = frozenset({"accounts.SignIn", "accounts.User_groups", "accounts.User_user_permissions"})
ROWS_A_PART = 2000
SNAPSHOT = "snapshot"


def kept_models() -> list[Any]:
    """The models whose rows a backup holds."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in _LEFT_OUT_APPS
        and model._meta.label not in _LEFT_OUT
        and model._meta.managed
        and not model._meta.proxy
    ]


def migrations_applied(alias: str) -> list[str]:
    """Which form the tables have: the names of all migrations that were applied."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in _LEFT_OUT_APPS)


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
