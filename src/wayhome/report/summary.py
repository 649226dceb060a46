"""The counts of a screening, whichever way they were counted: what every report is drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wayhome.engine.findings import Finding
from wayhome.engine.outcomes import Outcome
from wayhome.engine.questions import Question
from wayhome.law.conditions import fact_of_term
from wayhome.law.kleene import Truth
from wayhome.law.rules import Authority, Kind, Rule, Rulebook
from wayhome.law.vocabulary import Fact
from wayhome.report.words import words

OutcomeCounts = Mapping[Outcome, int]


class Unit(StrEnum):
    """What is counted. One person may have several docket cases."""

    PEOPLE = "people"
    DOCKET_CASES = "docket_cases"


class FactsCounted(StrEnum):
    """What the number beside an open fact counts.

    SETTLED: cases in which an answer to this question alone could settle a rule of the program.
    LEFT_OPEN: answers of the program's rules that are open and whose rule reads this fact; other
    unknown facts may keep the same answers open.
    """

    SETTLED = "settled"
    LEFT_OPEN = "left_open"


@dataclass(frozen=True)
class RuleCount:
    """In how many cases a rule holds, does not hold, or cannot be told.

    `undated` are those of a deadline that holds, but whose date is not known.
    """

    rule: Rule
    true: int
    false: int
    unknown: int
    undated: int = 0

    @property
    def told(self) -> int:
        """Where the rule holds and, if it is a deadline, gives its date."""
        return self.true - self.undated


@dataclass(frozen=True)
class FactCount:
    """A fact that is not known and how much it would help; see FactsCounted."""

    fact: Fact
    count: int


@dataclass(frozen=True)
class GroupCount:
    """The cases of one nationality, court or year. A `label` of None is "not known"."""

    label: str | None
    outcomes: OutcomeCounts

    @property
    def cases(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class CaseDeadline:
    """A deadline of one case; `as_of` is the date of its screening.

    Where the day it is counted from is known to its month only, `day` is the first that it may
    be, and `latest` the last.
    """

    case_id: str
    rule: Rule
    day: date
    as_of: date
    latest: date | None = None

    @property
    def ahead(self) -> date:
        """The first day that it may be and that has not passed."""
        return self.latest if self.latest and self.day < self.as_of else self.day


@dataclass(frozen=True)
class UndatedDeadline:
    """A deadline that holds and whose date is not known, nor `fact`, from which it is counted.

    `fact` is None where the date is not counted from a single fact.
    """

    rule: Rule
    fact: str | None


@dataclass(frozen=True)
class ProgramSummary:
    """One program. `outcomes` rest on the law; `demand_outcomes` on the letters' demands alone.

    `rules` are those in force, `open_facts` come most useful first, `groups` are keyed
    `nationality`, `court` or `year`.
    """

    name: str
    outcomes: OutcomeCounts
    demand_outcomes: OutcomeCounts
    rules: tuple[RuleCount, ...]
    open_facts: tuple[FactCount, ...] = ()
    facts_counted: FactsCounted = FactsCounted.SETTLED
    groups: Mapping[str, tuple[GroupCount, ...]] = field(default_factory=dict)

    @property
    def has_grounds(self) -> bool:
        """Whether any ground that rests on law is in force; without one, no outcome says much."""
        return bool(self.of_law(Kind.GROUND))

    def of_law(self, kind: Kind) -> list[RuleCount]:
        """The rules of a kind that rest on law, those that hold most often first."""
        found = [c for c in self.rules if c.rule.kind is kind and not is_demand(c.rule)]
        return sorted(found, key=lambda count: -count.true)

    def demands(self) -> list[RuleCount]:
        """What the letters asked for, of every kind."""
        return sorted((c for c in self.rules if is_demand(c.rule)), key=lambda c: -c.true)


@dataclass(frozen=True)
class CaseLine:
    """One case of a small file: its outcome in each program and what comes next.

    `open_with_ground` are programs in which a ground of law holds although the outcome is open,
    and whether that is only because a bar is not known (else all such grounds are barred).
    """

    case_id: str
    outcomes: Mapping[str, Outcome]
    open_with_ground: Mapping[str, bool]
    is_urgent: bool
    next_deadline: CaseDeadline | None
    undated: tuple[UndatedDeadline, ...]
    next_question: Fact | None


@dataclass(frozen=True)
class Summary:
    """A whole screening. `case_lines` and `deadlines` are filled for small case files only."""

    source: str
    as_of: tuple[date, ...]
    is_synthetic: bool
    unit: Unit
    cases: int
    programs: tuple[ProgramSummary, ...]
    provenance: tuple[tuple[str, str], ...] = ()
    case_lines: tuple[CaseLine, ...] = ()
    deadlines: tuple[CaseDeadline, ...] = ()


def is_demand(rule: Rule) -> bool:
    """Whether a rule states what the letters asked for and not what the law says."""
    return rule.authority is Authority.DEMAND


def no_outcomes() -> dict[Outcome, int]:
    return dict.fromkeys(Outcome, 0)


# --- counting the findings of a case file ---------------------------------------------------------

# A list of more people than this is a file to be sorted in a spreadsheet, not a page to be read.
MOST_CASES_LISTED = 300
MOST_DEADLINES = 30


@dataclass
class _ProgramTally:
    outcomes: dict[Outcome, int] = field(default_factory=no_outcomes)
    demand_outcomes: dict[Outcome, int] = field(default_factory=no_outcomes)
    answers: dict[str, Counter[Truth]] = field(default_factory=dict)
    people_settled_by: Counter[str] = field(default_factory=Counter)
    rules_settled_by: Counter[str] = field(default_factory=Counter)
    undated: Counter[str] = field(default_factory=Counter)


class FindingsTally:
    """Adds up findings without keeping them; only a small file's cases are remembered."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.programs: dict[str, _ProgramTally] = {}
        self.days: set[date] = set()
        self.cases = 0
        self._current: list[Finding] = []
        self._lines: list[CaseLine] = []
        self._deadlines: list[CaseDeadline] = []

    def watching(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Hands every finding on and counts it on the way. A case's findings come together."""
        for finding in findings:
            self.add(finding)
            yield finding

    def add(self, finding: Finding) -> None:
        if self._current and self._current[0].case_id != finding.case_id:
            self._end_case()
        self._current.append(finding)
        self.days.add(finding.as_of)
        program = self.programs.setdefault(finding.program, _ProgramTally())
        program.outcomes[finding.outcome] += 1
        program.demand_outcomes[finding.demand_outcome] += 1
        for rule, answer in finding.answers.items():
            program.answers.setdefault(rule, Counter())[answer] += 1
        program.undated.update(d.rule.id for d in undated_deadlines(finding, self.rulebook.rules))
        for question in finding.missing:
            settled = finding.answers.keys() & set(question.settles_rules)
            if settled:
                program.people_settled_by[question.fact] += 1
                program.rules_settled_by[question.fact] += len(settled)

    def _end_case(self) -> None:
        self.cases += 1
        if self.cases <= MOST_CASES_LISTED:
            self._lines.append(_case_line(self._current, self.rulebook))
            self._deadlines += deadlines_ahead(self._current)
        else:
            self._lines, self._deadlines = [], []
        self._current = []

    def summary(
        self,
        source: str,
        *,
        is_synthetic: bool = False,
        provenance: Iterable[tuple[str, str]] = (),
    ) -> Summary:
        """The counts so far. `source` is the name of the case file, as it is shown."""
        if self._current:
            self._end_case()
        return Summary(
            source=source,
            as_of=tuple(sorted(self.days)),
            is_synthetic=is_synthetic,
            unit=Unit.PEOPLE,
            cases=self.cases,
            programs=tuple(self._program(name) for name in in_reading_order(self.programs)),
            provenance=tuple(provenance),
            case_lines=tuple(sorted(self._lines, key=_order_of_work)),
            deadlines=tuple(sorted(self._deadlines, key=lambda d: d.day)[:MOST_DEADLINES]),
        )

    def _program(self, name: str) -> ProgramSummary:
        tally = self.programs[name]
        rules = [rule for rule in self.rulebook.rules.values() if rule.id in tally.answers]
        counts = ((rule, tally.answers[rule.id]) for rule in rules)
        people, settled = tally.people_settled_by, tally.rules_settled_by
        facts = sorted(people, key=lambda fact: (-people[fact], -settled[fact], fact))
        return ProgramSummary(
            name=name,
            outcomes=tally.outcomes,
            demand_outcomes=tally.demand_outcomes,
            rules=tuple(
                RuleCount(r, n[True], n[False], n[None], tally.undated[r.id]) for r, n in counts
            ),
            open_facts=tuple(FactCount(self.rulebook.vocabulary[f], people[f]) for f in facts),
        )


def in_reading_order(programs: Iterable[str]) -> list[str]:
    """The programs in the order of the letters, as the words list them; others after them."""
    return sorted(programs, key=words().reading_order)


def summary_of_findings(
    source: str,
    findings: Iterable[Finding],
    rulebook: Rulebook,
    *,
    is_synthetic: bool = False,
    provenance: Iterable[tuple[str, str]] = (),
) -> Summary:
    """The summary of a case file's findings; those of one case must come one after another."""
    tally = FindingsTally(rulebook)
    for finding in findings:
        tally.add(finding)
    return tally.summary(source, is_synthetic=is_synthetic, provenance=provenance)


def deadlines_ahead(findings: Iterable[Finding]) -> list[CaseDeadline]:
    """The deadlines of one case that have not passed on the date of its screening."""
    return [
        CaseDeadline(finding.case_id, rule, day, finding.as_of)
        for finding in findings
        for rule, day in finding.deadlines
        if day >= finding.as_of
    ]


def undated_deadlines(finding: Finding, rules: Mapping[str, Rule]) -> list[UndatedDeadline]:
    """The deadlines that hold for one case and have no date, because it is not known."""
    dated = {rule.id for rule, _ in finding.deadlines}
    holding = (rules[name] for name, answer in finding.answers.items() if answer)
    return [
        UndatedDeadline(rule, fact_of_term(rule.due) if rule.due else None)
        for rule in holding
        if rule.kind is Kind.DEADLINE and rule.id not in dated
    ]


def has_open_ground(finding: Finding) -> bool:
    """Whether a ground of law holds although the outcome is open: one answer may make it clear."""
    is_open = finding.outcome is Outcome.OPEN
    return is_open and any(not is_demand(ground) for ground in finding.grounds)


def _only_a_bar_is_open(finding: Finding) -> bool:
    """Whether a ground of law holds before which no bar is known to stand."""
    laws = (ground for ground in finding.grounds if not is_demand(ground))
    return any(not any(bar.bars(ground) for bar in finding.bars) for ground in laws)


def _case_line(findings: list[Finding], rulebook: Rulebook) -> CaseLine:
    outcomes = {finding.program: finding.outcome for finding in findings}
    ahead = sorted(deadlines_ahead(findings), key=lambda d: d.day)
    asked = next_questions_of(findings, rulebook.rules)
    return CaseLine(
        case_id=findings[0].case_id,
        outcomes={name: outcomes[name] for name in in_reading_order(outcomes)},
        open_with_ground={
            finding.program: _only_a_bar_is_open(finding)
            for finding in findings
            if has_open_ground(finding)
        },
        is_urgent=any(rule.emergency for finding in findings for rule in finding.grounds),
        next_deadline=ahead[0] if ahead else None,
        undated=tuple(d for f in findings for d in undated_deadlines(f, rulebook.rules)),
        next_question=rulebook.vocabulary[asked[0].fact] if asked else None,
    )


def open_bars(finding: Finding, rules: Mapping[str, Rule]) -> list[Rule]:
    """The bars of which nobody can tell, before the grounds of law that hold in an open program."""
    laws = [ground for ground in finding.grounds if not is_demand(ground)]
    if not has_open_ground(finding):
        return []
    unknown = (rules[name] for name, answer in finding.answers.items() if answer is None)
    return [rule for rule in unknown if any(rule.bars(ground) for ground in laws)]


def next_questions_of(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Question]:
    """What is still worth asking over all programs of one case, most useful first.

    Before all others comes what could settle a program in which a ground of law holds already,
    then what a bar before such a ground depends on.
    """
    found = list(findings)
    near = {finding.program for finding in found if has_open_ground(finding)}
    bars = {bar.id for finding in found for bar in open_bars(finding, rules)}
    questions = {question.fact: question for finding in found for question in finding.missing}
    return sorted(
        questions.values(),
        key=lambda q: (
            near.isdisjoint(q.settles_programs),
            bars.isdisjoint(q.touches_rules),
            -len(q.settles_programs),
            -len(q.settles_rules),
            -len(q.touches_rules),
        ),
    )


def _order_of_work(line: CaseLine) -> tuple[bool, date]:
    """Emergencies first, then the nearest deadline, then the order of the file."""
    return not line.is_urgent, line.next_deadline.day if line.next_deadline else date.max
