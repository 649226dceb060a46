"""The figures of the other sheets: every number of a known table, with the cell it stands in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta

from wayhome.sources.detention_stats.accounting import Marks, Outcome
from wayhome.sources.detention_stats.blocks import Block, blocks_of
from wayhome.sources.detention_stats.figures import Figure, compare_totals, without_empty_years
from wayhome.sources.detention_stats.in_custody import read_in_custody
from wayhome.sources.detention_stats.layouts import (
    ALL,
    EVERY_LAYOUT,
    MEASURES,
    NESTED_CRIMINALITY,
    TECHNOLOGIES,
    WHOLE,
    Layout,
    first_month,
    label_of,
    layout_of,
)
from wayhome.sources.detention_stats.sheets import Sheet, words_of
from wayhome.sources.detention_stats.values import count_of, fiscal_year_in, month_in
from wayhome.sources.ledger.workbook import Value


def read_figures(
    file: str, sheets: tuple[Sheet, ...], fiscal_year: int | None, marks: Marks
) -> list[Figure]:
    """The figures of every table whose title is known, on whatever sheet.

    Raises ReleaseProblem when under such a title no headings are found that were looked for.
    """
    figures: list[Figure] = []
    for sheet in sheets:
        year = _year_of_sheet(sheet) or fiscal_year
        for block in blocks_of(file, sheet):
            read = _figures(sheet, block, fiscal_year_in(block.title) or year, marks)
            compare_totals(sheet, block.layout, read, marks)
            figures += read
        figures += read_in_custody(sheet, marks)
    found = {(figure.layout.table, figure.layout.by) for figure in figures}
    figures = without_empty_years(figures, marks)
    marks.told += [*_unfilled(marks), *_missing(found)]
    return figures


def _unfilled(marks: Marks) -> Iterator[str]:
    for (sheet, months), rows in marks.unfilled.items():
        tables = f"table of row {rows[0]}" if len(rows) == 1 else f"tables of rows {_listed(rows)}"
        yield (
            f"sheet {sheet!r}: nothing but 0 or blanks for {_stretches(months)} in the {tables}: "
            "taken as not known."
        )


def _listed(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:-1])) + f" and {rows[-1]}"


def _stretches(months: tuple[date, ...]) -> str:
    """Months in order, those that follow each other as one stretch: `May 2030 to July 2030`."""
    stretches: list[list[date]] = []
    for month in months:
        if stretches and stretches[-1][-1] + relativedelta(months=1) == month:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return ", ".join(
        f"{s[0]:%B %Y} to {s[-1]:%B %Y}" if len(s) > 1 else f"{s[0]:%B %Y}" for s in stretches
    )


def _missing(found: set[tuple[str, str]]) -> Iterator[str]:
    """The tables of other years that this workbook does not have."""
    lacking: defaultdict[str, list[str]] = defaultdict(list)
    for layout in EVERY_LAYOUT:
        if (layout.table, layout.by) not in found:
            lacking[layout.table].append(layout.by)
    whole = {table for table in lacking if not any(table == name for name, _ in found)}
    named = [t if t in whole else f"{t} by {' and '.join(lacking[t])}" for t in lacking]
    if named:
        yield f"not in this workbook: {', '.join(named)}."


def _year_of_sheet(sheet: Sheet) -> int | None:
    texts = [sheet.name, *(str(row[0]) for row in sheet.grid[:6] if row and row[0])]
    years = [year for text in texts if len(text) < 80 and (year := fiscal_year_in(text))]
    return years[0] if years else None


def _figures(sheet: Sheet, block: Block, fiscal_year: int | None, marks: Marks) -> list[Figure]:
    layout, table = block.layout, block.layout.table
    for row in range(block.title_row, block.heading_row + 1):
        marks.row(sheet, row, Outcome.HEADING, table)
    for column in block.columns:
        marks.cell(sheet, block.heading_row, column)
    rows = tuple(_rows(sheet, block))
    figures: list[Figure] = []
    for row, labels in _labelled(sheet, block, rows):
        read = list(_row_figures(sheet, block, row, labels, fiscal_year, marks))
        is_total = ALL in labels.values() and layout.nested not in labels
        marks.row(sheet, row, Outcome.TOTAL if is_total else Outcome.READ, table)
        figures += read
    return _without_months_to_come(sheet, block, figures, marks)


def _rows(sheet: Sheet, block: Block) -> Iterator[int]:
    """The rows of a table: to the first that is blank there, is a note or another title."""
    others = [c for c in block.columns if c not in block.label_columns]
    for row in range(block.heading_row + 1, len(sheet.grid)):
        if layout_of(sheet.text(row, block.columns[0])):
            return
        if all(sheet.at(row, column) is None for column in others):
            return
        yield row


def _labelled(
    sheet: Sheet, block: Block, rows: tuple[int, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its labels; one that is written once holds for the rows under it."""
    layout = block.layout
    first = [sheet.text(row, block.label_columns[0]) for row in rows]
    times = Counter(text.casefold().strip() for text in first if text)
    last: dict[str, str] = {}
    for row, text in zip(rows, first, strict=True):
        labels: dict[str, str] = {}
        for place, (name, column) in enumerate(
            zip(layout.labels, block.label_columns, strict=True)
        ):
            value = sheet.spread(row, column)
            is_blank = value is None and place < len(layout.labels) - 1
            labels[name] = (
                last[name] if is_blank and name in last else label_of(name, str(value or ""))
            )
        if layout.nested and _is_nested(layout, text, times):
            labels = {**labels, **last, layout.nested: label_of(layout.nested, text)}
        else:
            last = dict(labels)
            labels |= {layout.nested: ALL} if layout.nested else {}
        yield row, labels


def _is_nested(layout: Layout, text: str, times: Counter[str]) -> bool:
    if layout.nested == "criminality":
        return NESTED_CRIMINALITY.match(text) is not None
    name = text.casefold().strip()
    return name in TECHNOLOGIES or times[name] > 1


def _row_figures(
    sheet: Sheet,
    block: Block,
    row: int,
    labels: Mapping[str, str],
    fiscal_year: int | None,
    marks: Marks,
) -> Iterator[Figure]:
    layout = block.layout
    year = fiscal_year_in(labels["row_year"]) if "row_year" in labels else fiscal_year
    for column in block.columns:
        value, heading = sheet.at(row, column), sheet.at(block.heading_row, column)
        if column in block.label_columns or (heading is None and value is None):
            continue
        across = _across(layout, heading, year, block.title)
        if across is None:
            continue
        marks.cell(sheet, row, column)
        if across.measure:
            number = _number(sheet, row, column, str(heading), value, marks)
            every = {**labels, **across.labels}
            yield Figure(
                layout,
                sheet.name,
                row,
                column,
                across.year,
                across.month,
                across.measure,
                every,
                number,
            )


@dataclass(frozen=True)
class _Across:
    """What a heading says of the figures under it; no measure: they can be worked out."""

    year: int | None
    measure: str
    month: date | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def _across(layout: Layout, heading: Value, year: int | None, title: str) -> _Across | None:
    if heading is None:
        return None
    text = str(heading).strip()
    if layout.across == "month":
        month = month_in(heading, year)
        return _Across(year, layout.measure, month) if month or WHOLE.match(text) else None
    if layout.across == "year":
        named = fiscal_year_in(text)
        return _Across(named, layout.measure) if named else None
    if layout.across == "measure":
        measure = "share" if text == "%" else MEASURES.get(words_of(text))
        return _Across(year, measure, first_month(title)) if measure else None
    if words_of(text).startswith("percent"):
        return _Across(year, "")
    return _Across(year, layout.measure, labels={layout.across: label_of(layout.across, text)})


def _number(
    sheet: Sheet, row: int, column: int, heading: str, value: Value, marks: Marks
) -> float | None:
    try:
        return count_of(value)
    except ValueError as error:
        marks.fault(sheet, row, column, heading, value, str(error))
        return None


def _without_months_to_come(
    sheet: Sheet, block: Block, figures: list[Figure], marks: Marks
) -> list[Figure]:
    """ICE writes 0 in the months that have not come, and in years that it does not fill in."""
    if block.layout.across != "month" or block.layout.tells_of_years:
        return figures
    filled = {figure.column for figure in figures if figure.value}
    empty = {f.month for f in figures if f.month and f.column not in filled}
    if empty:
        marks.unfilled[sheet.name, tuple(sorted(empty))].append(block.title_row + 1)
    return [figure for figure in figures if not figure.month or figure.column in filled]
