"""What came of comparing two releases: the same for docket stores and for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# How many rows of each kind of change are shown of each table.
SAMPLES = 10


class Change(StrEnum):
    """What became of a row from the old release to the new one."""

    ADDED = "added"
    CHANGED = "changed"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Cell:
    """One cell of a row: None before where the row is new, None after where it has vanished."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Sample:
    """One row, by its key, with the cells that tell what became of it.

    Of a changed row, those that changed; of another, those that are not empty.
    """

    change: Change
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class MonthCount:
    """Rows by the month (YYYY-MM) of the case they belong to; None where it is not known."""

    month: str | None
    added: int
    changed: int
    vanished: int


@dataclass(frozen=True)
class TableComparison:
    """One table in both releases.

    `key` names the columns by which a row is known again; where it is empty, or a key is not
    unique (`keys_not_unique` counts those keys), rows are compared as wholes: a row that is not
    there any more has vanished, one that was not there is added, and none has changed. `columns`
    counts, over the changed rows, how often each column changed. `not_compared` names columns
    that only one release has.
    """

    name: str
    key: tuple[str, ...]
    old_rows: int
    new_rows: int
    added: int
    changed: int
    vanished: int
    keys_not_unique: int
    columns: Mapping[str, int]
    not_compared: tuple[str, ...]
    months: tuple[MonthCount, ...]
    samples: tuple[Sample, ...]

    @property
    def unchanged(self) -> int:
        return self.old_rows - self.vanished - self.changed

    @property
    def is_same(self) -> bool:
        return not (self.added or self.changed or self.vanished)

    def shown(self, change: Change, most: int = SAMPLES) -> tuple[Sample, ...]:
        """The first rows of one kind of change."""
        return tuple(s for s in self.samples if s.change is change)[:most]


@dataclass(frozen=True)
class Side:
    """One of the two releases. `sha256` by file; `release_date` None where the file tells none."""

    name: str
    release: str
    release_date: str | None
    sha256: Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """Two releases compared. `kind` is what they are: docket stores or statistics workbooks.

    `only_old` and `only_new` name the tables that one of them lacks, `notes` says in sentences
    what a reader must know before quoting a number.
    """

    kind: str
    old: Side
    new: Side
    is_synthetic: bool
    tables: tuple[TableComparison, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    notes: tuple[str, ...]

    def months(self) -> tuple[MonthCount, ...]:
        """The rows of all tables by month, the newest first, those without a month last."""
        totals: dict[str | None, tuple[int, int, int]] = {}
        for count in (count for table in self.tables for count in table.months):
            before = totals.get(count.month, (0, 0, 0))
            now = (count.added, count.changed, count.vanished)
            totals[count.month] = (before[0] + now[0], before[1] + now[1], before[2] + now[2])
        found = [MonthCount(month, *counts) for month, counts in totals.items()]
        return tuple(sorted(found, key=lambda count: count.month or "", reverse=True))
