"""`ledger.jsonl`: one line a release, only ever added to, each line bound to the one before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wayhome.sources.ledger.entries import LedgerEntry

try:
    import fcntl
except ImportError:  # Windows: two imports beside one ledger are then the user's to avoid.
    fcntl = None  # type: ignore[assignment]

LEDGER = "ledger.jsonl"
PREVIOUS = "previous_sha256"


@dataclass(frozen=True)
class Ledger:
    """The lines of a ledger that can be read, and in sentences what is wrong with it."""

    path: Path
    entries: tuple[LedgerEntry, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Entered:
    """What came of entering a release.

    `seen` is the first line of the same files, if they were seen before. `other_contents` names
    the files that the same release had with other contents in the line `published_before`.
    """

    entry: LedgerEntry
    is_new: bool
    seen: LedgerEntry | None
    published_before: LedgerEntry | None
    other_contents: tuple[str, ...]
    faults: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """What a person should be told."""
        told = [*self.faults]
        if self.seen:
            told.append(
                f"This release was seen before: {self.seen.release}, entered "
                f"{self.seen.entered[:10]}{_into(self.seen)}."
            )
        if self.published_before:
            told.append(
                f"{_named(self.entry)} was published again with other contents: "
                f"{_listed(self.other_contents)} {_differ(self.other_contents)} from "
                f"{self.published_before.release}, entered {self.published_before.entered[:10]}."
            )
        return tuple(told)


def read_ledger(folder: Path) -> Ledger:
    """The ledger in a folder; an empty one where there is none."""
    path = folder / LEDGER
    data = path.read_bytes() if path.exists() else b""
    return _parsed(path, data)


def enter(folder: Path, entry: LedgerEntry) -> Entered:
    """Add a line, unless one says the same already. It is on the disk when this returns.

    Nothing that is there is ever rewritten: a line that was cut off by a power failure is ended
    and left. Raises OSError when the ledger cannot be written.
    """
    path = folder / LEDGER
    with _locked(path) as stream:
        data = stream.read()
        ledger = _parsed(path, data)
        is_new = not any(entry.says_the_same(other) for other in ledger.entries)
        if is_new:
            _append(stream, data, entry)
    if is_new and not data:
        _sync_folder(folder)
    return _entered(entry, ledger, is_new)


def _entered(entry: LedgerEntry, ledger: Ledger, is_new: bool) -> Entered:
    seen = next((other for other in ledger.entries if entry.same_release(other)), None)
    earlier = () if seen else reversed(ledger.entries)
    before = next((other for other in earlier if entry.published_again(other)), None)
    files = entry.published_again(before) if before else ()
    return Entered(entry, is_new, seen, before, files, ledger.faults)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    with path.open("a+b", buffering=0) as stream:
        if fcntl:
            fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        yield stream


def _append(stream: BinaryIO, data: bytes, entry: LedgerEntry) -> None:
    """One write at the end of the file: a reader sees the whole line or none of it."""
    torn = data and not data.endswith(b"\n")
    told = {**entry.as_json(), PREVIOUS: _previous(data)}
    line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    whole = b"\n" + line if torn else line
    if stream.write(whole) != len(whole):
        raise OSError(errno.ENOSPC, "the disk is full", LEDGER)
    os.fsync(stream.fileno())


def _previous(data: bytes) -> str | None:
    """The SHA-256 of the last line there, which the new line names: None before the first."""
    lines = data.splitlines()
    return hashlib.sha256(lines[-1]).hexdigest() if lines else None


def _parsed(path: Path, data: bytes) -> Ledger:
    entries: list[LedgerEntry] = []
    faults: list[str] = []
    before: str | None = None
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            told = json.loads(line)
            entries.append(LedgerEntry.from_json(told))
            if told[PREVIOUS] != before:
                faults.append(
                    f"{path.name}, line {number}: it does not follow from the line before it, so "
                    "a line above was altered or taken out after it was written."
                )
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append(f"{path.name}, line {number}: it cannot be read and is left out.")
        before = hashlib.sha256(line).hexdigest()
    return Ledger(path, tuple(entries), tuple(faults))


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only when its folder is."""
    if fcntl is None:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _into(entry: LedgerEntry) -> str:
    return f" (in {entry.store})" if entry.store else ""


def _named(entry: LedgerEntry) -> str:
    kind = "SYNTHETIC release" if entry.synthetic else "release"
    return f"The {kind} of {entry.month}" if entry.month else f"The {kind} {entry.release}"


def _listed(names: tuple[str, ...], most: int = 4) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _differ(names: tuple[str, ...]) -> str:
    return "differs" if len(names) == 1 else "differ"
