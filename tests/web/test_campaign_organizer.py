"""An organizer's way with a letter, page by page; what is refused, and what the log says of it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.campaign import letters, pasting
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Letter, Signer

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture
def organizer(client, member):
    own = member(Role.ORGANIZER)
    client.force_login(own.user)
    return own


def _write(client, **more):
    told = {
        "title": "Close one", "recipient": "The Secretary", "slug": "close-one",
        "order": "alphabetical", "deadline": "", "signers_said": "", "text": "Dear you",
    }  # fmt: skip
    return client.post("/campaign/new/", told | more)


def _letter(organizer):
    with scope(organization=organizer.organization):
        return Letter.objects.get()


def test_a_letter_goes_from_draft_to_sent_page_by_page(organizer, client):
    assert client.get("/start/", follow=True).redirect_chain[-1][0] == "/campaign/"
    assert _write(client).status_code == 302
    own = f"/campaign/{_letter(organizer).pk}/"
    public = "/letters/harbor/close-one/"
    assert Client().get(public).status_code == 404
    client.post(f"{own}text/", {"text": "Dear you,\r\n\r\nclose *one*.\x07"})
    assert "<em>one</em>" in client.get(f"{own}text/").content.decode()
    client.post(f"{own}step/", {"do": "open"})
    page = Client().get(public).content.decode()
    assert "<em>one</em>" in page
    assert "\x07" not in page
    about = {"title": "Close one", "recipient": "The Secretary", "slug": "close-one"}
    about |= {"order": "as signed"}
    refused = client.post(own, about | {"slug": "other"}).content.decode()
    assert "Its address is public" in refused
    fixed = client.post(own, about | {"title": "Close two", "recipient": "x"}).content.decode()
    assert fixed.count("stay as they were signed") >= 2  # title and addressee
    with pytest.raises(CannotBe, match="as they were signed"):
        letters.change_letter(
            actor_of_member(organizer), organizer, _letter(organizer), timezone.now(), title="Two"
        )
    kept = _letter(organizer)
    assert (kept.title, kept.recipient) == ("Close one", "The Secretary")
    client.post(own, about)
    assert _letter(organizer).order == "as signed"
    client.post(f"{own}date/", {"dated": "2026-01-05", "known_from": ""})
    assert _letter(organizer).dated is None
    client.post(f"{own}date/", {"dated": "2026-01-05", "known_from": "A copy", "sent_before": "on"})
    assert "5 January 2026" in Client().get(public).content.decode()
    client.post(f"{own}step/", {"do": "close"})
    assert Client().get(f"{public}sign/").status_code == 410
    client.post(f"{own}step/", {"do": "open again"})
    assert Client().get(f"{public}sign/").status_code == 200
    deeds = list(Event.objects.order_by("number").values_list("deed", flat=True))
    for deed in ("wrote a letter", "opened a text for signing", "closed a letter"):
        assert deed in deeds
    assert not list(breaks())


def test_a_short_name_is_used_once(organizer, client):
    _write(client)
    assert "Another letter has this short name" in _write(client).content.decode()
    assert _write(client, slug="no good!").status_code == 200
    with scope(organization=organizer.organization):
        assert Letter.objects.count() == 1


def test_a_signer_is_read_by_organizers_only_and_the_log_says_so(campaign):
    campaign.fill_in()
    one = campaign.signatures()[0]
    staff = Client()
    staff.force_login(campaign.organizer.user)
    queue = staff.get(f"/campaign/{campaign.letter.pk}/signatures/").content.decode()
    assert "ana@aid.example" not in queue
    page = staff.get(f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/").content.decode()
    assert "ana@aid.example" in page
    assert Event.objects.filter(deed="read the address of a signer").count() == 1


def test_an_organizer_corrects_sets_aside_and_takes_back_in(campaign):
    campaign.fill_in(name="Harbr Legal Aid")
    one = campaign.signatures()[0]
    staff = Client()
    staff.force_login(campaign.organizer.user)
    own = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/"
    staff.post(own, {"name": "Harbor Legal  Aid", "place": "Oakland, CA", "kind": "local"})
    assert campaign.signatures()[0].name == "Harbor Legal Aid"
    staff.post(own, {"name": "http://x.example", "place": "", "kind": ""})
    assert campaign.signatures()[0].name == "Harbor Legal Aid"
    for do, after in (("withdrawn", "asked"), ("refused", "refused"), ("confirmed", "refused"), ("asked", "asked")):  # fmt: skip
        staff.post(f"{own}step/", {"do": do, "why": "x"})
        assert campaign.signatures()[0].state == after, do
    with scope(organization=campaign.organization):
        assert not Signer.objects.exists()  # set aside: whoever asked is erased
    staff.post(f"{own}step/", {"do": "signer", "name": "Bo", "email": "bo@aid.example"})
    staff.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    assert mail.outbox[-1].to == ["bo@aid.example"]
    assert Client().post(campaign.link(), {"version": "1"}).status_code == 200


def test_what_a_signer_confirmed_by_link_is_corrected_and_not_renamed(campaign, client):
    campaign.fill_in(name="Harbor Legal Aid")
    one = campaign.signatures()[0]
    staff = Client()
    staff.force_login(campaign.organizer.user)
    own = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/"
    client.post(campaign.link(), {"version": "1"})
    for name in ("Acme Airlines", "Harbor Legal Aid Inc.", "Harbor Legal Aid Помощь", "Harbor Aid"):
        page = staff.post(own, {"name": name, "place": "", "kind": ""}).content.decode()
        assert "confirmed this name by its own link" in page, name
        assert campaign.signatures()[0].name == "Harbor Legal Aid", name
    staff.post(own, {"name": "HARBOR Légal-Aid", "place": "Oakland, CA", "kind": ""})
    assert "HARBOR Légal-Aid" in client.get(campaign.page).content.decode()
    page = staff.get(own).content.decode()
    assert "How it was printed before" in page
    assert "Harbor Legal Aid" in page
    told = Event.objects.filter(deed="changed how a signature is printed").latest("number").details
    assert (told["before"]["name"], told["after"]["name"]) == (
        "Harbor Legal Aid",
        "HARBOR Légal-Aid",
    )


def test_everybody_else_on_the_staff_is_refused(campaign, member):
    for role in set(Role.values) - {Role.ORGANIZER, Role.LEAD}:
        staff = Client()
        staff.force_login(member(role).user)
        for path in ("/campaign/", f"/campaign/{campaign.letter.pk}/messages/"):
            assert staff.get(path).status_code == 403, (role, path)


def test_an_organizer_sees_no_case(organizer, client, new_case):
    case = new_case(name="Marie Invented")
    for path in ("/worklist/", f"/cases/{case.pk}/", "/search/", "/patterns/", "/log/"):
        assert client.get(path).status_code in (403, 404), path


def test_messages_that_a_demonstration_kept_are_shown_there_only(
    campaign, settings, tmp_path, monkeypatch
):
    settings.MESSAGES = settings.EMAIL_FILE_PATH = tmp_path / "messages"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    campaign.fill_in()
    staff = Client()
    staff.force_login(campaign.organizer.user)
    path = f"/campaign/{campaign.letter.pk}/messages/"
    assert "ana@aid.example" not in staff.get(path).content.decode()
    settings.IS_DEMO = True
    page = staff.get(path).content.decode()
    assert "ana@aid.example" in page
    assert "/confirm/" in page


def test_too_long_a_form_is_refused_before_it_is_read(campaign):
    answer = Client().post(campaign.sign, {"name": "x" * 20_000})
    assert answer.status_code == 413


def test_the_deadline_is_said_where_one_signs(campaign, client):
    day = today_there() + timedelta(days=30)
    assert f"{day.day} {day:%B %Y}" in client.get(campaign.sign).content.decode()


def test_what_was_signed_before_this_version_is_fixed_by_its_migration(campaign, client):
    from importlib import import_module

    from django.apps import apps
    from django_scopes import scopes_disabled

    from wayhome.web.campaign.models import Signature, Version

    campaign.fill_in(name="Immigrants Aid")
    client.post(campaign.link(), {"version": "1"})
    with scopes_disabled():
        Version.objects.update(demands=None)
        Signature.objects.update(linked_at=None, name_key="immigrant aid")
        name = "wayhome.web.campaign.migrations.0002_what_is_signed_is_fixed"
        fix = import_module(name).fix_what_was_signed
        Version.save, kept = super(Version, Version).save, Version.save  # as in a migration
        try:
            fix(apps, None)
        finally:
            Version.save = kept
        one = Signature.objects.get()
        assert one.linked_at == one.confirmed_at
        assert one.name_key == "immigrants aid"
        assert Version.objects.get().demands == []


def test_it_calls_nobody_confirmed_whom_only_the_organizers_have_named(campaign, client):
    """The same numbers as on the public page, in the same words."""
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Other Aid\nThird Aid",
        timezone.now(), leave_out=(), decisions={}, how_known="An e-mail",
    )  # fmt: skip
    campaign.fill_in()
    Client().post(campaign.link(), {"version": "1"})
    client.force_login(campaign.organizer.user)
    own = f"/campaign/{campaign.letter.pk}/"
    stands = client.get(own).content.decode().split("<dt>Standing under the letter</dt>")[1]
    assert re.sub("<[^>]+>", "", stands.split("</dd>")[0]) == (
        "3 (1 confirmed by a link of its own, 2 named by the organizers)"
    )
    queue = client.get(f"{own}signatures/", {"state": "confirmed"}).content.decode()
    cells = re.findall(r'data-name="Stands">([^<]+)<', queue)
    assert sorted(cells) == ["confirmed by link", *["named by the organizers"] * 2]
    (named,) = campaign.signatures(name="Third Aid")
    assert client.get(f"{own}signatures/").context["page"].paginator.count == 3, "none waits"
    campaign.fill_in(name="Fourth Aid", email="di@fourth.example")
    (waits,) = client.get(f"{own}signatures/").context["shown"]
    assert waits.name == "Fourth Aid"
    page = client.get(f"{own}signatures/{named.pk}/").content.decode()
    assert "<dt>State</dt><dd>named by the organizers, since" in page


def test_a_demand_has_the_built_in_measure_or_one_of_its_own():
    from wayhome.web.campaign.organizer_forms import DemandForm

    told = {"slug": "jails", "words": "Close the jails", "known_as": "close_facilities"}
    assert DemandForm({**told, "target_is": "number"}).errors.get("__all__") is None
    both = {**told, "series": "detained_total", "direction": "down", "target": "5"}
    assert "not both" in str(DemandForm({**both, "target_is": "number"}).errors["__all__"])


def test_the_list_of_signatures_stands_in_the_order_that_it_says(campaign, client):
    names = [f"Group {letter}" for letter in "QWERTYUIOPASD"]
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "\n".join(names), timezone.now(),
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    campaign.fill_in(name="Asked Later")
    client.force_login(campaign.organizer.user)
    path = f"/campaign/{campaign.letter.pk}/signatures/"
    page = client.get(path, {"state": "all"}).content.decode()
    shown = re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)
    assert shown == [*names, "Asked Later"]
    assert "wait longest" not in page
    assert "Those that asked or were named first are first" in page
    waiting = client.get(path, {"state": "asked"}).content.decode()
    assert "Those that wait longest are first" in waiting
