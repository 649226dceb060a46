"""From the columns of a block of cases to the bits of leaves.

Bits are held as Arrow holds them: 64 cases a word, the first case in the lowest bit. Where a
column's own bytes can be read as words they are not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wayhome.engine.planes.calendar_arrays import shifted
from wayhome.engine.planes.leaves import (
    Below,
    Equals,
    KnownBits,
    Leaf,
    Related,
    WordIn,
    YesBits,
)
from wayhome.engine.planes.lowering import whole_number
from wayhome.law.conditions import Comparison, FactTerm, Literal, Shifted, Term, fact_of_term

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[Any]

# Looking every case up in a table of words takes as long as comparing it with this many words.
_WORDS_A_LOOKUP = 10
_LIMITS_AT_ONCE = 4


class Dictionaries:
    """The words of dictionaries by their codes, each dictionary spelled out once."""

    def __init__(self) -> None:
        # The dictionary itself is kept, so that no other can come to lie at its address.
        self._seen: dict[tuple[int, int, int], tuple[pa.Array, dict[str, list[int]]]] = {}

    def words(self, column: pa.DictionaryArray) -> Mapping[str, Sequence[int]]:
        """The codes of every word of a column's dictionary (more than one if it stands twice)."""
        dictionary = column.dictionary
        offsets = dictionary.buffers()[1]
        key = (offsets.address if offsets else 0, dictionary.offset, len(dictionary))
        if key not in self._seen:
            codes: dict[str, list[int]] = {}
            for code, word in enumerate(dictionary.to_pylist()):
                codes.setdefault(word, []).append(code)
            self._seen[key] = (dictionary, codes)
        return self._seen[key][1]


class BlockColumns:
    """The columns of one block, and the bits that leaves take from them."""

    def __init__(
        self, columns: Mapping[str, pa.Array], rows: int, dictionaries: Dictionaries
    ) -> None:
        self.columns, self.rows, self.dictionaries = columns, rows, dictionaries
        self.words = words_for(rows)

    def bits_of(self, leaves: Sequence[Leaf]) -> dict[Leaf, Words]:
        """The bits of each leaf. Leaves of one column are worked out together."""
        found: dict[Leaf, Words] = {}
        grouped: dict[tuple[type, str], list[Any]] = {}
        for leaf in leaves:
            match leaf:
                case YesBits(fact):
                    found[leaf] = self._bits(fact, 1)
                case KnownBits(fact):
                    found[leaf] = self._bits(fact, 0)
                case Related():
                    found[leaf] = self._related(leaf)
                case Below(fact) | Equals(fact) | WordIn(fact):
                    grouped.setdefault((type(leaf), fact), []).append(leaf)
        for (kind, fact), group in grouped.items():
            found |= zip(group, self._grouped(kind, fact, group), strict=True)
        return found

    def _grouped(self, kind: type, fact: str, group: list[Any]) -> Sequence[Words]:
        if kind is WordIn:
            return self._words_in(fact, [leaf.words for leaf in group])
        numbers = self.numbers(fact)
        if kind is Below:
            return self._compared(np.less, numbers, [leaf.limit for leaf in group])
        return self._compared(np.equal, numbers, [leaf.value for leaf in group])

    # --- numbers ---

    def numbers(self, fact: str) -> Numbers:
        """A column's values as they lie: numbers, days, seconds or the codes of words.

        What stands where the fact is unknown means nothing.
        """
        array = self.columns[fact]
        if pa.types.is_dictionary(array.type):
            array = array.indices
        width = array.type.bit_width // 8
        kind = _NUMBERS[pa.types.is_unsigned_integer(array.type), width]
        data = array.buffers()[1]
        return np.frombuffer(data, kind, count=len(array), offset=array.offset * width)

    def _compared(
        self, compare: Callable[..., Any], numbers: Numbers, limits: Sequence[int]
    ) -> list[Words]:
        """A plane a limit. A few limits at a time, so that their bytes stay in the cache."""
        column = np.array(limits, dtype=numbers.dtype)[:, None]
        planes: list[Words] = []
        for first in range(0, len(limits), _LIMITS_AT_ONCE):
            some = column[first : first + _LIMITS_AT_ONCE]
            room = self._room(len(some))
            compare(numbers[None, :], some, out=room[:, : self.rows])
            planes += packed(room)
        return planes

    def _room(self, count: int) -> npt.NDArray[np.bool_]:
        """A byte a case, and nothing set behind the last case."""
        room = np.empty((count, self.words * 64), dtype=np.bool_)
        room[:, self.rows :] = False
        return room

    # --- words ---

    def _words_in(self, fact: str, sets: Sequence[Sequence[str]]) -> list[Words]:
        codes, dictionary = self.numbers(fact), self.dictionaries.words(self.columns[fact])
        members = [[i for word in words for i in dictionary.get(word, ())] for words in sets]
        wanted = sorted({code for codes in members for code in codes})
        if len(wanted) > _WORDS_A_LOOKUP * len(sets):
            return [self._looked_up(codes, member) for member in members]
        if not wanted:
            return [np.zeros(self.words, np.uint64) for _ in sets]
        planes = dict(zip(wanted, self._compared(np.equal, codes, wanted), strict=True))
        return [self._united([planes[code] for code in member]) for member in members]

    def _united(self, planes: Sequence[Words]) -> Words:
        if len(planes) == 1:
            return planes[0]
        united = np.zeros(self.words, np.uint64)
        for plane in planes:
            np.bitwise_or(united, plane, out=united)
        return united

    def _looked_up(self, codes: Numbers, members: Sequence[int]) -> Words:
        table = np.zeros(max(members, default=0) + 2, np.bool_)
        table[list(members)] = True
        room = self._room(1)
        np.take(table, codes, mode="clip", out=room[0, : self.rows])
        return packed(room)[0]

    # --- bits as they lie ---

    def _bits(self, fact: str, buffer: int) -> Words:
        """One of Arrow's bitmaps: 0 says which cases are known, 1 which are yes."""
        array = self.columns[fact]
        data = array.buffers()[buffer]
        if data is None:
            return np.full(self.words, ~np.uint64(0))
        start, within = divmod(array.offset, 8)
        if within == 0 and (data.address + start) % 8 == 0:
            if data.size - start >= self.words * 8:
                return np.frombuffer(data, np.uint64, count=self.words, offset=start)
            room = np.zeros(self.words * 8, np.uint8)
            room[: data.size - start] = np.frombuffer(data, np.uint8, offset=start)
            return room.view(np.uint64)
        every = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        cases = self._room(1)
        cases[0, : self.rows] = every[array.offset : array.offset + self.rows]
        return packed(cases)[0]

    # --- one fact with another ---

    def _related(self, leaf: Related) -> Words:
        compare = np.less if leaf.comparison is Comparison.LESS else np.equal
        left, right = self._values(leaf.left), self._values(leaf.right)
        if leaf.left.type.is_wordlike:
            left, right = self._same_codes(leaf.left, leaf.right)
        room = self._room(1)
        compare(left, right, out=room[0, : self.rows])
        return packed(room)[0]

    def _values(self, term: Term) -> Numbers:
        match term:
            case FactTerm(fact, _):
                return self.numbers(fact)
            case Literal(value, _):
                return np.array(whole_number(value))
            case Shifted(inner, count, unit):
                within = isinstance(inner, FactTerm)
                return shifted(self._values(inner), count, unit, inner.type, within=within)
        raise AssertionError(f"{term} does not stand in a narrowed graph")

    def _same_codes(self, left: Term, right: Term) -> tuple[Numbers, ...]:
        """The codes of two columns of words, as if both had the same dictionary."""
        facts = [fact for term in (left, right) if (fact := fact_of_term(term)) is not None]
        first, second = (self.dictionaries.words(self.columns[fact]) for fact in facts)
        numbered = {word: number for number, word in enumerate({**first, **second})}
        tables = [_table_of(words, numbered) for words in (first, second)]
        codes = (self.numbers(fact) for fact in facts)
        return tuple(np.take(t, c, mode="clip") for t, c in zip(tables, codes, strict=True))


def _table_of(words: Mapping[str, Sequence[int]], numbered: Mapping[str, int]) -> Numbers:
    """By a dictionary's codes, the numbers of its words."""
    table = np.zeros(1 + max((c for codes in words.values() for c in codes), default=0), np.int32)
    for word, codes in words.items():
        table[list(codes)] = numbered[word]
    return table


_NUMBERS: Mapping[tuple[bool, int], Any] = {
    (True, 1): np.uint8,
    (True, 2): np.uint16,
    (True, 4): np.uint32,
    (False, 1): np.int8,
    (False, 2): np.int16,
    (False, 4): np.int32,
    (False, 8): np.int64,
}


def words_for(rows: int) -> int:
    """How many words of 64 bits hold a bit a case."""
    return -(-rows // 64)


def packed(room: npt.NDArray[np.bool_]) -> list[Words]:
    """A byte a case into a bit a case, row by row."""
    return list(np.packbits(room, axis=1, bitorder="little").view(np.uint64))
