"""The figures of the other sheets: every number of a known table, with the cell it stands in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from wayhome.sources.detention_stats.accounting import Marks, Outcome, Total
from wayhome.sources.detention_stats.layouts import (
    ADDITIVE_MEASURES,
    ALL,
    LABEL_HEADINGS,
    LAYOUTS,
    MEASURES,
    NESTED_CRIMINALITY,
    PARTS_OF_ANOTHER,
    TECHNOLOGIES,
    WHOLE,
    Layout,
    first_month,
    label_of,
    layout_of,
    names_label,
)
from wayhome.sources.detention_stats.sheets import Sheet, words_of
from wayhome.sources.detention_stats.values import count_of, fiscal_year_in, month_in
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.workbook import Value, is_number

# How far below its title a table's headings may stand, and what makes a row of months.
ROWS_TO_HEADINGS = 8
BLANKS_AT_THE_END = 2


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


@dataclass(frozen=True)
class Block:
    """A table found on a sheet: its title and headings, and the columns it spans."""

    layout: Layout
    title: str
    title_row: int
    heading_row: int
    columns: tuple[int, ...]
    label_columns: tuple[int, ...]


def read_figures(
    file: str, sheets: tuple[Sheet, ...], fiscal_year: int | None, marks: Marks
) -> list[Figure]:
    """The figures of every table whose title is known, on whatever sheet.

    Raises ReleaseProblem when under such a title no headings are found that were looked for.
    """
    figures: list[Figure] = []
    found: set[tuple[str, str]] = set()
    for sheet in sheets:
        year = _year_of_sheet(sheet) or fiscal_year
        for block in _blocks(file, sheet):
            read = _figures(sheet, block, fiscal_year_in(block.title) or year, marks)
            _check(sheet, block, read, marks)
            figures += read
            found.add((block.layout.table, block.layout.by))
    figures = _without_empty_years(figures, marks)
    marks.told += [*_unfilled(marks), *_missing(found)]
    return figures


def _unfilled(marks: Marks) -> Iterator[str]:
    for (sheet, months), rows in marks.unfilled.items():
        named = ", ".join(f"{month:%B %Y}" for month in months)
        yield (
            f"sheet {sheet!r}: nothing but 0 or blanks for {named} in the tables of rows "
            f"{', '.join(map(str, rows))}: taken as not known."
        )


def _missing(found: set[tuple[str, str]]) -> Iterator[str]:
    """The tables of other years that this workbook does not have."""
    lacking: defaultdict[str, list[str]] = defaultdict(list)
    for layout in LAYOUTS:
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


def _blocks(file: str, sheet: Sheet) -> Iterator[Block]:
    for row, cells in sheet.rows():
        for column, value in enumerate(cells):
            layout = layout_of(value) if isinstance(value, str) else None
            if layout is None:
                continue
            block = _block(sheet, layout, row, column)
            if block:
                yield block
            elif _has_numbers_below(sheet, row, column):
                raise _unknown_layout(file, sheet, layout, row, column)


def _block(sheet: Sheet, layout: Layout, row: int, column: int) -> Block | None:
    for below in range(row + 1, row + 1 + ROWS_TO_HEADINGS):
        if layout_of(sheet.text(below, column)):
            return None
        columns = _span(sheet, row, below, column)
        labels = _label_columns(sheet, layout, below, columns, column)
        if labels and any(_is_heading(sheet, layout, below, c, labels) for c in columns):
            return Block(layout, sheet.text(row, column), row, below, columns, labels)
    return None


def _span(sheet: Sheet, title_row: int, row: int, start: int) -> tuple[int, ...]:
    """The columns of a table: to the next title beside it, or to where the headings end."""
    columns: list[int] = []
    is_begun, blanks = False, 0
    for column in range(start, sheet.width):
        is_other = column > start and (
            sheet.text(title_row, column) or layout_of(sheet.text(row, column))
        )
        is_blank = sheet.spread(row, column) is None
        is_begun = is_begun or not is_blank
        blanks = blanks + 1 if is_blank and is_begun else 0
        if is_other or blanks == BLANKS_AT_THE_END:
            break
        columns.append(column)
    return tuple(columns)


def _label_columns(
    sheet: Sheet, layout: Layout, row: int, columns: tuple[int, ...], first: int
) -> tuple[int, ...]:
    """Where the labels stand, in the order of the layout; empty when one is not there."""
    found: list[int] = []
    for label in layout.labels:
        if not LABEL_HEADINGS[label]:
            found.append(first)
            continue
        named = [c for c in columns if names_label(label, sheet.at(row, c))]
        if not named:
            return ()
        found.append(named[0])
    return tuple(found)


def _is_heading(
    sheet: Sheet, layout: Layout, row: int, column: int, labels: tuple[int, ...]
) -> bool:
    """Whether a column has figures: what is across stands in its heading."""
    heading = sheet.at(row, column)
    if heading is None or column in labels:
        return False
    if layout.across == "month":
        return month_in(heading, 2000) is not None
    if layout.across == "year":
        return fiscal_year_in(str(heading)) is not None
    if layout.across == "measure":
        return words_of(heading) in MEASURES or str(heading).strip() == "%"
    return isinstance(heading, str)


def _has_numbers_below(sheet: Sheet, row: int, column: int) -> bool:
    rows = range(row + 1, row + 1 + ROWS_TO_HEADINGS)
    return any(is_number(sheet.at(r, c)) for r in rows for c in (column, column + 1, column + 2))


def _unknown_layout(
    file: str, sheet: Sheet, layout: Layout, row: int, column: int
) -> ReleaseProblem:
    wanted = " and ".join(LABEL_HEADINGS[n][0] for n in layout.labels if LABEL_HEADINGS[n])
    met = [
        str(v)[:40]
        for cells in sheet.grid[row + 1 : row + 4]
        for v in cells[column:]
        if isinstance(v, str)
    ][:12]
    return ReleaseProblem(
        f"{file}, sheet {sheet.name!r}, row {row + 1}: under the title "
        f"{sheet.text(row, column)!r} no headings in a layout that is known: looked for "
        f"{wanted or 'a row'} with {'months' if layout.across == 'month' else 'figures'} beside, "
        f"and met {', '.join(met) or 'no text'}."
    )


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


def _without_empty_years(figures: list[Figure], marks: Marks) -> list[Figure]:
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


def _check(sheet: Sheet, block: Block, figures: list[Figure], marks: Marks) -> None:
    """Compare each total with the sum of its parts, along each dimension and over the months."""
    layout = block.layout
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
