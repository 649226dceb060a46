"""An installation of the application to measure: PostgreSQL of its own, a million invented cases.

It is made once in a folder, and found there again by the next run.
"""

# Django reads its settings when it is imported: not before the server is there.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLUG = "bench"
_FILLED = "filled.json"


@dataclass(frozen=True)
class Installation:
    """Where it stands, how many cases it holds, and how long filling it took (once)."""

    home: Path
    cases: int
    filled_in: float


@contextmanager
def installation(folder: Path, cases: int) -> Iterator[Installation]:
    """Brings PostgreSQL up for as long as it is measured, and Django with it in this process."""
    import pgserver

    folder = folder.resolve()
    filled = folder / _FILLED
    if not _holds(filled, cases):
        shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with pgserver.get_server(folder / "postgresql") as server:
        if not filled.exists():
            server.psql("CREATE DATABASE keyring")
        os.environ |= {
            "WAYHOME_HOME": str(home),
            "WAYHOME_DATABASE_URL": server.get_uri(),
            "WAYHOME_KEYRING_URL": server.get_uri("keyring"),
            "WAYHOME_HTTPS": "0",
            "WAYHOME_DEMO": "0",
            "WAYHOME_SECRET_KEY": _secret(home),
            "DJANGO_SETTINGS_MODULE": "wayhome.web.settings",
        }
        if not filled.exists():
            _fill(filled, cases)
        _start_django()
        try:
            yield Installation(home, **json.loads(filled.read_text(encoding="utf-8")))
        finally:
            _close()


def _holds(filled: Path, cases: int) -> bool:
    return filled.exists() and json.loads(filled.read_text(encoding="utf-8"))["cases"] == cases


def _secret(home: Path) -> str:
    kept = home / "bench-secret"
    if not kept.exists():
        kept.write_text(secrets.token_hex(32), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _start_django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", "protection", database="keyring", interactive=False, verbosity=0)


def _close() -> None:
    from django.db import connections

    connections.close_all()


def _fill(filled: Path, cases: int) -> None:
    _start_django()
    from django.utils import timezone

    from bench.caseload import fill
    from wayhome.web.accounts.models import Organization
    from wayhome.web.cases.invented import invented_staff

    begun = time.perf_counter()
    made = Organization.objects.create(name="Invented Unit", slug=SLUG)
    invented_staff(made)
    for done in fill(made, cases, timezone.now()):
        if done % 20_000 == 0:
            seconds = time.perf_counter() - begun
            print(f"    filling: {done:,} of {cases:,} cases, {seconds:.0f} s", flush=True)
    told: dict[str, Any] = {"cases": cases, "filled_in": time.perf_counter() - begun}
    filled.write_text(json.dumps(told), encoding="utf-8")
