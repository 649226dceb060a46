"""What changed over time: a rule's days in order, worked out from the law's own data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wayhome.book.contents import Contents
from wayhome.law.condition_words import day_in_words
from wayhome.law.conditions import Condition, Literal, Shifted, Term, condition_text, terms_of, walk
from wayhome.law.rules import Rule
from wayhome.law.tables import FROM, TO, Row, Table


@dataclass(frozen=True)
class Event:
    """Something that happened on a day, or in a year where no more is known (`when`: ISO)."""

    when: str
    what: str
    table: str = ""

    @property
    def shown(self) -> str:
        return day_in_words(date.fromisoformat(self.when)) if len(self.when) == 10 else self.when


def events(rule: Rule, contents: Contents) -> list[Event]:
    """A rule's events in order, those of the rows of its tables left out."""
    found = [*_own_days(rule), *_days_in_condition(rule.condition), *_decisions(rule, contents)]
    return sorted(dict.fromkeys(found), key=lambda e: e.when)


def row_events(rule: Rule, contents: Contents) -> list[Event]:
    """The events of the rows of the tables that a rule reads, in order."""
    found = [
        event
        for table in contents.tables_read_by(rule)
        for row in table.rows
        for event in _row(table, row, contents.ranges_read_by(rule, table), contents)
    ]
    return sorted(dict.fromkeys(found), key=lambda e: e.when)


def _own_days(rule: Rule) -> Iterator[Event]:
    history = rule.history
    if history.issued:
        yield Event(history.issued.isoformat(), "Issued")
    yield Event(history.effective.isoformat(), "Took effect")
    for suspension in history.suspended:
        yield Event(suspension.start.isoformat(), f"Suspended: {suspension.by}")
        if suspension.end:
            yield Event(suspension.end.isoformat(), "In effect again")
    if history.ended:
        why = f": {history.why}" if history.why else ""
        yield Event(history.ended.isoformat(), f"First day on which it was no longer in force{why}")


def _days_in_condition(condition: Condition) -> Iterator[Event]:
    for part in walk(condition):
        for term in terms_of(part):
            if day := _fixed_day(term):
                yield Event(day.isoformat(), f"A day that the condition names: {_test(part)}")


def _test(condition: Condition) -> str:
    return condition_text(condition)


def _fixed_day(term: Term) -> date | None:
    match term:
        case Literal(value, _) if isinstance(value, date):
            return date(value.year, value.month, value.day)
        case Shifted(inner, _, _):
            return _fixed_day(inner)
    return None


def _decisions(rule: Rule, contents: Contents) -> Iterator[Event]:
    for line in contents.cited_lines(rule):
        for citation in line.citations:
            if citation.when:
                yield Event(citation.when, f"Decided: {citation.name or citation.key}")


def _row(table: Table, row: Row, ranges: tuple[str, ...], contents: Contents) -> Iterator[Event]:
    name = row_name(table, row, contents)
    for range_name in ranges:
        start, end = row.values[range_name + FROM], row.values[range_name + TO]
        shown = range_name.replace("_", " ")
        if isinstance(start, date):
            yield Event(start.isoformat(), f"{name}: {shown} begins", table.name)
        if isinstance(end, date):
            yield Event(end.isoformat(), f"{name}: first day after {shown}", table.name)
    for column in ("date", "decided"):
        if isinstance(day := row.values.get(column), date):
            yield Event(day.isoformat(), name, table.name)


def row_name(table: Table, row: Row, contents: Contents) -> str:
    """What a row is called: its own name where a column has one, and its key."""
    key = contents.value(_fact_like(table), row.values[table.key])
    if len(key) <= 3:
        key = f"{table.key.replace('_', ' ').capitalize()} {key}"
    for column in ("designation", "name", "decision", "order", "title"):
        if isinstance(text := row.values.get(column), str):
            return text if key.lower() in text.lower() else f"{key}: {text}"
    return key


def row_keys(table: Table, contents: Contents) -> list[str]:
    """What the rows of a table are about, each once: countries, circuits, kinds of conviction."""
    keys = (contents.value(_fact_like(table), row.values[table.key]) for row in table.rows)
    return list(dict.fromkeys(keys))


def _fact_like(table: Table) -> str:
    """A fact whose values are named as the key's are."""
    return "country_of_citizenship" if table.key == "country" else ""
