"""Drafts about an agency's agreements from the public pages: DRAFT, with marked gaps, sent nowhere.

They are made when they are asked for, for the day of asking. A batch is one part of a state: some
agencies in the order of their names, as many as are drafted in a few seconds. One at a time in each
process; the last few are kept.

Clauses that somebody has read are taken from `287g-clauses.csv` in the application's home, if it is
there (`wayhome entanglement clauses` writes the table to fill).
"""

from __future__ import annotations

import io
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from logging import getLogger
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
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
from wayhome.programs.entanglement.agreements.clauses import Clause, read_clauses
from wayhome.programs.entanglement.agreements.listed import ListedAgreement
from wayhome.public_record.record import PublicRecord, RecordProblem
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.web.campaign.days import today_there
from wayhome.web.observatory.agreements import Agency, Held, agencies
from wayhome.web.observatory.records import record_at_hand

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MADE = {"docx": (word, WORD), "pdf": (pdf, "application/pdf")}
PART, MOST_KEPT = 40, 12
CLAUSES = "287g-clauses.csv"
_busy = Lock()
_kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_log = getLogger(__name__)


def _where_there_is_a_record(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A record that cannot be read is told in its sentence, as on every other page."""

    @wraps(view)
    def answer(*args: Any, **names: Any) -> HttpResponse:
        try:
            return view(*args, **names)
        except RecordProblem as problem:
            return HttpResponse(f"{problem}\n", status=503, content_type="text/plain")

    return answer


@require_safe
@_where_there_is_a_record
def notice(request: HttpRequest, language: str, agency: str, model: str, kind: str) -> HttpResponse:
    """The notice by which an agency would end one agreement."""
    record = record_at_hand()
    own = [one for one in listed(record, _agency(record, agency)) if _key(one.model) == model]
    if not own:
        raise Http404("The agency holds no such agreement by the newest list.")
    clause = _clauses(record).get(own[0].key)
    draft = notice_of_termination(own[0], clause, today_there())
    return _answer(draft, f"{agency[:90]}--{model}--notice-of-termination-DRAFT", kind)


@require_safe
@_where_there_is_a_record
def request_for_records(
    request: HttpRequest, language: str, agency: str, kind: str
) -> HttpResponse:
    """A request to an agency for records of its agreements."""
    record = record_at_hand()
    own = listed(record, _agency(record, agency))
    if not own:
        raise Http404("The agency holds no agreement by the newest list.")
    draft = records_request(own, today_there())
    return _answer(draft, f"{agency[:90]}--records-request-DRAFT", kind)


@require_safe
@_where_there_is_a_record
def state_drafts(request: HttpRequest, language: str, state: str, part: int) -> HttpResponse:
    """The drafts of a part of a state as Word, in one ZIP file."""
    record, code, today = record_at_hand(), state.upper(), today_there()
    parts = parts_of(record, code)
    if not 1 <= part <= len(parts):
        raise Http404("There is no such part of the drafts of this state.")
    clauses = _clauses(record)
    key = (record.edition, today, code, part, *clauses)
    with _busy:
        if key not in _kept:
            held = [one for agency in parts[part - 1] for one in listed(record, agency)]
            _kept[key] = _zipped(orders_for(held, clauses, today))
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        body = _kept[key]
    return _file(body, "application/zip", f"287g-{code}-DRAFTS-{part}.zip")


def parts_of(record: PublicRecord, state: str) -> list[list[Agency]]:
    """The agencies of a state that hold an agreement, in parts of PART."""
    rows = [one for one in agencies(record).values() if one.state == state and one.active]
    return [rows[start : start + PART] for start in range(0, len(rows), PART)]


def _clauses(record: PublicRecord) -> Mapping[tuple[str, str], Clause]:
    """The clauses that somebody has read; none, and a line in the log, where they are faulty."""
    path = Path(settings.HOME) / CLAUSES
    if not path.is_file():
        return {}
    keys = {
        (held.agency, held.model) for one in agencies(record).values() for held in one.agreements
    }
    try:
        return read_clauses(path, keys)
    except ReleaseProblem as problem:
        _log.warning("No clause is used in drafts: %s", problem)
        return {}


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
