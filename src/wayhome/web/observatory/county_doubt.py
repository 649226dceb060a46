"""Counties in doubt: told by a row that has the facility elsewhere than the newest row does, or
not the county of its ZIP code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wayhome.programs.facilities.registry.spelling import are_cities_alike
from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.maps.places import (
    County,
    counties,
    county_named,
    county_of_zip,
    plain,
)

_FIELDS = ("county", "state", "zip", "city")
_Rows = Sequence[Mapping[str, Any]]
# How names of facilities write that the words before are a county.
_KIND = re.compile(r"\b(?:county|co|cnty|parish)\b")


@dataclass(frozen=True)
class Doubt:
    """Why a county is in doubt: the row that tells it says `told` of the `field` (zip or city),
    the newest row `newest`; or, `field` being county, it tells the county `told`, in which the
    middle of the `newest` ZIP code does not lie. `elsewhere`: the county in which that does, None
    if not known."""

    field: str
    told: str
    newest: str
    source: str
    sheet: str | None
    row: int | None
    zip: str | None
    elsewhere: County | None

    @property
    def county_number(self) -> str | None:
        """The number of the county in which it may be; None where that is not known."""
        return self.elsewhere.number if self.elsewhere else None

    @property
    def county(self) -> str | None:
        return self.elsewhere.name if self.elsewhere else None

    @property
    def state(self) -> str | None:
        return self.elsewhere.state if self.elsewhere else None


@lru_cache(maxsize=2)
def doubts(record: PublicRecord) -> Mapping[str, Doubt]:
    """The counties in doubt, by the id of the facility."""
    table = record.table("facility_fields")
    told = table.filter(pc.is_in(table["field"], value_set=pa.array(_FIELDS))).to_pylist()
    told.sort(key=lambda row: row["on"] or date.min, reverse=True)
    by_field: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in told:
        by_field[row["facility"]][row["field"]].append(row)
    best = {row["facility"]: row for row in record.table("facilities").to_pylist()}
    found = ((facility, _doubt(fields, best[facility])) for facility, fields in by_field.items())
    return {facility: doubt for facility, doubt in found if doubt}


def _doubt(fields: Mapping[str, _Rows], best: Mapping[str, Any]) -> Doubt | None:
    """None too where the newest ZIP code lies in the very county that is told."""
    rows = fields.get("county", ())
    if not rows:
        return None
    newest = {name: fields[name][0]["value"] for name in _FIELDS if fields.get(name)}
    place, elsewhere = rows[0], county_of_zip(newest.get("zip"))
    county = counties().get(best["county_fips"] or "")
    county = county or county_named(newest.get("state"), place["value"])
    if elsewhere and elsewhere == county:
        return None
    at = (place["source"], place["sheet"], place["row"])
    for field, told in _told_beside(fields, place):
        if _differ(field, told, newest[field]):
            return Doubt(field, told, newest[field], *at, newest.get("zip"), elsewhere)
    if county and elsewhere and _is_against(county, elsewhere, best["name"]):
        return Doubt("county", place["value"], newest["zip"], *at, newest["zip"], elsewhere)
    return None


def _is_against(county: County, of_zip: County, name: str) -> bool:
    """Whether the county of the ZIP code speaks against the one told: not where the facility's own
    name has that one, nor where the ZIP code is of another state, which is then what is wrong. A
    city of Virginia may have the name of a county elsewhere: `ROANOKE` may be either."""
    if of_zip.state != county.state or plain(of_zip.name) == plain(county.name):
        return False
    return not has_in_name(county, name)


def has_in_name(county: County, name: str) -> bool:
    """Whether the name of a facility has a county, also misspelt: `MARSHAL COUNTY JAIL`."""
    kind = _KIND.search(name.lower())
    words = name[: kind.start()].split() if kind else []
    ends = (" ".join(words[start:]) for start in range(len(words)))
    return any(
        plain(end) == plain(county.name) or are_cities_alike(end, county.name) for end in ends
    )


def _told_beside(
    fields: Mapping[str, _Rows], place: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The ZIP code and the city of the row that tells the county."""
    for field in ("zip", "city"):
        for row in fields.get(field, ()):
            if all(row[name] == place[name] for name in ("source", "sheet", "row")):
                yield field, row["value"]


def _differ(field: str, one: str, other: str) -> bool:
    return one[:5] != other[:5] if field == "zip" else not are_cities_alike(one, other)
