"""Figures of the workbooks: each the number of one cell, or a sum over the facilities."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wayhome.public_record.publishing.contracts import FEDERAL, contract_of
from wayhome.public_record.publishing.folder import Row
from wayhome.public_record.publishing.sources import SourceFiles
from wayhome.public_record.series import Series, every_series
from wayhome.sources.import_folder import Imported

LETTERS = re.compile(r"[A-Z]+")
ONE_DAY = timedelta(days=1)
# The columns whose sum is the average number of people of a facility.
LEVELS = ("level_a", "level_d")


def detention_figures(imported: Imported, sources: SourceFiles) -> list[Row]:
    """The figures of every series of series.yaml that is taken from a workbook, and those that
    are worked out from the sheets of facilities."""
    figures: list[Row] = []
    for series in every_series().values():
        if series.table and series.table in imported.tables:
            rows = imported.table(series.table).to_pylist()
            figures += _of_series(series, rows, sources)
    return figures + list(_of_facilities(imported, sources))


def _of_series(
    series: Series, rows: Iterable[Mapping[str, Any]], sources: SourceFiles
) -> Iterator[Row]:
    for row in rows:
        if row["value"] is None or not _is_meant(series, row):
            continue
        days = _days(series.covers, row)
        if days is not None:
            column = LETTERS.match(row["cell"])
            yield {
                "series": series.id,
                "since": days[0],
                "on": days[1],
                "value": row["value"],
                "unit": series.unit,
                "source": sources.id_of(row["file"]),
                "sheet": row["sheet"],
                "row": row["row"],
                "column": column.group() if column else None,
            }


def _is_meant(series: Series, row: Mapping[str, Any]) -> bool:
    if (row["month"] is not None) != (series.covers == "month"):
        return False
    if series.first_year and row["fiscal_year"] < series.first_year:
        return False
    return all(row.get(name) == value for name, value in series.where.items())


def _days(covers: str, row: Mapping[str, Any]) -> tuple[date | None, date] | None:
    """The days that a number tells of: (None, day) for one day. None where it cannot be said.

    A count is of the day that the workbook tells of its table. Where it tells none, the day of
    the sheet of facilities stands for it, and of a year that was over by then the year's last.
    """
    end = row["data_as_of"]
    if end is None or row["fiscal_year"] is None:
        return None
    begins, ends = fiscal_year(row["fiscal_year"])
    if covers == "month":
        # A month that was not over would tell of fewer days than the others.
        last = end_of_month(row["month"])
        return (row["month"], last) if last <= end else None
    if covers == "whole year":
        return (begins, ends) if end > ends else None
    if covers == "year":
        return (begins, min(ends, end)) if end >= begins else None
    return None, end if row.get("day_told_in") else min(ends, end)


def fiscal_year(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year of the United States government."""
    return date(year - 1, 10, 1), date(year, 9, 30)


def end_of_month(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def _of_facilities(imported: Imported, sources: SourceFiles) -> Iterator[Row]:
    """Sums over the sheet of facilities of each workbook."""
    if "facilities" not in imported.tables:
        return
    columns = {
        (row["file"], row["sheet"], row["field"]): row["column"]
        for row in imported.table("columns").to_pylist()
    }
    books: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in imported.table("facilities").to_pylist():
        books[row["file"], row["sheet"]].append(row)
    for (file, sheet), rows in books.items():
        days = _days("year", {**rows[0], "month": None})
        if days is None:
            continue
        place = {
            "source": sources.id_of(file),
            "sheet": sheet,
            "row": rows[0]["row"],
            "last_row": rows[-1]["row"],
        }
        for series, value, note, fields in _sums(rows):
            letters = [column for name in fields if (column := columns.get((file, sheet, name)))]
            yield {
                **place,
                "series": series,
                "since": days[0] if series.endswith("_year") else None,
                "on": days[1],
                "value": value,
                "unit": every_series()[series].unit,
                "column": "\N{EN DASH}".join(dict.fromkeys((letters[0], letters[-1])))
                if letters
                else None,
                "note": note,
            }


def _sums(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float, str, Sequence[str]]]:
    """Series, value, how it was worked out, and the first and last field that is added."""
    held = [row for row in rows if (row["population"] or 0) > 0]
    over = f"over rows {rows[0]['row']} to {rows[-1]['row']}"
    note = (
        f"rows {rows[0]['row']} to {rows[-1]['row']} counted in which levels A to D are not all 0"
    )
    yield "facilities_with_people_year", len(held), note, LEVELS
    minimums = [row["guaranteed_minimum"] for row in rows if row["guaranteed_minimum"]]
    note = f"guaranteed minimums added {over}; {len(minimums)} of them have one"
    yield "guaranteed_minimum_total", sum(minimums), note, ("guaranteed_minimum",)
    other = [row for row in held if contract_of(row["type"]) != FEDERAL]
    left_out = [str(row["row"]) for row in held if contract_of(row["type"]) == FEDERAL]
    note = f"levels A to D (average people) added {over}"
    if left_out:
        note += f", but for the rows of type {_types(held)}, which are left out: "
        note += ", ".join(left_out)
    yield "private_or_jail_year", sum(row["population"] for row in other), note, LEVELS


def _types(rows: Sequence[Mapping[str, Any]]) -> str:
    """The types of the federal facilities among rows, as ICE prints them."""
    return ", ".join(sorted({row["type"] for row in rows if contract_of(row["type"]) == FEDERAL}))
