"""`{% say "start.begin" %}`: a text in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template

from wayhome.web.portal.wording import say as said

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, **blanks: object) -> str:
    return said(context["language"].code, key, **blanks)


@register.simple_tag(takes_context=True)
def day_in_words(context: Any, moment: date | datetime | None) -> str:
    """A day as it is written in the language: 5 July 2026."""
    if moment is None:
        return ""
    month = said(context["language"].code, f"month.{moment.month}")
    return f"{moment.day} {month} {moment.year}"


@register.simple_tag(takes_context=True)
def moment_in_words(context: Any, moment: datetime) -> str:
    """A day and an hour in the time zone of the page, which is named where it is UTC."""
    zone = str(context["zone"])
    there = moment.astimezone(ZoneInfo(zone))
    return f"{day_in_words(context, there)}, {there:%H:%M}{' UTC' if zone == 'UTC' else ''}"
