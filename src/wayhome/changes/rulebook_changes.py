"""Which rules and tables differ between two editions of the rulebook, and in what.

Conditions are compared by what they say, not by how they are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wayhome.changes.editions import Edition
from wayhome.law.conditions import Condition, Term, condition_text, term_text, value_text
from wayhome.law.history import History
from wayhome.law.rules import Rule
from wayhome.law.tables import Row, Table


class What(StrEnum):
    """What happened to a rule, a table or a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    BEGAN = "began"
    ENDED = "ended"
    CAME_AND_WENT = "came and went"
    DATED = "dated"


@dataclass(frozen=True)
class FieldChange:
    """A field and its text before and after; empty where it was not there."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RuleChange:
    """One rule. `days` are those on which it began or ended to be law, between two dates.

    A demand never is law: its first day is that on which a letter asked for it.
    """

    rule: str
    program: str
    title: str
    what: What
    fields: tuple[FieldChange, ...] = ()
    days: tuple[tuple[date, What], ...] = ()
    is_demand: bool = False


@dataclass(frozen=True)
class RowChange:
    """One row of a table, told by its key and its first word. `day`: when it began or ended."""

    row: str
    what: What
    fields: tuple[FieldChange, ...] = ()
    day: date | None = None


@dataclass(frozen=True)
class TableChange:
    """One table: its own fields, and its rows."""

    table: str
    program: str
    title: str
    what: What
    fields: tuple[FieldChange, ...] = ()
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True)
class Crossing:
    """A part of a rule that hangs on the date alone, and is otherwise on the other date."""

    rule: str
    title: str
    condition: str
    before: str
    after: str


@dataclass(frozen=True)
class RulebookChanges:
    """What differs between `old` and `new`; they are two editions, or two days of one."""

    old: str
    new: str
    rules: tuple[RuleChange, ...]
    tables: tuple[TableChange, ...]
    crossings: tuple[Crossing, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rules or self.tables or self.crossings)


def rulebook_changes(old: Edition, new: Edition) -> RulebookChanges:
    """Every rule, table and row that was added, removed or changed, in the new one's order."""
    return RulebookChanges(
        old.name,
        new.name,
        tuple(_rule_changes(old, new)),
        tuple(_table_changes(old.rulebook.tables, new.rulebook.tables)),
        notes=tuple(_notes(old, new)),
    )


def _notes(old: Edition, new: Edition) -> Iterator[str]:
    if old.own_vocabulary != new.own_vocabulary:
        shipped = new if old.own_vocabulary else old
        yield f"{shipped.name} is read with the vocabulary of facts that ships with this version."
    before, after = old.rulebook.vocabulary.facts, new.rulebook.vocabulary.facts
    for what, names in (("Facts added", after.keys() - before), ("removed", before.keys() - after)):
        if names:
            yield f"{what.capitalize()} to the vocabulary: {', '.join(sorted(names))}."


# --- rules ---------------------------------------------------------------------------------


def _rule_changes(old: Edition, new: Edition) -> Iterator[RuleChange]:
    before, after = old.rulebook.rules, new.rulebook.rules
    for name, rule in after.items():
        if name not in before:
            yield _whole(rule, What.ADDED, new)
            continue
        changed = fields_changed(_rule_texts(before[name], old), _rule_texts(rule, new))
        if changed:
            yield RuleChange(name, rule.program, rule.title, What.CHANGED, changed)
    for name, rule in before.items():
        if name not in after:
            yield _whole(rule, What.REMOVED, old)


def _whole(rule: Rule, what: What, edition: Edition) -> RuleChange:
    texts = _rule_texts(rule, edition)
    sides = ({}, texts) if what is What.ADDED else (texts, {})
    return RuleChange(rule.id, rule.program, rule.title, what, fields_changed(*sides))


def fields_changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The fields whose texts differ, in the order in which they stand."""
    names = dict.fromkeys((*before, *after))
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2])


# Where a rule stands and what it is called: no field of what it says.
_NOT_SAID = {"id", "file", "line"}


def _rule_texts(rule: Rule, edition: Edition) -> dict[str, str]:
    """Every field of a rule as text, its dates one by one, and its sentences."""
    texts: dict[str, str] = {}
    for field in fields(rule):
        value = getattr(rule, field.name)
        if field.name in _NOT_SAID:
            continue
        if isinstance(value, History):
            texts |= {f.name: shown(getattr(value, f.name)) for f in fields(value)}
        else:
            texts[field.name] = shown(value)
    words = edition.words.get(rule.id, {})
    return texts | {f"words: {key}": sentence for key, sentence in words.items()}


def shown(value: Any) -> str:
    """A field's value as a person would read it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(shown(part) for part in value)
        case _ if isinstance(value, Condition):
            return condition_text(value)
        case _ if isinstance(value, Term):
            return term_text(value)
        case _ if is_dataclass(value):
            named = ((f.name, shown(getattr(value, f.name))) for f in fields(value))
            return ", ".join(f"{name} {text}" for name, text in named if text)
        case _:
            return str(value)


# --- tables --------------------------------------------------------------------------------


def _table_changes(
    before: Mapping[str, Table], after: Mapping[str, Table]
) -> Iterator[TableChange]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        there = new or old
        assert there is not None
        what = What.CHANGED if old and new else What.ADDED if new else What.REMOVED
        changed = fields_changed(_table_texts(old), _table_texts(new)) if old and new else ()
        rows = tuple(_row_changes(old.rows if old else (), new.rows if new else (), there.key))
        if what is not What.CHANGED or changed or rows:
            yield TableChange(name, there.program, there.title, what, changed, rows)


def _table_texts(table: Table | None) -> dict[str, str]:
    if table is None:
        return {}
    columns = (f"{c.name} ({c.type})" for c in table.columns.values())
    return {"title": table.title, "key": table.key, "columns": "; ".join(columns)}


def _row_changes(before: Sequence[Row], after: Sequence[Row], key: str) -> Iterator[RowChange]:
    """Rows that are equal on both sides are left out; the others are paired by their key.

    Of several rows with one key those that differ least belong together.
    """
    old, new = list(before), list(after)
    for row in before:
        same = next((r for r in new if _row_texts(r) == _row_texts(row)), None)
        if same is not None:
            old.remove(row)
            new.remove(same)
    for row in new:
        candidates = [r for r in old if r.values.get(key) == row.values.get(key)]
        if not candidates:
            yield RowChange(row_label(row, key), What.ADDED, fields_changed({}, _row_texts(row)))
            continue
        nearest = min(candidates, key=lambda r: len(_row_difference(r, row)))
        old.remove(nearest)
        yield RowChange(row_label(row, key), What.CHANGED, _row_difference(nearest, row))
    for row in old:
        yield RowChange(row_label(row, key), What.REMOVED, fields_changed(_row_texts(row), {}))


def _row_difference(before: Row, after: Row) -> tuple[FieldChange, ...]:
    return fields_changed(_row_texts(before), _row_texts(after))


def _row_texts(row: Row) -> dict[str, str]:
    values = {name: "" if v is None else value_text(v) for name, v in row.values.items()}
    return values | {"confidence": row.confidence, "source": row.source, "check": row.check}


def row_label(row: Row, key: str) -> str:
    """A row by its key and the first of its words."""
    words = [v for name, v in row.values.items() if name != key and isinstance(v, str)]
    return ", ".join((shown(row.values.get(key)), *words[:1]))
