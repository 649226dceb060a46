"""Pictures of the docket, by Altair and vl-convert: bars, shares with intervals, parts of a whole.

Each says in words where its data is invented. Shades are told apart by their place and the legend;
the same numbers stand in the table under the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from wayhome.report.palette import INK
from wayhome.web.observatory.charts import FONT, Chart, for_a_file

WIDTH, ROW = 520, 22
MOST = 25  # groups in one picture; the table has all
TICKS = 6
# Letters are measured in another font than the reader's, which may be wider.
PADDING = {"left": 64, "top": 8, "right": 24, "bottom": 8}
LONGEST = 40  # letters of a demand beside its bar; the table has it whole
GREEN, PARTS = "#00533f", ("#00533f", "#9aa3ad", "#e9c46a")


def bars(chart: Chart, rows: Sequence[tuple[str, float]]) -> str:
    """A bar a group: its name and its number."""
    import altair as alt  # noqa: PLC0415  slow to load

    names = [name for name, _ in rows]
    values = [{"group": name, "value": value} for name, value in rows]
    drawn = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(color=GREEN)
        .encode(
            y=alt.Y("group:N", sort=names, title=None, axis=alt.Axis(labelLimit=240)),
            x=alt.X("value:Q", title=chart.unit, axis=alt.Axis(tickCount=TICKS)),
        )
    )
    return _svg(drawn, chart)


def intervals(chart: Chart, rows: Sequence[tuple[str, float, float, float]]) -> str:
    """A point a group with a line from the lower to the upper end of its interval."""
    import altair as alt  # noqa: PLC0415  slow to load

    names = [row[0] for row in rows]
    keys = ("group", "share", "low", "high")
    values = [dict(zip(keys, row, strict=True)) for row in rows]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("group:N", sort=names, title=None, axis=alt.Axis(labelLimit=240))
    )
    scale = alt.Scale(zero=True)
    percent = alt.Axis(format="%", tickCount=TICKS)
    lines = base.mark_rule(color=INK, strokeWidth=2).encode(
        x=alt.X("low:Q", title=chart.unit, scale=scale, axis=percent), x2="high:Q"
    )
    points = base.mark_point(color=GREEN, filled=True, size=70).encode(x="share:Q")
    return _svg(lines + points, chart)


def parts(chart: Chart, rows: Sequence[tuple[str, str, float]], answers: Sequence[str]) -> str:
    """A bar a demand, from 0 to all, in the parts of its answers: name, answer, share."""
    import altair as alt  # noqa: PLC0415  slow to load

    short = {name: shorten(name, LONGEST, placeholder=" …") for name, _, _ in rows}
    names = list(short.values())
    values = [
        {
            "group": short[name],
            "answer": answer,
            "share": share,
            "place": list(answers).index(answer),
        }
        for name, answer, share in rows
    ]
    legend = alt.Legend(
        title=None, orient="top", labelFontSize=13, labelLimit=WIDTH, columnPadding=30
    )
    drawn = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(stroke=INK, strokeWidth=0.5)
        .encode(
            y=alt.Y("group:N", sort=names, title=None, axis=alt.Axis(labelLimit=320)),
            x=alt.X(
                "share:Q",
                title=chart.unit,
                axis=alt.Axis(format="%", tickCount=TICKS),
                stack="zero",
            ),
            color=alt.Color(
                "answer:N",
                scale=alt.Scale(domain=list(answers), range=list(PARTS)),
                legend=legend,
            ),
            order=alt.Order("place:Q"),
        )
    )
    return _svg(drawn, chart)


def _svg(drawn: Any, chart: Chart) -> str:
    import altair as alt  # noqa: PLC0415
    import vl_convert  # noqa: PLC0415  slow to load

    if chart.mark:
        drawn = drawn.properties(
            title=alt.TitleParams(
                chart.mark, anchor="start", color="#7a1f00", fontSize=14, offset=14
            )
        )
    whole = (
        drawn.properties(
            width=WIDTH, height=alt.Step(ROW), background="#ffffff", padding=PADDING
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=13, titleFontWeight="normal", labelColor=INK,
            titleColor=INK, gridColor="#dde2e6", domainColor=INK, tickColor=INK,
        )
    )  # fmt: skip
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(
        whole.to_dict(validate=False), vl_version=version, allowed_base_urls=[]
    )
    return for_a_file(svg, chart)
