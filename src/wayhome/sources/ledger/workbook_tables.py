"""Find the tables of a sheet: several may stand below and beside each other, with notes between.

A heading is a row of two or more texts side by side, over a row that holds something. Its table
goes down to the first row that is blank there, or holds a note. Columns apart from each other
belong to different tables. Cells of no table are compared as text (see workbook_comparison).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from wayhome.sources.ledger.workbook import Grid, Value, any_value, is_number, text_of

# A facility is known by its name and place: others have the same name elsewhere.
FACILITY = ("name", "city", "state")
HEADING_ROWS_ABOVE = 2
TITLE_ROWS_ABOVE = 3

# `FY26`, `EOFY2024`, `FY 2025`, `YTD`, `04/04/2026`: what a name says of a workbook's day.
YEAR_MARK = re.compile(
    r"\b(?:eo)?fy\s?\d{2}(?:\d{2})?\b|\bytd\b|\b\d{2}/\d{2}/\d{4}\b", re.IGNORECASE
)

Key = tuple[str, ...]


@dataclass(frozen=True)
class SheetTable:
    """A table of a sheet.

    `title` is the nearest text above it, empty where there is none. `rows` holds, for each row,
    its key (the cells of the label columns; a label that stands under several groups is preceded
    by its group) and its cells by column. `cells` are the places (row, column, from 0) it takes.
    """

    title: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Key, dict[str, str]], ...]
    cells: frozenset[tuple[int, int]]

    @property
    def name(self) -> tuple[str, str]:
        """By what the table is known again in another workbook."""
        return timeless(self.title), timeless(self.columns[0])


def timeless(name: str) -> str:
    """A name without its year and without regard to letter case or spaces."""
    return " ".join(YEAR_MARK.sub(" ", name).split()).casefold()


def tables_of(grid: Grid) -> tuple[SheetTable, ...]:
    """The tables of a sheet, from above to below and from left to right."""
    found: list[SheetTable] = []
    taken: set[tuple[int, int]] = set()
    for row in range(len(grid)):
        for start, end in _runs(grid, row):
            if (row, start) in taken or not _is_heading(grid, row, start, end):
                continue
            table = _table(grid, row, start, end, taken)
            found.append(table)
            taken |= table.cells
    return tuple(found)


def _cell(grid: Grid, row: int, column: int) -> Value:
    cells = grid[row] if 0 <= row < len(grid) else ()
    return cells[column] if 0 <= column < len(cells) else None


def _part(grid: Grid, row: int, start: int, end: int) -> tuple[Value, ...]:
    return tuple(_cell(grid, row, column) for column in range(start, end))


def _runs(grid: Grid, row: int) -> Iterator[tuple[int, int]]:
    """The stretches (from, to before) of cells side by side.

    A cell alone takes in what begins one column farther: headings are merged over two columns.
    """
    runs: list[list[int]] = []
    for column in (c for c, value in enumerate(grid[row]) if value is not None):
        is_next = runs and column == runs[-1][1]
        is_merged = runs and runs[-1][1] - runs[-1][0] == 1 and column == runs[-1][1] + 1
        if is_next or is_merged:
            runs[-1][1] = column + 1
        else:
            runs.append([column, column + 1])
    yield from ((start, end) for start, end in runs)


def _is_heading(grid: Grid, row: int, start: int, end: int) -> bool:
    named = [value for value in _part(grid, row, start, end) if value is not None]
    if len(named) < 2 or any(map(is_number, named)) or not _has_rows(grid, row, start, end):
        return False
    # A row of headings over a fuller row of headings only groups these.
    next_row = [value for value in grid[row + 1] if value is not None]
    here = [value for value in grid[row] if value is not None]
    return any(map(is_number, next_row)) or len(next_row) <= len(here)


def _has_rows(grid: Grid, row: int, start: int, end: int) -> bool:
    """Whether something stands below; between them may be the name of a group of rows."""
    if any_value(_part(grid, row + 1, start, end)):
        return True
    named = start > 0 and isinstance(_cell(grid, row + 1, start - 1), str)
    return named and any(map(is_number, _part(grid, row + 2, start, end)))


def _table(grid: Grid, row: int, start: int, end: int, taken: set[tuple[int, int]]) -> SheetTable:
    if _has_label_beside(grid, row, start, taken):
        start -= 1
    columns, top = _column_names(grid, row, start, end)
    last = _last_row(grid, row, start, end)
    body = [_part(grid, r, start, end) for r in range(row + 1, last + 1)]
    labels = _label_columns(columns, body)
    return SheetTable(
        title=_title(grid, top, start, end, taken),
        columns=columns,
        labels=tuple(columns[place] for place in labels),
        rows=tuple(_rows(columns, labels, body)),
        cells=frozenset(
            (r, c)
            for r in range(row, last + 1)
            for c in range(start, end)
            if _cell(grid, r, c) is not None
        ),
    )


def _has_label_beside(grid: Grid, row: int, start: int, taken: set[tuple[int, int]]) -> bool:
    """Whether the column of labels stands to the left of the headings, without one of its own."""
    if start == 0 or (row + 1, start - 1) in taken:
        return False
    return _cell(grid, row, start - 1) is None and isinstance(_cell(grid, row + 1, start - 1), str)


def _column_names(grid: Grid, row: int, start: int, end: int) -> tuple[tuple[str, ...], int]:
    """The headings, and their uppermost row.

    Where they repeat, they are told with what stands over them (`2024 January mid`).
    """
    top = row
    names = [text_of(value) or "" for value in _part(grid, row, start, end)]
    for above in range(row - 1, row - 1 - HEADING_ROWS_ABOVE, -1):
        named = [name for name in names if name]
        if len(set(named)) == len(named):
            break
        top = above
        over = _spread(_part(grid, above, start, end))
        names = [
            f"{group} {name}".strip() if name else ""
            for group, name in zip(over, names, strict=True)
        ]
    whole = [name or f"column {get_column_letter(start + i + 1)}" for i, name in enumerate(names)]
    counted: Counter[str] = Counter()
    unique = []
    for name in whole:
        counted[name] += 1
        unique.append(name if counted[name] == 1 else f"{name} ({counted[name]})")
    return tuple(unique), top


def _spread(over: tuple[Value, ...]) -> list[str]:
    """Headings that are merged over several columns, said in each of them."""
    said: list[str] = []
    for value in over:
        said.append(text_of(value) or (said[-1] if said else ""))
    return said


def _last_row(grid: Grid, row: int, start: int, end: int) -> int:
    """The last row of the table whose heading is `row`."""
    first = (*_part(grid, row + 1, start, end), *_part(grid, row + 2, start, end))
    has_numbers = any(map(is_number, first))
    heading = _part(grid, row, start, end)
    last = row
    while any_value(part := _part(grid, last + 1, start, end)):
        is_alone = not any_value(part[1:])
        if part == heading or (is_alone and not _goes_on(grid, last + 2, start, end, has_numbers)):
            break
        last += 1
    return last


def _goes_on(grid: Grid, row: int, start: int, end: int, has_numbers: bool) -> bool:
    """Whether the row after a label that stands alone still is of the table."""
    values = _part(grid, row, start + 1, end)
    return any(map(is_number, values)) if has_numbers else any_value(values)


def _label_columns(columns: tuple[str, ...], body: list[tuple[Value, ...]]) -> tuple[int, ...]:
    """The first column; the next one too where the first is not filled in every row."""
    lower = [name.casefold() for name in columns]
    if set(FACILITY) <= set(lower):
        return tuple(lower.index(name) for name in FACILITY)
    labels = [0]
    while labels[-1] + 2 < len(columns) and any(row[labels[-1]] is None for row in body):
        following = labels[-1] + 1
        if any(is_number(row[following]) for row in body):
            break
        labels.append(following)
    return tuple(labels)


def _rows(
    columns: tuple[str, ...], labels: tuple[int, ...], body: list[tuple[Value, ...]]
) -> Iterator[tuple[Key, dict[str, str]]]:
    keys = _keys(labels, body, has_groups=len(labels) < len(FACILITY))
    for key, row in zip(keys, body, strict=True):
        texts = (text_of(value) for value in row)
        yield key, {name: text for name, text in zip(columns, texts, strict=True) if text}


def _keys(labels: tuple[int, ...], body: list[tuple[Value, ...]], has_groups: bool) -> list[Key]:
    keys: list[Key] = []
    for row in body:
        key = [text_of(row[place]) or "" for place in labels]
        # `Bonded Out` is written once, beside the first of its four rows.
        if keys and not key[0] and len(key) > 1:
            key[0] = keys[-1][0]
        keys.append(tuple(key))
    times = Counter(keys)
    if not has_groups or max(times.values(), default=1) == 1:
        return keys
    # `SmartLINK` under `Atlanta`, and under `Boston`: the last label that is there once.
    group: Key = ()
    grouped: list[Key] = []
    for said in keys:
        group = said if times[said] == 1 else group
        grouped.append(said if times[said] == 1 else (*group, *said))
    return grouped


def _title(grid: Grid, row: int, start: int, end: int, taken: set[tuple[int, int]]) -> str:
    for above in range(row - 1, row - 1 - TITLE_ROWS_ABOVE, -1):
        for column in range(start, end):
            value = _cell(grid, above, column)
            if isinstance(value, str) and (above, column) not in taken:
                return value
    return ""


def pairs_of_names(old: tuple[str, ...], new: tuple[str, ...]) -> dict[str, str]:
    """The names of one workbook with those of the other that mean the same, whatever the year.

    The same name comes first; then names that differ by their year alone, the newest with the
    newest.
    """
    pairs = {name: name for name in old if name in new}
    left = [sorted({*names} - {*pairs}, key=_year_last, reverse=True) for names in (old, new)]
    for name in left[0]:
        found = next(
            (
                other
                for other in left[1]
                if timeless(other) == timeless(name) != "" and other not in pairs.values()
            ),
            None,
        )
        if found is not None:
            pairs[name] = found
    return pairs


def _year_last(name: str) -> tuple[str, str]:
    digits = "".join(re.findall(r"\d+", " ".join(YEAR_MARK.findall(name))))
    return digits[-2:], name
