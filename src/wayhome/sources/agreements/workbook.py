"""A workbook of agreements: opened, and the columns of each sheet found by their headings."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from wayhome.sources.agreements.meanings import heading_meaning
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.printed_text import cleaned

HEADER_WITHIN = 30
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_BYTES = 500_000_000  # unpacked

NEEDED = ("state", "agency", "model", "signed")
SAID = {
    "state": "state",
    "agency": "law enforcement agency",
    "agency_type": "type",
    "county": "county",
    "model": "support type",
    "signed": "signed",
    "memorandum": "MOA",
    "addendum": "addendum",
}


@dataclass(frozen=True)
class Header:
    row: int
    columns: Mapping[str, int]


def opened(path: Path) -> Any:
    damaged = ReleaseProblem(
        f"{path.name} is no sound Excel workbook: fetch it again, or open it in Excel and save "
        "it as .xlsx."
    )
    if not path.is_file():
        raise ReleaseProblem(f"There is no file {path}: check the path.")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise ReleaseProblem(f"{path.name} unpacks to more than 500 MB: that is no list.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except ReleaseProblem:
        raise
    except Exception as error:  # openpyxl lets every kind of error through from a damaged file
        raise damaged from error
    for sheet in book.worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise ReleaseProblem(
                f"{path.name}, sheet {sheet.title!r}: {sheet.max_row:,} rows and "
                f"{sheet.max_column:,} columns are more than any list of agreements has. Remove "
                "the empty ones."
            )
    return book


def header_of(path: Path, sheet: Any) -> Header | None:
    """The first row that names every needed column, once."""
    for row, cells in enumerate(sheet.iter_rows(max_row=HEADER_WITHIN), start=1):
        if not set(NEEDED) <= _meanings(cells):
            continue
        columns: dict[str, int] = {}
        for cell in cells:
            field = heading_meaning(cleaned(cell.value))
            if field in columns and field in NEEDED:
                raise ReleaseProblem(
                    f"{path.name}, sheet {sheet.title!r}, row {row}: columns "
                    f"{get_column_letter(columns[field])} and {cell.column_letter} both look like "
                    f"the {SAID[field]}. Take one of them out."
                )
            if field:
                columns.setdefault(field, cell.column)
        return Header(row, columns)
    return None


def _meanings(cells: Sequence[Any]) -> set[str]:
    return {field for cell in cells if (field := heading_meaning(cleaned(cell.value)))}


def what_it_met(book: Any) -> str:
    """Why no sheet is a list: the row that comes nearest, and what it lacks."""
    looked = ", ".join(SAID[field] for field in NEEDED)
    nearest: tuple[int, str] = (0, "")
    for sheet in book.worksheets:
        for row, cells in enumerate(sheet.iter_rows(max_row=HEADER_WITHIN), start=1):
            found = _meanings(cells) & set(NEEDED)
            if len(found) > nearest[0]:
                lacking = " and ".join(SAID[field] for field in NEEDED if field not in found)
                said = ", ".join(repr(text) for c in cells if (text := cleaned(c.value)))[:300]
                where = f"sheet {sheet.title!r}, row {row}"
                nearest = len(found), f"{where} has {said} and no column for {lacking}"
    met = nearest[1] or "sheets " + ", ".join(repr(sheet.title) for sheet in book.worksheets)
    pending = ""
    if nearest[1].endswith("no column for signed"):
        pending = " (ICE's lists of pending agencies have none: they are not agreements)"
    return (
        f"no sheet is a list of agreements. Looked for {looked} in one of the first "
        f"{HEADER_WITHIN} rows; met {met}{pending}."
    )


def cell_of(sheet: Any, row: int, column: int) -> Any:
    """The cell, or for one that is merged away the cell that holds what is seen there."""
    cell = sheet.cell(row, column)
    if type(cell).__name__ == "MergedCell":
        for merged in sheet.merged_cells.ranges:
            if cell.coordinate in merged:
                return sheet.cell(merged.min_row, merged.min_col)
    return cell
