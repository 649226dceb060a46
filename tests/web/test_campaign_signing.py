"""Signing a letter: what a signer does, what goes wrong, and a robot that signs 10,000 times."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.campaign import demands, letters, pasting, queue, signing
from wayhome.web.campaign.choices import SignatureState
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.limits import LIMITS
from wayhome.web.campaign.models import (
    Immutable,
    Likeness,
    Signature,
    Signer,
    SignerLink,
    SigningTry,
    Version,
)
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.rotation import begin_case_change, end_case_change, reseal_case

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def test_an_organization_signs_by_the_link_and_not_before(campaign, client):
    answer = campaign.fill_in(place="Oakland, CA", kind="local")
    assert answer.status_code == 302
    assert "Harbor Legal Aid" not in client.get(campaign.page).content.decode()
    shown = client.get(campaign.link())
    assert "Harbor Legal Aid signs" in shown.content.decode()
    assert "Harbor Legal Aid" not in client.get(campaign.page).content.decode()
    done = client.post(campaign.link(), {"version": "1"})
    assert "has signed" in done.content.decode()
    page = client.get(campaign.page).content.decode()
    assert "<li><bdi>Harbor Legal Aid</bdi><span" in page
    assert "Oakland, CA" in page
    assert "ana@aid.example" not in page
    assert not list(breaks())


def test_a_link_used_twice_says_so_kindly_and_changes_nothing(campaign, client):
    campaign.fill_in()
    link = campaign.link()
    client.post(link, {"version": "1"})
    before = campaign.signatures()[0].confirmed_at
    for again in (client.get(link), client.post(link, {"version": "1"})):
        assert again.status_code == 410
        assert "nothing more to do" in again.content.decode()
    assert campaign.signatures()[0].confirmed_at == before


def test_a_link_is_useless_after_the_deadline(campaign, client):
    campaign.fill_in()
    campaign.change(deadline=today_there() - timedelta(days=2))
    for answer in (client.get(campaign.link()), client.post(campaign.link(), {"version": "1"})):
        assert answer.status_code == 410
        assert "too late" in answer.content.decode()
    assert [one.state for one in campaign.signatures()] == [SignatureState.ASKED]
    assert Client().get(campaign.sign).status_code == 410


def test_the_last_day_lasts_to_its_end_in_washington(campaign):
    from datetime import UTC, date, datetime

    campaign.change(deadline=date(2026, 3, 6))
    last = datetime(2026, 3, 7, 4, 59, tzinfo=UTC)  # 23:59 in Washington, before summer time
    assert letters.takes_signatures(campaign.letter, last)
    assert not letters.takes_signatures(campaign.letter, last + timedelta(minutes=1))


def test_a_forwarded_link_shows_for_whom_it_is_and_does_nothing_by_being_opened(campaign, client):
    campaign.fill_in()
    for opener in (Client(), Client(), client):
        shown = opener.get(campaign.link(), headers={"user-agent": "a scanner of mail"})
        assert "made for somebody who may sign for Harbor Legal Aid" in shown.content.decode()
        assert not shown.cookies
    opener.head(campaign.link())
    assert [one.state for one in campaign.signatures()] == [SignatureState.ASKED]


def test_a_link_that_is_too_old_or_cut_off_leads_nowhere(campaign, client):
    campaign.fill_in()
    with scopes_disabled():
        SignerLink.objects.update(expires_at=timezone.now())
    assert "too old" in client.get(campaign.link()).content.decode()
    cut = client.get(campaign.link()[:-5] + "/")
    assert cut.status_code == 404
    assert "leads nowhere" in cut.content.decode()


def test_a_newer_message_ends_the_older_link(campaign, client):
    campaign.fill_in()
    campaign.fill_in()
    assert len(campaign.signatures()) == 1
    assert client.post(campaign.link(0), {"version": "1"}).status_code == 410
    assert client.post(campaign.link(1), {"version": "1"}).status_code == 200


def test_a_person_is_asked_whether_the_name_is_an_organization(campaign):
    answer = campaign.fill_in(name="Maria Lopez")
    assert "looks like a person" in answer.content.decode()
    assert campaign.signatures() == []
    campaign.fill_in(name="Maria Lopez", is_organization="on")
    assert [one.name for one in campaign.signatures()] == ["Maria Lopez"]


@pytest.mark.parametrize("name", ["", "   ", "Buy at www.x.example", "x" * 201, "a@b.example", "…"])
def test_what_is_no_name_is_refused_with_a_sentence(campaign, name):
    answer = campaign.fill_in(name=name)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert campaign.signatures() == []
    assert mail.outbox == []


def test_a_name_with_lines_brings_no_header_into_a_message(campaign):
    campaign.fill_in(name="Harbor\r\nBcc: all@x.example Aid".replace("@", " at "))
    assert mail.outbox[0].subject.count("\n") == 0
    assert mail.outbox[0].bcc == []


def test_nobody_learns_from_the_form_who_has_signed(campaign, client):
    first = campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    again = campaign.fill_in()
    other = campaign.fill_in(name="Another Legal Aid", email="b@aid.example")
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert (first.status_code, first.url) == (other.status_code, other.url)


def test_an_organization_is_printed_once_though_two_people_confirm(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    campaign.fill_in(name="The Harbor Legal Aid, Inc.", email="bo@aid.example")
    answer = client.post(campaign.link(), {"version": "1"})
    assert answer.status_code == 409
    assert "has signed already" in answer.content.decode()


def test_a_changed_text_asks_every_signer_again(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    letters.write_text(actor, organizer, campaign.letter, "Dear Secretary,\n\nclose two.", "", now)
    assert "<li><bdi>Harbor Legal Aid" in client.get(campaign.page).content.decode()
    pasting.take_in(
        actor, organizer, campaign.letter, "Other Aid\nThird Aid", now,
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    client.force_login(organizer.user)
    own = f"/campaign/{campaign.letter.pk}/"
    for path in (own, f"{own}text/"):
        page = client.get(path).content.decode()
        assert "1 signer" in page, path
        assert re.search(r"2 cannot( be asked)?, because no address is kept", page), path
    assert letters.open_text(actor, organizer, campaign.letter, now) == 1
    page = client.get(campaign.page).content.decode()
    assert "<li><bdi>Harbor Legal Aid" not in page
    assert "1 more signed an earlier text and can be asked again; nobody has asked it yet" in page
    assert "2 more signed an earlier text, and no address is kept" in page
    texts = client.get(f"{campaign.page}texts/").content.decode()
    assert "by a link of their own: 1." in texts
    assert "Lines that the organizers named under it: 2." in texts
    for path in ("timeline/", "changes.atom", "days.ics"):
        told = client.get(f"{campaign.page}{path}").content.decode().replace("\r\n ", "")
        assert "Every signer was asked again" not in told, path
        assert "Signers who have an address can be asked" in told, path
    client.post(f"{own}messages/", {"do": "send"})
    page = client.get(campaign.page).content.decode()
    assert "1 more signed an earlier text and has been asked again." in page
    assert "text changed" in mail.outbox[-1].subject
    stale = Client().post(campaign.link(), {"version": "1"})
    assert stale.status_code == 409
    assert "close two" in stale.content.decode()
    assert Client().post(campaign.link(), {"version": "2"}).status_code == 200
    assert [one.version.number for one in campaign.signatures(state="confirmed")] == [2]


def test_who_is_asked_again_is_told_why_and_where_it_says_what_changed(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    before = campaign.link()
    campaign.fill_in(name="Casa Luz", path=campaign.sign.replace("/letters/", "/letters/es/"))
    client.post(campaign.link(), {"version": "1"})
    assert "texts/" not in client.get(before).content.decode()
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    for text, why in (("close two.", "The county closed one"), ("close three.", "")):
        letters.write_text(actor, organizer, campaign.letter, text, why, now)
        if not why:
            demands.write_demand(
                actor, organizer, campaign.letter, None, now, words="Close them", slug="close"
            )
        letters.open_text(actor, organizer, campaign.letter, now)
    client.force_login(organizer.user)
    client.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    english, spanish = (one.body for one in mail.outbox[-2:])
    assert "Why it changed: The county closed one" in english
    assert f"http://testserver{campaign.page}texts/" in english
    assert "Por qué cambió: The county closed one" in spanish
    assert f"{campaign.page.replace('/letters/', '/letters/es/')}texts/" in spanish
    page = client.get(campaign.link(-2)).content.decode()
    assert "Why it changed: The county closed one" in page
    assert f'href="{campaign.page}texts/"' in page
    texts = client.get(f"{campaign.page}texts/").content.decode()
    assert "A new demand, by text 3: Close them" in texts


def test_one_is_counted_in_the_form_of_one(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    spanish = campaign.page.replace("/letters/", "/letters/es/")
    assert "1 confirmed by a link of its own; 0 were" in client.get(campaign.page).content.decode()
    assert "1 confirmó con su propio enlace" in client.get(spanish).content.decode()
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    pasting.take_in(
        actor, organizer, campaign.letter, "Other Aid", now,
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    assert "1 was named by the organizers" in client.get(campaign.page).content.decode()
    letters.write_text(actor, organizer, campaign.letter, "close two.", "", now)
    letters.open_text(actor, organizer, campaign.letter, now)
    page = client.get(spanish).content.decode()
    assert "Otra firmó un texto anterior y se le puede volver a preguntar" in page
    assert "Otra firmó un texto anterior y no se guarda ninguna dirección" in page
    client.force_login(organizer.user)
    client.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    page = client.get(spanish).content.decode()
    assert "Otra firmó un texto anterior y se le ha vuelto a preguntar." in page
    assert "Otras 1" not in page
    page = client.get(campaign.page).content.decode()
    assert "1 more signed an earlier text and has been asked again." in page


def test_a_text_that_was_open_is_never_changed_in_its_place(campaign):
    with scope(organization=campaign.organization):
        version = Version.objects.get(letter=campaign.letter)
        version.text = "something else"
        with pytest.raises(Immutable):
            version.save()


def test_withdrawing_takes_the_name_off_and_erases_who_gave_it(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    way_out = campaign.link()
    assert way_out.startswith("/withdraw/")
    client.get(way_out)
    assert campaign.signatures()[0].state == SignatureState.CONFIRMED
    with scopes_disabled():
        key = Signer.objects.get().case
    client.post(way_out, {"do": "withdraw"})
    assert campaign.signatures()[0].state == SignatureState.WITHDRAWN
    assert "<li><bdi>Harbor Legal Aid" not in client.get(campaign.page).content.decode()
    with scopes_disabled():
        assert not Signer.objects.exists()
    assert bytes(CaseKey.objects.get(pk=key).wrapped) == b""
    assert client.post(way_out, {"do": "withdraw"}).status_code == 410
    campaign.fill_in()
    assert len(campaign.signatures()) == 2  # signing again begins anew


def test_an_address_can_be_erased_while_the_organization_goes_on_signing(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    client.post(campaign.link(), {"do": "erase"})
    assert campaign.signatures()[0].state == SignatureState.CONFIRMED
    with scopes_disabled():
        assert not Signer.objects.exists()


def test_addresses_are_sealed_and_stand_in_no_log(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email FROM campaign_signer")
        for row in cursor.fetchall():
            assert all(b"ana" not in bytes(value).lower() for value in row)
    assert "ana" not in " ".join(str(one.details) + one.actor for one in Event.objects.all())
    deeds = set(Event.objects.values_list("deed", flat=True))
    assert {"asked to sign a letter", "wrote to a signer", "confirmed a signature"} <= deeds


def test_the_key_of_a_signer_is_changed_as_that_of_a_case(campaign):
    campaign.fill_in()
    with scopes_disabled():
        signer = Signer.objects.get()
        before = bytes(CaseKey.objects.get(pk=signer.case).wrapped)
        now = timezone.now()
        assert begin_case_change(signer.case, now)
        assert reseal_case(signer.case) == 2  # the name and the address
        end_case_change(signer.case, now + timedelta(minutes=5))
        assert Signer.objects.get().email == "ana@aid.example"
    row = CaseKey.objects.get(pk=signer.case)
    assert bytes(row.wrapped) != before
    assert bytes(row.former) == b""


def test_a_robot_fills_the_hidden_field_and_is_answered_and_not_kept(campaign):
    answer = campaign.fill_in(website="http://x.example")
    assert answer.status_code == 302
    assert campaign.signatures() == []
    assert mail.outbox == []


def test_a_form_that_comes_back_quickly_is_told_to_press_once_more(campaign, monkeypatch):
    from wayhome.web.campaign import forms

    monkeypatch.setattr(forms, "QUICKEST", timedelta(seconds=3))
    client = Client()
    page = campaign.fill_in(client=client)
    assert page.status_code == 200
    assert "press the button once more" in page.content.decode()
    assert campaign.signatures() == []
    assert campaign.fill_in(website="http://x.example").status_code == 302  # a robot: silence
    assert campaign.signatures() == []
    stamp = re.search(r'name="opened" value="([^"]+)"', page.content.decode())[1]
    monkeypatch.setattr(forms, "QUICKEST", timedelta(0))  # some seconds later, the same stamp
    told = {"name": "Harbor Aid", "signer": "A", "email": "a@b.example", "opened": stamp}
    assert client.post(campaign.sign, told).status_code == 302
    assert len(campaign.signatures()) == 1


def test_a_dead_link_to_withdraw_points_to_the_newer_message(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    old = campaign.link()
    campaign.fill_in()  # asked once more: a newer message to withdraw with
    assert campaign.link() != old
    page = client.get(old)
    assert page.status_code == 410
    assert "A newer message with a newer link was sent" in page.content.decode()


def test_a_form_without_a_stamp_or_with_a_foreign_one_is_sent_anew(campaign):
    for opened in ("", "forged", "x" * 5000):
        answer = Client().post(
            campaign.sign,
            {"name": "Aid", "signer": "A", "email": "a@b.example", "opened": opened},
        )
        assert "open for a long time" in answer.content.decode()
    assert campaign.signatures() == []


@pytest.mark.slow
def test_a_robot_that_signs_10_000_times_from_one_network_gets_twenty_in(campaign):
    """Sent to the deed itself, which every form goes through: ten thousand pages take minutes."""
    kept = refused = 0
    now = timezone.now()
    for number in range(10_000):
        asking = signing.Asking(
            f"Robot Group {number}", "", "", "R", f"r{number}@robot.example", "en"
        )
        try:
            signing.ask_to_sign(campaign.letter, asking, "192.0.2.7", now)
            kept += 1
        except signing.TooMany:
            refused += 1
    assert kept == LIMITS["network"][0]
    assert refused == 10_000 - kept
    assert len(campaign.signatures()) == kept
    assert SigningTry.objects.count() < 100
    assert "192.0.2.7" not in str(list(SigningTry.objects.values()))


def test_robots_from_everywhere_write_to_few_and_leave_a_queue_that_one_button_empties(
    campaign, client, monkeypatch
):
    monkeypatch.setitem(LIMITS, "messages of a letter", (5, timedelta(hours=1)))
    monkeypatch.setattr(signing, "MOST_WAITING", 40)
    now = timezone.now()
    for number in range(60):
        asking = signing.Asking(f"Robot Group {number}", "", "", "R", f"r{number}@x.example", "en")
        try:
            signature = signing.ask_to_sign(campaign.letter, asking, f"198.51.100.{number}", now)
        except signing.TooMany:
            continue
        from wayhome.web.campaign.messages import send_to

        send_to(signature, lambda path: f"http://testserver{path}", now)
    assert len(campaign.signatures()) == 40
    assert len(mail.outbox) == 5
    assert "Robot" not in client.get(campaign.page).content.decode()
    client.force_login(campaign.organizer.user)
    queue_page = f"/campaign/{campaign.letter.pk}/signatures/"
    page = client.get(queue_page, {"q": "Robot"}).content.decode()
    assert "40 signatures" in page
    messages = f"/campaign/{campaign.letter.pk}/messages/"
    client.post(messages, {"do": "send"})
    assert len(mail.outbox) == 5  # who is held back is written to by nobody's mistake
    client.post(f"{queue_page}?q=Robot", {"do": "all"})
    assert {one.state for one in campaign.signatures()} == {SignatureState.REFUSED}
    with scopes_disabled():
        assert not Signer.objects.exists()
    assert not list(breaks())


def _asks(campaign, number, now, name="Robot Group"):
    """A form from a network of its own, and the message after it."""
    asking = signing.Asking(
        f"{name} {number}", "", "", "R", f"r{number}@{name.split()[0].lower()}.example", "en"
    )
    one = signing.ask_to_sign(campaign.letter, asking, f"198.51.100.{number} {name}", now)
    from wayhome.web.campaign.messages import send_to

    send_to(one, lambda path: f"http://testserver{path}", now)
    return one


def _names(campaign):
    return {one.name for one in campaign.signatures()}


def test_a_full_queue_shuts_no_organization_out_and_loses_no_signature(
    campaign, client, monkeypatch
):
    monkeypatch.setitem(LIMITS, "messages of a letter", (3, timedelta(hours=1)))
    monkeypatch.setattr(signing, "MOST_WAITING", 5)
    start = timezone.now()
    campaign.fill_in()  # the first of all, and confirmed
    assert client.post(campaign.link(), {"version": "1"}).status_code == 200
    _asks(campaign, 1, start, "Slow Aid")
    slow = campaign.link()
    for number in range(9):
        _asks(campaign, number, start + timedelta(minutes=1 + number))
    now = start + timedelta(minutes=30)
    honest = _asks(campaign, 1, now, "Honest Aid")
    names = _names(campaign)
    assert {"Harbor Legal Aid", "Slow Aid 1", "Honest Aid 1"} <= names
    assert len(campaign.signatures(state="asked")) == 5
    with scopes_disabled():
        assert Signer.objects.count() == 6  # who asked for a line that gave way is erased
        assert CaseKey.objects.filter(destroyed_at=None).count() == 6
    client.force_login(campaign.organizer.user)
    queue_page = client.get(f"/campaign/{campaign.letter.pk}/signatures/").content.decode()
    assert "5 wait, and no more can" in queue_page
    assert Client().post(slow, {"version": "1"}).status_code == 200  # it was written to: it stayed
    later = now + signing.KEPT_AFTER_A_MESSAGE
    for number in range(20, 40):
        _asks(campaign, number, later + timedelta(hours=6 * number))
    names = _names(campaign)
    assert {"Harbor Legal Aid", "Slow Aid 1"} <= names
    assert honest.name not in names  # it had its time
    assert not list(breaks())


def test_a_robot_cannot_hold_every_place_by_messages(campaign, monkeypatch):
    most, within = LIMITS["messages of a letter"]
    assert most * (signing.KEPT_AFTER_A_MESSAGE / within + 1) < signing.MOST_WAITING
    monkeypatch.setitem(LIMITS, "messages of a letter", (2, timedelta(hours=1)))
    now = timezone.now()
    _asks(campaign, 1, now)
    for _ in range(3):  # whoever asks once more is counted too
        _asks(campaign, 1, now + timedelta(minutes=1))
    assert len(mail.outbox) == 2
    _asks(campaign, 2, now + timedelta(minutes=2))
    assert len(mail.outbox) == 2  # held back
    _asks(campaign, 2, now + timedelta(hours=2))
    assert mail.outbox[-1].to == ["r2@robot.example"]


def test_a_link_of_a_line_that_gave_way_leads_nowhere_and_says_what_to_do(
    campaign, client, monkeypatch
):
    campaign.fill_in()
    link = campaign.link()
    monkeypatch.setattr(signing, "MOST_WAITING", 1)
    with pytest.raises(signing.TooMany):  # it was written to a moment ago
        _asks(campaign, 1, timezone.now())
    with scopes_disabled():
        held = SignerLink.objects.select_related("signature__letter__organization").get()
    _asks(campaign, 1, timezone.now() + timedelta(days=1))
    with pytest.raises(signing.LinkIsOver, match="gone"):
        signing.confirm(held, 1, timezone.now())
    gone = client.get(link)
    assert gone.status_code == 404
    assert "fill in the form of the letter once more" in gone.content.decode()


def test_what_an_organizer_took_back_in_does_not_give_way(campaign, monkeypatch):
    monkeypatch.setattr(signing, "MOST_WAITING", 2)
    start = timezone.now()
    first = _asks(campaign, 1, start)
    actor, organizer = campaign.actor, campaign.organizer
    queue.set_aside(actor, organizer, campaign.letter, [first.pk], start + timedelta(minutes=1))
    queue.take_step(actor, organizer, first, "asked", start + timedelta(minutes=2))
    for number in range(2, 5):
        _asks(campaign, number, start + timedelta(days=number))
    assert _names(campaign) == {first.name, "Robot Group 4"}


def test_what_nobody_confirmed_is_forgotten_after_a_month(campaign, client):
    campaign.fill_in()
    campaign.fill_in(name="Another Aid", email="b@aid.example")
    client.post(campaign.link(), {"version": "1"})
    now = timezone.now()
    assert queue.forget_unconfirmed(now + timedelta(days=29)) == 0
    assert queue.forget_unconfirmed(now + timedelta(days=31)) == 1
    assert [one.name for one in campaign.signatures()] == ["Another Aid"]
    with scopes_disabled():
        assert [one.signature.name for one in Signer.objects.all()] == ["Another Aid"]
    assert not list(breaks())


def test_a_signature_that_was_set_aside_is_not_confirmed_by_its_link(campaign, client):
    campaign.fill_in()
    one = campaign.signatures()[0]
    queue.set_aside(campaign.actor, campaign.organizer, campaign.letter, [one.pk], timezone.now())
    answer = client.post(campaign.link(), {"version": "1"})
    assert answer.status_code == 410
    assert campaign.signatures()[0].state == SignatureState.REFUSED


def test_without_a_server_for_mail_an_organizer_hands_the_link_over(campaign, client, settings):
    settings.SENDS_MESSAGES = False
    thanks = campaign.fill_in(client=client)
    assert "will give you a link" in client.get(thanks.url).content.decode()
    assert mail.outbox == []
    one = campaign.signatures()[0]
    client.force_login(campaign.organizer.user)
    page = client.post(
        f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/step/", {"do": "link"}
    ).content.decode()
    from tests.web.campaign_letters import LINK

    assert Client().post(LINK.search(page)[1], {"version": "1"}).status_code == 200


def test_a_message_that_cannot_be_sent_waits_and_the_signer_is_not_lost(campaign, monkeypatch):
    from django.core.mail.backends import locmem

    def fails(self, messages):
        raise OSError("no line")

    with monkeypatch.context() as patched:
        patched.setattr(locmem.EmailBackend, "send_messages", fails)
        assert campaign.fill_in().status_code == 302
    with scopes_disabled():
        assert Signer.objects.get().mailed_at is None
    client = Client()
    client.force_login(campaign.organizer.user)
    client.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    assert len(mail.outbox) == 1


def test_messages_are_in_the_language_of_the_page(campaign):
    path = campaign.sign.replace("/letters/", "/letters/es/")
    campaign.fill_in(path=path)
    assert mail.outbox[0].subject.startswith("Confirme")
    assert "Confirme que su organización firma" in Client().get(campaign.link()).content.decode()


def test_signatures_of_one_organization_are_out_of_reach_of_another(
    campaign, client, member, other_clinic
):
    stranger = member("organizer", other_clinic)
    client.force_login(stranger.user)
    assert client.get(f"/campaign/{campaign.letter.pk}/signatures/").status_code == 404
    with scope(organization=other_clinic):
        assert not Signature.objects.exists()


def test_an_organization_that_was_named_confirms_by_its_own_link(campaign, client):
    from wayhome.web.campaign import pasting

    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Other Aid\nHarbor Legal Aid",
        timezone.now(), leave_out=(), decisions={}, how_known="An e-mail",
    )  # fmt: skip
    page = client.get(campaign.page).content.decode()
    assert "0 confirmed by a link of their own; 2 were named by the organizers" in page
    assert page.count("(not confirmed by link)") == 2
    campaign.fill_in()
    shown = client.get(campaign.link()).content.decode()
    assert "The organizers named Harbor Legal Aid on" in shown
    assert client.post(campaign.link(), {"version": "1"}).status_code == 200
    page = client.get(campaign.page).content.decode()
    assert "1 confirmed by a link of its own; 1 was named" in page
    assert page.count("(not confirmed by link)") == 1
    assert "confirmed by link on" in page
    assert [(one.name, one.number) for one in campaign.signatures(state="confirmed")] == [
        ("Other Aid", 1), ("Harbor Legal Aid", 2)
    ]  # fmt: skip
    table = client.get(f"{campaign.page}signatories.csv").content.decode("utf-8-sig")
    assert "Harbor Legal Aid,,,confirmed by link," in table
    assert "Other Aid,,,named by the organizers," in table
    campaign.fill_in(email="bo@aid.example")
    assert client.post(campaign.link(), {"version": "1"}).status_code == 409
    assert not list(breaks())


def test_names_decided_to_be_one_after_the_link_was_used_and_the_decision_taken_back(
    campaign, client
):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Southern Poverty Law Center",
        timezone.now(), leave_out=(), decisions={}, how_known="An e-mail",
    )  # fmt: skip
    campaign.fill_in(name="SPLC Action Fund")
    client.post(campaign.link(), {"version": "1"})
    staff = Client()
    staff.force_login(campaign.organizer.user)
    own = f"/campaign/{campaign.letter.pk}/"
    pair = {"one": "Southern Poverty Law Center", "other": "SPLC Action Fund"}
    said = staff.post(f"{own}likeness/", pair | {"answer": "same"}, follow=True).content.decode()
    assert "took the place of the line" in said
    assert "Take it back" in said
    stands = [(one.name, one.number) for one in campaign.signatures(state="confirmed")]
    assert stands == [("SPLC Action Fund", 1)]
    assert [one.name for one in campaign.signatures(state="refused")] == [pair["one"]]
    with scope(organization=campaign.organization):
        decision = Likeness.objects.get().pk
    told = {"answer": "take back", "decision": decision}
    said = staff.post(f"{own}likeness/", told, follow=True).content.decode()
    assert "Take it back" not in said
    with scope(organization=campaign.organization):
        assert not Likeness.objects.exists()
    assert staff.post(f"{own}likeness/", told).status_code == 404
    event = Event.objects.get(deed="took back a decision about two names")
    assert event.details == {"likeness": decision, "was_same": True}
    assert not list(breaks())


def test_two_names_that_are_not_one_set_no_line_aside(campaign, client):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Southern Poverty Law Center",
        timezone.now(), leave_out=(), decisions={}, how_known="An e-mail",
    )  # fmt: skip
    campaign.fill_in(name="SPLC Action Fund")
    client.post(campaign.link(), {"version": "1"})
    staff = Client()
    staff.force_login(campaign.organizer.user)
    pair = {"one": "Southern Poverty Law Center", "other": "SPLC Action Fund"}
    own = f"/campaign/{campaign.letter.pk}/"
    said = staff.post(f"{own}likeness/", pair | {"answer": "different"}, follow=True)
    assert "Take it back" in said.content.decode()
    assert len(campaign.signatures(state="confirmed")) == 2


def test_the_page_says_where_to_write_if_one_is_named_by_mistake(campaign, client):
    page = client.get(campaign.page).content.decode()
    assert "named here by mistake? Write to" in page
    campaign.change(contact="letters@harbor.example")
    assert "mailto:letters@harbor.example" in client.get(campaign.page).content.decode()
