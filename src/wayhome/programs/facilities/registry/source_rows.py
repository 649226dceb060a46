"""The rows of every source that are about a facility, each value with the column it stands in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from wayhome.programs.facilities.registry.facility import Record, Value
from wayhome.sources.detention_stats.facility_columns import DIVISIONS, FIELDS
from wayhome.sources.import_folder import Imported
from wayhome.sources.population.averages import (
    Averages,
    Period,
    averages_of,
    first_days_of,
    totals_of,
)

OF_WORKBOOK = (*(found.name for found in FIELDS), "instead_of_inspection_date")
OF_LIST = (
    *("name", "address", "city", "county", "state", "zip", "circuit", "field_office", "docket"),
    *("type", "type_detailed", "authority", "capacity", "guaranteed_minimum"),
    *("first_use", "last_use", "over_72_hours", "authorized_by_dmcp"),
)


@dataclass(frozen=True)
class Told:
    """A value of a row, by the registry's name of the field."""

    field: str
    value: Value
    column: str
    period: str = ""
    worked_out: str = ""
    on: date | None = None


@dataclass(frozen=True)
class SourceRow:
    """A row that is about a facility. `averages`: the people of each period, of a daily file as
    counted, of a workbook as printed."""

    record: Record
    on: date | None
    told: tuple[Told, ...]
    averages: Mapping[Period, float] = field(default_factory=dict)

    def value(self, name: str) -> Value | None:
        return next((told.value for told in self.told if told.field == name), None)

    def text(self, name: str) -> str | None:
        value = self.value(name)
        return None if value is None else str(value)


@dataclass(frozen=True)
class Source:
    """A file: its facilities' rows, the day to which it reaches, and the people it adds up to."""

    file: str
    sha256: str
    sheet: str | None
    on: date | None
    rows: tuple[SourceRow, ...]
    people: float | None


def read_sources(stats: Sequence[Imported], population: Imported | None) -> tuple[Source, ...]:
    """Every file of the imports, a file that is in two of them once."""
    found: dict[tuple[str, str | None], Source] = {}
    periods: set[Period] = set()
    for imported in stats:
        for source in _workbooks(imported):
            found.setdefault((source.sha256, source.sheet), source)
            periods |= {p for row in source.rows for p in row.averages}
    if population is not None:
        for source in (*_lists(population), *_daily(population, periods)):
            found.setdefault((source.sha256, source.sheet), source)
    return tuple(found.values())


def _told(row: Mapping[str, Any], names: Sequence[str], columns: Mapping[str, str]) -> list[Told]:
    return [
        Told(name, row[name], columns.get(name, name))
        for name in names
        if row.get(name) is not None
    ]


def _workbooks(imported: Imported) -> Iterator[Source]:
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for cell in imported.table("columns").to_pylist():
        columns.setdefault((cell["sha256"], cell["sheet"]), {})[cell["field"]] = cell["column"]
    for (sha256, sheet), rows in _grouped(imported.table("facilities"), ("sha256", "sheet")):
        people = math.fsum(row["population"] or 0.0 for row in rows)
        made = tuple(_workbook_row(row, columns[sha256, sheet]) for row in rows)
        yield Source(rows[0]["file"], sha256, sheet, made[0].on, made, people)


def _workbook_row(row: Mapping[str, Any], columns: Mapping[str, str]) -> SourceRow:
    on = row["data_as_of"] or row["published"]
    columns = {**columns, "instead_of_inspection_date": columns.get("last_inspection_date", "")}
    told = _told(row, OF_WORKBOOK, columns)
    average = row["population"]
    averages: dict[Period, float] = {}
    if average is not None and row["fiscal_year"] is not None:
        period = Period.of(row["fiscal_year"], on)
        averages[period] = average
        told.append(
            Told(
                "population",
                average,
                _columns_of_people(row, columns),
                period.name,
                "the sum of the first division of its people that is whole",
            )
        )
    record = Record(row["file"], row["sheet"], row["row"], 1, row["name"], None, average)
    return SourceRow(record, on, tuple(told), averages)


def _columns_of_people(row: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    """The columns whose sum is the population: the first division that is whole."""
    whole = (names for names in DIVISIONS.values() if all(row[name] is not None for name in names))
    return " + ".join(columns[name] for name in next(whole, ()))


def _lists(imported: Imported) -> Iterator[Source]:
    if "facilities" not in imported.tables:
        return
    for (sha256,), rows in _grouped(imported.table("facilities"), ("sha256",)):
        # The list does not say its day: it is not older than the last use that it tells.
        on = max((row["last_use"] for row in rows if row["last_use"]), default=None)
        made = tuple(
            SourceRow(
                Record(row["file"], None, row["row"], 1, row["name"] or "", row["facility"], None),
                on,
                (Told("code", row["facility"], "facility"), *_told(row, OF_LIST, {})),
            )
            for row in rows
        )
        yield Source(rows[0]["file"], sha256, None, on, made, None)


def _daily(imported: Imported, periods: set[Period]) -> Iterator[Source]:
    if "held" not in imported.tables:
        return
    totals = totals_of(imported)
    averages = averages_of(imported, periods)
    midnights = averages_of(imported, periods, at_midnight=True)
    first_days = first_days_of(imported)
    held = imported.table("held").to_pylist()
    for file in sorted({row["file"] for row in held}):
        rows = [row for row in held if row["file"] == file]
        total = totals[file]
        begins = first_days[file]
        made = tuple(
            _daily_row(row, total.first_row, (begins, total.last_day), averages, midnights)
            for row in rows
        )
        yield Source(file, total.sha256, None, total.last_day, made, float(total.people))


def _daily_row(
    row: Mapping[str, Any],
    first_row: Mapping[str, tuple[int, int]],
    days: tuple[date, date],
    every: Averages,
    midnights: Averages,
) -> SourceRow:
    """`days`: the first and the last day of the file."""
    file, code = row["file"], row["facility"]
    begins, on = days
    averages = {p: found[file, code] for p, found in every.items() if (file, code) in found}
    told = [Told("code", code, "facility")]
    told += [Told("name", row["name"], "name")] if row["name"] else []
    if row["first_day"]:
        told += [
            Told("first_day", row["first_day"], "day", worked_out=_first(row["first_day"], begins)),
            Told("last_day", row["last_day"], "day", worked_out="last day with anybody"),
            Told(
                *("most_people", float(row["most"]), "people"),
                worked_out="the most people on one day",
                on=row["day_of_most"],
            ),
        ]
    for period, value in averages.items():
        told += _people_of(period, value, midnights.get(period, {}).get((file, code)), on)
    first, people = first_row[code]
    record = Record(file, None, first, row["days"], row["name"] or "", code, float(people))
    return SourceRow(record, on, tuple(told), averages)


def _first(day: date, begins: date) -> str:
    """What the first day with anybody tells: nothing of before, where the file begins with it."""
    if day == begins:
        return f"first day with anybody; the file begins on this day ({begins}), not the use"
    return f"first day with anybody; the file begins on {begins}"


def _people_of(
    period: Period, counted: float, at_midnight: float | None, on: date
) -> Iterator[Told]:
    """The average of a period: at midnight, where the file tells it, and as it counts them."""
    day, days = min(period.last, on), period.sentence(on)
    if at_midnight is None:
        yield Told("population", counted, "people", period.name, f"head count, {days}", day)
        return
    yield Told("population", at_midnight, "at_midnight", period.name, f"at midnight, {days}", day)
    anybody = f"anybody at any hour of the day, {days}"
    yield Told("population_any_hour", counted, "people", period.name, anybody, day)


def _grouped(
    table: pa.Table, by: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(tuple(row[name] for name in by), []).append(row)
    yield from found.items()
