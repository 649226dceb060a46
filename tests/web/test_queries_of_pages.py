"""No page of the staff asks the databases more than fifteen times, however much a case holds.

Beginning and ending a transaction asks nothing.
"""

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.cases.case_panels import panels_for
from wayhome.web.cases.invented import invented_caseload
from wayhome.web.cases.models import Case

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

MOST = 15


@pytest.fixture
def busy_case(clinic, member):
    """One of an invented caseload, of those that a review has been through."""
    for role in (Role.CASEWORKER, Role.ATTORNEY, *[Role.REVIEWER] * 3):
        member(role)
    list(invented_caseload(clinic, 60, seed=3, now=timezone.now()))
    with scope(organization=clinic):
        return Case.objects.filter(state__in=("home", "travelling", "granted")).earliest("pk")


@pytest.fixture
def queries(member):
    """How often a page asks both databases: `queries("lead")(address)`."""

    def signed_in(role):
        client = Client()
        client.force_login(member(role).user)

        def asked(address):
            assert client.get(address).status_code == 200, address
            with (
                CaptureQueriesContext(connection) as own,
                CaptureQueriesContext(connections["keyring"]) as keys,
            ):
                assert client.get(address).status_code == 200, address
                return sum(is_question(q["sql"]) for q in [*own, *keys])

        return client, asked

    return signed_in


def is_question(sql):
    return not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))


@pytest.mark.parametrize("role", ["lead", "attorney", "caseworker"])
def test_it_asks_little_for_the_worklist_and_the_search(busy_case, queries, role):
    client, asked = queries(role)
    sealed = client.post(reverse("search"), {"text": "Invented"})["Location"]
    assert asked(reverse("worklist")) <= MOST
    assert asked(sealed) <= MOST


@pytest.mark.parametrize("role", ["lead", "attorney", "reviewer"])
def test_it_asks_little_for_a_case_and_each_of_its_panels(busy_case, queries, role, clinic):
    client, asked = queries(role)
    counts = {name: asked(address) for name, address in addresses_of(busy_case, client)}
    assert len(counts) > 4
    assert {name: n for name, n in counts.items() if n > MOST} == {}


def addresses_of(case, client):
    yield "case", reverse("case", args=[case.pk])
    yield "questions", reverse("case_questions", args=[case.pk])
    yield "fact", f"{reverse('case_fact', args=[case.pk])}?fact=removed"
    member = client.get(reverse("case", args=[case.pk])).wsgi_request.member
    for panel in panels_for(member):
        address = reverse("case_panel", args=[case.pk, panel.name])
        if client.get(address).status_code != 404:
            yield panel.name, address
