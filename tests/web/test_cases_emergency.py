"""Why a case is an emergency, and who decided that it is or is not: said where one looks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.actions import ReasonMissing, set_emergency, withdraw_statement
from wayhome.web.cases.models import Case, Note, State, Statement
from wayhome.web.cases.screening import refresh_worklist_fields

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = timezone.now()
SOON = NOW.date() + timedelta(days=3)
ACTOR = Actor("somebody")


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


@pytest.fixture
def urgent(new_case):
    case = new_case(removal_scheduled_date=SOON)
    refresh_worklist_fields(case, NOW.date())
    return case


def head(client, case):
    text = client.get(reverse("case", args=[case.pk])).text
    return text[text.index("case-line") : text.index('<nav class="tabs')]


def notes():
    with scopes_disabled():
        return [str(note.text) for note in Note.objects.order_by("pk")]


def test_the_head_of_a_case_says_in_words_why_it_is_an_emergency(browse, member, urgent):
    said = head(browse(member("caseworker")), urgent)
    assert f"because: removal is scheduled for {SOON:%b} {SOON.day}, {SOON.year}, in 3 days" in said


def test_it_names_the_rules_that_make_it_one_with_their_reasons(browse, member, new_case):
    case = new_case(detained=True, born_in_us=True)
    found = refresh_worklist_fields(case, NOW.date())
    rules = [rule for f in found.findings for rule in f.grounds if rule.emergency]
    said = head(browse(member("caseworker")), case)
    assert rules
    for rule in rules:
        assert reverse("case_why", args=[case.pk, rule.id]) in said


def test_no_emergency_is_decided_by_hand_without_a_reason(browse, member, urgent):
    worker = member("caseworker")
    client, where = browse(worker), reverse("set_emergency", args=[urgent.pk])
    answer = client.post(where, {"is_emergency": "no", "why": "  "}, follow=True)
    assert "Write why you decide by hand" in answer.text
    with scopes_disabled():
        assert Case.objects.get(pk=urgent.pk).emergency_by_hand is None
    with pytest.raises(ReasonMissing):
        set_emergency(ACTOR, worker, urgent, True, NOW)
    assert not notes()


def test_what_is_decided_by_hand_is_said_with_its_reason(browse, member, urgent):
    client, where = browse(member("caseworker")), reverse("set_emergency", args=[urgent.pk])
    client.post(where, {"is_emergency": "no", "why": "The flight was called off."})
    said = head(client, urgent)
    assert "not an emergency: decided by hand" in said
    assert "because" not in said
    assert reverse("case_panel", args=[urgent.pk, "notes"]) in said
    assert notes() == ["Emergency: no, by hand. Why: The flight was called off."]
    with scope(organization=urgent.organization_id):
        assert not Case.objects.get(pk=urgent.pk).is_emergency
    client.post(where, {"is_emergency": ""})
    assert "because: removal is scheduled" in head(client, urgent)


@pytest.mark.parametrize("state", [State.HOME, State.WITHDRAWN])
def test_nothing_is_marked_urgent_of_who_is_home(browse, member, urgent, state):
    with scopes_disabled():
        Case.objects.filter(pk=urgent.pk).update(state=state)
    assert "urgent" not in head(browse(member("caseworker")), urgent)


def test_a_statement_is_taken_back_with_a_reason(browse, member, urgent):
    client = browse(member("caseworker"))
    with scopes_disabled():
        said = Statement.objects.get(case=urgent)
    where = reverse("withdraw_statement", args=[urgent.pk, said.pk])
    page = client.post(where, {"why": ""}, follow=True)
    assert "Not taken back yet. Write why it is taken back." in page.text
    assert not notes()
    client.post(where, {"why": "Written in the wrong case."})
    (kept,) = notes()
    assert kept.endswith("Why: Written in the wrong case.")
    with scopes_disabled():
        assert Statement.objects.get(pk=said.pk).withdrawn_at
    with pytest.raises(ReasonMissing):
        withdraw_statement(ACTOR, urgent, said, NOW, why="")
