"""No page of the staff asks the databases more than fifteen times, however much a case holds.

Beginning and ending a transaction asks nothing.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from tests.pages_of_staff import FRESH, STAFF

from wayhome.web.accounts.models import Membership, Role
from wayhome.web.campaign.demonstration import letters_of_demonstration
from wayhome.web.campaign.models import Letter
from wayhome.web.cases.case_panels import panels_for
from wayhome.web.cases.invented import invented_caseload
from wayhome.web.cases.models import Case, Consent, Contact, Task
from wayhome.web.casework.models import Sharing
from wayhome.web.portal.models import CallBack
from wayhome.web.review.models import Assignment, Finding

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
            return questions_of(client, address)

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


def test_it_asks_little_for_the_review_of_a_case_in_any_state(busy_case, queries, clinic):
    _, asked = queries("lead")
    with scope(organization=clinic):
        cases = {case.state: case for case in Case.objects.order_by("pk")}
    counts = {s: asked(reverse("case_panel", args=[c.pk, "review"])) for s, c in cases.items()}
    assert {"preparing", "recommended", "granted", "denied"} <= counts.keys()
    assert {state: n for state, n in counts.items() if n > MOST} == {}


def addresses_of(case, client):
    yield "case", reverse("case", args=[case.pk])
    yield "questions", reverse("case_questions", args=[case.pk])
    yield "fact", f"{reverse('case_fact', args=[case.pk])}?fact=removed"
    member = client.get(reverse("case", args=[case.pk])).wsgi_request.member
    for panel in panels_for(member):
        address = reverse("case_panel", args=[case.pk, panel.name])
        if client.get(address).status_code != 404:
            yield panel.name, address


# For whoever has no second factor yet; everybody here has one.
NOT_WALKED = {"second_factor_needed"}


@pytest.fixture
def busy_office(clinic, other_clinic, member):
    """An office with several of everything that a page lists; gives what addresses name."""
    for role in Role.values:
        member(role)
    for _ in range(3):
        member(Role.REVIEWER)
    now = timezone.now()
    list(invented_caseload(clinic, 80, seed=3, now=now))
    list(invented_caseload(other_clinic, 12, seed=3, now=now))
    with scope(organization=clinic):
        for number, case in enumerate(Case.objects.order_by("pk")[:25]):
            Contact.objects.create(case=case, name="Invented", channel="phone", address="555")
            CallBack.objects.create(
                case=case, safe_from=now + timedelta(hours=number - 12), safe_to=now
            )
    letters_of_demonstration(clinic, now)
    with scopes_disabled():
        offered_to(clinic, other_clinic, now)
        work_for_everybody(clinic)
        return places(clinic)


def offered_to(clinic, other_clinic, now):
    for case in Case.objects.filter(organization=other_clinic):
        consent = Consent.objects.create(case=case, text_version="1", language="en", given_at=now)
        Sharing.objects.create(
            case=case, code=case.code, kind="transfer", consent=consent, offered_at=now,
            from_organization=other_clinic, to_organization=clinic,
            reason="Invented", facts=["removed"],
        )  # fmt: skip


def work_for_everybody(clinic):
    cases = list(Case.objects.filter(organization=clinic).order_by("pk")[:20])
    for own in Membership.objects.filter(organization=clinic):
        for case in cases:
            Task.objects.create(case=case, what="Invented", owner=own.user)


def places(clinic):
    letters = Letter.objects.filter(organization=clinic)
    letter = letters.get(slug="hundred-days")
    of = Case.objects.filter(organization=clinic).order_by("received_at", "pk")
    seat = Assignment.objects.filter(finding=None, seat__lt=3, case__in=of).first()
    return {
        "case": of.filter(state="preparing").first().pk,
        "granted": of.filter(state__in=("granted", "travelling", "home")).first().pk,
        "decided": of.filter(state="recommended").first().pk,
        "finding": Finding.objects.filter(case__in=of, case__state="recommended").first().pk,
        "in_review": seat.case_id,
        "reviewer": seat.reviewer,
        "member": Membership.objects.get(organization=clinic, role="analyst").pk,
        "letter": letter.pk,
        "other_letter": letters.get(slug="chance-to-come-home").pk,
        "signature": letter.signatures.first().pk,
        "demand": letter.demands.first().pk,
    }


def every_page(client, places):
    """The addresses of all pages of the staff, by the role that each is listed for."""
    why = re.search(r'href="([^"]*/why/[^"]*)"', page_of(client, places["case"]))
    addresses = {**places, "why": why[1] if why else ""}
    for role, pages in STAFF.items():
        for name, path in pages.items():
            if name not in NOT_WALKED and (path != "{why}" or why):
                yield role, name, path.format(**addresses)
    for name, path in FRESH.items():
        yield "", name, path


def page_of(client, case):
    return client.get(reverse("case", args=[case])).content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_it_asks_little_for_every_page_of_the_staff(busy_office, client, role):
    with scopes_disabled():
        members = Membership.objects.filter(organization__slug="harbor", role=role)
        if role == Role.REVIEWER:
            members = members.filter(user=busy_office["reviewer"])
        client.force_login(members.order_by("pk").first().user)
    counts, shut = {}, []
    for listed_for, name, address in every_page(client, busy_office):
        if client.get(address).status_code != 200:
            shut += [name] if listed_for.strip("{}") == role else []
            continue
        counts[name] = questions_of(client, address)
    assert shut == []
    assert {name: n for name, n in counts.items() if n > MOST} == {}


def questions_of(client, address):
    with (
        CaptureQueriesContext(connection) as own,
        CaptureQueriesContext(connections["keyring"]) as keys,
    ):
        assert client.get(address).status_code == 200, address
        return sum(is_question(q["sql"]) for q in [*own, *keys])


def test_it_asks_little_where_conflicts_of_interest_are_looked_for_in_an_offer(
    busy_office, queries
):
    _, asked = queries("lead")
    with scopes_disabled():
        offers = list(Sharing.objects.values_list("pk", flat=True)[:3])
    assert {one: n for one in offers if (n := asked(f"/offered/?look={one}")) > MOST} == {}
