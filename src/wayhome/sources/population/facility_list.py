"""ICE's list of facilities of November 2017: codes, places, contracts, capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from wayhome.sources.detention_stats.values import count_of, day_of, text_of, zip_of
from wayhome.sources.population.files import RawFile
from wayhome.sources.population.layout import DAYS, FACILITIES, NUMBERS, YES_OR_NO

_TYPES = (
    dict.fromkeys(NUMBERS, pa.float64())
    | dict.fromkeys(DAYS, pa.date32())
    | dict.fromkeys(YES_OR_NO, pa.bool_())
)
SCHEMA = pa.schema(
    [("row", pa.int64()), *((field, _TYPES.get(field, pa.string())) for field in FACILITIES)]
)
TRUTH: Mapping[str, bool] = {"true": True, "t": True, "false": False, "f": False}


@dataclass(frozen=True)
class FacilityList:
    """The facilities; a column that the file does not have is null. `told` is what a person should
    know, a sentence each."""

    raw: RawFile
    table: pa.Table
    told: tuple[str, ...]
    set_aside: tuple[tuple[int, str, str], ...]

    @property
    def rows(self) -> int:
        return len(self.set_aside) + int(self.table.num_rows)


def read_facility_list(raw: RawFile) -> FacilityList:
    """Read the list; a cell that cannot be read is null and told."""
    told: list[str] = []
    set_aside = list(raw.bad)
    facilities: list[dict[str, object]] = []
    at: defaultdict[str, list[int]] = defaultdict(list)
    for said in raw.table.to_pylist():
        row: int = said["row"]
        facility = {name: _value(name, said.get(name), row, told) for name in FACILITIES}
        if not facility["facility"]:
            set_aside.append((row, "it has no code of a facility", str(facility["name"] or "")))
            continue
        at[str(facility["facility"])].append(row)
        facilities.append({"row": row, **facility})
    told += [
        f"{code} is there in rows {' and '.join(map(str, rows))}: all are kept."
        for code, rows in at.items()
        if len(rows) > 1
    ]
    table = pa.Table.from_pylist(facilities, schema=SCHEMA)
    return FacilityList(raw, table, tuple(told), tuple(sorted(set_aside)))


def _value(field: str, said: str | None, row: int, told: list[str]) -> object:
    text = text_of(said)
    if text is None or field in YES_OR_NO:
        return TRUTH.get((text or "").casefold())
    try:
        if field == "zip":
            return zip_of(int(text) if text.isdecimal() else text)
        return count_of(text) if field in NUMBERS else day_of(text) if field in DAYS else text
    except ValueError as error:
        told.append(f"row {row}, {field}: {text!r} is there; {error}. It is left unknown.")
        return None
