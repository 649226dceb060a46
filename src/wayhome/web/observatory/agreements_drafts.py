"""Drafts about an agency's agreements from the public pages: DRAFT, with marked gaps, sent nowhere.

They are made when they are asked for, for the day of asking, and kept nowhere. One at a time in
each process: to make the drafts of a large state takes half a minute.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from threading import Lock

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wayhome.papers.agency_papers import (
    AgencyDraft,
    AgencyOrder,
    agency_draft,
    notice_of_termination,
    orders_for,
    records_request,
)
from wayhome.papers.as_pdf import pdf
from wayhome.papers.as_word import word
from wayhome.programs.entanglement.agreements.listed import ListedAgreement
from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agreements import Agency, Held, agencies, by_state
from wayhome.web.observatory.records import record_at_hand

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MADE = {"docx": (word, WORD), "pdf": (pdf, "application/pdf")}
_busy = Lock()
_kept: dict[tuple[object, ...], bytes] = {}


@require_safe
def notice(request: HttpRequest, language: str, agency: str, model: str, kind: str) -> HttpResponse:
    """The notice by which an agency would end one agreement."""
    record = record_at_hand()
    own = [one for one in listed(record, _agency(record, agency)) if _key(one.model) == model]
    if not own:
        raise Http404("The agency holds no such agreement by the newest list.")
    draft = notice_of_termination(own[0], None, timezone.localdate())
    return _answer(draft, f"{agency[:90]}--{model}--notice-of-termination-DRAFT", kind)


@require_safe
def request_for_records(
    request: HttpRequest, language: str, agency: str, kind: str
) -> HttpResponse:
    """A request to an agency for records of its agreements."""
    record = record_at_hand()
    own = listed(record, _agency(record, agency))
    if not own:
        raise Http404("The agency holds no agreement by the newest list.")
    draft = records_request(own, timezone.localdate())
    return _answer(draft, f"{agency[:90]}--records-request-DRAFT", kind)


@require_safe
def state_drafts(request: HttpRequest, language: str, state: str) -> HttpResponse:
    """Every draft of a state as Word, in one ZIP file; kept until the day or the record changes."""
    record, code, today = record_at_hand(), state.upper(), timezone.localdate()
    if code not in by_state(record):
        raise Http404("There is no such state.")
    rows = [one for one in agencies(record).values() if one.state == code]
    held = [one for row in rows for one in listed(record, row)]
    if not held:
        raise Http404("No agency of this state holds an agreement by the newest list.")
    key = (record.edition, today, code)
    with _busy:
        if key not in _kept:
            for old in [one for one in _kept if one[:2] != key[:2]]:
                del _kept[old]
            _kept[key] = _zipped(orders_for(held, {}, today))
        body = _kept[key]
    return _file(body, "application/zip", f"287g-{code}-DRAFTS.zip")


def listed(record: PublicRecord, agency: Agency) -> list[ListedAgreement]:
    """The agreements of an agency that are in force by the newest list."""
    return [_listed(record, agency, held) for held in agency.agreements if held.active]


def _listed(record: PublicRecord, agency: Agency, held: Held) -> ListedAgreement:
    return ListedAgreement(
        agency_id=agency.id,
        agency=agency.name,
        state=agency.state,
        county=held.county or agency.county,
        model=held.model,
        signed=held.signed,
        memorandum=held.memorandum,
        list_file=record.sources[held.source].file,
        list_day=held.last_listed,
        sheet=held.sheet,
        row=held.row,
    )


def _zipped(orders: Iterator[AgencyOrder]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for order in orders:
            packed.writestr(f"{order.name}-DRAFT.docx", word(agency_draft(order)))
    return file.getvalue()


def _key(model: str) -> str:
    return model.replace(" ", "-")


def _agency(record: PublicRecord, agency: str) -> Agency:
    row = agencies(record).get(agency)
    if row is None:
        raise Http404("The record has no such agency.")
    return row


def _answer(draft: AgencyDraft, name: str, kind: str) -> HttpResponse:
    make, content_type = _MADE[kind]
    with _busy:
        body = make(draft)
    return _file(body, content_type, f"{name}.{kind}")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "public, max-age=300"
    return answer
