"""Screening a whole table of facts: block by block, in parallel, within a bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wayhome.engine.fact_tables import FactTable, FaultyFactTable
from wayhome.engine.graph import Graph
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes.counting import Group, GroupCounts
from wayhome.engine.planes.kept import KeptPlanes, PlanesFile
from wayhome.engine.planes.kept_groups import GroupCodes
from wayhome.engine.planes.outcome_file import OutcomeFile, outcome_schema
from wayhome.engine.planes.request import AskedUnit, Request
from wayhome.engine.planes.units import (
    OUTCOME_CODES,
    OutcomeUnit,
    RuleUnit,
    Unit,
    outcome_counts,
)
from wayhome.engine.planes.work import Block, Done, Work, blocks_of, worked_out
from wayhome.law.vocabulary import CASE_ID, did_you_mean, nearest_spelling


class Counts(NamedTuple):
    """How many cases a rule is true of, false of, and cannot be told of."""

    true: int
    false: int
    unknown: int


Outcomes = Mapping[str, Mapping[Outcome, int]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GroupOutcomes:
    """One group of cases: how many there are, and each program's outcomes among them.

    `rules` are the answers of the rules that were to be counted by group.
    """

    rows: int
    outcomes: Outcomes
    demands: Outcomes
    rules: Mapping[str, Counts] = field(default_factory=dict)


@dataclass(frozen=True)
class Screening:
    """What a rulebook says of a whole table on one date.

    `outcomes` rests on the law, `demands` on what the letters asked for. `groups` gives, for
    each column that was asked for, its words (or the years of its dates) with their outcomes;
    None is the group of the cases where it is not known.
    """

    as_of: date
    rows: int
    rules: Mapping[str, Counts]
    outcomes: Outcomes
    demands: Outcomes
    groups: Mapping[str, Mapping[Group, GroupOutcomes]] = field(default_factory=dict)


def screen(
    graph: Graph,
    table: FactTable,
    *,
    threads: int = 2,
    outcomes: bool = True,
    by: Sequence[str] = (),
    rules_by: Sequence[str] = (),
    out: Path | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Screens every case of a table.

    `outcomes`: count the outcomes of programs, and not only the answers of rules. `by`: columns
    of words or dates; outcomes are counted by word, or by year, as well. `rules_by`: rules in
    force that are counted by these columns too (with `outcomes=False`, instead of outcomes).
    `out`: a file (`.arrow`, or `.parquet`) of every case's answers and outcomes, put in place
    only when it is whole.
    `kept`: a folder in which planes are kept, and from which those of rules that have not
    changed are taken. `progress` is called with the cases done and all cases.

    Raises FaultyFactTable where the table has no such column or, with `kept`, lies in no file;
    OSError where a file cannot be written.
    """
    check_columns(table, by, needs_case_id=out is not None)
    blocks = blocks_of(table)
    outcomes_by = bool(by) and (outcomes or not rules_by)
    with ExitStack() as stack:
        keeper = None if kept is None else stack.enter_context(keeper_of(kept, table, blocks))
        request = Request.of(
            graph,
            table,
            keeper,
            outcomes=outcomes or outcomes_by,
            every_answer=out is not None,
            by=by,
            outcomes_by=outcomes_by,
            rules_by=rules_by if by else (),
        )
        counted_by = tuple(by) if request.by_group else ()
        tally = _Tally(request, counted_by)
        planes_file = file = None
        if out is not None:
            file = stack.enter_context(OutcomeFile(out, outcome_schema(table, request)))
        if keeper is not None and request.new_units:
            planes_file = stack.enter_context(PlanesFile(keeper, request.plan.answer_count))
        work = Work(
            table, request, counted_by, blocks, keeper, planes_file, writes_answers=file is not None
        )
        for done in worked_out(work, threads):
            tally.add(done)
            if file is not None:
                file.write(done.columns)
            if progress is not None:
                progress(tally.rows, table.rows)
        counts = request.counts(tally.answer_counts, table.rows)
        if planes_file is not None:
            planes_file.keep(request.kept_units(planes_file.name, counts))
        codes = _codes_by_group(by, request, tally, keeper)
    groups = {
        name: {group: _group_outcomes(request.grouped, rows) for group, rows in found.items()}
        for name, found in codes.items()
    }
    return _screening(graph.as_of, table.rows, counts, groups)


def _codes_by_group(
    by: Sequence[str], request: Request, tally: _Tally, keeper: KeptPlanes | None
) -> Mapping[str, GroupCodes]:
    """How many cases of each group have each code of each unit, counted now or kept before."""
    found = {name: counted.counts() for name, counted in tally.counted.items()}
    if keeper is None or not request.grouped:
        return found
    names = [asked.name for asked in request.grouped]
    if not found:
        return {name: keeper.groups.counts(name, names) for name in by}
    keeper.groups.keep(names, found)
    return found


def check_columns(table: FactTable, by: Sequence[str], *, needs_case_id: bool) -> None:
    schema = table.blocks.schema
    for name in (*by, *((CASE_ID,) if needs_case_id else ())):
        if name not in schema.names:
            near = nearest_spelling(name, schema.names)
            hint = did_you_mean(near)
            raise FaultyFactTable(f"The table has no column {name!r}.{hint}")
    for name in by:
        kind = schema.field(name).type
        if not pa.types.is_dictionary(kind) and not pa.types.is_date(kind):
            message = f"Cases are counted by words or by the year of a date; {name} is {kind}."
            raise FaultyFactTable(message)


def keeper_of(folder: Path, table: FactTable, blocks: Sequence[Block]) -> KeptPlanes:
    """The planes kept of a table, opened. Raises FaultyFactTable where it lies in no file."""
    if table.fingerprint is None:
        raise FaultyFactTable("Planes can be kept only of a table that lies in a file.")
    return KeptPlanes(folder, table.fingerprint, [block.words for block in blocks])


class _Tally:
    """The counts of the blocks so far."""

    def __init__(self, request: Request, by: Sequence[str]) -> None:
        self.request, self.rows = request, 0
        self.answer_counts: npt.NDArray[np.int64] = np.zeros(request.plan.answer_count, np.int64)
        self.counted = {name: GroupCounts(len(request.by_group)) for name in by}

    def add(self, done: Done) -> None:
        self.rows += done.rows
        self.answer_counts += done.answer_counts
        for name, (groups, histogram) in done.histograms.items():
            self.counted[name].add(groups, histogram)


def _group_outcomes(grouped: Sequence[AskedUnit], codes: npt.NDArray[np.int64]) -> GroupOutcomes:
    """One group, from how many of its cases have each code of each unit (a row a unit)."""
    outcomes: dict[bool, dict[str, Mapping[Outcome, int]]] = {False: {}, True: {}}
    rules: dict[str, Counts] = {}
    rows = codes.tolist()
    for asked, row in zip(grouped, rows, strict=True):
        match asked.unit:
            case OutcomeUnit(program, of_demands):
                outcomes[of_demands][program] = dict(zip(OUTCOME_CODES, row, strict=True))
            case RuleUnit(rule):
                # The low bit of a rule's code is its true plane, the high bit its false one.
                unknown, true, false, _ = row
                rules[rule] = Counts(true, false, unknown)
    return GroupOutcomes(sum(rows[0]), outcomes[False], outcomes[True], rules)


def _screening(
    as_of: date,
    rows: int,
    counts: Mapping[Unit, tuple[int, ...]],
    groups: Mapping[str, Mapping[Group, GroupOutcomes]],
) -> Screening:
    rules: dict[str, Counts] = {}
    outcomes: dict[bool, dict[str, Mapping[Outcome, int]]] = {False: {}, True: {}}
    for unit, found in counts.items():
        match unit:
            case RuleUnit(rule):
                true, false = found
                rules[rule] = Counts(true, false, rows - true - false)
            case OutcomeUnit(program, of_demands):
                outcomes[of_demands][program] = outcome_counts(found, rows)
    return Screening(as_of, rows, rules, outcomes[False], outcomes[True], groups)
