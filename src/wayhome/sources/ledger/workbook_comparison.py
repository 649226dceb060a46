"""Compare two statistics workbooks: sheet by sheet, table by table, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from openpyxl.utils import get_column_letter

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.comparison import (
    Cell,
    Change,
    Comparison,
    Sample,
    Side,
    TableComparison,
)
from wayhome.sources.ledger.entries import WORKBOOK, sha256_of_file
from wayhome.sources.ledger.workbook import Grid, Workbook, text_of
from wayhome.sources.ledger.workbook_tables import (
    Key,
    SheetTable,
    pairs_of_names,
    tables_of,
    timeless,
)

ADDRESS, VALUE, TEXT = "address", "value", "text"
BESIDE = "beside its tables"
BY_ADDRESS = "cell by cell"

Rows = Sequence[tuple[Key, Mapping[str, str]]]


def compare_workbooks(old: Workbook, new: Workbook) -> Comparison:
    """What was added, changed and vanished. Every row that differs is among the samples.

    Raises ReleaseProblem when one of them is invented and the other is not.
    """
    if old.is_synthetic != new.is_synthetic:
        invented, real = (old, new) if old.is_synthetic else (new, old)
        raise ReleaseProblem(
            f"{invented.path.name} is SYNTHETIC and {real.path.name} is not: nothing can be "
            "learned from comparing them."
        )
    sheets = pairs_of_names(tuple(old.sheets), tuple(new.sheets))
    found = [
        _SheetPair(other.strip(), old.sheets[name], new.sheets[other])
        for name, other in sheets.items()
    ]
    compared = [pair.compared() for pair in found]
    return Comparison(
        kind=WORKBOOK,
        old=_side(old),
        new=_side(new),
        is_synthetic=new.is_synthetic,
        tables=tuple(table for tables, _, _ in compared for table in tables),
        only_old=(
            *(name for name in old.sheets if name not in sheets),
            *(table for _, gone, _ in compared for table in gone),
        ),
        only_new=(
            *(name for name in new.sheets if name not in sheets.values()),
            *(table for _, _, come in compared for table in come),
        ),
        notes=tuple(_notes(old, new, sheets)),
    )


def _side(book: Workbook) -> Side:
    name = book.path.name
    return Side(name, name, None, {name: sha256_of_file(book.path)})


def _notes(old: Workbook, new: Workbook, sheets: Mapping[str, str]) -> Iterator[str]:
    if sha256_of_file(old.path) == sha256_of_file(new.path):
        yield "Both are the same file, byte for byte."
    for name, other in sheets.items():
        if name != other:
            yield f"Sheet {name.strip()!r} is taken for what is now {other.strip()!r}."


class _SheetPair:
    """A sheet in both workbooks."""

    def __init__(self, title: str, old: Grid, new: Grid) -> None:
        self.title = title
        self.grids = (old, new)
        self.tables = (tables_of(old), tables_of(new))

    def compared(self) -> tuple[list[TableComparison], list[str], list[str]]:
        """The tables in both, and the names of those in the old one only, in the new one only."""
        old, new = self.tables
        if not old or not new:
            return [self._by_address()], [], []
        pairs = _pairs_of_tables(old, new)
        found = [self._table(old[i], new[j]) for i, j in pairs.items()]
        gone = [self._name(table) for i, table in enumerate(old) if i not in pairs]
        come = [self._name(table) for j, table in enumerate(new) if j not in pairs.values()]
        return [*found, self._beside()], gone, come

    def _name(self, table: SheetTable) -> str:
        return f"{self.title}: {table.title or table.columns[0]}"

    def _table(self, old: SheetTable, new: SheetTable) -> TableComparison:
        columns = pairs_of_names(old.columns, new.columns)
        back = {after: before for before, after in columns.items()}
        rows = [
            (key, {back.get(name, name): text for name, text in cells.items()})
            for key, cells in new.rows
        ]
        lone = (
            *(f"{name} (only in the old one)" for name in old.columns if name not in columns),
            *(f"{name} (only in the new one)" for name in new.columns if name not in back),
        )
        compared = [name for name in columns if name not in old.labels]
        return compare_rows(self._name(new), old.labels, compared, old.rows, rows, lone)

    def _beside(self) -> TableComparison:
        """The cells of no table: titles, notes, and what could not be made out."""
        old, new = (
            [(("",), {TEXT: text}) for _, text in _loose(grid, tables)]
            for grid, tables in zip(self.grids, self.tables, strict=True)
        )
        return compare_rows(f"{self.title}: {BESIDE}", (), [TEXT], old, new)

    def _by_address(self) -> TableComparison:
        old, new = (
            [((address,), {VALUE: text}) for address, text in _loose(grid, ())]
            for grid in self.grids
        )
        return compare_rows(f"{self.title}: {BY_ADDRESS}", (ADDRESS,), [VALUE], old, new)


def _loose(grid: Grid, tables: Iterable[SheetTable]) -> Iterator[tuple[str, str]]:
    """Address and text of the cells that no table takes."""
    taken = {place for table in tables for place in table.cells}
    for row, cells in enumerate(grid):
        for column, value in enumerate(cells):
            text = text_of(value)
            if text and (row, column) not in taken:
                yield f"{get_column_letter(column + 1)}{row + 1}", text


def _pairs_of_tables(old: Sequence[SheetTable], new: Sequence[SheetTable]) -> dict[int, int]:
    """Which table of the old sheet is which of the new one: by title and first heading.

    Where one table is left on each side, with the same first heading, it is taken for the same.
    """
    pairs: dict[int, int] = {}
    for i, table in enumerate(old):
        named = (j for j, o in enumerate(new) if o.name == table.name and j not in pairs.values())
        match = next(named, None)
        if match is not None:
            pairs[i] = match
    left_old = [i for i in range(len(old)) if i not in pairs]
    left_new = [j for j in range(len(new)) if j not in pairs.values()]
    if len(left_old) == len(left_new) == 1:
        i, j = left_old[0], left_new[0]
        if timeless(old[i].columns[0]) == timeless(new[j].columns[0]):
            pairs[i] = j
    return pairs


def compare_rows(
    name: str,
    key: tuple[str, ...],
    columns: Sequence[str],
    old: Rows,
    new: Rows,
    not_compared: tuple[str, ...] = (),
) -> TableComparison:
    """Compare rows by their keys; those whose key is not unique, and all where `key` is empty,
    as wholes."""
    before, after = _by_key(old), _by_key(new)
    wholes = [k for k in {**before, **after} if len(before[k]) > 1 or len(after[k]) > 1 or not key]
    samples = [
        sample
        for k in {**before, **after}
        for sample in (
            _changes_of_wholes(k, columns, before[k], after[k])
            if k in wholes
            else _change_of_row(k, columns, before[k], after[k])
        )
    ]
    counts = Counter(sample.change for sample in samples)
    changed = Counter(
        cell.column
        for sample in samples
        if sample.change is Change.CHANGED
        for cell in sample.cells
    )
    return TableComparison(
        name=name,
        key=key,
        old_rows=len(old),
        new_rows=len(new),
        added=counts[Change.ADDED],
        changed=counts[Change.CHANGED],
        vanished=counts[Change.VANISHED],
        keys_not_unique=len(wholes) if key else 0,
        columns=dict(changed.most_common()),
        not_compared=not_compared,
        months=(),
        samples=tuple(samples),
    )


def _by_key(rows: Rows) -> defaultdict[Key, list[Mapping[str, str]]]:
    found: defaultdict[Key, list[Mapping[str, str]]] = defaultdict(list)
    for key, cells in rows:
        found[key].append(cells)
    return found


def _change_of_row(
    key: Key,
    columns: Sequence[str],
    before: Sequence[Mapping[str, str]],
    after: Sequence[Mapping[str, str]],
) -> Iterator[Sample]:
    was, now = (rows[0] if rows else {} for rows in (before, after))
    change = Change.CHANGED if before and after else Change.ADDED if after else Change.VANISHED
    cells = tuple(
        Cell(name, was.get(name), now.get(name))
        for name in columns
        if was.get(name) != now.get(name)
    )
    if cells or change is not Change.CHANGED:
        yield Sample(change, _said(key), cells)


def _changes_of_wholes(
    key: Key,
    columns: Sequence[str],
    before: Sequence[Mapping[str, str]],
    after: Sequence[Mapping[str, str]],
) -> Iterator[Sample]:
    was, now = (
        Counter(tuple(row.get(name) for name in columns) for row in rows)
        for rows in (before, after)
    )
    for row in (was - now).elements():
        cells = (Cell(name, text, None) for name, text in zip(columns, row, strict=True) if text)
        yield Sample(Change.VANISHED, _said(key), tuple(cells))
    for row in (now - was).elements():
        cells = (Cell(name, None, text) for name, text in zip(columns, row, strict=True) if text)
        yield Sample(Change.ADDED, _said(key), tuple(cells))


def _said(key: Key) -> str:
    return ", ".join(part for part in key if part)
