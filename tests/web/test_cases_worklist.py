"""The order of work, its filters, and pages that lose nobody."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from wayhome.web.cases.models import ORDER_OF_WORK, Case
from wayhome.web.cases.screening import rescreen_stale
from wayhome.web.cases.worklist import filtered, worklist_page

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = timezone.now()
TODAY = NOW.date()


@pytest.fixture
def lead(member):
    return member("lead")


@pytest.fixture
def many(new_case, clinic):
    """Cases with equal and missing deadlines and equal days of receipt."""
    chance = random.Random(7)
    with scope(organization=clinic):
        for number in range(83):
            case = new_case(name=f"Person {number}")
            Case.objects.filter(pk=case.pk).update(
                is_emergency=chance.random() < 0.2,
                next_deadline=chance.choice([None, *(TODAY + timedelta(days=d) for d in range(4))]),
                received_at=NOW - timedelta(days=chance.randrange(5)),
            )
        yield


def changed(case, **fields):
    Case.objects.filter(pk=case.pk).update(**fields)


def test_it_puts_emergencies_before_deadlines_before_who_came_first(new_case, clinic, lead):
    with scope(organization=clinic):
        old, soon, later, emergency, late_emergency = (new_case(name=n) for n in "abcde")
        changed(old, received_at=NOW - timedelta(days=900))
        changed(soon, next_deadline=TODAY + timedelta(days=2))
        changed(
            later, next_deadline=TODAY + timedelta(days=20), received_at=NOW - timedelta(days=99)
        )
        changed(emergency, is_emergency=True, next_deadline=TODAY + timedelta(days=9))
        changed(late_emergency, is_emergency=True)
        found = worklist_page(lead, {}, TODAY).cases
    assert list(found) == [emergency, late_emergency, soon, later, old]


def pages(lead, filters=None):
    seen, after = [], ""
    while True:
        page = worklist_page(lead, filters or {}, TODAY, after)
        seen += [case.pk for case in page.cases]
        after = page.after
        if not after:
            return seen


@pytest.mark.usefixtures("many")
def test_it_pages_through_everybody_once(lead):
    found = pages(lead)
    assert len(found) == len(set(found)) == 83
    assert found == list(Case.objects.order_by(*ORDER_OF_WORK).values_list("pk", flat=True))


@pytest.mark.usefixtures("many")
def test_it_loses_nobody_when_a_case_moves_up_between_two_pages(lead):
    first = worklist_page(lead, {}, TODAY)
    changed(first.cases[-1], is_emergency=True, next_deadline=TODAY - timedelta(days=1))
    seen, after = [c.pk for c in first.cases], first.after
    while after:
        page = worklist_page(lead, {}, TODAY, after)
        seen += [c.pk for c in page.cases]
        after = page.after
    assert len(seen) == len(set(seen)) == 83


@pytest.mark.usefixtures("many")
def test_it_filters(lead, member, new_case):
    worker = member("caseworker")
    case = new_case(name="Filtered Person")
    changed(
        case,
        assigned_to=worker.user,
        language="am",
        state="ready",
        outcomes={"return_home": "ground"},
        next_deadline=TODAY + timedelta(days=200),
    )
    for filters in (
        {"assigned": str(worker.user_id)},
        {"language": "am"},
        {"state": "ready"},
        {"program": "return_home", "outcome": "ground"},
        {"program": "return_home", "outcome": "ground", "state": "open", "within": "300"},
    ):
        assert pages(lead, filters) == [case.pk], filters
    assert case.pk not in pages(lead, {"assigned": "nobody"})
    assert case.pk not in pages(lead, {"within": "90"})
    assert pages(worker, {"assigned": "me"}) == [case.pk]
    assert all(c.is_emergency for c in worklist_page(lead, {"emergency": True}, TODAY).cases)
    changed(case, state="home")
    assert case.pk not in pages(lead, {"state": "open"})
    assert case.pk in pages(lead, {"state": "all"})


@pytest.mark.usefixtures("many")
def test_it_counts_up_to_a_thousand(lead, monkeypatch):
    assert worklist_page(lead, {}, TODAY).count_text == "83"
    monkeypatch.setattr("wayhome.web.cases.worklist.MOST_COUNTED", 50)
    assert worklist_page(lead, {}, TODAY).count_text == "50+"


@pytest.mark.usefixtures("many")
def test_it_reads_a_page_from_the_index_of_the_order_of_work(lead):
    if connection.vendor != "postgresql":
        pytest.skip("the planner of PostgreSQL")
    page = worklist_page(lead, {}, TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    query = filtered(lead, {"state": "open"}, TODAY).order_by(*ORDER_OF_WORK)[:25]
    assert "work_order" in query.explain()
    assert page.after


def test_it_screens_again_where_the_day_went_by(new_case, clinic):
    case = new_case(detained=True, detention_start=str(TODAY - timedelta(days=100)))
    with scope(organization=clinic):
        changed(case, screened_on=TODAY - timedelta(days=3), next_deadline=date(2020, 1, 1))
        assert rescreen_stale(clinic.pk, TODAY) == 1
        assert rescreen_stale(clinic.pk, TODAY) == 0
        case.refresh_from_db()
    assert case.next_deadline is None or case.next_deadline >= TODAY
    assert case.screened_on == TODAY


def test_it_narrows_to_cases_whose_clock_has_run_out(new_case, clinic, lead, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with scope(organization=clinic):
        late, fresh, urgent, home = (new_case(name=n) for n in "abcd")
        changed(late, state_since=NOW - timedelta(days=4))
        changed(fresh, state_since=NOW - timedelta(days=2))
        changed(urgent, is_emergency=True, state_since=NOW - timedelta(hours=3))
        changed(home, state="home", state_since=NOW - timedelta(days=900))
        assert list(worklist_page(lead, {"late": NOW}, TODAY).cases) == [urgent, late]
    client.force_login(lead.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = client.post("/worklist/", {"state": "open", "late": "on"}).headers["Location"]
    assert "late=1" in address
    text = client.get(address).text
    assert (late.code in text, urgent.code in text, fresh.code in text) == (True, True, False)
    every = client.get("/worklist/").text
    assert every.partition("<table")[2].count("! </span>late</span>") == 2
    assert "3 open cases" in every
    assert "Closed cases (home, withdrawn, denied, not recommended) are left out" in every
    assert home.code not in every
    assert home.code in client.get("/worklist/?state=all").text
