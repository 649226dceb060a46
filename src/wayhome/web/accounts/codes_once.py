"""Codes of an authenticator app: each lets somebody in once, for as long as it is good.

allauth forgets a used code after one period of 30 seconds. A code is good for longer, because a
telephone's clock may be off by a period: in between, whoever saw it typed could use it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.forms import Form as _Form
else:
    _Form = object

PERIOD = 30
GOOD_FOR = PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)


class _Once(_Form):
    """Takes a code that was used as a wrong one: it is counted, and the same is said."""

    user: Any

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        used = _used(self.user, code)
        if cache.get(used):
            self.cleaned_data["code"] = ""
        taken: str = super().clean_code()  # type: ignore[misc]
        cache.set(used, "y", timeout=GOOD_FOR)
        return taken


def _used(user: Any, code: str) -> str:
    digest = salted_hmac("code used", f"{user.pk} {normalize_user_code(code)}", algorithm="sha256")
    return f"code-used:{digest.hexdigest()}"


class SecondFactorForm(_Once, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class SetUpForm(_Once, ActivateTOTPForm):  # type: ignore[misc]
    """The code that shows that an authenticator app was set up: it signs nobody in."""


class SecondFactorAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """Asked again before somebody changes how they sign in."""
