"""`{% load docket %}`: what measures, dimensions and denominators of the docket are called."""

from __future__ import annotations

from typing import Any

from django import template

from wayhome.web.observatory import wording

register = template.Library()


@register.simple_tag(takes_context=True)
def docket_word(context: Any, what: str, key: str) -> str:
    """A text of docket.yaml whose name has two parts: `measure` and `pending`."""
    return wording.say(str(context["language"].code), f"docket.{what}_{key}")


@register.simple_tag(takes_context=True)
def tenths(context: Any, share: float | None) -> str:
    """A share as per cent with one digit behind the point; unknown is said."""
    code = str(context["language"].code)
    if share is None:
        return wording.say(code, "frame.unknown")
    return f"{share * 100:.1f}%"
