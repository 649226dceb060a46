"""The change list of a docket: both laws over the same blocks of cases, one block at a time.

Only what can differ is looked at: programs and rules whose conditions, once made plain for the
day, are not the same under both laws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wayhome.changes.change_list import (
    DEMANDS,
    LAW,
    ChangeCounts,
    Changed,
    Move,
    RuleMove,
    Write,
    in_effect,
    why_text,
)
from wayhome.changes.reasons import (
    Answer,
    Law,
    absence,
    changed_in_weight,
    programs_of,
    reason,
    rules_of_program,
    title_of,
)
from wayhome.engine.fact_tables import FactTable
from wayhome.engine.graph import Graph, compile_graph
from wayhome.engine.outcome_columns import demand_column, outcome_column
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes import case_answers
from wayhome.engine.planes.counting import Group
from wayhome.engine.planes.units import OUTCOME_CODES, OutcomeUnit, RuleUnit, names_of, units_of
from wayhome.law.vocabulary import CASE_ID

Numbers = npt.NDArray[np.int64]

_ANSWERS = tuple(Answer)
_NONE_FOUND = OUTCOME_CODES.index(Outcome.NONE_FOUND)
_OUTCOME_WORDS = pa.array([str(outcome) for outcome in OUTCOME_CODES])
_COLUMNS = {LAW: outcome_column, DEMANDS: demand_column}


@dataclass(frozen=True)
class _Question:
    """One program's outcome that may differ, and its rules that may answer otherwise."""

    program: str
    rests_on: str
    rules: tuple[str, ...]


def changes_of_docket(
    old: Law,
    new: Law,
    table: FactTable,
    counts: ChangeCounts,
    columns: Mapping[str, str],
    write: Write,
    *,
    threads: int = 2,
    kept: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Compares every docket case, counts what changed and writes it, block by block.

    `columns`: the column of the table behind each of the groups that `counts` is grouped by.
    `kept`: planes that earlier screenings kept, which are read. Raises FaultyFactTable, and
    NoLawInForce where nothing of a law was in force yet.
    """
    graphs = [_compiled(law) for law in (old, new)]
    questions = list(_questions(old, new, *graphs))
    counts.cases = table.rows
    if not questions:
        return
    programs = list(dict.fromkeys(question.program for question in questions))
    comparison = _Comparison(old, new, counts, columns, write)
    also = tuple(columns[name] for name in counts.grouped_by)
    streams = [
        case_answers(_compiled(law, programs), table, also=also, threads=threads, kept=kept)
        for law in (old, new)
    ]
    done = 0
    for before, after in zip(*streams, strict=True):
        comparison.block(before, after, questions)
        done += before.num_rows
        if progress is not None:
            progress(done, table.rows)


def _compiled(law: Law, programs: Sequence[str] | None = None) -> Graph:
    """The law of its day, of the programs that it has."""
    own = law.rulebook.programs
    return compile_graph(law.rulebook, law.day, [p for p in programs or own if p in own])


def _questions(old: Law, new: Law, before: Graph, after: Graph) -> Iterator[_Question]:
    was, now = _contents(before), _contents(after)
    for program in programs_of((old, new)):
        rules = [r for r in rules_of_program(old, new, program) if was.get(r) != now.get(r)]
        rules += [r for r in rules_of_program(old, new, program) if changed_in_weight(old, new, r)]
        for rests_on in (LAW, DEMANDS):
            column = _COLUMNS[rests_on](program)
            if was.get(column) != now.get(column):
                yield _Question(program, rests_on, tuple(dict.fromkeys(rules)))


def _contents(graph: Graph) -> dict[str, str]:
    """The name of the content behind each rule and outcome: where it is equal, so are answers."""
    named = names_of(graph, list(units_of(graph, outcomes=True)))
    contents = {}
    for unit, name in named.items():
        match unit:
            case RuleUnit(rule):
                contents[rule] = name
            case OutcomeUnit():
                contents[unit.column] = name
    return contents


class _Comparison:
    """Two laws over one table, as far as its blocks have been compared."""

    def __init__(
        self,
        old: Law,
        new: Law,
        counts: ChangeCounts,
        columns: Mapping[str, str],
        write: Write,
    ) -> None:
        self.old, self.new, self.counts, self.write = old, new, counts, write
        self.columns = [columns[name] for name in counts.grouped_by]

    def block(
        self, before: pa.RecordBatch, after: pa.RecordBatch, questions: Sequence[_Question]
    ) -> None:
        changed = np.zeros(before.num_rows, np.bool_)
        for question in questions:
            column = _COLUMNS[question.rests_on](question.program)
            was, now = (_codes(batch, column) for batch in (before, after))
            differs = was != now
            if differs.any():
                changed |= differs
                cases = np.flatnonzero(differs)
                self.question(question, before, after, cases, was[cases], now[cases])
        self.counts.changed_cases += int(changed.sum())

    def question(
        self,
        question: _Question,
        before: pa.RecordBatch,
        after: pa.RecordBatch,
        cases: Numbers,
        was: Numbers,
        now: Numbers,
    ) -> None:
        """Counts and writes the cases of a block whose outcome of one program changed."""
        places = pa.array(cases)
        self._count_moves(question, before.take(places), was, now)
        changed = Changed(
            question.program,
            question.rests_on,
            before.column(CASE_ID).take(places),
            _OUTCOME_WORDS.take(pa.array(was)),
            _OUTCOME_WORDS.take(pa.array(now)),
            self._whys(question, before.take(places), after.take(places)),
        )
        self.write(changed.batch())

    def _count_moves(
        self, question: _Question, cases: pa.RecordBatch, was: Numbers, now: Numbers
    ) -> None:
        keys = was * len(OUTCOME_CODES) + now
        groups = [_groups(cases.column(name)) for name in self.columns]
        for labels, places in groups:
            keys = keys * len(labels) + places
        for key, number in zip(
            *(a.tolist() for a in np.unique(keys, return_counts=True)), strict=True
        ):
            left, found = key, []
            for labels, _ in reversed(groups):
                left, place = divmod(left, len(labels))
                found.append(labels[place])
            codes = divmod(left, len(OUTCOME_CODES))
            outcomes = (OUTCOME_CODES[code] for code in codes)
            move = Move(question.program, question.rests_on, *outcomes)
            self.counts.add(move, {tuple(reversed(found)): number})

    def _whys(self, question: _Question, before: pa.RecordBatch, after: pa.RecordBatch) -> pa.Array:
        """The rules whose answers changed, as text, worked out once for cases that are alike."""
        rows = before.num_rows
        patterns = np.zeros((rows, 2 * len(question.rules)), np.uint8)
        for place, rule in enumerate(question.rules):
            patterns[:, 2 * place] = self._answers(self.old, before, rule)
            patterns[:, 2 * place + 1] = self._answers(self.new, after, rule)
        alike, place_of, numbers = np.unique(
            patterns, axis=0, return_inverse=True, return_counts=True
        )
        moved: Counter[RuleMove] = Counter()
        texts = []
        for pattern, number in zip(alike.tolist(), numbers.tolist(), strict=True):
            moves = list(self._moves(question, pattern))
            texts.append(why_text(moves))
            moved.update(dict.fromkeys(moves, number))
        self.counts.add_rules(question.program, question.rests_on, moved)
        return pa.array(texts, pa.string()).take(pa.array(place_of.reshape(rows)))

    def _answers(self, law: Law, cases: pa.RecordBatch, rule: str) -> npt.NDArray[np.uint8] | int:
        """The number of each case's answer, or of why there is none."""
        none = absence(law, rule)
        if none is not None:
            return _ANSWERS.index(none)
        answers = cases.column(rule)
        codes = pc.if_else(answers, _ANSWERS.index(Answer.YES), _ANSWERS.index(Answer.NO))
        unknown = _ANSWERS.index(Answer.UNKNOWN)
        numbers: npt.NDArray[np.uint8] = codes.fill_null(unknown).to_numpy().astype(np.uint8)
        return numbers

    def _moves(self, question: _Question, pattern: Sequence[int]) -> Iterator[RuleMove]:
        for place, rule in enumerate(question.rules):
            was, now = _ANSWERS[pattern[2 * place]], _ANSWERS[pattern[2 * place + 1]]
            counts_otherwise = changed_in_weight(self.old, self.new, rule)
            if in_effect(was) is not in_effect(now) or counts_otherwise:
                title = title_of(self.old, self.new, rule)
                yield RuleMove(rule, title, was, now, reason(self.old, self.new, rule))


def _codes(batch: pa.RecordBatch, column: str) -> Numbers:
    """The code of each case's outcome; none found where the law has no such program."""
    if column not in batch.schema.names:
        return np.full(batch.num_rows, _NONE_FOUND, np.int64)
    codes: Numbers = batch.column(column).indices.to_numpy().astype(np.int64)
    return codes


def _groups(column: pa.Array) -> tuple[Sequence[Group], Numbers]:
    """The groups that cases belong to, and the place of each case's own; None is not known."""
    if pa.types.is_date(column.type):
        column = pc.year(column)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    labels = [*encoded.dictionary.to_pylist(), None]
    places: Numbers = encoded.indices.fill_null(len(labels) - 1).to_numpy().astype(np.int64)
    return labels, places
