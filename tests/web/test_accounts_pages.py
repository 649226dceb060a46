"""Signing in, the second factor, invitations, sessions and the administrator's pages."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wayhome.web.accounts import session_limits
from wayhome.web.accounts.models import Invitation, Membership, SignIn, User
from wayhome.web.accounts.sign_in import address_of
from wayhome.web.audit.models import Event

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
PASSWORD = "a long enough secret"


def signed_in(member):
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def code_of(secret):
    """The code of this period; allauth would take that of the period before and after it too."""
    return format_hotp_value(hotp_value(secret, int(auth.time.time()) // 30))


def with_totp(member, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"):
    Authenticator.objects.filter(user=member.user).delete()
    TOTP.activate(member.user, secret)
    return secret


def test_it_hashes_passwords_with_argon2(member):
    assert member("attorney").user.password.startswith("argon2")


def test_it_asks_for_the_second_factor_after_the_password(member):
    whose = member("attorney")
    secret = with_totp(whose)
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": whose.user.email, "password": PASSWORD}
    )
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.session["_auth_user_id"] == str(whose.user.pk)


def lets_in(member, code):
    client = Client()
    client.post(reverse("account_login"), {"login": member.user.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})
    return "_auth_user_id" in client.session


@pytest.fixture
def telephone(monkeypatch):
    """The clock that codes go by, which stands still unless a test moves it."""
    from allauth.mfa.totp.internal import auth

    clock = SimpleNamespace(now=1_800_000_000)
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


def test_it_takes_no_code_twice(member, telephone):
    whose = member("attorney")
    code = code_of(with_totp(whose))
    assert [lets_in(whose, code) for _ in range(2)] == [True, False]


def test_it_takes_no_code_twice_for_as_long_as_it_is_good(member, telephone):
    """allauth forgets a used code after 30 seconds; with its tolerance it is good for 90."""
    whose = member("attorney")
    secret = with_totp(whose)
    ahead = format_hotp_value(hotp_value(secret, telephone.now // 30 + 1))
    assert lets_in(whose, ahead)
    for _ in range(2):
        telephone.now += 30
        forgotten = TOTP(Authenticator.objects.get(user=whose.user))._get_used_cache_key(ahead)
        cache.delete(forgotten)
        assert not lets_in(whose, ahead)
        assert not lets_in(whose, f"{ahead[:3]} {ahead[3:]}")


def test_it_lets_nobody_in_with_the_code_of_the_set_up(member, telephone):
    whose = member("lead")
    Authenticator.objects.all().delete()
    client = signed_in(whose)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    code = code_of(client.session["mfa.totp.secret"])
    client.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=whose.user, type="totp").exists()
    assert not lets_in(whose, code)


def wrong_passwords(member, many, address):
    for _ in range(many):
        sent = {"login": member.user.email, "password": "not it at all 77"}
        Client(REMOTE_ADDR=address).post(reverse("account_login"), sent)


def signs_in_from(member, address):
    client = Client(REMOTE_ADDR=address)
    sent = {"login": member.user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), sent).status_code == 302


def test_wrong_passwords_from_elsewhere_keep_nobody_out(member):
    whose = member("attorney")
    with_totp(whose)
    wrong_passwords(whose, 5, "192.0.2.1")
    wrong_passwords(whose, 5, "192.0.2.2")
    assert not signs_in_from(whose, "192.0.2.1")
    assert signs_in_from(whose, "192.0.2.9")


def test_wrong_passwords_are_counted_by_the_network_that_one_house_has(member):
    whose = member("attorney")
    with_totp(whose)
    for n in range(1, 6):
        wrong_passwords(whose, 1, f"2001:db8:0:7::{n}")
    assert not signs_in_from(whose, "2001:db8:0:7:ffff::1")
    assert signs_in_from(whose, "2001:db8:0:8::1")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::"),
    ],
)
def test_it_counts_an_address_as_whoever_has_it(rf, address, counted):
    assert address_of(rf.get("/", REMOTE_ADDR=address)) == counted


def test_it_remembers_a_used_code_for_as_long_as_it_is_good_and_not_in_the_clear(member, telephone):
    whose = member("attorney")
    code = code_of(with_totp(whose))
    assert lets_in(whose, code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, expires FROM shared_counts")
        ((name, until),) = [row for row in cursor.fetchall() if "code-used" in row[0]]
    until = until if hasattr(until, "year") else datetime.fromisoformat(until)
    seconds = (until.replace(tzinfo=UTC) - timezone.now()).total_seconds()
    assert 80 < seconds <= 91
    assert code not in name


def test_it_keeps_no_second_factor_in_the_clear(member):
    secret = with_totp(member("attorney"))
    held = Authenticator.objects.filter(type="totp").latest("pk")
    assert secret not in str(held.data)
    assert held.wrap().validate_code(code_of(secret))


def test_it_opens_nothing_to_a_member_without_a_second_factor(member):
    whose = member("lead")
    Authenticator.objects.all().delete()
    client = signed_in(whose)
    for name in ("log", "my_account", "start"):
        assert client.get(reverse(name)).url == reverse("second_factor_needed")
    assert client.get("/no-such-page/").url == reverse("second_factor_needed")
    assert client.get(reverse("second_factor_needed")).status_code == 200


def test_it_counts_recovery_codes_as_no_second_factor(member):
    whose = member("lead")
    Authenticator.objects.all().delete()
    Authenticator.objects.create(user=whose.user, type="recovery_codes", data={})
    assert signed_in(whose).get(reverse("log")).url == reverse("second_factor_needed")


def test_it_sets_up_an_authenticator_app_and_shows_the_recovery_codes_once(member):
    whose = member("lead")
    Authenticator.objects.all().delete()
    client = signed_in(whose)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    first, second = (client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in "12")
    assert "shown this once" in first
    assert "not shown again" in second
    assert client.get(reverse("log")).status_code == 200


def test_it_keeps_the_last_second_factor(member):
    whose = member("lead")
    with_totp(whose)
    client = signed_in(whose)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=whose.user, type="totp").exists()


def test_it_has_no_sign_up_and_no_password_by_email(client):
    for path in ("/signup/", "/accounts/signup/", "/password/reset/", "/email/"):
        assert client.get(path).status_code == 404


def test_it_says_the_same_for_a_wrong_password_and_an_unknown_name(member):
    known = {"login": member("lead").user.email, "password": "wrong"}
    unknown = {"login": "nobody@example.org", "password": "wrong"}
    pages = [
        Client().post(reverse("account_login"), said).content.decode() for said in (known, unknown)
    ]
    wrong = [page.split("Something is not right yet")[1].split("</div>")[0] for page in pages]
    assert wrong[0] == wrong[1]


def test_it_locks_out_after_five_wrong_passwords_even_with_the_right_one(member, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}
    email = member("lead").user.email
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
    answer = Client().post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "fifteen minutes" in answer.content.decode()
    assert email not in answer.content.decode()


def test_it_counts_wrong_second_factors(member):
    whose = member("lead")
    secret = with_totp(whose)
    client = Client()
    client.post(reverse("account_login"), {"login": whose.user.email, "password": PASSWORD})
    for n in range(30):
        sent = {"code": "000000"}
        client.post(reverse("mfa_authenticate"), sent, REMOTE_ADDR=f"192.0.2.{n}")
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("started", "seen", "lives"),
    [
        (timedelta(hours=1), timedelta(minutes=29), True),
        (timedelta(hours=1), timedelta(minutes=30), False),
        (timedelta(hours=7, minutes=59), timedelta(0), True),
        (timedelta(hours=8), timedelta(0), False),
        (timedelta(hours=1), -timedelta(hours=3), False),
        (-timedelta(days=2), timedelta(0), False),
    ],
    ids=["29 min", "30 min", "nearly 8 h", "8 h", "clock set back", "clock set back by days"],
)
def test_it_ends_a_session_by_silence_by_age_and_by_a_changed_clock(member, started, seen, lives):
    client = signed_in(member("auditor"))
    now = timezone.now()
    session = client.session
    session[session_limits.STARTED] = (now - started).isoformat()
    session[session_limits.SEEN] = (now - seen).isoformat()
    session.save()
    answer = client.get(reverse("log"))
    assert (answer.status_code == 200) is lives
    assert ("_auth_user_id" in client.session) is lives


def test_it_says_so_when_a_form_comes_after_the_session_ended(member):
    client = signed_in(member("administrator"))
    session = client.session
    del session[session_limits.STARTED]
    session.save()
    answer = client.post(reverse("people"), {"email": "new@example.org", "role": "lead"})
    assert answer.status_code == 403
    assert "was not saved" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_it_lists_and_ends_ones_own_sessions_only(member):
    mine, other = member("auditor"), member("auditor")
    here, there, elsewhere = signed_in(mine), signed_in(mine), signed_in(other)
    page = here.get(reverse("my_account")).content.decode()
    assert page.count("/end/") >= 2
    rows = {row.session_key: row.pk for row in SignIn.objects.all()}
    here.post(reverse("end_session", args=[rows[there.session.session_key]]))
    here.post(reverse("end_session", args=[rows[elsewhere.session.session_key]]))
    assert there.get(reverse("log")).status_code == 302
    assert elsewhere.get(reverse("log")).status_code == 200
    here.post(reverse("end_every_session"))
    assert here.get(reverse("log")).status_code == 302


def test_it_refuses_the_session_of_somebody_let_go(member):
    boss, whose = member("administrator"), member("auditor")
    client = signed_in(whose)
    signed_in(boss).post(reverse("let_go", args=[whose.pk]))
    assert client.get(reverse("log")).status_code == 302
    assert not Session.objects.filter(session_key=client.session.session_key).exists() or (
        "_auth_user_id" not in client.session
    )


def invited(member, email="new@example.org", role="caseworker"):
    page = signed_in(member).post(reverse("people"), {"email": email, "role": role})
    return page.content.decode().split("<code>")[1].split("</code>")[0]


def test_it_lets_somebody_invited_in_once_and_then_asks_for_a_second_factor(member):
    link = invited(member("administrator"))
    client = Client()
    assert client.get(link).url == reverse("join")
    form = {
        "name": "New Person",
        "password": "correct horse battery",
        "again": "correct horse battery",
    }
    answer = client.post(reverse("join"), form, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("second_factor_needed")
    assert Membership.objects.get(user__email="new@example.org").role == "caseworker"
    late = Client()
    late.get(link)
    assert late.get(reverse("join")).status_code == 404


def test_it_keeps_no_secret_of_a_link(member):
    secret = invited(member("administrator")).rstrip("/").rsplit("/", 1)[1]
    assert secret not in str(list(Invitation.objects.values())) + str(list(Event.objects.values()))


def test_it_refuses_a_link_that_has_expired_or_was_withdrawn(member):
    boss = member("administrator")
    link = invited(boss)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client = Client()
    client.get(link)
    assert client.get(reverse("join")).status_code == 404
    link = invited(boss, email="two@example.org")
    again = Invitation.objects.get(email="two@example.org")
    signed_in(boss).post(reverse("withdraw_invitation", args=[again.pk]))
    client = Client()
    client.get(link)
    assert client.get(reverse("join")).status_code == 404


def test_it_gives_somebody_a_new_password_and_takes_the_lost_second_factor_away(member):
    boss, lost = member("administrator"), member("attorney")
    stolen = signed_in(lost)
    page = signed_in(boss).post(reverse("let_back_in", args=[lost.pk])).content.decode()
    assert stolen.get(reverse("my_account")).status_code == 302
    client = Client()
    client.get(page.split("<code>")[1].split("</code>")[0])
    new = "entirely different words"
    client.post(reverse("join"), {"password": new, "again": new})
    assert User.objects.get(pk=lost.user_id).check_password(new)
    assert not Authenticator.objects.filter(user=lost.user).exists()


def test_it_lets_no_administrator_open_another_organization_by_a_link_back(member, other_clinic):
    boss, both = member("administrator"), member("attorney")
    Membership.objects.create(user=both.user, organization=other_clinic, role="lead")
    answer = signed_in(boss).post(reverse("let_back_in", args=[both.pk]), follow=True)
    assert "another organization" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_it_lets_no_administrator_touch_another_organization(member, other_clinic):
    stranger = member("lead", organization=other_clinic)
    client = signed_in(member("administrator"))
    assert (
        client.post(reverse("person", args=[stranger.pk]), {"role": "analyst"}).status_code == 404
    )
    assert client.post(reverse("let_go", args=[stranger.pk])).status_code == 404
    assert Membership.objects.get(pk=stranger.pk).role == "lead"


def test_it_keeps_the_last_administrator(member):
    boss = member("administrator")
    client = signed_in(boss)
    client.post(reverse("person", args=[boss.pk]), {"role": "lead"})
    client.post(reverse("let_go", args=[boss.pk]))
    boss.refresh_from_db()
    assert (boss.role, boss.is_active) == ("administrator", True)


@pytest.mark.parametrize(
    "role", ["caseworker", "attorney", "reviewer", "lead", "analyst", "auditor"]
)
def test_it_opens_the_pages_about_people_to_administrators_only(member, role):
    client = signed_in(member(role))
    for name in ("people", "organization_settings"):
        assert client.get(reverse(name)).status_code == 403


def test_it_works_for_the_chosen_one_of_several_organizations(member, other_clinic):
    whose = member("auditor")
    Membership.objects.create(user=whose.user, organization=other_clinic, role="administrator")
    client = signed_in(whose)
    assert client.get(reverse("people")).status_code == 403
    client.post(reverse("choose_organization"), {"organization": str(other_clinic.pk)})
    assert client.get(reverse("people")).status_code == 200
    assert (
        client.post(reverse("choose_organization"), {"organization": "not-an-id"}).status_code
        == 302
    )


def test_it_notes_a_change_of_role_in_the_log(member):
    boss, whose = member("administrator"), member("caseworker")
    signed_in(boss).post(reverse("person", args=[whose.pk]), {"role": "attorney"})
    event = Event.objects.get(deed="changed a role")
    assert event.details == {"user": str(whose.user_id), "from": "caseworker", "to": "attorney"}
    assert event.actor == f"staff:{boss.user_id}"


def test_it_draws_every_page_about_signing_in(member):
    whose = member("lead")
    with_totp(whose)
    RecoveryCodes.activate(whose.user)
    client = signed_in(whose)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Add a passkey" in client.get(reverse("mfa_add_webauthn")).content.decode()
    key = Authenticator.objects.create(user=whose.user, type="webauthn", data={"name": "blue key"})
    names = {
        "mfa_list_webauthn": [],
        "mfa_remove_webauthn": [key.pk],
        "mfa_edit_webauthn": [key.pk],
        "mfa_generate_recovery_codes": [],
        "mfa_deactivate_totp": [],
        "mfa_reauthenticate": [],
        "account_reauthenticate": [],
        "account_change_password": [],
        "account_logout": [],
        "my_account": [],
    }
    for name, words in names.items():
        page = client.get(reverse(name, args=words))
        assert page.status_code == 200, name
        assert "<h1>" in page.content.decode(), name
        assert "Wayhome" in page.content.decode(), name


def test_it_changes_a_password_and_ends_no_session_of_somebody_else(member):
    whose = member("lead")
    client = signed_in(whose)
    new = "entirely different words"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), said)
    assert User.objects.get(pk=whose.user_id).check_password(new)


@pytest.mark.parametrize(
    ("role", "linked"),
    [("lead", {"calendar_feeds", "tokens"}), ("attorney", {"calendar_feeds"}), ("auditor", set())],
)
def test_it_links_calendar_and_tokens_from_the_account_for_those_who_may(member, role, linked):
    client = signed_in(member(role))
    page = client.get(reverse("my_account")).text
    for name in ("calendar_feeds", "tokens"):
        assert (f'href="{reverse(name)}"' in page) is (name in linked)
        assert (client.get(reverse(name)).status_code == 200) is (name in linked)


def log_of(member, *deeds):
    found = Event.objects.filter(actor=f"staff:{member.user_id}", deed__in=deeds)
    return [(event.deed, event.organization, event.details) for event in found]


def test_it_notes_signing_in_with_the_role_of_then_and_signing_out_of_that_session(member, clinic):
    whose = member("attorney")
    secret = with_totp(whose)
    client = Client()
    client.post(reverse("account_login"), {"login": whose.user.email, "password": PASSWORD})
    assert log_of(whose, "signed in") == []
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    key = client.session.session_key
    client.post(reverse("account_logout"))
    came, went = log_of(whose, "signed in", "signed out")
    tag = came[2]["session"]
    assert came == ("signed in", clinic.pk, {"role": "attorney", "session": tag})
    assert went == ("signed out", clinic.pk, {"session": tag})
    assert len(tag) == 12
    assert tag not in key
    page = signed_in(member("auditor")).get(reverse("log")).text
    assert "role: attorney" in page
    assert "signed out" in page


def test_it_counts_failed_sign_ins_of_those_it_knows_and_keeps_nothing_typed(member, clinic):
    whose = member("attorney")
    with_totp(whose)
    cache.clear()
    for password in ("wrong words typed 1", "wrong words typed 2"):
        client = Client()
        sent = {"login": whose.user.email.upper(), "password": password}
        client.post(reverse("account_login"), sent)
    failed = log_of(whose, "failed to sign in")
    assert failed[0] == ("failed to sign in", clinic.pk, {"times in a row": 1})
    assert lets_in(whose, "000000") is False
    stranger = {"login": "nobody@example.org", "password": "wrong words typed 3"}
    Client().post(reverse("account_login"), stranger)
    events = Event.objects.filter(deed="failed to sign in")
    assert [e.details for e in events.filter(organization=None)] == [{}]
    assert "typed" not in str(list(events.values()))
    assert "example.org" not in str(list(events.values()))
    assert cache.get(f"failed-sign-ins:{whose.user.pk}") == 3


def test_it_notes_one_failed_sign_in_a_second(member, monkeypatch):
    whose = member("attorney")
    monkeypatch.setattr(cache, "add", lambda *said, add=cache.add, **_: add(*said, timeout=60))
    wrong_passwords(whose, 3, "192.0.2.44")
    assert len(log_of(whose, "failed to sign in")) == 1
