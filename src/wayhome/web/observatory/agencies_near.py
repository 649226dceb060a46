"""Agencies with a 287(g) agreement beside facilities: by county and state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agreements_places import place_of
from wayhome.web.observatory.facilities import state_name
from wayhome.web.observatory.maps.places import counties


@dataclass(frozen=True)
class AgencyRow:
    """An agency with an agreement; `county_number` None where its county is not known."""

    id: str
    name: str
    state: str
    county: str | None
    county_number: str | None
    agency_type: str | None
    active: int
    models: tuple[str, ...]


@lru_cache(maxsize=2)
def agencies(record: PublicRecord) -> tuple[AgencyRow, ...]:
    """Every agency that any list has, by state and name."""
    rows = [_agency(row) for row in record.table("agencies").to_pylist()]
    return tuple(sorted(rows, key=lambda row: (state_name(row.state), row.name)))


def _agency(row: Mapping[str, Any]) -> AgencyRow:
    county = place_of(row)
    return AgencyRow(
        id=row["agency"],
        name=row["name"],
        state=row["state"],
        county=row["county"],
        county_number=county.number if county else None,
        agency_type=row["agency_type"],
        active=row["active"] or 0,
        models=tuple(filter(None, (row["models"] or "").split("|"))),
    )


def agencies_in(record: PublicRecord, county_number: str | None) -> list[AgencyRow]:
    """The agencies of a county that hold an agreement now."""
    if county_number is None:
        return []
    return [row for row in agencies(record) if row.active and row.county_number == county_number]


def untold_in(record: PublicRecord, states: Collection[str]) -> int:
    """How many agreements in force in these states tell no county, or none that their state has."""
    rows = (row for row in agencies(record) if row.state in states and row.county_number is None)
    return sum(len(row.models) for row in rows if row.active)


def untold_beside(record: PublicRecord, county_number: str | None) -> int:
    """How many such agreements there are in the state of a county."""
    county = counties().get(county_number or "")
    return untold_in(record, {county.state}) if county else 0
