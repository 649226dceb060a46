"""Drafting papers: for one case from its page, or one paper for many cases."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wayhome import papers
from wayhome.engine.graph import NoLawInForce
from wayhome.papers.bundle import CannotBundle
from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_views import changes_case
from wayhome.web.cases.models import ORDER_OF_WORK, Case
from wayhome.web.cases.panel_pages import panel_page
from wayhome.web.papers import actions
from wayhome.web.papers.batch_zip import zip_of
from wayhome.web.papers.forms import ExhibitsForm, WordsForm
from wayhome.web.papers.models import Batch
from wayhome.web.papers.queries import documents_for_exhibits, exhibits_in, program_of, words_of
from wayhome.web.protection.keys import open_case_keys

# How long one look at a batch works on it; the page comes again by itself.
SECONDS_A_LOOK = 2.0
SHOWN_IN_LIST = 200
BATCHES_ON_A_PAGE = 20
_WITH_GROUND = ("ground", "ground_with_bar")


@changes_case
def make(request: Any, case: Case) -> HttpResponse:
    """Drafts one paper and keeps it with the case."""
    try:
        kept = actions.make_draft(
            actor_of(request),
            request.member,
            case,
            request.POST.get("template", ""),
            _day(request),
            timezone.now(),
        )
    except (papers.UnknownTemplate, NoLawInForce, CannotBundle, NotAnAnswer) as error:
        return panel_page(request, case, "papers", wrong=str(error))
    gaps = f"{kept.gaps} gap{'' if kept.gaps == 1 else 's'}"
    messages.success(request, f"The draft was made. It has {gaps}; each is marked and listed.")
    return redirect("case_panel", case.pk, "papers")


@changes_case
def words(request: Any, case: Case) -> HttpResponse:
    """Keeps the person's account and who acts for them."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return panel_page(request, case, "papers", words_form=form)
    actions.keep_words(actor_of(request), request.member, case, form.cleaned_data, timezone.now())
    messages.success(request, "The words were kept. Drafts made from now on have them.")
    return redirect("case_panel", case.pk, "papers")


@changes_case
def exhibits(request: Any, case: Case) -> HttpResponse:
    """Keeps which documents are exhibits, and their order."""
    documents = documents_for_exhibits(case)
    chosen = exhibits_in(case, words_of(case))
    form = ExhibitsForm(request.POST, documents=documents, chosen=chosen)
    if not form.is_valid():
        return panel_page(request, case, "papers", exhibits_form=form)
    actions.choose_exhibits(
        actor_of(request), request.member, case, form.in_order(), timezone.now()
    )
    messages.success(request, "The exhibits were kept in this order.")
    return redirect("case_panel", case.pk, "papers")


@login_required
@require_http_methods(["GET", "POST"])
def many(request: Any) -> HttpResponse:
    """Chooses a paper and the cases that it is drafted for."""
    check_may(request.member, Deed.DRAFT)
    if request.method == "POST":
        return _start(request)
    wanted = request.GET.get("template", "")
    chosen = next((t for t in papers.templates() if t.id == wanted), None)
    fitting = _cases_for(request.member, chosen) if chosen else Case.objects.none()
    cases = list(fitting.select_related("person")[:SHOWN_IN_LIST])
    open_case_keys(case.pk for case in cases)
    if cases:
        names = {"cases": [str(case.pk) for case in cases]}
        record(actor_of(request), "read list for drafts", details=names)
    context = {**_choices(chosen, cases, fitting.count()), **_batches(request)}
    return render(request, "papers/many.html", context)


def _batches(request: Any) -> dict[str, Any]:
    """The drafts for many that somebody has set out to make, the newest first."""
    titles = {template.id: template.title for template in papers.templates()}
    own = Batch.objects.filter(user=request.user).order_by("-started_at", "pk")
    page = Paginator(own, BATCHES_ON_A_PAGE).get_page(request.GET.get("batches"))
    lines = [(batch, titles.get(batch.template, batch.template)) for batch in page]
    return {"batches": lines, "batch_page": page}


def _start(request: Any) -> HttpResponse:
    try:
        cases = [UUID(case) for case in request.POST.getlist("case")]
        if not cases:
            raise ValueError("Choose one case at least.")
        batch = actions.start_batch(
            actor_of(request),
            request.member,
            request.POST.get("template", ""),
            cases,
            _day(request),
            timezone.now(),
        )
    except (ValueError, NoLawInForce, papers.UnknownTemplate) as error:
        messages.error(request, str(error))
        return redirect("many_papers")
    return redirect("paper_batch", batch.pk)


def _choices(chosen: papers.Template | None, cases: list[Case], count: int) -> dict[str, Any]:
    return {
        "programs": [
            (name, list(found)) for name, found in groupby(papers.templates(), program_of)
        ],
        "chosen": chosen,
        "cases": cases,
        "case_count": count,
        "today": timezone.now().date(),
    }


def _cases_for(member: Membership, template: papers.Template) -> QuerySet[Case]:
    """Cases in the order of work in whose program a ground held at the last screening."""
    found = Case.objects.filter(organization=member.organization, erased_at=None)
    if template.for_rules:
        found = found.filter(**{f"outcomes__{template.program}__in": _WITH_GROUND})
    return found.order_by(*ORDER_OF_WORK)


@login_required
@require_GET
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """How far the drafts are. Each look works on them for a while, until none is left."""
    check_may(request.member, Deed.DRAFT)
    found = get_object_or_404(Batch, pk=batch_id, user=request.user)
    is_going_on = actions.continue_batch(
        actor_of(request), request.member, found, timezone.now(), seconds=SECONDS_A_LOOK
    )
    found.refresh_from_db()
    context = {
        "batch": found,
        "title": papers.template_of(found.template).title,
        "is_going_on": is_going_on,
        "made": len(found.drafts),
        "all": len(found.cases),
    }
    response = render(request, "papers/batch.html", context)
    if is_going_on:
        response.headers["Refresh"] = f"1; url={reverse('paper_batch', args=[found.pk])}"
    return response


@login_required
@require_GET
def batch_file(request: Any, batch_id: UUID) -> StreamingHttpResponse:
    """The drafts of a batch that may be read, as one zip; each reading is in the log."""
    check_may(request.member, Deed.DRAFT)
    found = get_object_or_404(Batch, pk=batch_id, user=request.user)
    chunks = zip_of(actor_of(request), request.member, found, timezone.now())
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="drafts-{found.as_of}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _day(request: Any) -> date:
    """The day of the law that the draft is made on; today unless another was asked for."""
    asked = request.POST.get("as_of", "").strip()
    return read_date(asked) if asked else timezone.now().date()
