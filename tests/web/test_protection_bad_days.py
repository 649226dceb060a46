"""What is shown and logged on a bad day: a fault, a full disk, a database that is away."""

import errno
import io
import logging

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from wayhome.web import urls as real_urls
from wayhome.web.protection import doctor, faults
from wayhome.web.protection.logs import Discreet

NAME = "Quetzal Invented"


def fails(request):
    name = NAME
    raise ValueError(f"no such person: {name}")


def finds_no_database(request):
    raise OperationalError(f"connection to server failed while saving {NAME}")


def finds_no_room(request):
    raise OSError(errno.ENOSPC, "No space left on device", f"/{NAME}")


def answers(request):
    return HttpResponse("fine")


urlpatterns = [
    *real_urls.urlpatterns,
    path("fails/", fails),
    path("no-database/", finds_no_database),
    path("no-room/", finds_no_room),
    path("answers/", answers),
]
handler400, handler403 = real_urls.handler400, real_urls.handler403
handler404, handler500 = real_urls.handler404, real_urls.handler500
HERE = override_settings(ROOT_URLCONF=__name__)
database = pytest.mark.django_db(databases=["default", "keyring"])


@database
@HERE
@pytest.mark.parametrize(
    ("page", "status"),
    [("fails/", 500), ("no-database/", 503), ("no-room/", 503), ("no-such-page/", 404)],
)
def test_it_says_what_to_do_and_nothing_of_what_happened(page, status):
    answer = Client(raise_request_exception=False).get(f"/{page}")
    said = answer.content.decode()
    assert answer.status_code == status
    assert NAME not in said
    assert "Traceback" not in said
    assert "Error" not in said
    assert 'lang="ht"' in said
    assert 'dir="rtl"' in said
    assert "Content-Security-Policy" in answer.headers
    assert (answer.headers.get("Retry-After") == "60") is (status == 503)


@HERE
def test_it_tells_of_a_database_that_is_away_on_a_page_that_needs_none(monkeypatch):
    """Not even the session can be read: the page comes all the same."""
    from django.contrib.sessions.backends.db import SessionStore

    def away(self):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(SessionStore, "load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    answer = client.get(reverse("log"))
    assert answer.status_code == 503
    assert "Wait a minute" in answer.content.decode()


@database
@HERE
def test_it_writes_no_name_to_the_log():
    """Neither from an exception's text, nor from a variable, nor from the address."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client = Client(raise_request_exception=False)
        client.get(f"/fails/?name={NAME}")
        client.get(f"/nobody/{NAME}/")
    finally:
        logger.removeHandler(handler)
    said = written.getvalue()
    assert "Quetzal" not in said
    assert "status=500" in said
    assert "ValueError" in said
    assert "test_protection_bad_days.py" in said


def test_it_writes_no_message_of_others_and_ours_in_full(caplog):
    def line(logger, message, *args, **more):
        record = logging.LogRecord(logger, logging.ERROR, "x.py", 7, message, args, None)
        return Discreet().format(record)

    assert NAME not in line("some.library", "could not save %s", NAME)
    assert "x.py:7" in line("some.library", "could not save %s", NAME)
    assert "3 erasures finished" in line("wayhome.retention", "%s erasures finished", 3)


def test_it_follows_what_an_exception_came_from():
    try:
        try:
            raise KeyError(NAME)
        except KeyError as first:
            raise ValueError(NAME) from first
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "", (), (type(error), error, None)
        )
    said = Discreet().format(record)
    assert "ValueError" in said
    assert "KeyError" in said
    assert NAME not in said


@database
@HERE
def test_it_says_the_same_headers_on_every_answer():
    client = Client(raise_request_exception=False)
    pages = ("answers/", "no-such-page/", "fails/", "no-database/", "api/cases", "sign-in/")
    for page in (*pages, "static/staff.css"):
        headers = client.get(f"/{page}").headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.startswith("static/") or "no-store" in headers["Cache-Control"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]


@database
def test_it_draws_no_page_with_code_in_it(member, client):
    """The policy would stop it; here it is not even written."""
    client.force_login(
        member("administrator").user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for name in ("people", "organization_settings", "my_account", "mfa_index", "account_logout"):
        page = client.get(reverse(name)).content.decode()
        assert " style=" not in page, name
        assert "<style" not in page, name
        assert " onclick" not in page, name
        assert "<script>" not in page, name


def test_it_passes_djangos_checks_for_deployment(own_home):
    done = own_home.run(
        "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        WAYHOME_HTTPS="1", WAYHOME_SECRET_KEY="", WAYHOME_DEMO="0",
    )  # fmt: skip
    assert "no issues" in done.stdout


def test_it_expects_another_page_for_a_form_that_is_too_old():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": NAME, "password": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
    assert NAME not in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/worklist/", "/p/q/1/"])
def test_it_says_to_open_it_by_its_own_name(settings, path):
    settings.ALLOWED_HOSTS = ["way.example.org"]
    settings.SECURE_SSL_REDIRECT = False
    answer = Client().get(path, HTTP_HOST="127.0.0.1:8000")
    assert answer.status_code == 400
    assert "Open this by its own name" in answer.text
    assert "phone" not in answer.text
    assert "way.example.org" not in answer.text


def found(now):
    return {finding.message: finding.level for finding in doctor.look_over(now)}


@database
def test_it_finds_what_is_misconfigured(settings, tmp_path, new_case, clinic):
    from datetime import timedelta

    from django.utils import timezone

    from wayhome.web.audit.chain import Actor, record
    from wayhome.web.protection.models import CaseKey

    case = new_case()
    record(Actor("command:test"), "deed")
    settings.HOME = tmp_path
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]
    CaseKey.objects.filter(pk=case.pk).delete()
    said = found(timezone.now() - timedelta(days=1))
    for words in ("DEBUG is on", "WAYHOME_HOSTS is *", "1 cases have no key", "clock was set back"):
        (level,) = [level for message, level in said.items() if words in message]
        assert level is doctor.Level.WRONG, words


@database
def test_it_finds_keys_that_others_can_read(settings, tmp_path, monkeypatch):
    from django.utils import timezone

    settings.HOME = tmp_path
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    assert any("secret.key: chmod 600" in message for message in found(timezone.now()))


@database
def test_it_calls_a_demonstration_with_real_cases_wrong(settings, new_case):
    from django.utils import timezone

    from wayhome.web.cases.models import Case

    settings.IS_DEMO = True
    case = new_case()
    assert not any("real cases" in message for message in found(timezone.now()))
    Case._base_manager.filter(pk=case.pk).update(is_invented=False)
    assert any("real cases" in message for message in found(timezone.now()))


@database
@pytest.mark.parametrize("is_demo", [True, False])
def test_it_takes_every_case_of_a_demonstration_for_invented(settings, clinic, is_demo):
    from django.utils import timezone

    from wayhome.web.audit.chain import Actor
    from wayhome.web.cases.actions import receive_case

    settings.IS_DEMO = is_demo
    nobody = {"person": {}, "facts": {}, "source": "applicant", "language": "en"}
    case = receive_case(Actor("applicant:x"), clinic, now=timezone.now(), **nobody)
    assert case.is_invented is is_demo
    settings.IS_DEMO = True
    assert any("real cases" in message for message in found(timezone.now())) is not is_demo


@database
def test_it_knows_every_migration():
    """A model that was changed without its migration would lose what is saved."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", ["/p/no-such-page/", "/no-such-page/"])
def test_it_says_so_plainly_where_the_page_of_a_fault_is_faulty(client, monkeypatch, path):
    def faulty(*_, **__):
        raise RuntimeError("a template is broken")

    monkeypatch.setattr(faults, "fault_page", faulty)
    monkeypatch.setattr(faults.loader, "render_to_string", faulty)
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")
    assert "template" not in answer.text
