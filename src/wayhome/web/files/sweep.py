"""Putting right what a killed process or a scanner that was away has left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django_scopes import scopes_disabled

from wayhome.web.cases.documents import scan_document
from wayhome.web.cases.models import Document
from wayhome.web.files.scanner import has_scanner

# A file this old whose row is not there was never saved: no request takes so long.
SETTLED_SECONDS = 3600


@dataclass(frozen=True)
class Tended:
    """How many documents the scanner judged, how many wait for it, how many strays were removed."""

    scanned: int
    waiting: int
    swept: int


def tend_files(now: datetime) -> Tended:
    """Scans what is held apart and removes files that belong to no document."""
    scanned = waiting = 0
    for document in list(_held_apart()) if has_scanner() else []:
        found = scan_document(document, now)
        scanned, waiting = scanned + (found is not None), waiting + (found is None)
    return Tended(scanned, waiting, sum(1 for _ in _swept(now)))


def _held_apart() -> list[Document]:
    with scopes_disabled():
        rows = Document.objects.filter(is_held_apart=True, scan=None, case__erased_at=None)
        return list(rows.select_related("case").order_by("added_at"))


def _swept(now: datetime) -> Iterator[Path]:
    root, before = Path(settings.FILES), now.timestamp() - SETTLED_SECONDS
    for folder in root.iterdir() if root.is_dir() else ():
        old = [f for f in folder.iterdir() if f.stat().st_mtime < before] if folder.is_dir() else []
        for path in _strays(old):
            path.unlink(missing_ok=True)
            yield path


def _strays(files: list[Path]) -> list[Path]:
    """Unfinished files, and those whose document does not exist."""
    ids = {path: _id_of(path) for path in files}
    wanted = [pk for pk in ids.values() if pk]
    with scopes_disabled():
        harmful = Document.objects.filter(pk__in=wanted, scan__is_clean=False)
        kept = set(Document.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        kept -= set(harmful.values_list("pk", flat=True))
    return [path for path, pk in ids.items() if pk not in kept]


def _id_of(path: Path) -> UUID | None:
    try:
        return UUID(path.name)
    except ValueError:
        return None
