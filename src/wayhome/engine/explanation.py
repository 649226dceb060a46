"""Why a rule answers as it does for one case: every condition, its value and the facts it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wayhome.engine.plain import Reading
from wayhome.law.conditions import (
    TRUE,
    AllOf,
    AnyOf,
    AnyRow,
    ColumnTerm,
    Condition,
    InTable,
    Is,
    Not,
    RuleHolds,
    Shifted,
    Term,
    Within,
    condition_text,
    facts_read_here,
    parts_of,
    terms_of,
)
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.law.tables import FROM, THEN, TO, Row, Table
from wayhome.law.vocabulary import SCREENING_DATE, Value


@dataclass(frozen=True)
class Step:
    """One condition of the tree. `facts` are the facts that it read by itself; None is unknown."""

    text: str
    value: Truth
    facts: Mapping[str, Value]
    parts: tuple[Step, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """A rule's answer and the tree behind it. `answer` says nothing where `in_force` is false."""

    rule: Rule
    in_force: bool
    answer: Truth
    tree: Step


def explain(reading: Reading, rule: Rule) -> Explanation:
    """The explanation of one rule for one case."""
    in_force = rule.is_in_force(reading.as_of)
    answer = reading.answer(rule.id) if in_force else None
    return Explanation(rule, in_force, answer, _step(reading, rule.condition))


def _step(reading: Reading, condition: Condition) -> Step:
    match condition:
        case InTable():
            return _table_step(reading, condition)
        case RuleHolds(rule):
            return _rule_step(reading, condition, rule)
        case _:
            return Step(
                text=_heading(condition),
                value=reading.truth(condition),
                facts=_facts(reading, condition),
                parts=tuple(_step(reading, part) for part in _shown_parts(condition)),
            )


def _heading(condition: Condition) -> str:
    """What stands at a node: a whole condition is said by its parts, a leaf by its own words."""
    match condition:
        case AllOf():
            return "all of"
        case AnyOf():
            return "any of"
        case Not(part) if parts_of(part):
            return "not"
        case Is(part, value) if parts_of(part):
            return {True: "is true", False: "is false", None: "is not known"}[value]
        case _:
            return condition_text(condition)


def _shown_parts(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Not(part) | Is(part, _) if not parts_of(part) and not isinstance(part, RuleHolds):
            return ()
        case _:
            return parts_of(condition)


def _facts(reading: Reading, condition: Condition) -> dict[str, Value]:
    leaf = condition
    while isinstance(leaf, Not | Is) and not _shown_parts(leaf):
        leaf = leaf.part
    return {fact: _known(reading, fact) for fact in facts_read_here(leaf)}


def _known(reading: Reading, fact: str) -> Value:
    return reading.as_of if fact == SCREENING_DATE else reading.facts.get(fact)


def _rule_step(reading: Reading, condition: RuleHolds, rule_id: str) -> Step:
    rule = reading.rulebook.rules[rule_id]
    note = rule.title if rule.is_in_force(reading.as_of) else "not in force on this date"
    part = _step(reading, rule.condition)
    return Step(rule_id, reading.truth(condition), {}, (part,), note)


def _table_step(reading: Reading, condition: InTable) -> Step:
    """A table's rows that hold or may hold; the others only as a number."""
    table = reading.rulebook.tables[condition.table]
    rows = reading.rulebook.rows_of(condition)
    shown = tuple(_row_steps(reading, rows, condition.where, table))
    left_out = len(rows.parts) - len(shown)
    note = f"{left_out} of {len(rows.parts)} rows do not fit" if left_out else ""
    facts = {condition.fact: _known(reading, condition.fact)}
    return Step(condition_text(condition), reading.truth(condition), facts, shown, note)


# More rows than this that may still fit say nothing that one question would not say better.
_MOST_ROWS = 12


def _row_steps(reading: Reading, rows: AnyRow, where: Condition, table: Table) -> list[Step]:
    steps: list[Step] = []
    for number, part in zip(rows.rows, rows.parts, strict=True):
        value = reading.truth(part)
        if value is not False and len(steps) < _MOST_ROWS:
            row = table.rows[number]
            key, bound = parts_of(part)
            parts = (_step(reading, key), _bound_step(reading, where, bound, row))
            shown = parts if where != TRUE else parts[:1]
            steps.append(Step(row_label(table, row), value, {}, shown, _row_note(row)))
    return steps


def _bound_step(reading: Reading, written: Condition, bound: Condition, row: Row) -> Step:
    """A row's condition in the words of the rule, with what the row puts in for its columns."""
    value = reading.truth(bound)
    inside = parts_of(written)
    if inside and type(written) is type(bound):
        pairs = zip(inside, parts_of(bound), strict=True)
        parts = tuple(_bound_step(reading, w, b, row) for w, b in pairs)
        return Step(_heading(written), value, _facts(reading, written), parts)
    facts = _facts(reading, written)
    return Step(condition_text(written), value, facts, (), "; ".join(_columns_put_in(written, row)))


def _columns_put_in(written: Condition, row: Row) -> Iterator[str]:
    if isinstance(written, Within):
        start, end = row.values[written.range + FROM], row.values[written.range + TO]
        then = ", after that not known" if row.values.get(written.range + THEN) == "unknown" else ""
        yield f"{written.range}: from {start or 'a day not known'} to {end or 'now'}{then}"
        return
    for column in (c for term in terms_of(written) for c in _columns_of(term)):
        value = row.values[column]
        yield f"{column}: {'not known' if value is None else value}"


def _columns_of(term: Term) -> Iterator[str]:
    match term:
        case ColumnTerm(_, column, _):
            yield column
        case Shifted(inner, _, _):
            yield from _columns_of(inner)


def row_label(table: Table, row: Row) -> str:
    """A row in a line: its key and its first words."""
    words = [str(v) for name, v in row.values.items() if isinstance(v, str) and name != table.key]
    return ", ".join([str(row.values[table.key]), *words[:2]])


def _row_note(row: Row) -> str:
    note = f"source: {row.source}"
    return f"{note}; to be checked: {row.check}" if row.check else note
