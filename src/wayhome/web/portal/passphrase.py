"""Passphrases of six words, to write down on paper and to say over the phone.

Each list has 1,024 words or more, so six words drawn at random are 60 bits or more.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from pathlib import Path

from wayhome.words.languages import ENGLISH

LISTS = Path(__file__).parent / "passphrase_words"
WORDS_EACH, LEAST_WORDS = 6, 1024
# Letters that Arabic keyboards and hands write either way, and the stretching stroke.
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
    """Small letters without accents, one space between words: what is hashed and compared."""
    spread = unicodedata.normalize("NFKD", passphrase).casefold()
    plain = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(plain.translate(_SAME_LETTERS).replace("-", " ").replace(",", " ").split())


def code_as_compared(code: str) -> str:
    """A case code with its hyphen, whatever way it was typed."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", code).upper() if c.isalnum())
    return f"{letters[:4]}-{letters[4:8]}" if len(letters) == 8 else letters[:8]
