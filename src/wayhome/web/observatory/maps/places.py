"""Where states, counties and ZIP codes lie on the map; the tables are from the Census Bureau.

See `draw_places.py`, which made them, and README.md. Units: those of the map (975 by 640).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wayhome.sources.places.zip_places import place_of_zip
from wayhome.web.observatory.maps.projection import HEIGHT, WIDTH, on_the_map

HERE = Path(__file__).parent


@dataclass(frozen=True)
class State:
    """A state or territory: its outline as an SVG path, the middle of its largest part."""

    code: str
    name: str
    x: int
    y: int
    path: str


@dataclass(frozen=True)
class County:
    """A county (parish, borough, municipality): its number (FIPS), its middle."""

    number: str
    state: str
    name: str
    x: int
    y: int


@cache
def states() -> Mapping[str, State]:
    """States, the District and five territories, by their two letters, in order of their names."""
    with (HERE / "states.csv").open(encoding="utf-8", newline="") as file:
        found = [
            State(row["code"], row["name"], int(row["x"]), int(row["y"]), row["path"])
            for row in csv.DictReader(file)
        ]
    return {state.code: state for state in sorted(found, key=lambda one: one.name)}


@cache
def counties() -> Mapping[str, County]:
    """Counties by their number."""
    with (HERE / "counties.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["number"]: County(
                row["number"], row["state"], row["name"], int(row["x"]), int(row["y"])
            )
            for row in csv.DictReader(file)
        }


@cache
def _zips() -> Mapping[str, str]:
    text = gzip.decompress((HERE / "zip_counties.csv.gz").read_bytes()).decode()
    return dict(line.split(",") for line in text.splitlines()[1:])


def county_of_zip(zip_code: str | None) -> County | None:
    """The county in which the middle of a ZIP code's area lies; None where that is not known."""
    number = _zips().get(zip_code.strip()[:5]) if zip_code else None
    return counties()[number] if number else None


def spot_of_zip(zip_code: str | None) -> tuple[float, float] | None:
    """Where a ZIP code is on the map; None where that is not known, or beside the sheet."""
    county, place = county_of_zip(zip_code), place_of_zip(zip_code)
    if county is None or place is None:
        return None
    x, y = on_the_map(county.number[:2], place.longitude, place.latitude)
    return (x, y) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT else None


@cache
def _by_name() -> Mapping[tuple[str, str], County]:
    found: dict[tuple[str, str], County] = {}
    for county in counties().values():
        # Where a city has the name of its county (Virginia), the county is meant.
        found.setdefault((county.state, plain(county.name)), county)
    return found


_KINDS = re.compile(r"\b(county|parish|borough|municipio|municipality|census area)\b")


def plain(name: str) -> str:
    """A name of a county as it is compared: no kind, no signs, St. for Saint."""
    words = _KINDS.sub(" ", name.lower().replace(".", " ").replace("saint ", "st "))
    return re.sub(r"[^a-z0-9ñáéíóúü]+", "", words)


def county_named(state: str | None, name: str | None) -> County | None:
    """The county of a state by its name, as sources write it; None where there is none."""
    if not state or not name:
        return None
    return _by_name().get((state, plain(name)))
