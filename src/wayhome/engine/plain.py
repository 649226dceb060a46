"""The plain reader: one case, slowly and obviously, from the rules as they are written.

It reads no simplified graph, so that the fast readers have something independent to agree with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from wayhome.engine.simplify import COMPARE
from wayhome.law.calendar import shift
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    AnyRow,
    ColumnTerm,
    Compare,
    Condition,
    FactTerm,
    Holds,
    InTable,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    RuleHolds,
    Shifted,
    Term,
    Within,
)
from wayhome.law.kleene import Truth, all_of, any_of, negate
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.vocabulary import SCREENING_DATE, Value


@dataclass(frozen=True)
class Reading:
    """One case on one date. `facts` holds what is known; a fact left out is unknown."""

    rulebook: Rulebook
    as_of: date
    facts: Mapping[str, Value]
    _answers: dict[str, Truth] = field(default_factory=dict)

    def value(self, term: Term) -> Value:
        """What a term comes to, or None where it is not known."""
        match term:
            case FactTerm(fact, _):
                return self.as_of if fact == SCREENING_DATE else self.facts.get(fact)
            case Literal(value, _):
                return value
            case Shifted(inner, count, unit):
                moment = self.value(inner)
                return shift(moment, count, unit) if isinstance(moment, date) else None
            case ColumnTerm(table, column, _):
                raise AssertionError(f"{table}.{column} is read outside of its table")

    def truth(self, condition: Condition) -> Truth:
        """What a condition comes to for this case."""
        # The commonest first: a case is read at some thousands of conditions.
        match condition:
            case Compare(comparison, left, right):
                first, second = self.value(left), self.value(right)
                known = first is not None and second is not None
                return COMPARE[comparison](first, second) if known else None
            case AllOf(parts):
                return all_of(map(self.truth, parts))
            case AnyOf(parts) | AnyRow(_, _, parts):
                return any_of(map(self.truth, parts))
            case Holds(fact):
                return self._yes_no(fact)
            case Not(part):
                return negate(self.truth(part))
            case RuleHolds(rule):
                return self.answer(rule) if self.is_in_force(rule) else False
            case OneOf(term, values):
                found = self.value(term)
                return None if found is None else found in values
            case Is(part, value):
                return self.truth(part) is value
            case IsKnown(fact):
                return self.facts.get(fact) is not None or fact == SCREENING_DATE
            case InTable():
                return self.truth(self.rulebook.rows_of(condition))
            case Known(value):
                return value
            case Within(_, table, name):
                raise AssertionError(f"{table}.{name} is read outside of its table")

    def is_in_force(self, rule_id: str) -> bool:
        return self.rulebook.rules[rule_id].is_in_force(self.as_of)

    def answer(self, rule_id: str) -> Truth:
        """Whether a rule's condition holds, worked out once a case."""
        if rule_id not in self._answers:
            self._answers[rule_id] = self.truth(self.rulebook.rules[rule_id].condition)
        return self._answers[rule_id]

    def due(self, rule: Rule) -> date | None:
        """The date of a deadline that holds, or None where it does not or is not known.

        One counted to the hour is given by its day.
        """
        if rule.due is None or not self.answer(rule.id):
            return None
        moment = self.value(rule.due)
        if isinstance(moment, datetime):
            return moment.date()
        return moment if isinstance(moment, date) else None

    def _yes_no(self, fact: str) -> Truth:
        value = self.facts.get(fact)
        assert value is None or isinstance(value, bool)
        return value


def answers(
    rulebook: Rulebook, as_of: date, facts: Mapping[str, Value], programs: Iterable[str] = ()
) -> dict[str, Truth]:
    """Every rule in force on `as_of`, of some programs or of all, for one case."""
    reading = Reading(rulebook, as_of, facts)
    chosen = tuple(programs) or rulebook.programs
    in_force = (r for p in chosen for r in rulebook.of_program(p) if r.is_in_force(as_of))
    return {rule.id: reading.answer(rule.id) for rule in in_force}
