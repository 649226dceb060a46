"""Taking in a file: send it, look at its rows, choose, take them in, end."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files import CaseFileProblem, Fault
from wayhome.sources.case_files.bad_rows_file import ADDED_COLUMNS, harmless, on_one_line
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.actions import LAWYERS
from wayhome.web.cases.fact_form import value_text
from wayhome.web.cases.fact_groups import label_of
from wayhome.web.cases.models import Source
from wayhome.web.casework import intake as acts
from wayhome.web.casework.models import Intake, IntakeRow, RowState
from wayhome.web.casework.resemblance import compare
from wayhome.web.casework.sharing import offered_to
from wayhome.web.files.what_is_taken import Refused
from wayhome.words import LANGUAGES

ROWS_ON_A_PAGE = 25
# The most faults of a whole file that a page lists.
MOST_FAULTS = 50
FILTERS = {
    "all": "All rows",
    "likely": "Resemble somebody",
    "unreadable": "Cannot be read",
    "left": "Left out",
    "taken": "Taken in",
}


class IntakeForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=500,
        help_text="Excel (.xlsx), CSV or JSON Lines. One row a person; case_id must be there.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt,.jsonl,.ndjson,.json"}),
    )
    source = forms.ChoiceField(label="Who says what is in it")
    language = forms.ChoiceField(
        choices=[(code, language.english_name) for code, language in LANGUAGES.items()],
        label="Language of these people",
    )
    how_agreed = forms.CharField(
        max_length=200,
        label="How these people agreed that you keep this",
        help_text="As “signed retainers, spring clinic”. It is written down with each case.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args: Any, member: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_lawyer = member.role in LAWYERS
        choices = [(s.value, s.label) for s in Source if s is not Source.LAWYER or is_lawyer]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def intake(request: Any) -> HttpResponse:
    """Sends a file, or goes on with one."""
    check_may(request.member, Deed.TAKE_IN)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = IntakeForm(*sent, member=request.member)
    faults: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            found = acts.read_intake(
                actor_of(request),
                request.member,
                form.cleaned_data["file"],
                form.cleaned_data["source"],
                form.cleaned_data["language"],
                form.cleaned_data["how_agreed"],
                timezone.now(),
            )
            return redirect("intake_rows", found.pk)
        except CaseFileProblem as problem:
            faults = [_told(fault) for fault in problem.faults]
        except (acts.CannotTakeIn, Refused) as why:
            form.add_error("file", str(why))
    context = {
        "form": form,
        "faults": faults[:MOST_FAULTS],
        "more_faults": max(0, len(faults) - MOST_FAULTS),
        "open": list(Intake.objects.filter(ended_at=None).order_by("-made_at")),
        "headings": sorted(acts.BESIDE),
        "offered": offered_to(request.member.organization).count(),
    }
    return render(request, "casework/intake.html", context, status=400 if form.is_bound else 200)


def _told(fault: Fault) -> str:
    """A fault without the name of the file, which is not kept."""
    places = (("row", fault.row), ("column", fault.column))
    place = ", ".join(f"{word} {held}" for word, held in places if held is not None)
    return f"{place}: {fault.message}" if place else fault.message


def _intake(request: Any, intake_id: UUID) -> Intake:
    check_may(request.member, Deed.TAKE_IN)
    found = Intake.objects.select_related("organization", "made_by")
    return get_object_or_404(found, pk=intake_id, ended_at=None)


@login_required
@require_GET
def intake_rows(request: Any, intake_id: UUID) -> HttpResponse:
    """The rows of an intake: who, what, what is wrong, whom they resemble."""
    found = _intake(request, intake_id)
    details = {"intake": str(found.pk)}
    record(actor_of(request), "read intake", details=details)
    shown = request.GET.get("show", "all")
    rows = _filtered(found, shown)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        if row.state in (RowState.WAITING, RowState.LEFT) and not row.is_compared:
            row.intake = found
            compare(row)
    context = {
        "intake": found,
        "rows": [_shown(row) for row in page.object_list],
        "page": page,
        "show": shown if shown in FILTERS else "all",
        "filters": FILTERS,
        "counts": acts.counts_of(found),
        "to_take": acts.to_take(found),
    }
    return render(request, "casework/intake_rows.html", context)


def _filtered(found: Intake, shown: str) -> Any:
    rows = IntakeRow.objects.filter(intake=found).order_by("number")
    match shown:
        case "likely":
            return rows.filter(has_likely=True)
        case "unreadable" | "left" | "taken":
            return rows.filter(state=shown)
    return rows


def _shown(row: IntakeRow) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    facts = acts.facts_of_row(row) if row.state != RowState.UNREADABLE else {}
    is_wanted = row.is_chosen if row.is_chosen is not None else not row.has_likely
    cells = row.cells or {}
    return {
        "row": row,
        "name": (row.person or {}).get("name", ""),
        "person": row.person or {},
        "facts": [
            (label_of(vocabulary[n]), value_text(vocabulary[n], v)) for n, v in facts.items()
        ],
        "likely": row.likely or [],
        "faults": row.faults or [],
        "cells": [cell for cell in cells.get("cells", []) if cell.strip()],
        "is_open": row.state in (RowState.WAITING, RowState.LEFT),
        "is_wanted": is_wanted and row.state != RowState.LEFT,
    }


@login_required
@require_POST
def choose(request: Any, intake_id: UUID) -> HttpResponse:
    """Keeps which rows of a page are taken in."""
    found = _intake(request, intake_id)
    _keep_choice(request, found)
    messages.success(request, "Kept.")
    back = redirect("intake_rows", found.pk)
    page, show = request.POST.get("page", ""), request.POST.get("show", "")
    if page.isdigit() and show in FILTERS:
        back["Location"] += f"?show={show}&page={page}"
    return back


def _keep_choice(request: Any, found: Intake) -> None:
    on_page = _numbers(request.POST.getlist("on_page"))
    wanted = _numbers(request.POST.getlist("wanted"))
    acts.choose(request.member, found, {number: number in wanted for number in on_page})


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 9}


@login_required
@require_http_methods(["GET", "POST"])
def take(request: Any, intake_id: UUID) -> HttpResponse:
    """Takes in rows for some seconds, and says how far it is; the page goes on by itself."""
    found = _intake(request, intake_id)
    if request.method == "POST":
        # The button stands under the rows: what is ticked there counts, kept before or not.
        _keep_choice(request, found)
        acts.take_in_rows(actor_of(request), request.member, found, timezone.now())
        return redirect("take_intake", found.pk)
    counts = acts.counts_of(found)
    if not counts["waiting"]:
        messages.success(request, f"Taken in: {counts['taken']}. Left out: {counts['left']}.")
        return redirect("intake_rows", found.pk)
    whole = counts["waiting"] + counts["taken"] + counts["left"]
    context = {"intake": found, "counts": counts, "whole": whole, "done": whole - counts["waiting"]}
    return render(request, "casework/intake_progress.html", context)


@login_required
@require_GET
def bad_rows(request: Any, intake_id: UUID) -> HttpResponse:
    """The rows that cannot be read, as a file to mend and send again."""
    found = _intake(request, intake_id)
    record(actor_of(request), "read intake", details={"intake": str(found.pk), "page": "bad rows"})
    rows = IntakeRow.objects.filter(intake=found, state=RowState.UNREADABLE).order_by("number")
    out = StringIO()
    writer = csv.writer(out)
    for place, row in enumerate(rows):
        cells: dict[str, Any] = row.cells or {}
        if place == 0:
            writer.writerow([*ADDED_COLUMNS, *cells.get("columns", [])])
        said = [str(row.number), " ".join(row.faults or []), *cells.get("cells", [])]
        writer.writerow([harmless(on_one_line(cell)) for cell in said])
    response = HttpResponse(out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-to-mend.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def end(request: Any, intake_id: UUID) -> HttpResponse:
    found = _intake(request, intake_id)
    acts.end_intake(actor_of(request), request.member, found, timezone.now())
    messages.success(request, "The intake was ended; what was not taken in is gone.")
    return redirect("intake")
