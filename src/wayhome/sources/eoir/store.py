"""The docket store: a folder that is made beside the old one and takes its place as a whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from wayhome.sources.eoir.accounting import TableAccount, read_accounting
from wayhome.sources.eoir.release import ReleaseProblem

try:
    import fcntl
except ImportError:  # Windows: two imports into one store are then the user's to avoid.
    fcntl = None  # type: ignore[assignment]

KIND = "wayhome docket store"
FORMAT = 1
SYNTHETIC_STORE_PREFIX = "SYNTHETIC-"

PROVENANCE = "provenance.json"
ACCOUNTING = "accounting.csv"
CASES = "docket_cases.arrow"

# What only an import in progress needs: gone from a finished store.
FINISHED_TABLES = ".finished"
SCRATCH = ".scratch"
LOCK = ".lock"


@dataclass(frozen=True)
class DocketStore:
    """A finished store.

    `provenance` is what `provenance.json` holds: input files with SHA-256, versions, counts.
    """

    path: Path
    provenance: Mapping[str, Any]
    accounting: tuple[TableAccount, ...]
    is_synthetic: bool
    release_date: date

    @property
    def cases_path(self) -> Path:
        """The fact table of docket cases, an Arrow IPC file to be memory-mapped."""
        return self.path / CASES

    def table_path(self, table: str) -> Path:
        """The Parquet file of one table of the release."""
        return self.path / "tables" / f"{table}.parquet"


def open_store(path: Path) -> DocketStore:
    """Open the docket store at `path`.

    Raises ReleaseProblem, in a sentence, when there is none, or it is not whole.
    """
    if not path.exists():
        raise ReleaseProblem(f"There is no docket store at {path}.{_hint(path)}")
    if not is_store(path):
        raise ReleaseProblem(
            f"{path} is no docket store (it holds no {PROVENANCE}): make one with "
            "`wayhome import eoir`."
        )
    try:
        provenance = json.loads((path / PROVENANCE).read_text("utf-8"))
        if provenance["format"] != FORMAT:
            raise ReleaseProblem(
                f"{path} was made by another version of Wayhome (format "
                f"{provenance['format']}, this one reads {FORMAT}): import the release again."
            )
        accounting = read_accounting(path / ACCOUNTING)
        with pa.memory_map(str(path / CASES)) as source:
            pa.ipc.open_file(source)
        release_date = date.fromisoformat(provenance["release_date"])
        is_synthetic = bool(provenance["synthetic"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseProblem(
            f"The docket store at {path} is not whole ({error}): import the release again."
        ) from error
    return DocketStore(path, provenance, accounting, is_synthetic, release_date)


def is_store(path: Path) -> bool:
    return (path / PROVENANCE).is_file()


def store_path(path: Path, is_synthetic: bool) -> Path:
    """Where a store goes: one made from a synthetic release says so in its name."""
    if is_synthetic and not path.name.startswith(SYNTHETIC_STORE_PREFIX):
        return path.with_name(f"{SYNTHETIC_STORE_PREFIX}{path.name}")
    return path


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """The folder in which the new store is made, `.NAME.staging` beside the old one.

    What an earlier, interrupted import left there is still there. Raises ReleaseProblem when
    something that is no store stands at `target`, or another import is at work on it.
    """
    if target.exists() and not is_store(target) and not _is_empty_folder(target):
        raise ReleaseProblem(
            f"{target} is there and is no docket store, so nothing is written over it: choose "
            "another name or remove it."
        )
    staging = target.with_name(f".{target.name}.staging")
    try:
        staging.mkdir(parents=True, exist_ok=True)
        lock = (staging / LOCK).open("w")
    except OSError as error:
        raise ReleaseProblem(
            f"Nothing can be written beside {target} ({error.strerror}): choose another place "
            "for the store."
        ) from error
    with lock:
        if fcntl:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ReleaseProblem(
                    f"Another import into {target} is at work: wait for it, or stop it."
                ) from error
        _restore_old(target)
        yield staging


def swap_in(staging: Path, target: Path) -> None:
    """Put the finished folder in the place of the old store, which goes only then."""
    for name in (FINISHED_TABLES, SCRATCH):
        shutil.rmtree(staging / name, ignore_errors=True)
    (staging / LOCK).unlink(missing_ok=True)
    old = _old_of(target)
    if target.exists():
        target.rename(old)
    try:
        staging.rename(target)
    except OSError:
        _restore_old(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _old_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.replaced")


def _restore_old(target: Path) -> None:
    """Undo a swap that was cut off between its two renames."""
    old = _old_of(target)
    if old.exists() and not target.exists():
        old.rename(target)
    elif old.exists():
        shutil.rmtree(old, ignore_errors=True)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _hint(path: Path) -> str:
    synthetic = store_path(path, is_synthetic=True)
    if synthetic.exists():
        return f" {synthetic} is there: was it that one?"
    if _old_of(path).exists():
        return f" An import was cut off as it ended: rename {_old_of(path)} to {path}."
    return ""
