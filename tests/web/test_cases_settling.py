"""Settling what counts where sources disagree: who may, what counts then, until when."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.accounts.models import Organization
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.models import Event
from wayhome.web.cases.actions import Erased, Stale, state_fact, withdraw_statement
from wayhome.web.cases.facts import differences_in, disagreements_of, facts_of, statements_of
from wayhome.web.cases.models import Case, Conflict, Statement
from wayhome.web.cases.settling import NothingToSettle, settle
from wayhome.web.exports.exporting import export
from wayhome.web.exports.importing import import_export
from wayhome.web.protection.erasure import Why, erase_case

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
TODAY = timezone.now().date()
SECRET = "Her file holds two orders; the second is another person's."


def say(case, fact, value, source):
    return state_fact(ACTOR, case, fact, value, source, TODAY, timezone.now())


@pytest.fixture
def differing(new_case):
    """A case of which the applicant and a record give two birth places."""
    case = new_case()
    case.own = say(case, "born_in_us", True, "applicant")
    case.record = say(case, "born_in_us", False, "record")
    return case


@pytest.fixture
def staff(client, member, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(role="caseworker"):
        who = member(role)
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return who

    return sign_in


def test_it_counts_what_was_settled_and_screens_the_case_with_it(differing, member):
    who = member("caseworker")
    assert facts_of(differing)["born_in_us"] is False
    with scope(organization=differing.organization_id):
        Case.objects.filter(pk=differing.pk).update(outcomes={})
    settle(ACTOR, who, differing, differing.own, SECRET, timezone.now())
    assert facts_of(differing)["born_in_us"] is True
    assert disagreements_of(differing) == []
    (found,) = differences_in(statements_of(differing))
    assert found.is_settled
    assert found.counts.settled_why == SECRET
    assert found.counts.settled_by == who.user
    with scope(organization=differing.organization_id):
        case = Case.objects.get(pk=differing.pk)
        assert case.outcomes
        assert Conflict.objects.filter(case=case, user=who.user, reason="prepared").exists()
    event = Event.objects.filter(case=differing.pk, deed="settled fact").get()
    assert SECRET not in str(event.details)
    with connection.cursor() as cursor:
        cursor.execute("SELECT settled_why FROM cases_statement WHERE settled_at IS NOT NULL")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])


def test_it_is_open_again_when_something_newer_is_said(differing, member):
    who = member("caseworker")
    settle(ACTOR, who, differing, differing.own, "because", timezone.now())
    newer = say(differing, "born_in_us", False, "family")
    assert facts_of(differing)["born_in_us"] is False
    assert len(disagreements_of(differing)) == 1
    withdraw_statement(ACTOR, differing, newer, timezone.now(), why="a mistake")
    assert facts_of(differing)["born_in_us"] is True
    say(differing, "born_in_us", False, "family")
    settle(ACTOR, who, differing, differing.own, "now for good", timezone.now())
    (found,) = differences_in(statements_of(differing))
    assert found.counts.settled_why.startswith("now for good")
    assert "because" in found.counts.settled_why


def test_it_counts_what_was_settled_last(differing, member):
    who = member("attorney")
    settle(ACTOR, who, differing, differing.own, "first", timezone.now())
    settle(ACTOR, who, differing, differing.record, "second", timezone.now())
    assert facts_of(differing)["born_in_us"] is False


def test_it_settles_nothing_that_was_taken_back_or_is_undisputed(differing, new_case, member):
    who = member("attorney")
    only = say(differing, "removed", True, "applicant")
    with pytest.raises(NothingToSettle):
        settle(ACTOR, who, differing, only, "x", timezone.now())
    settle(ACTOR, who, differing, differing.own, "x", timezone.now())
    withdraw_statement(ACTOR, differing, differing.own, timezone.now(), why="a mistake")
    assert facts_of(differing)["born_in_us"] is False
    with pytest.raises(NothingToSettle):
        settle(ACTOR, who, differing, differing.own, "x", timezone.now())


def test_a_caseworker_cannot_overrule_a_lawyer(differing, member):
    caseworker, attorney = member("caseworker"), member("attorney")
    own = say(differing, "born_in_us", True, "lawyer")
    with pytest.raises(PermissionDenied):
        settle(ACTOR, caseworker, differing, differing.record, "x", timezone.now())
    settle(ACTOR, caseworker, differing, own, "the lawyer says so", timezone.now())
    settle(ACTOR, attorney, differing, differing.record, "I erred", timezone.now())
    assert facts_of(differing)["born_in_us"] is False
    with pytest.raises(PermissionDenied):
        settle(ACTOR, caseworker, differing, own, "but no", timezone.now())
    with pytest.raises(PermissionDenied):
        settle(ACTOR, member("reviewer"), differing, own, "x", timezone.now())


def test_it_is_told_when_somebody_else_changed_the_case(differing, member):
    with pytest.raises(Stale):
        settle(ACTOR, member("lead"), differing, differing.own, "x", timezone.now(), edition=1)
    with scope(organization=differing.organization_id):
        assert not Statement.objects.exclude(settled_at=None).exists()
    assert not Event.objects.filter(deed="settled fact").exists()


def test_nothing_of_it_is_left_in_an_erased_case(differing, member):
    who = member("lead")
    settle(ACTOR, who, differing, differing.own, SECRET, timezone.now())
    erase_case(ACTOR, who, differing, timezone.now(), why=Why.ASKED)
    with scopes_disabled():
        assert not Statement.objects.filter(case_id=differing.pk).exists()
    with pytest.raises(Erased):
        settle(ACTOR, who, differing, differing.own, "x", timezone.now())


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_it_goes_with_an_export_and_comes_back(differing, member, tmp_path, kind):
    who = member("attorney")
    settle(ACTOR, who, differing, differing.own, SECRET, timezone.now())
    folder = tmp_path / "out"
    export(ACTOR, differing.organization, folder, format=kind, now=timezone.now())
    there = Organization.objects.create(name="There", slug=f"there-{uuid.uuid4().hex[:6]}")
    import_export(ACTOR, there, folder, timezone.now())
    with scope(organization=there):
        case = Case.objects.get()
    assert facts_of(case)["born_in_us"] is True
    (found,) = differences_in(statements_of(case))
    assert found.is_settled
    assert found.counts.settled_why == SECRET
    assert found.counts.settled_by == who.user
    assert found.counts.settled_by_lawyer


def test_the_page_says_who_settled_it_and_why(client, staff, differing):
    who = staff()
    page = client.get(f"/cases/{differing.pk}/").content.decode()
    assert "says otherwise" in page
    assert "#settle" in page
    where = f"/cases/{differing.pk}/settle/born_in_us/"
    sent = {"settle-statement": differing.own.pk, "settle-edition": _edition(differing)}
    answer = client.post(where, sent)
    assert answer.status_code == 400
    assert b"Write why this counts" in answer.content
    stale = client.post(where, sent | {"settle-edition": 1, "settle-why": "Kept <words>"})
    assert stale.status_code == 409
    assert b"Kept &lt;words&gt;" in stale.content
    answer = client.post(where, sent | {"settle-why": "The <b>certificate</b> shows it"})
    assert answer.status_code == 302
    page = client.get(f"/cases/{differing.pk}/").content.decode()
    assert "says otherwise" not in page
    assert "settled" in page
    assert str(who.user) in page
    assert "The &lt;b&gt;certificate&lt;/b&gt; shows it" in page
    page = client.get(f"/cases/{differing.pk}/fact/?fact=born_in_us").content.decode()
    assert "Settle anew" in page


def test_a_caseworker_is_offered_only_what_they_may_choose(client, staff, differing):
    staff()
    own = say(differing, "born_in_us", True, "lawyer")
    page = client.get(f"/cases/{differing.pk}/fact/?fact=born_in_us").content.decode()
    assert f'value="{own.pk}"' in page
    assert f'value="{differing.record.pk}"' not in page
    where = f"/cases/{differing.pk}/settle/born_in_us/"
    sent = {"settle-statement": differing.record.pk, "settle-why": "x"}
    answer = client.post(where, sent | {"settle-edition": _edition(differing)})
    assert answer.status_code == 400
    assert facts_of(differing)["born_in_us"] is True


def test_another_organization_cannot_settle_here(client, staff, member, other_clinic, differing):
    staff()
    stranger = member("lead", other_clinic)
    client.force_login(stranger.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/cases/{differing.pk}/settle/born_in_us/", {"settle-why": "x"})
    assert answer.status_code == 404


def _edition(case):
    with scope(organization=case.organization_id):
        return Case.objects.get(pk=case.pk).edition
