"""What is said of a standing, in English and Spanish; the words are in words.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from wayhome.public_record.demands.demand import Demand, Standing, Status
from wayhome.public_record.record import Figure
from wayhome.public_record.series import every_series

WORDS = Path(__file__).with_name("words.yaml")
LOCALES = {"en": "en_US", "es": "es_US"}


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    told: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(WORDS.read_text("utf-8"))
    return told


def status_word(status: Status, language: str = "en") -> str:
    """The status in a language (`en` or `es`)."""
    return _words()["statuses"][status.value][language]


def reason_of(standing: Standing, demand: Demand, language: str = "en") -> str:
    """Why a demand stands as it does, with the figures, in a sentence or a few."""
    sentences = [
        _words()["reasons"][standing.reason_id][language].format(
            **_said(standing, demand, language)
        )
    ]
    said = _said(standing, demand, language)
    parts = _words()["parts"]
    sentences += [parts[part][language].format(**said) for part in _parts(standing)]
    return " ".join([*sentences, whichever_words(standing, demand, language)]).strip()


def impossible_words(demand: Demand, day: date | None, language: str = "en") -> str:
    """Why a demand's letter cannot be of a day that somebody tries; empty where it can."""
    if day is None or demand.letter_days is None:
        return ""
    first, last = demand.letter_days
    if first <= day <= last:
        return ""
    return _words()["parts"]["impossible"][language].format(**_letter_days(demand, language))


def _letter_days(demand: Demand, language: str) -> dict[str, str]:
    """The first and last day of which a demand's letter may be, and why, in words."""
    first, last = (day_words(day, language) for day in demand.letter_days or ())
    because = _words()["letter_days"][demand.letter][language]
    return {"first": first, "last": last, "because": because}


def whichever_words(standing: Standing, demand: Demand, language: str = "en") -> str:
    """What is certain of a demand although its letter's date is not entered, or on what it hangs;
    empty where nothing bounds its day."""
    told = [status_word(status, language) for status in standing.whichever]
    if demand.letter_days is None or not told:
        return ""
    is_inconclusive = standing.whichever == (Status.INCONCLUSIVE,)
    which = "depends" if len(told) > 1 else "cannot_tell" if is_inconclusive else "certain"
    part = _words()["parts"][which][language]
    either = format_list(told, style="or", locale=LOCALES[language])
    return part.format(either=either, **_letter_days(demand, language))


def _parts(standing: Standing) -> Iterator[str]:
    """What is to be said beside the reason itself."""
    if standing.status in (Status.KEPT, Status.REVERSED) and standing.rests_on_older:
        yield "rests_on_older" if standing.is_due else "days_last"
    if standing.newer:
        yield "newer"
    if standing.late_baseline:
        yield "late_baseline"
    if standing.then:
        yield "known_then"
    if standing.synthetic:
        yield "synthetic"


def figure_words(figure: Figure, language: str = "en") -> str:
    """A figure with its unit and its days: `60,311 people on 4 April 2026`."""
    parts = _words()["parts"]
    day = day_words(figure.on, language)
    if figure.since and figure.since != figure.on:
        since = day_words(figure.since, language)
        when = parts["over_days"][language].format(since=since, day=day)
    else:
        when = parts["on_a_day"][language].format(day=day)
    value = number_words(figure.value, language)
    unit = unit_word(figure.unit, language, figure.value)
    return parts["figure"][language].format(value=value, unit=unit, when=when)


def number_words(value: float, language: str = "en") -> str:
    """A number as it is written in a language; above 100 without decimals."""
    shown = round(value) if abs(value) >= 100 else round(value, 1)
    return str(format_decimal(shown, locale=LOCALES[language]))


def day_words(day: date, language: str = "en") -> str:
    """A day as it is written in a language: `2 April 2026`."""
    pattern = "d MMMM y" if language == "en" else "d 'de' MMMM 'de' y"
    return str(format_date(day, pattern, locale=LOCALES[language]))


def unit_word(unit: str, language: str = "en", of: float | None = None) -> str:
    """A unit of figures.csv in a language, for one or for many; as it is where it is not known."""
    units = _words()["units_of_one" if of == 1 else "units"]
    return units.get(unit, {}).get(language, unit)


def _said(standing: Standing, demand: Demand, language: str) -> dict[str, str]:
    """What may stand in the sentences."""
    shown = standing.newest or standing.baseline
    said: dict[str, Any] = {
        "on": standing.on,
        "known_by": standing.known_by,
        "letter": standing.letter_date,
        "last": standing.due,
        "baseline": standing.baseline,
        "newest": standing.newest,
        "days": standing.values.get("days"),
        "no_data": demand.no_data.get(language, ""),
        "title": _title(str(standing.values.get("series", "")), language),
        "ends": shown.on if shown else None,
        "newer": standing.newer,
        "newer_title": _title(standing.newer.series, language) if standing.newer else "",
        "then": status_word(standing.then, language) if standing.then else "",
        "target": _target(standing, language),
        "way": _share(standing.way, language),
    }
    return {name: _text(value, language) for name, value in said.items()}


def _text(value: object, language: str) -> str:
    if isinstance(value, Figure):
        return figure_words(value, language)
    if isinstance(value, date):
        return day_words(value, language)
    return "" if value is None else str(value)


def _title(id: str, language: str) -> str:
    series = every_series().get(id)
    return series.title[language] if series else id


def _target(standing: Standing, language: str) -> str:
    if standing.target is None or standing.newest is None:
        return ""
    number = number_words(standing.target, language)
    return f"{number} {unit_word(standing.newest.unit, language, standing.target)}"


def _share(way: float | None, language: str) -> str:
    return "" if way is None else str(format_percent(way, locale=LOCALES[language]))
