"""Staff are invited, never signed up by themselves; a second factor is asked of all of them."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class StaffSignIn(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: Any) -> bool:
        return False


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, behind as many proxies as WAYHOME_PROXIES says.

    Of IPv6 the network (/64): one household or one server has all addresses in it.
    """
    found = get_client_ip(request) or ""
    try:
        address = ip_address(found)
    except ValueError:
        return found
    if address.version == 4:
        return found
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)


def name_tried(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """The sign-in name that was tried, for counting failures (axes)."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username")
    return (tried or request.POST.get("login", "")).strip().lower()[:255]


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    return render(request, "accounts/locked_out.html", status=429)
