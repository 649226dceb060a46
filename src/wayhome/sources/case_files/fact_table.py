"""Rows of people as the fact table that the engine screens (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from wayhome.law.vocabulary import CASE_ID, Fact, FactType, load_vocabulary
from wayhome.sources.case_files.case_file import CaseRow


def fact_table(rows: Sequence[CaseRow]) -> pa.Table:
    """One row a person in the order given: `case_id`, then every fact that any row knows.

    Null is "not known". A category's dictionary holds all words of the vocabulary in its order.
    A row's own screening date is not a column: law in force depends on it, so rows of different
    dates are screened apart.
    """
    known = set().union(*(row.facts for row in rows))
    columns = {CASE_ID: pa.array([row.case_id for row in rows], pa.string())}
    for fact in load_vocabulary():
        if fact.name in known:
            columns[fact.name] = ARRAYS[fact.type](fact, [row.facts.get(fact.name) for row in rows])
    return pa.table(columns)


def _category_array(fact: Fact, values: list[Any]) -> pa.Array:
    place = {word: index for index, word in enumerate(fact.values)}
    indices = pa.array([place.get(value) for value in values], pa.uint8())
    return pa.DictionaryArray.from_arrays(indices, pa.array(fact.values, pa.string()))


def _word_array(fact: Fact, values: list[Any]) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode()


def _array_of(kind: pa.DataType) -> Callable[[Fact, list[Any]], pa.Array]:
    return lambda fact, values: pa.array(values, kind)


ARRAYS: dict[FactType, Callable[[Fact, list[Any]], pa.Array]] = {
    FactType.BOOL: _array_of(pa.bool_()),
    FactType.INT: _array_of(pa.int32()),
    FactType.DATE: _array_of(pa.date32()),
    FactType.DATETIME: _array_of(pa.timestamp("s")),
    FactType.CATEGORY: _category_array,
    FactType.CODE: _word_array,
    FactType.TEXT: _word_array,
}
