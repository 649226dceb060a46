"""Every request of staff is scoped to one organization; a query that is not is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_scopes import scope

from wayhome.web.accounts.models import Membership

CHOSEN = "organization"


class OrganizationScopeMiddleware:
    """Sets `request.member` (or None), and the scope of its organization for all queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.member = _member(request)
        if request.member is None:
            return self.get_response(request)
        with scope(organization=request.member.organization):
            return self.get_response(request)


def _member(request: Any) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    mine = request.user.memberships.filter(is_active=True).select_related("organization")
    chosen = request.session.get(CHOSEN)
    found: Membership | None = mine.filter(organization=chosen).first() if chosen else None
    return found or mine.order_by("organization__name").first()
