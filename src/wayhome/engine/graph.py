"""The rules of one date as a graph of conditions, every equal part in it once.

Compiling does four things to each rule in force: the screening date becomes a plain day, tables
are written out row by row, other rules are put in the place of their names, and what is then
plain (`DATE '2021-07-01' >= DATE '2020-01-01'`) is worked out. What is left are a few kinds of
node: `Known`, `Holds`, `IsKnown`, `OneOf` (words), `Compare` (numbers and dates; a literal only
on the right, `=`, `<`, `<=`, `>`, `>=`), `Not`, `Is`, `AllOf`, `AnyOf`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from wayhome.engine.simplify import (
    COMPARE,
    all_of,
    any_of,
    is_value,
    negated,
    simplified,
)
from wayhome.law.conditions import (
    FALSE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FactTerm,
    Holds,
    InTable,
    Is,
    IsKnown,
    Literal,
    Not,
    OneOf,
    RuleHolds,
    facts_read_here,
    parts_of,
)
from wayhome.law.kleene import Truth
from wayhome.law.rules import Authority, Kind, Rule, Rulebook


class NoLawInForce(ValueError):
    """Nothing of the rulebook was in force on the date of the screening."""


@dataclass(frozen=True)
class Openings:
    """Where in the graph a program's outcome is read.

    `any_ground`: some ground holds. `clear_ground`: some ground holds with no bar before it.
    """

    any_ground: int
    clear_ground: int


@dataclass(frozen=True)
class Graph:
    """The rules in force on `as_of`.

    `nodes` lists every condition once, parts before wholes; `parts[i]` are the indexes of the
    conditions directly inside node i. `rules` and `outcomes` point into `nodes`; `demands` are
    the same two questions asked of the letters' demands alone.
    """

    as_of: date
    programs: tuple[str, ...]
    nodes: tuple[Condition, ...]
    parts: tuple[tuple[int, ...], ...]
    rules: Mapping[str, int]
    not_in_force: tuple[str, ...]
    outcomes: Mapping[str, Openings]
    demands: Mapping[str, Openings]

    def facts(self) -> frozenset[str]:
        """Every fact that some node reads."""
        return frozenset(self.readers)

    @cached_property
    def readers(self) -> Mapping[str, dict[int, None]]:
        """For each fact the nodes whose value may hang on it, parts before wholes.

        A dictionary without values is a set that keeps its order.
        """
        of_node: list[frozenset[str]] = []
        found: dict[str, dict[int, None]] = {}
        for index in range(len(self.nodes)):
            parts = (of_node[part] for part in self.parts[index])
            of_node.append(frozenset(self.reads[index]).union(*parts))
            for fact in of_node[index]:
                found.setdefault(fact, {})[index] = None
        return found

    @cached_property
    def reads(self) -> tuple[tuple[str, ...], ...]:
        """For each node the facts that it reads by itself, each once, not through its parts."""
        return tuple(tuple(dict.fromkeys(facts_read_here(node))) for node in self.nodes)

    @cached_property
    def tests(self) -> tuple[Callable[[Any], Truth] | None, ...]:
        """For each node that asks one fact one plain thing, what it makes of a known value."""
        return tuple(map(_test_of, self.nodes))

    @cached_property
    def over_is(self) -> frozenset[int]:
        """The nodes that hold an IS or a "is known" somewhere inside."""
        over: set[int] = set()
        for index, (node, parts) in enumerate(zip(self.nodes, self.parts, strict=True)):
            if isinstance(node, Is | IsKnown) or not over.isdisjoint(parts):
                over.add(index)
        return frozenset(over)

    @cached_property
    def below(self) -> Mapping[str, tuple[int, ...]]:
        """For each rule its own nodes, parts before wholes, itself last."""
        return {rule: self._below(root) for rule, root in self.rules.items()}

    def _below(self, root: int) -> tuple[int, ...]:
        seen: set[int] = set()
        ahead = [root]
        while ahead:
            index = ahead.pop()
            if index not in seen:
                seen.add(index)
                ahead += self.parts[index]
        return tuple(sorted(seen))


def _test_of(node: Condition) -> Callable[[Any], Truth] | None:
    match node:
        case Holds():
            return bool
        case OneOf(FactTerm(), values):
            return values.__contains__
        case Compare(comparison, FactTerm(), Literal(limit, _)):
            compare = COMPARE[comparison]
            return lambda value: compare(value, limit)
        case _:
            return None


def compile_graph(rulebook: Rulebook, as_of: date, programs: Iterable[str] | None = None) -> Graph:
    """The graph of the rules in force on `as_of` (of some programs, or of all).

    Raises UnknownProgram for a program that does not exist, NoLawInForce where nothing was in
    force yet on that day.
    """
    chosen = tuple(programs) if programs is not None else rulebook.programs
    rules = [rule for program in chosen for rule in rulebook.of_program(program)]
    check_law_in_force(rules, as_of, chosen)
    in_force = [rule for rule in rules if rule.is_in_force(as_of)]
    return _Compiler(rulebook, as_of).compile(chosen, rules, in_force)


def check_law_in_force(rules: Sequence[Rule], as_of: date, programs: tuple[str, ...]) -> None:
    """Raises NoLawInForce where none of some rules was in force yet on a day."""
    if rules and not any(rule.is_in_force(as_of) for rule in rules):
        raise NoLawInForce(_nothing_in_force(rules, as_of, programs))


def _nothing_in_force(rules: Sequence[Rule], as_of: date, programs: tuple[str, ...]) -> str:
    first = min(stretch.start for rule in rules for stretch in rule.in_force)
    return (
        f"On {as_of} no rule of {', '.join(programs)} was in force. "
        f"The earliest begins on {first}: choose a date from then on."
    )


class _Compiler:
    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self.rulebook, self.as_of = rulebook, as_of
        self.index: dict[Condition, int] = {}
        self.nodes: list[Condition] = []
        self.parts: list[tuple[int, ...]] = []
        self.bound: dict[str, Condition] = {}

    def compile(self, programs: tuple[str, ...], rules: list[Rule], in_force: list[Rule]) -> Graph:
        answers = {rule.id: self.rule_condition(rule.id) for rule in in_force}
        law, demands = _by_authority(in_force)
        return Graph(
            as_of=self.as_of,
            programs=programs,
            rules={rule_id: self.add(condition) for rule_id, condition in answers.items()},
            not_in_force=tuple(rule.id for rule in rules if rule.id not in answers),
            outcomes={p: self.openings(p, law, in_force, answers) for p in programs},
            demands={p: self.openings(p, demands, in_force, answers) for p in programs},
            nodes=tuple(self.nodes),
            parts=tuple(self.parts),
        )

    def rule_condition(self, rule_id: str) -> Condition:
        """A rule's condition made plain for the date; false while the rule is not in force."""
        if rule_id not in self.bound:
            rule = self.rulebook.rules[rule_id]
            in_force = rule.is_in_force(self.as_of)
            self.bound[rule_id] = self.plain(rule.condition) if in_force else FALSE
        return self.bound[rule_id]

    def plain(self, condition: Condition) -> Condition:
        """Tables row by row, rules in the place of their names, and what is plain worked out."""
        match condition:
            case InTable():
                return any_of(map(self.plain, self.rulebook.rows_of(condition).parts))
            case RuleHolds(rule):
                return self.rule_condition(rule)
            case AllOf(parts):
                return all_of(map(self.plain, parts))
            case AnyOf(parts):
                return any_of(map(self.plain, parts))
            case Not(part):
                return negated(self.plain(part))
            case Is(part, value):
                return is_value(self.plain(part), value)
            case _:
                return simplified(condition, self.as_of)

    def openings(
        self, program: str, grounds: list[Rule], in_force: list[Rule], answers: dict[str, Condition]
    ) -> Openings:
        own = [g for g in grounds if g.program == program]
        clear = (_unbarred(g, [r for r in in_force if r.bars(g)], answers) for g in own)
        return Openings(
            any_ground=self.add(any_of(answers[g.id] for g in own)),
            clear_ground=self.add(any_of(clear)),
        )

    def add(self, condition: Condition) -> int:
        """The place of a condition in the graph, put there with its parts if it is new."""
        if condition not in self.index:
            parts = tuple(self.add(part) for part in parts_of(condition))
            self.index[condition] = len(self.nodes)
            self.nodes.append(condition)
            self.parts.append(parts)
        return self.index[condition]


def _by_authority(in_force: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Grounds of the law, and grounds that the letters demanded."""
    grounds = [rule for rule in in_force if rule.kind is Kind.GROUND]
    law = [g for g in grounds if g.authority is not Authority.DEMAND]
    return law, [g for g in grounds if g.authority is Authority.DEMAND]


def _unbarred(ground: Rule, bars: list[Rule], answers: dict[str, Condition]) -> Condition:
    return all_of((answers[ground.id], *(negated(answers[bar.id]) for bar in bars)))
