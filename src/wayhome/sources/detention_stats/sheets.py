"""The sheets of a workbook as grids, with the cells that merged cells cover."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from wayhome.sources.case_files.xlsx_format import MERGED
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.workbook import Grid, Value, is_number, open_workbook

# A merge of whole rows or columns, to the end of the sheet, covers nothing that is told.
MOST_MERGED_CELLS = 10_000  # of one merge
MOST_MERGES = 10_000

Place = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells by row and column, both from 0. `covered` leads from a cell that a merged
    cell covers to the first cell of that one, which holds the value."""

    name: str
    grid: Grid
    covered: Mapping[Place, Place]

    @property
    def width(self) -> int:
        return max(map(len, self.grid), default=0)

    def at(self, row: int, column: int) -> Value:
        """The cell's own value, None outside of the sheet."""
        cells = self.grid[row] if 0 <= row < len(self.grid) else ()
        return cells[column] if 0 <= column < len(cells) else None

    def spread(self, row: int, column: int) -> Value:
        """The cell's value, or that of the merged cell that covers it."""
        return self.at(*self.covered.get((row, column), (row, column)))

    def text(self, row: int, column: int) -> str:
        value = self.at(row, column)
        return value if isinstance(value, str) else ""

    def rows(self) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """The rows that are not blank."""
        for row, cells in enumerate(self.grid):
            if any(value is not None for value in cells):
                yield row, cells

    def numbers(self) -> Iterator[Place]:
        """Where the numbers stand."""
        for row, cells in enumerate(self.grid):
            yield from ((row, column) for column, value in enumerate(cells) if is_number(value))


def place_name(row: int, column: int) -> str:
    """A place as a spreadsheet shows it: `row 12, column J`."""
    return f"row {row + 1}, column {get_column_letter(column + 1)}"


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook. Raises ReleaseProblem for a file that is no sound workbook."""
    book = open_workbook(path)
    merged = _merged(path)
    return tuple(Sheet(name, grid, merged.get(name, {})) for name, grid in book.sheets.items())


def saved_on(path: Path) -> date | None:
    """The day on which the workbook was last saved, as it says itself."""
    properties = _loaded(path).properties
    return properties.modified.date() if properties.modified else None


def _loaded(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, read_only=True, keep_links=False)


def _merged(path: Path) -> dict[str, dict[Place, Place]]:
    """By sheet, what merged cells cover: openpyxl's quick reader does not tell."""
    found: dict[str, dict[Place, Place]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for sheet in _loaded(path).worksheets:
                ranges = dict.fromkeys(MERGED.findall(archive.read(sheet._worksheet_path)))
                found[sheet.title] = dict(_covered(list(ranges)[:MOST_MERGES]))
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ReleaseProblem(
            f"{path} tells of merged cells that cannot be: open it in Excel and save it again."
        ) from error
    return found


def _covered(ranges: list[bytes]) -> Iterator[tuple[Place, Place]]:
    for cells in ranges:
        left, top, right, bottom = (int(edge or 1) - 1 for edge in range_boundaries(cells.decode()))
        if (bottom - top + 1) * (right - left + 1) > MOST_MERGED_CELLS:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield (row, column), (top, left)


def words_of(text: object) -> str:
    """A text by its words alone: no capitals, no signs, no fiscal year."""
    plain = re.sub(r"[^a-z0-9%]+", " ", str(text or "").casefold())
    return " ".join(re.sub(r"\b(?:eoy|eo)?fy ?(?:20)?\d\d\b|\bytd\b", " ", plain).split())
