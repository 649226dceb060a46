"""Fetch publications into a folder, with a log of what came from where."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.public_record.fetch.download import Downloaded, Tell, download
from wayhome.public_record.fetch.publications import Publication
from wayhome.public_record.fetch.web import FetchProblem, OfflineProblem, links_of

LOG = "fetched.csv"
COLUMNS = (
    "fetched",
    "publication",
    "file",
    "outcome",
    "sha256",
    "bytes",
    "address",
    "final_address",
    "last_modified",
    "etag",
    "content_type",
    "headers",
)


@dataclass(frozen=True)
class Fetched:
    """What came of one publication: its files, and what went wrong, a sentence each."""

    publication: Publication
    files: tuple[Downloaded, ...]
    problems: tuple[str, ...]
    offline: bool = False


def fetch(
    publication: Publication, folder: Path, on: date, tell: Tell = lambda *_: None
) -> Fetched:
    """Bring every file of a publication; each that came is in the log, whatever others did."""
    try:
        addresses = _addresses(publication)
    except FetchProblem as error:
        return Fetched(publication, (), (_advised(publication, error),), _is_offline(error))
    files: list[Downloaded] = []
    problems: list[str] = []
    for address in addresses:
        try:
            came = download(address, folder, publication.kind, on, tell)
        except FetchProblem as error:
            problems.append(_advised(publication, error))
            if _is_offline(error):
                return Fetched(publication, tuple(files), tuple(problems), offline=True)
            continue
        files.append(came)
        _log(folder, publication, came, on)
    return Fetched(publication, tuple(files), tuple(problems))


def _addresses(publication: Publication) -> Sequence[str]:
    if publication.page is None or publication.links is None:
        return publication.files
    found = links_of(publication.page, publication.links)
    if not found:
        raise FetchProblem(
            f"{publication.page} has no link to a file of {publication.name}: "
            "the page has changed, or draws its links by a script."
        )
    return found


def _advised(publication: Publication, error: FetchProblem) -> str:
    if _is_offline(error):
        return str(error)
    return f"{error} {publication.moved} (Addresses as known on {publication.as_of}.)"


def _is_offline(error: FetchProblem) -> bool:
    return isinstance(error, OfflineProblem)


def _log(folder: Path, publication: Publication, came: Downloaded, on: date) -> None:
    """Add a line to the log: the log is there whole, with it or without it."""
    path, new = folder / LOG, folder / f".{LOG}"
    old = path.read_text("utf-8") if path.exists() else ""
    with new.open("w", encoding="utf-8", newline="") as stream:
        stream.write(old)
        writer = csv.writer(stream, lineterminator="\n")
        if not old:
            writer.writerow(COLUMNS)
        writer.writerow(
            (
                on.isoformat(),
                publication.name,
                came.path.name,
                came.outcome,
                came.sha256,
                came.bytes,
                came.address,
                came.final_address,
                came.headers.get("last-modified", ""),
                came.headers.get("etag", ""),
                came.headers.get("content-type", ""),
                json.dumps(dict(came.headers), ensure_ascii=False, sort_keys=True),
            )
        )
    new.replace(path)
