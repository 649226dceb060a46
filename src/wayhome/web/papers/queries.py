"""What the papers of a case are made of and which drafts there are, as pages ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wayhome import papers
from wayhome.papers.edition import edition_of
from wayhome.report.words import words as words_in
from wayhome.web.cases.models import Case, Document
from wayhome.web.cases.people_around import other_names_of
from wayhome.web.files.what_is_taken import PDF
from wayhome.web.papers.models import KeptDraft, PaperWords
from wayhome.web.protection.fields import ERASED
from wayhome.words import LANGUAGES

_OF_WORDS = ("own_words", "own_language", "translation", "translator")
_OF_WORDS += ("counsel", "counsel_address", "court")


@dataclass(frozen=True)
class Paper:
    """A template beside a case: its program, the grounds that call for it, and its drafts."""

    template: papers.Template
    program: str
    grounds: tuple[Any, ...]
    drafts: tuple[KeptDraft, ...]

    @property
    def is_old(self) -> bool:
        """Whether the newest draft was made with another edition of the rulebook."""
        return bool(self.drafts) and self.drafts[0].edition != edition_of()


def words_of(case: Case) -> PaperWords | None:
    return PaperWords.objects.filter(case=case).first()


def person_of(case: Case) -> dict[str, str]:
    """What papers may say of a case's person, without what is not known."""
    person, words = case.person, words_of(case)
    language = LANGUAGES.get(case.language)
    found = {
        "name": person.name,
        "other_names": ", ".join(other_names_of(person)),
        "birth_date": person.birth_date,
        "a_number": person.a_number,
        "where": person.where,
        "case_code": case.code,
        "organization": case.organization.name,
        **({name: getattr(words, name) for name in _OF_WORDS} if words else {}),
    }
    found["own_language"] = found.get("own_language") or (language.english_name if language else "")
    return {name: str(text) for name, text in found.items() if text and text != ERASED}


def exhibits_in(case: Case, words: PaperWords | None) -> list[Document]:
    """The documents chosen as exhibits, in order; none that is gone or held apart."""
    chosen = [UUID(key) for key in (words.exhibits or [])] if words else []
    by_id = {document.pk: document for document in documents_for_exhibits(case)}
    return [by_id[key] for key in chosen if key in by_id]


def documents_for_exhibits(case: Case) -> list[Document]:
    """PDFs of the case that are no drafts, the first added first."""
    found = Document.objects.filter(case=case, content_type=PDF, is_held_apart=False)
    return list(found.exclude(kind="draft").order_by("added_at"))


def papers_of(case: Case, findings: Any) -> Iterator[Paper]:
    """Every paper, those first whose grounds hold, with the drafts made of it, newest first."""
    made: dict[str, list[KeptDraft]] = {}
    drafts = KeptDraft.objects.filter(case=case).order_by("-made_at")
    for draft in drafts.select_related("word", "pdf", "made_by"):
        made.setdefault(draft.template, []).append(draft)
    for one in papers.suited(findings):
        drafts_of_it = tuple(made.get(one.template.id, ()))
        yield Paper(one.template, program_of(one.template), one.grounds, drafts_of_it)


def program_of(template: papers.Template) -> str:
    """The name of a paper's program, as staff read it everywhere else."""
    return words_in("en").program(template.program)
