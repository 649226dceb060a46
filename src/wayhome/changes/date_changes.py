"""What differs between two days of one rulebook: rules in force, rows of tables, fixed dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from wayhome.changes.rulebook_changes import (
    Crossing,
    RowChange,
    RulebookChanges,
    RuleChange,
    TableChange,
    What,
    row_label,
)
from wayhome.engine.simplify import simplified
from wayhome.law.conditions import Compare, Known, condition_text, facts_read_here, walk
from wayhome.law.rules import Authority, Rule, Rulebook
from wayhome.law.tables import FROM, TO, Table
from wayhome.law.vocabulary import SCREENING_DATE


def changes_between_days(rulebook: Rulebook, old: date, new: date) -> RulebookChanges:
    """What begins, ends or is decided after the earlier day and until the later one.

    Where `old` is the later day, what began reads as ended, and the other way about.
    """
    return RulebookChanges(
        old.isoformat(),
        new.isoformat(),
        tuple(_rules(rulebook, old, new)),
        tuple(_tables(rulebook, old, new)),
        tuple(_crossings(rulebook, old, new)),
    )


def _rules(rulebook: Rulebook, old: date, new: date) -> Iterator[RuleChange]:
    for rule in rulebook.rules.values():
        days = tuple(_days_of(rule, old, new))
        if days:
            was, is_now = rule.is_in_force(old), rule.is_in_force(new)
            what = What.CAME_AND_WENT if was == is_now else What.BEGAN if is_now else What.ENDED
            asked_for = rule.authority is Authority.DEMAND
            yield RuleChange(
                rule.id, rule.program, rule.title, what, days=days, is_demand=asked_for
            )


def _days_of(rule: Rule, old: date, new: date) -> Iterator[tuple[date, What]]:
    """The days between at which the rule began or ended to be law, in the order of time."""
    for stretch in rule.in_force:
        for day, what in ((stretch.start, What.BEGAN), (stretch.end, What.ENDED)):
            if day is not None and _is_between(day, old, new):
                yield day, what


def _is_between(day: date, old: date, new: date) -> bool:
    """Whether a day is not yet reached on the earlier day, and is on the later one."""
    return min(old, new) < day <= max(old, new)


def _tables(rulebook: Rulebook, old: date, new: date) -> Iterator[TableChange]:
    for table in rulebook.tables.values():
        rows = tuple(_rows(table, old, new))
        if rows:
            yield TableChange(table.name, table.program, table.title, What.CHANGED, rows=rows)


def _rows(table: Table, old: date, new: date) -> Iterator[RowChange]:
    for row in table.rows:
        for column, value in row.values.items():
            if isinstance(value, datetime) or not isinstance(value, date):
                continue
            if _is_between(value, old, new):
                label = f"{row_label(row, table.key)} ({column})"
                yield RowChange(label, _what_of(column), day=value)


def _what_of(column: str) -> What:
    endings = {FROM: What.BEGAN, TO: What.ENDED}
    return next((w for end, w in endings.items() if column.endswith(end)), What.DATED)


def _crossings(rulebook: Rulebook, old: date, new: date) -> Iterator[Crossing]:
    """Comparisons of the screening's own date with a fixed one that come out otherwise."""
    for rule in rulebook.rules.values():
        for part in dict.fromkeys(walk(rule.condition)):
            if isinstance(part, Compare) and set(facts_read_here(part)) == {SCREENING_DATE}:
                before, after = (simplified(part, day) for day in (old, new))
                if before != after and isinstance(before, Known) and isinstance(after, Known):
                    told = (condition_text(c).lower() for c in (before, after))
                    yield Crossing(rule.id, rule.title, condition_text(part), *told)
