"""What is done on a journey home, one verb a function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django_scopes import scope

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.adding import adding
from wayhome.web.cases.models import Case, State
from wayhome.web.journey.checklist import (
    HAVE_JOURNEY,
    Kind,
    due_day,
    is_settled,
    kinds,
    missing_for_home,
    waits_of,
)
from wayhome.web.journey.models import NOT_SETTLED, Step
from wayhome.web.review.days import day_of_state
from wayhome.web.review.states import NotNow


class StillWaits(NotNow):
    """Something else must be settled first. Says what."""


class NeedsReason(ValueError):
    """A step is left out only with a reason, and only if it may be."""


def begin_journey(actor: Actor, case: Case, now: datetime) -> list[Step]:
    """Writes the checklist of a case that was granted; a second time changes nothing.

    Its days run from the day of the grant, or from today where no grant was written down.
    Raises NotNow where the case was not granted.
    """
    if case.state not in HAVE_JOURNEY:
        raise NotNow(f"A case that is {State(case.state).label} has no journey yet.")
    with adding(case):
        held = set(Step.objects.filter(case=case).values_list("kind", flat=True))
        new = [kind for code, kind in kinds().items() if code not in held]
        if new:
            record(actor, "began the journey", case=case.pk, details={"steps": len(new)}, at=now)
        granted_on = day_of_state(case, State.GRANTED) or now.date()
        for kind in new:
            Step.objects.create(
                case=case,
                kind=kind.code,
                owner_id=_owner(case, kind),
                due=due_day(kind, granted_on, None),
            )
        return list(Step.objects.filter(case=case))


def _owner(case: Case, kind: Kind) -> object:
    """Whoever has charge of the case, if the step is one of their role's."""
    if case.assigned_to_id is None:
        return None
    member = Membership.objects.filter(
        user=case.assigned_to_id, organization=case.organization_id, role=kind.owner
    )
    return case.assigned_to_id if member.filter(is_active=True).exists() else None


def check_may_be_home(case: Case) -> None:
    """Raises StillWaits where something that must be done before is not."""
    with scope(organization=case.organization_id):
        steps = list(Step.objects.filter(case=case))
    missing = missing_for_home(steps)
    if missing:
        raise StillWaits(f"Not home yet: first settle {', '.join(missing)}.")


def note_arrival(actor: Actor, case: Case, now: datetime) -> None:
    """Sets the days of what comes after the arrival, the follow-ups among it."""
    with adding(case):
        home_on = day_of_state(case, State.HOME) or now.date()
        for step in Step.objects.filter(case=case, done_on=None):
            kind = kinds().get(step.kind)
            if kind is not None and not kind.is_before_home:
                step.due = due_day(kind, home_on, home_on)
                step.save(update_fields=["due"])
        record(actor, "set the follow-ups", case=case.pk, at=now)


def move_days(case: Case, state: str, before: date, on: date) -> None:
    """Counts from another day what was counted from the grant or the arrival.

    A day that somebody planned otherwise stays, and so does what is settled.
    """
    with adding(case):
        for step in Step.objects.filter(NOT_SETTLED, case=case):
            kind = kinds().get(step.kind)
            if kind is None or kind.is_before_home != (state == State.GRANTED):
                continue
            if step.due == due_day(kind, before, before):
                step.due = due_day(kind, on, on)
                step.save(update_fields=["due"])


def plan_step(
    actor: Actor,
    member: Membership,
    step: Step,
    *,
    owner: User | None,
    due: date | None,
    details: str,
    now: datetime,
) -> None:
    """Says who does a step, until when, and what is known of it."""
    with _changing(member, step):
        record(actor, "planned a step", case=step.case_id, details={"step": step.kind}, at=now)
        step.owner, step.due, step.details = owner, due, details
        step.save(update_fields=["owner", "due", "details"])


def finish_step(actor: Actor, member: Membership, step: Step, done_on: date, now: datetime) -> None:
    """Says that a step is done. Raises StillWaits; done a second time, the first day stays."""
    with _changing(member, step):
        if step.done_on is not None:
            return
        if done_on > now.date():
            raise NotNow("A step is done on a day that has come.")
        _check_waits_for_nothing(step)
        record(actor, "finished a step", case=step.case_id, details={"step": step.kind}, at=now)
        step.done_on, step.not_needed = done_on, False
        step.save(update_fields=["done_on", "not_needed"])


def leave_step_out(
    actor: Actor, member: Membership, step: Step, reason: str, now: datetime
) -> None:
    """Says that this journey does not need a step, and why. Raises NeedsReason."""
    with _changing(member, step):
        if not kinds()[step.kind].may_be_left_out:
            raise NeedsReason("Every journey needs this step.")
        if not reason.strip():
            raise NeedsReason("Say why this journey does not need it.")
        record(actor, "left a step out", case=step.case_id, details={"step": step.kind}, at=now)
        step.not_needed, step.done_on, step.details = True, None, reason.strip()
        step.save(update_fields=["not_needed", "done_on", "details"])


def reopen_step(actor: Actor, member: Membership, step: Step, now: datetime) -> None:
    """Takes back that a step is done or not needed. Raises NotNow where another rests on it."""
    with _changing(member, step):
        if not is_settled(step):
            return
        if step.case.state == State.HOME and kinds()[step.kind].is_before_home:
            raise NotNow("The person is home; what led there stays as it was.")
        resting = _settled_that_wait_for(step)
        if resting:
            raise NotNow(f"First take back {', '.join(resting)}.")
        record(actor, "reopened a step", case=step.case_id, details={"step": step.kind}, at=now)
        step.done_on, step.not_needed = None, False
        step.save(update_fields=["done_on", "not_needed"])


@contextmanager
def _changing(member: Membership, step: Step) -> Iterator[None]:
    """One transaction that holds the case, with the step and the state as they are now."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(step.case):
        step.refresh_from_db(fields=["done_on", "not_needed"])
        step.case.refresh_from_db(fields=["state"])
        yield


def _check_waits_for_nothing(step: Step) -> None:
    steps = {other.kind: other for other in Step.objects.filter(case=step.case_id)}
    waits = waits_of(kinds()[step.kind], steps, step.case.state)
    if waits:
        raise StillWaits(f"{kinds()[step.kind].name} waits for: {', '.join(waits)}.")


def _settled_that_wait_for(step: Step) -> list[str]:
    others = Step.objects.filter(case=step.case_id)
    return [
        kinds()[other.kind].name
        for other in others
        if is_settled(other) and step.kind in kinds()[other.kind].waits_for
    ]
