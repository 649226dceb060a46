"""Dated tables: decisions, designations, circuits. Law that is a list rather than a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from wayhome.law.conditions import (
    UNKNOWN,
    AllOf,
    AnyOf,
    AnyRow,
    ColumnTerm,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    InTable,
    Is,
    Literal,
    Not,
    OneOf,
    Shifted,
    Term,
    Within,
)
from wayhome.law.vocabulary import FactType, Value

FROM, TO, THEN = "_from", "_to", "_then"


@dataclass(frozen=True)
class Column:
    """One column of a table. `values` lists a category's allowed words."""

    name: str
    type: FactType
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row: its values by column, how sure it is, and what was looked at."""

    values: Mapping[str, Value]
    confidence: str
    source: str
    check: str = ""
    line: int = 0


@dataclass(frozen=True)
class Table:
    """A dated table. `key` is the column that `fact IN TABLE name` compares."""

    name: str
    title: str
    key: str
    columns: Mapping[str, Column]
    rows: tuple[Row, ...]
    program: str
    file: str

    @property
    def ranges(self) -> tuple[str, ...]:
        """The names that WITHIN may use: every pair of columns NAME_from, NAME_to."""
        starts = [c.removesuffix(FROM) for c in self.columns if c.endswith(FROM)]
        return tuple(name for name in starts if name + TO in self.columns)


def rows_written_out(condition: InTable, table: Table, key_type: FactType) -> AnyRow:
    """`fact IN TABLE t WHERE (...)` with every row's values in the place of its columns."""
    parts = tuple(
        AllOf((_key_matches(condition.fact, key_type, table, row), bind_row(condition.where, row)))
        for row in table.rows
    )
    return AnyRow(table.name, tuple(range(len(table.rows))), parts)


def _key_matches(fact: str, key_type: FactType, table: Table, row: Row) -> Condition:
    value = row.values[table.key]
    if value is None:
        return UNKNOWN
    return Compare(Comparison.EQUAL, FactTerm(fact, key_type), Literal(value, key_type))


def bind_row(condition: Condition, row: Row) -> Condition:
    """A condition with one row's values in the place of its columns."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(bind_row(p, row) for p in parts))
        case AnyOf(parts):
            return AnyOf(tuple(bind_row(p, row) for p in parts))
        case Not(part):
            return Not(bind_row(part, row))
        case Is(part, value):
            return Is(bind_row(part, row), value)
        case Compare(comparison, left, right):
            return Compare(comparison, _bind_term(left, row), _bind_term(right, row))
        case OneOf(term, values):
            return OneOf(_bind_term(term, row), values)
        case Within(moment, _, name):
            return _bind_range(_bind_term(moment, row), name, row)
        case _:
            return condition


def _bind_term(term: Term, row: Row) -> Term:
    match term:
        case ColumnTerm(_, column, kind):
            return Literal(row.values[column], kind)
        case Shifted(inner, _, _):
            return replace(term, term=_bind_term(inner, row))
        case _:
            return term


def _bind_range(moment: Term, name: str, row: Row) -> Condition:
    """On or after the start and before the end; past the end as the row's `_then` says.

    A start that is not given is unknown; an end that is not given has not come.
    """
    started = Compare(Comparison.AT_LEAST, moment, Literal(row.values[name + FROM], FactType.DATE))
    end = row.values[name + TO]
    if end is None:
        return started
    assert isinstance(end, date)
    running: Condition = Compare(Comparison.LESS, moment, Literal(end, FactType.DATE))
    if row.values.get(name + THEN) == "unknown":
        running = AnyOf((running, UNKNOWN))
    return AllOf((started, running))
