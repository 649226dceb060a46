"""What is told of one case, put in order once for the terminal, the page and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wayhome.engine.explanation import Explanation, Step
from wayhome.engine.findings import Finding
from wayhome.engine.outcomes import Outcome
from wayhome.engine.questions import Question
from wayhome.law.rules import Kind, Rule, Rulebook
from wayhome.law.vocabulary import Fact, Vocabulary, load_vocabulary
from wayhome.programs import rulebook
from wayhome.report.summary import (
    CaseDeadline,
    UndatedDeadline,
    deadlines_ahead,
    is_demand,
    next_questions_of,
    open_bars,
    undated_deadlines,
)
from wayhome.report.words import Words

_BEST_FIRST = list(Outcome)


@dataclass(frozen=True)
class OpenBar:
    """A bar before a ground that holds, of which nobody can tell yet, and what would settle it.

    No `facts`: the law itself is not known here, and no answer would settle it.
    """

    rule: Rule
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ProgramFinding:
    """One program's finding, the law's grounds apart from the letters' demands.

    `open_bars` are why a program is open although a ground holds. Without `has_grounds` no ground
    that rests on law is in force, and the outcome says nothing.
    """

    finding: Finding
    grounds: tuple[Rule, ...]
    demands: tuple[Rule, ...]
    open_bars: tuple[OpenBar, ...]
    undated: tuple[UndatedDeadline, ...]
    has_grounds: bool

    def outcome(self, said: Words) -> str:
        """The outcome in words, as the summary says it."""
        if not self.has_grounds:
            return said.say("no_grounds_in_force")
        return said.say(f"outcomes.{self.finding.outcome}")

    @property
    def says_something(self) -> bool:
        """Whether there is more to tell than the outcome."""
        found = self.finding
        deadlines = found.deadlines or self.undated
        return bool(self.grounds or self.demands or found.bars or deadlines)


@dataclass(frozen=True)
class CaseReport:
    """One case. `programs` come with the best outcome first, `explanations` true ones first.

    `rules` are all rules of the rulebook, for the titles of those that are only mentioned.
    """

    case_id: str
    as_of: date
    is_synthetic: bool
    programs: tuple[ProgramFinding, ...]
    deadlines: tuple[CaseDeadline, ...]
    questions: tuple[Question, ...]
    explanations: tuple[Explanation, ...]
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]

    @property
    def undated(self) -> list[UndatedDeadline]:
        return [deadline for program in self.programs for deadline in program.undated]


def case_report(
    findings: Sequence[Finding],
    explanations: Sequence[Explanation] = (),
    *,
    words: Words,
    is_synthetic: bool = False,
    vocabulary: Vocabulary | None = None,
    book: Rulebook | None = None,
) -> CaseReport:
    """The report of one case from its findings, one a program (at least one).

    `book` is the rulebook that was screened against, else the one built in.
    """
    rules = (book or rulebook()).rules
    in_order = sorted(findings, key=lambda f: words.reading_order(f.program))
    in_order.sort(key=lambda f: _BEST_FIRST.index(f.outcome))
    return CaseReport(
        case_id=findings[0].case_id,
        as_of=findings[0].as_of,
        is_synthetic=is_synthetic,
        programs=tuple(_program_finding(finding, rules) for finding in in_order),
        deadlines=tuple(sorted(deadlines_ahead(findings), key=lambda d: d.day)),
        questions=tuple(next_questions_of(findings, rules)),
        explanations=tuple(sorted(explanations, key=lambda e: _reading_order(e, words))),
        vocabulary=vocabulary or load_vocabulary(),
        rules=rules,
    )


def _program_finding(finding: Finding, rules: Mapping[str, Rule]) -> ProgramFinding:
    grounds = tuple(rule for rule in finding.grounds if not is_demand(rule))
    return ProgramFinding(
        finding=finding,
        grounds=grounds,
        demands=tuple(rule for rule in finding.grounds if is_demand(rule)),
        open_bars=tuple(_open_bars(finding, rules)),
        undated=tuple(undated_deadlines(finding, rules)),
        has_grounds=any(
            rules[name].kind is Kind.GROUND and not is_demand(rules[name])
            for name in finding.answers
        ),
    )


def _open_bars(finding: Finding, rules: Mapping[str, Rule]) -> Iterator[OpenBar]:
    for bar in open_bars(finding, rules):
        facts = (q.fact for q in finding.missing if bar.id in q.touches_rules)
        yield OpenBar(bar, tuple(facts))


def _reading_order(explanation: Explanation, words: Words) -> tuple[int, bool, int]:
    """True answers before open ones before false ones, law before demands, program by program."""
    rule, answer = explanation.rule, {True: 0, None: 1, False: 2}[explanation.answer]
    return answer, is_demand(rule), words.reading_order(rule.program)


def most_useful_first(report: CaseReport, explanations: Iterable[Explanation]) -> list[Explanation]:
    """Grounds before bars before the rest, each kind in the order of the questions asked."""
    kinds = list(Kind)
    place: dict[str, int] = {}
    for number, question in enumerate(report.questions):
        for rule in question.touches_rules:
            place.setdefault(rule, number)

    def order(explanation: Explanation) -> tuple[int, bool, int]:
        rule = explanation.rule
        last = len(report.questions)
        return kinds.index(rule.kind), is_demand(rule), place.get(rule.id, last)

    return sorted(explanations, key=order)


def deciding(step: Step, said: Words) -> Step:
    """A step with only those parts that make it what it is, all the way down, the rest counted.

    Of a condition that is true because one of several parts is, the others could not matter; nor
    could those that are settled already where another part is open.
    """
    kept = [part for part in step.parts if part.value is step.value] or step.parts
    left_out = len(step.parts) - len(kept)
    notes = (step.note, said.count_of("left_out", left_out) if left_out else "")
    parts = tuple(deciding(part, said) for part in kept)
    return replace(step, parts=parts, note="; ".join(filter(None, notes)))


def open_facts(explanation: Explanation, vocabulary: Vocabulary) -> list[Fact]:
    """The unknown facts that keep an answer open, in the order in which they are read."""
    names = dict.fromkeys(_unknown_in(explanation.tree)) if explanation.answer is None else {}
    return [vocabulary[name] for name in names]


def _unknown_in(step: Step) -> Iterator[str]:
    if step.value is None:
        yield from (name for name, value in step.facts.items() if value is None)
        for part in step.parts:
            yield from _unknown_in(part)
