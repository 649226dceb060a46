"""What is done once a day, whatever happened: `wayhome daily`, from the machine's own timer.

Each piece of work stands alone: one that fails is told and holds none of the others up, and what
was left undone is done the next day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.db import DatabaseError

from wayhome.engine.graph import NoLawInForce
from wayhome.web.accounts.models import Organization
from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import record
from wayhome.web.campaign.queue import forget_unconfirmed
from wayhome.web.cases.screening import rescreen_stale
from wayhome.web.casework.intake import end_old_intakes
from wayhome.web.files.sweep import tend_files
from wayhome.web.journey.queries import late_steps
from wayhome.web.protection.erasure import finish_erasures
from wayhome.web.protection.keys import forget_opened_keys
from wayhome.web.protection.retention import endings
from wayhome.web.protection.sealing import CannotOpen
from wayhome.web.review.clocks import late_in

# What one piece of work may meet that the others need not.
_HELD_UP = (DatabaseError, OSError, CannotOpen, NoLawInForce)


@dataclass(frozen=True)
class Line:
    """What came of a piece of work, in a sentence. `needs_somebody`: a person has to look at it."""

    told: str
    needs_somebody: bool = False


def daily_work(now: datetime) -> Iterator[Line]:
    """Does the day's work piece by piece, and says what came of each."""
    works: list[tuple[str, Callable[[], Iterator[Line]]]] = [
        (work.__name__.strip("_").replace("_", " "), lambda work=work: work(now))  # type: ignore[misc]
        for work in _FOR_ALL
    ]
    for organization in Organization.objects.order_by("name"):
        for task in _FOR_EACH:
            name = f"{task.__name__.strip('_').replace('_', ' ')} of {organization.name}"
            works.append((name, lambda task=task, own=organization: task(own, now)))  # type: ignore[misc]
    failed = 0
    for name, work in works:
        try:
            yield from work()
        except _HELD_UP as error:
            failed += 1
            yield Line(f"NOT DONE: {name} ({type(error).__name__}).", needs_somebody=True)
        finally:
            forget_opened_keys()
    record(command("daily"), "did the daily work", details={"failed": failed}, at=now)


def _erasures(now: datetime) -> Iterator[Line]:
    if done := finish_erasures(now):
        yield Line(f"Erasures that had been cut short, finished: {done}.")


def _files(now: datetime) -> Iterator[Line]:
    done = tend_files(now)
    yield Line(f"Documents scanned: {done.scanned}; stray files removed: {done.swept}.")
    if done.waiting:
        yield Line(f"Documents that wait for the scanner: {done.waiting}.", needs_somebody=True)


def _intakes(now: datetime) -> Iterator[Line]:
    yield Line(f"Intakes from files that nobody ended, ended: {end_old_intakes(now)}.")


def _letters(now: datetime) -> Iterator[Line]:
    if done := forget_unconfirmed(now):
        yield Line(f"Signatures that nobody confirmed in a month, taken out: {done}.")


def _sessions(now: datetime) -> Iterator[Line]:
    call_command("clearsessions")
    yield Line("Sessions that are over, taken out.")


def _screening(own: Organization, now: datetime) -> Iterator[Line]:
    done = rescreen_stale(own.pk, now.date())
    yield Line(f"{own.name}: {done} cases screened by today's law.")


def _clocks(own: Organization, now: datetime) -> Iterator[Line]:
    if late := late_in(own, now).count():
        yield Line(f"{own.name}: {late} cases are late in their state: /reviews/rota/", True)


def _journeys(own: Organization, now: datetime) -> Iterator[Line]:
    if late := late_steps(own, now.date()).count():
        yield Line(f"{own.name}: {late} steps of ways home are late: /journeys/", True)


def _keeping(own: Organization, now: datetime) -> Iterator[Line]:
    found = endings(own, now.date())
    if found:
        past = sum(ending.is_past(now.date()) for ending in found)
        told = f"{own.name}: the time of {len(found)} cases is over soon, of {past} already"
        yield Line(f"{told}: /retention/", needs_somebody=True)


_FOR_ALL = (_erasures, _files, _intakes, _letters, _sessions)
_FOR_EACH = (_screening, _clocks, _journeys, _keeping)
