"""The closing plan of the record: its cases, how good each is, its days, its facilities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.maps.places import spot_of_zip

TABLES = {
    "facilities": "closing_plan",
    "days": "closing_plan_daily",
    "facility-days": "closing_plan_daily_facilities",
    "moves": "closing_plan_moves",
    "transfers": "closing_plan_transfers",
    "summary": "closing_plan_summary",
}
# Fields of a facility, and the numbers of the plan that are made of them, rounded up.
_PRINTED = {"population": "people", "guaranteed_minimum": "guaranteed_minimum"}
_TRANSFERS = "by_transfers_instead."
_AIM_FIELDS = ("value", "bound", "gap", "unit", "status")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Aim:
    """An aim of the plan: what it came to, what no plan can be below, the gap between the two."""

    name: str
    unit: str
    value: float | None
    bound: float | None
    gap: float | None


@dataclass(frozen=True)
class Summary:
    """What a case comes to: single numbers, sentences, aims in their order, transfers instead."""

    numbers: Mapping[str, float]
    texts: Mapping[str, Sequence[str]]
    aims: Sequence[Aim]
    transfers: Mapping[str, float]


def cases(record: PublicRecord) -> list[str]:
    """The cases of the plan, in the order of the record; none where there is no plan."""
    return list(dict.fromkeys(record.table("closing_plan")["case"].to_pylist()))


def summary_of(record: PublicRecord, case: str) -> Summary:
    """What a case comes to, with what was assumed of all cases."""
    table = record.table("closing_plan_summary")
    of_case = pc.or_kleene(pc.equal(table["case"], case), pc.is_null(table["case"]))
    numbers: dict[str, float] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    aims: dict[str, dict[str, Any]] = defaultdict(dict)
    transfers: dict[str, float] = {}
    for row in table.filter(of_case).to_pylist():
        name, value = row["name"], row["value"]
        if name.startswith("aims."):
            aim, _, part = name.removeprefix("aims.").rpartition(".")
            aims[aim][part] = row["text"] if value is None else value
        elif value is None:
            texts[name].append(row["text"] or "")
        elif name.startswith(_TRANSFERS):
            transfers[name.removeprefix(_TRANSFERS)] = value
        else:
            numbers[name] = value
    return Summary(numbers, dict(texts), [_aim(*one) for one in aims.items()], transfers)


def _aim(name: str, told: Mapping[str, Any]) -> Aim:
    return Aim(name, str(told.get("unit", "")), *(told.get(part) for part in _AIM_FIELDS[:3]))


def rows_of(record: PublicRecord, table: str, case: str) -> list[dict[str, Any]]:
    """The rows of a case of one of the plan's tables."""
    whole: pa.Table = record.table(TABLES[table])
    rows: list[dict[str, Any]] = whole.filter(pc.equal(whole["case"], case)).to_pylist()
    return rows


def columns_of(record: PublicRecord, rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """By facility and field the columns, in the row of the source, that a number is from. A number
    that is not what stands there (somebody set another for the plan) has none."""
    table = record.table("facility_fields")
    named = pc.is_in(table["field"], pa.array(list(_PRINTED)))
    used = pc.is_in(table["source"], pa.array(sorted({row["source"] for row in rows})))
    told = {
        (one["facility"], one["field"], one["source"], one["sheet"], one["row"]): one
        for one in table.filter(pc.and_(named, used)).to_pylist()
    }
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for field, name in _PRINTED.items():
            one = told.get((row["facility"], field, row["source"], row["sheet"], row["row"]))
            if one and one["column"] and ceil(float(one["value"]) - 1e-9) == row[name]:
                columns[row["facility"]][name] = one["column"]
    return columns


def plan_of(record: PublicRecord, facility: str) -> list[dict[str, Any]]:
    """What each case of the plan says of a facility; none where the plan does not have it."""
    whole: pa.Table = record.table("closing_plan")
    rows: list[dict[str, Any]] = whole.filter(pc.equal(whole["facility"], facility)).to_pylist()
    return rows


def days_of_people(record: PublicRecord) -> tuple[date, date] | None:
    """The days over which ICE's workbook averages the people of the plan: its fiscal year so far.
    None where the record has no plan, or one of several sources."""
    told = set(record.table("closing_plan")["source"].to_pylist())
    of_facilities = record.series("facilities_with_people_year") if len(told) == 1 else ()
    days = ((one.since, one.on) for one in of_facilities if one.source in told and one.since)
    return next(days, None)


def moved_into_first(record: PublicRecord, case: str) -> int:
    """People whom the plan moves into a private or jail contract. Each comes from another such
    contract: the plan has no other way into one."""
    first = {row["facility"] for row in rows_of(record, "facilities", case) if _is_first(row)}
    moves = rows_of(record, "moves", case)
    return sum(row["people"] for row in moves if row["to_facility"] in first)


def _is_first(row: Row) -> bool:
    return str(row["asked_first"] or "").lower() in ("yes", "true")


def order_of_closing(rows: Sequence[Row]) -> list[Row]:
    """Facilities in the order in which they are emptied; those that are not, last."""
    return sorted(rows, key=lambda row: (row["day_closed"] or 10**6, -row["people"], row["name"]))


def spot_of(row: Row) -> tuple[float, float] | None:
    """Where a facility of the plan is on the map."""
    return spot_of_zip(row["zip"])
