"""What is sent from the panels of a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_views import writes_case
from wayhome.web.cases.models import Case, Consent, Contact, Task
from wayhome.web.cases.panel_pages import panel_page
from wayhome.web.casework import actions
from wayhome.web.casework.consents import choices_of
from wayhome.web.casework.forms import (
    ConsentForm,
    ContactForm,
    HouseholdForm,
    MessageForm,
    NoteForm,
    TaskForm,
    task_owners,
)
from wayhome.web.casework.models import HouseholdMember
from wayhome.web.journey.queries import late_steps
from wayhome.web.protection.keys import open_case_keys

# The most tasks that a page shows.
MOST_TASKS = 200


def _back(case: Case, panel: str) -> HttpResponse:
    return redirect("case_panel", case.pk, panel)


@writes_case
def send_message(request: Any, case: Case) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return panel_page(request, case, "messages", form=form)
    text = form.cleaned_data["text"]
    actions.send_message(actor_of(request), request.member, case, text, timezone.now())
    return _back(case, "messages")


@writes_case
def mark_read(request: Any, case: Case) -> HttpResponse:
    actions.mark_messages_read(actor_of(request), request.member, case, timezone.now())
    return _back(case, "messages")


@writes_case
def write_note(request: Any, case: Case) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return panel_page(request, case, "notes", form=form)
    actions.write_note(
        actor_of(request),
        request.member,
        case,
        form.cleaned_data["text"],
        timezone.now(),
        is_for_applicant=form.cleaned_data["for_whom"] == "applicant",
    )
    return _back(case, "notes")


@writes_case
def add_task(request: Any, case: Case) -> HttpResponse:
    form = TaskForm(request.POST, members=task_owners(request.member))
    if not form.is_valid():
        return panel_page(request, case, "tasks", form=form)
    sent = form.cleaned_data
    actions.add_task(
        actor_of(request),
        request.member,
        case,
        sent["what"],
        sent["due"],
        sent["owner"],
        timezone.now(),
    )
    return _back(case, "tasks")


@writes_case
def change_task(request: Any, case: Case, task_id: int) -> HttpResponse:
    """Ticks a task off, takes the tick back, or gives it to somebody."""
    task = get_object_or_404(Task.objects.select_related("case"), pk=task_id, case=case)
    actor, now = actor_of(request), timezone.now()
    if "owner" in request.POST:
        owners = {str(m.user_id): m for m in task_owners(request.member)}
        owner = owners.get(request.POST["owner"])
        actions.give_task(actor, request.member, task, owner, now)
    else:
        is_done = request.POST.get("is_done") == "yes"
        actions.set_task_done(actor, request.member, task, is_done, now)
    return redirect("tasks") if request.POST.get("from") == "tasks" else _back(case, "tasks")


@login_required
@require_GET
def tasks(request: Any) -> HttpResponse:
    """What one has to do, in all cases, by day."""
    check_may(request.member, Deed.CHANGE_CASE)
    mine = Task.objects.filter(owner=request.user, done_at=None, case__erased_at=None)
    found = list(mine.select_related("case").order_by("due", "pk")[: MOST_TASKS + 1])
    shown = sorted(found[:MOST_TASKS], key=lambda t: (t.due is None, str(t.due)))
    open_case_keys({task.case_id for task in shown})
    if shown:
        cases = sorted({str(t.case_id) for t in shown})
        record(actor_of(request), "read tasks", details={"cases": cases})
    today = timezone.now().date()
    late = late_steps(request.member.organization, today)
    context = {
        "tasks": shown,
        "has_more": len(found) > MOST_TASKS,
        "today": today,
        "late_own": late.filter(owner=request.user).count(),
        "late_all": late.count() if may(request.member, Deed.ASSIGN) else 0,
    }
    return render(request, "casework/my_tasks.html", context)


@writes_case
def keep_contact(request: Any, case: Case, contact_id: int | None = None) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=contact_id, case=case) if contact_id else None
    form = ContactForm(request.POST)
    if not form.is_valid():
        return panel_page(request, case, "contacts", form=form, changed=contact)
    actions.keep_contact(
        actor_of(request),
        request.member,
        case,
        form.cleaned_data,
        timezone.now(),
        contact=contact,
    )
    return _back(case, "contacts")


@writes_case
def change_contact(request: Any, case: Case, contact_id: int) -> HttpResponse:
    """The panel with one contact in its form; a form of its own, so that nothing is in the URL."""
    check_may(request.member, Deed.CHANGE_CASE)
    contact = get_object_or_404(Contact, pk=contact_id, case=case)
    held = {name: getattr(contact, name) for name in ContactForm.base_fields}
    held["may_leave_message"] = "yes" if contact.may_leave_message else "no"
    form = ContactForm(initial=held)
    record(actor_of(request), "read case", case=case.pk, details={"page": "contact"})
    return panel_page(request, case, "contacts", status=200, form=form, changed=contact)


@writes_case
def remove_contact(request: Any, case: Case, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(Contact, pk=contact_id, case=case)
    actions.remove_contact(actor_of(request), request.member, contact, timezone.now())
    return _back(case, "contacts")


@writes_case
def keep_household_member(request: Any, case: Case) -> HttpResponse:
    form = HouseholdForm(request.POST, auto_id="household_%s")
    if not form.is_valid():
        return panel_page(request, case, "contacts", household_form=form)
    actions.keep_household_member(
        actor_of(request), request.member, case, form.cleaned_data, timezone.now()
    )
    return _back(case, "contacts")


@writes_case
def remove_household_member(request: Any, case: Case, somebody_id: int) -> HttpResponse:
    somebody = get_object_or_404(HouseholdMember, pk=somebody_id, case=case)
    actions.remove_household_member(actor_of(request), request.member, somebody, timezone.now())
    return _back(case, "contacts")


@writes_case
def keep_consent(request: Any, case: Case) -> HttpResponse:
    form = ConsentForm(request.POST, choices=choices_of(case))
    if not form.is_valid():
        return panel_page(request, case, "consent", form=form)
    sent = form.cleaned_data
    actions.keep_consent(
        actor_of(request),
        request.member,
        case,
        sent["words"],
        sent["language"],
        {"agreed": sent["how"], "on": "staff"},
        timezone.now(),
        proxy={"who": "proxy", "relation": sent["proxy"]} if sent["proxy"] else None,
    )
    messages.success(request, "The consent was written down.")
    return _back(case, "consent")


@writes_case
def withdraw_consent(request: Any, case: Case, consent_id: int) -> HttpResponse:
    consent = get_object_or_404(Consent, pk=consent_id, case=case)
    actions.withdraw_consent(actor_of(request), request.member, consent, timezone.now())
    messages.success(request, "Written down: the consent was taken back.")
    return _back(case, "consent")
