"""Words of organizations' names: which say that it is one, which are common, how each is known."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources

from wayhome.sources.printed_text import INVISIBLE

WITHOUT_WEIGHT = frozenset({"the", "of", "and", "for", "a", "an", "in", "at", "on", "to"}) | {
    *("de", "la", "el", "los", "las", "del", "en", "y", "e")
}
AFTER_A_NAME = frozenset({"inc", "llc", "corp", "ltd", "incorporated"})
# Their "s" can be nothing but a possessive: "peoples justice" is "people's justice".
PLURAL_WITHOUT_S = frozenset({"people", "children", "women", "men"})
APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼʻ`´′＇", "'"))
REMEMBERED = 50_000  # names: a list is compared name by name
LETTERS_ALIKE = 6  # "immigrant" and "immigration" are alike to this many letters


@lru_cache(REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """The words, in the letters of any script, without capitals, "the" and "Inc.".

    Accents leave Latin letters alone: in other scripts a mark makes another letter. Of apostrophes
    that of a possessive stays: "Mothers' Circle" need not be "Mothers Circle".
    """
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", name).translate(APOSTROPHES))
    letters = "".join(map(_letter, plain.casefold().replace("&", " and ")))
    words = (_without_idle_apostrophe(word) for word in letters.split())
    return tuple(word for word in words if word and word != "the" and word not in AFTER_A_NAME)


def _letter(character: str) -> str:
    """A character, without its accent where it is Latin; a space for what is no letter."""
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    if plain:
        return "".join(one if one.isalnum() or one == "'" else " " for one in plain)
    return character if unicodedata.category(character)[0] in "LMN" else " "


def _without_idle_apostrophe(word: str) -> str:
    """A word without apostrophes, but for one that makes a possessive of it."""
    plain = word.replace("'", "")
    if plain[:-1] in PLURAL_WITHOUT_S or not plain[:-1]:
        return plain
    if word.endswith("s'"):
        return f"{plain}'"
    return f"{plain[:-1]}'s" if word.endswith("'s") else plain


@lru_cache(REMEMBERED)
def singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """Rights and right, immigrants and immigrant, mothers', mother's and mother."""
    plain = (word.replace("'", "") for word in words)
    return tuple(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in plain
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


def says_organization(text: str) -> bool:
    """Whether one of its words says that it is an organization, whoever it is named for."""
    words = words_of(text)
    known = _words("organization_words.txt")
    return not known.isdisjoint((*singular(words), *(word.replace("'", "") for word in words)))


@cache
def _words(file: str) -> frozenset[str]:
    return frozenset(resources.files(__package__).joinpath(file).read_text("utf-8").split())
