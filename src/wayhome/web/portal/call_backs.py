"""When somebody may be called safely: the hours that they chose, in their own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import Case, Contact
from wayhome.web.portal.models import CallBack

# A call begun with less time than this would run past the safe hours.
SHORTEST = timedelta(minutes=30)


def next_safe_hours(
    zone: str, from_hour: int, to_hour: int, now: datetime
) -> tuple[datetime, datetime]:
    """The safe hours that are now, or come next, in UTC. They may go over midnight."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    for day in (today + timedelta(days=n) for n in (-1, 0, 1, 2)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=here)
        start = midnight.replace(hour=from_hour)
        over_midnight = timedelta(days=1 if to_hour <= from_hour else 0)
        end_day = day + over_midnight + timedelta(days=1 if to_hour == 24 else 0)
        end = datetime(end_day.year, end_day.month, end_day.day, to_hour % 24, tzinfo=here)
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end - max(start, now) >= SHORTEST:
            return max(start, now), end
    raise AssertionError("Safe hours come every day.")


def ask_for_call(
    actor: Actor,
    case: Case,
    contact: Contact,
    now: datetime,
    *,
    after: datetime | None = None,
    member: Membership | None = None,
) -> CallBack:
    """Puts a case in the queue of calls, once: a call not made yet is moved."""
    if member is not None:
        check_may(member, Deed.TAKE_IN)
    start, end = next_safe_hours(
        contact.time_zone, contact.from_hour, contact.to_hour, after or now
    )
    with scope(organization=case.organization_id), transaction.atomic():
        record(actor, "asked for call", case=case.pk, at=now)
        row, _ = CallBack.objects.update_or_create(
            case=case, done_at=None, defaults={"safe_from": start, "safe_to": end}
        )
    return row


def call_made(actor: Actor, member: Membership, call: CallBack, now: datetime) -> None:
    """Takes a call out of the queue."""
    check_may(member, Deed.TAKE_IN)
    with transaction.atomic():
        record(actor, "made call", case=call.case_id, at=now)
        CallBack.objects.filter(pk=call.pk, done_at=None).update(done_at=now)


def missed(
    actor: Actor, member: Membership, call: CallBack, contact: Contact, now: datetime
) -> None:
    """Nobody answered: again in the next safe hours, never in these twice."""
    ask_for_call(actor, call.case, contact, now, after=call.safe_to, member=member)


@dataclass(frozen=True)
class LocalHours:
    """The safe hours of a call as the clock shows them where the caller is, and their time now."""

    city: str
    start: str
    end: str
    now: str


def local_hours(call: CallBack, zone: str, now: datetime) -> LocalHours:
    here = ZoneInfo(zone)
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    moments = (call.safe_from, call.safe_to, now)
    return LocalHours(city, *(f"{moment.astimezone(here):%a %-d %b %H:%M}" for moment in moments))
