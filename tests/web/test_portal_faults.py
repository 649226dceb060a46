"""When something goes wrong in the portal: what happened and what to do, in the reader's language."""

from io import BytesIO

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connections
from django.template.loader import render_to_string
from django.utils import timezone
from tests.web import files_made as made
from tests.web.portal_visitor import Visitor

from wayhome.web.files.kinds import safe_file
from wayhome.web.files.what_is_taken import Refused, Why
from wayhome.web.portal import fault_pages
from wayhome.web.portal.wording import say
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
FAULTS = {
    "unread": 400,
    "closed": 403,
    "stale": 403,
    "nothing": 404,
    "ours": 500,
    "away": 503,
}


def fault(kind, language, monkeypatch):
    """Somebody in the portal to whom this just happened."""
    visitor = Visitor(language, enforce_csrf_checks=kind == "stale", raise_request_exception=False)
    if kind == "nothing":
        visitor.go("/p/there-is-no-such-page/")
        return visitor
    if kind == "stale":
        visitor.send({"consent": "agree"}, path="/p/1/")
        return visitor
    raised = {
        "unread": BadRequest,
        "closed": PermissionDenied,
        "ours": RuntimeError,
        "away": OperationalError,
    }[kind]

    def breaks(*_, **__):
        raise raised("Marie Envante")

    monkeypatch.setattr("wayhome.web.portal.visits._was_left", breaks)
    visitor.go("/p/1/")
    return visitor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_in_the_readers_language(clinic, monkeypatch, kind, language):
    visitor = fault(kind, language, monkeypatch)
    page = visitor.page.replace("&#x27;", "'")
    assert visitor.status == FAULTS[kind]
    assert say(language, f"fault.{kind}_heading") in page
    assert say(language, f"fault.{kind}") in page
    assert f'lang="{language}" dir="{LANGUAGES[language].direction}"' in page
    assert f"<title>{say(language, 'page.title')}</title>" in page
    assert 'href="/month/"' in page
    assert "Wayhome" not in page
    assert "Marie" not in page
    assert "no-store" in visitor.response["Cache-Control"]


def test_an_address_that_takes_only_a_form_shows_a_page(client, member, new_case, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    worker, case = member("caseworker"), new_case()
    client.force_login(worker.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/cases/{case.pk}/assign/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing was changed" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert "default-src" in answer["Content-Security-Policy"]


def test_staff_see_the_fault_pages_of_staff(clinic):
    assert "Nothing is here" in Visitor("ht").go("/review/there-is-no-such-page/")


@pytest.mark.parametrize(
    ("why", "data"),
    [
        (Why.KIND, made.SVG),
        (Why.KIND, b"only words"),
        (Why.EMPTY, b""),
        (Why.HEIC, b"\0\0\0\x18ftypheic" + bytes(64)),
        (Why.DAMAGED, made.photo()[:200]),
        (Why.UNSAFE, made.zip_bomb()),
        (Why.UNSAFE, made.photo() + made.office()),
    ],
)
def test_each_refusal_says_why(why, data):
    with pytest.raises(Refused) as refused:
        safe_file(data)
    assert refused.value.why == why


def test_the_process_of_its_own_tells_why_too():
    from wayhome.web.files.apart import safe_file_apart

    with pytest.raises(Refused) as refused:
        safe_file_apart(made.SVG)
    assert refused.value.why == Why.KIND


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_told_in_the_readers_language(clinic, monkeypatch, language):
    visitor = Visitor(language)
    visitor.begin()
    for why in Why:

        def refuses(*_, why=why, **__):
            raise Refused("A sentence for staff", why)

        monkeypatch.setattr("wayhome.web.portal.papers_views.keep_document", refuses)
        file = BytesIO(b"x")
        file.name = "x.jpg"
        visitor.send({"file": file, "title": "Lèt"}, path="/p/f/")
        page = visitor.page.replace("&#x27;", "'")
        assert visitor.status == 400
        assert say(language, f"refused.{why}", size=25) in page
        assert "A sentence for staff" not in page
        assert 'value="Lèt"' in page


def test_a_paper_held_apart_says_so_to_whoever_sent_it(clinic, settings, files, monkeypatch):
    from django_scopes import scopes_disabled

    from wayhome.web.cases import documents
    from wayhome.web.cases.models import Document
    from wayhome.web.files.models import Scan

    monkeypatch.setattr(documents, "safe_file_apart", safe_file)
    settings.SCANNER = "clamd:/there/is/none"
    visitor = Visitor("fr")
    visitor.begin()
    file = BytesIO(made.photo())
    file.name = "x.jpg"
    visitor.send({"file": file, "title": "Lettre"}, path="/p/f/")
    assert "· c’est vérifié avant que quelqu’un l’ouvre" in visitor.page
    with scopes_disabled():
        from django.utils import timezone

        Scan.objects.create(
            document=Document.objects.get(), is_clean=False, found="X", scanned_at=timezone.now()
        )
    assert "Envoyez une photo." in visitor.go("/p/f/")


@pytest.mark.parametrize("template", sorted(fault_pages._SAID))
def test_a_fault_page_asks_no_database(rf, django_assert_num_queries, template):
    request = rf.get("/p/q/1/", headers={"accept-language": "ht"})
    with (
        django_assert_num_queries(0),
        django_assert_num_queries(0, connection=connections["keyring"]),
    ):
        assert 'lang="ht"' in fault_pages.fault_page(request, template)


@pytest.mark.parametrize("name", ["403_csrf", "404", "410", "429", "500", "503"])
def test_a_fault_page_of_staff_speaks_six_languages(name):
    page = render_to_string(f"{name}.html", {"at": timezone.now(), "why": "it was asked"})
    assert {code for code in LANGUAGES if f'lang="{code}"' in page} == set(LANGUAGES)
    assert 'lang="ar" dir="rtl"' in page
