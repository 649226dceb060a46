"""Where a point of the country falls on the map: Albers's equal-area projection, far places inset.

Alaska is drawn at a third of its size; Puerto Rico and the Virgin Islands, Guam and the Northern
Marianas larger than the mainland. Units: degrees in, units of the map (975 by 640) out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

WIDTH, HEIGHT = 975, 640
_SCALE, _MIDDLE = 1300.0, (487.5, 305.0)


@dataclass(frozen=True)
class Sheet:
    """One conic projection: its two parallels, what it turns about, its middle, its size."""

    parallels: tuple[float, float]
    rotate: float
    centre: tuple[float, float]
    scale: float
    at: tuple[float, float]

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = self._raw(longitude + self.rotate, latitude)
        zero = self._raw(*self.centre)
        return (
            round(self.at[0] + self.scale * (x - zero[0]), 1),
            round(self.at[1] - self.scale * (y - zero[1]), 1),
        )

    def _raw(self, longitude: float, latitude: float) -> tuple[float, float]:
        south, north = (sin(radians(p)) for p in self.parallels)
        n = (south + north) / 2
        c = 1 + south * (2 * n - south)
        rho = sqrt(c - 2 * n * sin(radians(latitude))) / n
        turn = radians((longitude + 180) % 360 - 180) * n
        return rho * sin(turn), sqrt(c) / n - rho * cos(turn)


def _inset(share: float, right: float, down: float) -> tuple[float, tuple[float, float]]:
    return _SCALE * share, (_MIDDLE[0] + right * _SCALE, _MIDDLE[1] + down * _SCALE)


_MAINLAND = Sheet((29.5, 45.5), 96, (-0.6, 38.7), *_inset(1, 0, 0))
_ALASKA = Sheet((55, 65), 154, (-2, 58.5), *_inset(0.35, -0.307, 0.201))
_HAWAII = Sheet((8, 18), 157, (-3, 19.9), *_inset(1, -0.205, 0.212))
_CARIBBEAN = Sheet((8, 18), 65.7, (0, 18.1), *_inset(1.6, 0.325, 0.225))
_MARIANAS = Sheet((8, 18), -145.2, (0, 14.4), *_inset(0.9, -0.105, 0.225))
# By the number that the Census Bureau gives a state; the rest is the mainland.
_SHEETS = {
    "02": _ALASKA,
    "15": _HAWAII,
    "72": _CARIBBEAN,
    "78": _CARIBBEAN,
    "66": _MARIANAS,
    "69": _MARIANAS,
}


def on_the_map(state: str, longitude: float, latitude: float) -> tuple[float, float]:
    """The point on the map. `state` is the number of the state (FIPS), which chooses the inset."""
    return _SHEETS.get(state, _MAINLAND).project(longitude, latitude)
