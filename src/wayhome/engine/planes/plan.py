"""The order in which planes are worked out for a block of cases, and where each is put.

A plan is made once a screening. Only planes that some answer hangs on are in it, and the room of
one that is not needed any more is used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from wayhome.engine.planes.algebra import EVERYWHERE, NOWHERE, Algebra, Operation
from wayhome.engine.planes.leaves import Leaf


class Instruction(NamedTuple):
    """One word-wide operation on registers. `NOT` reads only `left`."""

    operation: Operation
    left: int
    right: int
    into: int


@dataclass(frozen=True)
class Plan:
    """How to work out the answers of a block.

    Registers: 0 holds no case and 1 every case; then one a leaf, in the order of `leaves`; then
    `answer_count` of them the answers, the first of them `first_answer`; then room for what
    lies between. `answers` gives the register of each plane that was asked for: one of the
    first two, or an answer's.
    """

    leaves: tuple[Leaf, ...]
    instructions: tuple[Instruction, ...]
    answers: Mapping[int, int]
    registers: int

    @property
    def first_answer(self) -> int:
        return 2 + len(self.leaves)

    @property
    def answer_count(self) -> int:
        return len(set(self.answers.values()) - {0, 1})

    def row(self, plane: int) -> int | None:
        """Which answer a plane is, counted from 0; None for the two that are constant."""
        register = self.answers[plane]
        return register - self.first_answer if register > 1 else None


def plan_for(algebra: Algebra, wanted: Iterable[int]) -> Plan:
    """The plan that works out the wanted planes."""
    asked = tuple(dict.fromkeys(wanted))
    order = _needed(algebra, asked)
    leaves = [p for p in order if algebra.planes[p].operation is Operation.LEAF]
    made = [p for p in order if algebra.planes[p].operation is not Operation.LEAF]
    place = {NOWHERE: 0, EVERYWHERE: 1}
    place |= {plane: 2 + i for i, plane in enumerate(leaves)}
    answered = [p for p in asked if p not in (NOWHERE, EVERYWHERE)]
    answers = {plane: len(place) + i for i, plane in enumerate(answered)}
    copies = [
        Instruction(Operation.OR, place[p], place[p], answers[p]) for p in answered if p in place
    ]
    rooms = _Rooms(algebra, made, {**answers, **place}, len(place) + len(answers))
    return Plan(
        leaves=tuple(leaf for p in leaves if (leaf := algebra.planes[p].leaf) is not None),
        instructions=(*rooms.instructions(), *copies),
        answers={plane: answers.get(plane, plane) for plane in asked},
        registers=rooms.registers,
    )


def _needed(algebra: Algebra, wanted: Sequence[int]) -> list[int]:
    """Every plane that the wanted ones are made of, parts first, near to where it is used."""
    order: dict[int, None] = {}

    def visit(plane: int) -> None:
        if plane in order or algebra.planes[plane].operation is Operation.CONSTANT:
            return
        for part in algebra.planes[plane].parts:
            visit(part)
        order[plane] = None

    for plane in wanted:
        visit(plane)
    return list(order)


class _Rooms:
    """Gives every plane a register, and takes it back after its last use."""

    def __init__(
        self, algebra: Algebra, made: Sequence[int], place: dict[int, int], taken: int
    ) -> None:
        self.algebra, self.made, self.place = algebra, made, place
        self.fixed = frozenset(place)
        self.registers = taken
        self.free: list[int] = []
        self.last_use = {part: p for p in made for part in algebra.planes[p].parts}

    def instructions(self) -> Iterator[Instruction]:
        for plane in self.made:
            into = self.place[plane] if plane in self.fixed else self._room()
            self.place[plane] = into
            yield from self._making(plane, into)
            for part in self.algebra.planes[plane].parts:
                if self.last_use[part] == plane and part not in self.fixed:
                    self.free.append(self.place[part])

    def _room(self) -> int:
        if self.free:
            return self.free.pop()
        self.registers += 1
        return self.registers - 1

    def _making(self, plane: int, into: int) -> Iterator[Instruction]:
        operation = self.algebra.planes[plane].operation
        parts = [self.place[part] for part in self.algebra.planes[plane].parts]
        if operation is Operation.NOT:
            yield Instruction(operation, parts[0], parts[0], into)
            return
        yield Instruction(operation, parts[0], parts[1], into)
        for _, further in pairwise(parts[1:]):
            yield Instruction(operation, into, further, into)
