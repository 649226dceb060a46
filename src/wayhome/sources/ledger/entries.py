"""What the ledger says of a release: its files with their SHA-256, and its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from wayhome import __version__
from wayhome.sources.eoir.layout import release_file_name
from wayhome.sources.eoir.store import KIND as DOCKET_STORE
from wayhome.sources.eoir.store import DocketStore

WORKBOOK = "statistics workbook"
BY_IMPORT, BY_COMPARISON = "import", "comparison"


@dataclass(frozen=True)
class InputFile:
    """A file of a release. `bytes` is its length."""

    name: str
    sha256: str
    bytes: int

    @property
    def base_name(self) -> str:
        """The name that the file has in every release: no folder, no mark of synthetic data."""
        return release_file_name(PurePosixPath(self.name).name)


@dataclass(frozen=True)
class RowCounts:
    """The rows of one table: kept as they were, kept after a repair, set aside."""

    loaded: int
    repaired: int
    set_aside: int


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the ledger.

    `entered` is the time (ISO, with its zone) at which the line was written, `by` what wrote it:
    an import that had just finished, or a comparison that found a release not in the ledger yet.
    `store` is the name of the docket store, None for a workbook. `release_date` is the day to
    which a release reaches, None where its file does not tell. `source_sha256` is that of the
    whole zip, None for a folder. `rows` goes by table (for a workbook, by sheet).
    """

    entered: str
    by: str
    kind: str
    release: str
    release_date: str | None
    synthetic: bool
    source_sha256: str | None
    files: tuple[InputFile, ...]
    rows: Mapping[str, RowCounts]
    store: str | None
    wayhome: str

    @property
    def hashes(self) -> Mapping[str, str]:
        """The SHA-256 of each file by its base name: what the release is."""
        return {file.base_name: file.sha256 for file in self.files}

    @property
    def month(self) -> str | None:
        """The month of the release, YYYY-MM."""
        return self.release_date[:7] if self.release_date else None

    def same_release(self, other: LedgerEntry) -> bool:
        """Whether both are of the same files, byte for byte."""
        return self.kind == other.kind and self.hashes == other.hashes

    def says_the_same(self, other: LedgerEntry) -> bool:
        """Whether the other line would add nothing but the time at which it was written."""
        return (
            self.same_release(other)
            and (self.store, self.release, self.release_date, self.wayhome)
            == (other.store, other.release, other.release_date, other.wayhome)
            and dict(self.rows) == dict(other.rows)
        )

    def published_again(self, earlier: LedgerEntry) -> tuple[str, ...]:
        """The files whose contents differ from those of an earlier line of the same release.

        The courts' files have the same names every month, so the month of the release tells one
        release from the next; a workbook is known by its file's name. Invented releases of the
        same day are the same only where their names are.
        """
        if (self.kind, self.month, self.synthetic) != (
            earlier.kind,
            earlier.month,
            earlier.synthetic,
        ):
            return ()
        known_by_name = self.synthetic or self.kind == WORKBOOK
        if known_by_name and _bare(self.release) != _bare(earlier.release):
            return ()
        before = earlier.hashes
        return tuple(
            name for name, sha256 in self.hashes.items() if before.get(name, sha256) != sha256
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> LedgerEntry:
        """The entry of a line. Raises KeyError, TypeError or ValueError for one that is none."""
        names = LedgerEntry.__dataclass_fields__
        values = {name: told[name] for name in names}
        values["files"] = tuple(InputFile(**file) for file in told["files"])
        values["rows"] = {table: RowCounts(**rows) for table, rows in told["rows"].items()}
        datetime.fromisoformat(told["entered"])
        return LedgerEntry(**values)


def entry_of_store(store: DocketStore, entered: datetime, by: str) -> LedgerEntry:
    """The line for a docket store, all of it from what the store says of itself."""
    told = store.provenance
    return LedgerEntry(
        entered=entered.isoformat(timespec="seconds"),
        by=by,
        kind=DOCKET_STORE,
        release=told["source"],
        release_date=store.release_date.isoformat(),
        synthetic=store.is_synthetic,
        source_sha256=told["source_sha256"],
        files=tuple(
            InputFile(file["name"], file["sha256"], file["bytes"]) for file in told["files"]
        ),
        rows={
            account.table: RowCounts(account.loaded, account.repaired, account.set_aside)
            for account in store.accounting
        },
        store=store.path.resolve().name,
        wayhome=told["versions"]["wayhome"],
    )


def entry_of_workbook(
    path: Path, rows: Mapping[str, int], entered: datetime, *, synthetic: bool
) -> LedgerEntry:
    """The line for a statistics workbook. `rows`: by sheet, those that are not blank."""
    sha256 = sha256_of_file(path)
    return LedgerEntry(
        entered=entered.isoformat(timespec="seconds"),
        by=BY_COMPARISON,
        kind=WORKBOOK,
        release=path.name,
        release_date=None,
        synthetic=synthetic,
        source_sha256=sha256,
        files=(InputFile(path.name, sha256, path.stat().st_size),),
        rows={sheet: RowCounts(count, 0, 0) for sheet, count in rows.items()},
        store=None,
        wayhome=__version__,
    )


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _bare(release: str) -> str:
    """The name of a release, the same for a zip and for the folder it was unpacked into."""
    return release.removesuffix(".zip")
