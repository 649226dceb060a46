"""A passkey is added, signs in without a password, and is taken away; the policy is on all along."""

import pytest
from tests.browser.application.staff import PASSWORD, sign_in

WHO, NAME = "caseworker3", "office laptop"
STRICT = "script-src 'self'"


@pytest.fixture
def with_authenticator(visits, address):
    """A page of a browser that has a passkey's keeper: it says yes to whatever it is asked.

    By a name, not by a number: browsers give no passkey to an address such as 127.0.0.1.
    """
    page = visits.open(address.replace("127.0.0.1", "localhost"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    keeper = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": keeper})
    return page, lambda: session.send("WebAuthn.getCredentials", made)["credentials"]


def sign_in_with_passkey(page):
    opened = page.goto("/sign-in/")
    assert STRICT in opened.headers["content-security-policy"]
    page.get_by_role("button", name="Sign in with a passkey").click()


def show_who_it_is(page):
    """Whoever changes how they sign in may be asked for their password once more."""
    if "/sign-in/again/" in page.url:
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_added_signs_in_and_is_taken_away(with_authenticator):
    page, held = with_authenticator
    sign_in(page, WHO)
    opened = page.goto("/second-factor/webauthn/add/")
    assert STRICT in opened.headers["content-security-policy"]
    show_who_it_is(page)
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    assert len(held()) == 1

    page.context.clear_cookies()
    sign_in_with_passkey(page)
    page.get_by_role("navigation", name="Main").wait_for()
    page.goto("/second-factor/webauthn/")
    page.get_by_role("rowheader", name=NAME).wait_for()

    page.get_by_role("link", name=f"Take {NAME} away").click()
    page.wait_for_load_state()
    show_who_it_is(page)
    page.get_by_role("button", name="Take it away").click()
    page.get_by_text("None yet.").wait_for()
    page.context.clear_cookies()
    sign_in_with_passkey(page)
    page.locator(".notice.error").first.wait_for()
    assert page.url.endswith("/sign-in/")
