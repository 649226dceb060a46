"""Sentences that the record holds in English, said in the language of a page.

The plan and the registry write what they assume and why in English sentences with numbers. Each is
a text of words/…/sentences.yaml, whose English is the pattern: `up to {pace} releases a day`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache

from wayhome.web.observatory.wording import say, words
from wayhome.words.languages import ENGLISH

# As records of before say it, and what is meant.
_MEANT = {
    "Homes of people in detention are not public: unless they were given, nobody is moved to the "
    "area of another field office. Nobody is moved more than once, nor from another place into a "
    "private or jail contract.": "sentences.homes"
}
_NOT_EMPTIED = re.compile(r"(?P<name>.+?) is not emptied: (?P<rest>.+)")
_BLANK = re.compile(r"\\\{(\w+)\\\}")


def in_language(language: str, text: str) -> tuple[str, bool]:
    """The sentence, and whether it is in that language; where no words are known, in English."""
    if text in _MEANT:
        return say(language, _MEANT[text]), True
    if language == ENGLISH:
        return text, True
    found = _said(language, text)
    return (text, False) if found is None else (found, True)


def _said(language: str, text: str) -> str | None:
    if whole := _NOT_EMPTIED.fullmatch(text):
        reasons = _all(language, re.split(r"(?<=\.) ", whole["rest"]))
        if reasons is None:
            return None
        return say(language, "sentences.not_emptied", name=whole["name"], rest=" ".join(reasons))
    if "; " in text and (parts := _all(language, text.split("; "))):
        return "; ".join(parts)
    return _one(language, text)


def _all(language: str, texts: list[str]) -> list[str] | None:
    """Each sentence in the language; None where one of them cannot be said in it."""
    found = [said for text in texts if (said := _one(language, text)) is not None]
    return found if len(found) == len(texts) else None


def _one(language: str, text: str) -> str | None:
    for key, pattern in _patterns().items():
        if match := pattern.fullmatch(text):
            blanks = {name: _blank(told) for name, told in match.groupdict().items()}
            return say(language, key, **blanks)
    return None


def _blank(told: str) -> object:
    with suppress(ValueError):
        return date.fromisoformat(told)
    return told


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    found = {}
    for key, text in words(ENGLISH).items():
        if key.startswith("sentences."):
            found[key] = re.compile(_BLANK.sub(r"(?P<\1>.+?)", re.escape(text)))
    return found
