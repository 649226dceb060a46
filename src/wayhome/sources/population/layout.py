"""The columns of the daily files and of the list of facilities, by what their headings say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wayhome.sources.eoir.release import ReleaseProblem

# Field of the table, and the headings that mean it (their letters and digits alone).
DAILY: Mapping[str, tuple[str, ...]] = {
    "facility": ("detentionfacilitycode", "facilitycode", "detloc", "code"),
    "day": ("date", "day"),
    "people": ("ndetained", "n", "headcount", "people", "population"),
    "at_midnight": ("ndetainedatmidnight", "midnight"),
    "male": ("ndetainedmale", "male"),
    "female": ("ndetainedfemale", "female"),
    "convicted": ("ndetainedconvictedcriminal", "convictedcriminal"),
    "possibly_under_18": ("ndetainedpossiblyunder18", "possiblyunder18"),
    "name": ("detentionfacility", "facilityname", "name"),
}
NEEDED_DAILY = ("facility", "day", "people")
COUNTS = ("people", "at_midnight", "male", "female", "convicted", "possibly_under_18")

FACILITIES: Mapping[str, tuple[str, ...]] = {
    "facility": ("detloc", "detentionfacilitycode", "facilitycode"),
    "name": ("name", "facilityname"),
    "address": ("address",),
    "city": ("city",),
    "county": ("county",),
    "state": ("state",),
    "zip": ("zip", "zipcode"),
    "circuit": ("circuit",),
    "field_office": ("aor", "fieldoffice"),
    "docket": ("docket",),
    "type": ("type",),
    "type_detailed": ("typedetailed",),
    "authority": ("authorizingauthority",),
    "capacity": ("capacity",),
    "guaranteed_minimum": ("guaranteedminimum",),
    "last_use": ("dateoflastuse", "lastuse"),
    "first_use": ("dateoffirstuse", "firstuse"),
    "over_72_hours": ("over72",),
    "authorized_by_dmcp": ("dmcpauth",),
}
NEEDED_FACILITIES = ("facility", "name", "address", "state")
NUMBERS = ("capacity", "guaranteed_minimum")
DAYS = ("last_use", "first_use")
YES_OR_NO = ("over_72_hours", "authorized_by_dmcp")


@dataclass(frozen=True)
class FileLayout:
    """Which column of a file (from 0) holds which field; `strange` are of no known meaning."""

    is_daily: bool
    columns: Mapping[str, int]
    strange: tuple[str, ...]


def layout_of(file: str, headings: Sequence[str]) -> FileLayout:
    """What a file is by its headings. Raises ReleaseProblem when it is neither of the two."""
    facilities = _columns(headings, FACILITIES)
    daily = _columns(headings, DAILY)
    if set(NEEDED_FACILITIES) <= set(facilities):
        return _layout(False, facilities, headings)
    if set(NEEDED_DAILY) <= set(daily):
        return _layout(True, daily, headings)
    raise ReleaseProblem(
        f"{file} is neither a daily population nor a list of facilities: looked for headings such "
        "as detention_facility_code, date and n_detained (or n), or detloc, name, address and "
        f"state, and met {', '.join(headings) or 'none'}."
    )


def _columns(headings: Sequence[str], meanings: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z0-9]", "", heading.casefold()) for heading in headings]
    found: dict[str, int] = {}
    for field, names in meanings.items():
        named = [name for name in names if name in plain]
        if named:
            found[field] = plain.index(named[0])
    return found


def _layout(is_daily: bool, columns: dict[str, int], headings: Sequence[str]) -> FileLayout:
    known = set(columns.values())
    strange = tuple(name for place, name in enumerate(headings) if place not in known)
    return FileLayout(is_daily, columns, strange)
