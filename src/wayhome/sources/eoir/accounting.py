"""What became of every line of every table, beside what Count.txt says."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = ("table", "read", "loaded", "repaired", "set_aside", "count_txt")


@dataclass(frozen=True)
class TableAccount:
    """The lines of one table after its header: read = loaded + repaired + set_aside.

    `count_txt` is what the release's Count.txt says, None where it says nothing.
    """

    table: str
    read: int
    loaded: int
    repaired: int
    set_aside: int
    count_txt: int | None

    @property
    def rows(self) -> int:
        """The rows in the store."""
        return self.loaded + self.repaired

    @property
    def difference(self) -> int | None:
        """How many lines more than Count.txt says (negative: fewer)."""
        return None if self.count_txt is None else self.read - self.count_txt


@dataclass(frozen=True)
class OutsideCode:
    """A code that its code table does not list, and in how many rows it stands as it is."""

    table: str
    column: str
    code: str
    rows: int


def write_accounting(path: Path, accounts: Iterable[TableAccount]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(account) for account in accounts)


def read_accounting(path: Path) -> tuple[TableAccount, ...]:
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(_account(row) for row in csv.DictReader(stream))


def summary(accounts: Sequence[TableAccount]) -> str:
    """The accounts as a table of plain text, one line a table and one for all of them."""
    header = ("table", "read", "loaded", "repaired", "set aside", "Count.txt", "difference")
    rows = [_cells(account) for account in (*accounts, total(accounts))]
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = (
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in (header, *rows)
    )
    return "\n".join(line.rstrip() for line in lines)


def total(accounts: Sequence[TableAccount]) -> TableAccount:
    """The sum of the accounts. Its Count.txt is None unless Count.txt names every table."""
    counts = [account.count_txt for account in accounts if account.count_txt is not None]
    return TableAccount(
        "all tables",
        sum(account.read for account in accounts),
        sum(account.loaded for account in accounts),
        sum(account.repaired for account in accounts),
        sum(account.set_aside for account in accounts),
        sum(counts) if len(counts) == len(accounts) else None,
    )


def _cells(account: TableAccount) -> tuple[str, ...]:
    difference = account.difference
    return (
        account.table,
        f"{account.read:,}",
        f"{account.loaded:,}",
        f"{account.repaired:,}",
        f"{account.set_aside:,}",
        "not there" if account.count_txt is None else f"{account.count_txt:,}",
        "" if difference is None else f"{difference:+,}" if difference else "0",
    )


def _account(row: dict[str, str]) -> TableAccount:
    return TableAccount(
        table=row["table"],
        read=int(row["read"]),
        loaded=int(row["loaded"]),
        repaired=int(row["repaired"]),
        set_aside=int(row["set_aside"]),
        count_txt=int(row["count_txt"]) if row["count_txt"] else None,
    )
