"""Deadlines and tasks as a calendar that other programs fetch (ICS), by a secret address.

There is no name in it, and nothing that a person said: the case's code and the title of the rule.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django_scopes import scope, scopes_disabled
from icalendar import Calendar, Event

from wayhome.engine.graph import NoLawInForce
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.facts import facts_in
from wayhome.web.cases.models import Case, State, Statement, Task
from wayhome.web.cases.queries import conflicted
from wayhome.web.cases.screening import screened
from wayhome.web.casework.models import CalendarFeed
from wayhome.web.protection.keys import open_case_keys

# The most cases and tasks of one calendar: those due first.
MOST_CASES, MOST_TASKS = 300, 300
_OVER = (State.HOME, State.WITHDRAWN)


@dataclass(frozen=True)
class Entry:
    """One day of a calendar: what it is about, and a mark that is the same each time."""

    day: date
    title: str
    mark: str


def make_feed(
    actor: Actor, member: Membership, now: datetime, *, is_whole_office: bool = False
) -> tuple[CalendarFeed, str]:
    """A new secret address, and the only sight of its secret."""
    check_may(member, Deed.SEE_CASE)
    secret = secrets.token_urlsafe(32)
    with scope(organization=member.organization), transaction.atomic():
        feed = CalendarFeed.objects.create(
            organization=member.organization,
            user=member.user,
            digest=_digest(secret),
            is_whole_office=is_whole_office,
            made_at=now,
        )
        record(actor, "made calendar address", details={"feed": feed.pk}, at=now)
    return feed, secret


def revoke_feed(actor: Actor, member: Membership, feed: int, now: datetime) -> None:
    """Makes an address of one's own useless from now on."""
    with scope(organization=member.organization), transaction.atomic():
        own = CalendarFeed.objects.filter(pk=feed, user=member.user, revoked_at=None)
        if own.update(revoked_at=now):
            record(actor, "revoked calendar address", details={"feed": feed}, at=now)


def fetched(secret: str, now: datetime) -> bytes | None:
    """The calendar behind an address; None where it is unknown, revoked, or its owner is gone."""
    with scopes_disabled():
        feeds = CalendarFeed.objects.filter(digest=_digest(secret), revoked_at=None)
        feed = feeds.select_related("organization", "user").first()
    member = _member_of(feed) if feed else None
    if feed is None or member is None or not may(member, Deed.SEE_CASE):
        return None
    with scope(organization=feed.organization):
        entries = list(entries_of(member, now.date(), is_whole_office=feed.is_whole_office))
        with transaction.atomic():
            details = {"feed": feed.pk, "entries": len(entries)}
            record(actor_of_member(member), "fetched calendar", details=details, at=now)
            CalendarFeed.objects.filter(pk=feed.pk).update(fetched_at=now)
    return _ics(entries, now)


def _member_of(feed: CalendarFeed) -> Membership | None:
    own = feed.user.memberships.filter(organization=feed.organization, is_active=True)
    return own.select_related("organization", "user").first() if feed.user.is_active else None


def entries_of(member: Membership, today: date, *, is_whole_office: bool) -> Iterator[Entry]:
    """The deadlines of the cases that the member may see, and their tasks, from today on.

    Only their own cases, or with `is_whole_office` the organization's that are due first.
    """
    yield from _deadlines(_cases(member, is_whole_office), today)
    mine = Task.objects.filter(
        owner=member.user_id, done_at=None, due__isnull=False, case__erased_at=None
    )
    for task in mine.select_related("case").order_by("due")[:MOST_TASKS]:
        yield Entry(task.due, f"{task.case.code} · task", f"task {task.pk}")


def _cases(member: Membership, is_whole_office: bool) -> list[Case]:
    rows = Case.objects.filter(erased_at=None).exclude(state__in=_OVER)
    if not is_whole_office:
        rows = rows.filter(assigned_to=member.user_id)
    found = list(rows.filter(next_deadline__isnull=False).order_by("due", "pk")[:MOST_CASES])
    shut = conflicted(member, [case.pk for case in found])
    return [case for case in found if case.pk not in shut]


def _deadlines(cases: list[Case], today: date) -> Iterator[Entry]:
    open_case_keys([case.pk for case in cases])
    said = _said(cases)
    for case in cases:
        try:
            screening = screened(case, today, facts_in(said[case.pk]))
        except NoLawInForce:
            continue
        for deadline in screening.deadlines:
            mark = f"{case.pk} {deadline.rule.id}"
            day = " · the day is not certain" if deadline.latest else ""
            yield Entry(deadline.ahead, f"{case.code} · {deadline.rule.title}{day}", mark)


def _said(cases: list[Case]) -> dict[UUID, list[Statement]]:
    """What was said about each case, with one query, in the order of `statements_of`."""
    said: dict[UUID, list[Statement]] = {case.pk: [] for case in cases}
    rows = Statement.objects.filter(case__in=list(said), withdrawn_at=None)
    for statement in rows.order_by("-said_on", "-recorded_at", "-pk"):
        said[statement.case_id].append(statement)
    return said


def _ics(entries: list[Entry], now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Wayhome//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Wayhome")
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        event = Event()
        event.add("uid", f"{hashlib.sha256(entry.mark.encode()).hexdigest()[:32]}@wayhome")
        event.add("dtstamp", now)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("class", "CONFIDENTIAL")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
