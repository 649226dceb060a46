"""Making drafts: one for a case, its bundle of exhibits, or one for each of many cases."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from wayhome import papers
from wayhome.papers.bundle import CannotBundle, Enclosure, bundle, exhibits_of
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import Erased, note_prepared
from wayhome.web.cases.adding import adding
from wayhome.web.cases.documents import document_bytes
from wayhome.web.cases.models import Case, Document
from wayhome.web.cases.queries import case_for
from wayhome.web.cases.screening import screened, screener_of
from wayhome.web.files.what_is_taken import DOCX, PDF
from wayhome.web.papers.models import Batch, KeptDraft, PaperWords
from wayhome.web.papers.queries import exhibits_in, person_of, words_of
from wayhome.web.protection.files import keep_file, remove_file

EXHIBIT_LIST = "return_home/exhibit_list"
MOST_IN_BATCH = 1000
WORDS = ("own_words", "own_language", "translation", "translator")
WORDS += ("counsel", "counsel_address", "court")


@dataclass(frozen=True)
class Files:
    """A draft in both forms."""

    draft: papers.Draft
    word: bytes
    pdf: bytes


def make_draft(
    actor: Actor, member: Membership, case: Case, template_id: str, as_of: date, now: datetime
) -> KeptDraft:
    """Drafts a paper on the law of a day and keeps it, as Word and PDF, with the case.

    Of the list of exhibits the PDF is the whole bundle. Raises UnknownTemplate, NoLawInForce,
    CannotBundle, Erased or PermissionDenied; then nothing is kept.
    """
    check_may(member, Deed.DRAFT)
    check_may_see_case(member, case)
    files = _files(case, papers.template_of(template_id), as_of)
    return _keep(actor, member, case, files, now)


def _files(case: Case, template: papers.Template, as_of: date) -> Files:
    screening = screened(case, as_of)
    enclosures = [
        Enclosure(str(document.title), document_bytes(document))
        for document in exhibits_in(case, words_of(case))
    ]
    draft = papers.draft(
        template,
        screening.facts,
        screening.findings,
        person_of(case),
        as_of,
        is_invented=case.is_invented,
        exhibits=exhibits_of(enclosures),
    )
    pdf = papers.pdf(draft)
    if template.id == EXHIBIT_LIST and enclosures:
        pdf = bundle(pdf, template.title, enclosures)
    return Files(draft, papers.word(draft), pdf)


def _keep(actor: Actor, member: Membership, case: Case, files: Files, now: datetime) -> KeptDraft:
    """Both files, their rows and the event stand together or not at all."""
    draft = files.draft
    with ExitStack() as undo:
        with adding(case):
            word = _document(undo, case, draft, DOCX, files.word, member, now)
            pdf = _document(undo, case, draft, PDF, files.pdf, member, now)
            kept = KeptDraft.objects.create(
                case=case,
                template=draft.template.id,
                as_of=draft.as_of,
                edition=draft.edition,
                gaps=len(draft.gaps),
                made_at=now,
                made_by_id=member.user_id,
                word=word,
                pdf=pdf,
            )
            # Neither the rules nor the paper's name: they would tell the grounds of the case.
            details = {
                "as_of": draft.as_of.isoformat(),
                "edition": draft.edition,
                "documents": [str(word.pk), str(pdf.pk)],
            }
            record(actor, "made draft", case=case.pk, details=details, at=now)
            note_prepared(case, member, now)
        undo.pop_all()
    return kept


def _document(
    undo: ExitStack,
    case: Case,
    draft: papers.Draft,
    content_type: str,
    content: bytes,
    member: Membership,
    now: datetime,
) -> Document:
    """A file of our own making, which needs no scanner. It goes again unless all was kept."""
    document = Document(
        id=uuid.uuid4(),
        case=case,
        title=f"{case.code} {draft.template.title} DRAFT",
        kind="draft",
        content_type=content_type,
        size=len(content),
        added_at=now,
        added_by_id=member.user_id,
    )
    undo.callback(remove_file, case.pk, document.pk)
    keep_file(case.pk, document.pk, [content])
    document.save(force_insert=True)
    return document


def keep_words(
    actor: Actor, member: Membership, case: Case, said: Mapping[str, str], now: datetime
) -> None:
    """Keeps the person's account, its translation, and who acts for them (WORDS)."""
    check_may(member, Deed.CHANGE_CASE)
    _change_words(actor, member, case, {name: said.get(name, "") for name in WORDS}, now)


def choose_exhibits(
    actor: Actor, member: Membership, case: Case, documents: Iterable[UUID], now: datetime
) -> None:
    """Sets which documents go with the papers, in this order."""
    check_may(member, Deed.CHANGE_CASE)
    chosen = [str(document) for document in documents]
    _change_words(actor, member, case, {"exhibits": chosen}, now)


def _change_words(
    actor: Actor, member: Membership, case: Case, changes: Mapping[str, Any], now: datetime
) -> None:
    with adding(case):
        words, _ = PaperWords.objects.get_or_create(case=case)
        for name, value in changes.items():
            setattr(words, name, value)
        words.save()
        details = {"parts": sorted(changes)}
        record(actor, "wrote words for papers", case=case.pk, details=details, at=now)
        note_prepared(case, member, now)


def start_batch(
    actor: Actor,
    member: Membership,
    template_id: str,
    cases: list[UUID],
    as_of: date,
    now: datetime,
) -> Batch:
    """Sets out to draft a paper for each of these cases (MOST_IN_BATCH at most).

    Raises UnknownTemplate or NoLawInForce.
    """
    check_may(member, Deed.DRAFT)
    template = papers.template_of(template_id)
    screener_of(as_of)
    wanted = [str(case) for case in dict.fromkeys(cases)][:MOST_IN_BATCH]
    with transaction.atomic():
        batch = Batch.objects.create(
            organization=member.organization,
            user_id=member.user_id,
            template=template.id,
            as_of=as_of,
            cases=wanted,
            started_at=now,
        )
        details = {"batch": str(batch.pk), "template": template.id, "cases": len(wanted)}
        record(actor, "began drafts", details=details, at=now)
    return batch


def continue_batch(
    actor: Actor, member: Membership, batch: Batch, now: datetime, *, seconds: float
) -> bool:
    """Drafts for some seconds, a case after another; true where something is left to do.

    Whoever looks at the batch moves it on, so that no process of its own can be killed. A case
    that may not be read or cannot be drafted is counted and left out.
    """
    check_may(member, Deed.DRAFT)
    until = time.monotonic() + seconds
    while batch.done < len(batch.cases) and time.monotonic() < until:
        with transaction.atomic():
            locked = Batch.objects.select_for_update().get(pk=batch.pk)
            if locked.done < len(locked.cases):
                _draft_next(actor, member, locked, now)
        batch = locked
    return batch.done < len(batch.cases)


def _draft_next(actor: Actor, member: Membership, batch: Batch, now: datetime) -> None:
    case_id = UUID(batch.cases[batch.done])
    batch.done += 1
    batch.left_out += 1
    with suppress(Http404, PermissionDenied, Erased, CannotBundle):
        case = case_for(member, case_id)
        kept = make_draft(actor, member, case, batch.template, batch.as_of, now)
        batch.drafts.append(kept.pk)
        batch.left_out -= 1
    batch.save(update_fields=["done", "left_out", "drafts"])
