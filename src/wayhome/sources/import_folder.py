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
from pathlib import Path
from typing import Any

import pyarrow as pa

import wayhome
from wayhome.sources.case_files.bad_rows_file import harmless
from wayhome.sources.eoir.release import ReleaseProblem

PROVENANCE = "provenance.json"
ACCOUNTING = "accounting.csv"


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
    if not any(target.iterdir()):
        return True
    try:
        found = json.loads((target / PROVENANCE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("kind") == kind
