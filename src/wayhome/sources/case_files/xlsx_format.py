"""The first sheet (or a named one) of an Excel workbook."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

from wayhome.law.vocabulary import LATEST_DATE, nearest_spelling
from wayhome.sources.case_files.faults import file_problem, quoted
from wayhome.sources.case_files.raw_table import TEXT_OF, RawRow, RawTable, without_empty_end

MOST_ROWS = 1_048_576  # Excel's own
MOST_BYTES = 2_000_000_000  # unpacked: a small file must not unpack into all of the memory
CHUNK = 1000

FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
LONGEST_MARK = 200  # bytes; how far a match may straddle two chunks

# What openpyxl lets through from a damaged workbook is not one class of error but all of them.
DAMAGED = "it is a damaged Excel workbook: open it in Excel and save it again, or save it as CSV."


@dataclass(frozen=True)
class _Oddities:
    """What openpyxl's quick reader does not tell of a sheet."""

    has_formulas: bool = False
    merged: list[str] = field(default_factory=list)

    def merged_by_row(self) -> dict[int, str]:
        by_row: dict[int, str] = {}
        for cells in self.merged:
            _, top, _, bottom = range_boundaries(cells)
            by_row.update(zip(range(int(top or 1), int(bottom or 1) + 1), repeat(cells)))
        return by_row


def open_xlsx(path: Path, sheet: str | None) -> RawTable:
    """The rows of a sheet; formulas as the values they had when the workbook was saved."""
    _check_size(path)
    workbook = _load(path, values=True)
    chosen = _chosen(path, workbook, sheet)
    oddities = _oddities(path, chosen)
    merged = oddities.merged_by_row()
    formulas = _load(path, values=False)[chosen.title] if oddities.has_formulas else None
    rows = _rows(path, chosen, formulas)
    number, heading, problem = next(rows, (1, (), None))
    header = without_empty_end(heading)
    if problem or number != 1 or not header:
        reason = problem or "it is empty: it must hold the names of the columns."
        raise file_problem(path.name, f"sheet {quoted(chosen.title)}, row 1: {reason}")
    if 1 in merged:
        reason = f"cells {merged[1]} are merged: each column needs a name of its own."
        raise file_problem(path.name, f"sheet {quoted(chosen.title)}, row 1: {reason}")
    notes = _notes(path, workbook, chosen)
    return RawTable(header, (_fitted(row, len(header), merged) for row in rows), notes)


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise file_problem(path.name, DAMAGED) from None
    if "xl/workbook.xml" not in names:
        raise file_problem(path.name, "it is not an Excel workbook: save it as .xlsx or as CSV.")
    if size > MOST_BYTES:
        raise file_problem(path.name, "it unpacks to more than 2 GB: save it as CSV.")


def _load(path: Path, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
    except Exception as error:  # see DAMAGED
        raise file_problem(path.name, DAMAGED) from error


def _chosen(path: Path, workbook: Any, sheet: str | None) -> Any:
    by_title = {worksheet.title: worksheet for worksheet in workbook.worksheets}
    if not by_title:
        raise file_problem(path.name, "the workbook has no sheet with cells.")
    if sheet is None:
        return next(iter(by_title.values()))
    if sheet in by_title:
        return by_title[sheet]
    near = nearest_spelling(sheet, by_title)
    hint = f"Did you mean {quoted(near)}?" if near else f"It has {', '.join(by_title)}."
    raise file_problem(path.name, f"there is no sheet {quoted(sheet)}. {hint}")


def _notes(path: Path, workbook: Any, chosen: Any) -> list[str]:
    others = [sheet.title for sheet in workbook.worksheets if sheet is not chosen]
    if not others:
        return []
    return [f"{path.name}: read sheet {chosen.title}; not read: {', '.join(others)}."]


def _oddities(path: Path, worksheet: Any) -> _Oddities:
    """Formulas and merged cells, found in the sheet's own text: the quick reader skips both."""
    merged: dict[str, None] = {}
    has_formulas = False
    tail = b""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(worksheet._worksheet_path) as part:
            while chunk := part.read(1 << 20):
                text = tail + chunk
                has_formulas = has_formulas or FORMULA.search(text) is not None
                merged.update(dict.fromkeys(m[1].decode("ascii") for m in MERGED.finditer(text)))
                tail = text[-LONGEST_MARK:]
        return _Oddities(has_formulas, _sensible(merged))
    except Exception as error:  # see DAMAGED
        raise file_problem(path.name, DAMAGED) from error


def _sensible(merged: dict[str, None]) -> list[str]:
    return [cells for cells in merged if int(range_boundaries(cells)[3] or 0) <= MOST_ROWS]


def _rows(path: Path, worksheet: Any, formulas: Any | None) -> Iterator[RawRow]:
    """Every row that is not blank, in the text of its cells."""
    with_formulas: Iterator[tuple[Any, ...]] = _cells(path, formulas) if formulas else repeat(())
    pairs = zip(_cells(path, worksheet), with_formulas, strict=False)
    for number, (cells, formula_cells) in enumerate(pairs, start=1):
        if number > MOST_ROWS:
            raise file_problem(path.name, f"it has more than {MOST_ROWS} rows: save it as CSV.")
        row = without_empty_end(tuple(map(_text, cells)))
        lost = _lost_formula(cells, formula_cells)
        if row or lost:
            yield RawRow(number, row, lost)


def _cells(path: Path, worksheet: Any) -> Iterator[tuple[Any, ...]]:
    # Without this, a sheet that misstates its own size is cut off or padded to 16,384 columns.
    worksheet.reset_dimensions()
    cells = iter(worksheet.iter_rows())
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                chunk = list(islice(cells, CHUNK))
        except Exception as error:  # see DAMAGED
            raise file_problem(path.name, DAMAGED) from error
        if not chunk:
            return
        yield from chunk


def _lost_formula(cells: tuple[Any, ...], formula_cells: tuple[Any, ...]) -> str | None:
    """A formula that no program has worked out would read as an empty cell."""
    for cell, formula in zip(cells, formula_cells, strict=False):
        # A formula whose value is the empty text keeps its type, "str".
        if formula.data_type == "f" and cell.value is None and cell.data_type == "n":
            return (
                f"cell {formula.coordinate} holds a formula without a saved value: "
                "open the workbook in Excel and save it again, or write the value."
            )
    return None


def _fitted(row: RawRow, width: int, merged: dict[int, str]) -> RawRow:
    number, cells, problem = row
    if problem:
        return row
    if number in merged:
        problem = f"cells {merged[number]} are merged: unmerge them and write each row's own value."
        return RawRow(number, cells, problem)
    if len(cells) > width:
        return RawRow(number, cells, "it holds a value in a column that has no name in row 1.")
    return RawRow(number, cells + ("",) * (width - len(cells)))


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return _text_of_moment(value, cell.number_format)
    return TEXT_OF.get(type(value), str)(value)


def _text_of_moment(value: datetime, number_format: str) -> str:
    """A cell shown as a date is a date; one shown with hours is a moment, midnight included."""
    if value.microsecond >= 500_000 and value.year < LATEST_DATE.year:
        value += timedelta(seconds=1)  # Excel counts in fractions of a day
    moment = value.replace(microsecond=0)
    is_day = moment.time() == time() and "h" not in (number_format or "").lower()
    return moment.date().isoformat() if is_day else moment.isoformat(sep=" ")
