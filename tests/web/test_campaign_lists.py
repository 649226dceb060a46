"""Lists of signatories, pasted from anywhere; like names; what a person decides is remembered."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.web.campaign import likeness, pasting
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Letter, Likeness, Signature
from wayhome.web.campaign.signatories import alphabetical, signed

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

PASTED = """Hi all, here is who is in so far. Please add yourselves. Thank you so much for this!

Signed,

National organizations:
• Harbor Legal Aid (HLA)
  2) Doctors for Camp Closure
\t
> - Immigrant Defense Alliance, Oakland, CA

 Harbor  Legal Aid
Maria Lopez
Local organizations
3. Immigrants Defense Alliance
4. Doctors for Camps' Closure
"""


def _preview(campaign, text=PASTED):
    with scope(organization=campaign.organization):
        return pasting.preview(campaign.letter, text)


def test_it_reads_bullets_numbers_blank_lines_and_tells_each_line(campaign):
    found = _preview(campaign)
    names = [one.printed for one in found.read.signatories]
    assert names[:3] == [
        "Harbor Legal Aid (HLA)", "Doctors for Camp Closure",
        "Immigrant Defense Alliance, Oakland, CA",
    ]  # fmt: skip
    of = {row.signatories[0].printed: row for row in found.rows if row.signatories}
    assert of["Harbor Legal Aid"].again == "line 6"
    assert of["Maria Lopez"].is_person
    assert of["Maria Lopez"].stays_out
    assert of["Doctors for Camp Closure"].signatories[0].kind == "national"
    assert not of["Doctors for Camp Closure"].stays_out
    numbers = [row.number for row in found.rows]
    told = [n for n, line in enumerate(PASTED.splitlines(), start=1) if line.strip()]
    assert numbers == told  # every line that holds something


def test_what_an_email_says_around_the_list_is_left_out_unless_somebody_says_otherwise(campaign):
    text = "Hi all,\n\nHarbor Aid\nDear Home Project\n\nThanks!\nSubject: letter\n> Best,\n"
    out = {row.text: row.stays_out for row in _preview(campaign, text).rows if row.signatories}
    assert out.pop("Harbor Aid") is False
    assert out.pop("Dear Home Project") is False
    assert out
    assert all(out.values())


def test_a_place_in_the_printed_name_is_not_printed_twice(campaign, client):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "CASA, Hyattsville, MD",
        timezone.now(), leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    page = client.get(campaign.page).content.decode()
    assert 'CASA<span class="quiet">, Hyattsville, MD</span>' in page
    assert "MD, Hyattsville" not in page
    assert "Maryland" in page  # by state
    assert [(one.name, one.place) for one in campaign.signatures()] == [("CASA", "Hyattsville, MD")]


def test_a_letter_that_was_sent_keeps_its_lines_as_they_are_printed(campaign, client):
    campaign.change(signers_said="85")
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "CASA, Hyattsville, MD",
        timezone.now(), leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    page = client.get(campaign.page).content.decode()
    assert "CASA, Hyattsville, MD</li>" in page


def test_an_organizer_pastes_looks_and_takes_in(campaign, client):
    client.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/paste/"
    form = {"text": PASTED, "how_known": "an e-mail of each", "lines": ""}
    page = client.post(address, form).content.decode()
    assert "a person, perhaps" in page
    assert "repeats line 6" in page
    assert campaign.signatures() == []
    out = [row.number for row in _preview(campaign).rows if row.stays_out]
    answer = client.post(address, form | {"do": "take", "out": out})
    assert answer.status_code == 302
    names = [one.name for one in campaign.signatures()]
    assert "Maria Lopez" not in names
    assert names.count("Harbor Legal Aid") == 0
    assert "Harbor Legal Aid (HLA)" in names
    # Sent twice by a finger that pressed twice: every line repeats one that is there.
    assert not [row for row in _preview(campaign).rows if row.signatories and not row.stays_out]


def test_it_does_not_come_in_without_how_it_is_known(campaign):
    with pytest.raises(CannotBe, match="how you know"):
        pasting.take_in(
            campaign.actor, campaign.organizer, campaign.letter, PASTED, timezone.now(),
            leave_out=(), decisions={}, how_known=" ",
        )  # fmt: skip
    assert campaign.signatures() == []


def test_a_decision_about_two_names_is_remembered_for_the_next_list(campaign):
    text = "Southern Poverty Law Center\nSPLC Action Fund\nCasa de Paz\n"
    assert [p.other.name for p in _preview(campaign, text).questions] == ["SPLC Action Fund"]
    pair = ("Southern Poverty Law Center", "SPLC Action Fund")
    taken = pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, text, timezone.now(),
        leave_out=(), decisions={pair: True}, how_known="x",
    )  # fmt: skip
    assert taken == 2
    again = _preview(campaign, text)
    assert again.questions == ()
    with scope(organization=campaign.organization):
        assert Likeness.objects.get().is_same


def test_two_clinics_of_like_names_are_two_once_somebody_said_so(campaign):
    text = "Immigrant Rights Clinic\nImmigrant Rights Clinic at Harbor University\n"
    pair = tuple(p.name for p in _questions(campaign, text)[0])
    taken = pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, text, timezone.now(),
        leave_out=(), decisions={pair: False}, how_known="x",
    )  # fmt: skip
    assert taken == 2
    assert _questions(campaign, text) == []


def _questions(campaign, text):
    return [(pair.one, pair.other) for pair in _preview(campaign, text).questions]


@pytest.mark.parametrize("text", ["", "\n \n", "12\n13\n---\n", "x" * 300_001])
def test_what_is_no_list_is_refused_with_a_sentence(campaign, client, text):
    client.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/paste/"
    answer = client.post(address, {"text": text, "how_known": "x"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_the_organizer_is_told_of_a_near_twin_that_signs(campaign, client):
    campaign.fill_in(name="Southern Poverty Law Center")
    client.post(campaign.link(), {"version": "1"})
    campaign.fill_in(name="SPLC Action Fund", email="b@splc.example")
    staff = Client()
    staff.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/signatures/"
    page = staff.get(address).content.decode()
    assert "Like names" in page
    assert "SPLC Action Fund" in page
    told = {"one": "Southern Poverty Law Center", "other": "SPLC Action Fund"}
    staff.post(f"/campaign/{campaign.letter.pk}/likeness/", told | {"answer": "different"})
    assert "Like names" not in staff.get(address).content.decode()


def test_twins_are_found_among_as_many_as_a_robot_leaves(campaign):
    now = timezone.now()
    with scope(organization=campaign.organization):
        Signature.objects.bulk_create(
            Signature(
                letter=campaign.letter, name=f"Robot Group {n}", name_key=f"robot group {n}",
                state="asked", came="form", asked_at=now, state_since=now,
            )
            for n in range(2_000)
        )  # fmt: skip
        assert likeness.twins_in(campaign.letter) == ()
    staff = Client()
    staff.force_login(campaign.organizer.user)
    page = staff.get(f"/campaign/{campaign.letter.pk}/signatures/").content.decode()
    assert "Page 1 of 40" in page


def test_the_order_is_that_of_the_alphabet_or_of_signing(campaign):
    names = ["Zeta Aid", "The Álamo Center", "beta Law", "“Quoted” House"]
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "\n".join(names), timezone.now(),
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    with scope(organization=campaign.organization):
        found = [one.name for one in signed(campaign.letter).lines]
        assert found == sorted(found, key=alphabetical)
        assert alphabetical(found[0]).startswith("alamo")
        Letter.objects.filter(pk=campaign.letter.pk).update(order="as signed")
        as_signed = [one.name for one in signed(Letter.objects.get(pk=campaign.letter.pk)).lines]
        assert as_signed[0] == "Zeta Aid"


def test_a_changed_text_asks_those_of_a_list_too_and_a_person_confirms_by_hand(campaign, client):
    from wayhome.web.campaign import letters

    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Harbor Legal Aid", timezone.now(),
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    letters.write_text(actor, organizer, campaign.letter, "anew", "", now)
    letters.open_text(actor, organizer, campaign.letter, now)
    one = campaign.signatures()[0]
    assert one.state == "asked again"
    client.force_login(organizer.user)
    address = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/step/"
    client.post(address, {"do": "confirmed", "why": ""})
    assert campaign.signatures()[0].state == "asked again"
    client.post(address, {"do": "confirmed", "why": "They said so on the telephone."})
    confirmed = campaign.signatures()[0]
    assert (confirmed.state, confirmed.version.number) == ("confirmed", 2)
    assert confirmed.how_known == "They said so on the telephone."
    assert date.today() >= confirmed.confirmed_at.date()


def test_repeated_lines_that_do_not_stand_are_not_subtracted(campaign, client):
    from wayhome.web.campaign import letters

    text = "Harbor Aid\nHarbor Aid\nHarbor Aid\nOther Aid"
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    pasting.take_in(
        actor, organizer, campaign.letter, text, now, leave_out=(), decisions={}, how_known="x"
    )
    with scope(organization=campaign.organization):
        found = signed(campaign.letter)
        assert (len(found.lines), found.organizations) == (4, 2)
        assert [(one.name, one.times) for one in found.repeated] == [("Harbor Aid", 3)]
        assert len(likeness.overlap(campaign.letter, campaign.letter)) == 2
    letters.write_text(actor, organizer, campaign.letter, "anew", "", now)
    assert letters.open_text(actor, organizer, campaign.letter, now) == 0  # no address is kept
    with scope(organization=campaign.organization):
        found = signed(campaign.letter)
        assert (found.organizations, found.repeated) == (0, [])
        assert (found.asked_again, found.cannot_be_asked) == (0, 4)
        assert likeness.overlap(campaign.letter, campaign.letter) == ()
        Signature.objects.filter(name="Other Aid").update(state="withdrawn")
    page = client.get(campaign.page).content.decode()
    assert "-1 organizations" not in page
    assert "3 more signed an earlier text, and no address is kept" in page
    assert "have been asked again" not in page
    assert (
        "3 organizations confirmed this text last"
        in client.get(f"{campaign.page}texts/").content.decode()
    )
    client.force_login(organizer.user)
    shown = client.get(f"/campaign/{campaign.letter.pk}/messages/").content.decode()
    assert "Who cannot be asked" in shown
    assert "Harbor Aid" in shown


def test_a_plural_is_a_question_and_the_answer_is_remembered_when_one_signs(campaign, client):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Immigrant Rights Clinic",
        timezone.now(), leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    twin = "Immigrants Rights Clinic"
    assert _questions(campaign, twin) != []
    campaign.fill_in(name=twin)
    staff = Client()
    staff.force_login(campaign.organizer.user)
    page = staff.get(f"/campaign/{campaign.letter.pk}/signatures/").content.decode()
    assert "but for a plural or a possessive" in page
    assert "The organizers named" not in client.get(campaign.link()).content.decode()
    told = {"one": "Immigrant Rights Clinic", "other": twin, "answer": "same"}
    staff.post(f"/campaign/{campaign.letter.pk}/likeness/", told)
    assert _questions(campaign, twin) == []
    assert "The organizers named" in client.get(campaign.link()).content.decode()
    client.post(campaign.link(), {"version": "1"})
    assert [one.name for one in campaign.signatures()] == [twin]


NO_NAMES = """Harbor Aid
(555) 123-4567
Tel. +1 555 123 4567
ana@aid.example
=HYPERLINK("http://x.example","Aid")
https://aid.example/
18 Million Rising
Harbr Law, Oakland, CA
"""


def test_a_number_an_address_and_a_formula_are_set_aside_with_the_reason(campaign, client):
    client.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/paste/"
    form = {"text": NO_NAMES, "how_known": "x", "lines": ""}
    page = client.post(address, form).content.decode()
    rows = [row for row in _preview(campaign, NO_NAMES).rows if row.signatories]
    kept = [row.text for row in rows if not row.stays_out]
    assert kept == ["Harbor Aid", "18 Million Rising", "Harbr Law, Oakland, CA"]
    for reason in ("a telephone number", "an address of mail", "a formula of a spreadsheet"):
        assert f"{reason}, perhaps" in page
    out = [row.number for row in rows if row.stays_out and "555) 123" not in row.text]
    told = form | {"do": "take", "out": out}
    told |= {"name_8": "Harbor Law", "place_8": "Oakland, CA", "name_7": "18 Million Rising"}
    bad = client.post(address, told | {"name_1": "www.x.example"}).content.decode()
    assert "Line 1" in bad
    assert campaign.signatures() == []
    assert client.post(address, told).status_code == 302
    names = {one.name: one.place for one in campaign.signatures()}
    assert names["Harbor Law"] == "Oakland, CA"
    assert names.get("Harbor Aid") == ""
    assert "ana@aid.example" not in names
