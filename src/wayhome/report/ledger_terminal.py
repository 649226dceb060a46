"""The ledger of releases, and two releases compared, as tables in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from wayhome.report.words import words
from wayhome.sources.ledger.comparison import SAMPLES, Change, Comparison, Sample, TableComparison
from wayhome.sources.ledger.comparison_files import month_name
from wayhome.sources.ledger.entries import LedgerEntry
from wayhome.sources.ledger.ledger_file import Ledger

MOST_MONTHS = 12
MOST_COLUMNS = 5
MOST_CELLS = 4
LONGEST_NAME = 66


def show_ledger(ledger: Ledger, console: Console | None = None) -> None:
    """Prints a line for each release."""
    grid = _grid("release", "reaches to", "rows", "repaired", "set aside", "entered")
    for entry in ledger.entries:
        grid.add_row(*_ledger_row(entry))
    (console or Console()).print(
        Group(grid, *(Text(fault, style="bold") for fault in ledger.faults))
    )


def _ledger_row(entry: LedgerEntry) -> tuple[str, ...]:
    counts = entry.rows.values()
    return (
        f"{entry.release}\n  in {entry.store}" if entry.store else entry.release,
        entry.release_date or "not told",
        f"{sum(count.loaded + count.repaired for count in counts):,}",
        f"{sum(count.repaired for count in counts):,}",
        f"{sum(count.set_aside for count in counts):,}",
        entry.entered[:10],
    )


def show_comparison(
    comparison: Comparison, *, samples: int = SAMPLES, console: Console | None = None
) -> None:
    """Prints the counts, the newest months, and the samples."""
    (console or Console()).print(Group(*_parts(comparison, samples)))


def _parts(comparison: Comparison, samples: int) -> Iterator[RenderableType]:
    note = Text(words("en").say("synthetic_note"), style="bold reverse")
    if comparison.is_synthetic:
        yield note
    yield Text(f"From {comparison.old.name} to {comparison.new.name}", style="bold")
    for name, side in (("old", comparison.old), ("new", comparison.new)):
        if side.release_date:
            yield Text(f"{name}: {side.release}, which reaches to {side.release_date}")
    yield from (Text(note) for note in comparison.notes)
    yield from _only("old", comparison.only_old)
    yield from _only("new", comparison.only_new)
    yield Text()
    yield from _tables(comparison)
    yield from _months(comparison)
    for table in comparison.tables:
        yield from _details(table, samples)
    if comparison.is_synthetic:
        yield note


def _only(which: str, names: tuple[str, ...]) -> Iterator[RenderableType]:
    if names:
        yield Text(f"Only in the {which} one, not compared:")
        yield from (Text(f"  {_short(name)}") for name in names)


def _tables(comparison: Comparison) -> Iterator[RenderableType]:
    grid = _grid("table", "old", "new", *Change, "unchanged")
    for table in comparison.tables:
        if table.is_same:
            continue
        counts = (table.old_rows, table.new_rows, table.added, table.changed, table.vanished)
        grid.add_row(_short(table.name), *(f"{n:,}" for n in (*counts, table.unchanged)))
    if grid.row_count:
        yield grid
    same = sum(table.is_same for table in comparison.tables)
    if same:
        yield Text(f"Nothing differs in {same} of {len(comparison.tables)} tables.")


def _months(comparison: Comparison) -> Iterator[RenderableType]:
    months = comparison.months()
    if not months:
        return
    grid = _grid("month of the charging document", *Change)
    for count in months[:MOST_MONTHS]:
        grid.add_row(month_name(count), *(f"{getattr(count, change):,}" for change in Change))
    yield Text()
    yield grid
    if len(months) > MOST_MONTHS:
        yield Text(f"… and {len(months) - MOST_MONTHS:,} more months.", style="dim")


def _details(table: TableComparison, samples: int) -> Iterator[RenderableType]:
    if table.is_same and not table.keys_not_unique:
        return
    yield Text()
    yield Text(table.name, style="bold")
    if table.keys_not_unique:
        keys = (
            "1 key stands"
            if table.keys_not_unique == 1
            else f"{table.keys_not_unique:,} keys stand"
        )
        yield Text(f"{keys} in more than one row: these rows are compared as wholes.")
    if table.columns:
        most = list(table.columns.items())
        told = ", ".join(f"{name} {count:,}" for name, count in most[:MOST_COLUMNS])
        more = f", and {len(most) - MOST_COLUMNS} more" if len(most) > MOST_COLUMNS else ""
        yield Text(f"columns changed: {told}{more}")
    if table.not_compared:
        yield Text(f"not compared: {', '.join(table.not_compared[:MOST_COLUMNS])}")
    for change in Change:
        for sample in table.shown(change, samples):
            yield Text(f"  {change} {_told(sample)}")


def _told(sample: Sample) -> str:
    """A row in a line: of a changed one, what was and what is."""
    cells = [
        f"{cell.column}: {cell.before or 'empty'} → {cell.after or 'empty'}"
        if sample.change is Change.CHANGED
        else f"{cell.column}: {cell.after or cell.before}"
        for cell in sample.cells[:MOST_CELLS]
    ]
    if len(sample.cells) > MOST_CELLS:
        cells.append(f"and {len(sample.cells) - MOST_CELLS} more")
    return " · ".join(filter(None, (sample.key, *cells)))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _grid(first: str, *others: str) -> Table:
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column(first, overflow="fold")
    for name in others:
        grid.add_column(name, justify="right", overflow="fold")
    return grid
