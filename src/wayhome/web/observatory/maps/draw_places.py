"""Makes the three tables of places beside it, once, from a package of the npm registry.

    npm pack us-atlas@3.0.1     (and unpack it)
    python -m wayhome.web.observatory.maps.draw_places us-atlas/package

`us-atlas` holds the Census Bureau's cartographic boundaries of 2017, works of the US government;
ZIP codes are those of `sources/places`. Nothing here is needed to run the application.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from wayhome.sources import places
from wayhome.web.observatory.maps.projection import on_the_map

HERE = Path(__file__).parent
ZIP_PLACES = Path(places.__file__).with_name("zip_places.csv")
Point = tuple[float, float]
Ring = list[Point]
_COARSE = 0.9  # units of the map: what is straight within this is drawn straight
_SMALLEST = 3.0  # square units: smaller islands are left out, but for a state's largest
_LEFT_OUT = {"60"}  # American Samoa: no row of any publication names it
# The Census Bureau's number of a state and the two letters of the Post Office.
_NUMBERED = """
    01 AL 02 AK 04 AZ 05 AR 06 CA 08 CO 09 CT 10 DE 11 DC 12 FL 13 GA 15 HI 16 ID 17 IL 18 IN
    19 IA 20 KS 21 KY 22 LA 23 ME 24 MD 25 MA 26 MI 27 MN 28 MS 29 MO 30 MT 31 NE 32 NV 33 NH
    34 NJ 35 NM 36 NY 37 NC 38 ND 39 OH 40 OK 41 OR 42 PA 44 RI 45 SC 46 SD 47 TN 48 TX 49 UT
    50 VT 51 VA 53 WA 54 WV 55 WI 56 WY 66 GU 69 MP 72 PR 78 VI
"""
CODES = dict(zip(_NUMBERED.split()[::2], _NUMBERED.split()[1::2], strict=True))


def main(atlas: Path) -> None:
    counties = json.loads((atlas / "counties-10m.json").read_text(encoding="utf-8"))
    outlines = json.loads((atlas / "states-10m.json").read_text(encoding="utf-8"))
    _write_states(outlines)
    shapes = _county_shapes(counties)
    _write_counties(counties, shapes)
    _write_zips(shapes)


# --- the file's own form: arcs that neighbours share, each point the step from the one before ---


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def _outer_rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in parts:
        yield polygon[0]


def _joined(ring: Iterable[int], arcs: list[Ring]) -> Ring:
    points: Ring = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc if not points else arc[1:]
    return points


# --- states ---


def _write_states(topology: dict[str, Any]) -> None:
    arcs = _arcs(topology)
    rows = []
    for state in sorted(topology["objects"]["states"]["geometries"], key=lambda one: one["id"]):
        number = state["id"]
        if number in _LEFT_OUT:
            continue
        # Each arc is made simpler by itself, so that neighbours still share it.
        drawn = [
            _ring(
                [
                    _simpler([on_the_map(number, *point) for point in _joined([index], arcs)])
                    for index in ring
                ]
            )
            for ring in _outer_rings(state)
        ]
        drawn.sort(key=_area, reverse=True)
        kept = [ring for at, ring in enumerate(drawn) if at == 0 or _area(ring) > _SMALLEST]
        x, y = _middle(kept[0])
        name = state["properties"]["name"].replace("Commonwealth of the ", "")
        name = name.replace("United States", "U.S.")
        path = "".join(_path(ring) for ring in kept)
        rows.append([number, CODES[number], name, f"{x:.0f}", f"{y:.0f}", path])
    _write(HERE / "states.csv", ["number", "code", "name", "x", "y", "path"], rows)


def _ring(arcs: list[Ring]) -> Ring:
    points: Ring = []
    for arc in arcs:
        points += arc if not points else arc[1:]
    return points


def _simpler(line: Ring) -> Ring:
    """Douglas and Peucker's way: a point stays if the straight line would miss it by too much."""
    if len(line) < 3:
        return line
    if line[0] == line[-1]:  # an island: two halves, so that something is left of it
        half = len(line) // 2
        return _simpler(line[: half + 1])[:-1] + _simpler(line[half:])
    farthest, at = max((_distance(p, line[0], line[-1]), i) for i, p in enumerate(line[1:-1], 1))
    if farthest < _COARSE:
        return [line[0], line[-1]]
    return _simpler(line[: at + 1])[:-1] + _simpler(line[at:])


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    away = dy * (point[0] - start[0]) - dx * (point[1] - start[1])
    return abs(away) / length if length else 0.0


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _middle(ring: Ring) -> Point:
    """The middle of the ring's area."""
    twice = x = y = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        twice, x, y = twice + cross, x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return (x / (3 * twice), y / (3 * twice)) if twice else ring[0]


def _path(ring: Ring) -> str:
    """The ring as SVG: whole units, each the step from the one before."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole) if a != b]
    line = "".join(f"{dx},{dy} " for dx, dy in steps[:-1]).strip().replace(",-", "-")
    return f"M{whole[0][0]},{whole[0][1]}l{line}z".replace(" -", "-")


# --- counties and ZIP codes ---


def _county_shapes(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    arcs = _arcs(topology)
    return {
        county["id"]: [_joined(ring, arcs) for ring in _outer_rings(county)]
        for county in topology["objects"]["counties"]["geometries"]
    }


def _write_counties(topology: dict[str, Any], shapes: dict[str, list[Ring]]) -> None:
    names = {
        county["id"]: county["properties"]["name"]
        for county in topology["objects"]["counties"]["geometries"]
    }
    rows = []
    for number in sorted(names):
        if number[:2] in _LEFT_OUT:
            continue
        x, y = on_the_map(number[:2], *_middle(max(shapes[number], key=_area)))
        rows.append([number, CODES[number[:2]], names[number], f"{x:.0f}", f"{y:.0f}"])
    _write(HERE / "counties.csv", ["number", "state", "name", "x", "y"], rows)


def _write_zips(shapes: dict[str, list[Ring]]) -> None:
    boxes = {number: _box(rings) for number, rings in shapes.items()}
    lines = ["zip,county"]
    with ZIP_PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = (float(row["longitude"]), float(row["latitude"]))
            county = _county_of(point, shapes, boxes)
            if county and county[:2] not in _LEFT_OUT:
                lines.append(f"{row['zip']},{county}")
    packed = gzip.compress("\n".join(lines).encode(), 9, mtime=0)
    (HERE / "zip_counties.csv.gz").write_bytes(packed)


def _box(rings: list[Ring]) -> tuple[float, float, float, float]:
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _county_of(
    point: Point,
    shapes: dict[str, list[Ring]],
    boxes: dict[str, tuple[float, float, float, float]],
) -> str | None:
    for number, (west, south, east, north) in boxes.items():
        inside = west <= point[0] <= east and south <= point[1] <= north
        if inside and any(_is_in(point, ring) for ring in shapes[number]):
            return number
    return None


def _is_in(point: Point, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = point
    crossings = False
    for a, b in pairwise(ring):
        if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]):
            crossings = not crossings
    return crossings


def _write(path: Path, headings: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(headings)
        write.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
