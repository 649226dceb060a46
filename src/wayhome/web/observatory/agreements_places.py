"""In which county an agency with an agreement is, and which counties a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wayhome.sources.agreements.meanings import state_name
from wayhome.sources.agreements.printed_counties import county_meant
from wayhome.web.observatory.counties_asked import counties_asked
from wayhome.web.observatory.maps.places import County, counties, county_named, county_of_zip

_ZIP = re.compile(r"\s*(\d{5})(?:-?\d{4})?\s*")


def place_of(row: Mapping[str, Any]) -> County | None:
    """The county of a row of `agencies`; None where no county is told, or none that there is."""
    state, printed = row["state"], row["county"]
    return (
        counties().get(row["county_fips"] or "")
        or county_named(state, printed)
        or county_named(state, county_meant(state, printed))
    )


@dataclass(frozen=True)
class AskedZip:
    """A ZIP code that was asked for, and the county in which the middle of its area lies; what is
    of the county is None where that is not known."""

    code: str
    county_number: str | None = None
    county: str | None = None
    state: str | None = None
    state_name: str | None = None


def zip_asked(asked: str) -> AskedZip | None:
    """The ZIP code that a question is; None where it is something else."""
    match = _ZIP.fullmatch(asked)
    if match is None:
        return None
    county = county_of_zip(match[1])
    if county is None:
        return AskedZip(match[1])
    return AskedZip(match[1], county.number, county.name, county.state, state_name(county.state))


def places_asked(asked: str, state: str = "") -> Sequence[County]:
    """The counties that a question names, or in which the ZIP code lies that it is.

    `state`: the one that was chosen."""
    code = zip_asked(asked)
    if code is None:
        return counties_asked(asked, state)
    number = code.county_number
    return [counties()[number]] if number and state in ("", code.state) else []
