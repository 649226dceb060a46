"""What became of every row, every total and every figure of a workbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wayhome.sources.detention_stats.sheets import Place, Sheet, place_name
from wayhome.sources.ledger.workbook import Value, is_number

NOT_KNOWN = "its numbers stand in no table that is read"


class Outcome(StrEnum):
    """What a row was taken for; where it was taken for several things, the first of them."""

    READ = "read"
    TOTAL = "total"
    SET_ASIDE = "set_aside"
    HEADING = "heading"
    FOOTNOTE = "footnote"


@dataclass(frozen=True)
class RowAccount:
    """A row (1 is the first) that is not blank, and what became of it."""

    sheet: str
    row: int
    outcome: Outcome
    table: str
    reason: str


@dataclass(frozen=True)
class Fault:
    """A cell that does not say what it should. Its figure is left unknown."""

    sheet: str
    row: int
    column: int
    heading: str
    value: str
    right: str

    def sentence(self) -> str:
        place = f"sheet {self.sheet!r}, {place_name(self.row, self.column)} ({self.heading})"
        return f"{place}: {self.value!r} is there; {self.right}."


@dataclass(frozen=True)
class Total:
    """A total as the sheet states it, and as its parts add up. `place` is where it stands."""

    sheet: str
    table: str
    row: int
    column: int
    what: str
    stated: float
    added: float

    @property
    def differs(self) -> bool:
        return abs(self.stated - self.added) > max(0.01, 1e-6 * abs(self.stated))

    def sentence(self) -> str:
        return (
            f"sheet {self.sheet!r}, {place_name(self.row, self.column)} ({self.what}): the sheet "
            f"states {self.stated:,.2f}, its parts add up to {self.added:,.2f}."
        )


@dataclass
class Marks:
    """Kept while a workbook is read: what became of its rows and cells, and what is to be told."""

    rows: dict[tuple[str, int], RowAccount] = field(default_factory=dict)
    cells: set[tuple[str, Place]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    # By sheet and months that are not filled in: the rows of the tables' titles.
    unfilled: defaultdict[tuple[str, tuple[date, ...]], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def row(self, sheet: Sheet, row: int, outcome: Outcome, table: str, reason: str = "") -> None:
        """A row that several tables share counts as what it is to the most telling of them."""
        order = list(Outcome)
        before = self.rows.get((sheet.name, row))
        if before is None or order.index(outcome) < order.index(before.outcome):
            account = RowAccount(sheet.name, row + 1, outcome, table, reason)
            self.rows[sheet.name, row] = account

    def cell(self, sheet: Sheet, row: int, column: int) -> None:
        self.cells.add((sheet.name, (row, column)))

    def fault(
        self, sheet: Sheet, row: int, column: int, heading: str, value: Value, right: str
    ) -> None:
        self.faults.append(Fault(sheet.name, row, column, heading, str(value), right))


@dataclass(frozen=True)
class SheetAccount:
    """The rows of a sheet that are not blank: the five kinds add up to them. `numbers_left` counts
    the numbers that no table took, wherever they stand."""

    sheet: str
    rows: int
    read: int
    total: int
    set_aside: int
    heading: int
    footnote: int
    numbers_left: int


def finished_rows(sheet: Sheet, marks: Marks) -> Iterator[RowAccount]:
    """The account of every row of a sheet that is not blank; those that no table took too."""
    for row, cells in sheet.rows():
        account = marks.rows.get((sheet.name, row))
        if account is None and any(map(is_number, cells)):
            account = RowAccount(sheet.name, row + 1, Outcome.SET_ASIDE, "", NOT_KNOWN)
        yield account or RowAccount(sheet.name, row + 1, Outcome.FOOTNOTE, "", "")


def sheet_account(sheet: Sheet, rows: list[RowAccount], marks: Marks) -> SheetAccount:
    counts = Counter(row.outcome for row in rows)
    left = sum((sheet.name, place) not in marks.cells for place in sheet.numbers())
    kinds = {outcome.value: counts[outcome] for outcome in Outcome}
    return SheetAccount(sheet.name, len(rows), numbers_left=left, **kinds)
