"""The drafts of a batch as a zip that is written while it is sent: none of it lies on a disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import check_may_see_case
from wayhome.web.audit.chain import Actor
from wayhome.web.cases.documents import HeldApart, read_document
from wayhome.web.cases.models import Document
from wayhome.web.files.what_is_taken import ENDINGS
from wayhome.web.papers.models import Batch, KeptDraft
from wayhome.web.protection.sealing import CannotOpen

# A zip cannot say a day before 1980; which it says does not matter.
_DAY = (1980, 1, 1, 0, 0, 0)


class _Written(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.held += piece
        return len(piece)

    def taken(self) -> bytes:
        piece = bytes(self.held)
        self.held.clear()
        return piece


def zip_of(actor: Actor, member: Membership, batch: Batch, now: datetime) -> Iterator[bytes]:
    """The zip, piece by piece: `K7QM-2XNP/motion_to_rescind.docx` and the like."""
    written = _Written()
    with (
        scope(organization=member.organization),
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive,
    ):
        drafts = KeptDraft.objects.filter(pk__in=batch.drafts).order_by("pk")
        for draft in drafts.select_related("case", "word", "pdf"):
            for document in (draft.word, draft.pdf):
                with suppress(PermissionDenied, HeldApart, CannotOpen, FileNotFoundError):
                    _add(archive, actor, member, draft, document, now)
                yield written.taken()
    yield written.taken()


def _add(
    archive: zipfile.ZipFile,
    actor: Actor,
    member: Membership,
    draft: KeptDraft,
    document: Document | None,
    now: datetime,
) -> None:
    """Adds one file, if it is still there and may be read."""
    check_may_see_case(member, draft.case)
    if document is None:
        return
    content = b"".join(read_document(actor, member, document, now))
    paper = draft.template.rpartition("/")[2]
    name = f"{draft.case.code}/{paper}{ENDINGS[document.content_type]}"
    archive.writestr(zipfile.ZipInfo(name, _DAY), content)
