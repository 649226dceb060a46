"""Pages about how a case is protected: what is held, how long it is kept, erasing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wayhome.web.accounts.permissions import (
    Deed,
    check_may,
    check_may_count_held,
    check_may_see_case,
)
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.models import Case, code_as_compared
from wayhome.web.protection.erasure import Why, erase_case
from wayhome.web.protection.held import held_about, with_size
from wayhome.web.protection.retention import endings, keep_longer


class EraseForm(forms.Form):
    """Erasing cannot be undone, so the code is typed."""

    why = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *(each for each in Why.choices if each[0] != Why.AGAIN)],
        help_text="This goes into the log.",
    )
    code = forms.CharField(
        label="The code of the case", max_length=12, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.case = case
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code = code_as_compared(self.cleaned_data["code"])
        if code != self.case.code:
            raise forms.ValidationError("This is not the code of this case.")
        return code


class KeepForm(forms.Form):
    until = forms.DateField(label="Keep until", widget=forms.DateInput({"type": "date"}))

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= timezone.now().date():
            raise forms.ValidationError("Choose a day in the future.")
        return until


def held(request: Any, case: UUID) -> HttpResponse:
    """The legal-demand page: what exists about a case, who could read it, who has."""
    check_may(request.member, Deed.COUNT_HELD)
    found = _case_of(request, case, with_size(Case.objects.all()))
    check_may_count_held(request.member, found)
    record(actor_of(request), "listed what is held about a case", case=found.pk)
    now = timezone.now()
    context = {"case": found, "held": held_about(found, now), "now": now}
    return render(request, "protection/held.html", context)


def erase(request: Any, case: UUID) -> HttpResponse:
    """Erases a case, once its code was typed."""
    check_may(request.member, Deed.ERASE)
    found = _case_of(request, case)
    check_may_see_case(request.member, found)
    form = EraseForm(request.POST or None, case=found)
    if request.method == "POST" and form.is_valid():
        why = Why(form.cleaned_data["why"])
        erase_case(actor_of(request), request.member, found, timezone.now(), why=why)
        messages.success(request, "The case was erased. Nobody can read it any more.")
        return redirect("retention")
    return render(request, "protection/erase.html", {"case": found, "form": form})


def retention(request: Any) -> HttpResponse:
    """Cases whose time is over, or will be soon."""
    check_may(request.member, Deed.ERASE)
    today = timezone.now().date()
    found = endings(request.member.organization, today)
    context = {
        "endings": [(ending, ending.is_past(today)) for ending in found],
        "months": request.member.organization.months_kept,
        "form": KeepForm(),
    }
    return render(request, "protection/retention.html", context)


@require_POST
def keep(request: Any, case: UUID) -> HttpResponse:
    """Keeps a case until a later day."""
    check_may(request.member, Deed.ERASE)
    found = _case_of(request, case)
    form = KeepForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["until"]
        keep_longer(actor_of(request), request.member, found, until, timezone.now())
        messages.success(request, f"The case is kept until {until}.")
    else:
        messages.error(request, "Choose a day in the future.")
    return redirect("retention")


def _case_of(request: Any, case: UUID, cases: Any = None) -> Case:
    """A case of one's own organization; any other looks as if there were none."""
    rows = Case.objects.all() if cases is None else cases
    found: Case | None = rows.filter(pk=case, organization=request.member.organization_id).first()
    if found is None:
        raise Http404
    return found
