"""The layout of the immigration courts' release: its tables, their columns in order, and kinds.

The list is `figures/columns.csv`, read once. The release is a folder (or a zip of one) of
tab-separated files without quoting, one a table, a `Lookup/` folder of code tables and a
`Count.txt` (table, tab, rows). In a SYNTHETIC release every file name starts with
`SYNTHETIC_PREFIX` (`SYNTHETIC_A_TblCase.csv`, `Lookup/SYNTHETIC_tblLanguage.csv`,
`SYNTHETIC_Count.txt`) and the folder is named by `synthetic_release_name`; a reader strips the
prefix and finds the tables as it does in a real release.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from itertools import groupby
from pathlib import Path

SYNTHETIC_PREFIX = "SYNTHETIC_"
LOOKUP_FOLDER = "Lookup"
COUNT_FILE = "Count.txt"

# What the courts' files write into a column of each kind.
DATE_FORMAT = "%Y-%m-%d %H:%M:%S.%f"  # three digits of the fraction: 2024-05-17 00:00:00.000


class Kind(StrEnum):
    """What a column holds when nothing is wrong with it. Empty is always allowed."""

    ID = "id"  # a positive integer
    NUMBER = "number"  # an integer, which may carry leading zeros or a minus sign
    DATE = "date"  # YYYY-MM-DD HH:MM:SS.mmm
    MONTH = "month"  # M/YYYY or MM/YYYY
    TIME = "time"  # HHMM, 0000 to 2359
    CODE = "code"  # a short code; `Column.lookup` names its table, `Column.width` its length
    FLAG = "flag"  # 0 or 1
    TEXT = "text"  # anything


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `lookup` names the code table that lists the column's codes, and is empty where the release
    has none. `width` is the greatest length of a code or number (0: no limit is known).
    `missing_share` is the share of empty values in the release of 2025 (0 to 1).
    """

    name: str
    kind: Kind
    lookup: str
    width: int
    missing_share: float


@dataclass(frozen=True)
class Table:
    """One table: its file, its columns in the order of the file, and its key columns.

    `key[0]` is the table's own number, without which a row cannot be loaded; the others are the
    numbers of the case and the proceeding that the row belongs to.
    """

    name: str
    file_name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def position(self, name: str) -> int:
        """The place (from 0) of a column, whatever the case of its letters.

        Raises KeyError naming the table and the column when there is none.
        """
        for place, column in enumerate(self.columns):
            if column.name.lower() == name.lower():
                return place
        raise KeyError(f"{self.name} has no column {name!r}.")

    def column(self, name: str) -> Column:
        return self.columns[self.position(name)]


def synthetic_release_name(cases: int, seed: int) -> str:
    """The folder (or, with `.zip`, the archive) of a synthetic release."""
    return f"SYNTHETIC-eoir-{cases}-seed{seed}"


def release_file_name(name: str) -> str:
    """The name that a file has in a real release: a synthetic one's without its prefix."""
    return name.removeprefix(SYNTHETIC_PREFIX)


def _read_tables() -> dict[str, Table]:
    text = resources.files(__package__).joinpath("figures", "columns.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    tables = groupby(rows, key=lambda row: row["table"])
    return {name: _table(name, list(columns)) for name, columns in tables}


def _table(name: str, rows: list[dict[str, str]]) -> Table:
    keys = sorted((int(row["key"]), row["name"]) for row in rows if row["key"])
    return Table(
        name=name,
        file_name=f"{name}.csv",
        columns=tuple(_column(row) for row in rows),
        key=tuple(key for _, key in keys),
    )


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["name"],
        kind=Kind(row["kind"]),
        lookup=row["lookup"],
        width=int(row["width"] or 0),
        missing_share=float(row["missing_share"]),
    )


TABLES: dict[str, Table] = _read_tables()


def fault_key_of(release: Path) -> Path:
    """The answer key of a synthetic release: it stands beside the release's folder."""
    return release.with_name(f"{release.name}-fault-key.csv")
