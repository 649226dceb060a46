"""Which row numbers of a table have been seen, for tables of tens of millions of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# One page of bits holds this many numbers in 64 kB.
PAGE = 1 << 19

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.bool_]


class SeenNumbers:
    """A set of positive numbers that is told a block of them at a time.

    Numbers of a release lie close together, so that a bit for each is small: 25 MB for the 42
    million hearings.
    """

    def __init__(self) -> None:
        self._pages: dict[int, npt.NDArray[np.uint8]] = {}
        self._greatest = 0

    def add(self, numbers: Numbers) -> Places:
        """Add the numbers. Returns for each whether it was there before, here or earlier."""
        repeated = np.zeros(len(numbers), np.bool_)
        if len(numbers) == 0:
            return repeated
        is_rising = bool((np.diff(numbers) > 0).all())
        if not is_rising:
            repeated = _repeated_within(numbers)
        if not is_rising or numbers[0] <= self._greatest:
            repeated |= self._seen(numbers)
        self._mark(numbers)
        self._greatest = max(self._greatest, int(numbers.max()))
        return repeated

    def _seen(self, numbers: Numbers) -> Places:
        seen = np.zeros(len(numbers), np.bool_)
        for page, places in _by_page(numbers):
            bits = self._pages.get(page)
            if bits is not None:
                at = numbers[places] % PAGE
                seen[places] = (bits[at >> 3] >> (at & 7).astype(np.uint8)) & 1
        return seen

    def _mark(self, numbers: Numbers) -> None:
        for page, places in _by_page(numbers):
            bits = self._pages.setdefault(page, np.zeros(PAGE >> 3, np.uint8))
            is_set = np.zeros(PAGE, np.uint8)
            is_set[numbers[places] % PAGE] = 1
            bits |= np.packbits(is_set, bitorder="little")


def _repeated_within(numbers: Numbers) -> Places:
    """Whether each number stands earlier in the same block."""
    order = np.argsort(numbers, kind="stable")
    repeated = np.zeros(len(numbers), np.bool_)
    repeated[order[1:]] = np.diff(numbers[order]) == 0
    return repeated


def _by_page(numbers: Numbers) -> list[tuple[int, slice | Numbers]]:
    """The pages that the numbers lie on, and where in the block each page's numbers stand."""
    pages = numbers // PAGE
    first, last = int(pages.min()), int(pages.max())
    if first == last:
        return [(first, slice(None))]
    order = np.argsort(pages, kind="stable")
    found, starts = np.unique(pages[order], return_index=True)
    ends = [*starts[1:].tolist(), len(numbers)]
    return [
        (int(page), order[start:end])
        for page, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True)
    ]
