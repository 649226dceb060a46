"""What was read as tables: a typed table each, every row with the place it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
from openpyxl.utils import get_column_letter

from wayhome.sources.detention_stats.facility_columns import FIELDS
from wayhome.sources.detention_stats.layouts import EVERY_LAYOUT
from wayhome.sources.detention_stats.workbooks import StatisticsWorkbook

_WORD = pa.dictionary(pa.int32(), pa.string())
# Where a row is from: of facilities, `columns.parquet` tells the column of each field.
FROM = (
    ("file", _WORD),
    ("sha256", _WORD),
    ("published", pa.date32()),
    ("data_as_of", pa.date32()),
    ("sheet", _WORD),
    ("row", pa.int32()),
)
FACILITIES = pa.schema(
    [
        *FROM,
        ("fiscal_year", pa.int16()),
        *((field.name, field.type) for field in FIELDS),
        ("instead_of_inspection_date", pa.string()),
        ("population", pa.float64()),
    ]
)
COLUMNS = pa.schema(
    [(name, _WORD) for name in ("file", "sha256", "sheet", "field", "column", "heading")]
    + [("heading_row", pa.int32())]
)
TABLE_NAMES = tuple(dict.fromkeys(layout.table for layout in EVERY_LAYOUT))


def dimensions(table: str) -> tuple[str, ...]:
    """The dimensions of a table; a row has null in those that its own division does not have."""
    names = (name for layout in EVERY_LAYOUT if layout.table == table for name in layout.dimensions)
    return tuple(dict.fromkeys(names))


def tables_of(workbooks: Iterable[StatisticsWorkbook]) -> Mapping[str, pa.Table]:
    """`facilities`, `columns` (where each field of a facility stands) and the tables of figures
    that have a row, by name. Of figures, one row is one cell."""
    books = tuple(workbooks)
    made = {
        "facilities": _table(FACILITIES, (r for book in books for r in _facility_rows(book))),
        "columns": _table(COLUMNS, (r for book in books for r in _column_rows(book))),
    }
    for name in TABLE_NAMES:
        made[name] = _table(_figures_schema(name), (r for b in books for r in _figures(b, name)))
    return {name: table for name, table in made.items() if table.num_rows}


def _figures_schema(table: str) -> pa.Schema:
    return pa.schema(
        [
            *FROM,
            ("day_told_in", _WORD),
            ("cell", pa.string()),
            ("division", _WORD),
            ("fiscal_year", pa.int16()),
            ("month", pa.date32()),
            *((name, _WORD) for name in dimensions(table)),
            ("measure", _WORD),
            ("value", pa.float64()),
        ]
    )


def _table(schema: pa.Schema, rows: Iterator[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)


def _from(book: StatisticsWorkbook, sheet: str, row: int) -> dict[str, Any]:
    return {
        "file": book.path.name,
        "sha256": book.sha256,
        "published": book.published,
        "data_as_of": book.data_as_of,
        "sheet": sheet,
        "row": row,
    }


def _facility_rows(book: StatisticsWorkbook) -> Iterator[dict[str, Any]]:
    for sheet in book.facility_sheets:
        for facility in sheet.facilities:
            yield {
                **_from(book, facility.sheet, facility.row),
                "fiscal_year": facility.fiscal_year,
                **facility.values,
                "instead_of_inspection_date": facility.instead_of_date,
                "population": facility.population,
            }


def _column_rows(book: StatisticsWorkbook) -> Iterator[dict[str, Any]]:
    for sheet in book.facility_sheets:
        for source in sheet.columns:
            yield {"file": book.path.name, "sha256": book.sha256, **vars(source)}


def _figures(book: StatisticsWorkbook, table: str) -> Iterator[dict[str, Any]]:
    for figure in book.figures:
        if figure.layout.table == table:
            told = book.days.of(figure)
            yield {
                **_from(book, figure.sheet, figure.row + 1),
                "data_as_of": told.day if told else book.data_as_of,
                "day_told_in": told.told_in if told else None,
                "cell": f"{get_column_letter(figure.column + 1)}{figure.row + 1}",
                "division": figure.layout.by,
                "fiscal_year": figure.fiscal_year,
                "month": figure.month,
                **figure.labels,
                "measure": figure.measure,
                "value": figure.value,
            }
