"""The blocks of a table, each worked out by one thread, and handed on in their order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wayhome.engine.fact_tables import BLOCK_ROWS, FactTable
from wayhome.engine.planes.columns import BlockColumns, Dictionaries, Words, words_for
from wayhome.engine.planes.counting import (
    OUTCOMES_A_BYTE,
    Group,
    Histogram,
    bytes_of_cases,
    count_bits,
    groups_of,
    histogram_of,
)
from wayhome.engine.planes.evaluation import Evaluator, Matrix
from wayhome.engine.planes.kept import KeptPlanes, PlanesFile
from wayhome.engine.planes.leaves import Kept
from wayhome.engine.planes.outcome_file import answers_column, outcomes_column
from wayhome.engine.planes.request import Request
from wayhome.law.vocabulary import CASE_ID


@dataclass(frozen=True)
class Block:
    """Cases worked out at once: some rows of one of the pieces in which the table is read."""

    number: int
    piece: int
    start: int
    rows: int

    @property
    def words(self) -> int:
        return words_for(self.rows)


def blocks_of(table: FactTable) -> list[Block]:
    """Every block of a table, in the order of its cases."""
    places = [
        (piece, start, min(BLOCK_ROWS, rows - start))
        for piece, rows in enumerate(table.blocks.sizes)
        for start in range(0, rows, BLOCK_ROWS)
    ]
    return [Block(number, *place) for number, place in enumerate(places)]


@dataclass(frozen=True)
class Done:
    """What was worked out of a block.

    `answer_counts`: cases in each answer. `histograms`: by column, its groups and their counts.
    `columns`: of the outcome file, where there is one.
    """

    rows: int
    answer_counts: npt.NDArray[np.int64]
    histograms: Mapping[str, tuple[tuple[Group, ...], Histogram]]
    columns: Sequence[pa.Array]


@dataclass
class Work:
    """One screening as its threads see it. `also` are columns to be handed on with the answers."""

    table: FactTable
    request: Request
    by: Sequence[str]
    blocks: Sequence[Block]
    keeper: KeptPlanes | None
    planes_file: PlanesFile | None
    writes_answers: bool
    also: Sequence[str] = ()
    dictionaries: Dictionaries = field(default_factory=Dictionaries)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def columns(self) -> list[str]:
        """The columns that have to be read."""
        case_id = (CASE_ID,) if self.writes_answers else ()
        return sorted({*self.request.facts, *self.by, *self.also, *case_id})

    @property
    def is_needed(self) -> bool:
        """Whether any block has to be looked at: not where every answer was kept."""
        return bool(self.request.plan.answer_count or self.by or self.writes_answers)


def worked_out(work: Work, threads: int) -> Iterator[Done]:
    """Every block worked out, in order. At most a few blocks a thread are in memory at once."""
    if not work.is_needed:
        return
    pieces = [list(blocks) for _, blocks in groupby(work.blocks, key=lambda b: b.piece)]
    workers = threading.local()

    def do(blocks: Sequence[Block]) -> list[Done]:
        if not hasattr(workers, "own"):
            workers.own = _Worker(work)
        own: _Worker = workers.own
        return own.piece(blocks)

    if threads == 1:
        for piece in pieces:
            yield from do(piece)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[list[Done]]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(do, piece))
                if len(waiting) > 2 * threads:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _rows_of(block: Block, read: Mapping[str, pa.Array]) -> Mapping[str, pa.Array]:
    """A block's rows of the piece it lies in."""
    if all(len(array) == block.rows for array in read.values()):
        return read
    return {name: array.slice(block.start, block.rows) for name, array in read.items()}


class _Worker:
    """One thread's part of the work."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.evaluator = Evaluator(work.request.plan, work.turn, keeps_answers=work.writes_answers)

    def piece(self, blocks: Sequence[Block]) -> list[Done]:
        """The blocks of one piece of the table, which is read once."""
        read = self.work.table.blocks.read(blocks[0].piece, self.work.columns)
        return [self._block(block, read) for block in blocks]

    def _block(self, block: Block, read: Mapping[str, pa.Array]) -> Done:
        columns = BlockColumns(_rows_of(block, read), block.rows, self.work.dictionaries)
        answers = self.evaluator.answers(columns, lambda leaf: self._kept(leaf, block))
        if self.work.planes_file is not None:
            self.work.planes_file.write(block.number, answers)
        return Done(
            rows=block.rows,
            answer_counts=count_bits(answers),
            histograms=self._histograms(columns, answers),
            columns=self._file_columns(columns, answers) if self.work.writes_answers else (),
        )

    def _kept(self, leaf: Kept, block: Block) -> Words:
        assert self.work.keeper is not None
        return self.work.keeper.read(leaf, block.number)

    def _plane(self, plane: int, answers: Matrix) -> Words:
        """A wanted plane of the block last worked out."""
        row = self.work.request.plan.row(plane)
        return self.evaluator.constant(plane) if row is None else answers[row]

    def _histograms(
        self, columns: BlockColumns, answers: Matrix
    ) -> dict[str, tuple[tuple[Group, ...], Histogram]]:
        if not self.work.by:
            return {}
        pairs = self.work.request.by_group.values()
        bits = [self._plane(plane, answers) for pair in pairs for plane in pair]
        step = 2 * OUTCOMES_A_BYTE
        grouped = (bits[i : i + step] for i in range(0, len(bits), step))
        outcomes = [bytes_of_cases(planes, columns.rows) for planes in grouped]
        found = {}
        for name in self.work.by:
            groups, places = groups_of(columns, name)
            found[name] = (groups, histogram_of(outcomes, places, len(groups)))
        return found

    def _file_columns(self, columns: BlockColumns, answers: Matrix) -> list[pa.Array]:
        rows, request = columns.rows, self.work.request
        made = [columns.columns[CASE_ID]]
        for pair in request.answers.values():
            true, known = (self._plane(plane, answers) for plane in pair)
            made.append(answers_column(true, known, rows))
        for bits in request.codes.values():
            low, high = (self._plane(plane, answers) for plane in bits)
            made.append(outcomes_column(low, high, rows))
        return made + [columns.columns[name] for name in self.work.also]
