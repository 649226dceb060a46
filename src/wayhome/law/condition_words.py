"""A condition in plain English: one line a test, nested as the condition is nested.

The words are the vocabulary's own meanings, so that a reader can put each line beside the condition
as written. Nothing is left out and nothing is made simpler than it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from wayhome.law.calendar import Unit
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    AnyRow,
    ColumnTerm,
    Compare,
    Comparison,
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
    fact_of_term,
    facts_read_here,
    terms_of,
)
from wayhome.law.rules import Rulebook
from wayhome.law.tables import FROM, TO
from wayhome.law.vocabulary import SCREENING_DATE, FactType, Value

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WITH_ARTICLE = (
    *("Date", "Day", "Start", "End", "First", "Last", "Most", "Country", "Circuit", "Class"),
    *("Kind", "Number", "Manner", "Type", "State", "Age"),
)
_SCREENING_DAY = "the day of the screening"


@dataclass(frozen=True)
class Line:
    """One line of a condition in words, and what stands below it.

    `facts`, `rule` and `table` name what the line itself reads, to be linked.
    """

    text: str
    parts: tuple[Line, ...] = ()
    facts: tuple[str, ...] = ()
    rule: str = ""
    table: str = ""


def day_in_words(day: date) -> str:
    """A day as Americans write it: `April 1, 1997`; with its hour where there is one."""
    text = f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    has_hour = isinstance(day, datetime) and (day.hour or day.minute)
    return f"{text}, {day:%H:%M}" if has_hour else text


def value_in_words(fact: str, value: Value) -> str:
    """A value without the signs of code. `fact` tells a caller's own version whose value it is."""
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case date():
            return day_in_words(value)
        case _:
            return str(value).replace("_", " ")


@dataclass(frozen=True)
class ConditionInWords:
    """Says the conditions of one rulebook. `value` names a fact's value, such as a country."""

    book: Rulebook
    value: Callable[[str, Value], str] = value_in_words

    def say(self, condition: Condition) -> Line:
        """A condition as a line with everything below it."""
        return self._line(condition, positive=True)

    def say_term(self, term: Term) -> str:
        """A date as a deadline gives it: `30 days after date of the removal order`."""
        return self._term(term)

    def _line(self, condition: Condition, *, positive: bool) -> Line:
        match condition:
            case Not(part):
                return self._line(part, positive=not positive)
            case AllOf(parts):
                head = "All of these are so:" if positive else "Not all of these are so:"
                return Line(head, self._lines(parts))
            case AnyOf(parts) | AnyRow(_, _, parts):
                head = "At least one of these is so:" if positive else "None of these is so:"
                return Line(head, self._lines(parts))
            case Is(part, value):
                return self._known_to_be(part, value, positive)
            case InTable():
                return self._in_table(condition, positive)
            case Compare(comparison, left, right) if not positive:
                opposite = Compare(_OPPOSITE[comparison], left, right)
                return self._line(opposite, positive=True)
            case IsKnown(fact) if not positive:
                return Line(f"{self._name(fact)}: not known", facts=(fact,))
        text = self._test(condition)
        rule = condition.rule if isinstance(condition, RuleHolds) else ""
        shown = text if positive else f"Not so: {_lowered(text)}"
        return Line(shown, facts=_facts_named(condition), rule=rule)

    def _lines(self, parts: tuple[Condition, ...]) -> tuple[Line, ...]:
        return tuple(self._line(part, positive=True) for part in parts)

    def _known_to_be(self, part: Condition, value: bool | None, positive: bool) -> Line:
        heads = {
            (True, True): "Known to be so (where nobody knows, this counts as not met):",
            (True, False): "Not known to be so (where nobody knows, this counts as met):",
            (False, True): "Known not to be so (where nobody knows, this counts as not met):",
            (False, False): "Not known to be otherwise (where nobody knows, this counts as met):",
            (None, True): "Nobody knows whether this is so:",
            (None, False): "It is known, one way or the other, whether this is so:",
        }
        return Line(heads[value, positive], (self._line(part, positive=True),))

    def _in_table(self, condition: InTable, positive: bool) -> Line:
        title = self.book.tables[condition.table].title
        whose = "" if condition.where == Known(True) else ", and in that row:"
        there_is = "has a row" if positive else "has no row"
        text = f"The table “{title}” {there_is} for {self._term_of(condition.fact)}"
        where = self._line(condition.where, positive=True)
        parts = (where,) if whose else ()
        return Line(text + whose, parts, (condition.fact,), table=condition.table)

    def _test(self, condition: Condition) -> str:
        match condition:
            case Known(value):
                return {True: "Always", False: "Never", None: "Nobody can tell"}[value]
            case Holds(fact):
                return self._name(fact)
            case IsKnown(fact):
                return f"{self._name(fact)}: known"
            case Compare():
                return self._compare(condition)
            case OneOf(term, values):
                named = [self._value_of(term, value) for value in values]
                return f"{self._head(term)}: {_one_of(named)}"
            case Within(moment, _, name):
                span = f"from {name}{FROM} until the day before {name}{TO}"
                return f"{_raised(self._term(moment))}: in the row’s “{name}” time, {span}"
            case RuleHolds(rule):
                return f"The rule “{self.book.rules[rule].title}” holds"
        raise AssertionError(condition)

    def _compare(self, condition: Compare) -> str:
        comparison, left, right = condition.comparison, condition.left, condition.right
        if isinstance(left, Literal) and not isinstance(right, Literal):
            comparison, left, right = comparison.mirrored, right, left
        if isinstance(right, Literal):
            shown = self._value_of(left, right.value)
        else:
            shown = self._term(right)
        words = _BEFORE_AFTER if left.type in _MOMENTS else _MORE_LESS
        return f"{self._head(left)}: {words[comparison]}{shown}"

    def _value_of(self, term: Term, value: Value) -> str:
        return self.value(fact_of_term(term) or "", value)

    def _head(self, term: Term) -> str:
        return self._name(term.fact) if isinstance(term, FactTerm) else _raised(self._term(term))

    def _term(self, term: Term) -> str:
        match term:
            case FactTerm(fact, _):
                return self._term_of(fact)
            case Literal(value, _):
                return self.value("", value)
            case ColumnTerm(_, column, _):
                return f"the row’s “{column.replace('_', ' ')}”"
            case Shifted(inner, 0, Unit.WORKING_DAY):
                return f"{self._term(inner)}, or the next working day where that is none"
            case Shifted(inner, count, unit):
                plural = "" if abs(count) == 1 else "s"
                side = "after" if count >= 0 else "before"
                return f"{abs(count)} {unit}{plural} {side} {self._term(inner)}"

    def _term_of(self, fact: str) -> str:
        """A fact's name inside a sentence: `the date of removal`."""
        name = self._name(fact)
        article = "the " if name.split(" ")[0] in _WITH_ARTICLE else ""
        return article + _lowered(name)

    def _name(self, fact: str) -> str:
        """What a fact is called: its meaning without the remarks in brackets."""
        if fact == SCREENING_DATE:
            return _raised(_SCREENING_DAY)
        return self.book.vocabulary[fact].meaning.split(" (")[0]


_OPPOSITE = {
    Comparison.EQUAL: Comparison.NOT_EQUAL,
    Comparison.NOT_EQUAL: Comparison.EQUAL,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.MORE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.MORE,
}
_MOMENTS = (FactType.DATE, FactType.DATETIME)
_BEFORE_AFTER = {
    Comparison.EQUAL: "on ",
    Comparison.NOT_EQUAL: "not on ",
    Comparison.LESS: "before ",
    Comparison.AT_MOST: "on or before ",
    Comparison.MORE: "after ",
    Comparison.AT_LEAST: "on or after ",
}
_MORE_LESS = {
    Comparison.EQUAL: "",
    Comparison.NOT_EQUAL: "anything but ",
    Comparison.LESS: "less than ",
    Comparison.AT_MOST: "at most ",
    Comparison.MORE: "more than ",
    Comparison.AT_LEAST: "at least ",
}


def _facts_named(condition: Condition) -> tuple[str, ...]:
    columns = any(isinstance(term, ColumnTerm) for term in terms_of(condition))
    facts = tuple(dict.fromkeys(facts_read_here(condition)))
    return tuple(f for f in facts if not (columns and f == SCREENING_DATE))


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _lowered(text: str) -> str:
    """The text inside a sentence; a name of capitals (US, BIA) stays as it is."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]
