"""287(g) agreements: who holds one, where, since when; what is new; agencies and states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import Http404

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agencies_near import untold_in
from wayhome.web.observatory.agreements import (
    Agency,
    Held,
    agencies,
    by_state,
    found,
    history,
    lists,
    near,
    people_under,
)
from wayhome.web.observatory.agreements_counties import COUNTY_HEADINGS, counted, county_rows
from wayhome.web.observatory.agreements_drafts import parts_of
from wayhome.web.observatory.agreements_map import (
    MAP_HEADINGS,
    agreements_map,
    map_rows,
    not_on_the_map,
)
from wayhome.web.observatory.agreements_places import places_asked, zip_asked
from wayhome.web.observatory.counties_asked import empty_ones, has_no_word
from wayhome.web.observatory.facilities import facilities
from wayhome.web.observatory.maps.drawing import draw, legend
from wayhome.web.observatory.maps.places import County
from wayhome.web.observatory.pages import Context, Rows, Visit, csv_file, page, picture
from wayhome.web.observatory.series_charts import DESIGNS, shown
from wayhome.web.observatory.wording import say, written

EVENTS = ("new", "ended", "changed model", "renamed", "other day of signing")
MOST_FOUND = 100
_AGREEMENT_HEADINGS = (
    *("agency", "name", "state", "county", "agency_type", "model", "signed", "first_listed"),
    *("last_listed", "active", "gone_by", "memorandum", "addendum", "source", "sheet", "row"),
)
_HISTORY_HEADINGS = (
    *("event", "agency", "name", "state", "model", "model_before", "name_before", "signed"),
    *("signed_before", "after", "by", "listed_under", "undecided", "after_source", "after_row"),
    *("by_source", "by_row"),
)


@page("observatory/agreements/agreements.html", asks=("q", "state"))
def agreements(visit: Visit) -> Context:
    """Who holds an agreement by the newest list; the agencies that fit a question."""
    record, asked = visit.record, visit.asked.get("q", "")
    state = visit.asked.get("state", "").upper()
    rows = found(record, asked, state) if asked or state else []
    places = places_asked(asked, state)
    country = agreements_map(record, visit.language)
    counts = [one for one in by_state(record).values() if one.agreements]
    active = Counter(model for one in agencies(record).values() for model in one.models)
    return {
        "asked": asked,
        "asked_state": state,
        "is_asked": bool(asked or state),
        "has_no_word": has_no_word(asked),
        "found": rows[:MOST_FOUND],
        "count": len(rows),
        "near": _near(record, asked, state) if places or not rows else [],
        "is_county": bool(places),
        "zip": zip_asked(asked),
        **_without(record, places, _with_agreement(rows)),
        "figures": {
            name: (record.series(f"agreements_{name}") or (None,))[-1]
            for name in ("active", "new", "ended")
        },
        "agencies_figure": (record.series("agencies_active") or (None,))[-1],
        "list_days": ", ".join(written(visit.language, one) for one in lists(record)),
        "models": active.most_common(),
        "states": counts,
        "counties": counted(record),
        **_people(record, agencies(record).values()),
        "chart": shown(record, DESIGNS["agreements"], visit.language),
        "map": draw(country) if counts else "",
        "map_title": country.title,
        "keys": legend(country) if counts else [],
        "beside": not_on_the_map(record, visit.language),
    }


def _near(record: PublicRecord, asked: str, state: str) -> list[Agency]:
    """What is written almost so: of a ZIP code nothing is."""
    return near(record, asked, state) if asked and not zip_asked(asked) else []


def _without(record: PublicRecord, places: Sequence[County], held: set[str | None]) -> Context:
    """The counties asked for that no agreement names, and how many agreements of their states
    tell no county that there is: one of these may be of that county."""
    told = {one.state for one in places if one.number in held}
    untold = untold_in(record, {one.state for one in places} - told)
    return {"without": empty_ones(places, held), "untold": untold}


def _with_agreement(rows: Iterable[Agency]) -> set[str | None]:
    """The counties of agencies that hold an agreement now."""
    return {one.place.number for one in rows if one.place and one.active}


@picture()
def agreements_map_svg(visit: Visit) -> str:
    """The map as a file."""
    return draw(agreements_map(visit.record, visit.language), by_itself=True)


@csv_file()
def agreements_map_csv(visit: Visit) -> Rows:
    """The numbers of the map: agreements and agencies in force, by state and by county."""
    return Rows("287g-map", MAP_HEADINGS, map_rows(visit.record))


@csv_file()
def agreements_counties_csv(visit: Visit) -> Rows:
    """The counties in which any agency holds an agreement, and what no county is told of."""
    return Rows("287g-counties", COUNTY_HEADINGS, county_rows(visit.record))


@page("observatory/agreements/changes.html")
def agreements_changes(visit: Visit, by: str = "") -> Context:
    """What is new, ended or changed in a list (the newest, where none is named)."""
    days = lists(visit.record)
    day = next((one for one in days[:-1] if not by or one.isoformat() == by), None)
    if by and day is None:
        raise Http404("There is no list of that day with one before it.")
    happened = [one for one in history(visit.record) if one.by == day]
    return {
        "heading": say(visit.language, "agreements.changes_heading", day=day or ""),
        "after": happened[0].after if happened else None,
        "events": [(event, [one for one in happened if one.event == event]) for event in EVENTS],
        "others": [one for one in days[:-1] if one != day],
        "by_state": Counter(one.state for one in happened if one.event == "new").most_common(),
    }


@page("observatory/agreements/state.html")
def agreements_state(visit: Visit, state: str) -> Context:
    """The agencies of a state, what they hold and held, and how that came."""
    code = _state(visit, state)
    rows = [one for one in agencies(visit.record).values() if one.state == code]
    happened = [one for one in history(visit.record) if one.state == code]
    return {
        "state": by_state(visit.record)[code],
        "active": [one for one in rows if one.active],
        "parts": [
            (number, part[0].name, part[-1].name)
            for number, part in enumerate(parts_of(visit.record, code), start=1)
        ],
        "gone": [one for one in rows if not one.active],
        "counts": _from_list_to_list(visit.record, code) if rows else [],
        **_people(visit.record, rows),
        "happened": [one for one in happened if one.event != "new"],
        "new": sum(one.event == "new" for one in happened),
        "has_facilities": any(one.state == code for one in facilities(visit.record).values()),
    }


def _from_list_to_list(record: PublicRecord, code: str) -> list[dict[str, object]]:
    """What each list has of a state, the newest first; 0 where a list has none of it."""
    every = record.table("agreement_counts").to_pylist()
    nothing = {"agreements": 0, "agencies": 0, "sheet": None, "row": None, "last_row": None}
    listed = {
        row["published"]: {"published": row["published"], "source": row["source"], **nothing}
        for row in every
    }
    listed |= {
        row["published"]: row for row in every if row["by"] == "state" and row["value"] == code
    }
    return [listed[day] for day in sorted(listed, reverse=True)]


@page("observatory/agreements/agency.html")
def agency(visit: Visit, agency: str) -> Context:
    """One agency: its agreements, what became of them, who lives there, drafts to take along."""
    row = _agency(visit, agency)
    number = row.place.number if row.place else None
    every = facilities(visit.record).values()
    return {
        "agency": row,
        "people_day": _people_day(visit.record, row.population_source),
        "happened": [one for one in history(visit.record) if one.agency == row.id],
        "neighbours": [
            one
            for one in agencies(visit.record).values()
            if number
            and one.active
            and one.id != row.id
            and one.place
            and one.place.number == number
        ],
        "facilities": [one for one in every if number and number in one.county_numbers],
    }


@csv_file(asks=("state",))
def agreements_csv(visit: Visit) -> Rows:
    """Every agreement of every list, or those of a state."""
    state = visit.asked.get("state", "").upper()
    rows = [
        _line(held, one)
        for one in agencies(visit.record).values()
        if not state or one.state == state
        for held in one.agreements
    ]
    return Rows(f"287g-agreements{f'-{state}' if state else ''}", _AGREEMENT_HEADINGS, rows)


@csv_file(asks=("state",))
def agreements_history_csv(visit: Visit) -> Rows:
    """What became of every agreement from list to list, or of those of a state."""
    state = visit.asked.get("state", "").upper()
    rows = [
        [getattr(one, name) for name in _HISTORY_HEADINGS]
        for one in history(visit.record)
        if not state or one.state == state
    ]
    return Rows(f"287g-history{f'-{state}' if state else ''}", _HISTORY_HEADINGS, rows)


@csv_file()
def agreements_people_csv(visit: Visit) -> Rows:
    """The counties whose own agency holds an agreement, with their people."""
    headings = ("state", "county", "fips", "people", "people_source", "people_row", "agencies")
    counted: dict[tuple[str, str | None], list[Agency]] = {}
    for one in agencies(visit.record).values():
        if one.active and one.agency_type == "county":
            counted.setdefault((one.state, one.county_number or one.county), []).append(one)
    rows = [
        (
            *(state, own[0].county, own[0].county_number, own[0].population),
            *(own[0].population_source, own[0].population_row, "|".join(one.id for one in own)),
        )
        for (state, _), own in counted.items()
    ]
    return Rows("287g-people-by-county", headings, rows)


def _people(record: PublicRecord, rows: Iterable[Agency]) -> Context:
    """Who lives under an agreement of these agencies, and where the number is from."""
    every = list(rows)
    source = next((one.population_source for one in every if one.population_source), None)
    told = {"people_source": source, "people_day": _people_day(record, source)}
    return {"people": people_under(every), **told}


def _people_day(record: PublicRecord, source: str | None) -> date | None:
    return record.sources[source].data_as_of if source in record.sources else None


def _line(held: Held, of: Agency) -> list[object]:
    told = {name: getattr(held, name) for name in _AGREEMENT_HEADINGS}
    yes_no = "yes" if held.active else "no"
    return list({**told, "active": yes_no, "county": held.county or of.county}.values())


def _state(visit: Visit, state: str) -> str:
    code = state.upper()
    if code not in by_state(visit.record):
        raise Http404("There is no such state.")
    return code


def _agency(visit: Visit, agency: str) -> Agency:
    row = agencies(visit.record).get(agency)
    if row is None:
        raise Http404("The record has no such agency.")
    return row
