"""Import workbooks into a folder of tables that can be queried."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from openpyxl.utils import get_column_letter

from wayhome.sources.detention_stats.accounting import Fault, RowAccount, SheetAccount, Total
from wayhome.sources.detention_stats.tables import tables_of
from wayhome.sources.detention_stats.workbooks import StatisticsWorkbook, read_workbook
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import ACCOUNTING, import_folder, write_csv, write_provenance

KIND = "folder of detention statistics"
MOST_DIFFERENCES_SHOWN = 5


@dataclass(frozen=True)
class StatisticsImport:
    """What an import came to: `rows` by table; files given twice were read once."""

    folder: Path
    workbooks: tuple[StatisticsWorkbook, ...]
    rows: Mapping[str, int]
    given_twice: tuple[str, ...]
    seconds: float

    def summary(self) -> str:
        """The report for a person, in plain text."""
        lines = [line for book in self.workbooks for line in _lines(book)]
        lines += [f"{name} is the same file as another: read once." for name in self.given_twice]
        tables = ", ".join(f"{name} {count:,}" for name, count in self.rows.items())
        lines.append(f"Written to {self.folder}, in {self.seconds:.1f} seconds. Rows: {tables}.")
        return "\n".join(lines)


def import_statistics(paths: Sequence[Path], folder: Path) -> StatisticsImport:
    """Read ICE's detention statistics workbooks and write them to `folder`, whole or not at all.

    In the folder: a Parquet file a table, `accounting.csv` (every sheet, its rows by what became
    of them), `rows.csv` (each row that is no figure), `totals.csv` (each total and the sum of its
    parts), `faults.csv` (cells that could not be read) and `provenance.json`.

    Raises ReleaseProblem, a sentence, for a file that cannot be used; then nothing is written.
    """
    started = time.monotonic()
    read: dict[str, StatisticsWorkbook] = {}
    twice: list[str] = []
    for path in paths:
        book = read_workbook(path)
        if book.sha256 in read:
            twice.append(path.name)
        read.setdefault(book.sha256, book)
    if not read:
        raise ReleaseProblem("No workbook was named: give the path of one or more.")
    workbooks = tuple(read.values())
    with import_folder(folder, KIND) as new:
        tables = tables_of(workbooks)
        for name, table in tables.items():
            pq.write_table(table, new / f"{name}.parquet", compression="zstd")
        _write_accounts(new, workbooks)
        rows = {name: table.num_rows for name, table in tables.items()}
        told = {"workbooks": [_provenance(book) for book in workbooks], "rows": rows}
        write_provenance(new, KIND, told)
    return StatisticsImport(folder, workbooks, rows, tuple(twice), time.monotonic() - started)


def _names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def _write_accounts(folder: Path, workbooks: Iterable[StatisticsWorkbook]) -> None:
    books = tuple(workbooks)
    write_csv(
        folder / ACCOUNTING,
        ["file", *_names(SheetAccount)],
        ((book.path.name, *astuple(account)) for book in books for account in book.accounts),
    )
    write_csv(
        folder / "rows.csv",
        ["file", *_names(RowAccount)],
        ((b.path.name, *astuple(row)) for b in books for row in b.rows if row.outcome != "read"),
    )
    write_csv(
        folder / "totals.csv",
        ["file", "sheet", "row", "column", "what", "stated", "added", "differs"],
        (
            (*_place(book, t), t.what, t.stated, round(t.added, 6), t.differs)
            for book in books
            for t in book.totals
        ),
    )
    write_csv(
        folder / "faults.csv",
        ["file", "sheet", "row", "column", "heading", "value", "right"],
        ((*_place(book, f), f.heading, f.value, f.right) for book in books for f in book.faults),
    )


def _place(book: StatisticsWorkbook, of: Total | Fault) -> tuple[str | int, ...]:
    return book.path.name, of.sheet, of.row + 1, get_column_letter(of.column + 1)


def _provenance(book: StatisticsWorkbook) -> dict[str, Any]:
    return {
        "file": book.path.name,
        "sha256": book.sha256,
        "bytes": book.path.stat().st_size,
        "fiscal_year": book.fiscal_year,
        "published": book.published.isoformat() if book.published else None,
        "published_from": book.published_from,
        "data_as_of": book.data_as_of.isoformat() if book.data_as_of else None,
        "table_days": [day.isoformat() for day in book.days.every],
        "sheets": [account.sheet for account in book.accounts],
        "totals_compared": len(book.totals),
        "totals_that_differ": sum(total.differs for total in book.totals),
        "told": [*book.told, *(fault.sentence() for fault in book.faults)],
    }


def _other_days(book: StatisticsWorkbook) -> str:
    """Those that the footnotes and the sheets of alternatives tell."""
    days = ", ".join(map(str, book.days.every))
    return f", other tables as of {days}" if days else ""


def _lines(book: StatisticsWorkbook) -> list[str]:
    facilities = [facility for sheet in book.facility_sheets for facility in sheet.facilities]
    held = sum(facility.population or 0.0 for facility in facilities)
    differ = [total for total in book.totals if total.differs]
    left = [account for account in book.accounts if account.numbers_left]
    lines = [
        f"{book.path.name}: fiscal year {book.fiscal_year or 'not told'}, published "
        f"{book.published or 'on a day that it does not tell'} ({book.published_from}), "
        f"facilities as of {book.data_as_of or 'a day that it does not tell'}{_other_days(book)}.",
        f"  {len(facilities):,} facilities, {held:,.2f} people on average; "
        f"{len(book.figures):,} figures of other tables.",
        f"  {len(book.totals):,} totals compared with their parts, {len(differ):,} differ.",
    ]
    lines += [f"    {total.sentence()}" for total in differ[:MOST_DIFFERENCES_SHOWN]]
    if len(differ) > MOST_DIFFERENCES_SHOWN:
        lines.append(f"    … and {len(differ) - MOST_DIFFERENCES_SHOWN:,} more in totals.csv.")
    lines += [f"  {sentence}" for sentence in book.told]
    lines += [f"  {fault.sentence()} The figure is left unknown." for fault in book.faults]
    lines += [
        f"  sheet {account.sheet!r}: {account.numbers_left:,} numbers in no table that is read."
        for account in left
    ]
    return lines
