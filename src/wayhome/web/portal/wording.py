"""What the portal says, in the language of the reader: `words/<language>.yaml`.

A text that is missing gives way to the English; a house test fails before that ships.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from wayhome.law.vocabulary import Fact
from wayhome.words import help_line
from wayhome.words.languages import ENGLISH

WORDS = Path(__file__).parent / "words"
ORIGINAL, MACHINE = "original", "machine, needs a human reader"
# Goes up when the meaning of the consent changes; the digest tells a changed wording by itself.
CONSENT_EDITION = 2


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of a language by `section.name`."""
    content = yaml.safe_load((WORDS / f"{language}.yaml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": text
        for section, texts in content.items()
        if isinstance(texts, dict)
        for name, text in texts.items()
    }


@cache
def standing(language: str) -> str:
    """How a language's words came about: the original, by machine, or who has read them."""
    content = yaml.safe_load((WORDS / f"{language}.yaml").read_text(encoding="utf-8"))
    return str(content["translated"])


def say(language: str, key: str, **blanks: object) -> str:
    """A text with its blanks filled in. Raises KeyError for a key that no language has."""
    text = words(language).get(key) or words(ENGLISH)[key]
    return text.format(**blanks) if blanks else text


def choice(language: str, fact: Fact, value: str) -> str:
    """One value of a category in plain words: those for this fact, where it has its own."""
    keys = (f"choice.{fact.name}.{value}", f"choice.{value}")
    return next((say(language, key) for key in keys if key in words(ENGLISH)), value)


def hint(fact: Fact, language: str) -> str:
    """What helps to answer. The law's help may name the values of a table, which no page shows."""
    key = f"hint.{fact.name}"
    return say(language, key) if key in words(ENGLISH) else help_line(fact, language)


def has_words_for(fact: Fact) -> bool:
    return all(f"choice.{value}" in words(ENGLISH) for value in fact.values)


def consent_version(language: str) -> str:
    """Names the very words that somebody agreed to: the edition, the language, their digest."""
    texts = [text for key, text in words(language).items() if key.startswith("consent.")]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    return f"{CONSENT_EDITION}/{language}/{digest}"
