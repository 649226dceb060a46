"""The pages of an open case: its code and words, who, how to reach them, and the questions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.actors import applicant_of
from wayhome.web.cases.models import Case, Person, Source, State
from wayhome.web.portal import actions, visits
from wayhome.web.portal.answers import NotReadable, form_of, in_words, read_answer
from wayhome.web.portal.doors import new_words
from wayhome.web.portal.people import PERSON_FIELDS, read_person
from wayhome.web.portal.reaching import keep_reach, reach_shown
from wayhome.web.portal.visits import is_sent, of_open_case
from wayhome.web.portal.walk import Walk, is_rest, walk_of
from wayhome.web.portal.wording import hint
from wayhome.words import question as question_in_words

# The states in which the applicant's answers still go into the case.
OPEN_STATES = (State.RECEIVED, State.PREPARING, State.RECONSIDERATION)

# In the address of a question: it was opened from the list of answers, and leads back to it.
FROM_LIST, KEPT = "list", "kept"


@of_open_case
def key(request: Any) -> HttpResponse:
    """Code and words, shown once: the words are made when they are asked for, and not kept."""
    door, words = request.door, ""
    if is_sent(request):
        if request.POST.get("key") == "kept":
            actions.words_are_kept(door, timezone.now())
            return redirect("portal_person")
        if door.words_kept_at is None:
            words = new_words(door, request.language, timezone.now())
            visits.enter(request, door)
    context = {"code": request.case.code, "words": words.split(), "kept": door.words_kept_at}
    return render(request, "portal/key.html", context)


@of_open_case
def person(request: Any) -> HttpResponse:
    """Who needs help. Every field may stay empty."""
    if is_sent(request):
        fields, faults = read_person(request.POST)
        if not faults:
            actor = applicant_of(request.case)
            actions.name_person(actor, request.case, fields, timezone.now())
            return redirect("portal_reach")
    else:
        faults = []
    held = Person.objects.get(case=request.case)
    typed = request.POST or {name: getattr(held, name) for name in PERSON_FIELDS}
    return render(request, "portal/person.html", {"typed": typed, "faults": faults})


@of_open_case
def reach(request: Any) -> HttpResponse:
    """Safe contact: which way, in which hours, with which word."""
    faults: list[str] = []
    if is_sent(request):
        faults = keep_reach(applicant_of(request.case), request.case, request.POST, timezone.now())
        if not faults:
            return _to_next(request.case)
    context = reach_shown(request.case, request.POST, request.language) | {"faults": faults}
    return render(request, "portal/reach.html", context)


@of_open_case
def question(request: Any, number: int) -> HttpResponse:
    """One question. Its answer is kept at once, and leads to the next."""
    if request.case.state not in OPEN_STATES:
        return redirect("portal_status")
    walk, fault = walk_of(request.case, timezone.now().date()), ""
    if is_sent(request) and request.POST.get("fact") in load_vocabulary():
        try:
            return _answered(request, walk)
        except NotReadable as error:
            fault = str(error)
    fact_name = request.POST.get("fact") if fault else walk.fact_at(number)
    if fact_name is None:
        return _to_next(request.case, walk)
    return render(request, "portal/question.html", _shown(request, walk, fact_name, fault))


@of_open_case
def next_question(request: Any) -> HttpResponse:
    """On to the next question."""
    return _to_next(request.case)


def _answered(request: Any, walk: Walk) -> HttpResponse:
    now, fact = timezone.now(), load_vocabulary()[request.POST["fact"]]
    number = walk.number_of(fact.name)
    read = read_answer(fact, request.POST, request.language, now.date())
    if fact.is_asked:
        case, actor = request.case, applicant_of(request.case)
        actions.answer(actor, case, fact, read, request.source, walk.said, now)
    if FROM_LIST in request.GET:
        return redirect(f"{reverse('portal_answers')}?{KEPT}")
    is_new = number > len(walk.asked)
    if is_new and is_rest(number):
        return redirect("portal_enough")
    return redirect("portal_question", number + 1)


def _shown(request: Any, walk: Walk, fact_name: str, fault: str) -> dict[str, Any]:
    fact, language = load_vocabulary()[fact_name], request.language
    number, said = walk.number_of(fact_name), walk.last_answer(fact_name)
    is_again = request.POST.get("fact") == fact_name
    typed = dict(request.POST.items()) if is_again else {}
    return {
        "number": number,
        "left": walk.left_now(number),
        "fact": fact,
        "question": question_in_words(fact, language),
        "help": hint(fact, language),
        "said": in_words(fact, said, language),
        "fault": fault,
        "is_from_list": FROM_LIST in request.GET,
        "about_them": request.source is Source.FAMILY,
        **form_of(fact, said, typed, language, walk.as_of),
    }


def _to_next(case: Case, walk: Walk | None = None) -> HttpResponse:
    """The next question, or the page that says that there is none."""
    walk = walk or walk_of(case, timezone.now().date())
    if walk.next is None:
        return redirect("portal_enough")
    return redirect("portal_question", len(walk.asked) + 1)
