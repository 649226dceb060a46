"""A case's documents, each with its versions, the newest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from wayhome.web.cases.documents import KINDS
from wayhome.web.cases.models import Case, Document


@dataclass(frozen=True)
class Versions:
    """A document: the version that counts, and the earlier ones, newest first."""

    newest: Document
    earlier: tuple[Document, ...]

    @property
    def first(self) -> Document:
        return self.earlier[-1] if self.earlier else self.newest

    @property
    def title(self) -> str:
        return str(self.newest.title)

    @property
    def kind(self) -> str:
        return KINDS.get(self.newest.kind, KINDS["other"])


def documents_of(case: Case) -> list[Versions]:
    """Every document of a case. A harmful one shows what the scanner found."""
    rows = Document.objects.filter(case=case).select_related("added_by", "scan")
    groups: dict[object, list[Document]] = defaultdict(list)
    for row in rows.order_by("-added_at", "-pk"):
        groups[row.version_of_id or row.pk].append(row)
    return [Versions(newest, tuple(earlier)) for newest, *earlier in groups.values()]
