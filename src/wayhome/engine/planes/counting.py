"""How many cases: in a plane, and of each outcome in each group of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wayhome.engine.planes.columns import BlockColumns, Words
from wayhome.engine.planes.evaluation import Matrix
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE

Histogram = npt.NDArray[np.int64]

# So many outcomes, at two bits each, make a byte that says all of them of one case.
OUTCOMES_A_BYTE = 4

# What a group of cases has in common: a word, a year, or nothing known.
Group = str | int | None


def count_bits(matrix: Matrix) -> npt.NDArray[np.int64]:
    """How many bits are set in each row."""
    counts: Histogram = np.bitwise_count(matrix).sum(axis=1, dtype=np.uint32).astype(np.int64)
    return counts


def _spread_bits() -> npt.NDArray[np.uint64]:
    """By a byte of eight cases' bits, a word with one byte a case that holds the bit."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    words: npt.NDArray[np.uint64] = bits.view(np.uint64)[:, 0]
    return words


_SPREAD = _spread_bits()


def bytes_of_cases(planes: Sequence[Words], rows: int) -> npt.NDArray[np.uint8]:
    """A byte a case from up to eight planes, the first in the lowest bit."""
    made = np.zeros(planes[0].size * 8, np.uint64)
    for place, plane in enumerate(planes):
        made |= (_SPREAD << np.uint64(place)).take(plane.view(np.uint8))
    return made.view(np.uint8)[:rows]


class GroupCounts:
    """Cases of a table counted by group and by the outcomes of all programs.

    Four outcomes are counted at a time: a case's byte says all four, and one pass counts every
    pair of group and byte.
    """

    def __init__(self, outcomes: int) -> None:
        self.outcomes = outcomes
        self.histograms: dict[tuple[Group, ...], Histogram] = {}

    def add(self, groups: tuple[Group, ...], histogram: Histogram) -> None:
        """Adds a block's counts: by byte column, group and byte."""
        if groups in self.histograms:
            self.histograms[groups] += histogram
        else:
            self.histograms[groups] = histogram

    def counts(self) -> Mapping[Group, npt.NDArray[np.int64]]:
        """For each group with any case: per outcome (a row each) how many have each code."""
        total: dict[Group, npt.NDArray[np.int64]] = {}
        for groups, histogram in self.histograms.items():
            for place, group in enumerate(groups):
                if histogram[0, place].any():
                    found = _codes_counted(histogram[:, place], self.outcomes)
                    total[group] = total[group] + found if group in total else found
        return total


def _codes_counted(histogram: Histogram, outcomes: int) -> npt.NDArray[np.int64]:
    """From how many cases have each byte to how many have each code of each outcome."""
    byte = np.arange(256)
    rows = []
    for outcome in range(outcomes):
        column, within = divmod(outcome, OUTCOMES_A_BYTE)
        codes = (byte >> (2 * within)) & 3
        rows.append(np.bincount(codes, weights=histogram[column], minlength=4))
    return np.array(rows, dtype=np.int64).reshape(outcomes, 4)


def histogram_of(
    outcome_bytes: Sequence[npt.NDArray[np.uint8]], places: npt.NDArray[np.int64], groups: int
) -> Histogram:
    """How many cases of a block there are of each group and byte, for each column of bytes."""
    first = places << 8
    counted = (np.bincount(first | column, minlength=groups << 8) for column in outcome_bytes)
    return np.array([c.reshape(groups, 256) for c in counted], dtype=np.int64)


def groups_of(columns: BlockColumns, name: str) -> tuple[tuple[Group, ...], npt.NDArray[np.int64]]:
    """The groups that a column makes (its words, or years), and each case's place among them.

    The last group is that of the cases where the column is not known.
    """
    array = columns.columns[name]
    if pa.types.is_dictionary(array.type):
        groups: tuple[Any, ...] = (*array.dictionary.to_pylist(), None)
        places = columns.numbers(name).astype(np.int64)
    else:
        years = range(EARLIEST_DATE.year, LATEST_DATE.year + 1)
        groups = (*years, None)
        places = pc.year(array.fill_null(EARLIEST_DATE)).to_numpy() - years.start
    if array.null_count:
        places[array.is_null().to_numpy(zero_copy_only=False)] = len(groups) - 1
    return groups, places
