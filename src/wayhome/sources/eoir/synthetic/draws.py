"""Random draws that depend on nothing but the seed, the chunk of cases and what they are for.

Cases are made in chunks of a fixed size. Each purpose ("sex", "length of stay") has its own
stream in each chunk, so that the same seed gives the same release on one thread or on many, and
a new column changes no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

# In an array of places in a list of values: this row has none.
NONE = -1


@dataclass(frozen=True)
class Weighted:
    """Values and how often each occurs."""

    values: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def thresholds(self) -> npt.NDArray[np.float64]:
        """The sum of the shares up to and with each value (the last is 1)."""
        return _thresholds(self.weights)

    def only(self, *values: str) -> Weighted:
        """The same weights for some of the values."""
        kept = [(v, w) for v, w in zip(self.values, self.weights, strict=True) if v in values]
        return Weighted(tuple(v for v, _ in kept), tuple(w for _, w in kept))

    def place(self, value: str) -> int:
        return self.values.index(value)


@cache
def _thresholds(weights: tuple[float, ...]) -> npt.NDArray[np.float64]:
    sums = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(sums / sums[-1])


@dataclass(frozen=True)
class Draws:
    """The draws of one chunk of cases."""

    seed: int
    chunk: int

    def stream(self, purpose: str) -> np.random.Generator:
        sequence = np.random.SeedSequence((self.seed, self.chunk, crc32(purpose.encode())))
        return np.random.Generator(np.random.SFC64(sequence))

    def fractions(self, purpose: str, size: int) -> Floats:
        """Numbers from 0 (in) to 1 (out), evenly."""
        return self.stream(purpose).random(size, dtype=np.float32)

    def chance(self, purpose: str, size: int, share: float | npt.NDArray[np.floating]) -> Bools:
        """True for about `share` of the rows (one share for all, or one a row)."""
        return np.asarray(self.fractions(purpose, size) < share)

    def pick(self, purpose: str, size: int, weighted: Weighted) -> Ints:
        """Places in the list of values, by weight."""
        places = np.searchsorted(weighted.thresholds, self.fractions(purpose, size), side="right")
        return np.minimum(places, len(weighted.values) - 1).astype(np.int32)

    def between(self, purpose: str, low: int | Ints, high: int | Ints, size: int) -> Ints:
        """Whole numbers from `low` to `high`, both in; `low` where `high` is less."""
        span = np.maximum(np.asarray(high) - np.asarray(low) + 1, 1)
        return np.asarray(low + np.floor(self.fractions(purpose, size) * span), dtype=np.int32)

    def long_tailed(
        self, purpose: str, median: float | npt.NDArray[np.floating], spread: float, size: int
    ) -> Ints:
        """Days, lognormal: half above `median`; `spread` is the deviation of their logarithm."""
        bell = self.stream(purpose).standard_normal(size, dtype=np.float32)
        return np.asarray(median * np.exp(spread * bell), dtype=np.float64).astype(np.int32)


def places_where(condition: Bools) -> Ints:
    """The places of the rows for which the condition holds."""
    return np.flatnonzero(condition).astype(np.int32)


def where_else(condition: Bools, places: Ints) -> Ints:
    """`places` where the condition holds, and none elsewhere."""
    return np.where(condition, places, np.int32(NONE))
