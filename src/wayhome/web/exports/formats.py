"""Tables as CSV, XLSX or JSON lines: writing rows of values, and reading them back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from wayhome.web.exports.cells import text_of
from wayhome.web.exports.tables import Holds

FORMATS = ("csv", "xlsx", "jsonl")
WORKBOOK = "wayhome.xlsx"
_MOST_ROWS, _LONGEST_CELL = 1_048_575, 32_767
Columns = Mapping[str, Holds]


class TooMuchForASheet(ValueError):
    """A spreadsheet cannot hold it; CSV and JSON lines can."""


def write_tables(
    folder: Path, format: str, tables: Iterable[tuple[str, Columns, Iterable[Mapping[str, Any]]]]
) -> dict[str, int]:
    """Writes tables (name, columns, rows) into a folder; says how many rows each has."""
    if format == "xlsx":
        return _write_workbook(folder / WORKBOOK, tables)
    write = _write_csv if format == "csv" else _write_json_lines
    return {
        name: write(folder / f"{name}.{format}", columns, rows) for name, columns, rows in tables
    }


def _write_csv(path: Path, columns: Columns, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([text_of(holds, row[name]) for name, holds in columns.items()])
            count += 1
    return count


def _write_json_lines(path: Path, columns: Columns, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({name: row[name] for name in columns}, ensure_ascii=False))
            file.write("\n")
            count += 1
    return count


def _write_workbook(
    path: Path, tables: Iterable[tuple[str, Columns, Iterable[Mapping[str, Any]]]]
) -> dict[str, int]:
    book, counts = Workbook(write_only=True), {}
    for name, columns, rows in tables:
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        counts[name] = 0
        for count, row in enumerate(rows, start=1):
            if count > _MOST_ROWS:
                raise TooMuchForASheet(f"{name}: too many rows for a sheet; choose csv or jsonl.")
            sheet.append([_cell(sheet, name, holds, row[key]) for key, holds in columns.items()])
            counts[name] = count
    book.save(path)
    return counts


def _cell(sheet: Any, table: str, holds: Holds, value: Any) -> Any:
    text = text_of(holds, value)
    if len(text) > _LONGEST_CELL:
        raise TooMuchForASheet(f"{table}: a text is longer than a cell; choose csv or jsonl.")
    cell = WriteOnlyCell(sheet, value=text or None)
    cell.data_type = "s"
    return cell


def format_of(folder: Path) -> str:
    """Which format a folder is in. Raises FileNotFoundError."""
    if (folder / WORKBOOK).exists():
        return "xlsx"
    for format in ("csv", "jsonl"):
        if (folder / f"cases.{format}").exists():
            return format
    raise FileNotFoundError(
        f"{folder} holds no export: there is no cases.csv, cases.jsonl or {WORKBOOK}."
    )


@contextmanager
def opened_workbook(folder: Path) -> Iterator[Workbook | None]:
    """The workbook of a folder, or None where its tables are files.

    Opened once for all tables: each opening goes through every sheet of it.
    """
    if not (folder / WORKBOOK).exists():
        yield None
        return
    book = load_workbook(folder / WORKBOOK, read_only=True)
    try:
        yield book
    finally:
        book.close()


def read_table(
    folder: Path, format: str, name: str, book: Workbook | None
) -> Iterator[Mapping[str, Any]]:
    """The rows of a table, of text (CSV, XLSX) or of values (JSON lines); none where it is absent.

    Raises ValueError for a line that is none.
    """
    path = folder / f"{name}.{format}"
    if book is not None:
        yield from _read_sheet(book, name)
    elif path.exists() and format == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, restval="")
    elif path.exists():
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


def _read_sheet(book: Workbook, name: str) -> Iterator[Mapping[str, Any]]:
    if name not in book.sheetnames:
        return
    rows = book[name].iter_rows(values_only=True)
    head: Sequence[str] = [str(cell or "") for cell in next(rows, ())]
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        yield dict(zip(head, cells + [""] * (len(head) - len(cells)), strict=False))
