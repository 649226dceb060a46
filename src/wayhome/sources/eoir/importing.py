"""Import the courts' release into a docket store."""

from __future__ import annotations

import errno
import hashlib
import json
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

import wayhome
from wayhome.sources.eoir.accounting import OutsideCode, TableAccount, summary, write_accounting
from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.meaning.code_meanings import unknown_descriptions
from wayhome.sources.eoir.meaning.deriving import (
    Derivation,
    columns_needed,
    newest_input_date,
    write_docket_cases,
)
from wayhome.sources.eoir.reading.code_tables import code_tables_of
from wayhome.sources.eoir.reading.loading import LoadedTable, load_table
from wayhome.sources.eoir.reading.values import CodeTables
from wayhome.sources.eoir.release import Release, ReleaseProblem, open_release, sha256_of
from wayhome.sources.eoir.store import (
    ACCOUNTING,
    CASES,
    FINISHED_TABLES,
    FORMAT,
    KIND,
    PROVENANCE,
    SCRATCH,
    staged,
    store_path,
    swap_in,
)

# Told the step, how much of it is done, and of how much (bytes of a file, or rows, or steps).
Progress = Callable[[str, int, int], None]

GIVEN, NEWEST_INPUT_DATE, FILE_DATE = "given", "newest INPUT_DATE", "date of the case file"


@dataclass(frozen=True)
class ImportReport:
    """What an import came to."""

    store: Path
    release_date: date
    release_date_from: str
    is_synthetic: bool
    cases: int
    accounts: tuple[TableAccount, ...]
    outside: tuple[OutsideCode, ...]
    missing_tables: tuple[str, ...]
    missing_columns: tuple[str, ...]
    strange_columns: tuple[str, ...]
    unknown_decisions: tuple[str, ...]
    resumed_tables: tuple[str, ...]
    seconds: float

    def summary(self) -> str:
        """The report for a person, in plain text."""
        lines = [summary(self.accounts), ""]
        kind = "SYNTHETIC docket cases" if self.is_synthetic else "docket cases"
        lines.append(f"{self.cases:,} {kind} in {self.store}, in {self.seconds:,.0f} seconds.")
        lines.append(f"Release date: {self.release_date} ({self.release_date_from}).")
        lines += [f"{label}: {', '.join(names)}." for label, names in self._notes() if names]
        if self.outside:
            rows = sum(code.rows for code in self.outside)
            what = "1 value is" if rows == 1 else f"{rows:,} values are"
            lines.append(
                f"{what} in no code table ({len(self.outside):,} codes, listed in {PROVENANCE}): "
                "they stay as they are, and no fact is drawn from them."
            )
        return "\n".join(lines)

    def _notes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (
            ("Taken over from an import that was interrupted", self.resumed_tables),
            ("Not in the release, so what they tell is unknown", self.missing_tables),
            ("Columns that the release lacks", self.missing_columns),
            ("Columns that Wayhome does not know, left out", self.strange_columns),
            ("Decisions of unknown meaning", self.unknown_decisions),
        )


def import_release(
    source: Path,
    store: Path,
    *,
    as_release_date: date | None = None,
    memory_gb: float = 4,
    threads: int = 2,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the zip or folder at `source` into a docket store at `store`.

    A store that is there is replaced when the new one is whole, and not before. An interrupted
    import goes on where it stopped, if the release is the same. A store made from a synthetic
    release is put at `SYNTHETIC-…`; the report says where.

    `as_release_date` is the day to which the release reaches; where it is not given, it is the
    newest INPUT_DATE of a proceeding. `memory_gb` limits what the derivation of facts holds in
    memory; the rest goes to disk beside the store.

    Raises ReleaseProblem, a full sentence, when the release cannot be used or the disk is full.
    """
    started = time.monotonic()
    tell = progress or _tell_nobody
    release = open_release(source)
    target = store_path(store, release.is_synthetic)
    with staged(target) as staging, _in_sentences(target, memory_gb), _threads(threads):
        code_tables = code_tables_of(release)
        whole = _hash(source, source.name, tell) if release.is_zip else ""
        loaded, resumed = _load_tables(release, whole, code_tables, staging, tell)
        derivation = Derivation(
            release, staging, code_tables, memory_gb, threads, staging / SCRATCH
        )
        day, origin = _release_date(derivation, as_release_date)
        cases = write_docket_cases(derivation, staging / CASES, day, tell)
        accounts = tuple(table.account for table in loaded)
        report = ImportReport(
            store=target,
            release_date=day,
            release_date_from=origin,
            is_synthetic=release.is_synthetic,
            cases=cases,
            accounts=accounts,
            outside=tuple(code for table in loaded for code in table.outside),
            missing_tables=release.missing_tables,
            missing_columns=_named(loaded, "missing_columns"),
            strange_columns=_named(loaded, "strange_columns"),
            unknown_decisions=unknown_descriptions(release),
            resumed_tables=resumed,
            seconds=round(time.monotonic() - started, 1),
        )
        write_accounting(staging / ACCOUNTING, accounts)
        _write_json(staging / PROVENANCE, _provenance(release, whole, report, loaded))
        swap_in(staging, target)
    return report


def _tell_nobody(step: str, done: int, total: int) -> None:
    pass


def _load_tables(
    release: Release, whole: str, code_tables: CodeTables, staging: Path, tell: Progress
) -> tuple[list[LoadedTable], tuple[str, ...]]:
    """Load every table of the release, but for those that an earlier import finished.

    `whole` is the SHA-256 of the zip, or empty for a folder, whose files have one each.
    """
    way = _way_of_loading(code_tables)
    loaded, resumed = [], []
    for name in release.tables:
        finished = _finished(release, name, whole, way, staging, tell)
        if finished:
            resumed.append(name)
        else:
            finished = _load(release, name, code_tables, staging, tell)
            _mark_finished(staging, finished, whole, way)
        loaded.append(finished)
    for name in release.missing_tables:
        _remove(staging, name)
    return loaded, tuple(resumed)


def _load(
    release: Release, name: str, code_tables: CodeTables, staging: Path, tell: Progress
) -> LoadedTable:
    _remove(staging, name)
    file = release.file_of(name)
    size = file.size if file else 0
    return load_table(
        release,
        TABLES[name],
        code_tables,
        columns_needed(name),
        staging,
        lambda done: tell(name, done, size),
    )


def _hash(path: Path, name: str, tell: Progress) -> str:
    total = path.stat().st_size
    done = 0

    def read(more: int) -> None:
        nonlocal done
        done += more
        tell(f"hashing {name}", done, total)

    return sha256_of(path, read)


def _way_of_loading(code_tables: CodeTables) -> str:
    """What besides the file decides what becomes of its lines: this program, the code tables."""
    digest = hashlib.sha256(f"{wayhome.__version__} {FORMAT}".encode())
    for lookup, codes in sorted(code_tables.codes.items()):
        digest.update(repr((lookup, sorted(codes))).encode())
    return digest.hexdigest()


def _marker(staging: Path, table: str) -> Path:
    return staging / FINISHED_TABLES / f"{table}.json"


def _mark_finished(staging: Path, table: LoadedTable, whole: str, way: str) -> None:
    marker = _marker(staging, table.account.table)
    marker.parent.mkdir(exist_ok=True)
    _write_json(marker, {"zip": whole, "way": way, "table": asdict(table)})


def _finished(
    release: Release, name: str, whole: str, way: str, staging: Path, tell: Progress
) -> LoadedTable | None:
    """What an earlier import made of the table, if it was the same release in the same way."""
    marker = _marker(staging, name)
    if not marker.exists():
        return None
    try:
        told = json.loads(marker.read_text("utf-8"))
        table = _loaded_table(told["table"])
    except (ValueError, KeyError, TypeError):
        return None
    if told["zip"] != whole or told["way"] != way:
        return None
    file = release.file_of(name)
    assert file is not None
    if release.is_zip or _hash(release.source / file.path, file.name, tell) == table.sha256:
        return table
    return None


def _loaded_table(told: dict[str, Any]) -> LoadedTable:
    return LoadedTable(
        account=TableAccount(**told["account"]),
        sha256=told["sha256"],
        outside=tuple(OutsideCode(**code) for code in told["outside"]),
        missing_columns=tuple(told["missing_columns"]),
        strange_columns=tuple(told["strange_columns"]),
    )


def _remove(staging: Path, table: str) -> None:
    """Remove what an earlier import left of a table, its marker first."""
    _marker(staging, table).unlink(missing_ok=True)
    for folder in ("tables", "repaired", "set_aside"):
        (staging / folder / f"{table}.parquet").unlink(missing_ok=True)


def _release_date(derivation: Derivation, given: date | None) -> tuple[date, str]:
    if given:
        return given, GIVEN
    newest = newest_input_date(derivation)
    if newest:
        return newest, NEWEST_INPUT_DATE
    file = derivation.release.file_of("A_TblCase")
    assert file is not None
    return file.modified, FILE_DATE


def _named(loaded: list[LoadedTable], attribute: str) -> tuple[str, ...]:
    return tuple(
        f"{table.account.table}.{name}" for table in loaded for name in getattr(table, attribute)
    )


def _provenance(
    release: Release, whole: str, report: ImportReport, loaded: list[LoadedTable]
) -> dict[str, Any]:
    return {
        "kind": KIND,
        "format": FORMAT,
        "synthetic": report.is_synthetic,
        "source": release.source.resolve().name,
        "source_sha256": whole or None,
        "release_date": report.release_date.isoformat(),
        "release_date_from": report.release_date_from,
        "cases": report.cases,
        "files": [_file_of(release, table) for table in loaded],
        "missing_tables": report.missing_tables,
        "missing_columns": report.missing_columns,
        "strange_columns": report.strange_columns,
        "unknown_decisions": report.unknown_decisions,
        "codes_outside_tables": [asdict(code) for code in report.outside],
        "seconds": report.seconds,
        "versions": {
            "wayhome": wayhome.__version__,
            "python": platform.python_version(),
            "duckdb": duckdb.__version__,
            "pyarrow": pa.__version__,
        },
    }


def _file_of(release: Release, table: LoadedTable) -> dict[str, Any]:
    file = release.file_of(table.account.table)
    assert file is not None
    return {
        "name": file.path,
        "bytes": file.size,
        "sha256": table.sha256,
        "rows": table.account.read,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    """Write whole or not at all: a marker that is there can be believed."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = pa.cpu_count()
    pa.set_cpu_count(max(count, 1))
    try:
        yield
    finally:
        pa.set_cpu_count(before)


@contextmanager
def _in_sentences(target: Path, memory_gb: float) -> Iterator[None]:
    """Turn a full disk and a full memory into a ReleaseProblem."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ReleaseProblem(
            f"{memory_gb} GB of memory and the disk beside {target} are not enough for the "
            "facts of this release: allow more memory or make room. Nothing was replaced."
        ) from error
    except (OSError, duckdb.IOException) as error:
        if getattr(error, "errno", None) != errno.ENOSPC and "No space left" not in str(error):
            raise
        free = shutil.disk_usage(target.parent).free
        raise ReleaseProblem(
            f"The disk of {target.parent} is full ({free / 1e9:.1f} GB free): make room and "
            "import again; finished tables are kept. Nothing was replaced."
        ) from error
