"""The worklist, its saved views, and the search."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wayhome.engine.outcomes import OUTCOME_WORDS, Outcome
from wayhome.report.words import words
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_panels import marks_of
from wayhome.web.cases.models import CLOSED, Case, SavedView
from wayhome.web.cases.queries import conflicted
from wayhome.web.cases.screening import EMERGENCY_DAYS
from wayhome.web.cases.search import Found, opened_text, sealed_text, search
from wayhome.web.cases.searches_in_log import noted
from wayhome.web.cases.worklist import PAGE, WorklistPage, worklist_page
from wayhome.web.cases.worklist_forms import FilterForm, SaveViewForm, SearchForm, shown_form
from wayhome.web.review.states import due_at

MOST_FOUND = 50
# What the worklist tells of the rules, the best first.
LEADS = (Outcome.GROUND, Outcome.GROUND_WITH_BAR)


@login_required
@require_http_methods(["GET", "POST"])
def worklist(request: Any) -> HttpResponse:
    """Cases in the order of work. Filters are posted and come back in the address, sealed."""
    member: Membership = request.member
    check_may(member, Deed.SEE_WORKLIST)
    if request.method == "POST":
        chosen = FilterForm(request.POST, member)
        if chosen.is_valid():
            return redirect(_address("worklist", chosen.query()))
        return _worklist(request, chosen, WorklistPage((), "", 0), status=400)
    form = shown_form(request.GET, member)
    if not form.is_valid():
        return _worklist(request, form, WorklistPage((), "", 0), status=400)
    now = timezone.now()
    filters = {**form.cleaned_data, "late": now if form.cleaned_data["late"] else None}
    page = worklist_page(member, filters, now.date(), request.GET.get("after", ""))
    _log_names(request, "read worklist", page.cases, form.cleaned_data["text"])
    return _worklist(request, form, page)


def _worklist(
    request: Any, form: FilterForm, page: WorklistPage, status: int = 200
) -> HttpResponse:
    query = request.GET.copy()
    query.pop("after", None)
    plain = query.copy()
    plain.pop("text", None)
    following = urlencode({**query.dict(), "after": page.after})
    views = SavedView.objects.filter(user=request.user).order_by("name")
    now = timezone.now()
    marks = marks_of((case.pk for case in page.cases), now.date())
    context = {
        "form": form,
        "page": page,
        "rows": [{**_row(case, now), "marks": marks[case.pk]} for case in page.cases],
        "pages": {
            "next": f"?{following}" if page.after else "",
            "first": f"?{query.urlencode()}" if "after" in request.GET else "",
            "size": PAGE,
        },
        "today": now.date(),
        "closed": [state.label for state in CLOSED],
        "views": views,
        "save_form": SaveViewForm(initial={"query": plain.urlencode()}),
        "is_filtered": bool(query),
        "emergency_days": EMERGENCY_DAYS,
        "outcomes": [(str(outcome), OUTCOME_WORDS[outcome]) for outcome in LEADS],
        "columns": ("Person", "State", "Deadline", "What the rules say", "Assigned", "Received"),
    }
    return render(request, "cases/worklist.html", context, status=status)


def _row(case: Case, now: datetime) -> dict[str, Any]:
    said = words()
    best = tuple(map(str, LEADS))
    leads = [
        {"outcome": outcome, "program": said.program(program)}
        for program, outcome in case.outcomes.items()
        if outcome in best
    ]
    order = {name: place for place, name in enumerate(best)}
    due = due_at(case)
    return {
        "case": case,
        "is_late": due is not None and due < now,
        "leads": sorted(leads, key=lambda lead: order[lead["outcome"]]),
    }


@login_required
@require_POST
def save_view(request: Any) -> HttpResponse:
    """Keeps the filters of the page under a name; the same name again replaces them."""
    check_may(request.member, Deed.SEE_WORKLIST)
    form = SaveViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "A view needs a name of at most 60 letters.")
        return redirect("worklist")
    query = form.cleaned_data["query"]
    SavedView.objects.update_or_create(
        organization=request.member.organization,
        user=request.user,
        name=form.cleaned_data["name"],
        defaults={"query": query},
    )
    return redirect(_address("worklist", query))


@login_required
@require_POST
def drop_view(request: Any, view_id: int) -> HttpResponse:
    check_may(request.member, Deed.SEE_WORKLIST)
    get_object_or_404(SavedView, pk=view_id, user=request.user).delete()
    return redirect("worklist")


@login_required
@require_http_methods(["GET", "POST"])
def search_cases(request: Any) -> HttpResponse:
    """Finds people by name in any script, birth date, A-number or case code."""
    member: Membership = request.member
    check_may(member, Deed.SEE_WORKLIST)
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            sealed = sealed_text(member.organization_id, form.cleaned_data["text"])
            return redirect(_address("search", urlencode({"for": sealed})))
        return render(request, "cases/search.html", {"form": form}, status=400)
    text = opened_text(member.organization_id, request.GET.get("for", ""))
    found = search(member.organization_id, text) if text else []
    hidden = conflicted(member, [f.case.pk for f in found])
    shown = [f for f in found if f.case.pk not in hidden][:MOST_FOUND]
    if text:
        _log_names(request, "searched", [f.case for f in shown], text)
    return render(request, "cases/search.html", _found(text, shown, len(found) > MOST_FOUND))


def _found(text: str, shown: list[Found], is_more: bool) -> dict[str, Any]:
    form = SearchForm(initial={"text": text}) if text else SearchForm()
    return {
        "form": form,
        "text": text,
        "found": [f for f in shown if not f.is_perhaps],
        "perhaps": [f for f in shown if f.is_perhaps],
        "is_more": is_more,
        "most": MOST_FOUND,
    }


def _log_names(request: Any, deed: str, cases: Any, text: str = "") -> None:
    """Whoever sees a list sees names: the log says of which cases. A search that found nobody is
    told too: who looked for somebody counts, whether or not they are here.
    """
    if cases or text:
        how = noted(request.member.organization_id, text) if text else {}
        details = {"cases": [str(case.pk) for case in cases], **how}
        record(actor_of(request), deed, details=details)


def _address(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)
