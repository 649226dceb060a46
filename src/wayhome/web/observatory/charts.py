"""Lines over time as SVG, drawn by Altair and vl-convert without a network, served as files.

A line is told from the others by its dashes and its place in the legend as well as its colour.
The picture carries its title and a description; where its data is invented it says so itself.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from django.utils.html import escape

from wayhome.report.palette import INK
from wayhome.web.observatory.wording import say

WIDTH, HEIGHT = 680, 300
FONT = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
_COLOURS = ("#00533f", "#b45309", "#1d4ed8", "#8f0f1f")
_DASHES = ([1, 0], [7, 3], [2, 3], [10, 3, 2, 3])
_TIME_LOCALES = {"en": "en-US", "es": "es-ES"}
_DECIMALS = re.compile(r"(\d+\.\d{2})\d+")
_NAMES = re.compile(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"')


@dataclass(frozen=True)
class Line:
    """A line: its name and its points by day; over more than `gap` days nothing is drawn.

    A day is a date, or, in a plan, counted from its beginning (0, 1, 2 …). `parts`: the days of
    the points that are averages of a part of their month; they are drawn hollow."""

    name: str
    points: Sequence[tuple[date | int, float]]
    gap: int = 70
    parts: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Chart:
    """What a chart shows. `description` is for who does not see it. `mark`: the word that says
    that its data is invented, else empty."""

    title: str
    description: str
    unit: str
    lines: Sequence[Line]
    language: str = "en"
    mark: str = ""

    @property
    def counts_days(self) -> bool:
        """Whether its days are counted from a beginning."""
        return any(isinstance(on, int) for line in self.lines for on, _ in line.points[:1])

    @property
    def with_points(self) -> bool:
        """Few numbers, or some that stand alone, are drawn as points too."""
        return any(len(line.points) < 12 or _stand_alone(line) for line in self.lines)


def middle_of_month(on: date) -> date:
    """Where on the axis stands what is told of a whole month."""
    return on.replace(day=(monthrange(on.year, on.month)[1] + 1) // 2)


def drawn(chart: Chart) -> str:
    """The chart as an SVG file."""
    import vl_convert  # noqa: PLC0415  slow to load: only what draws waits for it

    lines = min(len(chart.lines), len(_COLOURS))
    design, version = _design(lines, chart.with_points, chart.counts_days)
    spec: dict[str, Any] = {**design, "datasets": {"points": _rows(chart)}}
    names = [line.name for line in chart.lines]
    _name_lines(spec, names, chart)
    if any(line.parts for line in chart.lines):
        _mark_parts(spec)
    svg = vl_convert.vegalite_to_svg(
        spec,
        vl_version=version,
        allowed_base_urls=[],
        time_format_locale=_TIME_LOCALES[chart.language],
    )
    return for_a_file(svg, chart)


def warm_up() -> None:
    """Draws a chart of nothing: the first one takes a second or two, later ones a twentieth."""
    points = [(date(2026, 1, 1), 1.0), (date(2026, 2, 1), 2.0)]
    drawn(Chart("", "", "", [Line("", points)]))


@cache
def _design(lines: int, with_points: bool, counts_days: bool) -> tuple[dict[str, Any], str]:
    """The chart without its numbers, and the version of Vega-Lite that it is written in."""
    import altair as alt  # noqa: PLC0415  slow to load

    colour = alt.Scale(domain=["?"], range=list(_COLOURS[:lines]))
    dash = alt.Scale(domain=["?"], range=list(_DASHES[:lines]))
    legend = alt.Legend(
        title=None, orient="top", direction="vertical", labelLimit=WIDTH, labelFontSize=14,
        symbolSize=600, symbolStrokeWidth=2.5, symbolType="stroke", offset=24,
    ) if lines > 1 else None  # fmt: skip
    chart = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(
            strokeWidth=2.5, point={"size": 45, "filled": True} if with_points else False
        )
        .encode(
            x=alt.X(
                "on:Q" if counts_days else "on:T",
                title="?" if counts_days else None,
                scale=alt.Undefined if counts_days else alt.Scale(type="utc"),
                axis=alt.Axis(tickCount=8, labelOverlap=True, labelFlush=True, labelSeparation=6),
            ),
            y=alt.Y("value:Q", title="?", scale=alt.Scale(zero=True)),
            color=alt.Color("line:N", scale=colour, legend=legend),
            strokeDash=alt.StrokeDash("line:N", scale=dash, legend=legend),
            detail="stretch:N",
        )
        .properties(width=WIDTH, height=HEIGHT, background="#ffffff", padding=8)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=13, titleFontWeight="normal", labelColor=INK,
            titleColor=INK, gridColor="#dde2e6", domainColor=INK, tickColor=INK,
            titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=-40,
        )
    )  # fmt: skip
    design: dict[str, Any] = chart.to_dict()
    return design, ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def _name_lines(spec: dict[str, Any], names: Sequence[str], chart: Chart) -> None:
    encoding = {key: dict(value) for key, value in spec["encoding"].items()}
    for channel in ("color", "strokeDash"):
        encoding[channel]["scale"] = {**encoding[channel]["scale"], "domain": list(names)}
    encoding["y"]["title"] = chart.unit
    axes = dict(spec["config"]["axis"])
    if chart.counts_days:
        encoding["x"]["title"] = say(chart.language, "charts.day_of_plan")
    own = {"titleX": WIDTH, "titleAlign": "right", "titleY": 32}
    spec["config"] = {**spec["config"], "axisX": own, "axis": axes}
    spec["encoding"] = encoding
    if chart.mark:
        spec["title"] = {
            "text": chart.mark, "anchor": "start", "color": "#7a1f00", "fontSize": 14, "offset": 14,
        }  # fmt: skip


def _mark_parts(spec: dict[str, Any]) -> None:
    """A second layer over the lines: a hollow point for each month of which days are missing."""
    hollow = {"type": "point", "size": 55, "filled": False, "fill": "#ffffff", "strokeWidth": 2}
    spec["layer"] = [
        {"mark": spec.pop("mark")},
        {
            "mark": hollow,
            "transform": [{"filter": "datum.part"}],
            "encoding": {"strokeDash": {"value": [1, 0]}},
        },
    ]


def _rows(chart: Chart) -> list[dict[str, Any]]:
    return [
        {
            "line": line.name,
            "on": _plain(on),
            "value": value,
            "stretch": stretch,
            "part": on in line.parts,
        }
        for line in chart.lines
        for (on, value), stretch in zip(line.points, _stretches(line), strict=True)
    ]


def _stretches(line: Line) -> list[int]:
    """Which stretch each point belongs to: after a gap a new one begins."""
    found = [0] if line.points else []
    days = (on if isinstance(on, int) else on.toordinal() for on, _ in line.points)
    for before, after in pairwise(days):
        found.append(found[-1] + (after - before > line.gap))
    return found


def _plain(on: date | int) -> str | int:
    return on if isinstance(on, int) else on.isoformat()


def _stand_alone(line: Line) -> bool:
    return 1 in Counter(_stretches(line)).values()


def for_a_file(svg: str, chart: Chart) -> str:
    """The drawing with its title and description, without what a file does not need."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    width, height = size.groups() if size else (str(WIDTH), str(HEIGHT))
    body = _DECIMALS.sub(r"\1", _NAMES.sub("", svg[svg.index(">") + 1 :]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" lang="{chart.language}" aria-labelledby="t d">'
        f'<title id="t">{escape(chart.title)}</title>'
        f'<desc id="d">{escape(chart.description)}</desc>'
        f"{body}"
    )
