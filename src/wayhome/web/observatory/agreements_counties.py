"""In how many counties any agency holds an agreement, and which agreements tell no county."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wayhome.public_record.record import PublicRecord
from wayhome.sources.agreements.meanings import state_name
from wayhome.web.observatory.agreements import Agency, agencies
from wayhome.web.observatory.maps.places import County, counties

# Their municipalities and islands are none of the counties that are counted.
TERRITORIES = frozenset(("AS", "GU", "MP", "PR", "VI"))
COUNTY_HEADINGS = (
    *("state", "state_name", "county", "fips", "agreements", "agencies", "of_county"),
    *("of_city_or_town", "of_state", "of_other", "agency_ids", "sources"),
)
_KINDS = ("county", "municipality", "state")


@dataclass(frozen=True)
class Counted:
    """Counties of the states and the District (`every`), and those with an agreement.

    `state_only`: those in which it is held by nobody but an agency of the state that the list puts
    there. The others count what no county is told of, or none that the state has: agreements,
    their agencies, and how many of these are of a state."""

    with_agreement: int
    every: int
    state_only: int
    agreements_without: int
    agencies_without: int
    states_without: int


def counted(record: PublicRecord) -> Counted:
    """Counted by the newest list, agencies of every kind."""
    held = {place: own for place, own in _by_county(record).items() if _is_counted(place)}
    lost = [one for one in agencies(record).values() if one.active and not one.place]
    return Counted(
        with_agreement=len(held),
        every=sum(_is_counted(place) for place in counties().values()),
        state_only=sum({one.agency_type for one in own} == {"state"} for own in held.values()),
        agreements_without=sum(len(one.models) for one in lost),
        agencies_without=len(lost),
        states_without=sum(one.agency_type == "state" for one in lost),
    )


def county_rows(record: PublicRecord) -> list[tuple[object, ...]]:
    """A row a county with an agreement (COUNTY_HEADINGS), and last one a state for its agencies of
    which no county is known: all rows add up to the agreements in force."""
    lost: dict[str, list[Agency]] = defaultdict(list)
    for one in agencies(record).values():
        if one.active and not one.place:
            lost[one.state].append(one)
    places = sorted(_by_county(record).items(), key=lambda item: (item[0].state, item[0].name))
    rows = [_row(place.state, place.name, place.number, own) for place, own in places]
    return [*rows, *(_row(state, None, None, own) for state, own in sorted(lost.items()))]


def _row(
    state: str, county: str | None, number: str | None, own: Sequence[Agency]
) -> tuple[object, ...]:
    kinds = Counter(one.agency_type if one.agency_type in _KINDS else "other" for one in own)
    sources = sorted({held.source for one in own for held in one.agreements if held.active})
    return (
        *(state, state_name(state), county, number),
        *(sum(len(one.models) for one in own), len(own)),
        *(kinds[kind] for kind in (*_KINDS, "other")),
        *("|".join(one.id for one in own), "|".join(sources)),
    )


def _by_county(record: PublicRecord) -> dict[County, list[Agency]]:
    held: dict[County, list[Agency]] = defaultdict(list)
    for one in agencies(record).values():
        if one.active and one.place:
            held[one.place].append(one)
    return held


def _is_counted(place: County) -> bool:
    return place.state not in TERRITORIES
