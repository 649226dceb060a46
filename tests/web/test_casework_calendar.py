"""The calendar feed: deadlines without a name, by an address that can be ended."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from icalendar import Calendar

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.models import Case
from wayhome.web.cases.screening import refresh_worklist_fields, screened
from wayhome.web.casework import actions
from wayhome.web.casework.calendar import fetched, make_feed, revoke_feed

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()
FACTS = {
    "ordered_in_absentia": True,
    "removed": True,
    "order_date": NOW.date() - timedelta(days=30),
    "order_final_date": NOW.date() - timedelta(days=30),
    "wants_return": True,
}


@pytest.fixture
def case_with_deadline(new_case):
    def make(owner=None, **more):
        case = new_case(name="Quetzal Invented", **FACTS, **more)
        refresh_worklist_fields(case, NOW.date())
        with scope(organization=case.organization):
            Case.objects.filter(pk=case.pk).update(assigned_to=owner.user if owner else None)
            case.refresh_from_db()
        return case

    return make


def events(secret):
    held = fetched(secret, NOW)
    return list(Calendar.from_ical(held).walk("VEVENT")) if held else None


def test_it_has_every_deadline_of_ones_cases_and_no_name(case_with_deadline, member):
    worker = member("caseworker")
    case = case_with_deadline(worker)
    case_with_deadline()
    deadlines = screened(case, NOW.date()).deadlines
    assert deadlines
    _, secret = make_feed(ACTOR, worker, NOW)
    found = events(secret)
    assert {e.decoded("dtstart") for e in found} == {d.day for d in deadlines}
    assert all(str(e["summary"]).startswith(case.code) for e in found)
    assert b"Quetzal" not in fetched(secret, NOW)


def test_it_has_ones_tasks_without_their_words(new_case, member):
    worker, case = member("caseworker"), new_case()
    day = NOW.date() + timedelta(days=3)
    actions.add_task(ACTOR, worker, case, "Call Quetzal", day, worker, NOW)
    _, secret = make_feed(ACTOR, worker, NOW)
    (event,) = events(secret)
    assert (event.decoded("dtstart"), str(event["summary"])) == (day, f"{case.code} · task")


def test_it_has_the_whole_office_only_where_that_was_asked(case_with_deadline, member):
    worker = member("lead")
    case_with_deadline()
    _, own = make_feed(ACTOR, worker, NOW)
    _, whole = make_feed(ACTOR, worker, NOW, is_whole_office=True)
    assert events(own) == []
    assert events(whole)


def test_it_says_the_same_of_the_same_deadline_each_time(case_with_deadline, member):
    worker = member("caseworker")
    case_with_deadline(worker)
    _, secret = make_feed(ACTOR, worker, NOW)
    once, again = ({str(e["uid"]) for e in events(secret)} for _ in range(2))
    assert once == again
    assert len(once) == len(events(secret))


def test_it_ends_with_the_address_the_membership_or_the_account(member):
    for end in ("revoke", "membership", "account"):
        worker = member("caseworker")
        feed, secret = make_feed(ACTOR, worker, NOW)
        assert fetched(secret, NOW)
        if end == "revoke":
            revoke_feed(ACTOR, worker, feed.pk, NOW)
        elif end == "membership":
            worker.is_active = False
            worker.save()
        else:
            worker.user.is_active = False
            worker.user.save()
        assert fetched(secret, NOW) is None
    assert fetched("guess", NOW) is None


def test_it_is_not_ended_by_somebody_else(member):
    feed, secret = make_feed(ACTOR, member("caseworker"), NOW)
    revoke_feed(ACTOR, member("lead"), feed.pk, NOW)
    assert fetched(secret, NOW)


def test_it_hides_a_case_from_a_reviewer_who_has_a_conflict(case_with_deadline, member):
    reviewer = member("reviewer")
    case = case_with_deadline()
    _, secret = make_feed(ACTOR, reviewer, NOW, is_whole_office=True)
    assert events(secret)
    with scope(organization=case.organization):
        case.conflicts.create(user=reviewer.user, reason="declared", found_at=NOW)
    assert events(secret) == []


def test_it_is_fetched_without_signing_in_and_shown_once(client, member, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(member("caseworker").user)
    page = client.post("/calendar/", {"which": "mine"}).content.decode()
    address = page.split("<code>")[1].split("</code>")[0]
    assert address not in client.get("/calendar/").content.decode()
    client.logout()
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/calendar/guess.ics").status_code == 404


def test_it_is_for_nobody_without_cases(client, member, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    for role in ("analyst", "auditor", "administrator"):
        client.force_login(member(role).user)
        assert client.post("/calendar/").status_code == 403


def test_it_leads_back_to_where_one_was(client, member, settings, new_case):
    settings.SECOND_FACTOR_REQUIRED = False
    who, case = member("caseworker"), new_case()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    tasks = f"/cases/{case.pk}/more/tasks/"
    assert f"/calendar/?case={case.pk}" in client.get(tasks).content.decode()
    where = f"/calendar/?case={case.pk}"
    assert f'href="{tasks}"' in client.get(where).content.decode()
    page = client.post(where, {"which": "mine"}).content.decode()
    assert f'href="{tasks}"' in page
    ended = client.post(re.search(r'action="(/calendar/[^"]+)"', page)[1])
    assert ended["Location"] == where
    assert 'href="/tasks/"' in client.get("/calendar/?case=//evil.example").content.decode()
