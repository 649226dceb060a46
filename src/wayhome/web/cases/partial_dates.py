"""Days of which only the month or only the year is known.

A month is kept as its first day with a note that says so, and the rules are asked of its first and
of its last day. A year alone is no value for the rules (1 January would be invented): it is kept as
not known, with the year in the note.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, Value
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.cases.models import Statement

ONLY_MONTH = "only month and year are known"
_ONLY_YEAR = "only the year is known: "
_YEAR = re.compile(r"[0-9]{4}")


def year_alone(text: str) -> int | None:
    """The year that a text is, if it is one that the rules could reckon with."""
    is_year = _YEAR.fullmatch(text) and EARLIEST_DATE.year <= int(text) <= LATEST_DATE.year
    return int(text) if is_year else None


def year_note(year: int, note: str = "") -> str:
    """The note of an answer of which only the year is known, before what else is noted."""
    return "\n".join(filter(None, [f"{_ONLY_YEAR}{year}", note]))


def note_of(answer: object, note: str = "") -> str:
    """The note that is kept with an answer: of a month alone, that it is no more than that."""
    return "\n".join(filter(None, [ONLY_MONTH if isinstance(answer, SomeDayOf) else "", note]))


def year_of(said: Statement) -> int | None:
    """The year, where a statement knows no more of a day than that."""
    if not said.is_unknown:
        return None
    first = str(said.note).partition("\n")[0]
    return year_alone(first.removeprefix(_ONLY_YEAR)) if first.startswith(_ONLY_YEAR) else None


def is_only_month(said: Statement, value: Value) -> bool:
    """Whether a statement with this value knows the month of a day, and not the day."""
    is_first = isinstance(value, date) and not isinstance(value, datetime) and value.day == 1
    return is_first and str(said.note).partition("\n")[0] == ONLY_MONTH


def agree(one: tuple[Statement, Value], other: tuple[Statement, Value]) -> bool:
    """Whether two statements with their values can both be true: a month and a day in it can."""
    if one[1] == other[1]:
        return True
    days = [value for _, value in (one, other)]
    if not all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
        return False
    is_same_month = len({(day.year, day.month) for day in days}) == 1  # type: ignore[union-attr]
    return is_same_month and any(is_only_month(*said) for said in (one, other))
