"""Nobody on the staff works with a password alone: without a second factor, only set-up opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from wayhome.web.protection.keys import installation_key
from wayhome.web.protection.sealing import seal, unseal

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_PLACE = "second factor"

# What a signed-in member without a second factor may open: its set-up, and the way out.
OPEN = frozenset(
    {
        "second_factor_needed",
        "account_logout",
        "account_login",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "join",
        "join_by_link",
        "language",
    }
)


def has_second_factor(user: Any) -> bool:
    """Whether somebody has an authenticator app or a passkey. Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


class SecondFactorMiddleware:
    """Sends a member of staff without a second factor to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return self.get_response(request)
        if has_second_factor(request.user) or _name_of(request.path_info) in OPEN:
            return self.get_response(request)
        return redirect("second_factor_needed")


def _name_of(path: str) -> str:
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return seal(installation_key(), text.encode(), _PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(installation_key(), bytes.fromhex(encrypted_text), _PLACE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays, unless another one is there."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return authenticator.type not in FACTORS or others.exclude(pk=authenticator.pk).exists()
