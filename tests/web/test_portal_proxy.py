"""Somebody types for another: who they are, whose telephone is meant, and how the person agreed."""

import pytest
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.web.cases.models import Case, Consent, Contact
from wayhome.web.portal.wording import say
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
MINE = {
    "channel": "whatsapp",
    "address": "+509 5555 1234",
    "time_zone": "America/Port-au-Prince",
    "from_hour": "9",
    "to_hour": "12",
    "message": "no",
}
THEIRS = {
    "their_channel": "call",
    "their_address": "+1 555 0100",
    "their_time_zone": "America/Chicago",
    "their_from_hour": "18",
    "their_to_hour": "20",
    "their_message": "yes",
}


def grandson(language="en", name="Jean Envante"):
    visitor = Visitor(language)
    visitor.begin(who="relative", relation="grandson", agreed="yes_by_phone", proxy_name=name)
    return visitor


def contacts():
    with scopes_disabled():
        return list(Contact.objects.order_by("-is_first", "pk"))


def panel(member, name):
    browser = Visitor().browser
    browser.force_login(
        member("caseworker").user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with scopes_disabled():
        case = Case.objects.get()
    return browser.get(f"/cases/{case.pk}/more/{name}/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_whoever_types_is_asked_and_may_be_left_out(clinic, language):
    grandson(language, name="")
    with scopes_disabled():
        assert "name" not in Consent.objects.get().proxy
    visitor = Visitor(language)
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    assert say(language, "who.name") in visitor.page.replace("&#x27;", "'")


def test_staff_see_who_typed_by_name_at_the_consent_and_at_the_contact(clinic, member):
    visitor = grandson()
    visitor.to_the_questions("Marie Envante", **MINE)
    said = "Who typed: Jean Envante, relative of the person (grandson)"
    assert said in panel(member, "consent")
    shown = panel(member, "contacts")
    assert "<bdi>Jean Envante</bdi>" in shown
    assert "grandson" in shown


def test_a_name_that_staff_gave_to_a_contact_stays(clinic):
    visitor = grandson()
    visitor.to_the_questions(**MINE)
    with scopes_disabled():
        contact = Contact.objects.get()
        contact.name = "Jean the younger"
        contact.save()
    visitor.send({**MINE, "address": "+509 5555 9999"}, path="/p/5/")
    (kept,) = contacts()
    assert (kept.name, kept.address) == ("Jean the younger", "+509 5555 9999")


def test_the_page_of_safe_contact_says_whose_telephone_is_meant(clinic):
    visitor = grandson("ht")
    page = visitor.go("/p/5/")
    assert say("ht", "reach.heading_typing") in page
    assert say("ht", "reach.yours") in page
    assert say("ht", "reach.theirs") in page
    alone = Visitor("ht")
    alone.begin()
    page = alone.go("/p/5/")
    assert say("ht", "reach.heading") in page
    assert "their_channel" not in page


def test_the_person_may_be_reached_apart_from_whoever_types(clinic, member):
    visitor = grandson()
    visitor.to_the_questions(**MINE, **THEIRS)
    mine, theirs = contacts()
    assert (mine.address, mine.relation, mine.is_first) == (MINE["address"], "grandson", True)
    assert (theirs.address, theirs.time_zone) == (THEIRS["their_address"], "America/Chicago")
    assert (theirs.from_hour, theirs.to_hour, theirs.may_leave_message) == (18, 20, True)
    assert "The person themselves" in panel(member, "contacts")
    page = visitor.go("/p/5/")
    assert 'value="+1 555 0100"' in page
    visitor.send({**MINE, **THEIRS, "their_address": "+1 555 0199"}, path="/p/5/")
    assert [c.address for c in contacts()] == [MINE["address"], "+1 555 0199"]
    visitor.send({**MINE, "their_channel": "none"}, path="/p/5/")
    assert (contacts()[1].channel, contacts()[1].address) == ("none", "")


def test_nothing_about_the_person_is_guessed(clinic):
    visitor = grandson()
    visitor.to_the_questions(**MINE)
    assert len(contacts()) == 1
    visitor.send({**MINE, "their_address": "+1 555 0100"}, path="/p/5/")
    assert "About the person who needs help" in visitor.page
    visitor.send({**MINE, "their_channel": "call", "their_address": "+1 555 0100"}, path="/p/5/")
    assert "About the person who needs help" in visitor.page
    assert 'value="+1 555 0100"' in visitor.page
    assert len(contacts()) == 1


def test_whoever_writes_about_themselves_has_one_contact(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions(**MINE, **THEIRS)
    assert [c.name or "" for c in contacts()] == [""]


def test_a_call_shows_both_contacts_and_keeps_both(clinic, member):
    visitor = grandson()
    visitor.to_the_questions(**MINE, **THEIRS)
    browser = Visitor().browser
    browser.force_login(
        member("caseworker").user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with scopes_disabled():
        case = Case.objects.get()
    shown = browser.get(f"/calls/{case.pk}/").content.decode()
    assert "Jean Envante" in shown
    assert "+1 555 0100" in shown
    sent = {**MINE, **THEIRS, "their_address": "+1 555 0111"}
    assert browser.post(f"/calls/{case.pk}/reach/", sent).status_code == 302
    assert contacts()[1].address == "+1 555 0111"


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_child_means_a_child_under_18_and_a_grown_one_is_asked(clinic, language):
    visitor = Visitor(language)
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    page = visitor.page.replace("&#x27;", "'")
    assert "18" in say(language, "who.for_child")
    assert say(language, "who.for_child") in page
    assert say(language, "who.grown_child") in page


def test_staff_are_told_that_the_child_is_under_18(clinic, member):
    visitor = Visitor()
    visitor.begin(who="relative", relation="mother", agreed="for_child")
    assert "for a child under 18" in panel(member, "consent").replace("\n", " ")
