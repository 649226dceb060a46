"""What is done in a review, one verb a function: may they, can it be now, write it down, do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from wayhome.web.accountability.rows import keep_row
from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import Case, Conflict, State
from wayhome.web.cases.screening import screened
from wayhome.web.review.agreement import count_pair
from wayhome.web.review.decisions import agree, decision_of
from wayhome.web.review.models import (
    REASONS,
    AlreadyRecorded,
    Assignment,
    Finding,
    FindingDraft,
    Round,
    Seat,
)
from wayhome.web.review.rota import TooFewReviewers, eligible, next_reviewers
from wayhome.web.review.states import TRANSITIONS, NotNow, locked, take
from wayhome.web.review.taxonomy import court_names, taxonomy

PROGRAM = "return_home"
_SEATS_OF = {
    State.FIRST_REVIEW: (Seat.FIRST, Seat.SECOND),
    State.SECOND_REVIEW: (Seat.FIRST, Seat.SECOND),
    State.PANEL: (Seat.THIRD,),
}


class Incomplete(Exception):
    """A finding lacks something. `faults`: what, by the field of the form."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True)
class Answers:
    """What a reviewer answers. `grounds`: {rule id: {"accepted": bool or None, "reason": text}}."""

    recommends: bool | None = None
    grounds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    agency: str = ""
    court: str = ""
    reasons: str = ""
    conditions: str = ""


def begin_review(actor: Actor, member: Membership, case: Case, now: datetime) -> Round:
    """Opens a round: two reviewers by the rota, the law of today, the grounds that hold today.

    Raises PermissionDenied, NotNow, or TooFewReviewers; then nothing is changed.
    """
    check_may(member, Deed.ASSIGN)
    with locked(case):
        if case.state != State.READY:
            raise NotNow(f"A case that is {State(case.state).label} cannot go to review.")
        number = Round.objects.filter(case=case).count() + 1
        people = next_reviewers(case, number, 2, besides=[member.user_id])
        grounds = _grounds_of(case, now)
        opened = Round.objects.create(
            case=case,
            number=number,
            opened_at=now,
            as_of=now.date(),
            grounds=grounds,
            edition=case.edition,
        )
        for seat, person in zip((Seat.FIRST, Seat.SECOND), people, strict=True):
            _seat(actor, case, number, seat, person, now)
        take(actor, member, case, TRANSITIONS[State.READY, State.FIRST_REVIEW], now)
    return opened


def _grounds_of(case: Case, now: datetime) -> list[str]:
    found = screened(case, now.date()).findings
    return [rule.id for f in found if f.program == PROGRAM for rule in f.grounds]


def _seat(
    actor: Actor, case: Case, number: int, seat: int, person: User, now: datetime
) -> Assignment:
    details = {"round": number, "seat": int(seat), "reviewer": str(person.pk)}
    record(actor, "assigned reviewer", case=case.pk, details=details, at=now)
    return Assignment.objects.create(
        case=case, reviewer=person, seat=seat, round=number, assigned_at=now
    )


def save_draft(
    actor: Actor, member: Membership, assignment: Assignment, answers: Answers, now: datetime
) -> FindingDraft:
    """Keeps what a reviewer wrote so far. Raises PermissionDenied, NotNow, AlreadyRecorded."""
    with _sitting(member, assignment) as case:
        details = {"round": assignment.round, "seat": assignment.seat}
        record(actor, "saved draft of finding", case=case.pk, details=details, at=now)
        draft, _ = FindingDraft.objects.get_or_create(
            assignment=assignment, defaults={"case": case, "saved_at": now}
        )
        draft.answers, draft.saved_at = asdict(answers), now
        draft.save()
    return draft


def record_finding(
    actor: Actor, member: Membership, assignment: Assignment, answers: Answers, now: datetime
) -> Finding:
    """Records a finding for good, and takes the case on when it was the last one awaited.

    The case, its state, both audit events and the row of the report stand or fall together.
    Raises PermissionDenied, NotNow, AlreadyRecorded, or Incomplete.
    """
    with _sitting(member, assignment) as case:
        current = Round.of(case)
        check_complete(answers, current.grounds or [])
        details = {"round": assignment.round, "seat": assignment.seat}
        # Not a word of what was found: the log is read by people who must stay blind to it.
        record(actor, "recorded a finding", case=case.pk, details=details, at=now)
        finding = Finding.objects.create(
            case=case, assignment=assignment, recorded_at=now, **_fields(answers)
        )
        FindingDraft.objects.filter(assignment=assignment).delete()
        _go_on(actor, member, case, current, now)
    return finding


def _fields(answers: Answers) -> dict[str, Any]:
    return {**asdict(answers), "causes": sorted(answers.causes)}


@contextmanager
def _sitting(member: Membership, assignment: Assignment) -> Iterator[Case]:
    """The case of somebody's open seat, locked."""
    check_may(member, Deed.REVIEW)
    case = assignment.case
    check_may_see_case(member, case)
    with locked(case):
        seat = Assignment.objects.filter(pk=assignment.pk, reviewer=member.user_id).first()
        if seat is None:
            raise PermissionDenied("This seat is not yours.")
        if Finding.objects.filter(assignment=seat).exists():
            raise AlreadyRecorded("A finding cannot be changed once it is recorded.")
        is_open = Round.of(case).number == seat.round
        if not is_open or seat.seat not in _SEATS_OF.get(State(case.state), ()):
            raise NotNow(f"This case is {State(case.state).label}; it awaits no finding of yours.")
        yield case


def check_complete(answers: Answers, grounds: list[str]) -> None:
    """Raises Incomplete with everything that a finding lacks."""
    faults = dict(_faults(answers, grounds))
    if faults:
        raise Incomplete(faults)


def _faults(answers: Answers, grounds: list[str]) -> Iterator[tuple[str, str]]:
    if answers.recommends is None:
        yield "recommends", "Say whether you recommend that the person may come back."
    if not answers.reasons.strip():
        yield "reasons", "Give the reasons for your recommendation."
    for rule in grounds:
        found = answers.grounds.get(rule, {})
        if found.get("accepted") is None:
            yield f"accepted {rule}", "Say whether you accept this ground."
        elif not str(found.get("reason", "")).strip():
            yield f"reason {rule}", "Give a reason for accepting this ground or not."
    known = taxonomy()
    if (set(answers.grounds) - set(grounds)) or (set(answers.causes) - set(known.causes)):
        yield "causes", "There is a ground or a cause that this review does not know."
    if answers.agency and answers.agency not in known.agencies:
        yield "agency", "There is no such agency in the list."
    if answers.court and answers.court not in court_names():
        yield "court", "There is no such court in the list."


def _go_on(actor: Actor, member: Membership, case: Case, current: Round, now: datetime) -> None:
    """What follows from the findings that are in now."""
    findings = list(
        Finding.objects.filter(case=case, assignment__round=current.number)
        .select_related("assignment")
        .order_by("assignment__seat")
    )
    if len(findings) == 1:
        _step(actor, member, case, State.SECOND_REVIEW, now)
        return
    if len(findings) == 2:
        count_pair(case.organization_id, *findings)
        if not agree(*findings):
            _step(actor, member, case, State.PANEL, now)
            _seat_third_reader(actor, case, current.number, now)
            return
    _decide(actor, member, case, current, findings, now)


def _seat_third_reader(actor: Actor, case: Case, number: int, now: datetime) -> None:
    """By the rota; where nobody is free the seat stays open and the lead is shown it."""
    for person in eligible(case, number)[:1]:
        _seat(actor, case, number, Seat.THIRD, person, now)


def _decide(
    actor: Actor,
    member: Membership,
    case: Case,
    current: Round,
    findings: list[Finding],
    now: datetime,
) -> None:
    decision = decision_of(findings)
    is_by_panel = len(findings) > 2
    to = State.RECOMMENDED if decision.recommends else State.NOT_RECOMMENDED
    _step(actor, member, case, to, now)
    current.closed_at, current.recommends = now, decision.recommends
    current.is_by_panel = is_by_panel
    current.save(update_fields=["closed_at", "recommends", "is_by_panel"])
    keep_row(case, decision, is_by_panel=is_by_panel, now=now)


def _step(actor: Actor, member: Membership, case: Case, to: State, now: datetime) -> None:
    take(actor, member, case, TRANSITIONS[State(case.state), to], now)


def declare_conflict(
    actor: Actor, member: Membership, case: Case, reason: str, now: datetime
) -> None:
    """Somebody says that they have a conflict; their open seat goes to the next by the rota.

    Whoever may see the case may say so, also who is no reviewer today: the rota remembers it.
    """
    check_may(member, Deed.SEE_CASE)
    if case.organization_id != member.organization_id:
        raise PermissionDenied("This case is of another organization.")
    note_conflict(actor, case, member.user, reason, now)


def note_conflict_of(
    actor: Actor, member: Membership, case: Case, whose: Membership, reason: str, now: datetime
) -> None:
    """The lead writes down that somebody was counsel or adjudicator, or has another conflict."""
    check_may(member, Deed.ASSIGN)
    check_may_see_case(member, case)
    if whose.organization_id != case.organization_id:
        raise PermissionDenied("This person works for another organization.")
    note_conflict(actor, case, whose.user, reason, now)


def note_conflict(actor: Actor, case: Case, user: User, reason: str, now: datetime) -> None:
    """Writes a conflict down (a key of REASONS). Raises AlreadyRecorded where it comes too late."""
    if reason not in REASONS:
        raise Incomplete({"reason": "Choose one of the reasons."})
    with locked(case):
        open_round = Round.objects.filter(case=case, closed_at=None).first()
        seat = open_round and _seat_of(case, open_round.number, user)
        if seat and Finding.objects.filter(assignment=seat).exists():
            raise AlreadyRecorded(
                "Your finding is recorded already. Tell the lead: the case can be reconsidered."
            )
        details = {"user": str(user.pk), "reason": reason}
        record(actor, "noted a conflict", case=case.pk, details=details, at=now)
        Conflict.objects.get_or_create(
            case=case, user=user, reason=reason, defaults={"found_at": now}
        )
        if seat:
            _pass_on(actor, case, seat, now)


def _seat_of(case: Case, number: int, user: User) -> Assignment | None:
    return Assignment.objects.filter(case=case, round=number, reviewer=user).first()


def _pass_on(actor: Actor, case: Case, seat: Assignment, now: datetime) -> None:
    number, place = seat.round, seat.seat
    seat.delete()
    for person in eligible(case, number)[:1]:
        _seat(actor, case, number, place, person, now)


def reassign(
    actor: Actor,
    member: Membership,
    assignment: Assignment,
    now: datetime,
    to: User | None = None,
) -> Assignment:
    """Gives an open seat to somebody else: the next by the rota, or `to`, who must be eligible.

    Raises PermissionDenied, AlreadyRecorded, or TooFewReviewers; then the seat stays as it is.
    """
    check_may(member, Deed.ASSIGN)
    case = assignment.case
    with locked(case):
        if Finding.objects.filter(assignment=assignment.pk).exists():
            raise AlreadyRecorded("The finding is recorded; the seat cannot be given away.")
        person = _chosen(case, assignment.round, to, assignment.reviewer_id)
        number, place = assignment.round, assignment.seat
        Assignment.objects.filter(pk=assignment.pk).delete()
        return _seat(actor, case, number, place, person, now)


def fill_seats(actor: Actor, member: Membership, case: Case, now: datetime) -> list[Assignment]:
    """Seats somebody wherever the open round lacks a reader. Raises TooFewReviewers."""
    check_may(member, Deed.ASSIGN)
    with locked(case):
        current = Round.objects.filter(case=case).order_by("number").last()
        if current is None:
            raise NotNow("This case is not in review.")
        empty = empty_seats(case, current)
        people = next_reviewers(case, current.number, len(empty))
        return [
            _seat(actor, case, current.number, seat, person, now)
            for seat, person in zip(empty, people, strict=True)
        ]


def empty_seats(case: Case, current: Round) -> list[Seat]:
    """The seats of a round that wait for somebody, in the state that the case is in."""
    if current.closed_at is not None:
        return []
    held = set(
        Assignment.objects.filter(case=case, round=current.number).values_list("seat", flat=True)
    )
    return [seat for seat in _SEATS_OF.get(State(case.state), ()) if seat not in held]


def _chosen(case: Case, number: int, to: User | None, besides: object) -> User:
    people = eligible(case, number, [besides])
    found = people.filter(pk=to.pk).first() if to else people.first()
    if found is None:
        raise TooFewReviewers(1, 0)
    return found
