"""How long those in custody have been held, in the middle and at the end of each month.

Three rows of headings: a year over its January alone, a month over its two columns, `mid` and
`end`. From the second table on, the people are told by how long they have been held, in groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from wayhome.sources.detention_stats.accounting import Marks, Outcome
from wayhome.sources.detention_stats.figures import Figure, compare_totals
from wayhome.sources.detention_stats.layouts import (
    ALL,
    IN_CUSTODY_PEOPLE,
    IN_CUSTODY_STAY,
    Layout,
    label_of,
)
from wayhome.sources.detention_stats.sheets import Sheet, words_of
from wayhome.sources.detention_stats.values import count_of, month_in
from wayhome.sources.ledger.workbook import is_number

ROWS_TO_HEADINGS = 8
POINTS = ("mid", "end")

Point = tuple[date, str]


def read_in_custody(sheet: Sheet, marks: Marks) -> list[Figure]:
    """The figures of both tables, wherever on the sheet they stand; empty where they do not."""
    figures: list[Figure] = []
    for row, _ in sheet.rows():
        for layout in (IN_CUSTODY_STAY, IN_CUSTODY_PEOPLE):
            columns = [c for c in range(sheet.width) if layout.is_title(sheet.text(row, c))]
            heading = _heading(sheet, row, columns[0]) if columns else None
            if heading is not None:
                figures += _figures(sheet, layout, row, heading, columns[0], marks)
    return figures


def _heading(sheet: Sheet, row: int, column: int) -> int | None:
    rows = range(row + 1, row + 1 + ROWS_TO_HEADINGS)
    return next((r for r in rows if words_of(sheet.at(r, column)) == "population"), None)


def _points(sheet: Sheet, heading: int, first: int) -> dict[int, Point]:
    """By column, the month and its point. The year stands over its first month alone, and not
    over every January: it is one more when January comes after December."""
    points: dict[int, Point] = {}
    year, month = None, None
    for column in range(first + 1, sheet.width):
        told = sheet.at(heading, column)
        if isinstance(told, int | float) or str(told or "").isdecimal():
            year, month = int(float(str(told))), None
        named = month_in(sheet.at(heading + 1, column), 2000)
        if named and year:
            year += month == 12 and named.month == 1
            month = named.month
        point = words_of(sheet.at(heading + 2, column))
        if year and month and point in POINTS:
            points[column] = (date(year, month, 1), point)
    return points


def _figures(
    sheet: Sheet, layout: Layout, title: int, heading: int, first: int, marks: Marks
) -> list[Figure]:
    points = _points(sheet, heading, first)
    for row in range(title, heading + 3):
        marks.row(sheet, row, Outcome.HEADING, layout.table)
        for column in points:
            marks.cell(sheet, row, column)
    figures = [
        _figure(sheet, layout, row, column, point, labels, marks)
        for row, labels in _labelled(sheet, layout, heading + 3, first, points, marks)
        for column, point in points.items()
    ]
    filled = {figure.column for figure in figures if figure.value}
    told = {month for column, (month, _) in points.items() if column in filled}
    empty = tuple(sorted({month for month, _ in points.values()} - told))
    if empty:
        marks.unfilled[sheet.name, empty].append(title + 1)
    marks.told += [
        f"sheet {sheet.name!r}: nothing but 0 or blanks for {point} {month:%B %Y} in the table of "
        f"row {title + 1}: taken as not known."
        for column, (month, point) in points.items()
        if column not in filled and month in told
    ]
    known = [figure for figure in figures if figure.column in filled]
    compare_totals(sheet, layout, known, marks)
    return known


def _labelled(
    sheet: Sheet,
    layout: Layout,
    start: int,
    first: int,
    points: Mapping[int, Point],
    marks: Marks,
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the table, to the first that is blank; a row without numbers names a group."""
    group = ALL
    for row in range(start, len(sheet.grid)):
        text = sheet.text(row, first)
        if not text:
            return
        if not any(is_number(sheet.at(row, column)) for column in points):
            group = label_of("population", text)
            marks.row(sheet, row, Outcome.HEADING, layout.table)
            continue
        label = label_of("time_held", text)
        is_total = label == ALL
        marks.row(sheet, row, Outcome.TOTAL if is_total else Outcome.READ, layout.table)
        if layout is IN_CUSTODY_PEOPLE:
            yield row, {"population": group, "time_held": label}
        else:
            yield row, {"population": label}


def _figure(
    sheet: Sheet,
    layout: Layout,
    row: int,
    column: int,
    point: Point,
    labels: Mapping[str, str],
    marks: Marks,
) -> Figure:
    month, name = point
    value = sheet.at(row, column)
    marks.cell(sheet, row, column)
    try:
        number = count_of(value)
    except ValueError as error:
        marks.fault(sheet, row, column, f"{name} {month:%B %Y}", value, str(error))
        number = None
    return Figure(
        layout=layout,
        sheet=sheet.name,
        row=row,
        column=column,
        fiscal_year=month.year + (month.month >= 10),
        month=month,
        measure=layout.measure,
        labels={**labels, "point": name},
        value=number,
    )
