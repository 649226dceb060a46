"""Reading an answer from a form, and showing one: a widget for each type of fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wayhome.law.days_to_come import why_not_to_come, year_to_come
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, Fact, FactType
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.cases.facts import Answer, NoAnswer, value_in
from wayhome.web.cases.models import Statement
from wayhome.web.cases.partial_dates import is_only_month, year_note, year_of
from wayhome.web.portal.places import CIRCUIT_OF_STATE, countries
from wayhome.web.portal.wording import choice, say
from wayhome.words.languages import ENGLISH

LARGEST_NUMBER = 40_000
LONGEST_TEXT = 200
_YEARS_AHEAD = 3
# Days that are still to come when they are asked for. One that has passed may be a slip of the
# hand, so it is asked once whether it is right; it can be.
USUALLY_AHEAD = ("next_hearing_date", "removal_scheduled_date")
# Many days are asked for with "leave it empty if there is none": then nothing is known, and why
# stands beside it.
LEFT_EMPTY = "left empty"


class NotReadable(ValueError):
    """What was sent is no answer; the argument is the key of what to say (wording)."""


@dataclass(frozen=True)
class Read:
    """An answer and what is to be noted with it."""

    answer: Answer
    note: str = ""


@dataclass(frozen=True)
class Option:
    """A value to choose, in words."""

    value: str
    text: str
    is_chosen: bool = False
    english: str = ""


def widget_of(fact: Fact) -> str:
    """Which template of `portal/widgets/` asks for a fact."""
    if fact.name.endswith("_circuit"):
        return "state"
    if fact.type is FactType.CODE:
        return "country" if fact.name.startswith("country_") else "text"
    return str(fact.type)


def read_answer(fact: Fact, sent: Mapping[str, str], language: str, today: date) -> Read:
    """The answer in a form. Raises NotReadable."""
    match sent.get("said", ""):
        case "unknown":
            return Read(NoAnswer.UNKNOWN)
        case "declined":
            return Read(NoAnswer.DECLINED)
    return _READERS[widget_of(fact)](fact, sent, language, today)


def _yes_no(_: Fact, sent: Mapping[str, str], *__: Any) -> Read:
    said = sent.get("said", "")
    if said not in {"yes", "no"}:
        raise NotReadable("question.say_answer")
    return Read(said == "yes")


def _of_values(fact: Fact, sent: Mapping[str, str], *_: Any) -> Read:
    if sent.get("value") not in fact.values:
        raise NotReadable("question.say_answer")
    return Read(sent["value"])


def _state(_: Fact, sent: Mapping[str, str], *__: Any) -> Read:
    state = sent.get("value", "")
    if state not in CIRCUIT_OF_STATE:
        raise NotReadable("question.say_answer")
    return Read(CIRCUIT_OF_STATE[state], note=state)


def _country(_: Fact, sent: Mapping[str, str], language: str, __: date) -> Read:
    if sent.get("value") not in dict(countries(language)):
        raise NotReadable("question.say_answer")
    return Read(sent["value"])


def _number(_: Fact, sent: Mapping[str, str], *__: Any) -> Read:
    text = sent.get("value", "").strip()
    if not text.isdecimal() or not 0 <= int(text[:9]) <= LARGEST_NUMBER or len(text) > 9:
        raise NotReadable("question.say_number")
    return Read(int(text))


def _text(_: Fact, sent: Mapping[str, str], *__: Any) -> Read:
    text = " ".join(sent.get("value", "").split())[:LONGEST_TEXT]
    if not text:
        raise NotReadable("question.say_answer")
    return Read(text)


def _day(fact: Fact, sent: Mapping[str, str], language: str, today: date) -> Read:
    year, month, day = (sent.get(part, "").strip() for part in ("year", "month", "day"))
    if not (year or month or day or sent.get("hour")):
        return Read(NoAnswer.UNKNOWN, note=LEFT_EMPTY)
    if fault := _fault_of_year(year):
        raise NotReadable(fault)
    if not (month or day or sent.get("hour")):
        return _only_year(fact, int(year), today)
    if not month.isdecimal():
        raise NotReadable("question.say_date")
    try:
        found = date(int(year), int(month), int(day) if day.isdecimal() else 1)
    except ValueError:
        raise NotReadable("question.say_real_date") from None
    if not EARLIEST_DATE <= found <= _latest(today):
        raise NotReadable("question.say_past_date")
    if why_not_to_come(fact.name, found, today):
        raise NotReadable("question.say_not_come")
    is_asked = fact.name in USUALLY_AHEAD and sent.get("sure") != _typed_day(sent)
    if is_asked and _is_over(found, bool(day), today):
        raise NotReadable("question.look_again")
    return Read(found if day else SomeDayOf(found.year, found.month, 1))


def _is_over(found: date, has_day: bool, today: date) -> bool:
    """Whether a day has passed. Of a month alone some day may still come until it is over."""
    return found < today and (has_day or (found.year, found.month) < (today.year, today.month))


def _fault_of_year(year: str) -> str:
    if not year:
        return "question.say_year"
    return "" if year.isdecimal() and len(year) == 4 else "question.say_four_digits"


def _typed_day(sent: Mapping[str, str]) -> str:
    """A day as it was typed, so that whoever sends the same one again is believed."""
    return "-".join(sent.get(part, "").strip() for part in ("year", "month", "day"))


def _only_year(fact: Fact, year: int, today: date) -> Read:
    """A year alone is no day for the rules: it is noted, and nothing is invented."""
    if not EARLIEST_DATE.year <= year <= _latest(today).year:
        raise NotReadable("question.say_past_date")
    if year_to_come(fact.name, year, today):
        raise NotReadable("question.say_not_come")
    return Read(NoAnswer.UNKNOWN, note=year_note(year))


def _latest(today: date) -> date:
    return min(LATEST_DATE, today + timedelta(days=366 * _YEARS_AHEAD))


def _moment(fact: Fact, sent: Mapping[str, str], language: str, today: date) -> Read:
    hour = sent.get("hour", "")
    read = _day(fact, sent, language, today)
    if read.answer is NoAnswer.UNKNOWN:
        return read
    if read.note or not hour.isdecimal() or int(hour) > 23:
        raise NotReadable("question.say_date")
    assert isinstance(read.answer, date)
    found = read.answer
    return Read(datetime(found.year, found.month, found.day, int(hour)))


_READERS = {
    "bool": _yes_no,
    "category": _of_values,
    "state": _state,
    "country": _country,
    "int": _number,
    "text": _text,
    "date": _day,
    "datetime": _moment,
}


def in_words(fact: Fact, said: Statement | None, language: str) -> str:
    """An answer given before, in words; empty where there is none."""
    if said is None:
        return ""
    if year := year_of(said):
        return say(language, "question.only_year", year=year)
    if said.is_unknown:
        return say(
            language, "question.left_empty" if said.note == LEFT_EMPTY else "question.unknown"
        )
    if said.is_declined:
        return say(language, "question.declined")
    return _value_in_words(fact, said, language)


def _value_in_words(fact: Fact, said: Statement, language: str) -> str:
    match widget_of(fact), value_in(said):
        case _, None:
            return ""
        case _, bool() as held:
            return say(language, "question.yes" if held else "question.no")
        case "category", value:
            return choice(language, fact, str(value))
        case "country", value:
            return dict(countries(language)).get(str(value), str(value))
        case _, date() as day:
            month = f"{say(language, f'month.{day.month}')} {day.year}"
            hour = f", {day:%H:%M}" if isinstance(day, datetime) else ""
            return month if is_only_month(said, day) else f"{day.day} {month}{hour}"
        case "state", value:
            return said.note or str(value)
        case _, value:
            return str(value)


def form_of(
    fact: Fact, said: Statement | None, sent: Mapping[str, str], language: str, today: date
) -> dict[str, Any]:
    """What a widget's template shows: options, and what was chosen or typed before."""
    typed = dict(sent) if sent else _held(fact, said)
    value = typed.get("value", "")
    return {
        "widget": f"portal/widgets/{widget_of(fact)}.html",
        "typed": typed,
        "sure": _typed_day(sent),
        "options": [
            Option(v, text, v == value, english) for v, text, english in _options(fact, language)
        ],
        "days": _numbered(range(1, 32), typed.get("day", "")),
        "months": [
            Option(str(m), say(language, f"month.{m}"), str(m) == typed.get("month", ""))
            for m in range(1, 13)
        ],
        "hours": _numbered(range(24), typed.get("hour", ""), ":00"),
        "latest_year": today.year + _YEARS_AHEAD,
    }


def _options(fact: Fact, language: str) -> list[tuple[str, str, str]]:
    """Each value, in the language and in English."""
    match widget_of(fact):
        case "category":
            return [
                (value, choice(language, fact, value), choice(ENGLISH, fact, value))
                for value in fact.values
            ]
        case "country":
            english = dict(countries(ENGLISH))
            return [(code, name, english[code]) for code, name in countries(language)]
        case "state":
            return [(state, state, state) for state in sorted(CIRCUIT_OF_STATE)]
        case _:
            return []


def _numbered(numbers: range, chosen: str, after: str = "") -> list[Option]:
    return [Option(str(n), f"{n}{after}", str(n) == chosen) for n in numbers]


def _held(fact: Fact, said: Statement | None) -> dict[str, str]:
    """What a form held that gave this answer."""
    value = value_in(said) if said else None
    if said is not None and (year := year_of(said)):
        return {"year": str(year)}
    if said is None or value is None:
        return {}
    if widget_of(fact) == "state":
        return {"value": str(said.note)}
    if isinstance(value, date):
        day = "" if is_only_month(said, value) else str(value.day)
        held = {"year": str(value.year), "month": str(value.month), "day": day}
        return held | ({"hour": str(value.hour)} if isinstance(value, datetime) else {})
    return {"value": str(value)}
