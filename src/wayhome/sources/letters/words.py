"""Words of organizations' names: which say that it is one, which are common, how each is known."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

WITHOUT_WEIGHT = frozenset({"the", "of", "and", "for", "a", "an", "in", "at", "on", "to"}) | {
    *("de", "la", "el", "los", "las", "del", "en", "y", "e")
}
AFTER_A_NAME = frozenset({"inc", "llc", "corp", "ltd", "incorporated"})
REMEMBERED = 50_000  # names: a list is compared name by name
LETTERS_ALIKE = 6  # "immigrant" and "immigration" are alike to this many letters


@lru_cache(REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """The words without accents, apostrophes, capitals, "the" and "Inc."."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("&", " and "))
    return tuple(word for word in words if word != "the" and word not in AFTER_A_NAME)


@lru_cache(REMEMBERED)
def singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """Rights and right, immigrants and immigrant."""
    return tuple(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
    )


@lru_cache(REMEMBERED)
def stems(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:LETTERS_ALIKE] for word in words)


@lru_cache(REMEMBERED)
def weighty(words: tuple[str, ...]) -> frozenset[str]:
    """Without of, and, for."""
    return frozenset(words) - WITHOUT_WEIGHT


@lru_cache(REMEMBERED)
def initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word not in WITHOUT_WEIGHT)


def given_names() -> frozenset[str]:
    """Common given names, to ask about a line that may be a person."""
    return _words("given_names.txt")


def organization_words() -> frozenset[str]:
    """A line with one of these is an organization, whoever it is named for."""
    return _words("organization_words.txt")


@cache
def _words(file: str) -> frozenset[str]:
    return frozenset(resources.files(__package__).joinpath(file).read_text("utf-8").split())
