"""The panel "Review" of a case: where it stands, by when, what may follow, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.template.defaultfilters import pluralize
from django.utils import timezone

from wayhome.engine.outcomes import Outcome
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.cases.case_panels import Panel
from wayhome.web.cases.facts import disagreements_of
from wayhome.web.cases.models import Case, Document, State
from wayhome.web.review.blindness import findings_for
from wayhome.web.review.correcting import may_correct
from wayhome.web.review.days import happened_elsewhere, newest_first
from wayhome.web.review.models import REASONS, Assignment, Round, StateChange
from wayhome.web.review.queries import seat_of
from wayhome.web.review.state_form import StateForm, before_step
from wayhome.web.review.states import STAGES, due_at, steps_open_to


def review(request: Any, case: Case) -> Mapping[str, Any]:
    member, today = request.member, timezone.now().date()
    due, steps = due_at(case), steps_open_to(member, case)
    history = list(newest_first(case).select_related("by", "filing"))
    before = before_step(case, steps, history, today)
    findings = findings_for(member).filter(case=OuterRef("case"))
    rounds = Round.objects.filter(case=case).annotate(has_findings=Exists(findings))
    current = rounds.order_by("number").last()
    rows = Assignment.objects.filter(case=case, round=current.number if current else 0)
    seat = seat_of(member, case) if may(member, Deed.REVIEW) else None
    return {
        "stage": STAGES[State(case.state)],
        "due": due,
        "is_late": due is not None and due < timezone.now(),
        "since": history[0].happened_on if history else None,
        "steps": [StateForm(step, before) for step in steps],
        "cautions": list(_cautions(case, today)) if State.READY in {s.to for s in steps} else [],
        "may_begin": case.state == State.READY and may(member, Deed.ASSIGN),
        "round": current,
        "seats": rows.select_related("reviewer", "finding").order_by("seat"),
        "my_seat": seat,
        "owes": seat is not None and not hasattr(seat, "finding"),
        "has_findings": current is not None and current.has_findings,
        "history": [_line(member, change) for change in history],
        "reasons": REASONS,
        "may_review": may(member, Deed.REVIEW),
        "may_declare": seat is None or not hasattr(seat, "finding"),
        **(_conflicts(member, case) if may(member, Deed.ASSIGN) else {}),
    }


@dataclass(frozen=True)
class HistoryLine:
    """A step that was taken: on which day it happened, and whether whoever reads may correct it."""

    change: StateChange
    happened_elsewhere: bool
    may_correct: bool


def _line(member: Any, change: StateChange) -> HistoryLine:
    return HistoryLine(change, happened_elsewhere(change), may_correct(member, change))


def _cautions(case: Case, today: date) -> Iterator[str]:
    """What is open before a case is called ready for review: told, and no hindrance."""
    counted = Case.objects.annotate(
        unread=Count("messages", Q(messages__is_from_applicant=True, messages__read_at=None)),
        has_document=Exists(Document.objects.filter(case=OuterRef("pk"))),
    )
    unread, has_document = counted.values_list("unread", "has_document").get(pk=case.pk)
    if unread:
        yield f"{unread} unread message{pluralize(unread)}"
    differing = len(disagreements_of(case))
    if differing:
        yield f"{differing} fact{pluralize(differing)} of which sources say different things"
    if not has_document:
        yield "no document"
    if Outcome.OPEN in case.outcomes.values():
        yield "questions that could still change what the rules say"
    if case.next_deadline and case.next_deadline >= today:
        day = case.next_deadline
        yield f"a deadline on {day:%b} {day.day}, {day.year}"
    if case.assigned_to_id is None:
        yield "nobody is assigned"


def _conflicts(member: Any, case: Case) -> Mapping[str, Any]:
    """For the lead: who may not review the case and why, and whom it can be noted of."""
    rows = case.conflicts.select_related("user").order_by("user__name", "reason")
    staff = member.organization.memberships.filter(is_active=True).select_related("user")
    return {
        "conflicts": [(row.user, REASONS.get(row.reason, row.reason)) for row in rows],
        "staff": staff.order_by("user__name"),
    }


PANELS = (Panel("review", "Review", "review/panel.html", review, order=10),)
