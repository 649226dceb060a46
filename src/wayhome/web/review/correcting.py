"""Putting right on which day a step happened; the log keeps what was written before."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import check_may, may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import Case, State
from wayhome.web.review.days import (
    check_day,
    day_of_step,
    earliest_day,
    happened_elsewhere,
    moment_of,
    newest_first,
)
from wayhome.web.review.models import StateChange
from wayhome.web.review.states import TRANSITIONS, NotNow, Transition, locked


def may_correct(member: Membership | None, change: StateChange) -> bool:
    """Whoever may take a step that happens elsewhere may put its day right."""
    return happened_elsewhere(change) and may(member, _step_of(change).deed)


def check_may_correct(member: Membership | None, change: StateChange) -> None:
    """Raises PermissionDenied, or NotNow where the step is of the moment in which it was taken."""
    if not happened_elsewhere(change):
        raise NotNow("This step is of the moment in which it was written down.")
    check_may(member, _step_of(change).deed)


def _step_of(change: StateChange) -> Transition:
    return TRANSITIONS[State(change.from_state), State(change.to_state)]


def correct_day(
    actor: Actor, member: Membership, change: StateChange, on: date, now: datetime
) -> None:
    """Says that a step happened on another day. The same day once more changes nothing.

    Raises PermissionDenied, NotThatDay, or NotNow where the step is of the moment it was taken.
    """
    case = change.case
    with locked(case):
        check_may_correct(member, change)
        change.refresh_from_db(fields=["happened_on"])
        if change.happened_on == on:
            return
        after = _check_between(case, change, on, now.date())
        details = {
            "step": _step_of(change).audit_deed,
            "day_before": str(change.happened_on or "not known"),
            "on": on.isoformat(),
        }
        record(actor, "corrected the day of a step", case=case.pk, details=details, at=now)
        change.happened_on = on
        change.save(update_fields=["happened_on"])
        if after is None and case.state == change.to_state:
            case.state_since = moment_of(on, change.at)
            Case.objects.filter(pk=case.pk).update(state_since=case.state_since)


def _check_between(case: Case, change: StateChange, on: date, today: date) -> StateChange | None:
    """Raises NotThatDay where the day lies not between the steps around; gives the next step."""
    steps = newest_first(case)
    after, before = steps.filter(pk__gt=change.pk).last(), steps.filter(pk__lt=change.pk)
    latest = day_of_step(after) if after else None
    check_day(on, earliest_day(case, before), today, latest=latest)
    return after
