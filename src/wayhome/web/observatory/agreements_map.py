"""The map of agreements: states by agreements in force, counties by agencies that hold one."""

from __future__ import annotations

from collections import Counter, defaultdict

from wayhome.public_record.record import PublicRecord
from wayhome.sources.agreements.meanings import state_name
from wayhome.web.observatory.agreements import Agency, agencies, by_state, lists
from wayhome.web.observatory.frame import address
from wayhome.web.observatory.maps.beside import Beside, Named, shown
from wayhome.web.observatory.maps.drawing import CountryMap, Spot, StateValue
from wayhome.web.observatory.maps.places import County, states
from wayhome.web.observatory.wording import day, say

MAP_HEADINGS = (
    *("by", "state", "state_name", "county", "fips", "agreements", "agencies", "agency_ids"),
    "source",
)


def agreements_map(record: PublicRecord, language: str) -> CountryMap:
    """The newest list: a shade a state, a circle a county; the same numbers stand in the table."""
    days = lists(record)
    when = day(language, days[0]) if days else ""
    sources = [one for one in record.sources.values() if one.publication == "agreements"]
    invented = any(one.synthetic for one in sources)
    beside = [one.text for one in not_on_the_map(record, language)]
    return CountryMap(
        map_id="agreements",
        title=say(language, "agreements.map_title", day=when),
        description=" ".join((say(language, "agreements.map_description"), *beside)),
        states={
            code: StateValue(
                one.agreements,
                say(language, "agreements.map_state", name=one.name, count=one.agreements),
                address("observatory_agreements_state", language, state=code.lower()),
            )
            for code, one in by_state(record).items()
            if code in states()
        },
        spots=_spots(record, language),
        synthetic_mark=say(language, "frame.synthetic_mark") if invented else "",
    )


def not_on_the_map(record: PublicRecord, language: str) -> list[Beside]:
    """States without an outline, and agencies in force that have no circle, by their state."""
    undrawn = [
        _named(code, one.agreements, "map_count", language)
        for code, one in by_state(record).items()
        if code not in states() and one.agreements
    ]
    lost = Counter(
        one.state
        for one in agencies(record).values()
        if one.active and not one.place and one.agency_type != "state"
    )
    places = [
        _named(code, lost[code], "map_agencies", language)
        for code in by_state(record)
        if lost[code]
    ]
    return shown(
        Beside(say(language, "agreements.beside_states"), undrawn),
        Beside(say(language, "agreements.beside", count=lost.total()), places),
    )


def _named(code: str, count: int, words: str, language: str) -> Named:
    to = address("observatory_agreements_state", language, state=code.lower())
    return Named(state_name(code), to, say(language, f"agreements.{words}", count=count))


def map_rows(record: PublicRecord) -> list[tuple[object, ...]]:
    """The numbers of the map (MAP_HEADINGS): each state, then its counties, and last its agencies
    without a circle. The rows of a state's counties and of those without one add up to its own."""
    in_force = [one for one in agencies(record).values() if one.active]
    groups: dict[tuple[str, County | None], list[Agency]] = defaultdict(list)
    for one in in_force:
        groups[one.state, _circle(one)].append(one)
    rows = []
    for code, state in by_state(record).items():
        own = [one for one in in_force if one.state == code]
        rows.append(("state", code, state.name, None, None, *_counted(own)))
        places = [(county, held) for (of, county), held in groups.items() if of == code]
        for county, held in sorted(places, key=lambda one: one[0].name if one[0] else "~"):
            by = "county" if county else "state agency, or county not known"
            named = (county.name, county.number) if county else (None, None)
            rows.append((by, code, state.name, *named, *_counted(held)))
    return rows


def _counted(rows: list[Agency]) -> tuple[object, ...]:
    """Agreements, agencies, which, and the list that they stand in."""
    held = [one for row in rows for one in row.agreements if one.active]
    sources = sorted({one.source for one in held})
    agreements = sum(len(row.models) for row in rows)
    return agreements, len(rows), "|".join(row.id for row in rows), "|".join(sources)


def _circle(agency: Agency) -> County | None:
    """The county in whose circle an agency is counted: none of a state's own, or of none known."""
    return None if agency.agency_type == "state" else agency.place


def _spots(record: PublicRecord, language: str) -> list[Spot]:
    held: dict[County, list[Agency]] = defaultdict(list)
    for one in agencies(record).values():
        if one.active and (circle := _circle(one)):
            held[circle].append(one)
    return [_spot(county, rows, language) for county, rows in held.items()]


def _spot(county: County, rows: list[Agency], language: str) -> Spot:
    names = "; ".join(row.name for row in rows)
    text = f"{county.name}, {county.state}: {names}"
    to = (
        address("observatory_agency", language, agency=rows[0].id)
        if len(rows) == 1
        else f"{address('observatory_agreements_state', language, state=county.state.lower())}"
        f"#{county.number}"
    )
    return Spot(county.x, county.y, len(rows), text, to)
