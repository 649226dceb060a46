"""The counts of a screening, whichever way they were counted: what every report is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wayhome.engine.outcomes import Outcome
from wayhome.law.rules import Authority, Kind, Rule
from wayhome.law.vocabulary import Fact

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
    """In how many cases a rule holds, does not hold, or cannot be told."""

    rule: Rule
    true: int
    false: int
    unknown: int


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
    """A deadline of one case; `as_of` is the date of its screening."""

    case_id: str
    rule: Rule
    day: date
    as_of: date


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
    """One case of a small file: its outcome in each program and what comes next."""

    case_id: str
    outcomes: Mapping[str, Outcome]
    is_urgent: bool
    next_deadline: CaseDeadline | None
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
