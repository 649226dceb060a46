"""Two releases compared, as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wayhome.report.rendering import rendered
from wayhome.report.words import words
from wayhome.sources.ledger.comparison import (
    SAMPLES,
    Cell,
    Change,
    Comparison,
    MonthCount,
    Sample,
    TableComparison,
)
from wayhome.sources.ledger.comparison_files import month_name

# Of a row that is new or gone, as many cells as tell a reader which row it is.
MOST_CELLS = 8
MOST_MONTHS = 24


@dataclass(frozen=True)
class SampleView:
    """A row as the page shows it: some of its cells, and how many more there are."""

    sample: Sample
    cells: tuple[Cell, ...]
    more: int


@dataclass(frozen=True)
class TableView:
    """A table that differs, with its samples by what became of them."""

    table: TableComparison
    months: tuple[MonthCount, ...]
    more_months: int
    samples: tuple[tuple[Change, tuple[SampleView, ...], int], ...]


def ledger_page(comparison: Comparison, samples: int = SAMPLES) -> str:
    """The page of a comparison, in English."""
    months = comparison.months()
    return rendered(
        "ledger.html",
        words("en"),
        c=comparison,
        tables=[_table_view(t, samples) for t in comparison.tables if not t.is_same],
        same=sum(table.is_same for table in comparison.tables),
        months=months[:MOST_MONTHS],
        more_months=len(months[MOST_MONTHS:]),
        month_name=month_name,
        changes=list(Change),
    )


def _table_view(table: TableComparison, samples: int) -> TableView:
    newest = tuple(sorted(table.months, key=lambda count: count.month or "", reverse=True))
    return TableView(
        table=table,
        months=newest[:MOST_MONTHS],
        more_months=len(newest[MOST_MONTHS:]),
        samples=tuple(_of_kind(table, change, samples) for change in Change),
    )


def _of_kind(
    table: TableComparison, change: Change, samples: int
) -> tuple[Change, tuple[SampleView, ...], int]:
    shown = table.shown(change, samples)
    return change, tuple(_views(shown)), int(getattr(table, change)) - len(shown)


def _views(samples: Iterable[Sample]) -> Iterable[SampleView]:
    for sample in samples:
        yield SampleView(sample, sample.cells[:MOST_CELLS], len(sample.cells[MOST_CELLS:]))
