"""`{% load observatory %}`: texts, addresses, numbers with their source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wayhome.public_record.record import Figure
from wayhome.web.observatory import wording
from wayhome.web.observatory.frame import address as address_of
from wayhome.web.observatory.frame import place_address
from wayhome.web.observatory.series import field_name as name_of_field
from wayhome.web.observatory.series import series_name as name_of_series

register = template.Library()


def _code(context: Any) -> str:
    return str(context["language"].code)


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, **blanks: object) -> str:
    """A text in the language of the page."""
    return wording.say(_code(context), key, **blanks)


@register.simple_tag(takes_context=True)
def address(context: Any, name: str, **names: object) -> str:
    """The address of a page in the language of this one; empty where there is no such page."""
    try:
        return address_of(name, _code(context), **names)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def number(context: Any, value: float | None) -> str:
    """A number as the language writes it; unknown is said, never 0."""
    if value is None:
        return wording.say(_code(context), "frame.unknown")
    return wording.number(_code(context), value)


@register.simple_tag(takes_context=True)
def percent(context: Any, share: float | None) -> str:
    if share is None:
        return wording.say(_code(context), "frame.unknown")
    return wording.percent(_code(context), share)


@register.simple_tag(takes_context=True)
def day(context: Any, value: date | None) -> str | SafeString:
    """A day in words, in a `<time>`; unknown is said."""
    if value is None:
        return wording.say(_code(context), "frame.unknown")
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), wording.day(_code(context), value)
    )


@register.simple_tag(takes_context=True)
def month(context: Any, value: date) -> str:
    return wording.month(_code(context), value)


@register.simple_tag(takes_context=True)
def figure(context: Any, told: Figure | None) -> SafeString | str:
    """A number of the record as a link to where it is from."""
    code = _code(context)
    if told is None:
        return wording.say(code, "frame.unknown")
    to = address_of("observatory_figure", code, series=told.series, on=told.on.isoformat())
    text = wording.number(code, told.value)
    title = wording.say(code, "frame.trace", number=told.value)
    return format_html('<a class="figure" href="{}" title="{}">{}</a>', to, title, text)


@register.simple_tag(takes_context=True)
def trace(
    context: Any,
    source: str | None,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> str:
    """The address of a row of a source; empty where there is no source."""
    if not source:
        return ""
    return place_address(_code(context), source, sheet, row, column)


@register.simple_tag(takes_context=True)
def series_name(context: Any, series: str) -> str:
    return name_of_series(series, _code(context))


@register.simple_tag(takes_context=True)
def field_name(context: Any, field: str) -> str:
    return name_of_field(field, _code(context))
