"""Working out a plan for one block of cases after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from wayhome.engine.planes.algebra import Operation
from wayhome.engine.planes.columns import BlockColumns, Words
from wayhome.engine.planes.leaves import Kept
from wayhome.engine.planes.plan import Plan

Matrix = npt.NDArray[np.uint64]
ReadKept = Callable[[Kept], Words]

_EVERY_CASE = 1
_OPERATIONS: Mapping[Operation, Callable[..., Any]] = {
    Operation.AND: np.bitwise_and,
    Operation.OR: np.bitwise_or,
    Operation.WITHOUT: np.bitwise_xor,
    # Of a plane and the one that holds every case.
    Operation.NOT: np.bitwise_xor,
}


class Evaluator:
    """The registers of one thread, and the plan as calls on them.

    `turn`: threads follow the plan in turn, and read columns meanwhile. Its calls are so short
    that two threads at it would spend their time handing Python's lock to and fro.
    `keeps_answers`: the answers of a block are still wanted when the next block is begun.
    """

    def __init__(self, plan: Plan, turn: Lock, *, keeps_answers: bool) -> None:
        self.plan, self.turn, self.keeps_answers = plan, turn, keeps_answers
        self.calls = [
            (_OPERATIONS[op], left, _EVERY_CASE if op is Operation.NOT else right, into)
            for op, left, right, into in plan.instructions
        ]
        self._registers: list[Any] = []
        self._answers: Matrix = np.empty((0, 0), np.uint64)

    def answers(self, columns: BlockColumns, read_kept: ReadKept) -> Matrix:
        """The answers of a block, a row each. No bit is set behind the last case."""
        self._make_room(columns.words)
        registers = self._registers
        bits = columns.bits_of([leaf for leaf in self.plan.leaves if not isinstance(leaf, Kept)])
        for register, leaf in enumerate(self.plan.leaves, start=2):
            registers[register] = read_kept(leaf) if isinstance(leaf, Kept) else bits[leaf]
        with self.turn:
            for call, left, right, into in self.calls:
                call(registers[left], registers[right], registers[into])
        if columns.rows % 64:
            self._answers[:, -1] &= np.uint64((1 << columns.rows % 64) - 1)
        return self._answers

    def constant(self, plane: int) -> Words:
        """The words of one of the two constant planes, for the block last worked out."""
        constant: Words = self._registers[plane]
        return constant

    def _make_room(self, words: int) -> None:
        plan = self.plan
        first, last = plan.first_answer, plan.first_answer + plan.answer_count
        if not self._registers or self._registers[0].size != words:
            none = np.zeros(words, np.uint64)
            between = np.empty((plan.registers - last, words), np.uint64)
            self._registers = [none, ~none, *[None] * (last - 2), *between]
            self._answers = np.empty((plan.answer_count, words), np.uint64)
            self._registers[first:last] = self._answers
        elif self.keeps_answers:
            self._answers = np.empty((plan.answer_count, words), np.uint64)
            self._registers[first:last] = self._answers
