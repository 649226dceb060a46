"""The steps of a journey, and every step that is due in an organization."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_views import head_context, writes_case
from wayhome.web.cases.models import Case
from wayhome.web.cases.queries import case_for
from wayhome.web.journey import actions
from wayhome.web.journey.checklist import kinds, step_lines
from wayhome.web.journey.models import Step
from wayhome.web.journey.queries import PAGE, steps_due
from wayhome.web.journey.step_form import StepForm
from wayhome.web.review.states import NotNow


@login_required
@require_GET
def journeys(request: Any) -> HttpResponse:
    """Every step that is not settled, those longest due first."""
    check_may(request.member, Deed.SEE_CASE)
    today, is_own = timezone.now().date(), "mine" in request.GET
    found = steps_due(request.member, today, is_own=is_own, after=_place(request))
    shown = found[:PAGE]
    cases = sorted({str(due.case.pk) for due in shown})
    if cases:
        record(actor_of(request), "read journeys", details={"cases": cases})
    last = shown[-1].step if len(found) > PAGE else None
    place = f"after={last.due}.{last.pk}" if last else ""
    context = {
        "steps": shown,
        "is_own": is_own,
        "next": f"?{place}{'&mine=1' if is_own else ''}" if place else "",
    }
    return render(request, "journey/journeys.html", context)


def _place(request: HttpRequest) -> tuple[date, int] | None:
    day, _, pk = request.GET.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


@writes_case
def begin(request: Any, case: Case) -> HttpResponse:
    try:
        actions.begin_journey(actor_of(request), case, timezone.now())
    except NotNow as error:
        messages.error(request, str(error))
    return redirect("case_panel", case.pk, "journey")


@login_required
@require_http_methods(["GET", "POST"])
def step(request: Any, case_id: UUID, kind: str) -> HttpResponse:
    """One step: who, until when, what is known; done, not needed, or taken back."""
    check_may(request.member, Deed.SEE_CASE)
    case = case_for(request.member, case_id)
    own = get_object_or_404(Step.objects.select_related("owner"), case=case, kind=kind)
    own.case = case
    if request.method == "GET":
        record(actor_of(request), "read case", case=case.pk, details={"page": "step"})
        return _page(request, own, StepForm.of(request.member, own))
    check_may(request.member, Deed.CHANGE_CASE)
    doing = _DOING.get(request.POST.get("do", ""))
    if doing is None:
        return _page(request, own, StepForm.of(request.member, own), status=400)
    try:
        return doing(request, own)
    except (NotNow, actions.NeedsReason) as error:
        return _page(request, own, StepForm.of(request.member, own), fault=str(error), status=409)


def _plan(request: Any, step: Step) -> HttpResponse:
    form = StepForm(request.member, request.POST)
    if not form.is_valid():
        return _page(request, step, form, status=400)
    actions.plan_step(
        actor_of(request),
        request.member,
        step,
        owner=form.owner_chosen(),
        due=form.cleaned_data["due"],
        details=form.cleaned_data["details"],
        now=timezone.now(),
    )
    return _back(request, step, "Saved")


def _finish(request: Any, step: Step) -> HttpResponse:
    now, asked = timezone.now(), request.POST.get("done_on", "").strip()
    try:
        day = read_date(asked) if asked else now.date()
    except NotAnAnswer as error:
        raise NotNow(error.told("Leave it empty for today.")) from error
    actions.finish_step(actor_of(request), request.member, step, day, now)
    return _back(request, step, "Done")


def _leave_out(request: Any, step: Step) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.leave_step_out(actor_of(request), request.member, step, reason, timezone.now())
    return _back(request, step, "Not needed")


def _reopen(request: Any, step: Step) -> HttpResponse:
    actions.reopen_step(actor_of(request), request.member, step, timezone.now())
    return _back(request, step, "Taken back")


_DOING = {"plan": _plan, "done": _finish, "not_needed": _leave_out, "reopen": _reopen}


def _back(request: Any, step: Step, said: str) -> HttpResponse:
    messages.success(request, f"{said}: {kinds()[step.kind].name}.")
    return redirect("case_panel", step.case_id, "journey")


def _page(
    request: Any, step: Step, form: StepForm, *, fault: str = "", status: int = 200
) -> HttpResponse:
    others = list(Step.objects.filter(case=step.case_id))
    today = timezone.now().date()
    lines = step_lines(others, step.case.state, today)
    context = {
        **head_context(request, step.case, "journey"),
        "line": next(line for line in lines if line.step.pk == step.pk),
        "form": form,
        "fault": fault,
    }
    return render(request, "journey/step.html", context, status=status)
