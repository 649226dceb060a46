"""One file: brought whole, goes on where it broke off, and never over another."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from wayhome.public_record.fetch.kinds import FIRST, what_is_wrong
from wayhome.public_record.fetch.web import BrokenOff, FetchProblem, asked

UNFINISHED = ".unfinished"
ATTEMPTS = 3
BLOCK = 1 << 18
LINE_BROKE = (
    BrokenOff,
    http.client.HTTPException,
    ConnectionError,
    TimeoutError,
    ssl.SSLError,
)
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

# What is told while a file comes in: its name, the bytes that are there, those of the whole file.
Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Downloaded:
    """A file that is there whole. `outcome`: new, unchanged, or changed (then under a name with
    the date, and the one that was there stays)."""

    address: str
    final_address: str
    path: Path
    sha256: str
    bytes: int
    outcome: str
    headers: Mapping[str, str]


def download(
    address: str, folder: Path, kind: str, on: date, tell: Tell = lambda *_: None
) -> Downloaded:
    """Bring the file at `address` into `folder`.

    What breaks off stays in `folder/.unfinished` and is gone on with, in this run or the next, if
    the server says that its file is still the same. Raises FetchProblem, a sentence; then no file
    in `folder` is new or changed."""
    name = file_name(address)
    part = folder / UNFINISHED / name
    came: Mapping[str, Any] = {}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            came = _bring(address, part, tell)
            break
        except LINE_BROKE as error:
            if attempt == ATTEMPTS:
                there = part.stat().st_size if part.exists() else 0
                raise FetchProblem(
                    f"{name}: the line broke {ATTEMPTS} times ({error}); {there:,} bytes came: "
                    "run it again and it goes on from there."
                ) from error
    _check(part, name, kind)
    return _put_in_place(address, part, folder, on, came)


def file_name(address: str) -> str:
    """The name of the file at an address, safe as a name here."""
    last = unquote(urlsplit(address).path).rsplit("/", 1)[-1]
    return re.sub(r"[^\w.()+-]+", "-", last).strip(".-") or "file"


def _bring(address: str, part: Path, tell: Tell) -> Mapping[str, Any]:
    """Bring what is not there yet; the final address and the headers. Raises BrokenOff."""
    there, sent = _where_it_stopped(part)
    with asked(address, sent) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        came = {"final_address": answer.geturl(), "headers": headers}
        if answer.status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            _forget(part)
            raise BrokenOff("the file is another than it was")
        begin, whole = _extent(answer.status, headers, there)
        part.parent.mkdir(parents=True, exist_ok=True)
        _note(part, headers)
        with part.open("r+b" if begin else "wb") as stream:
            stream.seek(begin)
            stream.truncate()
            while block := answer.read(BLOCK):
                stream.write(block)
                tell(part.name, stream.tell(), whole)
            end = stream.tell()
    if whole is not None and end < whole:
        raise BrokenOff(f"{end:,} of {whole:,} bytes came")
    return came


def _where_it_stopped(part: Path) -> tuple[int, dict[str, str]]:
    """How much is there, and the headers that ask for the rest of the same file only."""
    try:
        same = json.loads(_notes(part).read_text("utf-8"))["same"]
        there = part.stat().st_size
    except (OSError, ValueError, KeyError):
        return 0, {}
    if not there or not same:
        return 0, {}
    return there, {"Range": f"bytes={there}-", "If-Range": same}


def _extent(status: int, headers: Mapping[str, str], there: int) -> tuple[int, int | None]:
    """From which byte on the answer is, and how many the whole file has, if that is told."""
    told = _RANGE.match(headers.get("content-range", ""))
    if status == http.client.PARTIAL_CONTENT:
        if not told or int(told[1]) != there:
            raise BrokenOff("another part came than was asked for")
        return there, None if told[2] == "*" else int(told[2])
    length = headers.get("content-length", "")
    return 0, int(length) if length.isdigit() else None


def _note(part: Path, headers: Mapping[str, str]) -> None:
    """Remember by what the server tells that its file is the same."""
    tag = headers.get("etag", "")
    same = tag if tag and not tag.startswith("W/") else headers.get("last-modified", "")
    _notes(part).write_text(json.dumps({"same": same}), encoding="utf-8")


def _notes(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _notes(part).unlink(missing_ok=True)
    if part.parent.is_dir() and not any(part.parent.iterdir()):
        part.parent.rmdir()


def _check(part: Path, name: str, kind: str) -> None:
    with part.open("rb") as stream:
        wrong = what_is_wrong(stream.read(FIRST), kind)
    if wrong:
        _forget(part)
        raise FetchProblem(f"{name} should be a {kind}, but {wrong}: it is not kept.")


def _put_in_place(
    address: str, part: Path, folder: Path, on: date, came: Mapping[str, Any]
) -> Downloaded:
    with part.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    size = part.stat().st_size
    path, outcome = _place(folder, part.name, sha256, on)
    if outcome != "unchanged":
        part.replace(path)
    _forget(part)
    return Downloaded(address, came["final_address"], path, sha256, size, outcome, came["headers"])


def _place(folder: Path, name: str, sha256: str, on: date) -> tuple[Path, str]:
    """Where the file goes: never over one with other content."""
    plain = folder / name
    if not plain.exists():
        return plain, "new"
    stem, dot, ending = name.partition(".")
    number = 1
    path = plain
    while path.exists():
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() == sha256:
                return path, "unchanged"
        again = f"-{number}" if number > 1 else ""
        path = folder / f"{stem}-{on}{again}{dot}{ending}"
        number += 1
    return path, "changed"
