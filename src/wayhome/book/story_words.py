"""A story as sentences: whose day it is, what is known of them, and what the rule answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wayhome.book.contents import Contents
from wayhome.law.condition_words import day_in_words
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import SCREENING_DATE
from wayhome.stories.story import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, NO_DATE, NOT_IN_FORCE, Story

_SIGNS = {HOLDS: "✓", DOES_NOT_HOLD: "✗", CANNOT_TELL: "?", NOT_IN_FORCE: "–", NO_DATE: "✗"}
_SAYS = {
    HOLDS: "the rule holds",
    DOES_NOT_HOLD: "the rule does not hold",
    CANNOT_TELL: "nobody can tell yet",
    NOT_IN_FORCE: "the rule was not in force",
    NO_DATE: "there is no such deadline",
}


@dataclass(frozen=True)
class ToldAnswer:
    """One answer of a story: its sign, and the sentence with its day."""

    sign: str
    sentence: str


@dataclass(frozen=True)
class ToldStory:
    """A story's title, the facts it states (name, words, value), and the rule's answers."""

    title: str
    facts: tuple[tuple[str, str, str], ...]
    answers: tuple[ToldAnswer, ...]
    source: str


def told_story(story: Story, rule: Rule, contents: Contents) -> ToldStory:
    """What a story says of one rule."""
    facts = tuple(
        (name, _meaning(name, contents), contents.value(name, value))
        for name, value in story.facts.items()
    )
    answers = tuple(
        ToldAnswer(_SIGNS.get(e.answer, "✓"), _sentence(story, e.day, e.answer, contents))
        for e in story.expect
        if e.rule == rule.id
    )
    return ToldStory(story.name, facts, answers, story.source)


def _sentence(story: Story, day: date | None, answer: str, contents: Contents) -> str:
    said = _SAYS.get(answer) or f"the day is {day_in_words(date.fromisoformat(answer))}"
    tried = day or story.as_of
    assert tried is not None
    if day is None or story.over == SCREENING_DATE:
        return f"On {day_in_words(tried)} {said}."
    name = _meaning(story.over, contents)
    seen_on = f", looked at on {day_in_words(story.as_of)}" if story.as_of else ""
    return f"{name}: {day_in_words(day)}{seen_on}: {said}."


def _meaning(fact: str, contents: Contents) -> str:
    return contents.book.vocabulary[fact].meaning.split(" (")[0]
