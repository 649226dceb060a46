"""A fact's value in the words of a paper: dates, countries, circuits, yes and no. Or a gap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime

from wayhome.law.normal_forms import normalized
from wayhome.law.vocabulary import Fact, FactType, Value

# Papers go to courts and agencies of the United States.
LOCALE = Locale("en", "US")
_ORDINALS = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "5": "Fifth", "6": "Sixth"}
_ORDINALS |= {"7": "Seventh", "8": "Eighth", "9": "Ninth", "10": "Tenth", "11": "Eleventh"}
_SAID = {
    "administrative_238b": "administrative removal under INA 238(b)",
    "at_port_of_entry": "at a port of entry",
    "s_t_or_u": "S, T or U status",
    "asylum_only": "asylum only",
    "withholding_only": "withholding only",
}
# Turn the order of the letters around them, and so of words that are not the writer's.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ENDS_OF_LINES = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n"}


class NotYesOrNo(TypeError):
    """A template takes an answer for yes or no although it may be unknown."""


@dataclass(frozen=True)
class Gap:
    """What a paper needs and nobody has said. It shows as a mark, never as a blank."""

    what: str

    def __str__(self) -> str:
        return f"[GAP: {self.what}]"

    def __bool__(self) -> bool:
        raise NotYesOrNo(f"What is not known is neither yes nor no: {self.what}")


@dataclass(frozen=True)
class Answer:
    """What is known of a fact; `gap` stands for it in a paper while `value` is None."""

    value: Value
    words: str
    gap: Gap

    def __bool__(self) -> bool:
        raise NotYesOrNo(f"Say `is yes`, `is no` or `is unknown`: {self.gap.what}")

    def __str__(self) -> str:
        return self.words if self.value is not None else str(self.gap)

    def or_gap(self, what: str) -> Answer:
        return replace(self, gap=Gap(what))


def answer(fact: Fact, value: Value) -> Answer:
    """A fact's answer for a paper."""
    return Answer(value, "" if value is None else in_words(fact, value), gap_of(fact))


def said(words: str, what: str) -> Answer:
    """Something that a person or an office wrote, or a gap where they wrote nothing."""
    cleaned = clean(words)
    return Answer(cleaned or None, cleaned, Gap(what))


def gap_of(fact: Fact) -> Gap:
    """What stands for a fact that nobody knows, in the words of the vocabulary."""
    meaning = label(fact)
    if fact.type is FactType.BOOL:
        return Gap(f"it is not known whether this is so: {meaning}")
    return Gap(f"the {meaning} is not known")


def label(fact: Fact) -> str:
    """A fact's meaning within a sentence, without what it adds in brackets."""
    meaning = re.sub(r"\s*\([^)]*\)", "", fact.meaning).strip()
    starts_low = meaning[1:2].islower() and not meaning.startswith(("Spanish", "English"))
    return meaning[:1].lower() + meaning[1:] if starts_low else meaning


def in_words(fact: Fact, value: Value) -> str:
    """A known value as a paper writes it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            unit = "" if fact.unit == "count" else f" {_unit(fact.unit, value)}"
            return f"{value:,}{unit}"
        case datetime():
            return format_datetime(value, "MMMM d, y 'at' h:mm a", locale=LOCALE).replace(
                "\u202f", " "
            )
        case date():
            return day(value)
    return _word(fact, clean(str(value)))


def _unit(unit: str, count: int) -> str:
    return unit.removesuffix("s") if count == 1 else unit


def day(value: date) -> str:
    """A day in words: May 31, 2019."""
    return format_date(value, "long", locale=LOCALE)


def _word(fact: Fact, value: str) -> str:
    if fact.name.startswith("country_"):
        return country(value)
    if fact.name.endswith("circuit"):
        return f"{_ORDINALS.get(value, value)} Circuit"
    if fact.name == "language":
        return language(value)
    if fact.values:
        return _SAID.get(value, value.replace("_", " "))
    return value


def country(code: str) -> str:
    """A country's English name; a code that is none stays as it is."""
    return str(LOCALE.territories.get(code, code))


def language(code: str) -> str:
    """A language's English name by its ISO code; another code stays as it is."""
    return str(LOCALE.languages.get(code.lower(), code))


def clean(text: str) -> str:
    """Text from a person that any paper can hold: no control characters, nothing that turns it."""
    for ending, line in _ENDS_OF_LINES.items():
        text = text.replace(ending, line)
    return "".join(c for c in normalized("NFC", text) if _is_kept(c)).strip()


@cache
def _is_kept(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return letter not in _TURNING and unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")


def paragraphs(text: str) -> Iterator[str]:
    """A person's words by paragraph: an empty line parts them."""
    for part in re.split(r"\n\s*\n", text):
        if part.strip():
            yield part.strip()
