"""Finding events in the log of one organization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from wayhome.web.accounts.models import User
from wayhome.web.audit.actors import APPLICANT, COMMAND, STAFF, TOKEN
from wayhome.web.audit.models import Event
from wayhome.web.audit.touching import about

PAGE = 100
# What commands did to the whole installation (backups, keys): of no organization and no case.
OF_ALL = Q(organization=None, case=None, actor__startswith=COMMAND)


@dataclass(frozen=True)
class LogFilter:
    """What to look for; None where it does not matter."""

    actor: str | None = None
    deed: str | None = None
    case: UUID | None = None
    since: date | None = None
    until: date | None = None
    # The keyed hashes of a text that was searched for (cases/searches_in_log.py).
    searched: tuple[str, ...] | None = None


def events_of(organization: UUID, wanted: LogFilter) -> Any:
    """An organization's events and those of the whole installation, the newest first."""
    one_case = wanted.case and about(wanted.case, organization)
    rows = Event.objects.filter(one_case or Q(organization=organization) | OF_ALL).order_by(
        "-number"
    )
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    if wanted.deed:
        rows = rows.filter(deed__icontains=wanted.deed)
    if wanted.searched:
        rows = rows.filter(details__searched__in=wanted.searched)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def names_of(actors: Iterable[str], known: Iterable[User] = ()) -> dict[str, str]:
    """What to call actors, for people: staff by name, the others by what they are.

    `known` are users that are at hand already.
    """
    wanted = set(actors)
    staff = {f"{STAFF}{user.pk}": user for user in known}
    staff |= staff_of(wanted - staff.keys())
    return {each: str(staff[each]) if each in staff else _kind_of(each) for each in wanted}


def staff_of(actors: Iterable[str]) -> dict[str, User]:
    """Those of the actors who are members of staff."""
    ids = [found for actor in actors if (found := _staff_id(actor))]
    if not ids:
        return {}
    return {f"{STAFF}{user.pk}": user for user in User.objects.filter(pk__in=ids)}


def _staff_id(actor: str) -> UUID | None:
    if not actor.startswith(STAFF):
        return None
    try:
        return UUID(actor.removeprefix(STAFF))
    except ValueError:
        return None


def _kind_of(actor: str) -> str:
    if actor.startswith(APPLICANT):
        return "the applicant"
    if actor.startswith(TOKEN):
        return f"a program, token {actor.removeprefix(TOKEN)}"
    if actor.startswith(COMMAND):
        return f"the command wayhome {actor.removeprefix(COMMAND)}"
    return "somebody who does not work here any more" if actor.startswith(STAFF) else actor
