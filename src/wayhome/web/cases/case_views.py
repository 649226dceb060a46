"""The page of one case: its facts, what the rules say of them on a day, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.engine.graph import NoLawInForce
from wayhome.law.rules import UnknownRule
from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases import actions
from wayhome.web.cases.case_page import (
    fact_lines,
    questions_context,
    screening_context,
    why_context,
)
from wayhome.web.cases.case_panels import all_panels, panels_for
from wayhome.web.cases.fact_groups import fact_options
from wayhome.web.cases.facts import facts_in, statements_of
from wayhome.web.cases.models import Case, Duplicate, Statement
from wayhome.web.cases.person_form import PersonForm
from wayhome.web.cases.possible_conflicts import possible_conflicts_of, why
from wayhome.web.cases.queries import case_for
from wayhome.web.cases.screening import screened
from wayhome.words import LANGUAGES

CONFLICT_STATUS = 409
LONGEST_REASON = 500


def reads_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the case that its address names, if whoever asks may see it, and logs it."""

    @login_required
    @wraps(view)
    def reading(request: Any, case_id: UUID, **kwargs: Any) -> HttpResponse:
        check_may(request.member, Deed.SEE_CASE)
        case = case_for(request.member, case_id)
        # A panel is named, if it is one: a log keeps nothing that somebody typed in an address.
        panel = next((p.name for p in all_panels() if p.name == kwargs.get("name")), None)
        details = {"page": view.__name__} | ({"panel": panel} if panel else {})
        record(actor_of(request), "read case", case=case.pk, details=details)
        return view(request, case, **kwargs)

    return reading


def _posting(deed: Deed) -> Callable[..., Callable[..., HttpResponse]]:
    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @require_POST
        @wraps(view)
        def changing(request: Any, case_id: UUID, **kwargs: Any) -> HttpResponse:
            check_may(request.member, deed)
            return view(request, case_for(request.member, case_id), **kwargs)

        return changing

    return decorate


# As `reads_case` for a form that is posted: the change itself is what the log says. The first is
# for deeds of which the action says who may do them, the second for writing in a case.
changes_case = _posting(Deed.SEE_CASE)
writes_case = _posting(Deed.CHANGE_CASE)


def head_context(request: Any, case: Case, here: str) -> dict[str, Any]:
    """What the head of every page of a case shows."""
    return {
        "case": case,
        "case_url": reverse("case", args=[case.pk]),
        "person": case.person,
        "panels": panels_for(request.member),
        "here": here,
        "today": timezone.now().date(),
    }


@require_GET
@reads_case
def case(request: Any, case: Case) -> HttpResponse:
    """Facts, findings, deadlines and questions on a day (`?as_of=2026-01-31`, else today)."""
    statements = statements_of(case, with_writers=True)
    context = {
        **head_context(request, case, "case"),
        "groups": fact_lines(statements),
        "fact_options": fact_options(),
        "duplicates": _duplicates(case),
        "possible_conflicts": _possible_conflicts(request.member, case),
        "assign": _assign_context(request.member),
        "language_name": _language_name(case.language),
    }
    as_of, wrong = _day(request)
    try:
        screening = screened(case, as_of, facts_in(statements))
        context |= screening_context(screening)
        # Finding the best questions takes long the first time: it is asked for, not waited for.
        if "questions" in request.GET:
            context |= questions_context(screening)
    except NoLawInForce as error:
        wrong = str(error)
    context |= {"as_of": as_of, "as_of_wrong": wrong, "on_day": f"?as_of={as_of}"}
    return render(request, "cases/case.html", context, status=400 if wrong else 200)


@require_GET
@reads_case
def case_questions(request: Any, case: Case) -> HttpResponse:
    """The next questions alone, for a page that fetches them after it is shown."""
    as_of, _ = _day(request)
    asked = questions_context(screened(case, as_of))
    return render(request, "cases/parts/questions.html", {"case": case, "as_of": as_of, **asked})


@require_GET
@reads_case
def case_why(request: Any, case: Case, rule: str) -> HttpResponse:
    """Why a rule answers as it does on a day, with its citations."""
    as_of, _ = _day(request)
    try:
        statements = statements_of(case, with_writers=True)
        screening = screened(case, as_of, facts_in(statements))
        context = why_context(screening, statements, rule, whole="whole" in request.GET)
    except (UnknownRule, NoLawInForce) as error:
        raise Http404(str(error)) from error
    context |= {**head_context(request, case, "case"), "as_of": as_of}
    return render(request, "cases/why.html", context)


@require_GET
@reads_case
def case_panel(request: Any, case: Case, name: str) -> HttpResponse:
    """A panel that some part adds to a case (case_panels.py)."""
    panel = next((p for p in panels_for(request.member) if p.name == name), None)
    more = panel.context(request, case) if panel else None
    if panel is None or more is None:
        raise Http404("There is no such page of a case.")
    head = head_context(request, case, name)
    body = render_to_string(panel.template, {**head, **more}, request)
    return render(request, "cases/panel.html", {**head, "panel": panel, "body": body})


@changes_case
def withdraw(request: Any, case: Case, statement_id: int) -> HttpResponse:
    statement = get_object_or_404(Statement, pk=statement_id, case=case)
    actor, now, why = actor_of(request), timezone.now(), _why(request)
    try:
        actions.withdraw_statement(actor, case, statement, now, why=why, member=request.member)
    except actions.ReasonMissing as missing:
        messages.error(request, f"Not taken back yet. {missing}")
        return redirect(f"{reverse('case_fact', args=[case.pk])}?fact={statement.fact}")
    messages.success(request, "Taken back. It stays readable, and counts no more.")
    return redirect("case", case.pk)


def _why(request: Any) -> str:
    """The reason in a form, cut to what a note of it may be long."""
    return str(request.POST.get("why", "")).replace("\0", "")[:LONGEST_REASON].strip()


@login_required
@require_http_methods(["GET", "POST"])
def case_person(request: Any, case_id: UUID) -> HttpResponse:
    """Whom the case is about."""
    check_may(request.member, Deed.CHANGE_CASE)
    case = case_for(request.member, case_id)
    if request.method == "GET":
        record(actor_of(request), "read case", case=case.pk, details={"page": "case_person"})
    form = PersonForm.of(case) if request.method == "GET" else PersonForm(request.POST)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.change_person(
                    actor_of(request),
                    case,
                    form.person(),
                    timezone.now(),
                    edition=form.cleaned_data["edition"],
                    member=request.member,
                )
                return redirect("case", case.pk)
            except actions.Stale as stale:
                form.data = {**form.data.dict(), "edition": stale.edition}  # type: ignore[attr-defined]
                status = CONFLICT_STATUS
    context = {**head_context(request, case, "case"), "form": form, "is_stale": status == 409}
    return render(request, "cases/person.html", context, status=status)


@changes_case
def assign_case(request: Any, case: Case) -> HttpResponse:
    wanted = request.POST.get("to", "")
    if wanted != str(request.member.user_id):
        check_may(request.member, Deed.ASSIGN)
    others = request.member.organization.memberships.filter(is_active=True)
    to = get_object_or_404(others, user_id=_id_in(wanted)) if wanted else None
    try:
        actions.assign(actor_of(request), request.member, case, to, timezone.now())
    except actions.Stale:
        messages.warning(request, "Somebody else took this case just now.")
    return redirect("case", case.pk)


def _id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404("This is nobody's number.") from None


@changes_case
def set_emergency(request: Any, case: Case) -> HttpResponse:
    wanted = {"yes": True, "no": False}.get(request.POST.get("is_emergency", ""))
    actor, now, why = actor_of(request), timezone.now(), _why(request)
    try:
        actions.set_emergency(actor, request.member, case, wanted, now, why=why)
    except actions.ReasonMissing as missing:
        messages.error(request, f"Not saved yet. {missing}")
        return redirect(f"{reverse('case', args=[case.pk])}#work")
    return redirect("case", case.pk)


@changes_case
def acknowledge(request: Any, case: Case) -> HttpResponse:
    actions.acknowledge(actor_of(request), request.member, case, timezone.now())
    return redirect("case", case.pk)


@changes_case
def settle_duplicate(request: Any, case: Case, duplicate_id: int) -> HttpResponse:
    duplicate = get_object_or_404(Duplicate, pk=duplicate_id, case=case)
    is_same = request.POST.get("is_same") == "yes"
    actions.settle_duplicate(actor_of(request), request.member, duplicate, is_same, timezone.now())
    return redirect("case", case.pk)


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, else today; and what is wrong with what was asked."""
    today, asked = timezone.now().date(), request.GET.get("as_of", "").strip()
    if not asked:
        return today, ""
    try:
        return read_date(asked), ""
    except NotAnAnswer as error:
        return today, error.told("Leave it empty for today.")


def _duplicates(case: Case) -> list[Duplicate]:
    found = Duplicate.objects.filter(case=case, other__erased_at=None).exclude(is_same=False)
    return list(found.select_related("other"))


def _possible_conflicts(member: Membership, case: Case) -> list[dict[str, Any]]:
    """What may be a conflict of interest, or is one, as it is from this case's side."""
    return [
        {
            "row": row,
            "other": row.other if row.case_id == case.pk else row.case,
            "why": why(row.here, row.there) if row.case_id == case.pk else why(row.there, row.here),
            "is_own": row.user_id == member.user_id,
        }
        for row in possible_conflicts_of(case)
        if row.is_so is not False
    ]


def _assign_context(member: Membership) -> list[Membership]:
    """Whom a case can be given to, for whoever may give it."""
    if not may(member, Deed.ASSIGN):
        return []
    others = member.organization.memberships.filter(is_active=True).select_related("user")
    return [m for m in others.order_by("user__name") if may(m, Deed.CHANGE_CASE)]


def _language_name(code: str) -> str:
    return LANGUAGES[code].english_name if code in LANGUAGES else code
