"""Whether a rule is law on a day, in a sentence; what ended is never told as if it still held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wayhome.law.condition_words import day_in_words
from wayhome.law.rules import Authority, Rule

_NOUNS = {Authority.POLICY: "policy", Authority.DEMAND: "demand"}


@dataclass(frozen=True)
class Standing:
    """`is_in_force` on the day looked at; `short` says so, and `sentence` since when and why."""

    is_in_force: bool
    short: str
    sentence: str


def standing(rule: Rule, day: date) -> Standing:
    """How a rule stands on a day."""
    if rule.is_in_force(day):
        until = next(s.end for s in rule.in_force if s.covers(day))
        ends = f" until {_last(until)}" if until else ""
        return Standing(True, "This is in force", f"In force on {day_in_words(day)}{ends}.")
    history, noun = rule.history, _NOUNS.get(rule.authority, "law")
    if history.ended and history.ended <= day:
        years = _years(history.effective, history.ended - timedelta(days=1))
        sentence = (
            f"Its last day was {_last(history.ended)}. Where it fits a "
            f"person, it says only that they fitted the {noun} of {years}. It never says that they "
            "are eligible today."
        )
        return Standing(False, "This is no longer in force", sentence)
    if day < history.effective:
        sentence = f"It begins on {day_in_words(history.effective)}."
        return Standing(False, "This is not in force yet", sentence)
    held = next(s for s in history.suspended if s.start <= day and not (s.end and s.end <= day))
    sentence = f"It has been suspended since {day_in_words(held.start)}: {held.by}."
    return Standing(False, "This is not in force", sentence)


def _last(end: date) -> str:
    return day_in_words(end - timedelta(days=1))


def _years(first: date, last: date) -> str:
    if first.year == last.year:
        return str(first.year)
    return f"{first.year} to {last.year}"
