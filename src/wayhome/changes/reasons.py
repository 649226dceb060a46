"""Two laws side by side, and why a rule's answer may differ between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wayhome.law.conditions import InTable, RuleHolds, walk
from wayhome.law.rules import Authority, Kind, Rule, Rulebook


@dataclass(frozen=True)
class Law:
    """An edition of the rulebook on a day, under the name that a person gave it."""

    name: str
    rulebook: Rulebook
    day: date


class Reason(StrEnum):
    """Why a rule answers otherwise although the facts are the same."""

    ADDED = "the rule was added"
    REMOVED = "the rule was removed"
    BEGAN = "the rule came into force"
    ENDED = "the rule is no longer in force"
    CHANGED = "the rule changed"
    READS = "a rule that it reads changed"
    TABLE = "a table that it reads changed"
    DAY = "the day is another"
    NONE = "nothing of the rule changed"


class Answer(StrEnum):
    """What a rule says of a case, or why it says nothing."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "cannot tell"
    NOT_IN_FORCE = "not in force"
    NO_RULE = "no such rule"


def absence(law: Law, rule: str) -> Answer | None:
    """Why a law says nothing by a rule; None where it does say something."""
    if rule not in law.rulebook.rules:
        return Answer.NO_RULE
    return None if law.rulebook.rules[rule].is_in_force(law.day) else Answer.NOT_IN_FORCE


def rules_of_outcome(old: Law, new: Law, program: str, *, demands: bool) -> list[str]:
    """The ids of the rules that a program's outcome can hang on, under either law.

    Grounds of the law, or those that the letters demanded; the bars before them; and, of whatever
    program, the rules that these read.
    """
    found: dict[str, None] = {}
    for law in (new, old):
        rules = law.rulebook.rules
        ahead = [r.id for r in rules.values() if r.program == program and _weighs(r, demands)]
        while ahead:
            name = ahead.pop(0)
            if name not in found:
                found[name] = None
                ahead += _read_by(rules[name])
    return list(found)


def _read_by(rule: Rule) -> list[str]:
    return [c.rule for c in walk(rule.condition) if isinstance(c, RuleHolds)]


def _weighs(rule: Rule, demands: bool) -> bool:
    """Whether a rule is a bar, or a ground on the side that is asked for."""
    is_demanded = rule.authority is Authority.DEMAND
    return rule.kind is Kind.BAR or (rule.kind is Kind.GROUND and is_demanded is demands)


def title_of(old: Law, new: Law, rule: str) -> str:
    return (new.rulebook.rules.get(rule) or old.rulebook.rules[rule]).title


def reason(old: Law, new: Law, rule: str) -> Reason:
    """Why the two laws may answer otherwise by a rule."""
    before, after = absence(old, rule), absence(new, rule)
    if before is Answer.NO_RULE:
        return Reason.ADDED
    if after is Answer.NO_RULE:
        return Reason.REMOVED
    if before is not after:
        return Reason.BEGAN if before else Reason.ENDED
    return _reason_of_content(old, new, rule)


def _reason_of_content(old: Law, new: Law, rule: str) -> Reason:
    was, now = old.rulebook.rules[rule], new.rulebook.rules[rule]
    if _weight(was) != _weight(now):
        return Reason.CHANGED
    if any(reason(old, new, name) not in (Reason.NONE, Reason.DAY) for name in _read_by(now)):
        return Reason.READS
    if _tables_differ(old.rulebook, new.rulebook, now):
        return Reason.TABLE
    return Reason.NONE if old.day == new.day else Reason.DAY


def _weight(rule: Rule) -> tuple[object, ...]:
    """All of a rule that can change an outcome."""
    return (rule.condition, rule.kind, rule.authority, rule.route, rule.stands_before)


def _tables_differ(old: Rulebook, new: Rulebook, rule: Rule) -> bool:
    names = {c.table for c in walk(rule.condition) if isinstance(c, InTable)}
    return any(_rows(old, name) != _rows(new, name) for name in names)


def _rows(rulebook: Rulebook, table: str) -> list[object]:
    found = rulebook.tables.get(table)
    return [dict(row.values) for row in found.rows] if found else []


def programs_of(laws: Iterable[Law]) -> list[str]:
    """The programs of any of the laws."""
    return list(dict.fromkeys(program for law in laws for program in law.rulebook.programs))


def changed_in_weight(old: Law, new: Law, rule: str) -> bool:
    """Whether a rule in force both times counts for something else, whatever it answers."""
    if absence(old, rule) or absence(new, rule):
        return False
    return _weight(old.rulebook.rules[rule])[1:] != _weight(new.rulebook.rules[rule])[1:]
