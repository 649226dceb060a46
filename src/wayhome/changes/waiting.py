"""What a rule that cannot be told waits for, asked of every case at once.

For each fact that a rule reads two more questions are put beside it, as if they were rules, so
that the planes reader counts and keeps their answers like any other: in which cases is the rule
open while this fact is not known; and in which of them would some answer to it alone be enough?
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wayhome.engine.graph import Graph
from wayhome.engine.simplify import simplified
from wayhome.law.conditions import (
    TRUE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactTerm,
    Holds,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    Term,
    facts_read,
    walk,
)
from wayhome.law.rules import Kind, Rule, Rulebook
from wayhome.law.vocabulary import SCREENING_DATE, FactType, Value

_SOME_OTHER_WORD = "some other word"


@dataclass(frozen=True)
class Probe:
    """A question about the rule `of` and a fact. `settles`: would an answer alone be enough?"""

    of: str
    fact: str
    settles: bool
    rule: Rule


def probes_of(rule: Rule, graph: Graph, rulebook: Rulebook) -> Iterator[Probe]:
    """The questions about a rule in force, a graph of which has been made."""
    asked = graph.nodes[graph.rules[rule.id]]
    for fact in sorted(facts_read(asked) - {SCREENING_DATE}):
        kind = rulebook.vocabulary[fact].type
        waits = AllOf((Is(asked, None), _is_unknown(fact, kind)))
        yield _probe(rule, fact, waits, settles=False)
        answers = _answers(asked, fact, kind)
        if answers:
            given = (simplified(_given(asked, fact, value), graph.as_of) for value in answers)
            told = AnyOf(tuple(Not(Is(condition, None)) for condition in given))
            yield _probe(rule, fact, AllOf((waits, told)), settles=True)


def _probe(rule: Rule, fact: str, condition: Condition, *, settles: bool) -> Probe:
    name = f"{rule.id} {'settled by' if settles else 'waits for'} {fact}"
    made = replace(rule, id=name, kind=Kind.DEFINITION, condition=condition, due=None)
    return Probe(rule.id, fact, settles, made)


def _is_unknown(fact: str, kind: FactType) -> Condition:
    return Is(Holds(fact), None) if kind is FactType.BOOL else Not(IsKnown(fact))


def _answers(condition: Condition, fact: str, kind: FactType) -> tuple[Value, ...]:
    """Answers of every kind that makes a difference; none for a date or a number.

    A word that only has to be that of another fact is not among them.
    """
    if kind is FactType.BOOL:
        return (True, False)
    if not kind.is_wordlike:
        return ()
    named = (c.values for c in walk(condition) if isinstance(c, OneOf) and _reads(c, fact))
    return (*dict.fromkeys(word for words in named for word in words), _SOME_OTHER_WORD)


def _reads(condition: OneOf, fact: str) -> bool:
    return isinstance(condition.term, FactTerm) and condition.term.fact == fact


def _given(condition: Condition, fact: str, value: Value) -> Condition:
    """A condition of a graph with one fact answered."""
    match condition:
        case Holds(name) if name == fact:
            return Known(bool(value))
        case IsKnown(name) if name == fact:
            return TRUE
        case OneOf(_, values) if _reads(condition, fact):
            return Known(value in values)
        case Compare(comparison, left, right):
            return Compare(comparison, _answered(left, fact, value), _answered(right, fact, value))
        case AllOf(parts):
            return AllOf(tuple(_given(part, fact, value) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_given(part, fact, value) for part in parts))
        case Not(part):
            return Not(_given(part, fact, value))
        case Is(part, wanted):
            return Is(_given(part, fact, value), wanted)
        case _:
            return condition


def _answered(term: Term, fact: str, value: Value) -> Term:
    is_it = isinstance(term, FactTerm) and term.fact == fact
    return Literal(value, term.type) if is_it else term
