"""Which answers of a rule no story tells: each rule is told true, false, unknown, not in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    RuleHolds,
    fact_of_term,
)
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.vocabulary import SCREENING_DATE
from wayhome.stories.story import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, NO_DATE, NOT_IN_FORCE, Story


@dataclass(frozen=True)
class Untold:
    """An answer that a rule can give and no story tells."""

    rule: str
    answer: str

    is_deadline: bool = False

    def __str__(self) -> str:
        words = {HOLDS: "a date", DOES_NOT_HOLD: NO_DATE} if self.is_deadline else {}
        told = words.get(self.answer, f"“{self.answer}”")
        return f"{self.rule}: no story in which the answer is {told}."


def untold(stories: Iterable[Story], rulebook: Rulebook, programs: Iterable[str]) -> list[Untold]:
    """Every answer of some programs' rules that no story tells, in the order of the rules."""
    told: dict[str, set[str]] = {}
    for story in stories:
        for expectation in story.expect:
            told.setdefault(expectation.rule, set()).add(_kind_of(expectation.answer))
    rules = [rule for program in programs for rule in rulebook.of_program(program)]
    return [
        Untold(rule.id, answer, rule.due is not None)
        for rule in rules
        for answer in _answers_of(rule, rulebook)
        if answer not in told.get(rule.id, set())
    ]


def _kind_of(answer: str) -> str:
    """A date is the way in which a deadline holds, `none` that in which it does not."""
    if answer == NO_DATE:
        return DOES_NOT_HOLD
    return answer if answer in (DOES_NOT_HOLD, CANNOT_TELL, NOT_IN_FORCE) else HOLDS


def _answers_of(rule: Rule, rulebook: Rulebook) -> Iterator[str]:
    yield HOLDS
    yield DOES_NOT_HOLD
    if rule.due is not None or not always_answers(rule.condition, rulebook):
        yield CANNOT_TELL
    yield NOT_IN_FORCE


def always_answers(condition: Condition, rulebook: Rulebook) -> bool:
    """Whether a condition is never unknown, because it counts "not known" as an answer."""
    match condition:
        case Is() | IsKnown():
            return True
        case Known(value):
            return value is not None
        case Not(part):
            return always_answers(part, rulebook)
        case AllOf(parts) | AnyOf(parts):
            return all(always_answers(part, rulebook) for part in parts)
        case RuleHolds(rule):
            return always_answers(rulebook.rules[rule].condition, rulebook)
        case Compare(_, left, right):
            read = (fact_of_term(term) for term in (left, right) if not isinstance(term, Literal))
            return all(fact == SCREENING_DATE for fact in read)
        case _:
            return False
