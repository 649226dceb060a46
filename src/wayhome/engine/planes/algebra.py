"""Planes and how they are made from each other, every equal plane once.

A plane is one bit a case. A condition has two: the cases where it is known to be true and those
where it is known to be false. What follows from constants and from equal planes is worked out
here, before any case is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from wayhome.engine.planes.leaves import Leaf


class Operation(StrEnum):
    """How a plane is made."""

    CONSTANT = "constant"
    LEAF = "leaf"
    AND = "and"
    OR = "or"
    NOT = "not"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Plane:
    """How one plane is made: from a leaf, or from other planes by their numbers.

    `WITHOUT` takes a plane away from another that holds all of its bits.
    """

    operation: Operation
    parts: tuple[int, ...] = ()
    leaf: Leaf | None = None


class Pair(NamedTuple):
    """The two planes of a condition, by their numbers."""

    true: int
    false: int


NOWHERE, EVERYWHERE = 0, 1
NEVER = Pair(NOWHERE, EVERYWHERE)
ALWAYS = Pair(EVERYWHERE, NOWHERE)
CANNOT_TELL = Pair(NOWHERE, NOWHERE)


class Algebra:
    """Every plane made so far. A plane's number is greater than those of its parts."""

    def __init__(self) -> None:
        self.planes = [Plane(Operation.CONSTANT), Plane(Operation.CONSTANT, (0,))]
        self._numbers: dict[Plane, int] = {}

    def leaf(self, leaf: Leaf) -> int:
        return self._number(Plane(Operation.LEAF, leaf=leaf))

    def complement(self, plane: int) -> int:
        """The cases that are not in a plane."""
        if plane in (NOWHERE, EVERYWHERE):
            return EVERYWHERE - plane
        made = self.planes[plane]
        if made.operation is Operation.NOT:
            return made.parts[0]
        return self._number(Plane(Operation.NOT, (plane,)))

    def without(self, plane: int, taken: int) -> int:
        """A plane less another that lies wholly inside it."""
        if taken == NOWHERE:
            return plane
        if plane == taken:
            return NOWHERE
        if plane == EVERYWHERE:
            return self.complement(taken)
        return self._number(Plane(Operation.WITHOUT, (plane, taken)))

    def both(self, parts: Iterable[int]) -> int:
        """The cases that are in every one of these planes."""
        return self._joined(Operation.AND, parts, EVERYWHERE, NOWHERE)

    def either(self, parts: Iterable[int]) -> int:
        """The cases that are in any of these planes."""
        return self._joined(Operation.OR, parts, NOWHERE, EVERYWHERE)

    def _joined(self, operation: Operation, parts: Iterable[int], empty: int, settled: int) -> int:
        """`empty` changes nothing and `settled` decides all: 1 and 0 of "and", 0 and 1 of "or"."""
        kept = sorted(set(parts) - {empty})
        opposite = {self.planes[p].parts[0] for p in kept if self._is_complement(p)}
        if settled in kept or not opposite.isdisjoint(kept):
            return settled
        if len(kept) <= 1:
            return kept[0] if kept else empty
        return self._number(Plane(operation, tuple(kept)))

    def _is_complement(self, plane: int) -> bool:
        return self.planes[plane].operation is Operation.NOT

    def _number(self, plane: Plane) -> int:
        if plane not in self._numbers:
            self._numbers[plane] = len(self.planes)
            self.planes.append(plane)
        return self._numbers[plane]

    # --- Kleene logic on pairs ---

    def known(self, pair: Pair) -> int:
        """The cases where a condition is known, one way or the other."""
        if self.is_complete(pair):
            return EVERYWHERE
        return self.either(pair)

    def is_complete(self, pair: Pair) -> bool:
        """Whether the condition is known in every case, as far as its making tells."""
        return pair.false == self.complement(pair.true)

    def all_of(self, pairs: Iterable[Pair]) -> Pair:
        """True where all are true, false where any is false.

        Of the parts that are always known, one plane says both.
        """
        listed = list(pairs)
        complete = self.both(p.true for p in listed if self.is_complete(p))
        partial = [p for p in listed if not self.is_complete(p)]
        true = self.both([complete, *(p.true for p in partial)])
        false = self.either([self.complement(complete), *(p.false for p in partial)])
        return Pair(true, self.complement(true) if not partial else false)

    def any_of(self, pairs: Iterable[Pair]) -> Pair:
        """True where any is true, false where all are false."""
        false, true = self.all_of(Pair(p.false, p.true) for p in pairs)
        return Pair(true, false)
