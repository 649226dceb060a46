"""What of an installation is misconfigured: each check is a function that says what it found."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from io import StringIO
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from wayhome.web.audit.append_only import missing_guards
from wayhome.web.audit.chain import head_of_chain
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case
from wayhome.web.protection.master_keys import master_keys
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.rotation import master_keys_in_use
from wayhome.web.protection.router import APP as KEYRING_APP
from wayhome.web.protection.router import KEYRING

LEAST_FREE = 2 * 2**30


class Level(Enum):
    """How grave it is: WRONG must be mended, CARE should be known, GOOD is as it should be."""

    WRONG = 1
    CARE = 2
    GOOD = 3


@dataclass(frozen=True)
class Finding:
    level: Level
    message: str


def _wrong(message: str) -> Finding:
    return Finding(Level.WRONG, message)


def _care(message: str) -> Finding:
    return Finding(Level.CARE, message)


def _good(message: str) -> Finding:
    return Finding(Level.GOOD, message)


def look_over(now: datetime) -> Iterator[Finding]:
    """Every check, one after the other; a database that is away stops none of the others."""
    for check in _CHECKS:
        try:
            yield from check(now)
        except DatabaseError as error:
            name = check.__name__.strip("_").replace("_", " ")
            yield _wrong(
                f"The database did not answer while looking at {name}: {type(error).__name__}."
            )


def _settings(now: datetime) -> Iterator[Finding]:
    if settings.DEBUG:
        yield _wrong("DEBUG is on: error pages would show what cases say. Turn it off.")
    if "*" in settings.ALLOWED_HOSTS:
        yield _wrong("WAYHOME_HOSTS is *: any name is answered. Name yours.")
    if settings.IS_SECURE:
        yield _good("HTTPS is required; cookies go over HTTPS only.")
        if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            yield _care(
                "WAYHOME_PROXIES is 0. Behind a proxy, set it: else all tries to guess a "
                "password seem to come from one address."
            )
    else:
        yield _care("HTTPS is off (WAYHOME_HTTPS=0): right only where nobody is in between.")
    if settings.IS_DEMO:
        real = Case._base_manager.filter(is_invented=False).exists()
        yield (
            _wrong("This is a demonstration, but real cases are in it.")
            if real
            else _care(
                "This is a demonstration: no second factor is asked for. No real person in here."
            )
        )


def _deploy_checks(now: datetime) -> Iterator[Finding]:
    said = StringIO()
    try:
        call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    except SystemCheckError as error:
        lines = [line for line in str(error).splitlines() if line.startswith("?:")]
        told = [line for line in lines if settings.IS_SECURE or not _is_about_https(line)]
        yield from (_wrong(line.removeprefix("?: ")) for line in told)
        return
    yield _good("Django's own checks for deployment find nothing.")


def _is_about_https(line: str) -> bool:
    """Already said in one line by _settings."""
    return any(code in line for code in ("W004", "W008", "W012", "W016"))


def _master_key(now: datetime) -> Iterator[Finding]:
    path = Path(settings.MASTER_KEY_FILE)
    in_environment = bool(os.environ.get("WAYHOME_MASTER_KEYS"))
    needed = master_keys_in_use()
    if not in_environment and not path.exists() and needed:
        yield _wrong(f"The master key file {path.name} is missing; cases cannot be opened.")
        return
    try:
        held = set(master_keys())
    except ImproperlyConfigured as error:
        yield _wrong(str(error))
        return
    if missing := needed - held:
        yield _wrong(f"Missing master key: {', '.join(sorted(missing))}. Cases cannot be opened.")
    else:
        yield _good("Every master key that is needed is here.")
    if not in_environment:
        if path.parent.resolve() == Path(settings.HOME).resolve():
            yield _care(
                f"{path.name} lies in the same folder as the data. Whoever takes the disk takes "
                "both: encrypt the whole disk, or keep the key elsewhere (WAYHOME_MASTER_KEY_FILE)."
            )
        if len(held) > 1:
            yield _care("There is more than one master key: a change is under way (keys retire).")


def _file_modes(now: datetime) -> Iterator[Finding]:
    home = Path(settings.HOME)
    secret = [home / "secret.key", Path(settings.MASTER_KEY_FILE), home / "keyring.sqlite3"]
    open_to_others = [
        path
        for path in [home, *secret, home / "wayhome.sqlite3", Path(settings.FILES)]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_to_others:
        mode = "700" if path.is_dir() else "600"
        level = _care if path == home / "wayhome.sqlite3" or path.is_dir() else _wrong
        yield level(f"Others on this machine can read {path.name}: chmod {mode} {path}")
    if not open_to_others:
        yield _good("Nobody else on this machine can read keys or data.")


def _databases(now: datetime) -> Iterator[Finding]:
    for alias in (DEFAULT_DB_ALIAS, KEYRING):
        executor = MigrationExecutor(connections[alias])
        app = KEYRING_APP if alias == KEYRING else None
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes(app))
        if pending:
            yield _wrong(f"{len(pending)} migrations wait in {alias}: wayhome serve runs them.")
        else:
            yield _good(f"The tables of {alias} are up to date.")
    same = settings.DATABASES[DEFAULT_DB_ALIAS]["NAME"] == settings.DATABASES[KEYRING]["NAME"]
    if same and connection.vendor == connections[KEYRING].vendor:
        yield _wrong("Keyring and data are one database: a dump of it would hold the keys.")
    if connections[KEYRING].vendor == "sqlite":
        yield _care(
            "The keyring lies on this machine's disk, as the data does. A copy of the whole "
            "folder is no backup to keep: it holds keys. Use wayhome backup, wayhome keys export."
        )


def _log(now: datetime) -> Iterator[Finding]:
    if missing := missing_guards(connection):
        yield _wrong(f"The database does not guard the log: {', '.join(missing)} is missing.")
    number, head = head_of_chain()
    newest = Event.objects.order_by("-number").values_list("number", "hash").first()
    if newest is not None and newest != (number, head):
        yield _wrong("The log does not end where it should: run wayhome verify.")
    else:
        yield _good(f"The log ends with event {number:,} ({head[:12]}). All of it: wayhome verify")


def _clock(now: datetime) -> Iterator[Finding]:
    newest = Event.objects.order_by("-number").values_list("at", flat=True).first()
    if newest is not None and newest > now + timedelta(minutes=5):
        yield _wrong(f"The clock was set back: the newest event is of {newest:%Y-%m-%d %H:%M} UTC.")
    elif now.year < 2026:
        yield _wrong(f"The clock says {now:%Y}.")
    else:
        yield _good(f"The clock says {now:%Y-%m-%d %H:%M} UTC, after the newest event.")


def _keys(now: datetime) -> Iterator[Finding]:
    changing = CaseKey.objects.exclude(former=b"").count()
    if changing:
        yield _care(f"{changing} cases have a former key still: run wayhome keys rotate-case.")
    without = sum(_without_key(few) for few in _some_at_once())
    if without:
        yield _wrong(f"{without} cases have no key: wayhome keys import")
    else:
        yield _good("Every case has its key, or was erased.")


def _some_at_once() -> Iterator[list[UUID]]:
    """The numbers of all cases, some hundred at once."""
    every = Case._base_manager.values_list("pk", flat=True).iterator(chunk_size=900)
    while few := list(islice(every, 900)):
        yield few


def _without_key(cases: list[UUID]) -> int:
    return len(cases) - CaseKey.objects.filter(pk__in=cases).count()


def _disk(now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    told = f"{free / 2**30:.1f} GB are free where the data lies."
    yield _wrong(f"Only {told}") if free < LEAST_FREE else _good(told)


_CHECKS: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
    _settings,
    _deploy_checks,
    _master_key,
    _file_modes,
    _databases,
    _keys,
    _log,
    _clock,
    _disk,
)
