"""The sheets of a statistics workbook as grids of plain values."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from wayhome.sources.eoir.layout import SYNTHETIC_PREFIX
from wayhome.sources.eoir.release import ReleaseProblem

ENDING = ".xlsx"
MOST_BYTES = 2_000_000_000  # unpacked: a small file must not unpack into all of the memory
MOST_ROWS = 200_000  # of one sheet: statistics have hundreds

# Text without spaces around it, a number, or None for an empty cell.
Value = str | int | float | None
Grid = tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Workbook:
    """A workbook: its sheets by name, each as rows of values of its cells from A1 on."""

    path: Path
    sheets: Mapping[str, Grid]

    @property
    def is_synthetic(self) -> bool:
        """Whether its name says that it was invented."""
        return self.path.name.upper().startswith(SYNTHETIC_PREFIX.removesuffix("_"))

    def rows(self) -> Mapping[str, int]:
        """How many rows of each sheet are not blank."""
        return {name: sum(map(any_value, grid)) for name, grid in self.sheets.items()}


def is_workbook(path: Path) -> bool:
    return path.suffix.lower() == ENDING


def open_workbook(path: Path) -> Workbook:
    """Read every sheet; a formula is the value that it had when the workbook was saved.

    Raises ReleaseProblem, a sentence, for a file that is no sound Excel workbook.
    """
    if not path.is_file():
        raise ReleaseProblem(f"There is no workbook at {path}: check the path.")
    _check_size(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            sheets = {sheet.title: _grid(path, sheet) for sheet in book.worksheets}
            book.close()
    except ReleaseProblem:
        raise
    except Exception as error:  # openpyxl lets every kind of error through from a damaged file
        raise _damaged(path) from error
    return Workbook(path, sheets)


def any_value(row: Iterable[Value]) -> bool:
    return any(value is not None for value in row)


def is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def text_of(value: Value) -> str | None:
    """A value as it is compared and shown: numbers with the 15 digits that Excel keeps."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(path) from error
    if size > MOST_BYTES:
        raise ReleaseProblem(f"{path} unpacks to more than 2 GB: that is no statistics workbook.")


def _damaged(path: Path) -> ReleaseProblem:
    return ReleaseProblem(
        f"{path} is no sound Excel workbook: fetch it again, or open it in Excel and save it "
        "as .xlsx."
    )


def _grid(path: Path, sheet: Any) -> Grid:
    # Some writers state a smaller area than the sheet has.
    sheet.reset_dimensions()
    rows: list[tuple[Value, ...]] = []
    for row in sheet.iter_rows(values_only=True):
        if len(rows) == MOST_ROWS:
            raise ReleaseProblem(
                f"{path.name}, sheet {sheet.title!r}: it has more than {MOST_ROWS:,} rows, which "
                "is no table of statistics."
            )
        rows.append(tuple(map(_value, row)))
    return tuple(rows)


def _value(cell: Any) -> Value:
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return " ".join(str(cell).split()) or None
