"""A comparison as files: JSON and CSV, in a folder that is there whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wayhome.sources.case_files.bad_rows_file import harmless
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.comparison import (
    SAMPLES,
    Change,
    Comparison,
    MonthCount,
    TableComparison,
)

KEYS = "keys"
COMPARISON = "comparison.json"
COMPARISON_KIND = "wayhome comparison of releases"
MONTH_NOT_KNOWN = "month not known"


def month_name(count: MonthCount) -> str:
    return count.month or MONTH_NOT_KNOWN


def comparison_json(comparison: Comparison, samples: int = SAMPLES) -> dict[str, Any]:
    """The comparison as JSON holds it, with this many samples of each kind and table."""
    return {
        "kind": COMPARISON_KIND,
        "synthetic": comparison.is_synthetic,
        "compared": comparison.kind,
        "old": asdict(comparison.old),
        "new": asdict(comparison.new),
        "only_old": comparison.only_old,
        "only_new": comparison.only_new,
        "notes": comparison.notes,
        "tables": [_table_json(table, samples) for table in comparison.tables],
        "months": [asdict(count) for count in comparison.months()],
    }


def _table_json(table: TableComparison, samples: int) -> dict[str, Any]:
    shown = [sample for change in Change for sample in table.shown(change, samples)]
    return {
        "table": table.name,
        "key": table.key,
        "old_rows": table.old_rows,
        "new_rows": table.new_rows,
        "added": table.added,
        "changed": table.changed,
        "vanished": table.vanished,
        "unchanged": table.unchanged,
        "keys_not_unique": table.keys_not_unique,
        "columns": table.columns,
        "not_compared": table.not_compared,
        "months": [asdict(count) for count in table.months],
        "samples": [asdict(sample) for sample in shown],
    }


def write_files(folder: Path, comparison: Comparison, samples: int = SAMPLES) -> None:
    """`comparison.json`, and as CSV: the tables, the months, the columns, the samples.

    `samples.csv` holds every sample there is: of workbooks, every row that differs.
    """
    text = json.dumps(comparison_json(comparison, samples), ensure_ascii=False, indent=1)
    (folder / COMPARISON).write_text(text + "\n", encoding="utf-8")
    counts = ("old_rows", "new_rows", *Change, "unchanged", "keys_not_unique")
    tables = comparison.tables
    _write_csv(
        folder / "tables.csv",
        ("table", *counts),
        ((table.name, *(getattr(table, name) for name in counts)) for table in tables),
    )
    _write_csv(
        folder / "months.csv",
        ("table", "month", *Change),
        (
            (table.name, month_name(count), count.added, count.changed, count.vanished)
            for table in tables
            for count in table.months
        ),
    )
    _write_csv(
        folder / "columns.csv",
        ("table", "column", "changed"),
        ((table.name, *pair) for table in tables for pair in table.columns.items()),
    )
    _write_csv(
        folder / "samples.csv",
        ("table", "change", "key", "column", "before", "after"),
        (
            (table.name, sample.change, sample.key, cell.column, cell.before, cell.after)
            for table in tables
            for sample in table.samples
            for cell in sample.cells
        ),
    )


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


@contextmanager
def folder_beside(out: Path) -> Iterator[Path]:
    """A folder to write in, which takes the place of `out` at the end, or is gone.

    Raises ReleaseProblem when something that is no comparison stands there.
    """
    is_free = not out.exists() or (out.is_dir() and not any(out.iterdir()))
    if not is_free and not _is_comparison(out):
        raise ReleaseProblem(
            f"{out} is there and holds no comparison, so nothing is written over it: choose "
            "another name or remove it."
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    staging, old = (out.with_name(f".{out.name}.{os.getpid()}.{part}") for part in ("part", "old"))
    try:
        (staging / KEYS).mkdir(parents=True)
        yield staging
        if not any((staging / KEYS).iterdir()):
            (staging / KEYS).rmdir()
        if out.exists():
            out.rename(old)
        staging.rename(out)
    finally:
        if old.exists() and not out.exists():
            old.rename(out)
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _is_comparison(folder: Path) -> bool:
    try:
        told = json.loads((folder / COMPARISON).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == COMPARISON_KIND
