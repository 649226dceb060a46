"""What the public pages say: `words/<language>/<part>.yaml`, a flat list of texts a part.

`say("es", "frame.skip")` is the text `skip` of `words/es/frame.yaml`. A text that is missing gives
way to the English; a house test fails before that ships.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from wayhome.words.languages import ENGLISH, LANGUAGES, Language

WORDS = Path(__file__).parent / "words"
PUBLIC_LANGUAGES: Mapping[str, Language] = {code: LANGUAGES[code] for code in (ENGLISH, "es")}
# Spanish as it is written in the United States: 68,289 and not 68.289.
_LEAST = 0.01
_LOCALES = {"en": "en_US", "es": "es_US"}


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of a language by `part.name`."""
    found: dict[str, str] = {}
    for path in sorted((WORDS / language).glob("*.yaml")):
        texts = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found |= {f"{path.stem}.{name}": str(text) for name, text in texts.items()}
    return found


def say(language: str, key: str, **blanks: object) -> str:
    """A text with its blanks filled in; numbers and days as the language writes them.

    Where a text has a form for one (`name_one`), the blank `count` chooses. Raises KeyError for a
    key that no language has."""
    if f"{key}_one" in words(ENGLISH) and written(language, blanks.get("count")) == "1":
        key = f"{key}_one"
    text = words(language).get(key) or words(ENGLISH)[key]
    if not blanks:
        return text
    return text.format(**{name: written(language, value) for name, value in blanks.items()})


def people_in_words(language: str, count: float) -> str:
    """`68 people`, `1 person`: with the right form also for an average that is written as 1."""
    return say(language, "frame.people_count", count=count)


def says(key: str) -> bool:
    """Whether there is such a text."""
    return key in words(ENGLISH)


def written(language: str, value: object) -> str:
    """A number or a day as the language writes it; anything else as it is."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number(language, value)
    return day(language, value) if isinstance(value, date) else str(value)


def rows(language: str, row: int | None, last_row: int | None = None) -> str:
    """`row 12`; of a number that is added from many, `rows 12 to 240`; empty without a row."""
    if row is None:
        return ""
    if last_row is None or last_row == row:
        return f"{say(language, 'frame.row')} {row}"
    return say(language, "frame.rows", first=str(row), last=str(last_row))


def number(language: str, value: float) -> str:
    """68,289, 14.6 or 0.04: one digit behind the point, two below 1, none for whole numbers.

    What is more than nothing is never written as 0."""
    if 0 < value < _LEAST:
        return f"< {number(language, _LEAST)}"
    pattern = "#,##0" if float(value).is_integer() or abs(value) >= 1000 else "#,##0.#"
    if abs(value) < 1:
        pattern = "#,##0.##"
    return format_decimal(value, format=pattern, locale=_LOCALES[language])


def percent(language: str, share: float, digits: int = 0) -> str:
    """A share as per cent: 0.731 is 73%; with no more than so many digits behind the point."""
    pattern = f"#,##0.{'#' * digits}%" if digits else "#,##0%"
    return format_percent(share, format=pattern, locale=_LOCALES[language])


def day(language: str, value: date) -> str:
    """9 April 2026; 9 de abril de 2026."""
    pattern = "d MMMM y" if language == ENGLISH else "d 'de' MMMM 'de' y"
    return format_date(value, pattern, locale=_LOCALES[language])


def days(language: str, first: date, last: date) -> str:
    """The days from one to another: one day, a month by its name, else the first and the last."""
    if first == last:
        return day(language, last)
    if is_month(first, last):
        return month(language, last)
    return f"{day(language, first)} – {day(language, last)}"


def is_month(first: date, last: date) -> bool:
    """Whether the days from one to another are a whole month."""
    length = monthrange(first.year, first.month)[1]
    return first.day == 1 and last == first.replace(day=length)


def month(language: str, value: date) -> str:
    """April 2026; abril de 2026."""
    return format_date(
        value, "MMMM y" if language == ENGLISH else "MMMM 'de' y", _LOCALES[language]
    )
