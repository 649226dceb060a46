"""The report as analysts, others and everybody see it; the files; publishing and taking back."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.audit.models import Event

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture
def browse(settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(member):
        client = Client()
        client.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in


def make_rows(organization, many, start=0, causes="notice", nationality="HT", **fields):
    FindingRow.objects.bulk_create(
        FindingRow(
            organization=organization,
            key=f"{organization.slug} {start + number}".encode(),
            decided_in=2026,
            year="2019",
            nationality=nationality,
            causes=causes,
            recommends=number % 2 == 0,
            is_by_panel=False,
            **fields,
        )
        for number in range(many)
    )


@pytest.fixture
def rows(clinic):
    make_rows(clinic, 40)
    make_rows(clinic, 60, start=100, causes="", nationality="MX")
    make_rows(clinic, 30, start=200, causes="counsel,notice", nationality="MX")


def test_it_shows_analysts_the_patterns_and_nothing_else(clinic, rows, member, browse, new_case):
    case = new_case(name="Marie Invented")
    browse(member("lead")).post(reverse("publish_patterns"))
    client = browse(member("analyst"))
    text = client.get(reverse("patterns")).text
    assert "130 cases are decided" in text
    assert "Haiti" in text
    assert case.code not in text
    for name, args in (
        ("worklist", []),
        ("case", [case.pk]),
        ("review_case", [case.pk]),
        ("findings", [case.pk]),
        ("reviews", []),
        ("rota", []),
    ):
        assert client.get(reverse(name, args=args)).status_code in (403, 404)


@pytest.mark.parametrize("role", ["caseworker", "attorney", "reviewer", "auditor", "administrator"])
def test_it_shows_the_patterns_to_nobody_else(role, member, browse):
    client = browse(member(role))
    for address in (
        reverse("patterns"),
        reverse("export_patterns", args=["csv"]),
        reverse("export_patterns", args=["xlsx"]),
    ):
        assert client.get(address).status_code == 403


def test_it_counts_no_case_of_another_organization(rows, member, browse, other_clinic):
    make_rows(other_clinic, 500)
    lead = browse(member("lead"))
    assert "130 cases are decided" in lead.get(reverse("patterns")).text
    lead.post(reverse("publish_patterns"))
    text = browse(member("analyst")).get(reverse("patterns")).text
    assert "130 cases are decided" in text


def test_it_writes_the_same_numbers_to_files(rows, member, browse):
    browse(member("lead")).post(reverse("publish_patterns"))
    client = browse(member("analyst"))
    text = client.get(reverse("export_patterns", args=["csv"])).text
    lines = list(csv.DictReader(io.StringIO(text)))
    haiti = next(x for x in lines if x["cause"] == "Notice" and x["by"] == "Nationality")
    assert haiti["cases with the cause"] == "left out", "40 of 40: it tells of each"
    counsel = next(x for x in lines if x["cause"] == "Counsel" and x["group"] == "all")
    assert (counsel["decided cases (denominator)"], counsel["cases with the cause"]) == (
        "130",
        "30",
    )
    book = load_workbook(io.BytesIO(client.get(reverse("export_patterns", args=["xlsx"])).content))
    assert book["patterns"].max_row == len(lines) + 1
    assert "Denominator" in book["how to read it"]["A1"].value
    assert Event.objects.filter(deed="exported patterns").count() == 2


def test_it_publishes_only_when_a_lead_does(clinic, rows, member, browse):
    address = reverse("public_patterns", args=[clinic.slug])
    assert Client().get(address).status_code == 404
    assert browse(member("analyst")).post(reverse("publish_patterns")).status_code == 403
    assert Client().get(address).status_code == 404
    assert browse(member("analyst")).get(reverse("publish_patterns")).status_code == 403
    lead = browse(member("lead"))
    first = lead.get(reverse("publish_patterns")).text
    assert "130 cases are decided" in first
    assert address in first
    assert Client().get(address).status_code == 404, "a look publishes nothing"
    lead.post(reverse("publish_patterns"))
    public = Client().get(address)
    assert "130 cases are decided" in public.text
    assert Event.objects.filter(deed="published patterns").exists()
    lead.post(reverse("take_patterns_back"))
    assert Client().get(address).status_code == 404


def test_it_shows_everybody_the_same_numbers_as_the_office(clinic, rows, member, browse):
    lead = browse(member("lead"))
    lead.post(reverse("publish_patterns"))

    def numbers(text):
        return text[text.index('aria-labelledby="all"') : text.rindex("</details>")]

    mine = lead.get(reverse("patterns")).text
    public = Client().get(reverse("public_patterns", args=[clinic.slug])).text
    assert numbers(mine) == numbers(public)


def test_it_does_not_publish_again_for_a_few_new_cases(clinic, rows, member, browse):
    lead = browse(member("lead"))
    lead.post(reverse("publish_patterns"))
    lead.post(reverse("take_patterns_back"))
    make_rows(clinic, 10, start=900)
    text = lead.post(reverse("publish_patterns"), follow=True).text
    assert "10 cases were decided that no edition has counted" in text
    assert Publication._base_manager.count() == 1
    # A case that was counted and is gone does not make up for one that is missing.
    FindingRow._base_manager.filter(edition=1).first().delete()
    lead.post(reverse("publish_patterns"))
    assert Publication._base_manager.count() == 1
    make_rows(clinic, 1, start=950)
    lead.post(reverse("publish_patterns"))
    assert Publication._base_manager.count() == 2
    assert Client().get(reverse("public_patterns", args=[clinic.slug])).status_code == 200


def read_by(client):
    return [client.get(reverse("export_patterns", args=["csv"])).text] + [
        re.sub(r"csrf\S+|nonce\S+|value=\S+", "", client.get(reverse(name, args=args)).text)
        for name, args in (("patterns", []), ("public_patterns", ["harbor"]))
    ]


def test_it_changes_nothing_for_analysts_when_a_case_is_decided(clinic, rows, member, browse):
    lead, analyst = browse(member("lead")), browse(member("analyst"))
    assert "no edition yet" in analyst.get(reverse("patterns")).text
    lead.post(reverse("publish_patterns"))
    before, live = read_by(analyst), lead.get(reverse("export_patterns", args=["csv"])).text
    make_rows(clinic, 5, start=900, nationality="MX")
    FindingRow._base_manager.filter(edition=1).first().delete()
    FindingRow._base_manager.filter(edition=1, causes="").update(causes="counsel")
    assert read_by(analyst) == before
    assert lead.get(reverse("export_patterns", args=["csv"])).text != live


def test_it_keeps_an_edition_for_analysts_until_all_are_shown(clinic, rows, member, browse):
    lead, analyst = browse(member("lead")), browse(member("analyst"))
    address = reverse("public_patterns", args=[clinic.slug])
    lead.post(reverse("publish_patterns"), {"for": "analysts"})
    make_rows(clinic, 25, start=900)
    assert "25 cases are decided" in lead.get(reverse("publish_patterns")).text
    lead.post(reverse("publish_patterns"), {"for": "everybody"})
    assert "25 cases are decided" in Client().get(address).text
    assert Client().get(address, {"edition": "1"}).status_code == 404
    assert "130 cases are decided" in analyst.get(reverse("patterns"), {"edition": "1"}).text
    assert analyst.get(reverse("patterns"), {"edition": "3"}).status_code == 404
    lead.post(reverse("publish_patterns"), {"for": "kept back"})
    assert "130 cases are decided" in Client().get(address, {"edition": "1"}).text


def test_it_says_that_invented_cases_are_invented(clinic, member, browse):
    make_rows(clinic, 20, is_invented=True)
    lead = browse(member("lead"))
    lead.post(reverse("publish_patterns"))
    assert "invented" in lead.get(reverse("patterns")).text
    assert "invented" in Client().get(reverse("public_patterns", args=[clinic.slug])).text


def test_it_says_too_few_where_too_few_are_decided(clinic, member, browse):
    make_rows(clinic, 10)
    lead = browse(member("lead"))
    assert "too few to say anything" in lead.get(reverse("patterns")).text
    lead.post(reverse("publish_patterns"))
    assert Client().get(reverse("public_patterns", args=[clinic.slug])).status_code == 404
    assert lead.get(reverse("export_patterns", args=["csv"])).status_code == 200


def test_it_asks_few_questions_of_the_database(rows, member, browse, django_assert_max_num_queries):
    client = browse(member("lead"))
    with django_assert_max_num_queries(15):
        client.get(reverse("patterns"))
