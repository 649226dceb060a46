"""Operator mode: a hotline worker walks the same questions with the caller, and keeps the queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wayhome.law.vocabulary import FactType, load_vocabulary
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.facts import value_in
from wayhome.web.cases.models import Case, Contact, Person, Statement, code_as_compared
from wayhome.web.cases.queries import case_for
from wayhome.web.portal import actions
from wayhome.web.portal.answers import NotReadable, form_of, in_words, read_answer
from wayhome.web.portal.beginning_views import AGREED, WHO, read_who
from wayhome.web.portal.call_backs import ask_for_call, call_made, local_hours, missed
from wayhome.web.portal.doors import new_words
from wayhome.web.portal.models import CallBack, Doorway
from wayhome.web.portal.people import PERSON_FIELDS, read_person
from wayhome.web.portal.places import length_of_time
from wayhome.web.portal.reaching import keep_reach, reach_shown, their_contact_of
from wayhome.web.portal.views import OPEN_STATES
from wayhome.web.portal.walk import walk_of
from wayhome.web.portal.wording import hint
from wayhome.words import LANGUAGES, language_of
from wayhome.words import question as question_in_words

SHOWN_IN_QUEUE = 100
# In the order of their keys, 1 to 4.
YES_NO = ("yes", "no", "unknown", "declined")
PAUSES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "three_days": timedelta(days=3)}


def takes_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever may take in cases."""

    @login_required
    @wraps(view)
    def page(request: Any, **kwargs: Any) -> HttpResponse:
        check_may(request.member, Deed.TAKE_IN)
        return view(request, **kwargs)

    return page


def on_a_call(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about the case of a call. That somebody read it is in the log."""

    @takes_in
    @wraps(view)
    def page(request: Any, case_id: UUID, **kwargs: Any) -> HttpResponse:
        case = case_for(request.member, case_id)
        if request.method == "GET":
            details = {"page": view.__name__}
            record(actor_of(request), "read case", case=case.pk, details=details)
        return view(request, case, **kwargs)

    return page


@takes_in
def calls(request: Any) -> HttpResponse:
    """The queue: who may be called now, then who next. It shows codes and hours, no names."""
    if "code" in request.GET:
        code = code_as_compared(request.GET["code"])
        found = Case.objects.filter(code=code, erased_at=None).first()
        if found:
            return redirect("call", found.pk)
        messages.error(request, "No case here has this code.")
    now = timezone.now()
    waiting = _queue()
    shown = list(waiting[:SHOWN_IN_QUEUE])
    zones = _zones_of(call.case_id for call in shown)
    queue = [_line(one, zones.get(one.case_id, "UTC"), now) for one in shown]
    context = {
        "now_safe": [one for one in queue if one["is_safe"]],
        "missed": [one for one in queue if one["is_over"]],
        "later": [one for one in queue if not one["is_safe"] and not one["is_over"]],
        "languages": LANGUAGES.values(),
        "shown": len(shown),
        "waiting": waiting.count(),
    }
    return render(request, "portal/operator/calls.html", context)


def _queue() -> QuerySet[CallBack]:
    waiting = CallBack.objects.filter(done_at=None, case__erased_at=None)
    return waiting.select_related("case").order_by("safe_from", "pk")


def _zones_of(cases: Iterable[UUID]) -> dict[UUID, str]:
    """The time zone of whom to call first in each case. Nothing sealed is opened for it."""
    first = Contact.objects.filter(case__in=list(cases), is_first=True).order_by("-pk")
    return dict(first.values_list("case_id", "time_zone"))


def _line(call: CallBack, zone: str, now: datetime) -> dict[str, Any]:
    return {
        "case": call.case,
        "language": language_of(call.case.language),
        "hours": local_hours(call, zone, now),
        "is_safe": call.safe_from <= now < call.safe_to,
        "is_over": call.safe_to <= now,
    }


@takes_in
@require_http_methods(["GET", "POST"])
def new_call(request: Any) -> HttpResponse:
    """Reads the consent to the caller, and opens the case when they agree."""
    language = request.GET.get("language", request.POST.get("language", "en"))
    language = language if language in LANGUAGES else "en"
    faults: list[str] = []
    if request.method == "POST":
        who, faults = read_who(request.POST)
        if request.POST.get("consent") != "agree":
            messages.info(request, "The caller did not agree. Nothing was kept.")
            return redirect("calls")
        if not faults:
            return _begun(request, who, language)
    months = request.member.organization.months_kept
    context = {
        "language": language_of(language),
        "english": language_of("en"),
        "organization": request.member.organization,
        "kept_for": length_of_time(months, language),
        "kept_for_in_english": length_of_time(months, "en"),
        "typed": request.POST,
        "faults": faults,
        "whos": WHO,
        "agreeds": AGREED,
        "begun_with": request.POST.get("begun_with") or uuid.uuid4(),
        "interpreter_line": settings.INTERPRETER_LINE,
    }
    return render(request, "portal/operator/new_call.html", context)


def _begun(request: Any, who: actions.WhoTypes, language: str) -> HttpResponse:
    now = timezone.now()
    door = actions.begin(
        actor_of(request),
        request.member.organization,
        who,
        _number(request.POST.get("begun_with", "")),
        language,
        now,
        now,
        member=request.member,
    )
    return redirect("call_person", door.case_id)


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid.uuid4()


@on_a_call
def call(request: Any, case: Case) -> HttpResponse:
    """One call: how to reach them safely, what to say first, and where the walk goes on."""
    walk = walk_of(case, timezone.now().date())
    contact = actions.contact_of(case)
    waiting = CallBack.objects.filter(case=case, done_at=None).first()
    zone = contact.time_zone if contact else "UTC"
    context = _about(case) | {
        "contact": contact,
        "their_contact": their_contact_of(case),
        "person": Person.objects.get(case=case),
        "waiting": waiting,
        "hours": local_hours(waiting, zone, timezone.now()) if waiting else None,
        "answered": len(walk.asked),
        "next_number": len(walk.asked) + 1,
        "has_more": case.state in OPEN_STATES and walk.next is not None,
    }
    return render(request, "portal/operator/call.html", context)


def _about(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "language": language_of(case.language),
        "english": language_of("en"),
        "interpreter_line": settings.INTERPRETER_LINE,
    }


@on_a_call
def person(request: Any, case: Case) -> HttpResponse:
    faults: list[str] = []
    if request.method == "POST":
        fields, faults = read_person(request.POST)
        if not faults:
            now = timezone.now()
            actions.name_person(actor_of(request), case, fields, now, member=request.member)
            return redirect("call_reach", case.pk)
    held = Person.objects.get(case=case)
    typed = request.POST or {name: getattr(held, name) for name in PERSON_FIELDS}
    context = _about(case) | {"typed": typed, "faults": faults}
    return render(request, "portal/operator/person.html", context)


@on_a_call
def reach(request: Any, case: Case) -> HttpResponse:
    faults: list[str] = []
    if request.method == "POST":
        now = timezone.now()
        faults = keep_reach(actor_of(request), case, request.POST, now, member=request.member)
        if not faults:
            return redirect("call_words", case.pk)
    context = _about(case) | reach_shown(case, request.POST, "en") | {"faults": faults}
    return render(request, "portal/operator/reach.html", context)


@on_a_call
def words(request: Any, case: Case) -> HttpResponse:
    """Code and new words, to read to the caller once. Old words open nothing any more."""
    shown: list[str] = []
    if request.method == "POST":
        door, _ = Doorway.objects.get_or_create(case=case)
        now = timezone.now()
        shown = new_words(door, case.language, now, actor_of(request)).split()
    walk = walk_of(case, timezone.now().date())
    context = _about(case) | {"words": shown, "next_number": len(walk.asked) + 1}
    return render(request, "portal/operator/words.html", context)


@on_a_call
def question(request: Any, case: Case, number: int) -> HttpResponse:
    """One question, in the caller's language and in English; its answer is kept at once."""
    today = timezone.now().date()
    if case.state not in OPEN_STATES:
        return redirect("call", case.pk)
    walk, fault = walk_of(case, today), ""
    if request.method == "POST" and request.POST.get("fact") in load_vocabulary():
        fact = load_vocabulary()[request.POST["fact"]]
        try:
            read = read_answer(fact, request.POST, case.language, today)
        except NotReadable as error:
            fault = str(error)
        else:
            actor, source, now = actor_of(request), actions.source_of(case), timezone.now()
            actions.answer(actor, case, fact, read, source, walk.said, now, member=request.member)
            return redirect("call_question", case.pk, walk.number_of(fact.name) + 1)
    fact_name = request.POST.get("fact") if fault else walk.fact_at(number)
    if fact_name is None:
        return redirect("call", case.pk)
    fact = load_vocabulary()[fact_name]
    said = walk.last_answer(fact_name)
    number = walk.number_of(fact_name)
    typed = dict(request.POST.items()) if fault else {}
    context = _about(case) | {
        "number": number,
        "left": walk.left_now(number),
        "fact": fact,
        "question": question_in_words(fact, case.language),
        "help": hint(fact, case.language),
        "question_in_english": question_in_words(fact, "en"),
        "help_in_english": hint(fact, "en"),
        "said": in_words(fact, said, case.language),
        "fault": fault,
        "is_yes_no": fact.type is FactType.BOOL,
        "yes_no": YES_NO,
        "in_english": case.language != "en",
        "chosen": _chosen(said),
        **form_of(fact, said, typed, case.language, today),
    }
    return render(request, "portal/operator/question.html", context)


def _chosen(said: Statement | None) -> str:
    """Which of YES_NO was said before; empty where none was."""
    if said is None:
        return ""
    if said.is_unknown or said.is_declined:
        return "unknown" if said.is_unknown else "declined"
    return "yes" if value_in(said) is True else "no"


@on_a_call
@require_POST
def pause(request: Any, case: Case) -> HttpResponse:
    """Ends a call for now: made, missed, or to go on with later in safe hours."""
    now, actor, contact = timezone.now(), actor_of(request), actions.contact_of(case)
    waiting = CallBack.objects.filter(case=case, done_at=None).select_related("case").first()
    how = request.POST.get("how", "")
    if how == "missed" and waiting and contact:
        missed(actor, request.member, waiting, contact, now)
    elif how in PAUSES and contact:
        after = now + PAUSES[how]
        ask_for_call(actor, case, contact, now, after=after, member=request.member)
    elif waiting:
        call_made(actor, request.member, waiting, now)
    messages.success(request, "Kept. The queue is up to date.")
    return redirect("calls")
