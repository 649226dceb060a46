"""The publications that `wayhome fetch` knows, from publications.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

KNOWN = Path(__file__).with_name("publications.yaml")


@dataclass(frozen=True)
class Publication:
    """Where a publication is kept, as known on `as_of`.

    Its files are at `files`, or linked from `page` by addresses that match `links`."""

    name: str
    title: str
    kind: str
    known: str
    moved: str
    as_of: date
    page: str | None = None
    links: re.Pattern[str] | None = None
    files: tuple[str, ...] = ()
    imported_by: str | None = None


@cache
def publications(path: Path = KNOWN) -> Mapping[str, Publication]:
    """All publications by name."""
    told = yaml.safe_load(path.read_text("utf-8"))
    return {
        name: _publication(name, entry, told["as_of"])
        for name, entry in told["publications"].items()
    }


def _publication(name: str, entry: Mapping[str, Any], as_of: date) -> Publication:
    return Publication(
        name=name,
        title=entry["title"],
        kind=entry["kind"],
        known=entry["known"],
        moved=entry["moved"],
        as_of=as_of,
        page=entry.get("page"),
        links=re.compile(entry["links"]) if "links" in entry else None,
        files=tuple(entry.get("files", ())),
        imported_by=entry.get("import"),
    )
