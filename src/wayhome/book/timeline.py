"""Stretches of time as bars in an inline SVG; the page says the same in a table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from wayhome.law.condition_words import day_in_words
from wayhome.law.rules import Rule
from wayhome.law.tables import FROM, TO, Row, Table
from wayhome.report.charts import FONT, QUIET
from wayhome.report.palette import INK

WIDTH, ROW, BAR, TOP, FOOT = 340, 38, 12, 4, 22
_COLOURS = {"in force": "#00664d", "suspended": "#c06c00", "issued": "#ffffff"}


@dataclass(frozen=True)
class Span:
    """A stretch of one bar: `what` is one of in force, suspended, issued. No end: not over."""

    start: date
    end: date | None
    what: str


@dataclass(frozen=True)
class Lane:
    """One bar with the words above it."""

    label: str
    spans: tuple[Span, ...]


def rule_lane(rule: Rule) -> Lane:
    """A rule's own dates: issued until effective, in force, suspended."""
    history = rule.history
    spans = [Span(s.start, s.end, "in force") for s in rule.in_force]
    spans += [Span(s.start, s.end, "suspended") for s in history.suspended]
    if history.issued and history.issued < history.effective:
        spans.append(Span(history.issued, history.effective, "issued"))
    return Lane("This rule", tuple(sorted(spans, key=lambda s: s.start)))


def row_spans(row: Row, ranges: Iterable[str]) -> tuple[Span, ...]:
    """A row's ranges that have a beginning."""
    pairs = [(row.values[name + FROM], row.values[name + TO]) for name in ranges]
    return tuple(
        Span(start, end if isinstance(end, date) else None, "in force")
        for start, end in pairs
        if isinstance(start, date)
    )


def table_lanes(table: Table, names: Sequence[str], ranges: Sequence[str]) -> list[Lane]:
    """A lane a row; `names` are what the rows are called."""
    lanes = [
        Lane(name, row_spans(row, ranges[:1])) for name, row in zip(names, table.rows, strict=True)
    ]
    return [lane for lane in lanes if lane.spans]


def drawn(lanes: Sequence[Lane], figure_id: str, title: str, until: date) -> Markup:
    """The lanes below each other, to the day `until`; bars that go on reach past it."""
    days = [d for lane in lanes for s in lane.spans for d in (s.start, s.end) if d]
    first, last = min(days), max(*days, until)
    scale = _Scale(first, last)
    height = TOP + ROW * len(lanes) + FOOT
    body = "".join(_lane(lane, TOP + ROW * n, scale, figure_id) for n, lane in enumerate(lanes))
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'class="timeline" font-family="{FONT}" font-size="12.5" '
        f'aria-labelledby="{figure_id}-title {figure_id}-desc">'
        f'<title id="{figure_id}-title">{escape(title)}</title>'
        f'<desc id="{figure_id}-desc">{escape(_described(lanes))}</desc>'
        f"{_hatch(figure_id)}{body}{_axis(scale, height - FOOT)}</svg>"
    )


def _described(lanes: Sequence[Lane]) -> str:
    if len(lanes) > 3:
        return f"{len(lanes)} bars, one a row; the table of the same rows is below."
    said = [
        f"{s.what} from {day_in_words(s.start)}"
        + (f" until before {day_in_words(s.end)}" if s.end else ", and not over")
        for lane in lanes
        for s in lane.spans
    ]
    return "; ".join(said) + "."


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        whole = max((self.last - self.first).days, 1)
        return round(2 + (WIDTH - 16) * (day - self.first).days / whole, 1)


def _lane(lane: Lane, top: int, scale: _Scale, figure_id: str) -> str:
    label = lane.label if len(lane.label) <= 50 else f"{lane.label[:49]}…"
    parts = [f'<text x="2" y="{top + 13}" fill="{INK}">{escape(label)}</text>']
    for span in lane.spans:
        start, end = scale.x(span.start), scale.x(span.end) if span.end else WIDTH - 10.0
        fill = f"url(#{figure_id}-hatch)" if span.what == "suspended" else _COLOURS[span.what]
        width = round(max(end - start, 1.5), 1)
        parts.append(
            f'<rect x="{start}" y="{top + 19}" width="{width}" height="{BAR}" fill="{fill}" '
            f'stroke="{INK}" stroke-width="0.6"/>'
        )
        if span.end is None:
            y, tip = top + 19 + BAR / 2, WIDTH - 2
            parts.append(
                f'<path d="M{WIDTH - 10} {y - 6}L{tip} {y}L{WIDTH - 10} {y + 6}Z" fill="{INK}"/>'
            )
    return "".join(parts)


def _hatch(figure_id: str) -> str:
    colour = _COLOURS["suspended"]
    return (
        f'<defs><pattern id="{figure_id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="M0 0h6v6H0z" fill="#fff"/><path d="M-1 1l2-2M0 6l6-6M5 7l2-2" '
        f'stroke="{colour}" stroke-width="1.6"/></pattern></defs>'
    )


def _axis(scale: _Scale, y: int) -> str:
    """The years below the bars, as many as there is room for."""
    years = range(scale.first.year + 1, scale.last.year + 1)
    step = max(1, -(-len(years) // 6))
    chosen = [y for y in years if y % step == 0] or [scale.last.year]
    parts = [f'<path d="M2 {y}H{WIDTH - 2}" stroke="{QUIET}" stroke-width="0.8"/>']
    for year in chosen:
        x = scale.x(max(date(year, 1, 1), scale.first))
        end = "end" if x > WIDTH - 30 else "middle" if x > 16 else "start"
        parts.append(
            f'<path d="M{x} {y}v4" stroke="{QUIET}"/>'
            f'<text x="{x}" y="{y + 16}" fill="{QUIET}" font-size="11" text-anchor="{end}">'
            f"{year}</text>"
        )
    return "".join(parts)
