"""The change list of a case file: each person under both laws, read as the rules are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from wayhome.changes.change_list import (
    DEMANDS,
    LAW,
    ChangeCounts,
    Changed,
    Move,
    RuleMove,
    Write,
    in_effect,
    why_text,
)
from wayhome.changes.reasons import (
    Answer,
    Law,
    absence,
    changed_in_weight,
    programs_of,
    reason,
    rules_of_outcome,
    title_of,
)
from wayhome.engine.outcomes import Outcome, program_outcome
from wayhome.engine.plain import Reading
from wayhome.law.vocabulary import Value

# What a rule that is in force says.
_ANSWERS = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}


@dataclass(frozen=True)
class Case:
    """A person's facts. `own_day` goes before the day of the law, where there is one."""

    case_id: str
    facts: Mapping[str, Value]
    own_day: date | None = None


@dataclass(frozen=True)
class CaseChange:
    """One person and one program, before and after, and the rules that made the difference."""

    case_id: str
    move: Move
    why: tuple[RuleMove, ...]


def changes_of_case(old: Law, new: Law, case: Case) -> Iterator[CaseChange]:
    """Every program's outcome that differs. The case's own day, where it has one, is for both."""
    if case.own_day is not None:
        old, new = (replace(law, day=case.own_day) for law in (old, new))
    before, after = _Answers(old, case.facts), _Answers(new, case.facts)
    for program in programs_of((old, new)):
        for rests_on in (LAW, DEMANDS):
            outcomes = [side.outcome(program, rests_on) for side in (before, after)]
            if outcomes[0] is not outcomes[1]:
                move = Move(program, rests_on, *outcomes)
                why = tuple(_why(old, new, move, before, after))
                yield CaseChange(case.case_id, move, why)


class _Answers:
    """What one law answers by every rule in force."""

    def __init__(self, law: Law, facts: Mapping[str, Value]) -> None:
        self.law = law
        self.in_force = [r for r in law.rulebook.rules.values() if r.is_in_force(law.day)]
        reading = Reading(law.rulebook, law.day, facts)
        self.answers = {rule.id: reading.answer(rule.id) for rule in self.in_force}

    def outcome(self, program: str, rests_on: str) -> Outcome:
        rules = [rule for rule in self.in_force if rule.program == program]
        return program_outcome(rules, self.answers, demands=rests_on == DEMANDS)

    def answer(self, rule: str) -> Answer:
        return absence(self.law, rule) or _ANSWERS[self.answers[rule]]


def _why(old: Law, new: Law, move: Move, before: _Answers, after: _Answers) -> Iterator[RuleMove]:
    demands = move.rests_on == DEMANDS
    for rule in rules_of_outcome(old, new, move.program, demands=demands):
        was, now = before.answer(rule), after.answer(rule)
        if in_effect(was) is not in_effect(now) or changed_in_weight(old, new, rule):
            yield RuleMove(rule, title_of(old, new, rule), was, now, reason(old, new, rule))


def changes_of_cases(
    old: Law,
    new: Law,
    cases: Iterable[Case],
    counts: ChangeCounts,
    columns: Mapping[str, str],
    write: Write,
    told: Callable[[CaseChange], None] = lambda change: None,
) -> None:
    """Compares every case, counts what changed and writes it, case by case.

    `columns`: the fact behind each of the groups that `counts` is grouped by.
    """
    for case in cases:
        counts.cases += 1
        found = list(changes_of_case(old, new, case))
        counts.changed_cases += bool(found)
        group = tuple(_group(case.facts.get(columns[name])) for name in counts.grouped_by)
        for change in found:
            counts.add(change.move, {group: 1})
            counts.add_rules(
                change.move.program, change.move.rests_on, dict.fromkeys(change.why, 1)
            )
            write(_changed(change).batch())
            told(change)


def _group(value: Value) -> str | int | None:
    if isinstance(value, date):
        return value.year
    return None if value is None else str(value)


def _changed(change: CaseChange) -> Changed:
    move = change.move
    texts = (str(move.before), str(move.after), why_text(change.why))
    words = (pa.array([text], pa.string()).dictionary_encode() for text in texts)
    return Changed(move.program, move.rests_on, pa.array([change.case_id], pa.string()), *words)
