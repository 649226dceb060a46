"""To whom a request was filed and with which papers: asked of the attorney, told to the applicant."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.models import Case, Document
from wayhome.web.portal.wording import say
from wayhome.web.protection.erasure import Why, erase_case
from wayhome.web.review.models import Filing
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture
def applicant(clinic):
    """Somebody who asked in a language, and their case, which is recommended now."""

    def asks(language="en"):
        visitor = Visitor(language)
        visitor.begin()
        with scopes_disabled():
            Case.objects.update(state="recommended")
            return visitor, Case.objects.get()

    return asks


@pytest.fixture
def attorney(member):
    client = Client()
    client.force_login(member("attorney").user)
    return client


def a_paper(case, title):
    with scopes_disabled():
        return Document.objects.create(
            case=case, title=title, content_type="application/pdf", size=3, added_at=timezone.now()
        )


def file_it(attorney, case, **said):
    attorney.post(reverse("step_case", args=[case.pk]), {"to": "filed", "sure": "1", **said})
    return attorney.get(reverse("case_panel", args=[case.pk, "review"])).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_the_applicant_to_whom_it_went_and_which_papers(
    applicant, attorney, new_case, language
):
    visitor, case = applicant(language)
    went, stayed = a_paper(case, "Motion INVENTED"), a_paper(case, "Photo INVENTED")
    other = a_paper(new_case(), "Not of this case")
    page = attorney.get(reverse("case_panel", args=[case.pk, "review"])).content.decode()
    assert 'name="filed_to"' in page
    assert all(str(paper.pk) in page for paper in (went, stayed))
    court = "Court <b> of Harbor"
    seen_by_staff = file_it(attorney, case, filed_to=court, paper=[went.pk, other.pk])
    told = visitor.go("/p/")
    for seen in (seen_by_staff, told):
        assert escape(court) in seen
        assert "Motion INVENTED" in seen
        assert "Photo INVENTED" not in seen
        assert "Not of this case" not in seen
    assert escape(say(language, "status.sent_papers", papers="Motion INVENTED")) in told
    assert escape(say(language, "status.sent_office_unsaid")) not in told


def test_it_says_what_nobody_wrote_down(applicant, attorney):
    visitor, case = applicant()
    assert "To whom was not written down" in file_it(attorney, case)
    told = visitor.go("/p/")
    assert "The request was filed with the government." in told
    assert say("en", "status.sent_office_unsaid") in told
    assert say("en", "status.sent_papers_unsaid") in told


def test_it_keeps_to_whom_it_went_sealed_and_erases_it(applicant, attorney, clinic):
    _, case = applicant()
    file_it(attorney, case, filed_to="Judge Invented")
    with scopes_disabled():
        held = Filing.objects.filter(case=case).values_list("to", flat=True).get()
        assert b"Invented" not in bytes(held)
        erase_case(Actor("x", clinic.pk), None, case, timezone.now(), why=Why.ASKED)
        assert not Filing.objects.filter(case=case).exists()


def test_it_keeps_nothing_where_the_step_may_not_be_taken(applicant, member):
    _, case = applicant()
    worker = Client()
    worker.force_login(member("caseworker").user)
    file_it(worker, case, filed_to="A court")
    with scopes_disabled():
        assert not Filing.objects.exists()
