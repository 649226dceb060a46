"""What a person is told in their language: a rule's answer, a question, a program's page.

A translation that is missing or stale gives way to the English, so that nobody is told what the
law no longer says. The build fails before that ships (`wayhome words check`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Fact
from wayhome.programs import FOLDER
from wayhome.words.catalogs import catalog_path, read_catalog
from wayhome.words.english import ANSWERS, english_by_context
from wayhome.words.languages import ENGLISH, language_of


@dataclass(frozen=True)
class Section:
    """A heading of a page with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A program in plain words for the public."""

    title: str
    summary: str
    sections: tuple[Section, ...]


def sentence(rule: Rule, answer: Truth, language: str, folder: Path = FOLDER) -> str:
    """What a person is told for a rule's answer; empty where the rule has no words.

    `folder` is the folder of programs that the rule is from, where it is not the one built in.
    Raises UnknownLanguage, and FaultyRulebook for files of words that cannot be read.
    """
    return _told(f"rule {rule.id} {ANSWERS[answer]}", language, folder)


def question(fact: Fact, language: str) -> str:
    """The plain question for a fact; empty where no person can be asked. Raises UnknownLanguage."""
    return _told(f"fact {fact.name} question", language)


def help_line(fact: Fact, language: str) -> str:
    """The line of help beside a question. Raises UnknownLanguage."""
    return _told(f"fact {fact.name} help", language)


def program_page(program: str, language: str, folder: Path = FOLDER) -> Page | None:
    """A program's page; None where it has none. Raises UnknownLanguage."""

    def of_page(what: str) -> str:
        return _told(f"page {program} {what}", language, folder)

    if not of_page("title"):
        return None
    sections = []
    for number in count(1):
        place = f"section {number}"
        if not (heading := of_page(f"{place} heading")):
            break
        paragraphs: list[str] = []
        while paragraph := of_page(f"{place} paragraph {len(paragraphs) + 1}"):
            paragraphs.append(paragraph)
        sections.append(Section(heading, tuple(paragraphs)))
    return Page(of_page("title"), of_page("summary"), tuple(sections))


def translation(context: str, english: str, language: str) -> str:
    """The current translation of an English text; empty where it is missing or stale."""
    return _translations(language_of(language).code).get((context, english), "")


def _told(context: str, language: str, folder: Path = FOLDER) -> str:
    english = english_by_context(folder).get(context, "")
    return translation(context, english, language) or english


@cache
def _translations(language: str) -> Mapping[tuple[str, str], str]:
    if language == ENGLISH:
        return {}
    entries = read_catalog(catalog_path(language)).values()
    return {(e.context, e.english): e.text for e in entries if e.is_current}
