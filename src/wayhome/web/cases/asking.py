"""What to ask next, of whoever is asked: the portal, the hotline and the page of a case.

Only what can still change an outcome is asked: first what tells somebody's situation and whether
time is short, then in the order in which the kernel finds the facts most useful for somebody in
the same main situation. What matters only to the programs about police and detention places comes
after all that, on the page of a case alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain, product
from threading import Lock

from wayhome.engine.findings import CaseScreener
from wayhome.engine.questions import Question, next_questions, questions_in, still_open
from wayhome.law.vocabulary import Value, load_vocabulary
from wayhome.programs import rulebook

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


def open_questions(facts: Mapping[str, Value], asked: Iterable[str], as_of: date) -> Iterable[str]:
    """The facts still worth asking and not asked yet; unknown and declined are not asked twice."""
    graph = _screener().graph(as_of)
    return still_open(rulebook(), graph, facts, _unknown(facts, _in_turn(facts, as_of), asked))


def questions_to_ask(
    facts: Mapping[str, Value], as_of: date, first: Iterable[str] = ()
) -> Iterator[Question]:
    """As `open_questions`, each with what its answer could settle; found when it is come to.

    `first` are facts that come before the order: the days that deadlines wait for.
    """
    graph = _screener().graph(as_of)
    order = chain(first, _in_turn(facts, as_of))
    return questions_in(rulebook(), graph, facts, _unknown(facts, order))


def questions_of_custody(facts: Mapping[str, Value], as_of: date) -> tuple[Question, ...]:
    """What matters only to the programs about police and detention places.

    Nothing of somebody abroad: no answer can change anything for them any more.
    """
    is_here = facts.get("in_us_now")
    if is_here is False or (facts.get("removed") is True and is_here is None):
        return ()
    graph = _custody_screener().graph(as_of)
    order = _unknown(facts, load_vocabulary().facts)
    found = tuple(questions_in(rulebook(), graph, facts, order))
    asked_anyway = still_open(rulebook(), _screener().graph(as_of), facts, [q.fact for q in found])
    first = set(asked_anyway)
    return tuple(question for question in found if question.fact not in first)


def facts_to_ask(facts: Mapping[str, Value], as_of: date) -> list[str]:
    """Every fact still worth asking, in order."""
    rest = (question.fact for question in questions_of_custody(facts, as_of))
    return [*open_questions(facts, (), as_of), *rest]


def _unknown(
    facts: Mapping[str, Value], order: Iterable[str], asked: Iterable[str] = ()
) -> Iterator[str]:
    """The facts of an order that a person can be asked for and that nobody knows, each once."""
    vocabulary, seen = load_vocabulary(), set(asked)
    for fact in order:
        if fact not in seen and facts.get(fact) is None and vocabulary[fact].is_asked:
            seen.add(fact)
            yield fact


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


@lru_cache(maxsize=1)
def _custody_screener() -> CaseScreener:
    return CaseScreener(rulebook(), [p for p in rulebook().programs if p not in PROGRAMS])
