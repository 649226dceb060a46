"""Many rows at once: bulk inserts on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from wayhome.web.cases.models import Case
from wayhome.web.review.models import Assignment, Finding

# Their ids are read by other rows, so they are asked for.
_WITH_IDS = (Assignment,)
_BATCH = 2000


def write(rows: Iterable[Any]) -> None:
    """Writes rows of any models, those first that others refer to, in the order of `rows`."""
    by_model: dict[type[Any], list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model in (Case, Assignment):
        _write(model, by_model.pop(model, []))
    for finding in by_model.get(Finding, []):
        finding.assignment_id = finding.assignment.pk
    for model, own in by_model.items():
        _write(model, own)


def _write(model: Any, rows: Sequence[Any]) -> None:
    if connection.vendor == "postgresql" and model not in _WITH_IDS:
        _copy(model, rows)
    else:
        model._base_manager.bulk_create(rows, batch_size=_BATCH)


def _copy(model: Any, rows: Sequence[Any]) -> None:
    """COPY of rows without their automatic ids and generated columns."""
    fields = [
        f
        for f in model._meta.concrete_fields
        if not f.generated and f.get_internal_type() != "BigAutoField"
    ]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(f.column) for f in fields)
    sql = f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row([f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields])
