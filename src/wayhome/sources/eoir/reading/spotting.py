"""Which lines of a block need a closer look: the fast pass over the bytes of a whole release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

TAB, LF, SPACE, DELETE = 9, 10, 32, 127
FIRST_BEYOND_ASCII = 128

Numbers = npt.NDArray[np.int64]


def may_be_spotless(block: bytes, fields: int) -> bool:
    """Whether the block is plain text with as many bytes below a space as its TABs and LFs make.

    Where it is, and every line turns out to have the right number of fields, no other byte below
    a space can be in it. Counting is ten times faster than looking at the lines.
    """
    if not block.isascii() or DELETE in block:
        return False
    array = np.frombuffer(block, np.uint8)
    lines = int(np.count_nonzero(array == LF))
    return int(np.count_nonzero(array < SPACE)) == lines * fields


def has_pair(block: bytes, pairs: tuple[bytes, ...]) -> bool:
    """Whether one of some pairs of bytes stands in the block."""
    return next(_places_of_pairs(block, pairs), None) is not None


def has_field_beginning(block: bytes, pairs: tuple[bytes, ...]) -> bool:
    """Whether a field of the block, spaces aside, begins with one of some pairs of bytes."""
    array = np.frombuffer(block, np.uint8)
    for places in _places_of_pairs(block, pairs):
        before = array[places[places > 0] - 1]
        if block[:2] in pairs or np.isin(before, (TAB, LF, SPACE)).any():
            return True
    return False


def _places_of_pairs(block: bytes, pairs: tuple[bytes, ...]) -> Iterator[Numbers]:
    """Where pairs of bytes stand, if they do.

    The block is read as numbers of two bytes, from even and from odd places.
    """
    for start in (0, 1):
        count = max(len(block) - start, 0) // 2
        numbers = np.frombuffer(block, np.uint16, count, min(start, len(block)))
        for pair in pairs:
            is_pair = numbers == np.frombuffer(pair, np.uint16)[0]
            if is_pair.any():
                yield np.flatnonzero(is_pair) * 2 + start


def suspect_lines(block: bytes, fields: int) -> Numbers:
    """The lines (from 0) of a block that need a closer look, ascending."""
    array = np.frombuffer(block, np.uint8)
    ends = line_ends(block)
    tabs = np.diff(np.searchsorted(np.flatnonzero(array == TAB), ends), prepend=0)
    foreign = (array < SPACE) & (array != TAB) & (array != LF) | (array == DELETE)
    suspects = [
        np.flatnonzero(tabs != fields - 1),
        np.searchsorted(ends, np.flatnonzero(foreign)),
        _not_utf8(block, array, ends),
    ]
    return np.unique(np.concatenate(suspects))


def line_ends(block: bytes) -> Numbers:
    """Where each line's LF stands."""
    return np.flatnonzero(np.frombuffer(block, np.uint8) == LF)


def line_at(block: bytes, ends: Numbers, line: int) -> bytes:
    """The bytes of a line (from 0) without its LF."""
    start = int(ends[line - 1]) + 1 if line else 0
    return block[start : int(ends[line])]


def with_lines_replaced(block: bytes, ends: Numbers, lines: Mapping[int, bytes | None]) -> bytes:
    """The block with some lines (from 0, ascending) replaced, or taken out where None."""
    pieces = []
    start = 0
    for line, text in lines.items():
        pieces.append(block[start : int(ends[line - 1]) + 1 if line else 0])
        if text is not None:
            pieces += [text, b"\n"]
        start = int(ends[line]) + 1
    pieces.append(block[start:])
    return b"".join(pieces)


def _not_utf8(block: bytes, array: npt.NDArray[np.uint8], ends: Numbers) -> Numbers:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        beyond = np.unique(np.searchsorted(ends, np.flatnonzero(array >= FIRST_BEYOND_ASCII)))
        bad = [line for line in beyond.tolist() if not _is_utf8(line_at(block, ends, line))]
        return np.array(bad, np.int64)
    return np.array([], np.int64)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
