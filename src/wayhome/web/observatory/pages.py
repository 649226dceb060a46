"""How a public page is answered: read only, without a session or cookie, kept by edition and day.

    @page("observatory/facility.html")
    def facility(visit: Visit, facility: str) -> Context: ...

The same view answers in each language (`urls.py`). What it returns is drawn once for a record, a
day, an address and what was asked of it, and kept in memory until another record comes.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from threading import Lock
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.template.loader import render_to_string
from django.urls import resolve
from django.views.decorators.http import require_safe

from wayhome.public_record.record import PublicRecord, RecordProblem
from wayhome.web.campaign.days import today_there
from wayhome.web.observatory.frame import address, frame_of
from wayhome.web.observatory.records import record_at_hand
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES

Context = dict[str, Any]
View = Callable[..., HttpResponse]
_KEPT_BYTES, _KEPT_PAGES = 64 * 2**20, 3000
# The same for everybody, and no secret that anybody looked at it.
_PUBLIC = "public, max-age=300"
_UNWRITABLE = "\ufffd"
LONGEST_ASKED = 100  # characters of a question; a longer one is cut


@dataclass(frozen=True)
class Visit:
    """What a page may know of who asks: the record, the language, the day, the question."""

    record: PublicRecord
    language: str
    today: date
    path: str = "/"
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """A file of rows: its name without the ending, its headings, its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


class Moved(Exception):
    """What was asked for has another address now: the same route with these `names`."""

    def __init__(self, **names: str) -> None:
        super().__init__(names)
        self.names = names


class Nothing(Exception):
    """What was asked for is not there: `template` says where else to look."""

    def __init__(self, template: str, context: Context) -> None:
        super().__init__(template)
        self.template = template
        self.context = context


Kept = tuple[bytes, str, str, str]  # body, content type, name of a file to save, ETag
_kept: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
_lock = Lock()


def page(
    template: str, *, asks: tuple[str, ...] = (), state: Callable[[], object] | None = None
) -> Callable[[Callable[..., Context]], View]:
    """A page from a template. `asks`: what may stand behind the `?`; `state`: what tells whether
    something has changed that is not in the record."""

    def draw(visit: Visit, view: Callable[..., Context], names: dict[str, Any]) -> Kept:
        drawn = _drawn(visit, template, view(visit, **names))
        return _sealed(drawn.encode(), "text/html; charset=utf-8")

    return _answering(draw, asks, state)


def csv_file(
    *, asks: tuple[str, ...] = (), state: Callable[[], object] | None = None
) -> Callable[[Callable[..., Rows]], View]:
    """A CSV file of rows."""

    def draw(visit: Visit, view: Callable[..., Rows], names: dict[str, Any]) -> Kept:
        found = view(visit, **names)
        return _sealed(_as_csv(found), "text/csv; charset=utf-8", f"{found.name}.csv")

    return _answering(draw, asks, state)


def picture(*, asks: tuple[str, ...] = ()) -> Callable[[Callable[..., str]], View]:
    """A picture (SVG) with an address of its own."""

    def draw(visit: Visit, view: Callable[..., str], names: dict[str, Any]) -> Kept:
        return _sealed(view(visit, **names).encode(), "image/svg+xml")

    return _answering(draw, asks)


def forget_pages() -> None:
    """Every page is drawn anew (for tests, and when what is not in the record has changed)."""
    with _lock:
        _kept.clear()


def _answering(
    draw: Callable[[Visit, Callable[..., Any], dict[str, Any]], Kept],
    asks: tuple[str, ...],
    state: Callable[[], object] | None = None,
) -> Callable[[Callable[..., Any]], View]:
    def decorate(view: Callable[..., Any]) -> View:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, language: str, **names: Any) -> HttpResponse:
            try:
                record = record_at_hand()
                visit = _visit(request, language, record, asks)
                now = state() if state else None
                asked = sorted(visit.asked.items())
                key = (record.edition, visit.today, now, request.path, *asked)
                kept = _remembered(key) or _remember(key, draw(visit, view, names))
            except RecordProblem as problem:
                return HttpResponse(f"{problem}\n", status=503, content_type="text/plain")
            except Moved as moved:
                return _leading_on(visit, names | moved.names)
            except Nothing as nothing:
                drawn = _drawn(visit, nothing.template, nothing.context)
                return HttpResponse(drawn, status=404)
            return _response(request, kept)

        return answer

    return decorate


def _drawn(visit: Visit, template: str, context: Context) -> str:
    around = frame_of(visit.path, visit.language, visit.record, asked=visit.asked)
    return render_to_string(template, {**around, **context, "visit": visit})


def _leading_on(visit: Visit, names: dict[str, Any]) -> HttpResponse:
    """To the same page, or file, of what is meant now. Not for ever: a decision may be undone."""
    route = resolve(visit.path).url_name or ""
    answer = HttpResponsePermanentRedirect(address(route, visit.language, **names))
    answer.headers["Cache-Control"] = _PUBLIC
    return answer


def _visit(
    request: HttpRequest, language: str, record: PublicRecord, asks: tuple[str, ...]
) -> Visit:
    assert language in PUBLIC_LANGUAGES
    asked = {name: _plain(request.GET.get(name, "")) for name in asks}
    asked = {name: text for name, text in asked.items() if text}
    return Visit(record, language, today_there(), request.path, asked)


def _plain(asked: str) -> str:
    """A question without what cannot be written, on one line, not too long.

    One of nothing else is no empty one: it is a sign that says so."""
    written = "".join(sign if sign.isprintable() else " " for sign in asked)
    plain = " ".join(written.split())[:LONGEST_ASKED]
    return plain or (_UNWRITABLE if asked.strip() else "")


def _sealed(body: bytes, content_type: str, name: str = "") -> Kept:
    return body, content_type, name, f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def _remembered(key: tuple[object, ...]) -> Kept | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _remember(key: tuple[object, ...], kept: Kept) -> Kept:
    with _lock:
        _kept[key] = kept
        while len(_kept) > _KEPT_PAGES or sum(len(one[0]) for one in _kept.values()) > _KEPT_BYTES:
            _kept.popitem(last=False)
    return kept


def _response(request: HttpRequest, kept: Kept) -> HttpResponse:
    body, content_type, name, etag = kept
    is_known = request.headers.get("If-None-Match") == etag
    answer = HttpResponseNotModified() if is_known else HttpResponse(body, content_type)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = _PUBLIC
    if name and not is_known:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _as_csv(found: Rows) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(found.headings)
    write.writerows([_cell(value) for value in row] for row in found.rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is only a text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value and value[0] in "=+-@\t":
        return f"'{value}"
    return value
