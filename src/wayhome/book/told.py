"""What the public is told, language by language, and whether a person has read the translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from wayhome.book.contents import Contents
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Fact
from wayhome.words import LANGUAGES, Language, Page, help_line, program_page, question, sentence
from wayhome.words.catalogs import catalog_path, read_catalog
from wayhome.words.languages import ENGLISH

ANSWERS: tuple[tuple[Truth, str, str], ...] = (
    (True, "✓", "If it holds"),
    (False, "✗", "If it does not hold"),
    (None, "?", "If nobody can tell yet"),
)


@dataclass(frozen=True)
class Passage:
    """Something told in one language. `is_unread`: a machine's words that nobody has signed."""

    language: Language
    texts: tuple[str, ...]
    is_unread: bool


def rule_passages(rule: Rule, contents: Contents) -> list[Passage]:
    """The three sentences of a rule in each language that has all of them."""

    def told(language: str) -> tuple[str, ...]:
        return tuple(sentence(rule, a, language, contents.folder) for a, _, _ in ANSWERS)

    return list(_in_languages(told, f"rule {rule.id}"))


def fact_passages(fact: Fact) -> list[Passage]:
    """The question and its line of help in each language."""

    def told(language: str) -> tuple[str, ...]:
        return question(fact, language), help_line(fact, language)

    return list(_in_languages(told, f"fact {fact.name}"))


def program_passages(program: str, contents: Contents) -> list[tuple[Passage, Page]]:
    """A program's page in each language that has one."""
    pages = {code: program_page(program, code, contents.folder) for code in LANGUAGES}

    def told(language: str) -> tuple[str, ...]:
        page = pages[language]
        return (page.title, page.summary) if page else ("",)

    found = _in_languages(told, f"page {program}")
    return [(passage, page) for passage in found if (page := pages[passage.language.code])]


def _in_languages(told: Callable[[str], tuple[str, ...]], context: str) -> Iterator[Passage]:
    """Each language in which something is told; what gave way to the English is left out."""
    english = told(ENGLISH)
    for code, language in LANGUAGES.items():
        texts = told(code)
        gave_way = code != ENGLISH and any(
            text and text == original for text, original in zip(texts, english, strict=True)
        )
        if texts[0] and not gave_way:
            yield Passage(language, texts, context in _unread(code))


@cache
def _unread(language: str) -> frozenset[str]:
    """What a language has unsigned words for: `rule stay.daca_held`, `fact detained`."""
    if language == ENGLISH:
        return frozenset()
    entries = read_catalog(catalog_path(language)).values()
    return frozenset(" ".join(e.context.split()[:2]) for e in entries if not e.signed)
