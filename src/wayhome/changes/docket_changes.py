"""The change list of a docket: both laws over the same blocks of cases, one block at a time.

Only what can differ is looked at: programs and rules whose conditions, once made plain for the
day, are not the same under both laws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    rules_of_outcome,
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
Answers = npt.NDArray[np.int8]

_ANSWERS = tuple(Answer)
_YES_AND_NO = _ANSWERS.index(Answer.YES), _ANSWERS.index(Answer.NO)
# So many answers beside the number of a case of a block fit into 64 bits.
_COLUMNS_A_KEY = 18
_NONE_FOUND = OUTCOME_CODES.index(Outcome.NONE_FOUND)
_OUTCOME_WORDS = pa.array([str(outcome) for outcome in OUTCOME_CODES])
_COLUMNS = {LAW: outcome_column, DEMANDS: demand_column}


# The groups, and the place of each case's own among them.
_Grouped = tuple[Sequence[Group], Numbers]


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
    graphs = [compile_graph(law.rulebook, law.day) for law in (old, new)]
    questions = list(_questions(old, new, *graphs))
    counts.cases = table.rows
    if not questions:
        return
    comparison = _Comparison(old, new, counts, columns, write)
    also = tuple(columns[name] for name in counts.grouped_by)
    streams = [
        case_answers(_only(graph, questions), table, also=also, threads=threads, kept=kept)
        for graph in graphs
    ]
    done = 0
    for before, after in zip(*streams, strict=True):
        comparison.block(before, after, questions)
        done += before.num_rows
        if progress is not None:
            progress(done, table.rows)
    comparison.finish()


def _only(graph: Graph, questions: Sequence[_Question]) -> Graph:
    """A graph that asks nothing but what these questions need."""
    programs = {question.program for question in questions}
    rules = {rule for question in questions for rule in question.rules}
    own = tuple(program for program in graph.programs if program in programs)
    return replace(
        graph,
        programs=own,
        rules={rule: node for rule, node in graph.rules.items() if rule in rules},
        outcomes={program: graph.outcomes[program] for program in own},
        demands={program: graph.demands[program] for program in own},
    )


def _questions(old: Law, new: Law, before: Graph, after: Graph) -> Iterator[_Question]:
    was, now = _contents(before), _contents(after)
    for program in programs_of((old, new)):
        for rests_on in (LAW, DEMANDS):
            column = _COLUMNS[rests_on](program)
            if was.get(column) != now.get(column):
                every = rules_of_outcome(old, new, program, demands=rests_on == DEMANDS)
                differ = (
                    r for r in every if was.get(r) != now.get(r) or changed_in_weight(old, new, r)
                )
                yield _Question(program, rests_on, tuple(differ))


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
        self.moves: dict[tuple[_Question, tuple[tuple[Group, ...], ...]], Numbers] = {}

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
        changed = Changed(
            question.program,
            question.rests_on,
            before.column(CASE_ID).take(places),
            pa.DictionaryArray.from_arrays(was.astype(np.int32), _OUTCOME_WORDS),
            pa.DictionaryArray.from_arrays(now.astype(np.int32), _OUTCOME_WORDS),
            self._whys(question, before, after, places),
        )
        groups = [_groups(before.column(name).take(places)) for name in self.columns]
        self._count_moves(question, groups, was, now)
        self.write(changed.batch())

    def _count_moves(
        self, question: _Question, groups: Sequence[_Grouped], was: Numbers, now: Numbers
    ) -> None:
        keys = was * len(OUTCOME_CODES) + now
        size = len(OUTCOME_CODES) ** 2
        for labels, places in groups:
            keys = keys * len(labels) + places
            size *= len(labels)
        counted = np.bincount(keys, minlength=size)
        name = question, tuple(tuple(labels) for labels, _ in groups)
        self.moves[name] = self.moves[name] + counted if name in self.moves else counted

    def finish(self) -> None:
        """Adds the moves of all blocks to the counts."""
        for (question, labels), counted in self.moves.items():
            shape = (len(OUTCOME_CODES), len(OUTCOME_CODES), *map(len, labels))
            found = counted.reshape(shape)
            for place in np.argwhere(found).tolist():
                outcomes = (OUTCOME_CODES[code] for code in place[:2])
                group = tuple(own[i] for own, i in zip(labels, place[2:], strict=True))
                move = Move(question.program, question.rests_on, *outcomes)
                self.counts.add(move, {group: int(found[tuple(place)])})

    def _whys(
        self, question: _Question, before: pa.RecordBatch, after: pa.RecordBatch, places: pa.Array
    ) -> pa.Array:
        """The rules whose answers changed, as text, worked out once for cases that are alike."""
        sides = ((self.old, before), (self.new, after))
        answers = [
            [self._answers(law, batch, rule, places) for law, batch in sides]
            for rule in question.rules
        ]
        alike, examples, numbers = _alike([side for pair in answers for side in pair], len(places))
        moved: Counter[RuleMove] = Counter()
        texts = []
        for example, number in zip(examples, numbers, strict=True):
            told = [[_ANSWERS[side[example]] for side in pair] for pair in answers]
            moves = list(self._moves(question, told))
            texts.append(why_text(moves))
            moved.update(dict.fromkeys(moves, number))
        self.counts.add_rules(question.program, question.rests_on, moved)
        return pa.DictionaryArray.from_arrays(alike, pa.array(texts, pa.string()))

    def _answers(self, law: Law, cases: pa.RecordBatch, rule: str, places: pa.Array) -> Answers:
        """The number of each case's answer, or of why there is none."""
        none = absence(law, rule)
        if none is not None:
            return np.full(len(places), _ANSWERS.index(none), np.int8)
        answers = cases.column(rule).take(places)
        codes = pc.if_else(answers, *(pa.scalar(n, pa.int8()) for n in _YES_AND_NO))
        numbers: Answers = codes.fill_null(_ANSWERS.index(Answer.UNKNOWN)).to_numpy()
        return numbers

    def _moves(self, question: _Question, told: Sequence[Sequence[Answer]]) -> Iterator[RuleMove]:
        for rule, (was, now) in zip(question.rules, told, strict=True):
            counts_otherwise = changed_in_weight(self.old, self.new, rule)
            if in_effect(was) is not in_effect(now) or counts_otherwise:
                title = title_of(self.old, self.new, rule)
                yield RuleMove(rule, title, was, now, reason(self.old, self.new, rule))


def _alike(answers: Sequence[Answers], rows: int) -> tuple[pa.Array, list[int], list[int]]:
    """Cases with equal answers to everything: a number for each case, and for each number one
    case as an example and how many there are.
    """
    alike = pa.array(np.zeros(rows, np.int32))
    for first in range(0, len(answers), _COLUMNS_A_KEY):
        keys = alike.to_numpy().astype(np.int64)
        for column in answers[first : first + _COLUMNS_A_KEY]:
            keys = keys * len(_ANSWERS) + column
        alike = pa.array(keys).dictionary_encode().indices
    numbers = alike.to_numpy()
    counts = np.bincount(numbers)
    examples = np.zeros(len(counts), np.int64)
    examples[numbers[::-1]] = np.arange(rows)[::-1]
    return alike, examples.tolist(), counts.tolist()


def _codes(batch: pa.RecordBatch, column: str) -> Numbers:
    """The code of each case's outcome; none found where the law has no such program."""
    if column not in batch.schema.names:
        return np.full(batch.num_rows, _NONE_FOUND, np.int64)
    codes: Numbers = batch.column(column).indices.to_numpy().astype(np.int64)
    return codes


def _groups(column: pa.Array) -> _Grouped:
    """The groups that cases belong to, and the place of each case's own; None is not known."""
    if pa.types.is_date(column.type):
        column = pc.year(column)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    labels = [*encoded.dictionary.to_pylist(), None]
    places: Numbers = encoded.indices.fill_null(len(labels) - 1).to_numpy().astype(np.int64)
    return labels, places
