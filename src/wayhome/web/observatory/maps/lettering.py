"""The two letters of a state, where there is room: within its outline or beside it, off circles.

A state without room has none; the table beside the map names it. Sizes are in units of the map.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt

from wayhome.web.observatory.maps.places import states

# On a page as wide as a table is read, and on one that is as narrow as a phone.
SMALL, LARGE = 11, 26
_STEP = 3
_NUMBER = re.compile(r"-?\d+")
# Half of two letters, in parts of their size, and what is left free around them.
_HALF_WIDE, _HALF_HIGH, _AROUND = 0.92, 0.38, 1.0
# Where there is sea beside a state that is too small for its letters.
_IN_THE_SEA: Mapping[int, Mapping[str, tuple[int, int]]] = {
    SMALL: {
        **{"DE": (874, 265), "GU": (358, 617), "HI": (342, 565), "MA": (944, 173)},
        **{"MP": (378, 581), "NJ": (884, 237), "RI": (924, 201), "VI": (959, 599)},
    },
    LARGE: {
        **{"GU": (374, 622), "HI": (315, 527), "MP": (391, 588), "PR": (883, 622)},
        **{"VI": (945, 579)},
    },
}
_JUST_BELOW = 0.01  # corners are at whole numbers: a line a little below them meets none

Point = tuple[int, int]
Circle = tuple[float, float, float]  # x, y, radius
Stretches = list[tuple[float, float]]  # from where to where


@dataclass(frozen=True)
class Letters:
    """Two letters and the middle of where they stand."""

    code: str
    x: float
    y: float


def letters(circles: Sequence[Circle], size: int) -> list[Letters]:
    """The letters of each state that has room for them: at its middle, or as near as can be."""
    table = np.array(circles, dtype=float).reshape(-1, 3)
    return [
        Letters(code, *at)
        for code in states()
        if (at := _free(_room(code, size), table, size)) is not None
    ]


def _free(
    room: npt.NDArray[np.float64], circles: npt.NDArray[np.float64], size: int
) -> tuple[float, float] | None:
    """The first place that no circle touches."""
    if not len(room):
        return None
    wide, high = _halves(size)
    left, right = room[:, 0].min() - wide, room[:, 0].max() + wide
    reach = circles[:, 2]
    circles = circles[(circles[:, 0] > left - reach) & (circles[:, 0] < right + reach)]
    beside = np.maximum(np.abs(room[:, None, 0] - circles[None, :, 0]) - wide, 0)
    above = np.maximum(np.abs(room[:, None, 1] - circles[None, :, 1]) - high, 0)
    free = np.flatnonzero((beside**2 + above**2 >= circles[None, :, 2] ** 2).all(axis=1))
    return (float(room[free[0], 0]), float(room[free[0], 1])) if len(free) else None


def _halves(size: int) -> tuple[float, int]:
    return _HALF_WIDE * size + _AROUND, ceil(_HALF_HIGH * size + _AROUND)


@cache
def _room(code: str, size: int) -> npt.NDArray[np.float64]:
    """The places within an outline where the letters fit, the nearest to its middle first."""
    lines, (wide, high) = _lines(code), _halves(size)
    found = [
        (begin + wide + _STEP * n, y)
        for y in range(min(lines), max(lines), _STEP)
        for begin, end in lines.get(y, ())
        for n in range(int((end - begin - 2 * wide) // _STEP) + 1)
        if all(_holds(lines.get(y + by, []), begin + _STEP * n, 2 * wide) for by in (-high, high))
    ]
    middle = (states()[code].x, states()[code].y)
    if not found and code in _IN_THE_SEA[size]:
        found = [_IN_THE_SEA[size][code]]
    found.sort(key=lambda at: (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2)
    return np.array(found, dtype=float).reshape(-1, 2)


def _holds(line: Stretches, left: float, wide: float) -> bool:
    return any(begin <= left and left + wide <= end for begin, end in line)


@cache
def _lines(code: str) -> Mapping[int, Stretches]:
    """What lies within an outline on each line across it."""
    crossed: dict[int, list[float]] = defaultdict(list)
    for part in filter(None, states()[code].path.split("z")):
        ring = _ring([int(n) for n in _NUMBER.findall(part)])
        for one, other in pairwise((*ring, ring[0])):
            (x, top), (to, bottom) = sorted((one, other), key=lambda at: at[1])
            for y in range(top, bottom):
                crossed[y].append(x + (y + _JUST_BELOW - top) * (to - x) / (bottom - top))
    met = ((y, sorted(xs)) for y, xs in crossed.items())
    return {y: list(zip(xs[::2], xs[1::2], strict=True)) for y, xs in met}


def _ring(numbers: Sequence[int]) -> list[Point]:
    """The corners of a part of an outline: `M` a point, `l` steps from there."""
    x = y = 0
    ring: list[Point] = []
    for right, down in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + right, y + down
        ring.append((x, y))
    return ring
