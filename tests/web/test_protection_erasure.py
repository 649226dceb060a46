"""An erased case cannot be read again: not here, not from an old backup."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.api.tokens import Scope, make_token, revoke_token
from wayhome.web.audit.actors import actor_of_member, applicant_of, command
from wayhome.web.audit.chain import breaks, record
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Consent, Note, Person, SearchWord, Statement
from wayhome.web.casework.models import Sharing
from wayhome.web.portal.models import Doorway
from wayhome.web.protection import erasure, keys, retention
from wayhome.web.protection import files as sealed
from wayhome.web.protection.erasure import Why, erase_case, finish_erasures

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def full_case(new_case, files, clinic):
    case = new_case(name="Marie Invented", removed=True)
    with scope(organization=clinic):
        Note.objects.create(case=case, text="she fears him", written_at=NOW)
        SearchWord.objects.create(case=case, organization=clinic, kind="word", digest=b"1" * 32)
        Doorway.objects.create(case=case, passphrase="argon2")
    case.document = uuid.uuid4()
    sealed.keep_file(case.pk, case.document, [b"her passport"])
    return case


def erase_by(lead, case):
    erase_case(actor_of_member(lead), lead, case, NOW, why=Why.MISTAKE)


def test_it_leaves_the_bare_row_and_the_log(full_case, member):
    code = full_case.code
    erase_by(member("lead"), full_case)
    with scopes_disabled():
        row = Case.objects.get(pk=full_case.pk)
        assert row.erased_at == NOW
        assert row.code != code
        assert (row.outcomes, row.language, row.assigned_to) == ({}, "en", None)
        for model in (Person, Statement, Note, SearchWord, Doorway):
            assert not model._base_manager.filter(case=full_case).exists()
    event = Event.objects.get(deed="erased case")
    assert event.case == full_case.pk
    assert event.details["kinds"]["note"] == 1
    assert event.details["why"] == "mistake"
    assert not list(breaks())
    assert sealed.documents_on_disk(full_case.pk) == []


def test_it_ends_the_applicants_session(full_case, member):
    session = SessionStore()
    session["portal_case"] = str(full_case.pk)
    session.save()
    other = SessionStore()
    other["portal_case"] = str(uuid.uuid4())
    other.save()
    erase_by(member("lead"), full_case)
    assert list(Session.objects.values_list("session_key", flat=True)) == [other.session_key]


def test_it_reads_nothing_from_an_old_backup(full_case, member, files):
    """The rows and files of before come back; the keyring does not."""
    with scopes_disabled():
        old_case = Case._base_manager.filter(pk=full_case.pk).values().get()
        old_person = Person._base_manager.filter(case=full_case).values().get()
    old_file = sealed.path_of(full_case.pk, full_case.document).read_bytes()
    erase_by(member("lead"), full_case)
    with scopes_disabled():
        Case._base_manager.filter(pk=full_case.pk).update(**old_case)
        Person._base_manager.create(**old_person)
        folder = sealed.path_of(full_case.pk, full_case.document)
        folder.parent.mkdir(parents=True)
        folder.write_bytes(old_file)
        keys.forget_opened_keys()
        assert Person.objects.get(case=full_case).name == "erased"
        with pytest.raises(keys.Erased):
            sealed.file_bytes(full_case.pk, full_case.document)
        assert finish_erasures(NOW + timedelta(days=1)) == 1
        assert not Person.objects.filter(case=full_case).exists()
        assert Case.objects.get(pk=full_case.pk).erased_at is not None
    assert sealed.documents_on_disk(full_case.pk) == []
    assert finish_erasures(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize("step", ["destroy_case_key", "_take_out", "_forget_sessions"])
def test_it_finishes_an_erasure_that_was_killed(full_case, member, monkeypatch, step):
    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    lead = member("lead")
    with monkeypatch.context() as patch:
        patch.setattr(erasure, step, kill)
        with pytest.raises(Killed):
            erase_by(lead, full_case)
    assert finish_erasures(NOW) == 1
    assert finish_erasures(NOW) == 0
    keys.forget_opened_keys()
    with pytest.raises(keys.Erased):
        keys.case_key(full_case.pk)
    with scopes_disabled():
        assert not Person.objects.filter(case=full_case).exists()
    assert sealed.documents_on_disk(full_case.pk) == []
    assert Event.objects.filter(deed="erased case").count() == 1


def test_it_says_one_event_when_erased_twice(full_case, member):
    lead = member("lead")
    erase_by(lead, full_case)
    erase_by(lead, full_case)
    assert Event.objects.filter(deed="erased case").count() == 1


@pytest.mark.parametrize(
    "role", ["caseworker", "attorney", "reviewer", "analyst", "auditor", "administrator"]
)
def test_it_lets_nobody_but_a_lead_erase(full_case, member, role):
    whose = member(role)
    with pytest.raises(PermissionDenied):
        erase_by(whose, full_case)
    assert keys.case_key(full_case.pk)


def test_it_lets_no_lead_of_another_organization_erase(full_case, member, other_clinic):
    with pytest.raises(PermissionDenied):
        erase_by(member("lead", organization=other_clinic), full_case)


def test_it_erases_for_the_applicant(full_case):
    erase_case(applicant_of(full_case), None, full_case, NOW, why=Why.ASKED)
    assert Event.objects.get(deed="erased case").actor == "applicant"


def test_it_keeps_no_destroyed_key_in_the_keyring_file(full_case, member):
    from wayhome.web.protection.models import CaseKey

    before = bytes(CaseKey.objects.get(pk=full_case.pk).wrapped)
    erase_by(member("lead"), full_case)
    row = CaseKey.objects.get(pk=full_case.pk)
    assert (bytes(row.wrapped), bytes(row.former)) == (b"", b"")
    assert before
    assert row.destroyed_at is not None


def signed_in(member):
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_it_asks_for_the_code_before_it_erases(full_case, member):
    client = signed_in(member("lead"))
    url = reverse("erase_case", args=[full_case.pk])
    assert client.get(url).status_code == 200
    why = {"why": "time over"}
    assert "not the code" in client.post(url, {"code": "WRONG", **why}).content.decode()
    for unsaid in ("", "again", "because"):
        assert client.post(url, {"code": full_case.code, "why": unsaid}).status_code == 200
    assert keys.case_key(full_case.pk)
    client.post(url, {"code": full_case.code.lower(), **why})
    assert Event.objects.get(deed="erased case").details["why"] == "time over"
    keys.forget_opened_keys()
    with pytest.raises(keys.Erased):
        keys.case_key(full_case.pk)


def test_it_tells_a_demand_what_exists_and_nothing_that_it_says(full_case, member):
    member("attorney", name="Ana Attorney")
    page = signed_in(member("auditor")).get(reverse("held", args=[full_case.pk])).content.decode()
    assert "notes" in page
    assert "Ana Attorney" in page
    assert "listed what is held" in page
    assert "Marie" not in page
    assert "fears" not in page


def offered_to(organization, case, lead):
    with scope(organization=case.organization):
        consent = Consent.objects.create(
            case=case, text_version="1", language="en", given_at=NOW, how="on paper"
        )
        return Sharing.objects.create(
            case=case,
            code=case.code,
            kind="transfer",
            from_organization=case.organization,
            to_organization=organization,
            consent=consent,
            reason="they speak Kreyol",
            offered_at=NOW,
            offered_by=lead.user,
        )


def test_it_tells_a_demand_which_programs_could_read_the_case(full_case, member, other_clinic):
    lead, gone, theirs = member("lead"), member("lead"), member("lead", other_clinic)
    now = timezone.now()

    def token(maker, name, *scopes, days=30, at=now):
        return make_token(actor_of_member(maker), maker, name, scopes, days, at).token

    token(lead, "night report", Scope.READ_CASES, Scope.READ_PERSONS, Scope.TAKE_IN)
    token(lead, "form of the jail", Scope.TAKE_IN, Scope.STATE_FACTS)
    token(lead, "run out", Scope.READ_FACTS, days=1, at=now - timedelta(days=2))
    revoked = token(lead, "revoked", Scope.READ_FACTS)
    with scope(organization=lead.organization):
        revoke_token(actor_of_member(lead), lead, revoked, now)
    token(gone, "of one who left", Scope.READ_FACTS)
    token(theirs, "of the others", Scope.READ_FACTS)
    gone.is_active = False
    gone.save()
    client, url = signed_in(member("auditor")), reverse("held", args=[full_case.pk])
    page = client.get(url).text
    assert "night report" in page
    row = page.split("night report")[1].split("</tr>")[0]
    assert str(lead.user) in row
    assert f"{now + timedelta(days=30):%Y}" in row
    assert "read names, birth dates" in row
    assert "take in" not in row
    for other in ("form of the jail", "run out", "revoked", "of one who left", "of the others"):
        assert other not in page
    erase_by(lead, full_case)
    assert "night report" not in client.get(url).text


def test_it_tells_a_demand_to_whom_the_case_was_offered(full_case, member, other_clinic):
    client, url = signed_in(member("auditor")), reverse("held", args=[full_case.pk])
    assert other_clinic.name not in client.get(url).text
    sharing = offered_to(other_clinic, full_case, member("lead"))
    page = client.get(url).text
    assert f"Offered to <strong>{other_clinic.name}</strong>" in page
    assert "Kreyol" not in page
    with scope(organization=full_case.organization):
        Sharing.objects.filter(pk=sharing.pk).update(answered_at=NOW, is_accepted=False)
    assert other_clinic.name not in client.get(url).text


def test_it_still_tells_what_is_left_of_an_erased_case(full_case, member):
    erase_by(member("lead"), full_case)
    page = signed_in(member("lead")).get(reverse("held", args=[full_case.pk])).content.decode()
    assert "destroyed" in page
    assert "Nothing but the bare row" in page
    assert "may hold the same" not in page
    assert "master key" not in page
    assert reverse("erase_case", args=[full_case.pk]) not in page


def test_it_tells_staff_of_its_organization_that_a_case_was_erased(full_case, member, other_clinic):
    where = reverse("case", args=[full_case.pk])
    erase_case(applicant_of(full_case), None, full_case, NOW, why=Why.ASKED)
    told = signed_in(member("caseworker")).get(where)
    assert told.status_code == 410
    page = told.content.decode()
    assert "This case was erased on Nov 22, 2026: the person asked." in page
    assert "Marie" not in page
    assert signed_in(member("lead", other_clinic)).get(where).status_code == 404
    never = reverse("case", args=[uuid.uuid4()])
    assert signed_in(member("caseworker")).get(never).status_code == 404


@pytest.mark.parametrize("role", ["lead", "attorney"])
def test_it_links_what_is_held_and_erasing_from_the_case_for_those_who_may(full_case, member, role):
    page = signed_in(member(role)).get(reverse("case", args=[full_case.pk])).content.decode()
    for name in ("held", "erase_case"):
        assert (reverse(name, args=[full_case.pk]) in page) is (role == "lead")


def test_it_tells_of_a_case_what_was_done_to_all_of_them(full_case, member):
    record(command("backup"), "made a backup")
    page = signed_in(member("auditor")).get(reverse("held", args=[full_case.pk])).content.decode()
    assert "made a backup <" in page
    assert "(touched every case)" in page


def test_it_shows_another_organizations_case_as_none(full_case, member, other_clinic):
    client = signed_in(member("lead", organization=other_clinic))
    for name in ("held", "erase_case"):
        assert client.get(reverse(name, args=[full_case.pk])).status_code == 404


@pytest.mark.parametrize(
    ("state", "since", "near"),
    [
        ("home", date(2019, 11, 1), True),
        ("home", date(2020, 1, 15), True),
        ("home", date(2020, 3, 1), False),
        ("preparing", date(2010, 1, 1), False),
        ("withdrawn", date(2019, 1, 1), True),
    ],
)
def test_it_warns_before_the_time_of_a_case_is_over(new_case, clinic, state, since, near):
    case = new_case(state=state)
    Case._base_manager.filter(pk=case.pk).update(
        state_since=datetime(since.year, since.month, since.day, tzinfo=UTC)
    )
    found = retention.endings(clinic, NOW.date())
    assert bool(found) is near


def test_it_goes_by_a_day_that_somebody_set(new_case, clinic, member):
    case, lead = new_case(state="home"), member("lead")
    with scope(organization=clinic):
        retention.keep_longer(actor_of_member(lead), lead, case, date(2027, 1, 1), NOW)
    assert [ending.until for ending in retention.endings(clinic, NOW.date())] == [date(2027, 1, 1)]
    assert Event.objects.get(deed="keeps case longer").details == {"until": "2027-01-01"}


@pytest.mark.parametrize(("shift", "right"), [(0, True), (80, True), (100, False), (-1, False)])
def test_it_believes_no_clock_that_does_not_fit_the_log(new_case, member, shift, right):
    case, lead = new_case(), member("lead")
    with scope(organization=case.organization):
        now = timezone.now()
        retention.keep_longer(actor_of_member(lead), lead, case, date(2090, 1, 1), now)
    if right:
        retention.check_clock(now + timedelta(days=shift))
    else:
        with pytest.raises(retention.ClockIsWrong):
            retention.check_clock(now + timedelta(days=shift))
