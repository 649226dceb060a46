"""Staff are invited, never signed up by themselves; a second factor is asked of all of them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class StaffSignIn(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: Any) -> bool:
        return False


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, behind as many proxies as WAYHOME_PROXIES says."""
    return get_client_ip(request) or ""


def name_tried(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The sign-in name that was tried, for counting failures (axes)."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username")
    return (tried or request.POST.get("login", "")).strip().lower()[:255]


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    return render(request, "accounts/locked_out.html", status=429)
