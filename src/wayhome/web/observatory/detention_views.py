"""Detention in figures: how many people, where, for how long; the charts and their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.http import Http404

from wayhome.public_record.record import Figure, PublicRecord
from wayhome.web.observatory.charts import drawn
from wayhome.web.observatory.facilities import CONTRACTS, facilities
from wayhome.web.observatory.facility_states import StateRow, by_state
from wayhome.web.observatory.frame import address, is_invented_but_for_the_docket
from wayhome.web.observatory.maps.beside import Beside, Named
from wayhome.web.observatory.maps.beside import shown as shown_beside
from wayhome.web.observatory.maps.drawing import CountryMap, Spot, StateValue, draw, legend
from wayhome.web.observatory.maps.places import states
from wayhome.web.observatory.pages import Context, Rows, Visit, csv_file, page, picture
from wayhome.web.observatory.same_place import waiting
from wayhome.web.observatory.series_charts import (
    DESIGNS,
    Design,
    chart_of,
    demand_design,
    series_design,
    shown,
)
from wayhome.web.observatory.source_views import FIGURE_HEADINGS, figure_row
from wayhome.web.observatory.wording import number, people_in_words, say

_HEADLINES = (
    "detained_total",
    "detained_neither",
    "alternatives_total",
    "average_stay_days",
    "facilities_with_people_year",
    "private_or_jail_year",
    "guaranteed_minimum_total",
)
_CHARTS = ("people", "alternatives", "stay", "facilities", "private-or-jail")


@page("observatory/detention.html")
def detention(visit: Visit) -> Context:
    """The newest figures, the charts over time, the map by state, the kinds of contract."""
    country = people_map(visit)
    return {
        "headlines": [newest for one in _HEADLINES if (newest := newest_of(visit.record, one))],
        "charts": _shown(visit, _CHARTS),
        "map": draw(country),
        "keys": legend(country),
        "beside": not_on_the_map(visit),
        "states": [row for row in by_state(visit.record).values() if row.facilities],
        "contracts": _contracts(visit.record),
        "same_place": waiting(visit.record),
    }


def newest_of(record: PublicRecord, series: str) -> Figure | None:
    """The newest figure of a series; None where the record has none of it."""
    figures = record.series(series)
    return figures[-1] if figures else None


def _shown(visit: Visit, ids: Sequence[str]) -> list[object]:
    found = (shown(visit.record, DESIGNS[one], visit.language) for one in ids)
    return [one for one in found if one]


def _contracts(record: PublicRecord) -> list[dict[str, object]]:
    """Facilities with people and their people by kind of contract; unknown is a kind."""
    counted: dict[str, list[float]] = defaultdict(list)
    for row in facilities(record).values():
        if row.has_people and row.population:
            counted[row.contract or "unknown"].append(row.population)
    return [
        {"contract": one, "facilities": len(counted[one]), "people": sum(counted[one])}
        for one in (*CONTRACTS, "unknown")
        if counted[one]
    ]


def people_map(visit: Visit) -> CountryMap:
    """States by their people in detention, facilities by theirs."""
    language = visit.language
    beside = [one.text for one in not_on_the_map(visit)]
    state_values = {
        row.code: StateValue(
            row.people,
            _state_in_words(row, language),
            address("observatory_state", language, state=row.code.lower()),
        )
        for row in by_state(visit.record).values()
        if row.code in states()
    }
    spots = [
        Spot(
            *row.spot,
            row.population,
            f"{row.name}: {number(language, row.population or 0)}",
            address("observatory_facility", language, facility=row.id),
        )
        for row in facilities(visit.record).values()
        if row.has_people and row.spot
    ]
    return CountryMap(
        "people",
        say(language, "detention.map_title"),
        " ".join((say(language, "detention.map_description", facilities=len(spots)), *beside)),
        state_values,
        spots,
        say(language, "frame.synthetic_mark")
        if is_invented_but_for_the_docket(visit.record)
        else "",
    )


def _state_in_words(row: StateRow, language: str) -> str:
    people = people_in_words(language, row.people)
    return say(language, "detention.state_people", state=row.name, number=people)


def not_on_the_map(visit: Visit) -> list[Beside]:
    """States without an outline, and facilities with people whose place is not known."""
    language = visit.language
    undrawn = [
        Named(
            row.name,
            address("observatory_state", language, state=row.code.lower()),
            say(
                language,
                "detention.beside_state",
                count=row.facilities,
                people=people_in_words(language, row.people),
            ),
        )
        for row in by_state(visit.record).values()
        if row.code not in states()
    ]
    rows = [row for row in facilities(visit.record).values() if row.has_people and not row.spot]
    people = people_in_words(language, round(sum(row.population or 0 for row in rows), 1))
    lost = [
        Named(
            row.name,
            address("observatory_facility", language, facility=row.id),
            number(language, row.population or 0),
        )
        for row in rows
    ]
    return shown_beside(
        Beside(say(language, "detention.beside_states"), undrawn),
        Beside(say(language, "detention.beside", count=len(rows), people=people), lost),
    )


@picture()
def detention_map(visit: Visit) -> str:
    """The map as a file."""
    return draw(people_map(visit), by_itself=True)


@csv_file()
def states_csv(visit: Visit) -> Rows:
    """The map's numbers by state."""
    rows = (
        (
            *(row.code, row.name, row.people, row.people_ice, row.people_midnight),
            *(row.people_otherwise, row.facilities, row.with_people),
        )
        for row in by_state(visit.record).values()
    )
    headings = (
        *("state", "name", "people", "people_ice_average", "people_midnight_average"),
        *("people_counted_otherwise", "facilities", "facilities_with_people"),
    )
    return Rows("people-by-state", headings, rows)


@page("observatory/chart.html")
def chart_page(visit: Visit, chart: str) -> Context:
    """A chart by itself, with all its numbers."""
    found = shown(visit.record, _design(visit, chart), visit.language)
    if found is None:
        raise Http404("The record has none of it.")
    return {"chart": found, "is_whole": True}


@picture()
def chart(visit: Visit, chart: str) -> str:
    """A chart as a file."""
    found = chart_of(visit.record, _design(visit, chart), visit.language)
    if found is None:
        raise Http404("The record has none of it.")
    return drawn(found)


@csv_file()
def chart_csv(visit: Visit, chart: str) -> Rows:
    """The numbers of a chart, each with its source."""
    figures = [
        figure for series in _design(visit, chart).series for figure in visit.record.series(series)
    ]
    if not figures:
        raise Http404("The record has none of it.")
    return Rows(chart, FIGURE_HEADINGS, [figure_row(visit, figure) for figure in figures])


def _design(visit: Visit, chart: str) -> Design:
    found = (
        DESIGNS.get(chart)
        or demand_design(chart.removeprefix("demand-"))
        or series_design(visit.record, chart.removeprefix("series-"))
    )
    if found is None:
        raise Http404("There is no such chart.")
    return found
