"""Where the tables of a sheet are: by their titles, headings and what stands beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wayhome.sources.detention_stats.layouts import (
    LABEL_HEADINGS,
    MEASURES,
    Layout,
    layout_of,
    names_label,
)
from wayhome.sources.detention_stats.sheets import Sheet, words_of
from wayhome.sources.detention_stats.values import fiscal_year_in, month_in
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.workbook import is_number

# How far below its title a table's headings may stand, and what makes a row of months.
ROWS_TO_HEADINGS = 8
BLANKS_AT_THE_END = 2


@dataclass(frozen=True)
class Block:
    """A table found on a sheet: its title and headings, and the columns it spans."""

    layout: Layout
    title: str
    title_row: int
    heading_row: int
    columns: tuple[int, ...]
    label_columns: tuple[int, ...]


def blocks_of(file: str, sheet: Sheet) -> Iterator[Block]:
    """The tables of a sheet whose titles are known.

    Raises ReleaseProblem when numbers stand under such a title, and no headings that were looked
    for.
    """
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
