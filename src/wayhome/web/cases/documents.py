"""Documents of a case: kept sealed, in versions, held apart until scanned, and read."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import note_prepared
from wayhome.web.cases.adding import adding
from wayhome.web.cases.models import Case, Document
from wayhome.web.files.apart import safe_file_apart
from wayhome.web.files.kinds import SafeFile
from wayhome.web.files.models import Scan
from wayhome.web.files.scanner import ScannerAway, has_scanner, scan
from wayhome.web.files.what_is_taken import Refused, Why
from wayhome.web.protection.files import file_bytes, keep_file, read_file, remove_file

KINDS = {
    "identity": "Passport, birth certificate, identity card",
    "notice": "Notice to appear or of a hearing",
    "order": "Order of a court or officer",
    "decision": "Decision on a request",
    "filed": "Paper that was filed",
    "criminal": "Record of a conviction or an arrest",
    "medical": "Medical record",
    "letter": "Letter or statement",
    "family": "Papers of the family",
    "translation": "Translation",
    "draft": "Draft",
    "other": "Another paper",
}
LONGEST_TITLE = 200
# The same file sent again within this time was sent once.
SAME_FILE = timedelta(minutes=10)
MOST_DOCUMENTS = 1000
SCANNER_ACTOR = Actor("command:scan")

EXTRA_LARGE = "This is more than {} MB. Send a smaller file, or fewer at a time."
FULL = "This case holds as much as it can. Ask the team to take out what is not needed."


class HeldApart(Exception):
    """The document has not been scanned yet, or the scanner found something harmful in it."""


def keep_document(
    actor: Actor,
    case: Case,
    file: BinaryIO | Any,
    title: str,
    kind: str,
    now: datetime,
    *,
    from_applicant: bool,
    member: Membership | None = None,
    version_of: Document | None = None,
) -> Document:
    """Keeps a file, made safe (files/kinds.py) and sealed; the same one sent twice is kept once.

    Where a scanner is set it stands apart until it was found clean; that is tried at once, after
    the transaction. Raises Refused with a sentence for the sender, Erased, PermissionDenied, or
    OSError where the disk is full; then nothing is left of it.
    """
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
    if version_of is not None and version_of.case_id != case.pk:
        raise ValueError("A version belongs to the case of its document.")
    kind = kind if kind in KINDS else "other"
    safe = safe_file_apart(bytes_within_limit(file))
    with adding(case):
        if (sent_before := _sent_before(case, safe, now)) is not None:
            return sent_before
        _check_room(case, len(safe.data))
        document = Document(
            id=uuid.uuid4(),
            case=case,
            title=title_of(title) or f"{KINDS[kind]}, {now:%Y-%m-%d}",
            kind=kind,
            content_type=safe.content_type,
            size=len(safe.data),
            version_of=first_version(version_of) if version_of else None,
            is_from_applicant=from_applicant,
            is_held_apart=has_scanner(),
            added_at=now,
            added_by_id=member.user_id if member else None,
        )
        _keep(actor, document, safe, member, now)
    transaction.on_commit(partial(_scan_after, document, now))
    return document


def _keep(
    actor: Actor, document: Document, safe: SafeFile, member: Membership | None, now: datetime
) -> None:
    """The file first, then its row and its event; the file goes again if they cannot be saved."""
    case = document.case
    keep_file(case.pk, document.pk, [safe.data])
    try:
        details = {
            "document": str(document.pk),
            "kind": document.kind,
            "size": document.size,
            "version_of": str(document.version_of_id or ""),
        }
        record(actor, "kept document", case=case.pk, details=details, at=now)
        document.save(force_insert=True)
        note_prepared(case, member, now)
    except BaseException:
        remove_file(case.pk, document.pk)
        raise


def bytes_within_limit(file: BinaryIO | Any) -> bytes:
    """A file's bytes. Raises Refused for one that is too large, having read no more than that."""
    limit: int = settings.LARGEST_UPLOAD
    if getattr(file, "is_cut", False) or (getattr(file, "size", None) or 0) > limit:
        raise Refused(EXTRA_LARGE.format(limit // 2**20), Why.LARGE)
    held = BytesIO()
    chunks: Iterator[bytes] = iter(partial(file.read, 65_536), b"")
    for chunk in chunks:
        if held.tell() + len(chunk) > limit:
            raise Refused(EXTRA_LARGE.format(limit // 2**20), Why.LARGE)
        held.write(chunk)
    return held.getvalue()


def title_of(text: str) -> str:
    """A title in any script, without what would make a name of a file read backwards or break.

    Empty where nothing readable is left.
    """
    plain = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN or c in _JOINERS)
    return " ".join(plain.split())[:LONGEST_TITLE].strip()


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
# Persian, Indic scripts and emoji are written with these.
_JOINERS = "\u200c\u200d"


def _sent_before(case: Case, safe: SafeFile, now: datetime) -> Document | None:
    recent = Document.objects.filter(
        case=case,
        size=len(safe.data),
        content_type=safe.content_type,
        added_at__gte=now - SAME_FILE,
        scan=None,
    )
    return next((d for d in recent if _same(d, safe.data)), None)


def _same(document: Document, data: bytes) -> bool:
    try:
        return file_bytes(document.case_id, document.pk) == data
    except FileNotFoundError:
        return False


def _check_room(case: Case, size: int) -> None:
    held = Document.objects.filter(case=case)
    total = held.aggregate(total=Sum("size"))["total"] or 0
    if held.count() >= MOST_DOCUMENTS or total + size > settings.MOST_OF_CASE:
        raise Refused(FULL, Why.FULL)


def first_version(document: Document) -> Document:
    """The document of which this is a version; itself where it is the first."""
    return document.version_of or document


def document_bytes(document: Document) -> bytes:
    """All of a document. Raises HeldApart, Erased, CannotOpen, or FileNotFoundError.

    Whoever shows it to somebody records that it was read (`read_document`).
    """
    _check_not_apart(document)
    return file_bytes(document.case_id, document.pk)


def read_document(
    actor: Actor, member: Membership | None, document: Document, now: datetime
) -> Iterator[bytes]:
    """A document's bytes, chunk by chunk, for somebody to read; the log says who and when.

    `member` is None for the applicant of the case. Raises as `document_bytes`, before it answers.
    """
    if member is not None:
        check_may(member, Deed.SEE_CASE)
    _check_not_apart(document)
    chunks = read_file(document.case_id, document.pk)
    first = next(chunks, b"")
    details = {"document": str(document.pk)}
    record(actor, "read document", case=document.case_id, details=details, at=now)
    return chain((first,), chunks)


def _check_not_apart(document: Document) -> None:
    if document.is_held_apart:
        raise HeldApart("This document has not been found clean by the scanner.")


def remove_document(actor: Actor, member: Membership, document: Document, now: datetime) -> None:
    """Takes a document out for good, such as one about somebody else. The log keeps that it was.

    Of a document with versions, the oldest that is left becomes the first.
    """
    check_may(member, Deed.CHANGE_CASE)
    with adding(document.case):
        details = {"document": str(document.pk), "kind": document.kind}
        record(actor, "removed document", case=document.case_id, details=details, at=now)
        later = list(Document.objects.filter(version_of=document).order_by("added_at"))
        if later:
            Document.objects.filter(version_of=document).update(version_of=later[0])
            Document.objects.filter(pk=later[0].pk).update(version_of=None)
        Document.objects.filter(pk=document.pk).delete()
        note_prepared(document.case, member, now)
        # A file without a row is swept away; a row without its file would be a loss.
        transaction.on_commit(partial(remove_file, document.case_id, document.pk))


def scan_document(
    document: Document, now: datetime, scanner: Callable[[bytes], Any] = scan
) -> Scan | None:
    """Asks the scanner about a document that is held apart, and lets it go or empties it.

    None where there is nothing to ask about, or the scanner is away: then it stays apart.
    """
    case, pk = document.case, document.pk
    if not document.is_held_apart:
        return None
    try:
        verdict = scanner(file_bytes(case.pk, pk))
    except (ScannerAway, FileNotFoundError):
        return None
    with scope(organization=case.organization_id), transaction.atomic():
        details = {"document": str(pk), "is_clean": verdict.is_clean}
        record(SCANNER_ACTOR, "scanned document", case=case.pk, details=details, at=now)
        said, _ = Scan.objects.get_or_create(
            document_id=pk,
            defaults={"is_clean": verdict.is_clean, "found": verdict.found, "scanned_at": now},
        )
        if verdict.is_clean:
            Document.objects.filter(pk=pk).update(is_held_apart=False)
        else:
            transaction.on_commit(partial(remove_file, case.pk, pk))
    document.is_held_apart = not verdict.is_clean
    return said


def _scan_after(document: Document, now: datetime) -> None:
    if document.is_held_apart:
        scan_document(document, now)
