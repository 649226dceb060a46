"""The walk through the questions: which were asked, which comes next, how far along.

Only questions whose answer can still change an outcome are asked, one after the other: first those
that tell what somebody's situation is and whether time is short, then in the order in which the
kernel finds them most useful for somebody in the same main situation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from threading import Lock

from wayhome.engine.findings import CaseScreener
from wayhome.engine.questions import next_questions, still_open
from wayhome.law.vocabulary import Value, load_vocabulary
from wayhome.programs import rulebook
from wayhome.web.cases.facts import facts_in, statements_of
from wayhome.web.cases.models import Case, Source, Statement

# About ten minutes.
QUESTIONS_A_SITTING = 25
# What a person can ask for. The other programs ask what police and facilities did.
PROGRAMS = ("return_home", "release", "stay", "docket", "welcome", "discretion")
# The main situation. The order of the questions takes long to find; it is found once for each of
# the 27 and held, for it is about nobody. Whether a question still matters is asked for each case.
SITUATION = ("removed", "detained", "case_pending")
# Whether time is short. Useful or not for the order of the programs, they come before the rest: a
# person who stops after ten questions is then already at the front of the line. Each is asked only
# of whom it can make a case of urgency (the rules with `emergency: true`).
URGENT_BEFORE_REMOVAL = ("removal_scheduled_date",)
URGENT_AFTER_REMOVAL = (
    "removed_in_violation_of_order",
    "serious_medical_condition",
    "family_serious_medical_condition",
    "danger_abroad",
)
_FIRST = ("removed", "detained")
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


def open_questions(facts: Mapping[str, Value], asked: Iterable[str], as_of: date) -> Iterable[str]:
    """The facts still worth asking and not asked yet; unknown and declined are not asked twice."""
    vocabulary = load_vocabulary()
    seen = set(asked)
    graph = _screener().graph(as_of)

    def unasked() -> Iterator[str]:
        for fact in _in_turn(facts, as_of):
            if fact not in seen and facts.get(fact) is None and vocabulary[fact].is_asked:
                seen.add(fact)
                yield fact

    return still_open(rulebook(), graph, facts, unasked())


def _in_turn(facts: Mapping[str, Value], as_of: date) -> Iterator[str]:
    """Every fact in the order of asking. The long order is looked for when it is come to."""
    yield from _FIRST
    yield from URGENT_AFTER_REMOVAL if facts.get("removed") is True else URGENT_BEFORE_REMOVAL
    yield from SITUATION
    yield from order_for(facts, as_of)
    yield from load_vocabulary().facts


def order_for(facts: Mapping[str, Value], as_of: date) -> tuple[str, ...]:
    """Facts, those first that are most useful to ask in a situation under the law of a year."""
    key = as_of.year, tuple(facts.get(fact) for fact in SITUATION)
    if key not in _orders:
        # Whoever comes while it is being found waits for that, and does not find it once more;
        # nobody else waits.
        with _finding:
            if key not in _orders:
                _orders[key] = _order(*key)
    return _orders[key]


def warm_up(as_of: date) -> None:
    """Finds the order of every situation, so that nobody waits for it."""
    _screener().graph(as_of)
    for situation in product((True, False, None), repeat=len(SITUATION)):
        order_for(dict(zip(SITUATION, situation, strict=True)), as_of)


_finding = Lock()
_orders: dict[tuple[int, tuple[Value, ...]], tuple[str, ...]] = {}


def _order(year: int, situation: tuple[Value, ...]) -> tuple[str, ...]:
    graph = _screener().graph(date(year, 1, 1))
    facts = {f: v for f, v in zip(SITUATION, situation, strict=True) if v is not None}
    return tuple(question.fact for question in next_questions(rulebook(), graph, facts))


@lru_cache(maxsize=1)
def _screener() -> CaseScreener:
    return CaseScreener(rulebook(), PROGRAMS)
