"""The next questions: unknown facts whose answer could still change something, best first.

A fact is asked only if, for some answers to the other open questions, its answer changes what
some rule says. Rules here are grounds, the bars and waivers that still stand before a ground that
may hold, and deadlines. The order is by how many programs' outcomes an answer could settle by
itself, then how many rules it could settle, then how many it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wayhome.engine.graph import Graph
from wayhome.engine.outcomes import Outcome, program_outcome
from wayhome.engine.plain import Reading
from wayhome.engine.simplify import simplified
from wayhome.law.calendar import shift
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Is,
    IsKnown,
    Known,
    Not,
    OneOf,
    Shifted,
    Term,
    fact_of_term,
    facts_read_here,
    walk,
)
from wayhome.law.kleene import Truth
from wayhome.law.rules import Kind, Rule, Rulebook
from wayhome.law.vocabulary import FactType, Value, Vocabulary

# Searching further than this for a case in which a fact matters is not worth a person's wait;
# past it the fact is asked.
_MOST_TRIES = 4_000


@dataclass(frozen=True)
class Question:
    """An unknown fact worth asking, and what its answer could settle by itself."""

    fact: str
    settles_programs: tuple[str, ...]
    settles_rules: tuple[str, ...]
    touches_rules: tuple[str, ...]


def next_questions(
    rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]
) -> tuple[Question, ...]:
    """The questions still worth asking about one case, most useful first."""
    return _Asker(rulebook, graph, facts).questions()


class _Asker:
    def __init__(self, rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]) -> None:
        self.rulebook, self.graph, self.facts = rulebook, graph, facts
        self.reading = Reading(rulebook, graph.as_of, facts)
        self.conditions = {rule: graph.nodes[index] for rule, index in graph.rules.items()}
        self.answers = {rule: self.reading.truth(c) for rule, c in self.conditions.items()}
        rules = [rulebook.rules[rule] for rule in graph.rules]
        self.of_program = {p: [r for r in rules if r.program == p] for p in graph.programs}
        self.outcomes = {p: program_outcome(r, self.answers) for p, r in self.of_program.items()}

    def questions(self) -> tuple[Question, ...]:
        asked: dict[str, list[str]] = {}
        open_parts: dict[str, Condition] = {}
        for rule in self.relevant_rules():
            open_parts[rule.id] = self.open_part(rule)
            for fact in sorted(facts_that_matter(open_parts[rule.id], self.reading)):
                asked.setdefault(fact, []).append(rule.id)
        questions = [self.question(fact, rules, open_parts) for fact, rules in asked.items()]
        order = {fact.name: number for number, fact in enumerate(self.rulebook.vocabulary)}
        return tuple(sorted(questions, key=lambda q: (*_usefulness(q), order[q.fact])))

    def relevant_rules(self) -> Iterator[Rule]:
        """Grounds and deadlines; bars before a ground that may hold; waivers of such bars."""
        rules = [self.rulebook.rules[rule] for rule in self.graph.rules]
        grounds = [r for r in rules if r.kind is Kind.GROUND]
        yield from grounds
        yield from (r for r in rules if r.kind is Kind.DEADLINE)
        alive = [g for g in grounds if self.answers[g.id] is not False]
        bars = [r for r in rules if any(r.bars(g) for g in alive)]
        yield from bars
        wanted = {w for bar in bars if self.answers[bar.id] is not False for w in bar.waivers}
        yield from (r for r in rules if r.kind is Kind.WAIVER and r.id in wanted)

    def open_part(self, rule: Rule) -> Condition:
        """What is left of a rule once the known facts are put in; a deadline's date too."""
        left = residual(self.conditions[rule.id], self.reading)
        if rule.due is None or left == Known(False):
            return left
        fact = fact_of_term(rule.due)
        is_open = fact is not None and self.facts.get(fact) is None
        return AllOf((left, IsKnown(fact))) if is_open and fact else left

    def question(
        self, fact: str, rules: list[str], open_parts: Mapping[str, Condition]
    ) -> Question:
        settled: set[str] = set()
        programs: set[str] = set()
        for value in answers_to_try(fact, open_parts.values(), self.reading):
            changed = self.answers_with(fact, value, rules)
            settled |= {r for r in rules if self.answers[r] is None and changed[r] is not None}
            programs |= set(self.programs_settled(changed))
        return Question(fact, tuple(sorted(programs)), tuple(sorted(settled)), tuple(rules))

    def answers_with(self, fact: str, value: Value, rules: list[str]) -> dict[str, Truth]:
        reading = Reading(self.rulebook, self.graph.as_of, {**self.facts, fact: value})
        return {rule: reading.truth(self.conditions[rule]) for rule in rules}

    def programs_settled(self, changed: Mapping[str, Truth]) -> Iterator[str]:
        """The programs whose outcome is open, and no longer would be."""
        for program in sorted({self.rulebook.rules[rule].program for rule in changed}):
            after = program_outcome(self.of_program[program], {**self.answers, **changed})
            if self.outcomes[program] is Outcome.OPEN and after is not Outcome.OPEN:
                yield program


def _usefulness(question: Question) -> tuple[int, int, int]:
    return (
        -len(question.settles_programs),
        -len(question.settles_rules),
        -len(question.touches_rules),
    )


# --- what is left of a condition, and which facts in it matter -------------------------------


def residual(condition: Condition, reading: Reading) -> Condition:
    """A compiled condition with the known facts put in and worked out."""
    match condition:
        case AllOf(parts):
            inner: Condition = AllOf(tuple(residual(p, reading) for p in parts))
        case AnyOf(parts):
            inner = AnyOf(tuple(residual(p, reading) for p in parts))
        case Not(part):
            inner = Not(residual(part, reading))
        case Is(part, value):
            inner = Is(residual(part, reading), value)
        case _:
            unknown = any(reading.facts.get(f) is None for f in facts_read_here(condition))
            return condition if unknown else Known(reading.truth(condition))
    return simplified(inner, reading.as_of)


def facts_that_matter(open_part: Condition, reading: Reading) -> set[str]:
    """The unknown facts of a residual whose answer can change what it says."""
    leaves = [c for c in walk(open_part) if facts_read_here(c)]
    readers: dict[str, int] = {}
    for leaf in leaves:
        for fact in set(facts_read_here(leaf)):
            if reading.facts.get(fact) is None:
                readers[fact] = readers.get(fact, 0) + 1
    # Where every fact is read once, each can decide: the others can always be set so that it does.
    if all(count == 1 for count in readers.values()):
        return set(readers)
    search = _Search(open_part, reading, sorted(readers))
    return {fact for fact in readers if search.matters(fact)}


class _Search:
    """Looks for answers to the other facts under which one fact's answer changes the whole."""

    def __init__(self, open_part: Condition, reading: Reading, unknown: list[str]) -> None:
        self.open_part, self.reading, self.unknown = open_part, reading, unknown
        self.tries = 0
        self.values = {f: answers_to_try(f, [open_part], reading) for f in unknown}
        self.has_is = any(isinstance(c, Is | IsKnown) for c in walk(open_part))

    def matters(self, fact: str) -> bool:
        self.tries = 0
        others = [f for f in self.unknown if f != fact]
        return self.found(fact, others, {})

    def found(self, fact: str, others: list[str], given: dict[str, Value]) -> bool:
        self.tries += 1
        if self.tries > _MOST_TRIES:
            return True
        left = residual(self.open_part, self.with_facts(given))
        if not any(fact in facts_read_here(c) for c in walk(left)):
            return False
        without = self.truth(left, {})
        if any(self.truth(left, {fact: v}) is not without for v in self.values[fact]):
            return True
        live = [f for f in others if any(f in facts_read_here(c) for c in walk(left))]
        return (
            any(
                self.found(fact, live[1:], {**given, live[0]: value})
                for value in self.values[live[0]]
            )
            if live
            else False
        )

    def truth(self, left: Condition, given: dict[str, Value]) -> Truth:
        return self.with_facts(given).truth(left)

    def with_facts(self, given: dict[str, Value]) -> Reading:
        facts = {**self.reading.facts, **given}
        return Reading(self.reading.rulebook, self.reading.as_of, facts)


def answers_to_try(
    fact: str, conditions: Iterable[Condition], reading: Reading
) -> tuple[Value, ...]:
    """Answers that between them meet every comparison of this fact both ways."""
    leaves = [c for whole in conditions for c in walk(whole) if fact in facts_read_here(c)]
    kind = _type_of(fact, reading.rulebook.vocabulary)
    if kind is FactType.BOOL:
        return (True, False)
    if kind.is_wordlike:
        words = {str(v) for c in leaves if isinstance(c, OneOf) for v in c.values}
        other = next((v for v in reading.rulebook.vocabulary[fact].values if v not in words), "-")
        return (*sorted(words), other)
    moments = {m for c in leaves if isinstance(c, Compare) for m in _edges(c, fact, reading)}
    return tuple(sorted(moments)) or (_somewhere(kind, reading.as_of),)  # type: ignore[type-var]


def _type_of(fact: str, vocabulary: Vocabulary) -> FactType:
    return vocabulary[fact].type


def _somewhere(kind: FactType, as_of: date) -> Value:
    if kind is FactType.INT:
        return 1
    return datetime(as_of.year, as_of.month, as_of.day) if kind is FactType.DATETIME else as_of


def _edges(leaf: Compare, fact: str, reading: Reading) -> Iterator[Value]:
    """Just below, at and just above where a comparison of this fact turns."""
    own, other = leaf.left, leaf.right
    if fact_of_term(own) != fact:
        own, other = other, own
    meeting = reading.value(other)
    if meeting is None:
        meeting = _somewhere(own.type, reading.as_of)
    turn = _moved_back(own, meeting)
    if isinstance(turn, date):
        step = timedelta(days=1)
        yield from (turn - step, turn, turn + step)
    elif isinstance(turn, int):
        yield from (max(0, turn - 1), turn, turn + 1)


def _moved_back(own: Term, meeting: Value) -> Value:
    """The fact's value at which its side of a comparison comes to `meeting`."""
    match own:
        case Shifted(inner, count, unit) if isinstance(meeting, date):
            return _moved_back(inner, shift(meeting, -count, unit))
        case _:
            return meeting
