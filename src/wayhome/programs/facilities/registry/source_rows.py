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
    Average,
    Averages,
    CodeTotal,
    FileTotal,
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
    """A value of a row, by the registry's name of the field. `row`: where it is not the record's,
    the row in which it stands, or of rows that are added the first; `last_row` is the last."""

    field: str
    value: Value
    column: str
    period: str = ""
    worked_out: str = ""
    on: date | None = None
    row: int | None = None
    last_row: int | None = None


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
        days = DaysOf(totals[file], first_days[file], averages, midnights)
        made = tuple(_daily_row(row, days) for row in rows)
        total = days.total
        yield Source(file, total.sha256, None, total.last_day, made, float(total.people))


@dataclass(frozen=True)
class DaysOf:
    """What the days of a daily file come to; `begins` is the first of them."""

    total: FileTotal
    begins: date
    every: Averages
    midnights: Averages


def _daily_row(row: Mapping[str, Any], days: DaysOf) -> SourceRow:
    file, code, on = row["file"], row["facility"], days.total.last_day
    found = {period: by_code.get((file, code)) for period, by_code in days.every.items()}
    averages = {period: average for period, average in found.items() if average}
    total = days.total.codes[code]
    told = [Told("code", code, "facility")]
    told += [Told("name", row["name"], "name")] if row["name"] else []
    told += _days_of_use(row, total, days.begins) if row["first_day"] else []
    for period, average in averages.items():
        at_midnight = days.midnights.get(period, {}).get((file, code))
        told += _people_of(period, average, at_midnight, on, code)
    people = {period: average.value for period, average in averages.items()}
    record = Record(
        *(file, None, total.first_row, row["days"], row["name"] or "", code, float(total.people))
    )
    return SourceRow(record, on, tuple(told), people)


def _days_of_use(row: Mapping[str, Any], total: CodeTotal, begins: date) -> Iterator[Told]:
    """The first and the last day with anybody, and the fullest day, each with its own row."""
    first, last = row["first_day"], row["last_day"]
    yield Told("first_day", first, "day", worked_out=_first(first, begins), row=total.of_first_day)
    yield Told("last_day", last, "day", worked_out="last day with anybody", row=total.of_last_day)
    yield Told(
        *("most_people", float(row["most"]), "people"),
        worked_out="the most people on one day",
        on=row["day_of_most"],
        row=total.of_most,
    )


def _first(day: date, begins: date) -> str:
    """What the first day with anybody tells: nothing of before, where the file begins with it."""
    if day == begins:
        return f"first day with anybody; the file begins on this day ({begins}), not the use"
    return f"first day with anybody; the file begins on {begins}"


def _people_of(
    period: Period, counted: Average, at_midnight: Average | None, on: date, code: str
) -> Iterator[Told]:
    """The average of a period: at midnight, where the file tells it, and as it counts them."""
    day, days = min(period.last, on), f"{period.sentence(on)}; the rows of {code}"

    def told(field: str, average: Average, column: str, how: str) -> Told:
        note = f"{how}, {days}"
        rows = (average.row, average.last_row)
        return Told(field, average.value, column, period.name, note, day, *rows)

    if at_midnight is None:
        yield told("population", counted, "people", "head count")
        return
    yield told("population", at_midnight, "at_midnight", "at midnight")
    yield told("population_any_hour", counted, "people", "anybody at any hour of the day")


def _grouped(
    table: pa.Table, by: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(tuple(row[name] for name in by), []).append(row)
    yield from found.items()
