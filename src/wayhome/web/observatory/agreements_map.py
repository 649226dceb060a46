"""The map of agreements: states by agreements in force, counties by agencies that hold one."""

from __future__ import annotations

from collections import defaultdict

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agreements import Agency, agencies, by_state, lists
from wayhome.web.observatory.frame import address
from wayhome.web.observatory.maps.drawing import CountryMap, Spot, StateValue
from wayhome.web.observatory.maps.places import County, states
from wayhome.web.observatory.wording import day, say


def agreements_map(record: PublicRecord, language: str) -> CountryMap:
    """The newest list: a shade a state, a circle a county; the same numbers stand in the table."""
    days = lists(record)
    when = day(language, days[0]) if days else ""
    sources = [one for one in record.sources.values() if one.publication == "agreements"]
    invented = any(one.synthetic for one in sources)
    return CountryMap(
        map_id="agreements",
        title=say(language, "agreements.map_title", day=when),
        description=say(language, "agreements.map_description"),
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


def _spots(record: PublicRecord, language: str) -> list[Spot]:
    held: dict[County, list[Agency]] = defaultdict(list)
    for one in agencies(record).values():
        if one.active and one.place and one.agency_type != "state":
            held[one.place].append(one)
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
