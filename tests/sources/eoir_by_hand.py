"""Small releases made by hand, and the facts that an import draws from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from wayhome.sources.eoir.importing import ImportReport, import_release
from wayhome.sources.eoir.layout import TABLES, Kind
from wayhome.sources.eoir.store import open_store

RELEASE_DATE = date(2024, 6, 30)

CASES = "A_TblCase"
PROCEEDINGS = "B_TblProceeding"
CHARGES = "B_TblProceedCharges"
APPLICATIONS = "tbl_Court_Appln"
CUSTODY = "tbl_CustodyHistory"
BONDS = "D_TblAssociatedBond"
APPEALS = "tblAppeal"
MOTIONS = "tbl_Court_Motions"
JUVENILES = "tbl_JuvenileHistory"

Row = Mapping[str, str]
TablesOfRows = Mapping[str, Iterable[Row | bytes]]


def line_of(table: str, row: Row) -> bytes:
    """A row as the courts write it. Dates may be given as the day alone."""
    known = {column.name.lower() for column in TABLES[table].columns}
    given = {name.lower(): value for name, value in row.items()}
    assert given.keys() <= known, f"{table} has no {given.keys() - known}"
    fields = []
    for column in TABLES[table].columns:
        value = given.get(column.name.lower(), "")
        is_day = column.kind is Kind.DATE and len(value) == 10
        fields.append(f"{value} 00:00:00.000" if is_day else value)
    return "\t".join(fields).encode()


def header_of(table: str) -> bytes:
    return "\t".join(TABLES[table].column_names).encode()


def write_tables(folder: Path, tables: TablesOfRows) -> Path:
    """A release of the tables given: rows, or lines as they stand. Cases and proceedings are
    always there."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in {CASES: (), PROCEEDINGS: (), **tables}:
        rows = tables.get(table, ())
        lines = [row if isinstance(row, bytes) else line_of(table, row) for row in rows]
        content = b"".join(line + b"\n" for line in (header_of(table), *lines))
        (folder / TABLES[table].file_name).write_bytes(content)
    return folder


def import_by_hand(folder: Path, tables: TablesOfRows, day: date = RELEASE_DATE) -> ImportReport:
    release = write_tables(folder / "release", tables)
    return import_release(release, folder / "store", as_release_date=day)


def facts_of(store: Path) -> list[dict[str, object]]:
    """The fact table of docket cases, row by row."""
    with pa.OSFile(str(open_store(store).cases_path)) as source:
        return pa.ipc.open_file(source).read_all().to_pylist()


@dataclass(frozen=True)
class Story:
    """One case, told in its rows, and the facts that must come of it."""

    title: str
    rows: tuple[tuple[str, dict[str, str]], ...]
    facts: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.title


def story(title: str, *rows: tuple[str, dict[str, str]], **facts: object) -> Story:
    return Story(title, rows, facts)


def case(**columns: str) -> tuple[str, dict[str, str]]:
    return CASES, {"CASE_TYPE": "RMV", **columns}


def proceeding(**columns: str) -> tuple[str, dict[str, str]]:
    return PROCEEDINGS, {"CASE_TYPE": "RMV", "BASE_CITY_CODE": "MIA", **columns}


def charge(code: str, status: str = "S") -> tuple[str, dict[str, str]]:
    return CHARGES, {"CHARGE": code, "CHG_STATUS": status}


def application(code: str, decision: str = "", filed: str = "2020-01-02") -> tuple[str, dict]:
    return APPLICATIONS, {"APPL_CODE": code, "APPL_RECD_DATE": filed, "APPL_DEC": decision}


def appeal(**columns: str) -> tuple[str, dict[str, str]]:
    return APPEALS, {"strAppealCategory": "IJ", "strAppealType": "Case Appeal", **columns}


def row(table: str, **columns: str) -> tuple[str, dict[str, str]]:
    return table, columns


def tables_of(stories: Iterable[Story], first_case: int = 1001) -> dict[str, list[Row]]:
    """The stories' rows with their numbers filled in: one case a story, in order.

    A row may give its own number of the proceeding: `1` is the story's first, and so on.
    """
    tables: dict[str, list[Row]] = {CASES: [], PROCEEDINGS: []}
    numbers = itertools.count(1)
    for number, told in enumerate(stories, start=first_case):
        proceedings: list[str] = []
        for table, columns in told.rows:
            keys = TABLES[table].key
            filled = dict.fromkeys(keys, str(next(numbers)))
            names = {name.lower(): name for name in TABLES[table].column_names}
            filled[names["idncase"]] = str(number)
            if table == PROCEEDINGS:
                proceedings.append(filled["IDNPROCEEDING"])
            given = dict(columns)
            place = names.get("idnproceeding", "")
            if table not in (CASES, PROCEEDINGS) and place in keys and place not in given:
                filled[place] = proceedings[-1] if proceedings else str(number)
            if given.get(place, "").isdecimal():
                given[place] = proceedings[int(given[place]) - 1]
            tables.setdefault(table, []).append({**filled, **given})
    return tables
