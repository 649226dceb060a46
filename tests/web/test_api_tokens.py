"""Tokens: what they may do, for how long, and that a revoked one fails at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.accounts.models import Role
from wayhome.web.api import tokens
from wayhome.web.api.models import Token
from wayhome.web.api.tokens import Scope, make_token, revoke_token
from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Person, Statement

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOBODY = Actor("test")


@pytest.fixture
def lead(member):
    return member("lead")


@pytest.fixture
def secret_for(lead):
    """Makes a token and gives its secret: `secret_for(Scope.READ_CASES)`."""

    def make(*scopes, member=lead, days=1):
        return make_token(
            NOBODY, member, "test", scopes or list(Scope), days, timezone.now()
        ).secret

    return make


@pytest.fixture
def call(client):
    """Calls the API with a secret: `call(secret, "/cases")`, or with a body to post it."""

    def make(secret, path, body=None, **query):
        head = {"authorization": f"Bearer {secret}"} if secret else {}
        if body is None:
            return client.get(f"/api{path}", query, headers=head)
        return client.post(f"/api{path}", body, content_type="application/json", headers=head)

    return make


def test_it_lets_nobody_in_without_a_token(call, new_case):
    case = new_case()
    for path in ("/cases", f"/cases/{case.pk}", f"/cases/{case.pk}/facts", "/deadlines"):
        assert call("", path).status_code == 401
        assert call("wayhome_guessed", path).status_code == 401


def test_it_keeps_only_a_hash_of_a_token(secret_for):
    secret = secret_for()
    with scopes_disabled():
        row = Token.objects.values().get()
    assert secret not in str(row)
    assert row["digest"] == tokens.digest_of(secret)


def test_it_fails_at_once_when_a_token_is_revoked(call, secret_for, lead, clinic):
    secret = secret_for()
    assert call(secret, "/cases").status_code == 200
    with scope(organization=clinic):
        revoke_token(NOBODY, lead, Token.objects.get(), timezone.now())
    assert call(secret, "/cases").status_code == 401


def test_it_fails_when_a_token_has_expired(call, secret_for, clinic):
    secret = secret_for()
    with scope(organization=clinic):
        Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert call(secret, "/cases").status_code == 401


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.AUDITOR}])
def test_it_does_no_more_than_who_made_it_may_do_by_now(call, secret_for, lead, change):
    secret = secret_for()
    for name, value in change.items():
        setattr(lead, name, value)
    lead.save()
    assert call(secret, "/cases").status_code in (401, 403)


def test_it_does_only_what_it_was_made_for(call, secret_for, new_case):
    case, secret = new_case(removed=True), secret_for(Scope.READ_CASES)
    assert call(secret, f"/cases/{case.pk}").status_code == 200
    assert call(secret, f"/cases/{case.pk}/facts").status_code == 403
    body = {"fact": "removed", "value": False, "source": "record", "said_on": "2026-01-01"}
    assert call(secret, f"/cases/{case.pk}/facts", body).status_code == 403


def test_it_shows_no_name_and_no_a_number_that_was_not_asked_for(
    call, secret_for, new_case, clinic
):
    case = new_case(name="Rosalind Invented")
    with scope(organization=clinic):
        person = Person.objects.get(case=case)
        person.a_number = "A999000001"
        person.save()
    few = call(secret_for(Scope.READ_CASES), f"/cases/{case.pk}")
    assert b"Rosalind" not in few.content
    some = call(secret_for(Scope.READ_CASES, Scope.READ_PERSONS), f"/cases/{case.pk}")
    assert some.json()["person"]["name"] == "Rosalind Invented"
    assert some.json()["person"]["a_number"] is None
    every = call(secret_for(), f"/cases/{case.pk}").json()
    assert every["person"]["a_number"] == "A999000001"
    assert b"999000001" not in call(secret_for(), "/cases").content


def test_it_shows_nothing_of_another_organization(call, secret_for, new_case, other_clinic):
    theirs, secret = new_case(organization=other_clinic), secret_for()
    never = "00000000-0000-4000-8000-000000000000"
    for path in ("", "/facts", "/screening", "/deadlines"):
        found = call(secret, f"/cases/{theirs.pk}{path}")
        none = call(secret, f"/cases/{never}{path}")
        assert found.status_code == none.status_code == 404
        assert found.content == none.content
    body = {"fact": "removed", "value": True, "source": "record", "said_on": "2026-01-01"}
    assert call(secret, f"/cases/{theirs.pk}/facts", body).status_code == 404
    assert call(secret, "/cases").json()["cases"] == []


def test_it_stops_a_token_that_calls_too_often_and_lets_it_go_on_a_minute_later(
    call, secret_for, monkeypatch, clinic
):
    monkeypatch.setattr(tokens, "CALLS_A_MINUTE", 3)
    secret = secret_for()
    answers = [call(secret, "/cases").status_code for _ in range(5)]
    assert answers in ([200, 200, 200, 429, 429], [200] * 5)  # a minute may begin in between
    with scope(organization=clinic):
        Token.objects.update(window_start=timezone.now() - timedelta(minutes=2))
    assert call(secret, "/cases").status_code == 200


def test_it_writes_down_what_a_token_read(call, secret_for, new_case, clinic):
    case, secret = new_case(), secret_for()
    call(secret, f"/cases/{case.pk}/facts")
    with scope(organization=clinic):
        name = f"token:{Token.objects.get().pk}"
    event = Event.objects.get(case=case.pk, deed="read case")
    assert (event.actor, event.organization) == (name, clinic.pk)


def test_it_states_a_fact_once_and_says_when_somebody_was_first(call, secret_for, new_case, clinic):
    case, secret = new_case(), secret_for()
    body = {
        "fact": "removal_date",
        "value": "2021-03-04",
        "source": "record",
        "said_on": "2026-01-01",
        "edition": 1,
    }
    assert call(secret, f"/cases/{case.pk}/facts", body).status_code == 201
    assert call(secret, f"/cases/{case.pk}/facts", body).status_code == 409
    with scope(organization=clinic):
        assert Statement.objects.filter(case=case).count() == 1
    facts = call(secret, f"/cases/{case.pk}/facts").json()
    assert facts["facts"] == {"removal_date": "2021-03-04"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fact": "no_such_fact"},
        {"value": "perhaps"},
        {"value": None},
        {"is_unknown": True},
        {"source": "lawyer"},
        {"said_on": "yesterday"},
        {"surprise": 1},
    ],
)
def test_it_keeps_nothing_of_a_statement_that_is_wrong(call, secret_for, new_case, clinic, wrong):
    case = new_case()
    body = {"fact": "removed", "value": True, "source": "record", "said_on": "2026-01-01", **wrong}
    assert call(secret_for(), f"/cases/{case.pk}/facts", body).status_code == 422
    with scope(organization=clinic):
        assert not Statement.objects.filter(case=case).exists()


def test_it_keeps_no_and_unknown_apart(call, secret_for, new_case):
    case, secret = new_case(), secret_for()
    said = {"source": "applicant", "said_on": "2026-01-01"}
    call(secret, f"/cases/{case.pk}/facts", {**said, "fact": "removed", "value": "no"})
    call(secret, f"/cases/{case.pk}/facts", {**said, "fact": "represented", "is_unknown": True})
    facts = call(secret, f"/cases/{case.pk}/facts").json()
    assert facts["facts"] == {"removed": False}
    assert [s["fact"] for s in facts["statements"] if s["is_unknown"]] == ["represented"]


def test_it_makes_no_day_of_a_month(call, secret_for, new_case):
    case, secret = new_case(), secret_for()
    said = {"source": "record", "said_on": "2026-01-01", "fact": "arrival_date"}
    call(secret, f"/cases/{case.pk}/facts", {**said, "value": "2025-11"})
    assert isinstance(facts_of(case)["arrival_date"], SomeDayOf)


def test_it_takes_in_a_case_whole_or_not_at_all(call, secret_for, clinic):
    secret = secret_for()
    body = {
        "person": {"name": "ሰላም Invented", "a_number": "A999000123"},
        "facts": {"removed": {"value": True}, "removal_date": {"value": "not a day"}},
        "language": "ht",
    }
    assert call(secret, "/cases", body).status_code == 422
    with scope(organization=clinic):
        assert not Case.objects.exists()
    body["facts"]["removal_date"]["value"] = "2020-02-29"
    made = call(secret, "/cases", body)
    assert made.status_code == 201
    assert b"Invented" not in made.content
    with scope(organization=clinic):
        assert Case.objects.get().person.name == "ሰላም Invented"
    assert not list(breaks())


def test_it_screens_on_the_day_asked_for(call, secret_for, new_case):
    case = new_case(
        removed=True, removal_date="2019-01-01", us_military_service=True, honorable_service=False
    )
    url = f"/cases/{case.pk}/screening"
    rules = lambda day: {  # noqa: E731
        demand["rule"]
        for finding in call(secret_for(), url, as_of=day).json()["findings"]
        for demand in finding["demands"] + finding["grounds"]
    }
    assert "return_home.veteran_exiled" in rules("2021-06-09")
    assert "return_home.veteran_exiled" not in rules("2021-06-08")
    assert call(secret_for(), url, as_of="1700-01-01").status_code == 422


def test_it_describes_itself_without_a_token_or_another_host(client):
    described = client.get("/api/openapi.json")
    assert described.status_code == 200
    assert set(described.json()["paths"]) >= {"/api/cases", "/api/deadlines"}
    assert client.get("/api/docs").status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r != Role.LEAD])
def test_it_lets_only_leads_make_tokens(member, role):
    with pytest.raises(PermissionDenied):
        make_token(NOBODY, member(role), "test", [Scope.READ_CASES], 1, timezone.now())


def test_it_shows_a_new_token_once(client, lead):
    client.force_login(lead.user)
    made = client.post("/tokens/", {"name": "spreadsheet", "days": 5, "scopes": ["cases:read"]})
    assert made.status_code == 201
    secret = made.content.decode().split("<code>")[1].split("</code>")[0]
    assert secret.startswith("wayhome_")
    assert secret not in client.get("/tokens/").content.decode()
    with scopes_disabled():
        number = Token.objects.get().pk
    assert client.post(f"/tokens/{number}/revoke/").status_code == 302
    assert (
        client.get("/api/cases", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    )
