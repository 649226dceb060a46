"""Every app with several migrations, taken back to its first one and up again, with data.

Run in a home with empty tables. An invented caseload is made, and a row in each table that it
leaves empty. What stands when an app is at its first migration, and when it is up again, is
compared with what stood before: every row, in every column that the earlier state has.
"""

import json
from base64 import b64encode
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_scopes import scopes_disabled

from wayhome.web.accounts.models import Organization
from wayhome.web.audit.chain import Actor, breaks, record
from wayhome.web.cases.invented import invented_caseload, invented_staff
from wayhome.web.cases.models import Person, Statement
from wayhome.web.protection.fields import SealedField
from wayhome.web.protection.keys import forget_opened_keys

CASES = 20
_OURS = "wayhome."
_SAMPLE = {
    models.DateTimeField: timezone.now,
    models.DateField: lambda: date(2026, 3, 2),
    models.TimeField: lambda: timezone.now().time(),
    models.BooleanField: lambda: True,
    models.IntegerField: lambda: 1,
    models.UUIDField: uuid4,
    models.JSONField: lambda: ["said"],
    SealedField: lambda: b"",
    models.BinaryField: lambda: uuid4().bytes * 2,
    models.CharField: lambda: "x",
    models.TextField: lambda: "said",
}


def our_models():
    for app in apps.get_app_configs():
        if app.name.startswith(_OURS):
            yield from app.get_models(include_auto_created=True)


def fill():
    """A row in every table that has none, those that others refer to first."""
    empty = [model for model in our_models() if not model._base_manager.exists()]
    while empty:
        model = next(m for m in empty if not any(needed in empty for needed in _refers_to(m)))
        values = {field.attname: _sample(field) for field in _needed(model)}
        model._base_manager.bulk_create([model(**values)])
        empty.remove(model)


def _refers_to(model):
    fields = [field for field in model._meta.concrete_fields if field.is_relation]
    return [field.related_model for field in fields if field.related_model is not model]


def _needed(model):
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.AutoField) and not field.generated:
            yield field


def _sample(field):
    if field.is_relation:
        made = field.related_model._base_manager.order_by("pk").first()
        return made and getattr(made, field.target_field.attname)
    if field.choices:
        return field.choices[0][0]
    return next(make() for kind, make in _SAMPLE.items() if isinstance(field, kind))


def tables(alias):
    """`{table: [{column: value}]}` of our own tables, as they stand in the database."""
    database, found = connections[alias], {}
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith(_OURS)}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            if table.split("_")[0] in ours:
                cursor.execute(f'SELECT * FROM "{table}"')
                columns = [column[0] for column in cursor.description]
                found[table] = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor]
    return found


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return str(value) if isinstance(value, datetime | date | UUID | Decimal) else value


def same_in(earlier, later, columns):
    """Whether rows are the same, in these columns."""

    def of(rows):
        return sorted(json.dumps([row[name] for name in columns], default=str) for row in rows)

    return of(earlier) == of(later)


def only(there, rows):
    """Rows with those columns that a state of their table has."""
    names = there[0].keys() if there else ()
    return [{name: value for name, value in row.items() if name in names} for row in rows]


def differing(before, then):
    """What of two states is not the same, where both can hold it."""
    for table in sorted(before.keys() & then.keys()):
        if bool(before[table]) != bool(then[table]):
            yield f"{table}: {len(before[table])} rows, then {len(then[table])}"
        elif before[table]:
            columns = sorted(before[table][0].keys() & then[table][0].keys())
            faults = [n for n in columns if not same_in(before[table], then[table], [n])]
            if faults or not same_in(before[table], then[table], columns):
                yield f"{table}: {', '.join(faults) or 'rows'}"


def several(alias):
    """Our apps of a database with more than one migration, each with its first."""
    graph = MigrationExecutor(connections[alias]).loader.graph
    for app in apps.get_app_configs():
        is_here = (app.label == "protection") == (alias == "keyring")
        names = sorted(name for label, name in graph.nodes if label == app.label)
        if app.name.startswith(_OURS) and is_here and len(names) > 1:
            yield app.label, names[0]


def first_tables(alias, app, first):
    """The tables that there are when an app is at its first migration and what that needs."""
    state = MigrationExecutor(connections[alias]).loader.project_state((app, first))
    return {model._meta.db_table for model in state.apps.get_models(include_auto_created=True)}


def migrate(alias, *targets):
    executor = MigrationExecutor(connections[alias])
    leaves = [
        node
        for node in executor.loader.graph.leaf_nodes()
        if (node[0] == "protection") == (alias == "keyring")
    ]
    executor.migrate(list(targets) or leaves)


def guards(alias):
    """The names of all indexes and triggers: a table that is made anew must not lose one."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    }
    with connections[alias].cursor() as cursor:
        cursor.execute(asked[connections[alias].vendor])
        return sorted(row[0] for row in cursor.fetchall())


def back_and_up(alias, app, first):
    """What is wrong, and which tables had no row."""
    before, guarded = tables(alias), guards(alias)
    migrate(alias, (app, first))
    there = tables(alias)
    migrate(alias)
    after = tables(alias)
    lost = before.keys() & first_tables(alias, app, first) - there.keys()
    kept = {table: only(there[table], rows) for table, rows in before.items() if table in there}
    faults = [f"back: {fault}" for fault in differing(before, there)]
    faults += [f"up: {fault}" for fault in differing(kept, after)]
    faults += [f"lost: {table}" for table in lost]
    faults += [f"index or trigger: {name}" for name in {*guarded} ^ {*guards(alias)}]
    return {"faults": faults, "empty": [t for t in before if not before[t]]}


def readable():
    forget_opened_keys()
    names = [person.name for person in Person._base_manager.order_by("case_id")]
    said = [repr(one.value) for one in Statement._base_manager.order_by("pk")]
    return [names, said]


def main():
    office = Organization.objects.create(name="Harbor", slug="harbor")
    Group.objects.create(name="of nobody")
    told = {}
    with scopes_disabled():
        invented_staff(office)
        list(invented_caseload(office, CASES, 7, timezone.now()))
        record(Actor("command:test", office.pk), "deed")
        before = readable()
        for alias in ("keyring", "default"):
            for app, first in several(alias):
                fill()
                told[app] = back_and_up(alias, app, first)
                told[app]["faults"] += [str(found) for found in breaks()]
        told["readable"] = len(before[0]) == CASES and readable() == before
    print(json.dumps(told))
