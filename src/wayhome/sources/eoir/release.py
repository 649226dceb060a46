"""Find the courts' release (a zip or a folder) and open the files in it as streams of bytes.

The zip of the real release uses Deflate64, which Python cannot read: such files are read through
the system's `unzip`. Nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Protocol

from wayhome.law.vocabulary import nearest_spelling
from wayhome.sources.eoir.layout import COUNT_FILE, SYNTHETIC_PREFIX, TABLES, release_file_name

REQUIRED_TABLES = ("A_TblCase", "B_TblProceeding")

ZIP_SIGNATURE = b"PK\x03\x04"
DEFLATE64 = 9
READ_BY_PYTHON = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
READ_SIZE = 1 << 20

# A table (with or without `.csv`), a TAB or spaces, a number of rows.
COUNT_LINE = re.compile(r"^\s*(\S+?)(?:\.csv)?[\t ]+([\d,]+)\s*$", re.MULTILINE | re.IGNORECASE)

# Told how many bytes more have been read.
Reading = Callable[[int], None]


class ByteStream(Protocol):
    """Bytes that are read from front to back."""

    def read(self, size: int, /) -> bytes: ...


class ReleaseProblem(Exception):
    """The release, or a store made from it, cannot be used. The message is a full sentence."""


@dataclass(frozen=True)
class ReleaseFile:
    """One file of the release: `name` as in a real release, `path` inside the zip or folder."""

    name: str
    path: str
    size: int
    modified: date


@dataclass(frozen=True)
class Release:
    """A release that has been found, with its files by lower-case name (`a_tblcase.csv`).

    `is_zip` tells how to read it. `counts` is what Count.txt says of each table by lower-case
    name without `.csv`, empty where there is no Count.txt.
    """

    source: Path
    is_zip: bool
    is_synthetic: bool
    files: Mapping[str, ReleaseFile]
    counts: Mapping[str, int]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the layout that the release holds, in the order of the layout."""
        return tuple(name for name in TABLES if self.file_of(name))

    @property
    def missing_tables(self) -> tuple[str, ...]:
        return tuple(name for name in TABLES if not self.file_of(name))

    def file_of(self, table: str) -> ReleaseFile | None:
        return self.files.get(TABLES[table].file_name.lower())

    def count_of(self, table: str) -> int | None:
        return self.counts.get(table.lower())

    def open(self, file: ReleaseFile) -> AbstractContextManager[ByteStream]:
        """The bytes of a file. Raises ReleaseProblem when they are damaged or cut short."""
        if self.is_zip:
            return _open_in_zip(self.source, file)
        return _open_in_folder(self.source / file.path)


def open_release(source: Path) -> Release:
    """Find the release at `source`.

    Raises ReleaseProblem when nothing is there, the zip is damaged, a file is there twice, or
    a table that no import can do without is missing.
    """
    is_zip = _is_zip(source)
    found = _files_in_zip(source) if is_zip else _files_in_folder(source)
    files = _by_name(source, found)
    release = Release(source, is_zip, _is_synthetic(found), files, {})
    _check_required(release)
    return Release(source, is_zip, release.is_synthetic, files, _read_counts(release))


def sha256_of(path: Path, reading: Reading) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(READ_SIZE):
            digest.update(piece)
            reading(len(piece))
    return digest.hexdigest()


def _is_zip(source: Path) -> bool:
    if str(source).strip() in ("", "."):
        raise ReleaseProblem("No release was named: give the path of the courts' zip or folder.")
    if not source.exists():
        raise ReleaseProblem(f"There is nothing at {source}: check the path of the release.")
    if source.is_dir():
        return False
    if source.stat().st_size == 0:
        raise ReleaseProblem(f"{source} is empty (0 bytes): fetch the release again.")
    if zipfile.is_zipfile(source):
        return True
    with source.open("rb") as stream:
        begins_as_zip = stream.read(4) == ZIP_SIGNATURE
    if begins_as_zip:
        raise ReleaseProblem(
            f"{source} begins as a zip but its end is missing: the download was cut short; "
            "fetch the release again."
        )
    raise ReleaseProblem(
        f"{source} is neither a zip nor a folder: give the courts' zip as it was downloaded, "
        "or the folder it was unpacked into."
    )


def _files_in_zip(source: Path) -> list[ReleaseFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        raise ReleaseProblem(f"{source} is a damaged zip ({error}): fetch it again.") from error
    return [
        ReleaseFile(_name_of(entry.filename), entry.filename, entry.file_size, _day_of(entry))
        for entry in entries
        if _is_of_release(entry.filename)
    ]


def _day_of(entry: zipfile.ZipInfo) -> date:
    try:
        return date(*entry.date_time[:3])
    except ValueError:
        # A zip written without a clock carries month 0 or day 0.
        return date(entry.date_time[0], 1, 1)


def _files_in_folder(source: Path) -> list[ReleaseFile]:
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    return [
        ReleaseFile(
            _name_of(path.name),
            path.relative_to(source).as_posix(),
            path.stat().st_size,
            date.fromtimestamp(path.stat().st_mtime),
        )
        for path in paths
        if _is_of_release(path.relative_to(source).as_posix())
    ]


def _name_of(path: str) -> str:
    return release_file_name(PurePosixPath(path).name)


def _is_of_release(path: str) -> bool:
    """Whether a file is a table, a code table or Count.txt, and no litter of another system."""
    parts = PurePosixPath(path).parts
    if "__MACOSX" in parts or parts[-1].startswith("."):
        return False
    return parts[-1].lower().endswith(".csv") or _name_of(path).lower() == COUNT_FILE.lower()


def _by_name(source: Path, found: list[ReleaseFile]) -> dict[str, ReleaseFile]:
    files: dict[str, ReleaseFile] = {}
    for file in found:
        other = files.setdefault(file.name.lower(), file)
        if other is not file:
            raise ReleaseProblem(
                f"{source} holds {file.name} twice ({other.path} and {file.path}): "
                "leave only the one that belongs to this release."
            )
    return files


def _is_synthetic(found: list[ReleaseFile]) -> bool:
    return any(PurePosixPath(file.path).name.startswith(SYNTHETIC_PREFIX) for file in found)


def _check_required(release: Release) -> None:
    for table in REQUIRED_TABLES:
        if release.file_of(table):
            continue
        wanted = TABLES[table].file_name
        strangers = [
            file.name
            for name, file in release.files.items()
            if name.removesuffix(".csv") not in {known.lower() for known in TABLES}
        ]
        near = nearest_spelling(wanted, strangers)
        hint = f" {near} is there: if that is the table, rename it." if near else ""
        raise ReleaseProblem(
            f"{release.source} holds no {wanted}, without which there are no cases to read.{hint}"
        )


def _read_counts(release: Release) -> dict[str, int]:
    """What Count.txt says of each table, by its name in lower case."""
    file = release.files.get(COUNT_FILE.lower())
    if file is None:
        return {}
    with release.open(file) as stream:
        text = stream.read(READ_SIZE).decode("utf-8", "replace").replace("\0", "")
    lines = re.findall(
        r"^\s*(\S+?)(?:\.csv)?[\t ]+([\d,]+)\s*$", text, re.MULTILINE | re.IGNORECASE
    )
    return {release_file_name(name).lower(): int(rows.replace(",", "")) for name, rows in lines}


@contextmanager
def _open_in_folder(path: Path) -> Iterator[ByteStream]:
    try:
        with path.open("rb") as stream:
            yield stream
    except PermissionError as error:
        raise ReleaseProblem(f"{path} may not be read: give yourself the right to.") from error


@contextmanager
def _open_in_zip(source: Path, file: ReleaseFile) -> Iterator[ByteStream]:
    try:
        with zipfile.ZipFile(source) as archive:
            entry = archive.getinfo(file.path)
            if entry.flag_bits & ENCRYPTED:
                raise ReleaseProblem(
                    f"{file.path} in {source} is locked with a password: unpack the zip into a "
                    "folder and import that."
                )
            if entry.compress_type in READ_BY_PYTHON:
                with archive.open(entry) as stream:
                    yield stream
                return
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _cut_short(source, file, str(error)) from error
    with _open_through_unzip(source, file, entry.compress_type) as stream:
        yield stream


@contextmanager
def _open_through_unzip(source: Path, file: ReleaseFile, method: int) -> Iterator[ByteStream]:
    program = shutil.which("unzip")
    if program is None:
        name = "Deflate64" if method == DEFLATE64 else f"method {method}"
        raise ReleaseProblem(
            f"{source} is packed with {name}, which needs the program `unzip`: install it "
            "(on Debian or Ubuntu: apt install unzip), or unpack the zip into a folder and "
            "import that."
        )
    # unzip reads [, ], * and ? in a name as a pattern.
    name = re.sub(r"([\[*?])", r"[\1]", file.path)
    command = [program, "-p", str(source), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        finished = False
        try:
            yield process.stdout
            finished = not process.stdout.read(1)
        finally:
            if not finished:
                process.kill()
            complaint = process.stderr.read().decode("utf-8", "replace").strip()
    # 1 is a warning about the archive; the bytes were written whole.
    if finished and process.returncode not in (0, 1):
        raise _cut_short(source, file, complaint.splitlines()[-1] if complaint else "no reason")


def _cut_short(source: Path, file: ReleaseFile, why: str) -> ReleaseProblem:
    return ReleaseProblem(
        f"{file.path} in {source} is damaged or cut short ({why}): fetch the release again."
    )
