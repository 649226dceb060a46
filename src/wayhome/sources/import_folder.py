"""The folder that an import writes: there whole, or as it was before."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import wayhome
from wayhome.sources.case_files.bad_rows_file import harmless
from wayhome.sources.eoir.release import ReleaseProblem

PROVENANCE = "provenance.json"
ACCOUNTING = "accounting.csv"


@dataclass(frozen=True)
class Imported:
    """A folder that an import wrote. `provenance` is what its `provenance.json` holds."""

    path: Path
    provenance: Mapping[str, Any]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that it holds."""
        return tuple(sorted(path.stem for path in self.path.glob("*.parquet")))

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or some of its columns. Raises ReleaseProblem where there is none."""
        if name not in self.tables:
            held = ", ".join(self.tables) or "none"
            raise ReleaseProblem(f"{self.path} has no table {name!r}; it has {held}.")
        return pq.read_table(self.path / f"{name}.parquet", columns=columns)


def open_import(path: Path, kind: str) -> Imported:
    """Open a folder that an import of this kind wrote. Raises ReleaseProblem for any other."""
    provenance = _provenance(path)
    if provenance.get("kind") != kind:
        raise ReleaseProblem(f"{path} is no {kind}: make one with `wayhome import`.")
    return Imported(path, provenance)


@contextmanager
def import_folder(target: Path, kind: str) -> Iterator[Path]:
    """A folder to fill, which takes the place of `target` when the block ends without an error.

    A folder of the same kind is replaced; anything else that stands there is left, and
    ReleaseProblem raised. What was being made is removed when the block ends with an error.
    """
    target = target.absolute()
    if target.exists() and not _may_be_replaced(target, kind):
        raise ReleaseProblem(
            f"{target} is there and is no {kind}, so nothing is written over it: choose another "
            "name or remove it."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        new, old = work / "new", work / "old"
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_provenance(folder: Path, kind: str, told: Mapping[str, Any]) -> None:
    """Write `provenance.json`: what was read, and by which versions."""
    versions = {
        "wayhome": wayhome.__version__,
        "python": platform.python_version(),
        "pyarrow": pa.__version__,
    }
    content = {"kind": kind, **told, "versions": versions}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / PROVENANCE).write_text(text + "\n", encoding="utf-8")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV; a text that a spreadsheet would run as a formula is made harmless."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([_shown(value) for value in row] for row in rows)


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file. Raises ReleaseProblem where there is none, or it cannot be read."""
    if not path.is_file():
        raise ReleaseProblem(f"There is no file at {path}: check the path.")
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ReleaseProblem(f"{path} cannot be read ({error.strerror}).") from error


def _shown(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def _may_be_replaced(target: Path, kind: str) -> bool:
    if not target.is_dir():
        return False
    return not any(target.iterdir()) or _provenance(target).get("kind") == kind


def _provenance(folder: Path) -> dict[str, Any]:
    """What `provenance.json` holds; empty where it is not there or says nothing."""
    try:
        found = json.loads((folder / PROVENANCE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
