"""The navigation of staff, by role, and what every staff page says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.cases.invented import PASSWORD

register = template.Library()


@dataclass(frozen=True)
class Place:
    """A page in the navigation: its words, the name of its url, and who may go there."""

    text: str
    url_name: str
    deed: Deed


PLACES = (
    Place("Worklist", "worklist", Deed.SEE_WORKLIST),
    Place("Search", "search", Deed.SEE_WORKLIST),
    Place("Tasks", "tasks", Deed.CHANGE_CASE),
    Place("Take in", "intake", Deed.TAKE_IN),
    Place("Calls", "calls", Deed.TAKE_IN),
    Place("Drafts", "many_papers", Deed.DRAFT),
    Place("The way home", "journeys", Deed.CHANGE_CASE),
    Place("Reviews", "reviews", Deed.REVIEW),
    Place("Rota", "rota", Deed.ASSIGN),
    Place("Patterns", "patterns", Deed.SEE_PATTERNS),
    Place("Letters", "letters", Deed.RUN_LETTERS),
    Place("Log", "log", Deed.SEE_LOG),
    Place("Keeping", "retention", Deed.ERASE),
    Place("People", "people", Deed.ADMINISTER),
)


@register.simple_tag(takes_context=True)
def places(context: Any) -> list[dict[str, object]]:
    """Where this member of staff may go: text, url, and whether this page is there."""
    request = context.get("request")
    return list(_places(request)) if request else []


def _places(request: Any) -> Iterator[dict[str, object]]:
    member = getattr(request, "member", None)
    for place in PLACES:
        if may(member, place.deed) and (url := _url(place.url_name)):
            yield {"text": place.text, "url": url, "is_here": request.path == url}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(name="may", takes_context=True)
def may_do(context: Any, deed: str) -> bool:
    """`{% may "CHANGE_CASE" as can %}`: whether whoever reads the page may do it at all."""
    return may(getattr(context["request"], "member", None), Deed[deed])


@register.simple_tag
def is_demo() -> bool:
    return bool(settings.IS_DEMO)


@register.simple_tag
def invented_staff() -> dict[str, Any]:
    """Who can sign in to a demonstration, and their password. Never asked for anywhere else."""
    members = Membership.objects.select_related("user").order_by("role", "user__email")
    return {"password": PASSWORD, "members": members.filter(user__is_active=True)}
