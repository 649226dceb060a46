"""A map of the country as SVG: states in shades and textures, places as circles, each a link.

Nothing is told by colour alone: a darker shade has a denser texture too, a circle is larger where
there is more, and the same numbers stand in a table beside the map. The SVG has presentation
attributes only, as the content security policy asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from wayhome.web.observatory.maps.lettering import LARGE, SMALL, Letters, letters
from wayhome.web.observatory.maps.places import states
from wayhome.web.observatory.maps.projection import HEIGHT, WIDTH

INK, PAPER, UNKNOWN = "#17212b", "#ffffff", "#f1f2f4"
# From light to dark: the shade, and the lines of its texture in a tile of 6 by 6.
SHADES = (
    ("#eef6f2", ""),
    ("#bcdccf", "M0 6L6 0"),
    ("#7cb8a1", "M0 1.5H6M0 4.5H6"),
    ("#2f8465", "M0 0L6 6"),
    ("#00382a", "M0 3H6M3 0V6"),
)
_LARGEST, _SMALLEST = 15.0, 2.6  # radius of a circle


@dataclass(frozen=True)
class StateValue:
    """What is told of a state: the number that shades it (None: not known), in words, its page."""

    value: float | None
    text: str
    address: str = ""


@dataclass(frozen=True)
class Spot:
    """A circle: where, how much (its area), in words, its page; `mark` draws it otherwise."""

    x: float
    y: float
    value: float | None
    text: str
    address: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class CountryMap:
    """A map. `map_id` is unlike every other on the page. `words`: legend texts, see `legend`."""

    map_id: str
    title: str
    description: str
    states: Mapping[str, StateValue] = field(default_factory=dict)
    spots: Sequence[Spot] = ()
    synthetic_mark: str = ""


@dataclass(frozen=True)
class Key:
    """An entry of the legend: a little picture (SVG) and the numbers that it stands for."""

    picture: SafeString
    low: float | None
    high: float | None
    is_spot: bool = False


def classes(values: Sequence[float]) -> list[float]:
    """The lower ends of at most five classes of the numbers above 0, at round numbers."""
    above = sorted(value for value in values if value > 0)
    if not above:
        return []
    ends = [above[0], *(above[int(len(above) * share)] for share in (0.25, 0.5, 0.75, 0.9))]
    found: list[float] = []
    for end in ends:
        low = _round_down(end)
        if not found or low > found[-1]:
            found.append(low)
    return found


def _round_down(value: float) -> float:
    """A number with one or two digits that are not 0: 1,234 is 1,200."""
    whole = int(value)
    size = 10 ** max(0, len(str(whole)) - 2)
    return float(max(1, whole // size * size))


def draw(country: CountryMap, *, by_itself: bool = False) -> SafeString:
    """The map to stand in a page, or `by_itself` as a file."""
    ends = classes([one.value for one in country.states.values() if one.value is not None])
    own = country.map_id
    size = f' width="{WIDTH}" height="{HEIGHT}"' if by_itself else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {WIDTH} {HEIGHT}"{size} '
        f'role="group" aria-labelledby="{own}-title" aria-describedby="{own}-desc" '
        'font-family="system-ui, Segoe UI, Roboto, Liberation Sans, Arial, sans-serif">'
        f'<title id="{own}-title">{escape(country.title)}</title>'
        f'<desc id="{own}-desc">{escape(country.description)}</desc>'
        f"<defs>{''.join(_tile(own, step) for step in range(len(SHADES)))}</defs>"
    )
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>' if by_itself else ""
    outlines = "".join(_state(own, code, country.states.get(code), ends) for code in states())
    names = _letters(country, by_itself=by_itself)
    spots = _spots(country.spots)
    mark = _mark(country.synthetic_mark)
    return mark_safe(f"{head}{ground}{outlines}{names}{spots}{mark}</svg>")


def legend(country: CountryMap) -> list[Key]:
    """What the shades and circles stand for, from the least to the most."""
    values = [one.value for one in country.states.values()]
    ends = classes([value for value in values if value is not None])
    keys = [Key(_swatch(country.map_id, None), None, None)] if None in values else []
    if 0 in values:
        keys.append(Key(_swatch(country.map_id, 0, is_zero=True), 0, 0))
    for step, low in enumerate(ends):
        high = ends[step + 1] if step + 1 < len(ends) else None
        keys.append(Key(_swatch(country.map_id, _shade(step, ends)), low, high))
    most = _most(country.spots)
    if most > 0:
        sizes = [_round_down(most * share) for share in (0.05, 0.3)]
        for value in dict.fromkeys((*(size for size in sizes if size < most), most)):
            keys.append(Key(_circle_swatch(value, most), value, value, is_spot=True))
    return keys


# --- states ---


def _shade(step: int, ends: Sequence[float]) -> int:
    """Which of the five shades a class has: the last class is always the darkest."""
    return len(SHADES) - len(ends) + step


def _tile(own: str, step: int) -> str:
    colour, lines = SHADES[step]
    ink, width = (PAPER, 0.4) if step >= 3 else ("#00533f", 0.5)
    texture = (
        f'<path class="tile-ink" d="{lines}" stroke="{ink}" stroke-width="{width}" fill="none"/>'
    )
    return (
        f'<pattern id="{own}-t{step}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path class="tile" d="M0 0h6v6H0z" fill="{colour}"/>{texture if lines else ""}</pattern>'
    )


def _fill(own: str, value: float | None, ends: Sequence[float]) -> str:
    if value is None:
        return UNKNOWN
    step = sum(value >= low for low in ends) - 1
    return f"url(#{own}-t{_shade(step, ends)})" if step >= 0 else PAPER


def _state(own: str, code: str, told: StateValue | None, ends: Sequence[float]) -> str:
    state = states()[code]
    if told is None:
        return f'<path d="{state.path}" fill="{UNKNOWN}" stroke="#8a929c" stroke-width="0.7"/>'
    dashes = ' stroke-dasharray="3 2"' if told.value is None else ""
    shape = (
        f'<path d="{state.path}" fill="{_fill(own, told.value, ends)}" stroke="{INK}" '
        f'stroke-width="0.8" stroke-linejoin="round"{dashes}/>'
    )
    return _link(told.address, told.text, shape)


def _letters(country: CountryMap, *, by_itself: bool) -> str:
    """The two letters of states, in a light seam, to be read on any shade, under the circles.

    A page has them twice: those for a wide one, and larger ones that a narrow one shows instead."""
    most = _most(country.spots)
    circles = [(spot.x, spot.y, _radius(spot.value, most)) for spot in country.spots]
    drawn = _letters_of("letters", letters(circles, SMALL), SMALL)
    return (
        drawn if by_itself else drawn + _letters_of("large-letters", letters(circles, LARGE), LARGE)
    )


def _letters_of(name: str, found: Sequence[Letters], size: int) -> str:
    texts = "".join(
        f'<text x="{one.x:.0f}" y="{one.y + 0.36 * size:.0f}">{one.code}</text>' for one in found
    )
    hidden = "" if size == SMALL else ' display="none"'
    return (
        f'<g class="{name}"{hidden} font-size="{size}" font-weight="600" text-anchor="middle" '
        f'stroke="#fff" stroke-width="3" paint-order="stroke" fill="{INK}" pointer-events="none" '
        f'aria-hidden="true">{texts}</g>'
    )


def _swatch(own: str, step: int | None, *, is_zero: bool = False) -> SafeString:
    fill = PAPER if is_zero else UNKNOWN if step is None else f"url(#{own}-t{step})"
    dashes = ' stroke-dasharray="3 2"' if step is None else ""
    return mark_safe(
        '<svg class="map-key" width="24" height="18" viewBox="0 0 24 18" aria-hidden="true">'
        f'<path d="M.5.5h23v17H.5z" fill="{fill}" stroke="{INK}"{dashes}/></svg>'
    )


# --- circles ---


def _most(spots: Sequence[Spot]) -> float:
    return max((spot.value or 0 for spot in spots), default=0)


def _radius(value: float | None, most: float) -> float:
    return max(_SMALLEST, _LARGEST * sqrt((value or 0) / most)) if most else _SMALLEST


def _spots(spots: Sequence[Spot]) -> str:
    """The largest first, so that no small one is hidden."""
    most = _most(spots)
    ordered = sorted(spots, key=lambda spot: -(spot.value or 0))
    return "".join(_link(spot.address, spot.text, _circle(spot, most)) for spot in ordered)


def _circle(spot: Spot, most: float) -> str:
    radius = _radius(spot.value, most)
    look = (
        'fill="#fff" fill-opacity="0.35" stroke-dasharray="2 1.5"'
        if spot.is_open
        else 'fill="#f2a33a" fill-opacity="0.75"'
    )
    return (
        f'<circle cx="{spot.x:g}" cy="{spot.y:g}" r="{radius:.1f}" {look} stroke="#4a1700" '
        'stroke-width="1"/>'
    )


def _circle_swatch(value: float, most: float) -> SafeString:
    radius = _radius(value, most)
    side = round(2 * radius + 3)
    return mark_safe(
        f'<svg width="{side}" height="{side}" viewBox="0 0 {side} {side}" aria-hidden="true">'
        f'<circle cx="{side / 2}" cy="{side / 2}" r="{radius:.1f}" fill="#f2a33a" '
        'fill-opacity="0.75" stroke="#4a1700"/></svg>'
    )


# --- both ---


def _link(address: str, text: str, shape: str) -> str:
    title = f"<title>{escape(text)}</title>"
    if not address:
        return f"<g>{title}{shape}</g>"
    return f'<a href="{escape(address)}" aria-label="{escape(text)}">{title}{shape}</a>'


def _mark(words: str) -> str:
    if not words:
        return ""
    return (
        f'<text x="{WIDTH - 10}" y="24" font-size="18" font-weight="700" text-anchor="end" '
        f'fill="#7a1f00">{escape(words)}</text>'
    )
