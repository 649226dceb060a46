"""On which day a step happened that is taken elsewhere, and written down here some days later.

What readers and staff do happens at the moment in which they do it. A filing, the answer of the
government, a departure and an arrival do not: both the day (StateChange.happened_on) and the moment
in which it was written down (StateChange.at) are kept. Of old rows the day is not known; they count
by the moment, and no day is refused for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet

from wayhome.sources.case_files.answers import NotAnAnswer, SomeDayOf, read_date
from wayhome.web.cases.models import Case, State
from wayhome.web.review.models import StateChange

ELSEWHERE = frozenset(
    {
        (State.RECOMMENDED, State.FILED),
        (State.DENIED, State.FILED),
        (State.FILED, State.GRANTED),
        (State.FILED, State.DENIED),
        (State.GRANTED, State.DENIED),
        (State.GRANTED, State.TRAVELLING),
        (State.TRAVELLING, State.HOME),
    }
)
LEFT_EMPTY = "Left empty, it is today."
_ADVICE = (
    "Write year-month-day, as 2026-03-25: of a month or a year alone no day is invented. "
    "Leave it empty if it was today."
)


class NotThatDay(ValueError):
    """It cannot have been that day. Says why, and which days can be."""


def read_day(text: str) -> date | None:
    """The day that a form says; None where it was left empty. Raises NotThatDay."""
    text = text.strip()
    if not text:
        return None
    try:
        day = read_date(text)
    except NotAnAnswer as error:
        raise NotThatDay(f"{error.reason} {_ADVICE}") from error
    if isinstance(day, SomeDayOf):
        raise NotThatDay(f"{text} is a month, not a day. {_ADVICE}")
    return day


def newest_first(case: Case) -> QuerySet[StateChange]:
    return StateChange.objects.filter(case=case).order_by("-pk")


def happened_elsewhere(change: StateChange) -> bool:
    return (change.from_state, change.to_state) in ELSEWHERE


def day_of_step(change: StateChange) -> date:
    """The day by which a step counts: on which it happened, else on which it was written down."""
    return change.happened_on or change.at.date()


def day_of_state(case: Case, state: State) -> date | None:
    """Since which day a case is, or was, in a state that began elsewhere; None where it never was.

    A journey that was put off does not grant the request a second time.
    """
    steps = newest_first(case).filter(to_state=state)
    return next((day_of_step(step) for step in steps if happened_elsewhere(step)), None)


def earliest_day(case: Case, before: Iterable[StateChange]) -> date:
    """The first day on which what follows some steps (the newest first) can have happened.

    A step of which the day is not known bounds nothing: it was written down later than it happened.
    """
    for change in before:
        if change.happened_on or not happened_elsewhere(change):
            return day_of_step(change)
    return case.received_at.date()


def check_day(on: date, earliest: date, today: date, *, latest: date | None = None) -> None:
    """Raises NotThatDay where a step cannot have happened on a day.

    `latest` is the day of the step that came after it, where one did.
    """
    if on > today:
        raise NotThatDay(f"{on} has not come yet. Write a day up to today, {today}.")
    if on < earliest:
        raise NotThatDay(
            f"{on} is before the state that this follows. Write a day from {earliest} on."
        )
    if latest is not None and on > latest:
        raise NotThatDay(f"{on} is after the step that came next. Write a day up to {latest}.")


def moment_of(on: date | None, now: datetime) -> datetime:
    """Since when a state counts: now, or the beginning (UTC) of the day on which it began."""
    return now if on is None or on == now.date() else datetime.combine(on, time(), UTC)
