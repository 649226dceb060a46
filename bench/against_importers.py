"""Importing the courts' release against DuckDB reading the same files as text.

DuckDB does the least that a reader can do: every value stays text, in Parquet, in the order that
suits DuckDB, and lines that it cannot read are left out. Wayhome mends the lines, accounts for
each, gives values their types and derives the facts of every case.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import Any

import duckdb

from bench.measuring import Finding, interleaved, peak_memory_of, ratio_of
from wayhome.sources.eoir.importing import ImportReport, import_release
from wayhome.sources.eoir.layout import synthetic_release_name
from wayhome.sources.eoir.release import Release, open_release
from wayhome.sources.eoir.store import store_path
from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release

SEED = 7
THREADS = 2
# An import of the national docket takes minutes.
MOST_ROUNDS = 3
MOST_SECONDS = 2.5
MOST_MEMORY = 8.0

OURS, DUCKDB = "Wayhome: repair, accounting, types, facts", "DuckDB: text to Parquet"
# As lenient as DuckDB can be, and without the order of the rows, it is fastest.
READ_AS_TEXT = (
    "delim = '\\t', quote = '', escape = '', header = true, all_varchar = true, "
    "null_padding = true, ignore_errors = true, strict_mode = false"
)
MEASURED_IMPORT = """
import sys
from pathlib import Path
from wayhome.sources.eoir.importing import import_release
import_release(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def courts_release(folder: Path, cases: int) -> Path:
    """A SYNTHETIC release of so many cases in the folder: made now, or by an earlier run."""
    path = folder / synthetic_release_name(cases, SEED)
    if path.exists():
        return path
    return write_release(folder, cases=cases, seed=SEED, tables=MAIN_TABLES, threads=THREADS)


def import_finding(path: Path, folder: Path, rounds: int) -> Finding:
    """The whole import, and DuckDB reading the same tables."""
    release, made = open_release(path), folder / "import"
    made.mkdir(parents=True, exist_ok=True)
    ours, theirs = _OwnImport(path, made / "store"), _AsText(release, made)
    rivals: dict[str, Callable[[], object]] = {OURS: ours.run, DUCKDB: theirs.run}
    try:
        seconds = interleaved(rivals, min(rounds, MOST_ROUNDS))
    finally:
        rmtree(made)
    ratio = ratio_of(seconds, OURS, DUCKDB)
    return Finding(
        f"import of {_cases(ours.report)} against DuckDB reading the same files as text",
        f"at most {MOST_SECONDS}",
        ratio,
        "times as long",
        ratio <= MOST_SECONDS,
        f"Wall time on {THREADS} threads, files in the page cache; DuckDB keeps no order of rows, "
        "mends nothing and derives nothing.",
        seconds,
        _details(release, ours, theirs, median(seconds[OURS])),
    )


def memory_finding(path: Path, folder: Path) -> Finding:
    """The most memory of an import in a process of its own."""
    store = folder / "import-memory"
    try:
        held = peak_memory_of(MEASURED_IMPORT, str(path), str(store))
    finally:
        for made in (store_path(store, is_synthetic=True), store):
            rmtree(made, ignore_errors=True)
    return Finding(
        f"memory of an import of {path.name}",
        f"at most {MOST_MEMORY:.0f}",
        held,
        "GB",
        held <= MOST_MEMORY,
        "The most that the process held, libraries and mapped files included.",
    )


class _OwnImport:
    """Imports the release again and again. Notes how long each step took, the last time."""

    def __init__(self, path: Path, store: Path) -> None:
        self.path, self.store = path, store
        self.processor: list[float] = []
        self.report: ImportReport | None = None
        self.steps: dict[str, float] = {}
        self._step, self._since = "", 0.0

    def run(self) -> None:
        begun = time.process_time()
        self.steps = defaultdict(float)
        self._step, self._since = "opening", time.perf_counter()
        self.report = import_release(
            self.path, self.store, threads=THREADS, progress=self._progress
        )
        self._progress("closing", 0, 0)
        self.processor.append(time.process_time() - begun)

    def _progress(self, step: str, done: int, total: int) -> None:
        now = time.perf_counter()
        self.steps[self._step] += now - self._since
        self._step, self._since = step, now


class _AsText:
    """Reads every table of the release as text and writes it to Parquet, again and again."""

    def __init__(self, release: Release, folder: Path) -> None:
        self.release, self.folder = release, folder
        self.processor: list[float] = []
        self.rows: dict[str, int] = {}

    def run(self) -> None:
        begun = time.process_time()
        settings = {"threads": THREADS, "preserve_insertion_order": False}
        with duckdb.connect(config=settings) as database:
            for table in self.release.tables:
                written = database.execute(self._statement(table)).fetchone()
                self.rows[table] = int(written[0]) if written else 0
        self.processor.append(time.process_time() - begun)

    def _statement(self, table: str) -> str:
        file = self.release.file_of(table)
        assert file is not None
        source, target = self.release.source / file.path, self.folder / f"{table}.parquet"
        return f"COPY (FROM read_csv('{source}', {READ_AS_TEXT})) TO '{target}' (FORMAT parquet)"


def _details(release: Release, ours: _OwnImport, theirs: _AsText, seconds: float) -> dict[str, Any]:
    """What each table came to, and where the import's time went."""
    assert ours.report is not None
    sizes = {name: _size_of(release, name) for name in release.tables}
    facts = sum(taken for step, taken in ours.steps.items() if step.startswith("facts"))
    slowest = sorted(ours.steps, key=lambda step: -ours.steps[step])
    told = [step for step in slowest if step.startswith("facts")][:3]
    about = {
        account.table: f"{account.read:,} lines, {sizes[account.table] / 1e6:,.0f} MB, "
        f"{sizes[account.table] / 1e6 / ours.steps[account.table]:,.0f} MB/s; "
        f"{account.repaired:,} repaired, {account.set_aside:,} set aside; "
        f"DuckDB wrote {theirs.rows[account.table]:,}"
        for account in ours.report.accounts
    }
    return {
        "the whole import": f"{sum(sizes.values()) / 1e6 / seconds:,.0f} MB/s",
        "processor time": _processor_ratio(ours.processor, theirs.processor),
        **about,
        "facts": f"{facts:.1f} s of the last round's {sum(ours.steps.values()):.1f} s, of which "
        + ", ".join(f"{step.removeprefix('facts: ')} {ours.steps[step]:.1f} s" for step in told),
    }


def _processor_ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Without the round that is not counted."""
    ratio = ratio_of({"ours": ours[1:], "theirs": theirs[1:]}, "ours", "theirs")
    return f"{median(ours[1:]):.1f} s against {median(theirs[1:]):.1f} s, {ratio:.2f} times as much"


def _size_of(release: Release, table: str) -> int:
    file = release.file_of(table)
    return file.size if file else 0


def _cases(report: ImportReport | None) -> str:
    return f"{report.cases:,} cases" if report else "a release"
