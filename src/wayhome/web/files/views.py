"""Adding, downloading and taking out documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.cases.case_views import writes_case
from wayhome.web.cases.documents import (
    HeldApart,
    keep_document,
    read_document,
    remove_document,
    scan_document,
)
from wayhome.web.cases.models import Case, Document
from wayhome.web.cases.panel_pages import panel_page
from wayhome.web.cases.queries import case_for
from wayhome.web.files.forms import DocumentForm, VersionForm
from wayhome.web.files.what_is_taken import ENDINGS, Refused

# A document is for a reader of documents: should a browser show it after all, nothing in it runs.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Download-Options": "noopen",
}


@login_required
@require_GET
def download(request: Any, case_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A document as a file to save. The reading is in the log."""
    check_may(request.member, Deed.SEE_CASE)
    case = case_for(request.member, case_id)
    document = get_object_or_404(Document, pk=document_id, case=case)
    try:
        chunks = read_document(actor_of(request), request.member, document, timezone.now())
    except HeldApart:
        messages.error(request, "This document is held apart and cannot be read.")
        return redirect("case_panel", case.pk, "documents")
    except FileNotFoundError:
        raise Http404("The file of this document is not there.") from None
    return as_file(chunks, document)


def as_file(chunks: Any, document: Document) -> StreamingHttpResponse:
    """The answer that hands a document out: to be saved, kept by no cache, run by no browser."""
    response = StreamingHttpResponse(chunks, content_type=document.content_type)
    name = f"{document.title}{ENDINGS.get(document.content_type, '')}"
    response.headers["Content-Disposition"] = content_disposition_header(True, _as_name(name))
    response.headers["Content-Length"] = str(document.size)
    for header, value in _HEADERS.items():
        response.headers[header] = value
    return response


def _as_name(title: str) -> str:
    """A name that every system can save under."""
    return "".join("_" if c in '\\/:*?"<>|' else c for c in title).lstrip(".")


@writes_case
def add(request: Any, case: Case) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            keep_document(
                actor_of(request),
                case,
                form.cleaned_data["file"],
                form.cleaned_data["title"],
                form.cleaned_data["kind"],
                timezone.now(),
                from_applicant=False,
                member=request.member,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "The document was kept.")
            return redirect("case_panel", case.pk, "documents")
    return panel_page(request, case, "documents", form=form)


@writes_case
def add_version(request: Any, case: Case, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(Document, pk=document_id, case=case)
    form = VersionForm(request.POST, request.FILES)
    wrong = "" if form.is_valid() else "Choose the file of the new version."
    if not wrong:
        try:
            keep_document(
                actor_of(request),
                case,
                form.cleaned_data["file"],
                str(document.title),
                document.kind,
                timezone.now(),
                from_applicant=False,
                member=request.member,
                version_of=document,
            )
        except Refused as refusal:
            wrong = str(refusal)
    if wrong:
        return panel_page(request, case, "documents", version_wrong=wrong)
    messages.success(request, "The new version was kept; the earlier one stays readable.")
    return redirect("case_panel", case.pk, "documents")


@writes_case
def remove(request: Any, case: Case, document_id: UUID) -> HttpResponse:
    """Takes a document out, once the box beside the button says that it is meant."""
    document = get_object_or_404(Document, pk=document_id, case=case)
    check_may(request.member, Deed.CHANGE_CASE)
    if request.POST.get("is_meant") != "yes":
        wrong = "Tick the box beside the button first: what is taken out does not come back."
        return panel_page(request, case, "documents", version_wrong=wrong)
    remove_document(actor_of(request), request.member, document, timezone.now())
    messages.success(request, "The document was taken out.")
    return redirect("case_panel", case.pk, "documents")


@writes_case
def scan_now(request: Any, case: Case, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(Document, pk=document_id, case=case)
    check_may(request.member, Deed.CHANGE_CASE)
    found = scan_document(document, timezone.now())
    if found is None:
        messages.warning(request, "The scanner does not answer. The document stays held apart.")
    elif found.is_clean:
        messages.success(request, "The scanner found the document clean.")
    else:
        messages.error(request, "The scanner found something harmful; the file was removed.")
    return redirect("case_panel", case.pk, "documents")
