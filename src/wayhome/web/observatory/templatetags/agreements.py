"""`{% load agreements %}`: what models, events and kinds of agencies are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wayhome.web.observatory import wording
from wayhome.web.observatory.agreements_traces import where_listed as pages_of_count
from wayhome.web.observatory.frame import place_address

register = template.Library()


@register.simple_tag(takes_context=True)
def model_name(context: Any, model: str) -> str:
    """A model in plain words; one that is not known stays as the list has it."""
    return _called(context, "model", model, model)


@register.simple_tag(takes_context=True)
def model_about(context: Any, model: str) -> str:
    return _called(context, "what", model, "")


@register.simple_tag(takes_context=True)
def event_name(context: Any, event: str) -> str:
    return _called(context, "event", event, event)


@register.simple_tag(takes_context=True)
def event_about(context: Any, event: str) -> str:
    return _called(context, "about", event, "")


@register.simple_tag(takes_context=True)
def kind_name(context: Any, kind: str | None) -> str:
    """A kind of agency; unknown is said."""
    return _called(context, "kind", kind or "unknown", kind or "")


@register.simple_tag(takes_context=True)
def list_row(context: Any, source: str | None, row: int | None, sheet: str | None = None) -> str:
    """A link to the row of a list, with the day of the list; empty where no row says it."""
    code, record = str(context["language"].code), context["visit"].record
    if source is None or row is None or source not in record.sources:
        return ""
    day = wording.day(code, record.sources[source].published)
    text = wording.say(code, "agreements.row_of", row=str(row), day=day)
    return format_html('<a href="{}">{}</a>', place_address(code, source, sheet, row), text)


def _called(context: Any, what: str, key: str, otherwise: str) -> str | SafeString:
    name = f"agreements.{what}_{key.replace(' ', '-')}"
    return wording.say(str(context["language"].code), name) if wording.says(name) else otherwise


@register.simple_tag(takes_context=True)
def where_listed(context: Any, series: str, on: date) -> list[tuple[str, str]]:
    """Where the agreements stand that a figure counts: texts and addresses."""
    return pages_of_count(series, on, context["language"].code)
