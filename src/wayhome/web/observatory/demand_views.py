"""What became of every demand: a card each, and a page each with its measure and its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.demands.demand import (
    DAYS,
    Demand,
    Direction,
    Measure,
    Standing,
    TargetIs,
)
from wayhome.public_record.demands.status import newest_known, standing_on, standings_until
from wayhome.public_record.demands.wording import (
    impossible_words,
    reason_of,
    status_word,
    whichever_words,
)
from wayhome.public_record.record import Figure, PublicRecord
from wayhome.web.observatory.frame import address
from wayhome.web.observatory.letters_shown import (
    LetterOf,
    beside,
    letters_of_demands,
    letters_state,
)
from wayhome.web.observatory.pages import Context, Rows, Visit, csv_file, page
from wayhome.web.observatory.series import series_name
from wayhome.web.observatory.series_charts import demand_design, shown
from wayhome.web.observatory.wording import number, percent, say


@dataclass(frozen=True)
class Card:
    """A demand and how it stands on a day, in words."""

    demand: Demand
    standing: Standing
    words: str
    status: str
    look: str
    reason: str
    whichever: str
    impossible: str
    days: str
    newest: Figure | None
    letter: LetterOf | None


# The day of the status, and a day to try for a letter whose own date nobody has entered.
_ASKS = ("on", "suppose")


@page("observatory/home.html", asks=_ASKS, state=letters_state)
def home(visit: Visit) -> Context:
    """Every demand of the two letters with its status on a day (today, where none is asked)."""
    on = _day_asked(visit)
    letters = letters_of_demands()
    grouped: dict[str, list[Card]] = {}
    for demand in built_in_demands().values():
        card = card_of(visit, demand, letters.get(demand.id), on)
        grouped.setdefault(demand.letter, []).append(card)
    return {
        "on": on,
        "letters": list(grouped.items()),
        **_days_told(visit),
    }


@page("observatory/demand.html", asks=_ASKS, state=letters_state)
def demand(visit: Visit, demand: str) -> Context:
    """A demand: its measure, its figures, why it stands so, what happened when."""
    found = _demand(demand)
    on = _day_asked(visit)
    letter = letters_of_demands().get(demand)
    card = card_of(visit, found, letter, on)
    design = demand_design(demand)
    chart = shown(visit.record, design, visit.language) if design else None
    return {
        "on": on,
        **_days_told(visit),
        "card": card,
        "demand": found,
        "target": target_in_words(found.measure, card.standing, visit.language),
        "texts": _texts(found, visit.language),
        "count_used": count_used(found.measure, card.standing, visit.language),
        "chart": chart,
        "context": _context_figures(visit.record, found.context),
        "timeline": timeline(visit, found, _dated(visit, letter), on),
        "beside": beside(letter),
    }


@csv_file(asks=_ASKS, state=letters_state)
def demands_csv(visit: Visit) -> Rows:
    """Every demand with its status and figures on a day."""
    if _has_no_day(visit):
        raise Http404("A day is written 2026-04-09.")
    on = _day_asked(visit)
    letters = letters_of_demands()
    headings = (
        *("letter", "demand", "words", "on", "known_by"),
        *("letter_date", "due", "status", "reason", "status_known_then"),
        *("series", "baseline", "baseline_on", "newest", "newest_on", "target"),
    )
    rows = []
    for one in built_in_demands().values():
        card = card_of(visit, one, letters.get(one.id), on)
        baseline, newest, told = card.standing.baseline, card.standing.newest, card.standing
        rows.append(
            (
                *(one.letter, one.id, card.words, on, told.known_by),
                *(told.letter_date, told.due, card.status, card.reason),
                status_word(told.then or told.status, visit.language),
                newest.series if newest else None,
                *(baseline.value if baseline else None, baseline.on if baseline else None),
                *(newest.value if newest else None, newest.on if newest else None, told.target),
            )
        )
    return Rows(f"demands-{on.isoformat()}", headings, rows)


def card_of(visit: Visit, demand: Demand, letter: LetterOf | None, on: date) -> Card:
    """A demand as it stands on a day."""
    dated = _dated(visit, letter)
    standing = standing_on(demand, visit.record, dated, on, visit.today)
    is_tried = not (letter and letter.dated)
    return Card(
        demand=demand,
        standing=standing,
        words=demand.words[visit.language],
        status=status_word(standing.status, visit.language),
        look=standing.status.value.replace(" ", "_"),
        reason=reason_of(standing, demand, visit.language),
        whichever=whichever_words(standing, demand, visit.language),
        impossible=impossible_words(demand, dated, visit.language) if is_tried else "",
        days=days_in_words(standing, visit.language),
        newest=standing.newest or newest_known(demand.measure, visit.record, on, visit.today),
        letter=letter,
    )


def days_in_words(standing: Standing, language: str) -> str:
    """The counter of the days; empty without a date of the letter."""
    if standing.day is None or standing.due is None:
        return ""
    if standing.day < 0:
        return ""
    key = "demands.day_of" if standing.day <= DAYS else "demands.day_after"
    return say(language, key, day=standing.day, last=standing.due)


def target_in_words(measure: Measure | None, standing: Standing, language: str) -> str:
    """What must be reached: a number, a share of the beginning, a change from it."""
    if measure is None:
        return ""
    way = "down" if measure.direction is Direction.DOWN else "up"
    if measure.target_is is TargetIs.SHARE:
        return say(language, f"demands.target_share_{way}", share=percent(language, measure.target))
    if measure.target_is is TargetIs.CHANGE:
        return say(language, f"demands.target_change_{way}", number=abs(measure.target))
    return say(language, f"demands.target_{way}", number=number(language, measure.target))


def count_used(measure: Measure | None, standing: Standing, language: str) -> str:
    """Of which count the beginning is, and why of that one; empty where there is one count alone.

    Which one it is, is told by the figures up to a day (status.py), so another day may have
    another."""
    if measure is None or standing.baseline is None or len(measure.series) == 1:
        return ""
    key = "demands.count_used" if standing.newest else "demands.count_first"
    return say(
        language,
        key,
        name=series_name(standing.baseline.series, language),
        counts=len(measure.series),
        day=standing.newest.on if standing.newest else "",
    )


@dataclass(frozen=True)
class Moment:
    """A day of a demand's time and what happened on it."""

    on: date
    text: str
    figure: Figure | None = None
    status: str = ""
    look: str = ""


def timeline(visit: Visit, demand: Demand, dated: date | None, on: date) -> Sequence[Moment]:
    """The letter, the last of its days, each new figure since, and each change of status: all as
    it is known today, so that the last moment says what the head of the page says."""
    language = visit.language
    moments, before = [], None
    for standing in standings_until(demand, visit.record, dated, on, visit.today):
        each = standing.on
        figure = standing.newest if standing.newest and standing.newest.on == each else None
        text = _what_day(language, standing, on)
        if standing.status is before and not figure and not text:
            continue
        before = standing.status
        look = standing.status.value.replace(" ", "_")
        status = status_word(standing.status, language)
        moments.append(Moment(each, text, figure, status, look))
    return moments


def _what_day(language: str, standing: Standing, on: date) -> str:
    if standing.on == standing.letter_date:
        return say(language, "demands.letter_day")
    if standing.on == standing.due:
        return say(language, "demands.due_day")
    return say(language, "demands.asked_day") if standing.on == on else ""


def _context_figures(record: PublicRecord, context: Sequence[str]) -> list[Figure]:
    return [figures[-1] for series in context if (figures := record.series(series))]


def _texts(demand: Demand, language: str) -> Mapping[str, str]:
    return {
        name: getattr(demand, name).get(language, "")
        for name in ("tells", "does_not_tell", "target_by", "no_data")
    }


def _demand(demand: str) -> Demand:
    found = built_in_demands().get(demand)
    if found is None:
        raise Http404("There is no such demand.")
    return found


def _day_asked(visit: Visit) -> date:
    """The day that is asked for, no later than today; today where it cannot be read."""
    asked = _day(visit, "on")
    return min(asked, visit.today) if asked else visit.today


def _days_told(visit: Visit) -> Context:
    """What the form of days needs: the day that is tried, and what is wrong with one asked for."""
    return {
        "tried": _date_tried(visit),
        "has_no_day": _has_no_day(visit),
        "is_later": _is_later(visit),
    }


def _is_later(visit: Visit) -> bool:
    """Whether a day was asked for that is not yet: it is shown as of today."""
    asked = _day(visit, "on")
    return asked is not None and asked > visit.today


def _date_tried(visit: Visit) -> date | None:
    """The day on which the reader supposes a letter that tells no date to have been written."""
    return _day(visit, "suppose")


def _day(visit: Visit, name: str) -> date | None:
    try:
        return date.fromisoformat(visit.asked.get(name, ""))
    except ValueError:
        return None


def _has_no_day(visit: Visit) -> bool:
    """Whether something else than a day was asked for; an old phone has a plain field for it."""
    return any(visit.asked.get(name) and _day(visit, name) is None for name in _ASKS)


def _dated(visit: Visit, letter: LetterOf | None) -> date | None:
    """The date of a letter; where nobody has entered it, the one that the reader tries."""
    return letter.dated if letter and letter.dated else _date_tried(visit)


def demand_address(demand: str, language: str) -> str:
    """The page of a built-in demand."""
    return address("observatory_demand", language, demand=demand)
