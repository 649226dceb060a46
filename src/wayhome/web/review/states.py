"""The states of a case as a table, and the one way from one to another.

Every step is a line of TRANSITIONS: who may take it, how it comes about, and what the audit log
calls it. A state, its audit event and the case are saved in one transaction, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from django.db import transaction
from django.db.models import F
from django_scopes import scope

from wayhome.web.accounts.models import Membership, Role
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import note_prepared
from wayhome.web.cases.models import Case, State
from wayhome.web.review.days import ELSEWHERE, check_day, earliest_day, moment_of, newest_first
from wayhome.web.review.models import Filing, Round, StateChange


class How(StrEnum):
    """What brings a step about."""

    BY_HAND = "somebody takes it"
    BY_SEATS = "the rota seats two reviewers"
    BY_FINDING = "a reviewer records a finding"


class NotNow(Exception):
    """The step does not lead from the state that the case is in. Says both states."""


@dataclass(frozen=True)
class Clock:
    """In how many hours a case should leave a state: the ordinary lane and the emergency lane."""

    ordinary: int
    emergency: int

    def hours(self, is_emergency: bool) -> int:
        return self.emergency if is_emergency else self.ordinary


@dataclass(frozen=True)
class Stage:
    """A state: who owns it, and its clock (none where nothing is waited for: a closed case)."""

    state: State
    owner: Role
    clock: Clock | None

    @property
    def label(self) -> str:
        return str(self.state.label)


@dataclass(frozen=True)
class Transition:
    """A step from one state to another: who may take it, and what the audit log calls it."""

    start: State
    to: State
    deed: Deed
    audit_deed: str
    how: How = How.BY_HAND
    may_applicant: bool = False

    @property
    def meaning(self) -> str:
        """What the step says in words, where its name may mislead: it is asked for once more."""
        return _MISLEADING.get((self.start, self.to), "")

    @property
    def happens_elsewhere(self) -> bool:
        """Whether it happens outside the office, and so on a day that is asked for (days.py)."""
        return (self.start, self.to) in ELSEWHERE


_DAY = 24
# The emergency lane is 24 hours from the first call to the filing, all stages and a panel together.
_STAGES = (
    Stage(State.RECEIVED, Role.CASEWORKER, Clock(3 * _DAY, 2)),
    Stage(State.PREPARING, Role.CASEWORKER, Clock(30 * _DAY, 8)),
    Stage(State.READY, Role.LEAD, Clock(3 * _DAY, 1)),
    Stage(State.FIRST_REVIEW, Role.REVIEWER, Clock(7 * _DAY, 4)),
    Stage(State.SECOND_REVIEW, Role.REVIEWER, Clock(7 * _DAY, 4)),
    Stage(State.PANEL, Role.REVIEWER, Clock(5 * _DAY, 2)),
    Stage(State.RECOMMENDED, Role.ATTORNEY, Clock(10 * _DAY, 3)),
    Stage(State.NOT_RECOMMENDED, Role.CASEWORKER, None),
    Stage(State.FILED, Role.ATTORNEY, Clock(180 * _DAY, 24)),
    Stage(State.GRANTED, Role.CASEWORKER, Clock(30 * _DAY, 24)),
    Stage(State.DENIED, Role.ATTORNEY, None),
    Stage(State.TRAVELLING, Role.CASEWORKER, Clock(7 * _DAY, 24)),
    Stage(State.HOME, Role.CASEWORKER, None),
    Stage(State.WITHDRAWN, Role.CASEWORKER, None),
    Stage(State.RECONSIDERATION, Role.LEAD, Clock(7 * _DAY, 24)),
)
STAGES: dict[State, Stage] = {stage.state: stage for stage in _STAGES}
TO_FILING = tuple(STAGES)[:7]

_BY_WHOM = {
    "caseworker": Deed.CHANGE_CASE,
    "lead": Deed.ASSIGN,
    "attorney": Deed.FILE,
    "reviewer": Deed.REVIEW,
}
_STEPS = (
    (State.RECEIVED, State.PREPARING, "caseworker", "began to prepare"),
    (State.PREPARING, State.READY, "caseworker", "called the file complete"),
    (State.READY, State.PREPARING, "caseworker", "took the file back"),
    (State.FIRST_REVIEW, State.PREPARING, "lead", "sent the file back before any finding"),
    (State.RECOMMENDED, State.FILED, "attorney", "filed the request"),
    (State.RECOMMENDED, State.RECONSIDERATION, "lead", "opened reconsideration"),
    (State.NOT_RECOMMENDED, State.RECONSIDERATION, "lead", "opened reconsideration"),
    (State.FILED, State.GRANTED, "attorney", "recorded the grant"),
    (State.FILED, State.DENIED, "attorney", "recorded the denial"),
    (State.DENIED, State.FILED, "attorney", "filed again"),
    (State.DENIED, State.RECONSIDERATION, "lead", "opened reconsideration"),
    (State.GRANTED, State.TRAVELLING, "caseworker", "recorded the departure"),
    (State.GRANTED, State.DENIED, "attorney", "recorded that the grant was taken back"),
    (State.TRAVELLING, State.GRANTED, "caseworker", "recorded that the journey was put off"),
    (State.TRAVELLING, State.HOME, "caseworker", "recorded the arrival home"),
    (State.RECONSIDERATION, State.READY, "lead", "called the file complete for a new round"),
    (State.RECONSIDERATION, State.PREPARING, "lead", "asked for more preparation"),
    (State.WITHDRAWN, State.PREPARING, "caseworker", "took the case up again"),
)
_MISLEADING = {
    (State.FILED, State.GRANTED): "This says that the office or court granted the request. "
    "The applicant reads it at once. There is no undoing it: it can only be called taken back.",
    (State.GRANTED, State.DENIED): "This says that the government took back what it had granted. "
    "It does not undo a step taken by mistake, and the applicant is told that the answer was no.",
}
_MAY_BE_WITHDRAWN = tuple(
    state for state in State if state not in (State.TRAVELLING, State.HOME, State.WITHDRAWN)
)
_BY_FINDING = (
    (State.FIRST_REVIEW, State.SECOND_REVIEW, "had the first finding"),
    (State.SECOND_REVIEW, State.PANEL, "went to a third reader"),
    (State.SECOND_REVIEW, State.RECOMMENDED, "was recommended by both"),
    (State.SECOND_REVIEW, State.NOT_RECOMMENDED, "was not recommended by either"),
    (State.PANEL, State.RECOMMENDED, "was recommended by the panel"),
    (State.PANEL, State.NOT_RECOMMENDED, "was not recommended by the panel"),
)


def _transitions() -> Iterator[Transition]:
    for start, to, who, said in _STEPS:
        yield Transition(start, to, _BY_WHOM[who], said)
    for start in _MAY_BE_WITHDRAWN:
        said = "withdrew the request"
        yield Transition(start, State.WITHDRAWN, Deed.CHANGE_CASE, said, may_applicant=True)
    yield Transition(State.READY, State.FIRST_REVIEW, Deed.ASSIGN, "opened review", How.BY_SEATS)
    for start, to, said in _BY_FINDING:
        yield Transition(start, to, Deed.REVIEW, said, How.BY_FINDING)


TRANSITIONS: dict[tuple[State, State], Transition] = {(t.start, t.to): t for t in _transitions()}


def steps_from(state: str) -> list[Transition]:
    """Every step that leads from a state."""
    return [t for t in TRANSITIONS.values() if t.start == state]


def steps_open_to(member: Membership | None, case: Case) -> list[Transition]:
    """What this member of staff may do with the case's state now, by hand."""
    return [t for t in steps_from(case.state) if t.how is How.BY_HAND and may(member, t.deed)]


def due_at(case: Case) -> datetime | None:
    """When the case should have left its state; None where it has no clock."""
    clock = STAGES[State(case.state)].clock
    return case.state_since + timedelta(hours=clock.hours(case.is_emergency)) if clock else None


@dataclass(frozen=True)
class Filed:
    """To which office or court something was filed, and what the papers that went are called."""

    to: str = ""
    papers: tuple[str, ...] = ()
    person_was_asked: bool = False


def change_state(
    actor: Actor,
    member: Membership | None,
    case: Case,
    to: str,
    now: datetime,
    *,
    on: date | None = None,
    said: str = "",
    filed: Filed | None = None,
) -> StateChange:
    """Takes a case to another state by hand. `member` is None for the applicant, who may withdraw.

    `on` is the day on which a step happened elsewhere (None: today), `said` what is written with
    it, `filed` is kept with a step to "filed". Raises PermissionDenied, NotThatDay, or NotNow where
    no such step leads from the case's state now.
    """
    with locked(case):
        step = _step_by_hand(case, to)
        if member is not None:
            check_may(member, step.deed)
        elif not step.may_applicant:
            raise NotNow("An applicant may only withdraw.")
        if on is not None:
            _check_day(case, step, on, now.date())
        filed = filed if step.to == State.FILED else None
        more = {"person_was_asked": "yes"} if filed and filed.person_was_asked else {}
        change = take(actor, member, case, step, now, on=on, said=said, more=more)
        if filed is not None:
            Filing.objects.create(case=case, change=change, to=filed.to, papers=list(filed.papers))
        return change


def _check_day(case: Case, step: Transition, on: date, today: date) -> None:
    if not step.happens_elsewhere:
        raise NotNow(f"That it {step.audit_deed} is of the moment in which it is written down.")
    check_day(on, earliest_day(case, newest_first(case)), today)


def _step_by_hand(case: Case, to: str) -> Transition:
    step = TRANSITIONS.get((State(case.state), to)) if to in State else None  # type: ignore[call-overload]
    if step is None or step.how is not How.BY_HAND:
        wanted = State(to).label if to in State else "no state that there is"
        raise NotNow(f"A case that is {State(case.state).label} cannot be made {wanted} by hand.")
    return step


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """One transaction that holds the case's row, with its state as it is now.

    Two people who do something at the same moment come one after the other.
    """
    with scope(organization=case.organization_id), transaction.atomic():
        now = Case.objects.select_for_update().get(pk=case.pk)
        case.state, case.state_since, case.edition = now.state, now.state_since, now.edition
        case.is_emergency, case.erased_at = now.is_emergency, now.erased_at
        if case.erased_at is not None:
            raise NotNow("This case was erased.")
        yield


def take(
    actor: Actor,
    member: Membership | None,
    case: Case,
    step: Transition,
    now: datetime,
    *,
    on: date | None = None,
    said: str = "",
    more: Mapping[str, str] = MappingProxyType({}),
) -> StateChange:
    """Writes a step down and takes it. Called with the case locked, after every check.

    `more` is what the log says besides.
    """
    day = (on or now.date()) if step.happens_elsewhere else None
    happened = {"on": day.isoformat()} if day else {}
    details = {"from": str(step.start), "to": str(step.to), **happened, **more}
    event = record(actor, step.audit_deed, case=case.pk, details=details, at=now)
    change = StateChange.objects.create(
        case=case,
        from_state=step.start,
        to_state=step.to,
        at=now,
        happened_on=day,
        by_id=member.user_id if member else None,
        said=said,
        audit_number=event.number,
    )
    case.state, case.edition = step.to, case.edition + 1
    case.state_since = since = moment_of(day, now)
    Case.objects.filter(pk=case.pk).update(
        state=step.to, state_since=since, edition=F("edition") + 1
    )
    if step.how is How.BY_HAND:
        _after_step_by_hand(case, step, member, now)
    return change


def _after_step_by_hand(
    case: Case, step: Transition, member: Membership | None, now: datetime
) -> None:
    """Whoever changed the case may not review it; a round that is left leaves no open seat."""
    note_prepared(case, member, now)
    if step.start in (State.FIRST_REVIEW, State.SECOND_REVIEW, State.PANEL):
        Round.give_up(case, now)
