"""Facilities by state: how many, with how many people, and which cannot be found by a county."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.counting import ICE, MIDNIGHT
from wayhome.web.observatory.facilities import UNKNOWN, FacilityRow, facilities, state_name
from wayhome.web.observatory.maps.places import states

_SUMMED = (ICE, MIDNIGHT)


@dataclass(frozen=True)
class StateRow:
    """The facilities of a state. `people`: the sum of the newest averages of those with people,
    of which so many are ICE's own averages, so many at midnight, so many counted otherwise."""

    code: str
    name: str
    people: float
    facilities: int
    with_people: int
    under_half: int
    people_ice: float
    people_midnight: float
    people_otherwise: float


@lru_cache(maxsize=2)
def by_state(record: PublicRecord) -> Mapping[str, StateRow]:
    """Every state of the map or of a facility, by its code, in order of names."""
    grouped: dict[str, list[FacilityRow]] = defaultdict(list)
    for row in facilities(record).values():
        grouped[row.state or ""].append(row)
    codes = sorted({*states(), *filter(str.isalpha, grouped)}, key=state_name)
    return {code: _state_row(code, grouped[code]) for code in codes}


@lru_cache(maxsize=2)
def without_county(record: PublicRecord) -> Mapping[str, int]:
    """How many facilities of each state have no known county, the unknown state last."""
    rows = [row for row in facilities(record).values() if row.county_number is None]
    counted = Counter(row.state or UNKNOWN for row in rows)
    codes = sorted(counted, key=lambda code: (code == UNKNOWN, state_name(code)))
    return {code: counted[code] for code in codes}


def _sum(rows: Iterable[FacilityRow]) -> float:
    return round(sum(row.population or 0 for row in rows), 4)


def _state_row(code: str, rows: Sequence[FacilityRow]) -> StateRow:
    held = [row for row in rows if row.has_people and row.population is not None]
    ice, midnight = (_sum(row for row in held if row.way == way) for way in _SUMMED)
    people = _sum(held)
    return StateRow(
        code=code,
        name=state_name(code),
        people=people,
        facilities=len(rows),
        with_people=sum(row.has_people for row in rows),
        under_half=sum(row.is_under_half for row in rows),
        people_ice=ice,
        people_midnight=midnight,
        people_otherwise=_sum(row for row in held if row.way not in _SUMMED),
    )
