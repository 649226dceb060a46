"""Counts of a docket for everybody: pending cases, orders in absence, disparities.

No case leaves this file. Each table below is one question: every case of a group is in exactly one
of its answers, and groups that are too small are counted together (report/suppression.py), so that
no small number is shown, nor one that can be worked out from those that are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wayhome.report.suppression import kept_apart
from wayhome.sources.eoir.store import DocketStore

NOT_KNOWN = "not known"
DIMENSIONS = ("court", "year", "nationality", "represented")

# What each case is counted by. The year is that of the charging document, which begins a case.
_COLUMNS = {
    "court": "court",
    "year": "nta_date",
    "nationality": "country_of_citizenship",
    "represented": "represented",
}
GROUP = "group"
_FACTS = ("case_pending", "detained", "order_outcome", "ordered_in_absentia")
_GRANTED = ("relief", "withholding")
_ORDERED = ("removal", "voluntary_departure")

Case = Mapping[str, Any]
Cells = tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """One question of the docket.

    `answer` gives the number of a case's answer: 0 is what is counted, 1 the rest of the
    denominator, 2 what another table lets be worked out; None where the docket does not tell.
    `divided_by`: by which dimensions it is counted.
    """

    measure: str
    denominator_is: str
    answers: int
    answer: Callable[[Case], int | None]
    divided_by: tuple[str, ...]


def _pending(case: Case) -> int | None:
    return _YES_NO[case["case_pending"]]


def _in_absentia(case: Case) -> int | None:
    if case["case_pending"] is not False or case["order_outcome"] is None:
        return None
    return _YES_NO[case["ordered_in_absentia"]]


def _detained(case: Case) -> int | None:
    return _YES_NO[case["detained"]] if case["case_pending"] else None


def _granted(case: Case) -> int | None:
    if case["case_pending"] is not False or case["order_outcome"] is None:
        return None
    if case["order_outcome"] in _GRANTED:
        return 0
    return 1 if case["order_outcome"] in _ORDERED else 2


_YES_NO = {True: 0, False: 1, None: None}
_GROUPS = ("nationality", "court", "represented")
IN_ABSENTIA = "closed cases of which the outcome is known, and whether the person was there"
COUNTS = (
    Question("pending", "cases of which it is known", 2, _pending, DIMENSIONS),
    Question("in_absentia", IN_ABSENTIA, 2, _in_absentia, DIMENSIONS),
)
DISPARITIES = (
    Question("detained", "pending cases of which custody is known", 2, _detained, _GROUPS),
    Question("in_absentia", IN_ABSENTIA, 2, _in_absentia, _GROUPS),
    Question(
        "granted",
        "closed cases that ended with relief, protection, removal or voluntary departure",
        3,
        _granted,
        _GROUPS,
    ),
)


def count_docket(store: DocketStore, source: str) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of `docket_counts` and `docket_disparities`; `source`: its id in sources.csv."""
    sorts = _sorts_of_cases(store)
    return {
        "docket_counts": [row for q in COUNTS for row in _counts(q, sorts, source)],
        "docket_disparities": [row for q in DISPARITIES for row in _disparities(q, sorts, source)],
    }


Sorts = Mapping[str, Sequence[tuple[Case, int]]]


def _sorts_of_cases(store: DocketStore) -> Sorts:
    """By dimension: cases that are alike in it and in all that is asked, and how many they are."""
    counted: dict[str, Counter[tuple[Any, ...]]] = {name: Counter() for name in _COLUMNS}
    with pa.memory_map(str(store.cases_path)) as file:
        reader = pa.ipc.open_file(file)
        for number in range(reader.num_record_batches):
            block = _plain(reader.get_batch(number))
            for dimension, column in _COLUMNS.items():
                asked = [column, *_FACTS]
                grouped = block.group_by(asked, use_threads=False).aggregate([([], "count_all")])
                for row in grouped.to_pylist():
                    counted[dimension][tuple(row[name] for name in asked)] += row["count_all"]
    return {
        dimension: [
            (dict(zip((GROUP, *_FACTS), sort, strict=True)), number)
            for sort, number in sorts.items()
        ]
        for dimension, sorts in counted.items()
    }


def _plain(block: pa.RecordBatch) -> pa.Table:
    """What is asked of a block of cases: a day by its year, a code by its word, all else null."""
    rows = block.num_rows
    return pa.table(
        {
            name: _plain_column(block.column(name))
            if name in block.schema.names
            else pa.nulls(rows, pa.bool_())
            for name in (*_COLUMNS.values(), *_FACTS)
        }
    )


def _plain_column(column: pa.Array) -> pa.Array:
    if pa.types.is_date(column.type):
        return pc.year(column)
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def _cells(question: Question, dimension: str, sorts: Sorts) -> dict[str, Cells]:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * question.answers)
    for case, number in sorts[dimension]:
        answer = question.answer(case)
        if answer is not None:
            found[_group(dimension, case[GROUP])][answer] += number
    return {group: tuple(cells) for group, cells in found.items()}


def _group(dimension: str, value: object) -> str:
    """The key of a group. No record of a lawyer is not the same as none."""
    if value is None:
        return NOT_KNOWN
    if dimension == "represented":
        return "yes" if value else "no"
    return str(value)


def _counts(question: Question, sorts: Sorts, source: str) -> Iterator[dict[str, Any]]:
    """The question over all cases, and by each dimension."""
    whole = tuple(map(sum, zip(*_cells(question, "court", sorts).values(), strict=True)))
    if whole and kept_apart({"all": whole}):
        told = _counted(question, whole, source)
        yield {"measure": question.measure, "by": None, "group": None, **told}
    for dimension in question.divided_by:
        for group, told in _told(question, dimension, sorts, source):
            yield {"measure": question.measure, "by": dimension, "group": group, **told}


def _disparities(question: Question, sorts: Sorts, source: str) -> Iterator[dict[str, Any]]:
    for dimension in question.divided_by:
        for group, told in _told(question, dimension, sorts, source):
            yield {"measure": question.measure, "by": dimension, "group": group, **told}


def _told(
    question: Question, dimension: str, sorts: Sorts, source: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each group that may be shown with its numbers, and those that may not without."""
    cells = _cells(question, dimension, sorts)
    for group, own in shown(cells):
        yield group, _counted(question, own, source)


def shown(cells: Mapping[str, Cells]) -> Iterator[tuple[str, Cells | None]]:
    """The groups as they are shown; a group that is counted under "all other" comes with None."""
    under = kept_apart(cells)
    if under is None:
        return
    together: dict[str, list[int]] = {}
    for group, own in sorted(cells.items()):
        kept = together.setdefault(under[group], [0] * len(own))
        kept[:] = [a + b for a, b in zip(kept, own, strict=True)]
        if under[group] != group:
            yield group, None
    for group, summed in sorted(together.items()):
        yield group, tuple(summed)


def _counted(question: Question, cells: Cells | None, source: str) -> dict[str, Any]:
    told = {"denominator_is": question.denominator_is, "source": source}
    if cells is None:
        return {**told, "suppressed": True}
    count, of = cells[0], cells[0] + cells[1]
    low, high = interval(count, of)
    share = count / of if of else None
    numbers = {"count": count, "denominator": of, "share": share, "low": low, "high": high}
    return {**told, **numbers, "suppressed": False}


def interval(count: int, of: int) -> tuple[float | None, float | None]:
    """The 95% interval of a share (Wilson's score interval, statsmodels); None of nothing."""
    if not of:
        return None, None
    # Two seconds to import: only for those who count.
    from statsmodels.stats import proportion  # type: ignore[import-untyped]  # noqa: PLC0415

    low, high = proportion.proportion_confint(count, of, alpha=0.05, method="wilson")
    return float(low), float(high)
