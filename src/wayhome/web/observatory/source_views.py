"""Where every number is from: the sources, a place in one of them, and one figure by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import Http404

from wayhome.public_record.demands.demand import Status
from wayhome.public_record.demands.wording import status_word
from wayhome.public_record.record import Figure, Source
from wayhome.public_record.series import every_series
from wayhome.web.observatory.agreements_traces import agreements_at
from wayhome.web.observatory.pages import Context, Moved, Nothing, Rows, Visit, csv_file, page
from wayhome.web.observatory.sentences import in_language
from wayhome.web.observatory.series import series_name
from wayhome.web.observatory.source_words import licence_in, title_in
from wayhome.web.observatory.traces import Place, told_at
from wayhome.web.observatory.wording import days, number, rows, say

_LONGEST_ROW = 12  # digits
_DAYS_OFF = timedelta(days=7)
FIGURE_HEADINGS = (
    *("series", "days", "since", "on", "value", "unit", "source", "file", "sha256", "published"),
    *("sheet", "row", "last_row", "column", "note", "address", "licence"),
)


@page("observatory/sources.html")
def sources(visit: Visit) -> Context:
    """Every file that the record is made from."""
    listed = sorted(
        visit.record.sources.values(),
        key=lambda one: (one.publication, one.published or one.data_as_of or date.min, one.id),
    )
    return {"sources": listed}


@page("observatory/about.html")
def about(visit: Visit) -> Context:
    """How the pages are made, and what they cannot tell."""
    language = visit.language
    statuses = [
        (status.name.lower(), status_word(status, language), say(language, f"about.{status.name}"))
        for status in Status
    ]
    wrong = [say(language, f"about.wrong_{number}") for number in range(1, 7)]
    return {"file_count": len(visit.record.sources), "statuses": statuses, "wrong": wrong}


@page("observatory/source.html", asks=("sheet", "row", "last_row", "column"))
def source(visit: Visit, source: str) -> Context:
    """A file: its hash, its day, its address, and what the record has from the row asked for."""
    found = _source(visit, source)
    place = Place(
        visit.asked.get("sheet", ""),
        _row(visit, "row"),
        visit.asked.get("column", ""),
        _row(visit, "last_row"),
    )
    context = {
        "source": found,
        "title": title_in(visit.language, found)[0],
        "place": place,
        "told": told_at(visit.record, found, place),
        # Many rows are those of a count: its own page leads to the list of what it counts.
        "agreements": agreements_at(visit.record, found.id, None if place.last_row else place.row),
    }
    if place.is_named and not context["told"] and not context["agreements"]:
        raise Nothing("observatory/source.html", context)
    return context


def _row(visit: Visit, name: str) -> int | None:
    asked = visit.asked.get(name, "")
    if asked and not (asked.isdecimal() and len(asked) < _LONGEST_ROW):
        raise Http404("A row is a number.")
    return int(asked) if asked else None


@page("observatory/figures.html")
def figures(visit: Visit) -> Context:
    """Every series of the record with its newest figure."""
    named = [
        (series_name(series, visit.language), told[-1], len(told))
        for series, told in visit.record.figures.items()
    ]
    return {"series": sorted(named, key=lambda one: one[0])}


@page("observatory/figure.html")
def figure(visit: Visit, series: str, on: date) -> Context:
    """One number, its source, a line to copy, its row as a file."""
    told = _figures(visit, series, on)
    return {
        "series": series,
        "on": on,
        "days": " / ".join(dict.fromkeys(days(visit.language, t.first_day, t.on) for t in told)),
        "name": series_name(series, visit.language),
        "told": [
            {"figure": one, "source": visit.record.source_of(one), "line": citation(visit, one)}
            for one in told
        ],
    }


@csv_file()
def figure_csv(visit: Visit, series: str, on: date) -> Rows:
    """One number as a file."""
    rows = [figure_row(visit, one) for one in _figures(visit, series, on)]
    return Rows(f"{series}-{on.isoformat()}", FIGURE_HEADINGS, rows)


@csv_file()
def series_csv(visit: Visit, series: str) -> Rows:
    """A series as a file, every number with its source."""
    told = visit.record.series(series)
    if not told:
        raise Http404("The record has no such series.")
    return Rows(series, FIGURE_HEADINGS, [figure_row(visit, one) for one in told])


def figure_row(visit: Visit, told: Figure) -> tuple[object, ...]:
    """A figure with everything that tells where it is from, as FIGURE_HEADINGS name it."""
    source = visit.record.source_of(told)
    return (
        *(told.series, days(visit.language, told.first_day, told.on)),
        *(told.since, told.on, told.value, told.unit),
        *(source.id, source.file, source.sha256, source.published),
        *(told.sheet, told.row, told.last_row, told.column, told.note),
        *(source.address, source.licence),
    )


def citation(visit: Visit, told: Figure) -> str:
    """A line to copy: the figure, its day, its source and terms, its rows and what is added."""
    source, language = visit.record.source_of(told), visit.language
    terms = licence_in(language, source)[0].rstrip(".")
    parts = (
        f"{series_name(told.series, language)}: {number(language, told.value)}",
        days(language, told.first_day, told.on),
        title_in(language, source)[0],
        say(language, "frame.published", day=source.published) if source.published else "",
        _place(language, told),
        in_language(language, told.note)[0] if told.note else "",
        say(language, "sources.terms", terms=terms) if terms else "",
        source.address or "",
        f"SHA-256 {source.sha256[:16]}…",
    )
    return "; ".join(part for part in parts if part)


def _place(language: str, told: Figure) -> str:
    parts = (
        f"{say(language, 'frame.sheet')} {told.sheet}" if told.sheet else "",
        rows(language, told.row, told.last_row),
        f"{say(language, 'frame.column')} {told.column}" if told.column else "",
    )
    return ", ".join(part for part in parts if part)


def _source(visit: Visit, source: str) -> Source:
    found = visit.record.sources.get(source)
    if found is None:
        raise Http404("The record has no such source.")
    return found


def _figures(visit: Visit, series: str, on: date) -> list[Figure]:
    every = visit.record.series(series)
    if told := [one for one in every if one.on == on]:
        return told
    if now := _day_now(series, on, every):
        raise Moved(on=now.isoformat())
    raise Http404("The record has no such figure.")


def _day_now(series: str, on: date, every: Sequence[Figure]) -> date | None:
    """The day of a workbook's figure that had another address: its day was once taken from the
    sheet of facilities, which is a few days off."""
    known = every_series().get(series)
    if known is None or known.covers not in ("day", "year"):
        return None
    near = {one.on for one in every if abs(one.on - on) <= _DAYS_OFF}
    return near.pop() if len(near) == 1 else None
