"""The database itself refuses to change or take out an event, or to turn the head back.

It holds off mistakes and a stolen connection of the application, not whoever owns the database:
they can drop a trigger. The chain of hashes, and a copy of its head kept elsewhere, show that.
"""

from __future__ import annotations

from typing import Any

_SQLITE = {
    "audit_event_not_changed": "BEFORE UPDATE ON audit_event BEGIN "
    "SELECT RAISE(ABORT, 'audit events are never changed'); END",
    # REPLACE takes a row out without asking the trigger for taking out.
    "audit_event_not_written_over": "BEFORE INSERT ON audit_event WHEN EXISTS "
    "(SELECT 1 FROM audit_event WHERE number = NEW.number) BEGIN "
    "SELECT RAISE(ABORT, 'audit events are never written over'); END",
    "audit_head_not_written_over": "BEFORE INSERT ON audit_head WHEN EXISTS "
    "(SELECT 1 FROM audit_head WHERE id = NEW.id) BEGIN "
    "SELECT RAISE(ABORT, 'the log only grows'); END",
    "audit_event_not_taken_out": "BEFORE DELETE ON audit_event BEGIN "
    "SELECT RAISE(ABORT, 'audit events are never taken out'); END",
    "audit_head_not_taken_out": "BEFORE DELETE ON audit_head BEGIN "
    "SELECT RAISE(ABORT, 'the end of the log is never taken out'); END",
    "audit_head_not_turned_back": "BEFORE UPDATE ON audit_head WHEN NEW.number <= OLD.number BEGIN "
    "SELECT RAISE(ABORT, 'the log only grows'); END",
}
_POSTGRESQL_REFUSAL = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$
"""
_POSTGRESQL = {
    "audit_event_not_changed": (
        "audit_event",
        "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW",
    ),
    "audit_event_not_emptied": (
        "audit_event",
        "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT",
    ),
    "audit_head_not_taken_out": ("audit_head", "BEFORE DELETE ON audit_head FOR EACH ROW"),
    "audit_head_not_emptied": ("audit_head", "BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT"),
    "audit_head_not_turned_back": (
        "audit_head",
        "BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.number <= OLD.number)",
    ),
}


def guard(connection: Any) -> None:
    """Puts the triggers in place."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, what in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
            return
        cursor.execute(_POSTGRESQL_REFUSAL)
        for name, (_, what) in _POSTGRESQL.items():
            cursor.execute(f"CREATE TRIGGER {name} {what} EXECUTE FUNCTION audit_refuse()")


def unguard(connection: Any) -> None:
    """Takes the triggers away: for migrating back, and for emptying a database between tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, _) in _POSTGRESQL.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing_guards(connection: Any) -> list[str]:
    """The triggers that are not there."""
    sqlite = connection.vendor == "sqlite"
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {name for (name,) in cursor.fetchall()}
    return sorted(set(_SQLITE if sqlite else _POSTGRESQL) - there)
