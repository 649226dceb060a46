"""One cell's text becomes the value of a fact, or a reason why it cannot.

Nothing is guessed: 03/04/2019 has two readings and is refused with both. An empty cell is
"not known", and the only way to write it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from wayhome.law.normal_forms import normalized
from wayhome.law.vocabulary import (
    EARLIEST_DATE,
    LARGEST_COUNT,
    LATEST_DATE,
    Fact,
    FactType,
    Value,
    nearest_spelling,
)
from wayhome.sources.case_files.countries import country_names, nearest_country
from wayhome.sources.case_files.faults import quoted

LONGEST_TEXT = 200
LONGEST_MISSPELLING = 60  # nothing longer is a misspelled word; comparing it would take long
IF_NOT_KNOWN = "Leave the cell empty if it is not known."

YES = ("yes", "true", "1", "sí", "si", "verdadero")
NO = ("no", "false", "0", "falso")
# Words for "not known" that would otherwise pass as text, and what Excel shows for an error.
NOT_KNOWN = frozenset({"unknown", "n/a", "null", "nan", "?", "desconocido", "desconocida"})
EXCEL_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"})

ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:[T ]00:00(?::00)?)?)?")
ISO_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")
YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[T ].*)?")
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
YEAR = re.compile(r"[12][0-9]{3}")
EXCEL_DAY = re.compile(r"[0-9]{5}(\.[0-9]+)?")
COUNT = re.compile(r"[0-9]{1,12}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
A_NUMBER = re.compile(r"A[-# ]*([0-9]{8,9}|[0-9]{2,3}[- ][0-9]{3}[- ][0-9]{3})", re.IGNORECASE)


class SomeDayOf(date):
    """A day of which only the month is known; it stands on the first of the month."""

    @property
    def last(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


class NotAnAnswer(ValueError):
    """A text is no value of its fact. `advice` says what would be right, when asked for."""

    def __init__(self, reason: str, advice: Callable[[], str] = lambda: "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice

    def told(self, if_not_known: str = "") -> str:
        """What is wrong and what would be right, for a form, which has no cells to leave empty."""
        said = f"{self.reason} {self.advice()}".replace(IF_NOT_KNOWN, if_not_known)
        return " ".join(said.split())


def answer_reader(fact: Fact) -> Callable[[str], Value]:
    """The function that reads the trimmed, not empty text of a cell as a value of `fact`."""
    if fact.type is FactType.CATEGORY:
        return _category_reader(fact.values)
    if fact.type is FactType.CODE and fact.unit.startswith("ISO 3166-1"):
        return read_country
    return READERS[fact.type]


def read_boolean(text: str) -> bool:
    folded = normalized("NFC", text.lower())
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise NotAnAnswer(
        f"{quoted(text)} is neither yes nor no.",
        lambda: (
            f"{_did_you_mean(folded, ('yes', 'no', 'true', 'false'))}"
            f"Write yes or no (also sí, true, false, 1 or 0). {IF_NOT_KNOWN}"
        ),
    )


def read_count(text: str) -> int:
    if not COUNT.fullmatch(text) or int(text) > LARGEST_COUNT:
        raise NotAnAnswer(
            f"{quoted(text)} is not a count.",
            lambda: f"Write a whole number of 0 or more, in digits only. {IF_NOT_KNOWN}",
        )
    return int(text)


def read_date(text: str) -> date:
    if not (parts := ISO_DATE.fullmatch(text)):
        raise NotAnAnswer(f"{quoted(text)} is not a date we can be sure of.", lambda: _dates(text))
    year, month, day = parts.groups()
    try:
        found = (
            date(int(year), int(month), int(day)) if day else SomeDayOf(int(year), int(month), 1)
        )
        return _in_range(found, text)
    except NotAnAnswer:
        raise
    except ValueError:
        raise NotAnAnswer(f"there is no day {text}.", lambda: DATE_ADVICE) from None


def read_datetime(text: str) -> datetime:
    """Local time of the place: a zone would move it to another day's deadline."""
    if not ISO_DATETIME.fullmatch(text):
        raise NotAnAnswer(f"{quoted(text)} is not a date and time.", lambda: DATETIME_ADVICE)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotAnAnswer(f"there is no moment {text}.", lambda: DATETIME_ADVICE) from None
    _in_range(moment.date(), text)
    return moment


def read_country(text: str) -> str:
    if text in country_names():
        return text
    raise NotAnAnswer(f"{quoted(text)} is not a country code.", lambda: _country_advice(text))


def read_language(text: str) -> str:
    if LANGUAGE.fullmatch(text):
        return text
    raise NotAnAnswer(
        f"{quoted(text)} is not a language code.",
        lambda: f"Write the court's code or BCP 47, as SP, es or es-MX. {IF_NOT_KNOWN}",
    )


def read_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise NotAnAnswer(f"it is {len(text)} characters long; at most {LONGEST_TEXT} fit here.")
    if text.lower() in NOT_KNOWN:
        raise NotAnAnswer(f"{quoted(text)} is no value.", lambda: IF_NOT_KNOWN)
    if text.lower() in EXCEL_ERRORS:
        raise NotAnAnswer(f"{quoted(text)} is an error of the spreadsheet: put its formula right.")
    words = " ".join(text.split())
    if not words.isprintable():
        hidden = next(c for c in words if not c.isprintable())
        raise NotAnAnswer(f"it holds a hidden character (U+{ord(hidden):04X}): type it again.")
    return words


def is_a_number(text: str) -> bool:
    """Whether a text looks like an A-number, which no case id may be."""
    return bool(A_NUMBER.fullmatch(text))


READERS: dict[FactType, Callable[[str], Value]] = {
    FactType.BOOL: read_boolean,
    FactType.INT: read_count,
    FactType.DATE: read_date,
    FactType.DATETIME: read_datetime,
    FactType.CODE: read_language,
    FactType.TEXT: read_text,
}

DATE_ADVICE = (
    f"Write year-month-day, as 2019-03-25, or 2019-03 if only the month is known. {IF_NOT_KNOWN}"
)
YEAR_ADVICE = (
    "A year alone is no day, and none is invented. Write the month too, as 2019-03, or leave the "
    "cell empty: in the application the year can be stated as a fact of the case."
)
DATETIME_ADVICE = (
    f"Write the local date and time, as 2019-03-25 14:30, without a time zone. {IF_NOT_KNOWN}"
)


def _category_reader(words: tuple[str, ...]) -> Callable[[str], str]:
    by_spelling = {_word(word): word for word in words}

    def read_category(text: str) -> str:
        word = by_spelling.get(_word(text))
        if word is None:
            raise NotAnAnswer(
                f"{quoted(text)} is not one of the words for this.",
                lambda: (
                    f"{_did_you_mean(text, words)}Write one of {', '.join(words)}. {IF_NOT_KNOWN}"
                ),
            )
        return word

    return read_category


def _word(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def _in_range(day: date, text: str) -> date:
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        raise NotAnAnswer(f"{text} is outside {EARLIEST_DATE} to {LATEST_DATE}.")
    return day


def _did_you_mean(text: str, words: Iterable[str]) -> str:
    near = nearest_spelling(text, words) if len(text) <= LONGEST_MISSPELLING else None
    return f"Did you mean {near}? " if near else ""


def _country_advice(text: str) -> str:
    near = nearest_country(text) if len(text) <= LONGEST_MISSPELLING else None
    if near is None:
        return f"Write the two capital letters of ISO 3166-1, as HT for Haiti. {IF_NOT_KNOWN}"
    return f"Write {near} for {country_names()[near][0]}. {IF_NOT_KNOWN}"


def _dates(text: str) -> str:
    """What would be right in the place of a text that is not an ISO date."""
    if YEAR.fullmatch(text):
        return YEAR_ADVICE
    if EXCEL_DAY.fullmatch(text):
        return "It looks like Excel's count of days: format the column as a date."
    readings = _readings(text)
    if len(readings) == 2:
        return f"It may be {readings[0]} or {readings[1]}: write the one that is right."
    if readings:
        return f"Write {readings[0]}."
    return DATE_ADVICE


def _readings(text: str) -> list[str]:
    """The days that a date written another way may mean, as ISO dates."""
    if parts := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, parts.groups())
        return _existing([(year, month, day)])
    if parts := YEAR_LAST.fullmatch(text):
        first, second, year = map(int, parts.groups())
        return _existing([(year, first, second), (year, second, first)])
    return []


def _existing(days: list[tuple[int, int, int]]) -> list[str]:
    found: dict[str, None] = {}
    for year, month, day in days:
        try:
            found[date(year, month, day).isoformat()] = None
        except ValueError:
            continue
    return list(found)
