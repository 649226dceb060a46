"""What a screening says of one case and one program: the contract of `screen --format json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wayhome.engine.graph import Graph, check_law_in_force, compile_graph
from wayhome.engine.outcomes import Outcome, program_outcome
from wayhome.engine.plain import Reading
from wayhome.engine.questions import Question, next_questions
from wayhome.law.kleene import Truth
from wayhome.law.rules import Authority, Kind, Rule, Rulebook
from wayhome.law.vocabulary import Value


@dataclass(frozen=True)
class Finding:
    """One case, one program. `grounds` (of law or demanded) and `bars` hold; ask `missing` next.

    `outcome` rests on the law alone; `demand_outcome` says the same of what the letters asked for.
    """

    case_id: str
    program: str
    as_of: date
    outcome: Outcome
    demand_outcome: Outcome
    grounds: tuple[Rule, ...]
    bars: tuple[Rule, ...]
    deadlines: tuple[tuple[Rule, date], ...]
    missing: tuple[Question, ...]
    answers: Mapping[str, Truth]

    @property
    def grounds_of_law(self) -> tuple[Rule, ...]:
        return tuple(g for g in self.grounds if g.authority is not Authority.DEMAND)

    @property
    def demands(self) -> tuple[Rule, ...]:
        """What the letters asked for and this case fits; never mixed with the law."""
        return tuple(g for g in self.grounds if g.authority is Authority.DEMAND)

    def as_json(self, *, every_rule: bool = False) -> dict[str, object]:
        """The finding as `wayhome screen --format json` writes it, a line each."""
        line: dict[str, object] = {
            "case_id": self.case_id,
            "program": self.program,
            "outcome": self.outcome,
            "demand_outcome": self.demand_outcome,
            "grounds": [_ground_json(rule) for rule in self.grounds_of_law],
            "demands": [_ground_json(rule) for rule in self.demands],
            "bars": [{"rule": bar.id, "waivers": list(bar.waivers)} for bar in self.bars],
            "missing": [question.fact for question in self.missing],
            "deadlines": [{"rule": r.id, "date": day.isoformat()} for r, day in self.deadlines],
            "as_of": self.as_of.isoformat(),
        }
        if every_rule:
            line["rules"] = dict(self.answers)
        return line


def _ground_json(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.id,
        "title": rule.title,
        "authority": rule.authority,
        "cites": list(rule.cites),
        "confidence": rule.confidence,
    }


def findings(
    rulebook: Rulebook,
    graph: Graph,
    case_id: str,
    facts: Mapping[str, Value],
    *,
    with_questions: bool = True,
) -> Iterable[Finding]:
    """The findings on one case, a program each, in the order of the programs.

    Looking for the questions takes far longer than the rest; without them `missing` is empty.
    """
    reading = Reading(rulebook, graph.as_of, facts)
    questions = next_questions(rulebook, graph, facts) if with_questions else ()
    rules: dict[str, list[Rule]] = {program: [] for program in graph.programs}
    for rule in graph.rules:
        rules[rulebook.rules[rule].program].append(rulebook.rules[rule])
    for program, own in rules.items():
        yield _finding(reading, program, case_id, own, questions)


def _finding(
    reading: Reading, program: str, case_id: str, rules: list[Rule], questions: Iterable[Question]
) -> Finding:
    answers = {rule.id: reading.answer(rule.id) for rule in rules}
    holding = [rule for rule in rules if answers[rule.id]]
    grounds = tuple(rule for rule in holding if rule.kind is Kind.GROUND)
    dates = ((r, reading.due(r)) for r in holding if r.kind is Kind.DEADLINE)
    return Finding(
        case_id=case_id,
        program=program,
        as_of=reading.as_of,
        outcome=program_outcome(rules, answers),
        demand_outcome=program_outcome(rules, answers, demands=True),
        grounds=grounds,
        bars=tuple(rule for rule in holding if rule.kind is Kind.BAR),
        deadlines=tuple((rule, day) for rule, day in dates if day is not None),
        missing=tuple(q for q in questions if any(r in answers for r in q.touches_rules)),
        answers=answers,
    )


class CaseScreener:
    """Screens cases one after another, each on its own date, compiling each date's law once."""

    def __init__(self, rulebook: Rulebook, programs: Iterable[str]) -> None:
        self.rulebook, self.programs = rulebook, tuple(programs)
        self._graphs: dict[date, Graph] = {}

    def graph(self, as_of: date) -> Graph:
        """The law of one day. Raises NoLawInForce."""
        if as_of not in self._graphs:
            self._graphs[as_of] = compile_graph(self.rulebook, as_of, self.programs)
        return self._graphs[as_of]

    def check(self, as_of: date) -> None:
        """Raises NoLawInForce for a day on which nobody can be screened."""
        rules = [r for program in self.programs for r in self.rulebook.of_program(program)]
        check_law_in_force(rules, as_of, self.programs)

    def findings(
        self,
        case_id: str,
        facts: Mapping[str, Value],
        as_of: date,
        *,
        with_questions: bool = True,
    ) -> Iterable[Finding]:
        graph = self.graph(as_of)
        return findings(self.rulebook, graph, case_id, facts, with_questions=with_questions)
