"""The walk through the questions: which were asked, which comes next, how far along.

Only questions whose answer can still change an outcome are asked, one after the other, in the order
of `cases/asking.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wayhome.law.vocabulary import Value
from wayhome.web.cases.asking import SITUATION, open_questions, order_for
from wayhome.web.cases.facts import facts_in, statements_of
from wayhome.web.cases.models import Case, Source, Statement

# About ten minutes.
QUESTIONS_A_SITTING = 25
_SAID_HERE = (Source.APPLICANT, Source.FAMILY)


@dataclass(frozen=True)
class Walk:
    """The questions of one case on one day. `said` are its statements, the newest first."""

    said: tuple[Statement, ...]
    as_of: date

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The facts asked here so far, in the order in which they were first answered."""
        here = [s for s in self.said if s.source in _SAID_HERE]
        in_order = sorted(here, key=lambda s: (s.recorded_at, s.pk))
        return tuple(dict.fromkeys(s.fact for s in in_order))

    @cached_property
    def facts(self) -> dict[str, Value]:
        return facts_in(self.said)

    @cached_property
    def next(self) -> str | None:
        """The fact to ask next; None where no answer could change anything any more."""
        return next(iter(open_questions(self.facts, self.asked, self.as_of)), None)

    def fact_at(self, number: int) -> str | None:
        """The fact of a question by its number, which counts from 1."""
        if number <= len(self.asked):
            return self.asked[number - 1]
        return self.next if number == len(self.asked) + 1 else None

    def number_of(self, fact: str) -> int:
        return self.asked.index(fact) + 1 if fact in self.asked else len(self.asked) + 1

    def left_now(self, number: int) -> int:
        """About how many questions are left after this one until the end of the sitting."""
        until_rest = -number % QUESTIONS_A_SITTING
        if not set(SITUATION) <= {*self.asked, *self.facts}:
            return until_rest
        to_ask = [f for f in order_for(self.facts, self.as_of) if self.facts.get(f) is None]
        still = len(set(to_ask) - set(self.asked))
        return max(0, min(until_rest, still - 1 + len(self.asked) + 1 - number))

    def last_answer(self, fact: str) -> Statement | None:
        """What was last said here about a fact."""
        here = (s for s in self.said if s.fact == fact and s.source in _SAID_HERE)
        return next(here, None)


def walk_of(case: Case, as_of: date) -> Walk:
    return Walk(tuple(statements_of(case)), as_of)


def is_rest(number: int) -> bool:
    """Whether this many questions are enough for one sitting."""
    return number > 0 and number % QUESTIONS_A_SITTING == 0
