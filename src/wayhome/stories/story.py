"""A story: somebody's facts on a date, and what some rules must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wayhome.engine.plain import Reading
from wayhome.law.rules import Kind, Rulebook
from wayhome.law.vocabulary import SCREENING_DATE, Value

HOLDS, DOES_NOT_HOLD, CANNOT_TELL = "holds", "does not hold", "cannot tell"
NOT_IN_FORCE, NO_DATE = "not in force", "none"
ANSWERS = (HOLDS, DOES_NOT_HOLD, CANNOT_TELL, NOT_IN_FORCE, NO_DATE)
_WORDS = {True: HOLDS, False: DOES_NOT_HOLD, None: CANNOT_TELL}


@dataclass(frozen=True)
class Expectation:
    """What a rule must answer. `day` is the day tried, in a story that tries several."""

    rule: str
    answer: str
    day: date | None = None


@dataclass(frozen=True)
class Story:
    """Facts on the day `as_of`. `over` is the fact that takes each day of the expectations."""

    name: str
    as_of: date | None
    facts: Mapping[str, Value]
    expect: tuple[Expectation, ...]
    file: str
    line: int
    over: str = SCREENING_DATE
    source: str = ""

    def on(self, expectation: Expectation) -> tuple[date, Mapping[str, Value]]:
        """The date of the screening and the facts of one expectation."""
        if expectation.day is None:
            assert self.as_of is not None
            return self.as_of, self.facts
        if self.over == SCREENING_DATE:
            return expectation.day, self.facts
        assert self.as_of is not None
        return self.as_of, {**self.facts, self.over: expectation.day}


@dataclass(frozen=True)
class Disagreement:
    """A rule that answers otherwise than its story says."""

    story: Story
    expectation: Expectation
    answered: str
    title: str

    def __str__(self) -> str:
        expected, day = self.expectation, self.story.on(self.expectation)[0]
        tried = f" ({self.story.over} {expected.day})" if expected.day else ""
        return (
            f"{self.story.file}, line {self.story.line}: “{self.story.name}”. On {day}{tried}, "
            f"“{self.title}” ({expected.rule}): the story says “{expected.answer}”, "
            f"the rule says “{self.answered}”."
        )


class Listener:
    """Answers the expectations of one story; each day's facts are read once."""

    def __init__(self, rulebook: Rulebook, story: Story) -> None:
        self.rulebook, self.story = rulebook, story
        self._readings: dict[date | None, Reading] = {}

    def answer(self, expectation: Expectation) -> str:
        if expectation.day not in self._readings:
            as_of, facts = self.story.on(expectation)
            self._readings[expectation.day] = Reading(self.rulebook, as_of, facts)
        return answer_in_words(self._readings[expectation.day], expectation.rule)


def disagreements(story: Story, rulebook: Rulebook) -> list[Disagreement]:
    """Where the rules do not say what the story expects."""
    listener = Listener(rulebook, story)
    return [
        Disagreement(story, expected, answered, rulebook.rules[expected.rule].title)
        for expected in story.expect
        if (answered := listener.answer(expected)) != expected.answer
    ]


def answer_in_words(reading: Reading, rule_id: str) -> str:
    """A rule's answer as a story writes it; a deadline answers with its date."""
    rule = reading.rulebook.rules[rule_id]
    if not rule.is_in_force(reading.as_of):
        return NOT_IN_FORCE
    answer = reading.answer(rule_id)
    if rule.kind is not Kind.DEADLINE or rule.due is None or answer is None:
        return _WORDS[answer]
    due = reading.due(rule) if answer else NO_DATE
    return CANNOT_TELL if due is None else str(due)
