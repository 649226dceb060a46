"""Where it stands: the state in a sentence, answers, messages, what was sent to whom, erasing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.accounts.models import Organization
from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Message, State
from wayhome.web.portal import actions, visits
from wayhome.web.portal.answers import in_words
from wayhome.web.portal.call_backs import ask_for_call
from wayhome.web.portal.erasing import erase
from wayhome.web.portal.reaching import zone_of
from wayhome.web.portal.views import KEPT, OPEN_STATES
from wayhome.web.portal.visits import is_sent, of_open_case, portal_page
from wayhome.web.portal.walk import walk_of
from wayhome.web.review.models import StateChange
from wayhome.words import question as question_in_words

FILED = "status.sent_filed"
# What was sent out of the office, as the log names it, and what the status page says of it.
SENT = {
    "filed the request": FILED,
    "filed again": FILED,
    "accepted transfer": "status.sent_transferred",
    "accepted referral": "status.sent_transferred",
}
_TO_SOMEBODY = ("accepted transfer", "accepted referral")


@of_open_case
def status(request: Any) -> HttpResponse:
    return render(request, "portal/status.html", _standing(request.case))


@of_open_case
def enough(request: Any) -> HttpResponse:
    """The end of a sitting: the status page, with thanks."""
    case = request.case
    is_open = case.state in OPEN_STATES
    has_more = is_open and walk_of(case, timezone.now().date()).next is not None
    thanks = "question.enough" if has_more else "question.nothing_left"
    context = _standing(case) | {"thanks": thanks, "may_answer": has_more}
    return render(request, "portal/status.html", context)


def _standing(case: Case) -> dict[str, Any]:
    unread = Message.objects.filter(case=case, is_from_applicant=False, read_at=None)
    is_open = case.state in OPEN_STATES
    return {
        "state": f"state.{case.state}",
        "then": f"next.{case.state}",
        "answered": _where_answered(case),
        "is_urgent": case.is_emergency and is_open,
        "may_answer": is_open,
        "unread": unread.count(),
        "sent": _sent(case),
        "code": case.code,
    }


def _where_answered(case: Case) -> str:
    """Where an answer can be had: nobody is told of a call or a letter that they did not choose."""
    if case.state == State.WITHDRAWN:
        return ""
    return "status.answer_by_channel" if _may_be_called(case) else "status.answer_on_page"


def _sent(case: Case) -> list[dict[str, Any]]:
    events = list(Event.objects.filter(case=case.pk, deed__in=SENT).order_by("number"))
    # Of a step that was taken, "to" is the new state; of a case that went over, who has it now.
    receivers = {event.details.get("to") for event in events if event.deed in _TO_SOMEBODY} - {None}
    names = {str(o.pk): o.name for o in Organization.objects.filter(pk__in=receivers)}
    # A case that goes over is in the log of both sides, with one moment.
    told = {(event.at, event.deed): event for event in events}
    steps = StateChange.objects.filter(case=case, to_state=State.FILED).select_related("filing")
    filed = {step.audit_number: step for step in steps}
    return [
        _filed(at, filed.get(event.number))
        if SENT[deed] == FILED
        else {"at": at, "key": SENT[deed], "who": names.get(event.details.get("to", ""), "")}
        for (at, deed), event in told.items()
    ]


def _filed(at: datetime, step: StateChange | None) -> dict[str, Any]:
    """When and where a request was filed, with which papers; or that this was not written down."""
    filing = getattr(step, "filing", None)
    who = str(filing.to) if filing else ""
    papers = "; ".join(filing.papers or []) if filing else ""
    on = step.happened_on if step else None
    return {
        "at": on or at,
        "key": "status.sent_filed_to" if who else FILED,
        "day_unsaid": on is None,
        "who": who,
        "office_unsaid": not who,
        "papers": papers,
        "papers_key": "status.sent_papers" if papers else "status.sent_papers_unsaid",
    }


@of_open_case
def answers(request: Any) -> HttpResponse:
    """Every answer given here, each with a way to change it."""
    walk, vocabulary = walk_of(request.case, timezone.now().date()), load_vocabulary()
    language = request.language
    given = [
        {
            "number": number,
            "question": question_in_words(vocabulary[fact], language),
            "answer": in_words(vocabulary[fact], walk.last_answer(fact), language),
        }
        for number, fact in enumerate(walk.asked, start=1)
        if fact in vocabulary
    ]
    context = {
        "given": given,
        "may_answer": request.case.state in OPEN_STATES,
        "is_kept": KEPT in request.GET,
    }
    return render(request, "portal/answers.html", context)


@of_open_case
def messages(request: Any) -> HttpResponse:
    """Messages both ways."""
    text, fault, now = request.POST.get("text", "").strip(), "", timezone.now()
    if is_sent(request):
        fault = _fault_of_message(text)
        if not fault:
            actions.write_message(request.case, text, now)
            if request.POST.get("call_me"):
                _ask_for_call(request.case, now)
            return redirect("portal_messages")
    context = {
        "thread": actions.read_messages(request.case, now),
        "text": text,
        "fault": fault,
        "may_call": _may_be_called(request.case),
        "zone": zone_of(request.case),
    }
    return render(request, "portal/messages.html", context)


def _fault_of_message(text: str) -> str:
    if not text:
        return "messages.empty"
    return "messages.long" if len(text) > actions.LONGEST_MESSAGE else ""


def _may_be_called(case: Case) -> bool:
    contact = actions.contact_of(case)
    return contact is not None and contact.channel not in {"", "none"}


def _ask_for_call(case: Case, now: Any) -> None:
    contact = actions.contact_of(case)
    if contact is not None and contact.channel not in {"", "none"}:
        ask_for_call(applicant_of(case), case, contact, now)


@of_open_case
def take_back(request: Any) -> HttpResponse:
    """Takes the consent back and erases: asks once, asks again, then does it."""
    step = request.POST.get("step", "") if is_sent(request) else ""
    if step == "do_it":
        erase(request.case, timezone.now())
        visits.leave(request)
        return redirect("portal_erased")
    return render(request, "portal/erase.html", {"is_sure": step == "go_on"})


@portal_page
def erased(request: Any) -> HttpResponse:
    return render(request, "portal/erased.html")
