"""A rate ratio drawn: its interval as a line, itself as a dot, 1 in the middle, on a log scale."""

from __future__ import annotations

from math import log
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_WIDE, _MOST = 160, 8.0


@register.simple_tag
def ratio_drawing(line: dict[str, Any]) -> SafeString:
    """The drawing for a line of a report; the numbers stand beside it for whoever cannot see it."""
    low, middle, high = (_x(line[key]) for key in ("low", "ratio", "high"))
    return format_html(
        '<svg class="ratio" width="{}" height="16" viewBox="0 0 {} 16" aria-hidden="true">'
        '<path d="M80 0V16" stroke="#cfd6dc"/><path d="M{} 8H{}" stroke="#00533f"'
        ' stroke-width="2"/><circle cx="{}" cy="8" r="4" fill="#00533f"/></svg>',
        _WIDE,
        _WIDE,
        low,
        high,
        middle,
    )


@register.filter
def percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _x(ratio: float) -> int:
    """From 1/8 at the left edge to 8 at the right; what lies outside is drawn at the edge."""
    bounded = min(max(ratio, 1 / _MOST), _MOST)
    return round(_WIDE / 2 * (1 + log(bounded) / log(_MOST)))
