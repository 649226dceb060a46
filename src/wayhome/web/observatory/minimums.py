"""The guaranteed minimum of a facility: of which day it is, and whether it is still told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow.compute as pc

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.traces import day_of_facilities

_WORKBOOKS = "detention_stats"


@dataclass(frozen=True)
class Minimum:
    """Of which day the newest guaranteed minimum of a facility is.

    Where that is not of ICE's newest workbook, `newest` is the day of the workbook, and
    `is_listed`: whether the facility is in it, its cell then being blank."""

    on: date | None
    newest: date | None = None
    is_listed: bool = False


@dataclass(frozen=True)
class Workbook:
    """A workbook of ICE's statistics, and the day of its list of facilities."""

    source: str
    day: date


@lru_cache(maxsize=2)
def minimums(record: PublicRecord) -> Mapping[str, Minimum]:
    """By facility; one of which no source tells a guaranteed minimum is not in it."""
    table = record.table("facility_fields")
    told = table.filter(pc.equal(table["field"], "guaranteed_minimum")).to_pylist()
    told.sort(key=lambda row: row["on"] or date.min)
    last = {row["facility"]: row for row in told}
    workbook = _newest_workbook(record)
    listed = _listed(record, workbook)
    return {
        facility: _minimum(row["source"], row["on"], workbook, facility in listed)
        for facility, row in last.items()
    }


def _minimum(source: str, on: date | None, workbook: Workbook | None, is_listed: bool) -> Minimum:
    if workbook is None or source == workbook.source or (on or date.min) >= workbook.day:
        return Minimum(on)
    return Minimum(on, workbook.day, is_listed)


def _newest_workbook(record: PublicRecord) -> Workbook | None:
    workbooks = [one.id for one in record.sources.values() if one.publication == _WORKBOOKS]
    days = ((one, day_of_facilities(record, one)) for one in workbooks)
    told = [Workbook(one, day) for one, day in days if day]
    return max(told, key=lambda one: one.day, default=None)


def _listed(record: PublicRecord, workbook: Workbook | None) -> set[str]:
    table = record.table("facility_fields")
    if workbook is None:
        return set()
    return set(table.filter(pc.equal(table["source"], workbook.source))["facility"].to_pylist())
