"""Passphrases of six words, to write down on paper and to say over the phone.

Each list has 1,024 words or more, so six words drawn at random are 60 bits or more.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from wayhome.law.normal_forms import normalized
from wayhome.words.languages import ENGLISH, LANGUAGES

LISTS = Path(__file__).parent / "passphrase_words"
WORDS_EACH, LEAST_WORDS = 6, 1024
# No more is looked at, and no more suggestions are made, whatever somebody sends.
_LONGEST, _MOST_MEANT = 200, 3
_LONG_WORD = 8
# Far beyond six words: what is over is cut off before anything is done with it.
_LONGEST_PASSPHRASE = 400
# Letters that Arabic keyboards and hands write either way, and the stretching stroke.
_WITH_A_DIGIT = re.compile(r"(?=\w*[01])(?=\w*[^\W\d_])[^\W2-9_]+")
_SAME_LETTERS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "’": "", "'": ""})


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language; of English where the language has no list."""
    path = LISTS / f"{language}.txt"
    text = (path if path.exists() else LISTS / f"{ENGLISH}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


def new_passphrase(language: str) -> str:
    return " ".join(secrets.choice(word_list(language)) for _ in range(WORDS_EACH))


def as_compared(passphrase: str) -> str:
    """Small letters without accents, one space between words: what is hashed and compared.

    Numbers before the words, commas and full stops are passed over. A 0 or a 1 inside a word is
    read as the letter that it looks like.
    """
    spread = normalized("NFKD", passphrase[:_LONGEST_PASSPHRASE]).casefold()
    plain = "".join(c for c in spread if not unicodedata.combining(c)).translate(_SAME_LETTERS)
    in_letters = _WITH_A_DIGIT.sub(lambda found: _as_letters(found[0]), plain)
    return " ".join("".join(c if c.isalpha() else " " for c in in_letters).split())


def _as_letters(typed: str) -> str:
    """A word with 0 or 1 in it, read as the letters that they look like.

    Between letters it is a slip, whatever the word; at an edge it may be the number of the word.
    """
    with_o = typed.replace("0", "o")
    either = [with_o.replace("1", letter) for letter in "li"]
    ours = next((word for word in either if _is_ours(word)), "")
    bare = typed.strip("01")
    if bare.isalpha():
        return ours if ours and not _is_ours(bare) else typed
    return ours or either[0]


def _is_ours(word: str) -> bool:
    return any(word in _as_written(language) for language in LANGUAGES)


@dataclass(frozen=True)
class Slip:
    """A word that was typed and is in no list, and the words that it may have been meant to be."""

    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """Words as they were typed, and what may be wrong with them. All of it is told by the lists,
    which everybody may read: it says nothing of anybody's words.
    """

    count: int
    slips: tuple[Slip, ...]
    mended: str | None

    @property
    def is_short_or_long(self) -> bool:
        return self.count != WORDS_EACH


def looked_over(passphrase: str) -> Typed:
    """What was typed, held against the lists of words.

    `mended` has each slip replaced by the one word that it is near to, where every slip has just
    one and most of the words are right; else None.
    """
    typed = as_compared(passphrase[:_LONGEST]).split()
    known = _list_of(typed)
    if known is None:
        return Typed(len(typed), (), None)
    slips = {word: _near(word, known) for word in typed if word not in known}
    meant = {word: near or _akin(word, known) for word, near in slips.items()}
    is_clear = len(typed) == WORDS_EACH and all(len(near) == 1 for near in slips.values())
    return Typed(
        len(typed),
        tuple(Slip(word, tuple(known[near] for near in nears)) for word, nears in meant.items()),
        " ".join(slips.get(word, (word,))[0] for word in typed) if slips and is_clear else None,
    )


def _list_of(typed: list[str]) -> dict[str, str] | None:
    """The words of the language in which most were typed, as compared and as written; None where
    fewer than half are in any list."""
    lists = {language: _as_written(language) for language in LANGUAGES}
    best = max(lists.values(), key=lambda known: sum(word in known for word in typed))
    return best if sum(word in best for word in typed) * 2 >= max(len(typed), 4) else None


@cache
def _as_written(language: str) -> dict[str, str]:
    return {as_compared(word): word for word in word_list(language)}


def _near(word: str, known: dict[str, str]) -> tuple[str, ...]:
    """The nearest words: one letter missing, too many, wrong or changed about, else two."""
    far = OSA.distance
    for most in (1, 2) if len(word) > 3 else (1,):
        found = tuple(one for one in known if far(word, one, score_cutoff=most) <= most)
        if found:
            return found[:_MOST_MEANT]
    return ()


def _akin(word: str, known: dict[str, str]) -> tuple[str, ...]:
    """Long words three letters away: the same word as another language writes it. They are said,
    and nothing is mended by them."""
    if len(word) < _LONG_WORD:
        return ()
    far = OSA.distance
    return tuple(one for one in known if far(word, one, score_cutoff=3) <= 3)[:_MOST_MEANT]
