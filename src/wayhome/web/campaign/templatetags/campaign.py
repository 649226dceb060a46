"""`{% load campaign %}`: the texts of letters, and a letter's own addresses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse

from wayhome.sources.letters.same_organization import Pair
from wayhome.web.campaign.because_words import because_words
from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.models import Signature
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.signed_words import count_words, how_words, line_words
from wayhome.web.campaign.wording import say, say_count

register = template.Library()


@register.simple_tag(takes_context=True)
def tell(context: Any, key: str, **blanks: object) -> str:
    """A text in the language of the page."""
    return say(str(context["language"].code), key, **blanks)


@register.simple_tag(takes_context=True)
def tell_count(context: Any, key: str, count: int, **blanks: object) -> str:
    """A text with a count in it, in the form of one or of many."""
    return say_count(str(context["language"].code), key, count, **blanks)


@register.simple_tag(takes_context=True)
def of_letter(context: Any, name: str, letter: Any = None, **names: object) -> str:
    """The address of a public page of a letter (of this one), in the language of the page."""
    one = letter or context["letter"]
    own = {"language": context["language"].code, "coalition": one.organization.slug}
    return reverse(name, kwargs={**own, "letter": one.slug, **names})


@register.simple_tag(takes_context=True)
def count_said(context: Any, signed: Signed) -> str:
    """How many organizations sign the letter of the page."""
    return count_words(context["letter"], signed, str(context["language"].code))


@register.simple_tag(takes_context=True)
def how_said(context: Any, signed: Signed) -> str:
    """How many of them confirmed by a link of their own, and how many were named only."""
    return how_words(context["letter"], signed, str(context["language"].code))


@register.simple_tag(takes_context=True)
def line_said(context: Any, line: Signature) -> str:
    """Of one line, how it is known."""
    return line_words(context["letter"], line, str(context["language"].code))


@register.simple_tag(takes_context=True)
def because_said(context: Any, pair: Pair) -> str:
    """Why two names are taken for one, or may be one."""
    return because_words(pair, str(context["language"].code))


@register.filter(expects_localtime=False)
def day_there(moment: datetime) -> date:
    """The day of a moment in Washington, where days of letters end."""
    return day_of(moment)


@register.filter
def status_class(status: str) -> str:
    """A status as the stylesheet and the texts name it: partly_kept."""
    return status.replace(" ", "_")
