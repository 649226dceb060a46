"""The states of a case drawn from the table itself, for `wayhome web states`.

states.md (tables and a Mermaid diagram) and states.svg, the same without any program to draw it.
A test fails when either is not what the table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from wayhome.web.review.states import (
    STAGES,
    TO_FILING,
    TRANSITIONS,
    Stage,
    Transition,
    steps_from,
)

_MADE = "<!-- Made by `wayhome web states`; do not edit. -->\n"

# Where each state stands in the drawing: column, row.
_PLACES = {
    "received": (0, 0),
    "preparing": (1, 0),
    "ready": (2, 0),
    "first_review": (3, 0),
    "second_review": (3, 1),
    "panel": (4, 2),
    "reconsideration": (1, 2),
    "not_recommended": (2, 3),
    "recommended": (3, 3),
    "filed": (2, 4),
    "denied": (1, 4),
    "granted": (3, 4),
    "travelling": (3, 5),
    "home": (3, 6),
    "withdrawn": (0, 6),
}
_WIDE, _HIGH, _BOX_WIDE, _BOX_HIGH = 210, 96, 150, 44


def pages() -> dict[str, str]:
    """Every file by its name."""
    return {"states.md": "\n".join(_page()) + "\n", "states.svg": "\n".join(_drawing()) + "\n"}


def _page() -> Iterator[str]:
    hours = sum(clock.emergency for s in TO_FILING if (clock := STAGES[s].clock))
    yield _MADE
    yield "# The states of a case\n"
    yield (
        f"{len(STAGES)} states, {len(TRANSITIONS)} steps, from the table in review/states.py. In"
        f" the emergency lane a case goes from the first call to the filing in {hours} hours,"
        " a panel included.\n"
    )
    yield "![Every state and step but the ways to withdrawn](states.svg)\n"
    yield "```mermaid\nstateDiagram-v2\n    [*] --> received"
    yield from (f"    {s} : {stage.label}" for s, stage in STAGES.items())
    yield from (f"    {t.start} --> {t.to} : {t.audit_deed}" for t in TRANSITIONS.values())
    yield "```\n"
    yield "| state | whose it is | hours | hours, emergency | what may follow |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_stage_line(stage) for stage in STAGES.values())
    yield "\n| from | to | who may | how | in the audit log |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_step_line(step) for step in TRANSITIONS.values())


def _stage_line(stage: Stage) -> str:
    clock = stage.clock
    hours = (str(clock.ordinary), str(clock.emergency)) if clock else ("no clock", "no clock")
    follow = ", ".join(sorted(step.to.label for step in steps_from(stage.state))) or "nothing"
    return f"| {stage.label} | {stage.owner.value} | {hours[0]} | {hours[1]} | {follow} |"


def _step_line(step: Transition) -> str:
    who = f"who may {step.deed}" + (", or the applicant" if step.may_applicant else "")
    cells = (step.start.label, step.to.label, who, step.how.value, step.audit_deed)
    return "| " + " | ".join(cells) + " |"


def _drawing() -> Iterator[str]:
    wide, high = 5 * _WIDE, 7 * _HIGH
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img"'
        ' font-family="system-ui, sans-serif" font-size="14">'
    )
    yield "<title>The states of a case, and what may follow each</title>"
    yield (
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 10 5 0 10z" fill="#4b5563"/></marker></defs>'
    )
    yield f'<rect width="{wide}" height="{high}" fill="#fff"/>'
    drawn = [t for t in TRANSITIONS.values() if t.to != "withdrawn"]
    yield from (_arrow(step) for step in drawn)
    yield from (_box(stage) for stage in STAGES.values())
    x, y = _middle("withdrawn")
    note = "from every state but travelling and home"
    yield f'<text x="{x - 75}" y="{y - 32}" font-size="12" fill="#4b5563">{note}</text>'
    yield "</svg>"


def _middle(state: str) -> tuple[float, float]:
    column, row = _PLACES[state]
    return (column + 0.5) * _WIDE, (row + 0.5) * _HIGH


def _box(stage: Stage) -> str:
    x, y = _middle(stage.state)
    left, top = x - _BOX_WIDE / 2, y - _BOX_HIGH / 2
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{_BOX_WIDE}" height="{_BOX_HIGH}" rx="6"'
        f' fill="#f4f6f4" stroke="#00533f" stroke-width="1.5"/>'
        f'<text x="{x:g}" y="{y - 2:g}" text-anchor="middle" fill="#17212b">'
        f"{escape(stage.label)}</text>"
        f'<text x="{x:g}" y="{y + 14:g}" text-anchor="middle" font-size="11" fill="#4b5563">'
        f"{stage.owner.value}</text>"
    )


def _arrow(step: Transition) -> str:
    """A curve from box to box; two ways between the same boxes bend apart."""
    (x0, y0), (x1, y1) = _middle(step.start), _middle(step.to)
    across, down = x1 - x0, y1 - y0
    length = (across**2 + down**2) ** 0.5
    bend = 22.0 if length < 1.2 * _WIDE else 60.0
    middle_x = (x0 + x1) / 2 - bend * down / length
    middle_y = (y0 + y1) / 2 + bend * across / length
    start_x, start_y = _edge(x0, y0, middle_x, middle_y)
    end_x, end_y = _edge(x1, y1, middle_x, middle_y)
    return (
        f'<path d="M{start_x:.0f} {start_y:.0f}Q{middle_x:.0f} {middle_y:.0f} {end_x:.0f}'
        f' {end_y:.0f}" fill="none" stroke="#4b5563" marker-end="url(#head)"/>'
    )


def _edge(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Where the line from a box's middle towards a point leaves the box."""
    across, down = to_x - x, to_y - y
    scale = min(
        _BOX_WIDE / 2 / abs(across) if across else float("inf"),
        _BOX_HIGH / 2 / abs(down) if down else float("inf"),
    )
    return x + across * scale, y + down * scale
