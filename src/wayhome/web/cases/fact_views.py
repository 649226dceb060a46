"""What was said of one fact: the form to say it, its history, and settling what counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wayhome.law.vocabulary import Fact, load_vocabulary
from wayhome.report.words import words
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases import actions, settling
from wayhome.web.cases.case_page import facts_found, newest, shown
from wayhome.web.cases.case_views import CONFLICT_STATUS, changes_case, head_context
from wayhome.web.cases.fact_form import FactForm
from wayhome.web.cases.fact_groups import label_of
from wayhome.web.cases.facts import Disagreement, NoAnswer, statements_of, value_in
from wayhome.web.cases.models import Case, Source
from wayhome.web.cases.queries import case_for
from wayhome.web.cases.settle_form import SettleForm

LONGEST_SEARCH = 100


@login_required
@require_http_methods(["GET", "POST"])
def case_fact(request: Any, case_id: UUID) -> HttpResponse:
    """What was said of one fact, and a form to say it (`?fact=removal_date`); else all facts."""
    check_may(request.member, Deed.SEE_CASE)
    case = case_for(request.member, case_id)
    if request.method == "GET" and "fact" not in request.GET:
        return _facts_page(request, case)
    fact = _fact_named(request.GET.get("fact", ""))
    today = timezone.now().date()
    options = {"may_speak_as": _sources(request.member), "today": today}
    if request.method == "GET":
        record(actor_of(request), "read case", case=case.pk, details={"page": "case_fact"})
        form = FactForm(fact, initial={"edition": case.edition}, **options)
        return _fact_page(request, case, fact, form)
    check_may(request.member, Deed.CHANGE_CASE)
    form = FactForm(fact, request.POST, **options)
    if not form.is_valid():
        return _fact_page(request, case, fact, form, status=400)
    return _state_fact(request, case, fact, form)


def _facts_page(request: Any, case: Case) -> HttpResponse:
    """Every fact in its group with what counts of it, or those that fit some words (`?q=court`)."""
    record(actor_of(request), "read case", case=case.pk, details={"page": "case_fact"})
    wanted = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    groups = facts_found(statements_of(case, with_writers=True), wanted)
    context = {
        **head_context(request, case, "case"),
        "wanted": wanted,
        "groups": groups,
        "count": sum(map(len, groups.values())),
    }
    return render(request, "cases/facts.html", context)


def _state_fact(request: Any, case: Case, fact: Fact, form: FactForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        actions.state_fact(
            actor_of(request),
            case,
            fact.name,
            said["answer"],
            said["source"],
            said["said_on"],
            timezone.now(),
            edition=said["edition"],
            member=request.member,
            note=said["note"],
        )
    except actions.Stale as stale:
        if not _is_said_already(request.member, case, fact, said):
            form.data = {**form.data.dict(), "edition": stale.edition}  # type: ignore[attr-defined]
            return _fact_page(request, case, fact, form, CONFLICT_STATUS)
    messages.success(request, f"Saved: {label_of(fact)}.")
    return redirect("case", case.pk)


def _is_said_already(member: Membership, case: Case, fact: Fact, said: dict[str, Any]) -> bool:
    """Whether this is the same form sent twice: the member's own last word is what it says."""
    own = (s for s in statements_of(case) if s.recorded_by_id == member.user_id)
    last = max(own, key=lambda s: s.recorded_at, default=None)
    if last is None or (last.fact, last.source) != (fact.name, said["source"]):
        return False
    answer = said["answer"]
    if isinstance(answer, NoAnswer):
        kept = last.is_unknown if answer is NoAnswer.UNKNOWN else last.is_declined
    else:
        kept = value_in(last) == answer
    return kept and (last.said_on, last.note) == (said["said_on"], said["note"])


def _fact_page(
    request: Any,
    case: Case,
    fact: Fact,
    form: FactForm,
    status: int = 200,
    *,
    settle: SettleForm | None = None,
) -> HttpResponse:
    found = settling.difference_of(case, fact.name)
    everything = statements_of(case, with_withdrawn=True, with_writers=True)
    context = {
        **head_context(request, case, "case"),
        "fact": fact,
        "label": label_of(fact),
        "question": words().question(fact),
        "form": form,
        "difference": found,
        "settle_form": settle or _settle_form(request.member, case, found),
        "history": [shown(s) for s in everything if s.fact == fact.name],
        "changed_meanwhile": newest(everything) if status == CONFLICT_STATUS else [],
        "edition": case.edition,
    }
    return render(request, "cases/fact.html", context, status=status)


def _settle_form(
    member: Membership,
    case: Case,
    found: Disagreement | None,
    data: Mapping[str, Any] | None = None,
) -> SettleForm | None:
    """The form to settle what counts, where sources disagree and somebody may choose."""
    if found is None or not may(member, Deed.CHANGE_CASE):
        return None
    every = settling.candidates(found)
    allowed = [s for s in every if settling.may_settle_for(member, found, s)]
    return SettleForm(allowed, case.edition, data) if allowed else None


@changes_case
def settle_fact(request: Any, case: Case, fact: str) -> HttpResponse:
    """Writes which statement of a fact counts, and why."""
    check_may(request.member, Deed.CHANGE_CASE)
    known = _fact_named(fact)
    found = settling.difference_of(case, fact)
    form = _settle_form(request.member, case, found, request.POST)
    if form is None:
        messages.error(request, "There is nothing to settle here that you may settle.")
        return redirect(_address(case, known))
    status = 400
    if form.is_valid():
        try:
            settling.settle(
                actor_of(request),
                request.member,
                case,
                form.cleaned_data["statement"],
                form.cleaned_data["why"],
                timezone.now(),
                edition=form.cleaned_data["edition"],
            )
        except actions.Stale as stale:
            form.data = {**form.data.dict(), "edition": stale.edition}  # type: ignore[attr-defined]
            status = CONFLICT_STATUS
        else:
            messages.success(request, f"Settled: {label_of(known)}.")
            return redirect("case", case.pk)
    options = {"may_speak_as": _sources(request.member), "today": timezone.now().date()}
    empty = FactForm(known, initial={"edition": case.edition}, **options)
    return _fact_page(request, case, known, empty, status, settle=form)


def _address(case: Case, fact: Fact) -> str:
    return f"{reverse('case_fact', args=[case.pk])}?fact={fact.name}"


def _fact_named(name: str) -> Fact:
    fact = load_vocabulary().facts.get(name)
    if fact is None:
        raise Http404("There is no such fact.")
    return fact


def _sources(member: Membership) -> list[str]:
    is_lawyer = member.role in actions.LAWYERS
    return [s.value for s in Source if s is not Source.LAWYER or is_lawyer]
