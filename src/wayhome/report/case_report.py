"""What is told of one case, put in order once for the terminal, the page and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.engine.explanation import Explanation, Step
from wayhome.engine.findings import Finding
from wayhome.engine.outcomes import Outcome
from wayhome.engine.questions import Question
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Fact, Vocabulary, load_vocabulary
from wayhome.report.summary import CaseDeadline, deadlines_ahead, is_demand, next_questions_of
from wayhome.report.words import Words

_BEST_FIRST = list(Outcome)


@dataclass(frozen=True)
class ProgramFinding:
    """One program's finding, the law's grounds apart from the letters' demands."""

    finding: Finding
    grounds: tuple[Rule, ...]
    demands: tuple[Rule, ...]

    @property
    def says_something(self) -> bool:
        """Whether there is more to tell than the outcome."""
        found = self.finding
        return bool(self.grounds or self.demands or found.bars or found.deadlines)


@dataclass(frozen=True)
class CaseReport:
    """One case. `programs` come with the best outcome first, `explanations` true ones first."""

    case_id: str
    as_of: date
    is_synthetic: bool
    programs: tuple[ProgramFinding, ...]
    deadlines: tuple[CaseDeadline, ...]
    questions: tuple[Question, ...]
    explanations: tuple[Explanation, ...]
    vocabulary: Vocabulary


def case_report(
    findings: Sequence[Finding],
    explanations: Sequence[Explanation] = (),
    *,
    words: Words,
    is_synthetic: bool = False,
    vocabulary: Vocabulary | None = None,
) -> CaseReport:
    """The report of one case from its findings, one a program (at least one)."""
    in_order = sorted(findings, key=lambda f: words.reading_order(f.program))
    in_order.sort(key=lambda f: _BEST_FIRST.index(f.outcome))
    return CaseReport(
        case_id=findings[0].case_id,
        as_of=findings[0].as_of,
        is_synthetic=is_synthetic,
        programs=tuple(_program_finding(finding) for finding in in_order),
        deadlines=tuple(sorted(deadlines_ahead(findings), key=lambda d: d.day)),
        questions=tuple(next_questions_of(findings)),
        explanations=tuple(sorted(explanations, key=lambda e: _reading_order(e, words))),
        vocabulary=vocabulary or load_vocabulary(),
    )


def _program_finding(finding: Finding) -> ProgramFinding:
    return ProgramFinding(
        finding=finding,
        grounds=tuple(rule for rule in finding.grounds if not is_demand(rule)),
        demands=tuple(rule for rule in finding.grounds if is_demand(rule)),
    )


def _reading_order(explanation: Explanation, words: Words) -> tuple[int, bool, int]:
    """True answers before open ones before false ones, law before demands, program by program."""
    rule, answer = explanation.rule, {True: 0, None: 1, False: 2}[explanation.answer]
    return answer, is_demand(rule), words.reading_order(rule.program)


def open_facts(explanation: Explanation, vocabulary: Vocabulary) -> list[Fact]:
    """The unknown facts that keep an answer open, in the order in which they are read."""
    names = dict.fromkeys(_unknown_in(explanation.tree)) if explanation.answer is None else {}
    return [vocabulary[name] for name in names]


def _unknown_in(step: Step) -> Iterator[str]:
    if step.value is None:
        yield from (name for name, value in step.facts.items() if value is None)
        for part in step.parts:
            yield from _unknown_in(part)
