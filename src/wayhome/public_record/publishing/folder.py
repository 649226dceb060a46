"""The tables as rows, checked against their declaration and written as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from wayhome.public_record.record import RecordProblem
from wayhome.public_record.schema import Column, Table, Type
from wayhome.public_record.tables import BY_NAME, TABLES
from wayhome.sources.import_folder import write_csv

Row = Mapping[str, Any]
Rows = dict[str, list[Row]]
DECIMALS = 4


def joined(parts: Iterable[Mapping[str, Sequence[Row]]]) -> Rows:
    """The rows of several parts of the record by table."""
    rows: Rows = {}
    for part in parts:
        for name, found in part.items():
            rows.setdefault(name, []).extend(found)
    return rows


def write_tables(folder: Path, rows: Mapping[str, Sequence[Row]]) -> dict[str, int]:
    """Write each table that has rows; how many each has.

    Raises RecordProblem for a row that is not as declared, or whose source is in no sources.csv:
    it is a fault of the program, and nothing is published with it."""
    unknown = rows.keys() - BY_NAME.keys()
    if unknown:
        raise RecordProblem(f"No table of the record is called {', '.join(sorted(unknown))}.")
    sources = {row["id"] for row in rows.get("sources", ())}
    for table in TABLES:
        found = rows.get(table.name, ())
        if found:
            _check_sources(table, found, sources)
            cells = [[_cell(row, column, table) for column in table.columns] for row in found]
            write_csv(folder / f"{table.name}.csv", table.names, cells)
    return {table.name: len(rows[table.name]) for table in TABLES if rows.get(table.name)}


def _check_sources(table: Table, rows: Sequence[Row], sources: set[str]) -> None:
    for name in ("source", "after_source", "by_source"):
        if name not in table.names:
            continue
        for row in rows:
            if row.get(name) is not None and row[name] not in sources:
                raise RecordProblem(
                    f"{table.name}: the source {row[name]!r} is not in sources.csv."
                )


def _cell(row: Row, column: Column, table: Table) -> object:
    value = row.get(column.name)
    if value is None or value == "":
        if column.required:
            raise RecordProblem(f"{table.name}: a row has no {column.name}: {dict(row)}.")
        return None
    if column.type is Type.YES_NO:
        return "yes" if value else "no"
    if column.type is Type.DATE:
        return value.isoformat() if isinstance(value, date) else str(value)
    if column.type is Type.WHOLE:
        return int(value)
    if column.type is Type.NUMBER:
        rounded = round(float(value), DECIMALS)
        return int(rounded) if rounded.is_integer() else rounded
    return str(value)
