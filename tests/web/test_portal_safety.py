"""What a page of the portal leaves behind: in the browser, in the log, on the wire."""

import io
import logging
import re
from http.cookies import SimpleCookie
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from django.db import connection
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.models import Event
from wayhome.web.cases import actions
from wayhome.web.cases.models import Case
from wayhome.web.portal import papers_views
from wayhome.web.protection import keys
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
PAGES = (
    "/",
    "/p/1/",
    "/p/back/",
    "/p/",
    "/p/3/",
    "/p/4/",
    "/p/5/",
    "/p/q/1/",
    "/p/a/",
    "/p/m/",
    "/p/e/",
    "/p/f/",
    "/p/n/",
)
SECRETS = ("Marie Envante", "+509 5555 1234", "mango", "ki pral vini vandredi", "087654321")
MOST_ON_THE_WIRE = 50_000


@pytest.fixture
def visitor(clinic):
    """Somebody who told a name, a number, a code word and a message."""
    made = Visitor("ht")
    made.begin()
    made.send({"name": SECRETS[0], "a_number": "A087654321"}, path="/p/4/")
    made.send(
        {
            "channel": "whatsapp",
            "address": SECRETS[1],
            "code_word": SECRETS[2],
            "message": "no",
            "time_zone": "America/Port-au-Prince",
            "from_hour": "9",
            "to_hour": "12",
        },
        path="/p/5/",
    )
    made.send({"text": SECRETS[3]}, path="/p/m/")
    made.go("/p/q/")
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_weighs_less_than_fifty_kilobytes_with_all_that_it_loads(clinic, language):
    visitor = Visitor(language)
    visitor.begin()
    weights = {}
    for page in PAGES:
        visitor.go(page)
        linked = re.findall(r'(?:href|src)="/static/([^"]+)"', visitor.page)
        assert linked
        headers = sum(len(k) + len(v) + 4 for k, v in visitor.response.items())
        weights[page] = (
            headers
            + len(visitor.response.content)
            + sum(len(open(finders.find(name), "rb").read()) for name in linked)  # noqa: SIM115, PTH123
        )
    assert max(weights.values()) < MOST_ON_THE_WIRE, weights


def test_the_heaviest_question_fits_too(clinic):
    visitor = Visitor("ar")
    visitor.begin()
    for fact in load_vocabulary():
        if fact.is_asked:
            wrong = {"fact": fact.name, "said": "", "value": "", "year": "x"}
            visitor.send(wrong, path="/p/q/1/")
            assert visitor.fact == fact.name
            assert len(visitor.page.encode()) < MOST_ON_THE_WIRE - 15_000


def test_no_page_is_kept_by_the_browser_or_tells_anything_in_its_title(visitor):
    for page in PAGES:
        visitor.go(page)
        assert "no-store" in visitor.response["Cache-Control"]
        assert re.search(r"<title>([^<]*)</title>", visitor.page)[1] == "Nòt"
        assert 'src="http' not in visitor.page
        assert "style=" not in visitor.page
        assert "onclick" not in visitor.page


def test_addresses_hold_nothing_of_a_case(visitor):
    with scopes_disabled():
        case = Case.objects.get()
    for page in PAGES:
        visitor.go(page)
        links = " ".join(re.findall(r'(?:href|action)="([^"]*)"', visitor.page)) + visitor.path
        assert str(case.pk) not in links
        assert case.code not in links
        assert not any(fact.name in links for fact in load_vocabulary())


def test_the_only_cookies_are_session_csrf_and_language(visitor):
    visitor.send({"language": "es"}, path="/p/")
    cookies = visitor.browser.cookies
    assert set(cookies) <= {"sessionid", "csrftoken", "language"}
    text = SimpleCookie(cookies).output()
    assert not any(secret in text for secret in SECRETS)
    assert all(cookies[name]["httponly"] for name in cookies)
    assert cookies["language"].value == "es"
    assert cookies["language"]["max-age"] == ""


def test_the_session_holds_no_word_of_the_person(visitor):
    held = [session.get_decoded() for session in Session.objects.all()]
    assert {name for session in held for name in session} <= {"portal_case", "portal_proof"}


def test_nothing_personal_is_in_the_log_or_in_the_database_unsealed(visitor, clinic):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        visitor.go("/p/nothing/" + "here")
        visitor.send({"fact": "no_such_fact", "said": "yes"}, path="/p/q/1/")
    finally:
        logging.getLogger().removeHandler(handler)
    text = written.getvalue() + " ".join(str(e.details) for e in Event.objects.all())
    assert not any(secret in text for secret in SECRETS)
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select * from "{table}"')
            rows += [
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
                for row in cursor.fetchall()
            ]
    everything = "\n".join(rows)
    assert not any(secret in everything for secret in SECRETS)


def test_leaving_forgets_the_visit_here_and_in_the_browser(visitor):
    page = visitor.go("/month/")
    assert visitor.response["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in visitor.response["Cache-Control"]
    assert "portal_case" not in visitor.browser.session
    assert not any(
        word in page for word in ("Wayhome", "imigrasyon", "ka", "Kesyon") if f" {word} " in page
    )


def test_after_leaving_the_way_back_shows_a_calendar_and_nothing_else(visitor):
    visitor.go("/month/")
    for page in PAGES:
        visitor.go(page)
        assert visitor.path == "/month/", page
    visitor.send({"fact": "removed", "said": "yes"}, path="/p/q/1/")
    assert visitor.path == "/month/"
    assert "/p/1/" in visitor.go("/?open")
    visitor.go("/p/")
    assert visitor.path == "/p/back/"


def test_leaving_leaves_no_row_of_whoever_only_looked(clinic):
    visitor = Visitor()
    visitor.go("/month/")
    assert not Session.objects.exists()
    visitor.go("/")
    assert visitor.path == "/month/"
    assert not Session.objects.exists()


def test_leaving_signs_no_member_of_staff_out(visitor, member):
    visitor.browser.force_login(
        member("caseworker").user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    visitor.go("/month/")
    assert "_auth_user_id" in visitor.browser.session
    assert "portal_case" not in visitor.browser.session
    assert visitor.browser.get("/worklist/").status_code == 200


@pytest.mark.parametrize("gone", [actions.Erased, keys.Erased])
def test_a_file_that_comes_while_a_case_is_erased_is_told_so(visitor, monkeypatch, gone):
    def erased(*given, **named):
        raise gone("This case was erased.")

    monkeypatch.setattr(papers_views, "keep_document", erased)
    visitor.send({"title": "late", "file": BytesIO(b"late")}, path="/p/f/")
    assert (visitor.path, visitor.status) == ("/p/e/done/", 200)


def test_every_page_has_the_way_out_first_and_it_works_as_a_plain_link(visitor):
    for page in PAGES:
        visitor.go(page)
        links = re.findall(r'<a [^>]*href="([^"]+)"', visitor.page)
        assert links[:2] == ["#content", "/month/"]


def test_a_stranger_with_the_address_of_a_page_sees_nothing(visitor):
    stranger = Visitor()
    for page in (
        "/p/",
        "/p/3/",
        "/p/4/",
        "/p/5/",
        "/p/q/1/",
        "/p/a/",
        "/p/m/",
        "/p/e/",
        "/p/f/",
        "/p/n/",
    ):
        stranger.go(page)
        assert stranger.path == "/p/back/"


def test_a_form_without_its_token_is_refused(clinic):
    visitor = Visitor(enforce_csrf_checks=True)
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    assert visitor.status == 403
    with scopes_disabled():
        assert not Case.objects.exists()


def test_a_photo_from_a_phone_is_kept_and_a_script_is_refused_in_plain_words(visitor, files):
    from PIL import Image

    from wayhome.web.cases.models import Document

    photo = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(photo, "JPEG")
    photo.seek(0)
    photo.name = "IMG_1.jpg"
    visitor.send({"file": photo, "title": "Papye tribinal"}, path="/p/f/")
    assert "Papye tribinal" in visitor.page
    bad = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    bad.name = "x.svg"
    visitor.send({"file": bad}, path="/p/f/")
    assert "Nou pa ka pran kalite fichye sa a" in visitor.page
    visitor.send({}, path="/p/f/")
    assert "Chwazi yon foto" in visitor.page
    with scopes_disabled():
        assert Document.objects.filter(is_from_applicant=True).count() == 1


def test_a_form_that_its_page_sent_is_told_where_to_go_on(visitor):
    answer = visitor.browser.post(
        "/p/4/", {"name": SECRETS[0]}, headers={"x-stay": "1", "accept-language": "ht"}
    )
    assert (answer.status_code, answer["Go-To"]) == (204, "/p/5/")
    assert "Location" not in answer
    assert "no-store" in answer["Cache-Control"]
    visitor.go("/month/")
    left = visitor.browser.post("/p/4/", {"name": SECRETS[0]}, headers={"x-stay": "1"})
    assert (left.status_code, left["Go-To"]) == (204, "/month/")
