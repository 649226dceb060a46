"""The rows of one invented case: what was said, done and written of somebody who does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.accounts.models import Membership, Organization, Role
from wayhome.web.accounts.permissions import may
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.many import Deed
from wayhome.web.cases.facts import kept
from wayhome.web.cases.invented.course import Course, invented_course
from wayhome.web.cases.invented.reviewing import invented_review
from wayhome.web.cases.invented.stories import Story
from wayhome.web.cases.models import (
    Case,
    Conflict,
    Consent,
    Contact,
    Message,
    Note,
    Person,
    SearchWord,
    Source,
    State,
    Statement,
    Task,
    new_code,
)
from wayhome.web.cases.search import entries_of
from wayhome.web.journey.checklist import due_day, kinds
from wayhome.web.journey.models import Step
from wayhome.web.protection.sealing import blind
from wayhome.web.review.days import ELSEWHERE
from wayhome.web.review.models import Assignment, StateChange
from wayhome.web.review.states import TRANSITIONS, How, Transition

LANGUAGES = ("es", "es", "es", "en", "ht", "fr", "pt", "ar")
# Whose word it mostly is.
_FROM_RECORDS = {
    "proceeding_type",
    "nta_date",
    "nta_has_time_and_place",
    "order_date",
    "order_final_date",
    "order_outcome",
    "final_order",
    "removal_date",
    "charge_criminal",
    "charge_aggravated_felony",
}
_FROM_LAWYERS = {"conviction_class", "independent_ground_remains", "vacated_for_legal_defect"}
_ASKED = ("INVENTED: is there any news?", "INVENTED: my sister can bring the papers on Monday.")
_TOLD = ("INVENTED: we have your papers, thank you.", "INVENTED: a lawyer reads your case now.")
_TASKS = (
    "INVENTED: ask for the court file",
    "INVENTED: call back about the notice",
    "INVENTED: have the declaration translated",
    "INVENTED: ask the criminal court for the certified record",
)
_NOTES = (
    "INVENTED: spoke with the family; they will send the birth certificate.",
    "INVENTED: the recording of the hearing was asked for.",
    "INVENTED: prefers to be called after work.",
)
_ZONES = ("America/Port-au-Prince", "America/Tegucigalpa", "Africa/Dakar", "Asia/Manila", "UTC")


@dataclass(frozen=True)
class Office:
    """Whose cases these are, who works there, and the key of its blind indexes."""

    organization: Organization
    staff: tuple[Membership, ...]
    index: bytes

    def of(self, *roles: str) -> list[Membership]:
        return [member for member in self.staff if member.role in roles]


def invented_case(
    draw: Random, office: Office, story: Story, person: dict[str, str], now: datetime
) -> tuple[list[Any], list[tuple[Deed, StateChange | None]]]:
    """Every row of one case, the case first; and what its audit log says, in order, each with the
    step from state to state that it stands for."""
    may_travel = story.facts["removed"] is True
    removed_on = story.facts.get("removal_date")
    course = invented_course(
        draw,
        now,
        is_emergency=story.screening.emergency,
        may_travel=may_travel,
        removed_on=removed_on if isinstance(removed_on, date) else None,
    )
    case = _case(draw, office, story, course, now)
    review = invented_review(draw, case, story, course, office.of(Role.REVIEWER), office.index)
    readers = [row.reviewer_id for row in review if isinstance(row, Assignment)]
    changes = [
        StateChange(
            case_id=case.pk,
            from_state=a,
            to_state=b,
            at=at,
            happened_on=at.date() if (a, b) in ELSEWHERE else None,
            by_id=_taken_by(TRANSITIONS[a, b], case, office, readers),
        )
        for a, b, at in zip(course.states, course.states[1:], course.times[1:], strict=False)
    ]
    rows = [
        case,
        *_person(case, {**person, "birth_date": _born(story)}, office.index),
        *_statements(draw, case, story),
        *_around(draw, case, now),
        *changes,
        *_conflicts(draw, case, office),
        *_steps(draw, case, course, now),
        *review,
    ]
    return rows, list(_deeds(case, changes))


_FINDS = {State.FIRST_REVIEW: 0, State.SECOND_REVIEW: 1, State.PANEL: 2}


def _taken_by(step: Transition, case: Case, office: Office, readers: list[Any]) -> Any:
    """Who took a step: the reader whose finding it follows, or somebody whose role may take it."""
    if step.how is How.BY_FINDING and readers:
        return readers[_FINDS[step.start]]
    able = [member.user_id for member in office.staff if may(member, step.deed)]
    if case.assigned_to_id in able or not able:
        return case.assigned_to_id
    return able[case.pk.int % len(able)]


def _case(draw: Random, office: Office, story: Story, course: Course, now: datetime) -> Case:
    own = office.of(Role.CASEWORKER) if course.state != State.FILED else office.of(Role.ATTORNEY)
    is_new = course.state == State.RECEIVED
    return Case(
        id=uuid.uuid4(),
        organization_id=office.organization.pk,
        code=new_code(),
        state=course.state,
        state_since=course.times[-1],
        received_at=course.times[0],
        is_emergency=story.screening.emergency,
        acknowledged_at=None if is_new else course.times[0] + timedelta(hours=1),
        next_deadline=story.screening.next_deadline,
        outcomes=story.screening.outcomes,
        screened_on=now.date(),
        assigned_to_id=draw.choice(own).user_id if own and not is_new else None,
        language=draw.choice(LANGUAGES),
        edition=len(course.states),
        is_invented=True,
    )


def _born(story: Story) -> str:
    """The birth date as the story tells it; empty where it does not."""
    born = story.facts.get("birth_date")
    return born.isoformat() if isinstance(born, date) else ""


def _person(case: Case, fields: dict[str, str], index: bytes) -> Iterator[Any]:
    person = Person(case_id=case.pk, **fields)
    yield person
    for kind, word in dict.fromkeys(entries_of(person)):
        yield SearchWord(
            organization_id=case.organization_id,
            case_id=case.pk,
            kind=kind,
            digest=blind(index, kind, word),
        )


def _statements(draw: Random, case: Case, story: Story) -> Iterator[Statement]:
    vocabulary = load_vocabulary()
    teller = Source.FAMILY if draw.random() < 0.35 else Source.APPLICANT
    for name, value in story.facts.items():
        fact = vocabulary[name]
        source = _source(name, teller)
        held = kept(fact, value)
        yield _said(draw, case, name, source, value=held)
        if source != teller and draw.random() < 0.15:
            # Another source says it too; now and then it says something else.
            is_other = isinstance(held, bool) and draw.random() < 0.4
            yield _said(draw, case, name, teller, value=not held if is_other else held)
    for name in story.silent:
        is_declined = draw.random() < 0.2
        yield _said(draw, case, name, teller, is_declined=is_declined, is_unknown=not is_declined)


def _source(name: str, teller: Source) -> Source:
    if name in _FROM_LAWYERS:
        return Source.LAWYER
    return Source.RECORD if name in _FROM_RECORDS else teller


def _said(draw: Random, case: Case, name: str, source: Source, **said: Any) -> Statement:
    at = case.received_at + timedelta(minutes=draw.randint(1, 90))
    by = case.assigned_to_id if source in (Source.RECORD, Source.LAWYER) else None
    return Statement(
        case_id=case.pk,
        fact=name,
        source=source,
        said_on=at.date(),
        recorded_at=at,
        recorded_by_id=by,
        **said,
    )


def _around(draw: Random, case: Case, now: datetime) -> Iterator[Any]:
    """Contact, consent, and some of the tasks, notes and messages that a case gathers."""
    yield Contact(
        case_id=case.pk,
        name="Invented Relative",
        relation=draw.choice(("sister", "brother", "mother", "friend")),
        channel=draw.choice(("call", "whatsapp", "signal", "sms")),
        address=f"+000 555 {draw.randint(1000, 9999)}",
        time_zone=draw.choice(_ZONES),
        from_hour=draw.randint(7, 12),
        to_hour=draw.randint(16, 22),
        code_word=draw.choice(("mango", "river", "Tuesday", "")),
        may_leave_message=draw.random() < 0.3,
    )
    yield Consent(
        case_id=case.pk,
        text_version="invented",
        language=case.language,
        given_at=case.received_at,
    )
    by = case.assigned_to_id
    if by is None:
        return
    lived = max(int((now - case.received_at).days), 1)
    for text in draw.sample(_TASKS, draw.randint(0, 2)):
        due = now.date() + timedelta(days=draw.randint(-10, 40))
        done = draw.random() < 0.4
        yield Task(case_id=case.pk, what=text, due=due, owner_id=by, done_at=now if done else None)
    for text in draw.sample(_NOTES, draw.randint(0, 2)):
        at = case.received_at + timedelta(days=draw.randrange(lived))
        yield Note(case_id=case.pk, text=text, written_at=at, written_by_id=by)
    for texts, is_theirs in ((_ASKED, True), (_TOLD, False)):
        if draw.random() < 0.5:
            at = case.received_at + timedelta(days=draw.randrange(lived))
            yield Message(
                case_id=case.pk,
                text=draw.choice(texts),
                is_from_applicant=is_theirs,
                sent_at=at,
                sent_by_id=None if is_theirs else by,
            )


def _conflicts(draw: Random, case: Case, office: Office) -> Iterator[Conflict]:
    if case.assigned_to_id:
        yield Conflict(
            case_id=case.pk,
            user_id=case.assigned_to_id,
            reason="prepared",
            found_at=case.received_at,
        )
    reviewers = office.of(Role.REVIEWER)
    # Only where no review can have seated them yet.
    if reviewers and case.state in (State.RECEIVED, State.PREPARING) and draw.random() < 0.05:
        yield Conflict(
            case_id=case.pk,
            user_id=draw.choice(reviewers).user_id,
            reason="declared",
            found_at=case.received_at,
        )


def _steps(draw: Random, case: Case, course: Course, now: datetime) -> Iterator[Step]:
    """The checklist of the way home: all of it before the arrival is settled for who is home."""
    granted, home = course.when(State.GRANTED), course.when(State.HOME)
    if granted is None:
        return
    settled = len(kinds()) if course.state != State.GRANTED else draw.randrange(7)
    for place, kind in enumerate(kinds().values()):
        due = due_day(kind, granted.date(), home.date() if home else None)
        is_over = due is not None and due < now.date() - timedelta(days=2)
        is_settled = place < settled if kind.is_before_home else is_over
        left_out = is_settled and kind.may_be_left_out and draw.random() < 0.5
        yield Step(
            case_id=case.pk,
            kind=kind.code,
            owner_id=case.assigned_to_id,
            due=due,
            done_on=min(due or now.date(), now.date()) if is_settled and not left_out else None,
            not_needed=left_out,
            details="INVENTED: this journey does not need it." if left_out else "",
        )


def _deeds(case: Case, changes: list[StateChange]) -> Iterator[tuple[Deed, StateChange | None]]:
    organization = case.organization_id
    details = {"source": "applicant"}
    applicant = Actor("applicant", organization)
    yield Deed(applicant, "received case", case.received_at, case.pk, details), None
    for change in changes:
        step = TRANSITIONS[State(change.from_state), State(change.to_state)]
        by = f"staff:{change.by_id}" if change.by_id else "command:invent"
        details = {"from": change.from_state, "to": change.to_state}
        if change.happened_on:
            details["on"] = change.happened_on.isoformat()
        deed = Deed(Actor(by, organization), step.audit_deed, change.at, case.pk, details)
        yield deed, change
