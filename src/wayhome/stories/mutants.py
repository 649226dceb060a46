"""Every small way in which a rule or a table could come to say something else.

A mutant is a rulebook with one thing changed: a comparison flipped, a date moved by a day, a NOT
dropped or added, a branch dropped, AND and OR exchanged, a table row dropped, a date of being in
force moved by a day. A rule is protected when every mutant of it fails a story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from wayhome.law.conditions import (
    AllOf,
    AnyOf,
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
    condition_text,
    term_text,
    terms_of,
    value_text,
    walk,
)
from wayhome.law.history import History
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.tables import FROM, THEN, TO, Row, Table
from wayhome.law.vocabulary import SCREENING_DATE, Value

_DAY = timedelta(days=1)

# The comparisons that each could be mistaken for: its neighbour at the edge, and its opposite.
_MISTAKEN = {
    Comparison.EQUAL: (Comparison.NOT_EQUAL,),
    Comparison.NOT_EQUAL: (Comparison.EQUAL,),
    Comparison.LESS: (Comparison.AT_MOST, Comparison.AT_LEAST),
    Comparison.AT_MOST: (Comparison.LESS, Comparison.MORE),
    Comparison.MORE: (Comparison.AT_LEAST, Comparison.AT_MOST),
    Comparison.AT_LEAST: (Comparison.MORE, Comparison.LESS),
}


@dataclass(frozen=True)
class Mutant:
    """A changed rulebook. `rules` are those whose answer may change, `key` a changed row's key."""

    place: str
    change: str
    rulebook: Rulebook
    rules: frozenset[str]
    key: Value = None

    def __str__(self) -> str:
        return f"{self.place}: {self.change}"


def mutants_of_rule(rule: Rule, rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant of one rule."""
    touched = readers_of(frozenset({rule.id}), rulebook)
    for changed, change in _changed_rules(rule):
        rules = {**rulebook.rules, rule.id: changed}
        book = Rulebook(rulebook.vocabulary, rulebook.programs, rules, rulebook.tables)
        yield Mutant(rule.id, change, book, touched)


def mutants_of_table(table: Table, rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant of the rows of one table, of the columns that a rule reads."""
    readers = frozenset(
        rule.id
        for rule in rulebook.rules.values()
        if any(isinstance(c, InTable) and c.table == table.name for c in walk(rule.condition))
    )
    touched = readers_of(readers, rulebook)
    read = columns_read(table, rulebook)
    screened_on = _ranges_of_screening_days(table, rulebook)
    for number, row in enumerate(table.rows):
        name = f"table {table.name}, line {row.line} ({row.values[table.key]})"
        for changed, change in _changed_rows(row, table, read):
            day = _day_that_changed(row, changed, screened_on)
            if day is not None and not any(rulebook.rules[r].is_in_force(day) for r in readers):
                continue  # On this day none of the rules was law, so no answer can change.
            others = _neighbours_moved(table, row, changed)
            rows = (*others[:number], *changed, *others[number + 1 :])
            tables = {**rulebook.tables, table.name: replace(table, rows=rows)}
            book = Rulebook(rulebook.vocabulary, rulebook.programs, rulebook.rules, tables)
            yield Mutant(name, change, book, touched, row.values[table.key])


def readers_of(changed: frozenset[str], rulebook: Rulebook) -> frozenset[str]:
    """Some rules, and every rule that reads their answers, directly or not."""
    found = set(changed)
    while True:
        more = {
            rule.id
            for rule in rulebook.rules.values()
            if rule.id not in found
            and any(isinstance(c, RuleHolds) and c.rule in found for c in walk(rule.condition))
        }
        if not more:
            return frozenset(found)
        found |= more


def columns_read(table: Table, rulebook: Rulebook) -> frozenset[str]:
    """The columns of a table that some rule's condition reads."""
    found: set[str] = set()
    for rule in rulebook.rules.values():
        for condition in walk(rule.condition):
            if isinstance(condition, Within) and condition.table == table.name:
                found |= {condition.range + end for end in (FROM, TO, THEN)}
            found |= {c for term in terms_of(condition) for c in _columns_of(term, table.name)}
    return frozenset(found) & frozenset(table.columns)


def _ranges_of_screening_days(table: Table, rulebook: Rulebook) -> frozenset[str]:
    """The ranges of a table in which rules look for the day of the screening and for no other."""
    looked_for: dict[str, set[str | None]] = {}
    for rule in rulebook.rules.values():
        for condition in walk(rule.condition):
            if isinstance(condition, Within) and condition.table == table.name:
                moment = condition.moment
                fact = moment.fact if isinstance(moment, FactTerm) else None
                looked_for.setdefault(condition.range, set()).add(fact)
    return frozenset(name for name, facts in looked_for.items() if facts == {SCREENING_DATE})


def _day_that_changed(row: Row, changed: tuple[Row, ...], ranges: frozenset[str]) -> date | None:
    """The one day that a moved border of such a range takes in or leaves out, if one was moved."""
    for column in (name + end for name in sorted(ranges) for end in (FROM, TO)):
        old = row.values[column]
        new = changed[0].values[column] if changed else old
        if isinstance(old, date) and isinstance(new, date) and old != new:
            return min(old, new)
    return None


def _columns_of(term: Term, table: str) -> tuple[str, ...]:
    match term:
        case Shifted(inner, _, _):
            return _columns_of(inner, table)
        case ColumnTerm(read, column, _) if read == table:
            return (column,)
        case _:
            return ()


# --- a rule with one thing changed ---------------------------------------------------------


def _changed_rules(rule: Rule) -> Iterator[tuple[Rule, str]]:
    for condition, change in changed_conditions(rule.condition):
        yield replace(rule, condition=condition), change
    if rule.due is not None:
        for due, change in _changed_terms(rule.due):
            yield replace(rule, due=due), f"the date: {change}"
    for history, change in _changed_histories(rule.history):
        yield replace(rule, history=history), change


def _changed_histories(history: History) -> Iterator[tuple[History, str]]:
    for days in (-1, 1):
        moved = timedelta(days=days)
        says = "a day earlier" if days < 0 else "a day later"
        yield replace(history, effective=history.effective + moved), f"effective {says}"
        if history.ended is not None:
            yield replace(history, ended=history.ended + moved), f"ended {says}"
        for number, suspension in enumerate(history.suspended):
            changes = [(replace(suspension, start=suspension.start + moved), "suspended from")]
            if suspension.end is not None:
                changes.append((replace(suspension, end=suspension.end + moved), "suspended to"))
            for changed, what in changes:
                others = history.suspended
                listed = (*others[:number], changed, *others[number + 1 :])
                yield replace(history, suspended=listed), f"{what} {says}"


def changed_conditions(condition: Condition) -> Iterator[tuple[Condition, str]]:
    """A condition with one thing changed anywhere in it, and what was changed."""
    yield from _changed_here(condition)
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for number, part in enumerate(parts):
                for changed, change in changed_conditions(part):
                    rest = (*parts[:number], changed, *parts[number + 1 :])
                    yield replace(condition, parts=rest), change
        case Not(part):
            for changed, change in changed_conditions(part):
                # NOT added under NOT is NOT dropped, which is there already.
                if changed != Not(part):
                    yield Not(changed), change
        case Is(part, truth):
            for changed, change in changed_conditions(part):
                yield Is(changed, truth), change
        case InTable(_, _, where):
            for changed, change in changed_conditions(where):
                yield replace(condition, where=changed), change


def _changed_here(condition: Condition) -> Iterator[tuple[Condition, str]]:
    text = f"`{condition_text(condition)}`"
    match condition:
        case Holds() | IsKnown() | RuleHolds() | Within() | InTable():
            yield Not(condition), f"NOT added before {text}"
        case Not(part):
            yield part, f"NOT dropped from {text}"
        case AllOf(parts):
            yield AnyOf(parts), f"AND became OR in {text}"
            yield from _with_branches_dropped(condition, parts)
        case AnyOf(parts):
            yield AllOf(parts), f"OR became AND in {text}"
            yield from _with_branches_dropped(condition, parts)
        case Is(part, truth):
            yield _without_is(part, truth), f"IS dropped from {text}"
        case Compare(comparison, left, right):
            for other in _MISTAKEN[comparison]:
                yield replace(condition, comparison=other), f"{text} became `{other}`"
            for term, change in _changed_terms(left):
                yield replace(condition, left=term), f"in {text}: {change}"
            for term, change in _changed_terms(right):
                yield replace(condition, right=term), f"in {text}: {change}"
        case OneOf(_, values):
            yield Not(condition), f"NOT added before {text}"
            for value in values:
                rest = tuple(v for v in values if v != value)
                if rest:
                    dropped = f"{value_text(value)} dropped from {text}"
                    yield replace(condition, values=rest), dropped
    if isinstance(condition, InTable) and not isinstance(condition.where, Known):
        yield replace(condition, where=Known(True)), f"WHERE dropped from {text}"


def _with_branches_dropped(
    condition: AllOf | AnyOf, parts: tuple[Condition, ...]
) -> Iterator[tuple[Condition, str]]:
    for number, part in enumerate(parts):
        rest = (*parts[:number], *parts[number + 1 :])
        left = rest[0] if len(rest) == 1 else replace(condition, parts=rest)
        yield left, f"`{condition_text(part)}` dropped"


def _without_is(part: Condition, value: Truth) -> Condition:
    return Not(part) if value is False else part


def _changed_terms(term: Term) -> Iterator[tuple[Term, str]]:
    match term:
        case Literal(value, _):
            for changed in _moved(value):
                became = f"{value_text(value)} became {value_text(changed)}"
                yield replace(term, value=changed), became
        case Shifted(inner, count, unit):
            for step in (-1, 1):
                # Working time is counted forward only.
                is_backward = unit.is_working_time and count + step < 0
                changed_term = inner if is_backward else replace(term, count=count + step)
                yield changed_term, f"`{term_text(term)}` became `{term_text(changed_term)}`"
            for changed_inner, change in _changed_terms(inner):
                yield replace(term, term=changed_inner), change


def _moved(value: Value) -> tuple[Value, ...]:
    """A date a day earlier and later, a number one less and more."""
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, datetime | date):
        return (value - _DAY, value + _DAY)
    return (value - 1, value + 1) if isinstance(value, int) else ()


# --- a row with one thing changed ----------------------------------------------------------


def _changed_rows(
    row: Row, table: Table, read: frozenset[str]
) -> Iterator[tuple[tuple[Row, ...], str]]:
    yield (), "row dropped"
    for column in table.columns:
        if column not in read:
            continue
        for changed in _changed_cells(column, row.values):
            became = f"{column}: {value_text(row.values[column])} became {value_text(changed)}"
            yield (replace(row, values={**row.values, column: changed}),), became


def _neighbours_moved(table: Table, row: Row, changed: tuple[Row, ...]) -> tuple[Row, ...]:
    """The table's rows, where a changed row grew into a neighbour that ends or begins there.

    The day on which one row of a key ends and the next begins is one date that is written twice.
    Moved in one of them only, it leaves a gap, or lets both run for a day; a day that a longer
    designation shares with the shorter one before it changes nobody's answer. So a row that grows
    takes the day from its neighbour, and a row that shrinks leaves a gap.
    """
    if not changed:
        return table.rows
    rows = table.rows
    for name in table.ranges:
        for mine, theirs, days in ((name + TO, name + FROM, 1), (name + FROM, name + TO, -1)):
            old, new = row.values[mine], changed[0].values[mine]
            if isinstance(old, date) and new == old + days * _DAY:
                rows = tuple(_with_border(r, table.key, row, theirs, old, new) for r in rows)
    return rows


def _with_border(other: Row, key: str, row: Row, column: str, old: date, new: Value) -> Row:
    touches = other.values[key] == row.values[key] and other.values[column] == old
    return replace(other, values={**other.values, column: new}) if touches else other


def _changed_cells(column: str, values: Mapping[str, Value]) -> tuple[Value, ...]:
    value = values[column]
    if isinstance(value, bool):
        return (not value,)
    if column.endswith(THEN):
        ends = values.get(column.removesuffix(THEN) + TO) is not None
        return (None,) if value == "unknown" and ends else ()
    return _moved(value)
