"""The invented staff at their desks: how they sign in, with the code of their second factor."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

DOMAIN = "invented-harbor.example"
PASSWORD = "invented for the demo"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEED_SECOND_FACTORS = f"""
import os; os.environ["WAYHOME_DEMO"] = "1"
import django; django.setup()
from allauth.mfa.totp.internal.auth import TOTP
from wayhome.web.accounts.models import User
for user in User.objects.filter(authenticator=None):
    TOTP.activate(user, {SECRET!r})
"""


_last_period = {}


def code_of(who):
    """What an authenticator app shows now; the code after that, where this one was used."""
    period = max(int(time.time()) // 30, _last_period.get(who, 0) + 1)
    _last_period[who] = period
    return format_hotp_value(hotp_value(SECRET, period))


def sign_in(page, who):
    page.goto("/sign-in/")
    page.get_by_label("Email address").fill(f"{who}@{DOMAIN}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("The code of your authenticator app").fill(code_of(who))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("navigation", name="Main").wait_for()
