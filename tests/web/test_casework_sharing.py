"""Referral and transfer: only with consent, whole or not at all, in both logs."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from tests.web import files_made as made

from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases import documents as documents_module
from wayhome.web.cases.actions import receive_case
from wayhome.web.cases.documents import document_bytes, keep_document
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Person
from wayhome.web.cases.search import cases_found
from wayhome.web.casework import actions
from wayhome.web.casework import sharing as module
from wayhome.web.casework.consents import words_to_share_with
from wayhome.web.casework.models import Sharing
from wayhome.web.casework.sharing import CannotShare, accept, decline, offer, offered_to, take_back
from wayhome.web.files.kinds import safe_file
from wayhome.web.protection.keys import destroy_case_key, forget_opened_keys
from wayhome.web.protection.models import CaseKey

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()
NAME = "Quetzal Invented ማርያም"


@pytest.fixture
def lead(member):
    return member("lead")


@pytest.fixture
def there(member, other_clinic):
    return member("lead", organization=other_clinic)


@pytest.fixture
def case(clinic):
    return receive_case(
        ACTOR,
        clinic,
        person={"name": NAME, "birth_date": "1990-05-01"},
        facts={"removed": True, "detained": False},
        source="applicant",
        language="ht",
        now=NOW,
    )


@pytest.fixture
def agree(case, lead, there):
    def agreed(kind):
        words = words_to_share_with(there.organization, kind)
        return actions.keep_consent(ACTOR, lead, case, words, "ht", {"agreed": "by phone"}, NOW)

    return agreed


def offered(case, lead, there, kind="transfer", facts=()):
    return offer(ACTOR, lead, case, there.organization, kind, facts, "They speak Kreyòl", NOW)


def test_it_offers_nothing_without_consent_to_that_very_thing(case, lead, there, agree):
    with pytest.raises(CannotShare, match="No consent"):
        offered(case, lead, there)
    agree("referral")
    with pytest.raises(CannotShare, match="No consent"):
        offered(case, lead, there)
    agree("transfer")
    assert offered(case, lead, there)


def test_it_hands_a_case_over_whole(case, lead, there, agree, files, monkeypatch):
    monkeypatch.setattr(documents_module, "safe_file_apart", safe_file)
    document = keep_document(ACTOR, case, made_pdf(), "An order", "order", NOW, from_applicant=True)
    agree("transfer")
    taken = accept(ACTOR, there, offered(case, lead, there), NOW)
    forget_opened_keys()
    assert taken.pk == case.pk
    assert CaseKey.objects.get(pk=case.pk).organization_key.organization == there.organization_id
    with scope(organization=lead.organization):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not Person.objects.filter(case=case.pk).exists()
    with scope(organization=there.organization):
        moved = Case.objects.get(pk=case.pk)
        assert moved.person.name == NAME
        assert facts_of(moved) == {
            "removed": True,
            "detained": False,
            "birth_date": date(1990, 5, 1),
        }
        assert document_bytes(document)
        assert moved.assigned_to is None
    assert cases_found(there.organization_id, NAME) == [case.pk]
    assert cases_found(lead.organization_id, NAME) == []


def made_pdf():
    from io import BytesIO

    return BytesIO(made.pdf())


def test_it_says_so_in_both_logs(case, lead, there, agree):
    agree("transfer")
    accept(ACTOR, there, offered(case, lead, there), NOW)
    said = Event.objects.filter(deed="accepted transfer")
    assert {e.organization for e in said} == {lead.organization_id, there.organization_id}
    assert not list(breaks())
    assert "Quetzal" not in " ".join(str(e.details) for e in Event.objects.all())


def test_it_copies_chosen_facts_and_leaves_the_case(case, lead, there, agree):
    agree("referral")
    sharing = offered(case, lead, there, "referral", ["removed", "sex"])
    new = accept(ACTOR, there, sharing, NOW)
    assert new.pk != case.pk
    assert facts_of(new) == {"removed": True, "birth_date": date(1990, 5, 1)}
    with scope(organization=there.organization):
        assert Person.objects.get(case=new).name == NAME
    with scope(organization=lead.organization):
        assert Case.objects.filter(pk=case.pk).exists()
    destroy_case_key(case.pk)
    forget_opened_keys()
    assert facts_of(new) == {"removed": True, "birth_date": date(1990, 5, 1)}


@pytest.mark.parametrize("kind", ["transfer", "referral"])
def test_it_takes_over_once_though_it_is_sent_twice(case, lead, there, agree, kind):
    agree(kind)
    sharing = offered(case, lead, there, kind, ["removed"])
    first = accept(ACTOR, there, sharing, NOW)
    assert accept(ACTOR, there, sharing, NOW).pk == first.pk
    with scope(organization=there.organization):
        assert Case.objects.count() == 1


def test_it_takes_nothing_over_once_the_consent_is_taken_back(case, lead, there, agree):
    consent = agree("transfer")
    sharing = offered(case, lead, there)
    actions.withdraw_consent(ACTOR, lead, consent, NOW)
    assert not offered_to(there.organization)
    with pytest.raises(CannotShare, match="consent"):
        accept(ACTOR, there, sharing, NOW)
    with scope(organization=lead.organization):
        assert Case.objects.filter(pk=case.pk).exists()


@pytest.mark.parametrize("end", [take_back, decline])
def test_it_takes_nothing_over_after_a_no(case, lead, there, agree, end):
    agree("transfer")
    sharing = offered(case, lead, there)
    end(ACTOR, lead if end is take_back else there, sharing, NOW)
    with pytest.raises(CannotShare):
        accept(ACTOR, there, sharing, NOW)
    assert not offered_to(there.organization)


@pytest.mark.parametrize("state", ["ready", "first_review", "second_review", "panel"])
def test_it_keeps_a_case_in_review_where_it_is(case, lead, there, agree, state):
    agree("transfer")
    sharing = offered(case, lead, there)
    with scopes_disabled():
        Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    with pytest.raises(CannotShare, match="review"):
        accept(ACTOR, there, sharing, NOW)
    take_back(ACTOR, lead, sharing, NOW)
    with pytest.raises(CannotShare, match="review"):
        offered(case, lead, there)


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("transfer", "wrap_for"),
        ("transfer", "index_person"),
        ("transfer", "keep_duplicates"),
        ("transfer", "_record_on_both_sides"),
        ("referral", "receive_case"),
        ("referral", "_record_on_both_sides"),
    ],
)
def test_it_stays_whole_where_it_was_when_it_is_killed(
    case, lead, there, agree, monkeypatch, kind, place
):
    agree(kind)
    sharing = offered(case, lead, there, kind, ["removed"])
    real = getattr(module, place)

    def killed(*args, **kwargs):
        real(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, place, killed)
        with pytest.raises(KeyboardInterrupt):
            accept(ACTOR, there, sharing, NOW)
    forget_opened_keys()
    with scopes_disabled():
        assert not Sharing.objects.get(pk=sharing.pk).answered_at
        held = Case.objects.get()
    assert held.organization_id == lead.organization_id
    assert facts_of(held)["removed"] is True
    assert cases_found(lead.organization_id, NAME) == [case.pk]
    assert not list(breaks())
    assert accept(ACTOR, there, sharing, NOW)


def test_it_is_done_by_those_who_may(case, lead, there, agree, member, other_clinic):
    agree("transfer")
    with pytest.raises(PermissionDenied):
        offered(case, member("caseworker"), there)
    with pytest.raises(PermissionDenied):
        offered(case, there, there)
    sharing = offered(case, lead, there)
    with pytest.raises(PermissionDenied):
        accept(ACTOR, member("reviewer", organization=other_clinic), sharing, NOW)
    with pytest.raises(CannotShare, match="not your organization"):
        accept(ACTOR, lead, sharing, NOW)


def test_it_offers_once(case, lead, there, agree):
    agree("transfer")
    offered(case, lead, there)
    with pytest.raises(CannotShare, match="already"):
        offered(case, lead, there)


def test_it_says_where_nobody_is_to_offer_it_to_and_where_consent_is_written(
    client, case, lead, settings, request
):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(lead.user)
    where = f"/cases/{case.pk}/more/sharing/"
    alone = client.get(where).text
    assert "No other organization works on this installation" in alone
    assert "<select" not in alone
    request.getfixturevalue("there")
    page = client.get(where).text
    assert "No consent to share is written down yet" in page
    assert f'href="/cases/{case.pk}/more/consent/"' in page
    request.getfixturevalue("agree")("transfer")
    assert "No consent to share" not in client.get(where).text


def test_it_goes_over_by_the_pages(client, case, lead, there, agree, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(lead.user)
    sent = {"to": str(there.organization.pk), "kind": "transfer", "reason": "<b>why</b>"}
    answer = client.post(f"/cases/{case.pk}/sharing/", sent)
    assert "No consent to this" in answer.content.decode()
    agree("transfer")
    assert client.post(f"/cases/{case.pk}/sharing/", sent).status_code == 302
    assert "Not answered yet" in client.get(f"/cases/{case.pk}/more/sharing/").content.decode()
    client.force_login(there.user)
    page = client.get("/offered/").content.decode()
    assert NAME in page
    assert "&lt;b&gt;why" in page
    with scopes_disabled():
        sharing = Sharing.objects.get()
    answer = client.post(f"/offered/{sharing.pk}/", {"answer": "accept"})
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    client.force_login(lead.user)
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    assert case.code in client.get("/offered/").content.decode()
    assert client.post(f"/offered/{sharing.pk}/", {"answer": "accept"}).status_code == 404
