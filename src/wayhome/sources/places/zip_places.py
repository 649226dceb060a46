"""Where a ZIP code is: the Census Bureau's point inside its ZIP Code Tabulation Area."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt

SOURCE = "U.S. Census Bureau, 2023 Gazetteer Files, ZIP Code Tabulation Areas"
# The mean radius of the earth.
_RADIUS_MILES = 3958.8


@dataclass(frozen=True)
class Place:
    """A point in degrees, north and east positive."""

    latitude: float
    longitude: float


def place_of_zip(zip_code: str | None) -> Place | None:
    """The place of a ZIP code of five digits (a ZIP+4 too); None where it is not known.

    Known are the 33,791 ZIP codes that are an area. One of a post office box, a single building or
    a military address is not, and neither is the code of another that stands near it.
    """
    return _places().get(zip_code.strip()[:5]) if zip_code else None


def miles_between(one: Place | None, other: Place | None) -> float | None:
    """Great-circle miles; None where either place is not known. A road is longer."""
    if one is None or other is None:
        return None
    north, east = (radians(other.latitude - one.latitude), radians(other.longitude - one.longitude))
    across = cos(radians(one.latitude)) * cos(radians(other.latitude))
    part = sin(north / 2) ** 2 + across * sin(east / 2) ** 2
    return 2 * _RADIUS_MILES * asin(min(1.0, sqrt(part)))


@cache
def _places() -> dict[str, Place]:
    text = resources.files(__package__).joinpath("zip_places.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["zip"]: Place(float(r["latitude"]), float(r["longitude"])) for r in rows}
