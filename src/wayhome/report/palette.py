"""How the four outcomes look, everywhere: colour, texture on a page, sign in a terminal.

The colours stay apart for people with any colour blindness and in grey (they differ in
lightness), and each reaches 3:1 against white. None is ever the only sign of an outcome: each has
its own texture, its place in the order, and its words beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.engine.outcomes import Outcome

INK = "#17212b"


@dataclass(frozen=True)
class Look:
    """One outcome's look. `texture` is SVG drawn over the colour in a tile of 6 by 6."""

    colour: str
    texture: str
    block: str
    style: str


LOOKS: dict[Outcome, Look] = {
    Outcome.GROUND: Look("#00664d", "", "█", "green"),
    Outcome.GROUND_WITH_BAR: Look(
        "#c06c00",
        '<path d="M-1 1l2-2M0 6l6-6M5 7l2-2" stroke="#fff" stroke-width="1.5"/>',
        "▓",
        "yellow",
    ),
    Outcome.OPEN: Look(
        "#3f7fbf",
        '<g fill="#fff"><circle cx="1.5" cy="1.5" r=".9"/><circle cx="4.5" cy="4.5" r=".9"/></g>',
        "▒",
        "blue",
    ),
    Outcome.NONE_FOUND: Look(
        "#7a828c",
        '<path d="M0 0h6v6H0z" fill="#fff"/><path d="M0 3h6" stroke="#7a828c" stroke-width="1"/>',
        "░",
        "bright_black",
    ),
}


def texture_tile(outcome: Outcome, tile_id: str) -> str:
    """The SVG pattern of an outcome, for `fill="url(#tile_id)"`."""
    look = LOOKS[outcome]
    return (
        f'<pattern id="{tile_id}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="M0 0h6v6H0z" fill="{look.colour}"/>{look.texture}</pattern>'
    )


def swatch(outcome: Outcome) -> str:
    """A little square of an outcome's look, to stand beside its words; see `swatch_tiles`."""
    return (
        '<svg class="swatch" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">'
        f'<path d="M.5.5h17v17H.5z" fill="url(#swatch-{outcome})" stroke="{INK}"/></svg>'
    )


def swatch_tiles() -> str:
    """What the swatches of a page are filled with; it stands once on each page."""
    tiles = "".join(texture_tile(outcome, f"swatch-{outcome}") for outcome in Outcome)
    return f'<svg class="unseen" aria-hidden="true"><defs>{tiles}</defs></svg>'
