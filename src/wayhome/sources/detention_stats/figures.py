"""A figure of a table, and whether figures add up to the totals beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wayhome.sources.detention_stats.accounting import Marks, Total
from wayhome.sources.detention_stats.layouts import (
    ADDITIVE_MEASURES,
    ALL,
    PARTS_OF_ANOTHER,
    Layout,
)
from wayhome.sources.detention_stats.sheets import Sheet


@dataclass(frozen=True)
class Figure:
    """A number of a table. `row` and `column` are from 0. `month` is None for the whole year;
    a dimension that is `all` is not divided; `value` is None where the sheet says that it is not
    known."""

    layout: Layout
    sheet: str
    row: int
    column: int
    fiscal_year: int | None
    month: date | None
    measure: str
    labels: Mapping[str, str]
    value: float | None


def without_empty_years(figures: list[Figure], marks: Marks) -> list[Figure]:
    """Leave out what was not filled in: in a year in which most tables of a sheet that tell of
    years hold nothing but 0, those zeros mean nothing."""
    held: defaultdict[tuple[str, int | None], dict[str, bool]] = defaultdict(dict)
    for figure in figures:
        if figure.layout.tells_of_years:
            tables = held[figure.sheet, figure.fiscal_year]
            tables[figure.layout.by] = tables.get(figure.layout.by, False) or bool(figure.value)
    empty = {
        (sheet, year, by)
        for (sheet, year), tables in held.items()
        if sum(tables.values()) < len(tables) / 2
        for by, is_filled in tables.items()
        if not is_filled
    }
    for sheet, year in sorted({(sheet, year) for sheet, year, _ in empty}, key=str):
        names = ", ".join(sorted(by for s, y, by in empty if (s, y) == (sheet, year)))
        marks.told.append(
            f"sheet {sheet!r}: nothing but 0 or blanks for FY{year} in {names}: taken as not known."
        )
    return [
        figure
        for figure in figures
        if not figure.layout.tells_of_years
        or (figure.sheet, figure.fiscal_year, figure.layout.by) not in empty
    ]


def compare_totals(sheet: Sheet, layout: Layout, figures: list[Figure], marks: Marks) -> None:
    """Compare each total with the sum of its parts, along each dimension and over the months."""
    if not layout.adds:
        return
    additive = [f for f in figures if f.measure in ADDITIVE_MEASURES and f.value is not None]
    for name in layout.dimensions:
        _check_along(sheet, layout, additive, name, marks)
    if layout.months_add:
        _check_along(sheet, layout, additive, "month", marks)


def _check_along(
    sheet: Sheet, layout: Layout, figures: list[Figure], name: str, marks: Marks
) -> None:
    wholes: dict[tuple[object, ...], Figure] = {}
    parts: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    for figure in figures:
        here = figure.month or ALL if name == "month" else figure.labels.get(name)
        key: tuple[object, ...] = (
            figure.measure,
            None if name == "month" else figure.month,
            *(value for label, value in sorted(figure.labels.items()) if label != name),
        )
        if here == ALL:
            wholes[key] = figure
        elif not (name == "reason" and PARTS_OF_ANOTHER.match(str(here))):
            parts[key].append(figure.value or 0.0)
    for key, whole in wholes.items():
        if parts[key]:
            what = f"{layout.table} by {layout.by}, along {name}"
            total = Total(
                sheet.name,
                layout.table,
                whole.row,
                whole.column,
                what,
                whole.value or 0.0,
                sum(parts[key]),
            )
            marks.totals.append(total)
