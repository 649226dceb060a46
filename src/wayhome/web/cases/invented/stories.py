"""Invented stories: facts of people who do not exist, drawn from stories.yaml and the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any

import yaml

from wayhome.law.vocabulary import Value
from wayhome.sources.eoir.codes import courts, iso_by_nationality
from wayhome.sources.eoir.synthetic.weights import weighted
from wayhome.web.cases.screening import CaseScreening, screened_facts


@dataclass(frozen=True)
class Plot:
    """A line of stories.yaml."""

    name: str
    share: float
    causes: tuple[str, ...]
    agency: str
    recommended: float
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """One person's invented facts, what is not known of them, and what the rules say of the rest.

    `silent` are the facts that somebody was asked and does not know (or would rather not say).
    """

    plot: Plot
    facts: dict[str, Value]
    silent: tuple[str, ...]
    court: str
    screening: CaseScreening


# Of each fact of a story: how often nobody said anything, and how often somebody did not know.
UNSAID, NOT_KNOWN = 0.12, 0.07


@cache
def plots() -> tuple[tuple[Plot, ...], Mapping[str, Any]]:
    """The stories, and what is drawn for everybody."""
    text = resources.files(__package__).joinpath("stories.yaml").read_text(encoding="utf-8")
    held = yaml.safe_load(text)
    made = (Plot(**{**plot, "causes": tuple(plot["causes"])}) for plot in held["stories"])
    return tuple(made), held["everybody"]


def invented_story(draw: Random, today: date) -> Story:
    """Draws a story and screens it on a day."""
    every, everybody = plots()
    plot = draw.choices(every, [p.share for p in every])[0]
    facts, court = _where_from(draw)
    for name, how in {**everybody, **plot.facts}.items():
        facts[name] = _drawn(how, draw, today, facts)
    needed = {"removed", "proceeding_type"}
    lost = {name for name in facts if name not in needed and draw.random() < UNSAID}
    silent = {name for name in facts if name not in needed | lost and draw.random() < NOT_KNOWN}
    known = {name: value for name, value in facts.items() if name not in lost | silent}
    return Story(plot, known, tuple(sorted(silent)), court, screened_facts("", known, today))


def _where_from(draw: Random) -> tuple[dict[str, Value], str]:
    """Citizenship as often as in the courts' release, and a court with its circuit."""
    countries = weighted("invented_nationalities.csv", "nationality", "since_2018")
    code = draw.choices(countries.values, countries.weights)[0]
    seats = weighted("invented_courts.csv", "base_city", "not_detained")
    court = courts()[draw.choices(seats.values, seats.weights)[0]]
    facts: dict[str, Value] = {"country_of_citizenship": iso_by_nationality().get(code)}
    if court.circuit:
        facts["judicial_circuit"] = court.circuit
    return {k: v for k, v in facts.items() if v is not None}, court.base_city


def _drawn(how: Any, draw: Random, today: date, facts: Mapping[str, Value]) -> Value:
    if not isinstance(how, dict):
        return how  # type: ignore[no-any-return]
    ((kind, value), *_) = how.items()
    return _KINDS[kind](value, how, draw, today, facts)


def _after(value: Any, how: Any, draw: Random, today: date, facts: Mapping[str, Value]) -> Value:
    start = facts[value]
    assert isinstance(start, date)
    return min(start + timedelta(days=draw.randint(*how["days"])), today - timedelta(days=1))


_KINDS: dict[str, Callable[..., Value]] = {
    "one of": lambda value, how, draw, *_: draw.choice(value),
    "chance": lambda value, how, draw, *_: draw.random() < value,
    "from": lambda value, how, draw, *_: draw.randint(*value),
    "ago": lambda value, how, draw, today, _: today - timedelta(days=draw.randint(*value)),
    "ahead": lambda value, how, draw, today, _: today + timedelta(days=draw.randint(*value)),
    "after": _after,
}
