"""Messages, notes, tasks, contacts, consent: written once, whole, seen by whom they are for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.actions import Erased
from wayhome.web.cases.models import Case, Consent, Contact, Message, Note, Task
from wayhome.web.casework import actions
from wayhome.web.casework.models import HouseholdMember
from wayhome.web.casework.safe_hours import reach_of
from wayhome.web.portal.actions import source_of

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()
ODD = "ማርያም مريم 👩🏽‍👧 <b>José</b>"


def contact_values(**more):
    return {
        "name": ODD,
        "relation": "sister",
        "channel": "call",
        "address": "+509 555 0100",
        "time_zone": "America/Port-au-Prince",
        "from_hour": 9,
        "to_hour": 17,
        "code_word": "papaya",
        "may_leave_message": False,
        **more,
    }


WRITES = {
    "message": (Message, lambda w, c: actions.send_message(ACTOR, w, c, ODD, NOW)),
    "note": (Note, lambda w, c: actions.write_note(ACTOR, w, c, ODD, NOW)),
    "task": (Task, lambda w, c: actions.add_task(ACTOR, w, c, ODD, None, None, NOW)),
    "contact": (Contact, lambda w, c: actions.keep_contact(ACTOR, w, c, contact_values(), NOW)),
    "household": (
        HouseholdMember,
        lambda w, c: actions.keep_household_member(ACTOR, w, c, {"name": ODD}, NOW),
    ),
    "consent": (
        Consent,
        lambda w, c: actions.keep_consent(ACTOR, w, c, "v1", "ht", {"agreed": ODD}, NOW),
    ),
}
every_write = pytest.mark.parametrize("what", WRITES)


@every_write
def test_it_writes_with_its_event_and_names_nothing_in_the_log(new_case, member, what):
    model, write = WRITES[what]
    case = new_case()
    write(member("caseworker"), case)
    with scope(organization=case.organization):
        assert model.objects.filter(case=case).count() == 1
    (event,) = Event.objects.filter(case=case.pk)
    assert "Jos" not in str(event.details)


@every_write
def test_it_refuses_whoever_may_not_change_a_case(new_case, member, what):
    model, write = WRITES[what]
    case = new_case()
    with pytest.raises(PermissionDenied):
        write(member("reviewer"), case)
    with scopes_disabled():
        assert not model.objects.filter(case=case).exists()


@every_write
@pytest.mark.parametrize("place", ["record", "note_prepared"])
def test_it_writes_all_or_nothing(new_case, member, monkeypatch, what, place):
    model, write = WRITES[what]
    case, worker = new_case(), member("caseworker")

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, place, killed)
    with pytest.raises(KeyboardInterrupt):
        write(worker, case)
    with scopes_disabled():
        assert not model.objects.filter(case=case).exists()
    assert not Event.objects.filter(case=case.pk).exists()
    assert not list(breaks())


@every_write
def test_it_writes_nothing_to_an_erased_case(new_case, member, what):
    _, write = WRITES[what]
    case = new_case()
    with scopes_disabled():
        Case.objects.filter(pk=case.pk).update(erased_at=NOW)
    with pytest.raises(Erased):
        write(member("caseworker"), case)


@pytest.mark.parametrize("what", ["message", "note", "task", "household"])
def test_it_keeps_once_what_was_sent_twice(new_case, member, what):
    model, write = WRITES[what]
    case, worker = new_case(), member("caseworker")
    assert write(worker, case) == write(worker, case)
    with scopes_disabled():
        assert model.objects.filter(case=case).count() == 1


def test_it_does_not_stop_whoever_edits_a_fact(new_case, member):
    case = new_case()
    WRITES["message"][1](member("caseworker"), case)
    case.refresh_from_db()
    assert case.edition == 1


def test_it_marks_messages_of_the_applicant_as_read_and_no_others(new_case, member):
    case, worker = new_case(), member("caseworker")
    with scope(organization=case.organization):
        Message.objects.create(case=case, text="Help", is_from_applicant=True, sent_at=NOW)
        ours = actions.send_message(ACTOR, worker, case, "We are here", NOW)
        assert actions.mark_messages_read(ACTOR, worker, case, NOW) == 1
        assert actions.mark_messages_read(ACTOR, worker, case, NOW) == 0
        assert Message.objects.get(pk=ours.pk).read_at is None


def test_it_ticks_a_task_off_once(new_case, member):
    case, worker = new_case(), member("caseworker")
    with scope(organization=case.organization):
        task = actions.add_task(ACTOR, worker, case, "Call", date(2026, 1, 2), worker, NOW)
        actions.set_task_done(ACTOR, worker, task, True, NOW)
        actions.set_task_done(ACTOR, worker, task, True, NOW + timedelta(hours=1))
        task.refresh_from_db()
        assert task.done_at == NOW
        actions.set_task_done(ACTOR, worker, task, False, NOW)
        task.refresh_from_db()
        assert task.done_at is None
    deeds = list(Event.objects.filter(case=case.pk).values_list("deed", flat=True))
    assert deeds == ["added task", "finished task", "reopened task"]


def test_it_gives_a_task_only_to_who_may_do_it(new_case, member):
    case, worker = new_case(), member("caseworker")
    with pytest.raises(PermissionDenied):
        actions.add_task(ACTOR, worker, case, "Call", None, member("auditor"), NOW)


@pytest.mark.parametrize(
    ("hour", "is_safe"), [(13, False), (14, True), (21, True), (21.75, False), (23, False)]
)
def test_it_says_whether_to_call_by_the_clock_where_they_are(new_case, member, hour, is_safe):
    case = new_case()
    contact = actions.keep_contact(ACTOR, member("caseworker"), case, contact_values(), NOW)
    moment = datetime(2026, 1, 15, tzinfo=UTC) + timedelta(hours=hour)
    assert reach_of(contact, moment).is_safe_now is is_safe


def test_it_keeps_the_applicants_own_contact_when_others_are_taken_out(new_case, member):
    case, worker = new_case(), member("caseworker")
    first, second = (
        actions.keep_contact(ACTOR, worker, case, contact_values(name=n), NOW) for n in "ab"
    )
    for contact in (first, second):
        actions.remove_contact(ACTOR, worker, contact, NOW)
    with scope(organization=case.organization):
        assert list(Contact.objects.filter(case=case)) == [first]


def test_it_does_not_take_a_consent_to_share_for_who_types(new_case, member):
    case, worker = new_case(), member("caseworker")
    proxy = {"who": "sister", "relation": "sister"}
    actions.keep_consent(ACTOR, worker, case, "portal/1", "ht", {"agreed": "y"}, NOW, proxy=proxy)
    actions.keep_consent(ACTOR, worker, case, "share/t/ab", "ht", {"agreed": "y"}, NOW)
    assert source_of(case) == "family"


def test_it_says_who_typed_and_how_they_agreed_in_words(signed_in, new_case, member):
    case, worker = new_case(), member("caseworker")
    proxy = {"who": "relative", "relation": "manman l"}
    agreed = {"agreed": "yes_by_phone"}
    actions.keep_consent(ACTOR, worker, case, "portal/1", "ht", agreed, NOW, proxy=proxy)
    actions.keep_contact(ACTOR, worker, case, contact_values(name="", relation=""), NOW)
    Contact._base_manager.filter(case=case).update(is_first=True)
    contacts = signed_in.get(reverse("case_panel", args=[case.pk, "contacts"])).content.decode()
    assert "Who typed: relative of the person (manman l)" in contacts
    assert "The applicant</bdi>" not in contacts
    consents = signed_in.get(reverse("case_panel", args=[case.pk, "consent"])).content.decode()
    assert "Said yes by phone or message" in consents
    assert "yes_by_phone" not in consents


def test_it_takes_a_consent_back_and_keeps_that_it_was_given(new_case, member):
    case, worker = new_case(), member("caseworker")
    consent = actions.keep_consent(ACTOR, worker, case, "v1", "en", {"agreed": "yes"}, NOW)
    for _ in range(2):
        actions.withdraw_consent(ACTOR, worker, consent, NOW)
    consent.refresh_from_db()
    assert consent.withdrawn_at == NOW
    assert Event.objects.filter(case=case.pk, deed="withdrew consent").count() == 1


# The pages.


@pytest.fixture
def worker(member):
    return member("caseworker")


@pytest.fixture
def signed_in(client, worker, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(worker.user)
    return client


CONTACT_SENT = {**contact_values(), "may_leave_message": "no"}
SENT = {
    "messages": ("messages/", {"text": ODD}),
    "notes": ("notes/", {"text": ODD, "for_whom": "team"}),
    "tasks": ("tasks/", {"what": ODD, "due": "2026-12-31", "owner": ""}),
    "contacts": ("contacts/", CONTACT_SENT),
    "consent": ("consents/", {"language": "ht", "how": ODD, "proxy": ""}),
}


@pytest.mark.parametrize("panel", SENT)
def test_it_shows_in_its_panel_what_was_written(signed_in, new_case, panel):
    from html import escape

    from wayhome.web.portal.wording import consent_version

    case = new_case()
    address, sent = SENT[panel]
    if panel == "consent":
        sent = {**sent, "words": consent_version(case.language)}
    answer = signed_in.post(f"/cases/{case.pk}/{address}", sent)
    assert answer.status_code == 302
    page = signed_in.get(answer["Location"]).content.decode()
    assert escape(ODD) in page
    assert ODD not in page


@pytest.mark.parametrize("panel", SENT)
def test_it_says_what_is_missing_and_keeps_what_was_typed(signed_in, new_case, panel):
    case = new_case()
    address, _ = SENT[panel]
    answer = signed_in.post(f"/cases/{case.pk}/{address}", {"relation": "typed", "proxy": "typed"})
    assert answer.status_code == 400
    assert "required" in answer.content.decode()
    assert signed_in.get(f"/cases/{case.pk}/{address}").status_code == 405


def test_it_refuses_hours_that_are_none(signed_in, new_case):
    case = new_case()
    sent = {**CONTACT_SENT, "from_hour": 9, "to_hour": 9}
    assert signed_in.post(f"/cases/{case.pk}/contacts/", sent).status_code == 400


def test_it_changes_a_contact_without_making_another(signed_in, new_case, worker):
    case = new_case()
    contact = actions.keep_contact(ACTOR, worker, case, contact_values(), NOW)
    page = signed_in.post(f"/cases/{case.pk}/contacts/{contact.pk}/change/")
    assert "papaya" in page.content.decode()
    sent = {**CONTACT_SENT, "code_word": "mango"}
    assert signed_in.post(f"/cases/{case.pk}/contacts/{contact.pk}/", sent).status_code == 302
    with scope(organization=case.organization):
        assert Contact.objects.get(case=case).code_word == "mango"


def test_it_lists_ones_own_tasks_over_all_cases(signed_in, new_case, worker):
    for day in (date(2026, 3, 1), date(2026, 2, 1)):
        actions.add_task(ACTOR, worker, new_case(), f"On {day}", day, worker, NOW)
    page = signed_in.get("/tasks/").content.decode()
    assert page.index("On 2026-02-01") < page.index("On 2026-03-01")


def test_it_does_nothing_in_another_organizations_case(signed_in, new_case, other_clinic):
    case = new_case(organization=other_clinic)
    for address, sent in SENT.values():
        assert signed_in.post(f"/cases/{case.pk}/{address}", sent).status_code == 404


def test_it_changes_nothing_of_one_case_by_the_address_of_another(signed_in, new_case, worker):
    one, other = new_case(), new_case()
    task = actions.add_task(ACTOR, worker, one, "Call", None, None, NOW)
    contact = actions.keep_contact(ACTOR, worker, one, contact_values(), NOW)
    for address in (f"tasks/{task.pk}/", f"contacts/{contact.pk}/remove/"):
        sent = {"is_done": "yes"}
        assert signed_in.post(f"/cases/{other.pk}/{address}", sent).status_code == 404
