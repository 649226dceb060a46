"""Bars as SVG, drawn by Altair and vl-convert without a network, ready to stand inside a page.

Each picture carries its title, a description for those who do not see it, and, where the data is
made up, the word SYNTHETIC in the picture itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import vl_convert
from markupsafe import escape

from wayhome.engine.outcomes import Outcome
from wayhome.report.palette import INK, LOOKS, texture_tile
from wayhome.report.summary import OutcomeCounts

# Drawn for the width of an old phone; a wider page enlarges it a little.
WIDTH = 340
ROW_HEIGHT = 40
FONT = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
QUIET = "#4b5563"

_PICTURE_ONLY = re.compile(r' (?:role|aria-[a-z]+|pointer-events|class|font-family)="[^"]*"')
_DECIMALS = re.compile(r"(\d+\.\d{2})\d+")


@dataclass(frozen=True)
class Bar:
    """One bar: its name, the number written at its end, and its parts."""

    label: str
    number: str
    parts: OutcomeCounts


@dataclass(frozen=True)
class Picture:
    """What a chart is called. `figure_id` is unlike every other on the page."""

    figure_id: str
    title: str
    description: str
    synthetic_mark: str = ""


def bar_chart(bars: Sequence[Bar], picture: Picture, *, all_of_one_length: bool = False) -> str:
    """The bars, one below the other, as an inline SVG with `role="img"`.

    `all_of_one_length` draws the shares of each bar's parts, so that bars of very different size
    can be compared.
    """
    design, version = _design()
    spec = {**design, "height": ROW_HEIGHT * len(bars)}
    spec["datasets"] = _rows(bars, all_of_one_length)
    if picture.synthetic_mark:
        spec["title"] = {**_MARK, "text": picture.synthetic_mark}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
    return _for_a_page(svg, picture)


_MARK = {"anchor": "start", "fontSize": 11.5, "fontWeight": "bold", "color": "#7a1f00", "offset": 6}


@cache
def _design() -> tuple[dict[str, Any], str]:
    """The chart without its numbers, and the version of Vega-Lite that it is written in.

    Altair checks it once; every picture fills in its own rows. Altair loads slowly, so only what
    draws waits for it.
    """
    import altair as alt  # noqa: PLC0415

    rows = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    colours = alt.Scale(domain=[o.value for o in LOOKS], range=[k.colour for k in LOOKS.values()])
    parts = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(height=13, yOffset=9, stroke=INK, strokeWidth=0.6)
        .encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(nice=False, zero=True)),
            x2="end:Q",
            y=rows,
            color=alt.Color("outcome:N", scale=colours, legend=None),
        )
    )
    line: dict[str, Any] = {"dy": -7, "fontSize": 12.5, "limit": WIDTH - 90}
    bars = alt.Chart(alt.NamedData("bars")).encode(y=rows)
    labels = bars.mark_text(x=0, align="left", color=INK, **line).encode(text="label:N")
    numbers = bars.mark_text(x=WIDTH, align="right", color=QUIET, **line).encode(text="number:N")
    chart = alt.layer(parts, labels, numbers)
    frame = {"width": WIDTH, "background": "transparent", "padding": 2}
    chart = chart.properties(**frame).configure(font=FONT).configure_view(stroke=None)
    design: dict[str, Any] = chart.to_dict()
    return design, ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def _rows(bars: Sequence[Bar], shares: bool) -> dict[str, list[dict[str, Any]]]:
    """The design's two data sets: a row a part of a bar, and a row a bar."""
    return {
        "parts": [
            {"row": number, "start": start, "end": end, "outcome": outcome.value}
            for number, bar in enumerate(bars)
            for outcome, start, end in _stacked(bar.parts, shares)
        ],
        "bars": [
            {"row": number, "label": bar.label, "number": bar.number}
            for number, bar in enumerate(bars)
        ],
    }


def _stacked(parts: OutcomeCounts, shares: bool) -> list[tuple[Outcome, float, float]]:
    """Each part of a bar with where it starts and ends, in counts or in shares of the bar."""
    whole = sum(parts.values()) if shares else 1
    stacked, start = [], 0
    for outcome in LOOKS:
        count = parts.get(outcome, 0)
        if count:
            stacked.append((outcome, start / whole, (start + count) / whole))
            start += count
    return stacked


def _for_a_page(svg: str, picture: Picture) -> str:
    """The SVG with its name, its textures, and without what a page does not need."""
    own = picture.figure_id
    body = _PICTURE_ONLY.sub("", svg[svg.index(">") + 1 :])
    for outcome, look in LOOKS.items():
        if look.texture:
            body = body.replace(f'fill="{look.colour}"', f'fill="url(#{own}-{outcome})"')
    tiles = "".join(texture_tile(o, f"{own}-{o}") for o, look in LOOKS.items() if look.texture)
    size = re.search(r'viewBox="[^"]*"', svg)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size.group() if size else ""} role="img" '
        f'font-family="{FONT}" '
        f'aria-labelledby="{own}-title {own}-desc">'
        f'<title id="{own}-title">{escape(picture.title)}</title>'
        f'<desc id="{own}-desc">{escape(picture.description)}</desc>'
    )
    return head + f"<defs>{tiles}</defs>" + _DECIMALS.sub(r"\1", body)
