"""Lists of signatories, pasted from anywhere; like names; what a person decides is remembered."""

import html
import re
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.sources.letters.one_line import signatory_of
from wayhome.sources.letters.the_letters import letters
from wayhome.web.campaign import likeness, pasting
from wayhome.web.campaign.letters import CannotBe, close_letter
from wayhome.web.campaign.models import Letter, Likeness, Signature
from wayhome.web.campaign.place_in_name import without_place
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
    assert '<bdi>CASA</bdi><span class="quiet">, Hyattsville, MD</span>' in page
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
    assert "<bdi>CASA, Hyattsville, MD</bdi></li>" in page


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
    assert taken.came == 2
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
    assert taken.came == 2
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
        assert (found.asked_again, found.can_be_asked, found.cannot_be_asked) == (0, 0, 4)
        assert likeness.overlap(campaign.letter, campaign.letter) == ()
        Signature.objects.filter(name="Other Aid").update(state="withdrawn")
    page = client.get(campaign.page).content.decode()
    assert "-1 organizations" not in page
    assert "3 more signed an earlier text, and no address is kept" in page
    assert "have been asked again" not in page
    texts = client.get(f"{campaign.page}texts/").content.decode()
    assert "confirmed this text last, by a link of their own: 0." in texts
    assert "Lines that the organizers named under it: 3." in texts
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


def test_a_possessive_is_asked_about_and_the_answer_is_kept(campaign):
    text = "Mothers' Circle\nMothers Circle\nمركز العدالة\nمركز العدالة\n"
    found = _preview(campaign, text)
    out = {row.number for row in found.rows if row.stays_out}
    assert out == {4}  # the same letters are certain, a possessive is not
    ((one, other),) = _questions(campaign, text)
    taken = pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, text, timezone.now(),
        leave_out=out, decisions={(one.name, other.name): True}, how_known="x",
    )  # fmt: skip
    assert taken.came == 2
    assert [row.number for row in _preview(campaign, text).rows if not row.stays_out] == []


def test_names_that_came_in_before_are_found_in_any_script(campaign):
    with scope(organization=campaign.organization):
        for name, key in (("مركز العدالة", ""), ("Mothers' Circle", "mothers circle")):
            Signature.objects.create(
                letter=campaign.letter, name=name, name_key=key, state="confirmed", came="list",
                asked_at=timezone.now(), state_since=timezone.now(),
            )  # fmt: skip
    module = "wayhome.web.campaign.migrations.0004_names_are_found_in_any_script"
    import_module(module).find_names_anew(apps, None)
    assert [one.name_key for one in campaign.signatures()] == ["مركز العدالة", "mothers' circle"]


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
    out = [row.number for row in rows if row.stays_out]
    told = form | {"do": "take", "out": out}
    told |= {"name_8": "Harbor Law", "place_8": "Oakland, CA", "name_7": "18 Million Rising"}
    wrong = told | {"name_1": "www.x.example"}
    assert "says something new of line 1" in client.post(address, wrong).content.decode()
    wrong |= {"compared": '{"1": ["www.x.example", ""], "8": ["Harbor Law", "Oakland, CA"]}'}
    assert "Line 1: “www.x.example” is no name" in client.post(address, wrong).content.decode()
    assert campaign.signatures() == []
    assert client.post(address, told).status_code == 302
    names = {one.name: one.place for one in campaign.signatures()}
    assert names["Harbor Law"] == "Oakland, CA"
    assert names.get("Harbor Aid") == ""
    assert "ana@aid.example" not in names


REACHED_BEHIND = """Immigrant Defense Project of Georgia, (404) 555-0187
Open Door Shelter 312-555-0144
El Puente, contact: info@elpuente.example
Centro de Derechos; Tel. 555-0144
Harbor Aid (ana@aid.example / 404.555.0187 x3), Oakland, CA
Lake Law, 12 Main Street, Akron, OH 44301
Bay Project <https://bay.example/who>
350.org
Local 1021 of 2019-2021
"""


def test_who_can_be_reached_behind_a_name_is_taken_off_shown_and_never_published(campaign, client):
    page = Page(campaign, client, REACHED_BEHIND)
    for taken in ("(404) 555-0187", "312-555-0144", "contact: info@elpuente.example",
                  "12 Main Street, 44301", "https://bay.example/who"):  # fmt: skip
        assert f"taken off: {taken}" in page.text
    page.press()
    assert page.answer.status_code == 302
    assert [(one.name, one.place) for one in campaign.signatures()] == [
        ("Immigrant Defense Project of Georgia", ""), ("Open Door Shelter", ""),
        ("El Puente", ""), ("Centro de Derechos", ""), ("Harbor Aid", "Oakland, CA"),
        ("Lake Law", "Akron, OH"), ("Bay Project", ""), ("350.org", ""),
        ("Local 1021 of 2019-2021", ""),
    ]  # fmt: skip
    public = client.get(campaign.page).content.decode()
    for secret in ("555", "elpuente.example", "ana@", "Main Street", "bay.example"):
        assert secret not in public


def test_a_letter_that_was_sent_publishes_no_number_behind_a_name_either(campaign):
    campaign.change(signers_said="85")
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Harbor Aid, 404-555-0187",
        timezone.now(), leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    assert [one.name for one in campaign.signatures()] == ["Harbor Aid"]


@pytest.mark.parametrize(
    "changed",
    [
        {"name_1": "Harbor Aid, ana@aid.example"},
        {"name_1": "Harbor Aid 404-555-0187"},
        {"place_1": "Oakland, 555-0187"},
        {"untick": ("2",)},
        {"untick": ("3",)},
    ],
)
def test_the_last_guard_refuses_what_somebody_can_be_reached_by(campaign, client, changed):
    page = Page(campaign, client, "Harbor Aid\nana@aid.example\n404-555-0187, bo@aid.example\n")
    page.press(**changed)
    assert "holds a telephone number or an address of mail" in page.text
    assert campaign.signatures() == []


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Families for Freedom Lakes; Neighbors for Justice Lakes", 2),
        ("Harbor Legal Center; Lakes Workers' Union", 2),
        ("CASA; Mijente", None),
        ("Harbor Legal Center; Dana", None),
        ("Harbor Legal Center; Oakland, CA", 1),
        ("Harbor Legal Center; national", 1),
    ],
)
def test_two_names_with_a_semicolon_are_two_or_asked_about(campaign, line, kept):
    """`kept` None: nothing comes in before somebody has looked."""
    (row,) = (row for row in _preview(campaign, f"{line}\n").rows)
    assert row.stays_out == (kept is None)
    assert row.may_be_two == (kept is None)
    assert len(row.signatories) == (kept or 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("123 Main Street, Springfield, IL 62701", "a street address"),
        ("123 N. Main St., Suite 4", "a street address"),
        ("Springfield, IL 62701", "a street address"),
        ("P.O. Box 12, Springfield, IL 62701-0012", "a street address"),
        ("---------- Forwarded message ---------", "of the e-mail"),
        ("Begin forwarded message:", "heading"),
        ("From: Dana Whitlock <dana@lakes.example>", "of the e-mail"),
        ("*From:* Dana Whitlock", "of the e-mail"),
        ("Date: Tue, Nov 3, 2026 at 9:12 AM", "of the e-mail"),
        ("Subject: Re: who signs", "of the e-mail"),
        ("To: Lakes Coalition <all@lakes.example>", "of the e-mail"),
        ("On Tue, Nov 3, 2026 at 9:12 AM Dana Whitlock <dana@lakes.example>", "of the e-mail"),
        ("On Tue, Nov 3, Dana Whitlock wrote", "of the e-mail"),
        ("Thanks so much!", "of the e-mail"),
        ("Thank you all for your work", "of the e-mail"),
        ("Muchas gracias a todos", "of the e-mail"),
        ("Here they are, thanks!", "of the e-mail"),
        ("Muchas gracias,", "of the e-mail"),
        ("Warm regards,", "of the e-mail"),
        ("All the best", "of the e-mail"),
        ("Best, Xiomara Quill", "of the e-mail"),
        ("Hi Dana,", "of the e-mail"),
        ("Sent from my iPhone", "of the e-mail"),
        ("Harbor Aid, Springfield, IL 62701", ""),
        ("100 Black Men Drive Change", ""),
        ("On Time Legal Aid", ""),
        ("Thanks for Giving Fund", ""),
        ("Best Buddies", ""),
        ("Date Palm Workers", ""),
        ("Dear Neighbors Home Project", ""),
        ("Peace Action", ""),
    ],
)
def test_addresses_lines_of_an_e_mail_and_thanks_are_set_aside_with_the_reason(
    campaign, line, reason
):
    row = _preview(campaign, f"Invented Alliance\n\n{line}\n").rows[1]
    if not row.signatories:
        assert str(row.is_a) == reason
        return
    told = row.no_name or ("of the e-mail" if row.is_of_mail else "")
    assert told == reason
    assert row.stays_out == bool(reason)


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("Harbor Aid\nBest,\nXiomara\nLakes Coalition\n404-555-0187\n", {2, 3, 5}),
        ("Harbor Aid\nThanks!\nXiomara Quill\n", {2, 3}),
        ("Best,\nXiomara\n---- Forwarded message ----\nA Aid\nB Aid\nC Aid\nD Aid\n", {1, 2, 3}),
        ("Thanks!\nMijente\nA Aid\nB Aid\nC Aid\nD Aid\n", {1}),
        ("Best,\nLakes Legal\n", {1}),
    ],
)
def test_who_signed_the_e_mail_is_set_aside_and_no_list_that_follows_thanks(campaign, text, out):
    rows = _preview(campaign, text).rows
    assert {row.number for row in rows if row.signatories and row.stays_out} == out - {
        row.number for row in rows if not row.signatories
    }


FROM_AN_EMAIL = """---------- Forwarded message ---------
From: Dana Whitlock <dana@lakes.example>
Date: Tue, Nov 3, 2026 at 9:12 AM
Subject: Re: who signs

Immigrant Defense Project of Georgia, (404) 555-0187
Open Door Shelter 312-555-0144
El Puente, contact: info@elpuente.example
123 Main Street, Springfield, IL 62701
Dana Whitlock (she/her)
Zebulon Quill, Lakes Coalition
Families for Freedom Lakes; Neighbors for Justice Lakes
Centro de Derechos; Tel. 555-0144
Rivera & Sons Law, PA

Thanks so much!
Dana
"""


def test_of_a_whole_e_mail_only_the_organizations_come_in(campaign, client):
    page = Page(campaign, client, FROM_AN_EMAIL)
    assert page.text.count("a person, perhaps") == 3
    page.press()
    assert [(one.name, one.place) for one in campaign.signatures()] == [
        ("Immigrant Defense Project of Georgia", ""), ("Open Door Shelter", ""),
        ("El Puente", ""), ("Families for Freedom Lakes", ""),
        ("Neighbors for Justice Lakes", ""), ("Centro de Derechos", ""),
        ("Rivera & Sons Law, PA", ""),
    ]  # fmt: skip


def test_a_closed_letter_takes_no_list_unless_it_came_in_as_sent(campaign, client):
    page = Page(campaign, client, "Harbor Aid\n")
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    close_letter(actor, organizer, campaign.letter, now)
    page.press()  # closed while the list was looked at
    assert "The letter is closed" in page.text
    assert "The letter is closed" in Page(campaign, client, "Harbor Aid\n").text
    with pytest.raises(CannotBe, match="is closed"):
        pasting.take_in(
            actor, organizer, campaign.letter, "Harbor Aid", now,
            leave_out=(), decisions={}, how_known="x",
        )  # fmt: skip
    assert campaign.signatures() == []
    campaign.change(signers_said="85")
    Page(campaign, client, "Harbor Aid\n").press()
    assert [one.name for one in campaign.signatures()] == ["Harbor Aid"]


class Page:
    """The page of a pasted list, sent back as a browser would send it, with what was changed."""

    def __init__(self, campaign, client, text):
        client.force_login(campaign.organizer.user)
        self.client, self.address = client, f"/campaign/{campaign.letter.pk}/paste/"
        self.send({"text": text, "how_known": "An e-mail", "lines": ""})

    def send(self, told):
        self.answer = self.client.post(self.address, told)
        self.text = html.unescape(self.answer.content.decode())
        return self

    def press(self, do="take", untick=(), **changed):
        page = self.answer.content.decode()
        told = {"how_known": "An e-mail", "lines": "", "do": do}
        told["text"] = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)[1])
        for field in re.findall(r"<input [^>]*>", page):
            said = {k: html.unescape(v) for k, v in re.findall(r'(\w+)="([^"]*)"', field)}
            is_ticked = field.rstrip(">").endswith("checked")
            if said.get("type") in ("checkbox", "radio"):
                if is_ticked and said["value"] not in untick:
                    told.setdefault(said["name"], []).append(said["value"])
            elif said.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
                told.setdefault(said["name"], [])
                if isinstance(told[said["name"]], list):
                    told[said["name"]].append(said.get("value", ""))
        return self.send(told | changed)


def test_a_corrected_name_is_compared_with_those_on_the_letter_before_it_comes_in(campaign, client):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Harbor Law Center", timezone.now(),
        leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    page = Page(campaign, client, "Invented Alliance\nHarborr Lw Centre\n")
    assert "repeats" not in page.text
    page.press(name_2="Harbor Law Center")
    assert page.answer.status_code == 200
    assert "says something new of line 2" in page.text
    assert "repeats “Harbor Law Center”, which is on the letter" in page.text
    assert 'value="Harbor Law Center" maxlength' in page.text  # what was typed is still there
    assert len(campaign.signatures()) == 1
    page.press()  # seen, and left out
    assert sorted(one.name for one in campaign.signatures()) == [
        "Harbor Law Center", "Invented Alliance"
    ]  # fmt: skip


def test_a_corrected_name_that_may_be_another_is_a_question_and_the_answer_counts(campaign, client):
    pasting.take_in(
        campaign.actor, campaign.organizer, campaign.letter, "Immigrant Rights Clinic",
        timezone.now(), leave_out=(), decisions={}, how_known="x",
    )  # fmt: skip
    page = Page(campaign, client, "Imm Rts Cl\nInvented Alliance\n")
    page.press(name_1="Immigrants Rights Clinic")
    assert "Are these one organization?" in page.text
    assert "but for a plural or a possessive" in page.text
    page.press(pair_0="same")
    assert sorted(one.name for one in campaign.signatures()) == [
        "Immigrant Rights Clinic", "Invented Alliance"
    ]  # fmt: skip


def test_a_line_that_a_correction_makes_the_second_of_its_name_is_shown_first(campaign, client):
    page = Page(campaign, client, "Harbr Law\nInvented Alliance\nHarbor Law\nRosa Garcia\n")
    page.press(name_1="Harbor Law", untick=("4",))
    assert "says something new of line 3" in page.text
    assert "repeats line 1" in page.text
    assert campaign.signatures() == []
    page.press(untick=("3",))  # they are two after all
    assert sorted(one.name for one in campaign.signatures()) == [
        "Harbor Law", "Harbor Law", "Invented Alliance", "Rosa Garcia"
    ]  # fmt: skip


def test_a_correction_of_which_there_is_nothing_to_say_comes_in_or_is_compared_on_demand(
    campaign, client
):
    page = Page(campaign, client, "Harbr Law - Texas\nInvented Alliance\n")
    page.press("compare", name_1="Harbor Law")
    assert "corrected, compared" in page.text
    assert "something new" not in page.text
    assert campaign.signatures() == []
    page.press()
    assert page.answer.status_code == 302
    assert {one.name: one.place for one in campaign.signatures()} == {
        "Harbor Law": "Texas", "Invented Alliance": ""
    }  # fmt: skip


def test_what_the_page_compared_is_not_believed_if_it_is_nonsense(campaign, client):
    page = Page(campaign, client, "Harbr Law\nHarbor Law\n")
    for nonsense in ("[1]", "{", '{"1": 2}', '{"x": ["a", "b"]}', "null"):
        page.press(name_1="Harbor Law", compared=nonsense)
        assert "says something new of line 2" in page.text
        page = Page(campaign, client, "Harbr Law\nHarbor Law\n")


@pytest.mark.parametrize(
    ("line", "name", "place"),
    [
        ("Harbor Aid - Texas", "Harbor Aid", "Texas"),
        ("Harbor Aid – Texas", "Harbor Aid", "Texas"),
        ("Harbor Aid, Texas", "Harbor Aid", "Texas"),
        ("Harbor Aid (New Mexico)", "Harbor Aid", "New Mexico"),
        ("• Make the Road, NV", "Make the Road", "NV"),
        ("Texas Civil Rights, Texas", "Texas Civil Rights", "Texas"),
        ("Justice for Texas", "Justice for Texas", ""),
        ("Texas", "Texas", ""),
        ("Mothers of Ohio", "Mothers of Ohio", ""),
        ("Harbor Aid-Texas", "Harbor Aid-Texas", ""),
        ("Mercy House, Diocese of Texas", "Mercy House, Diocese of Texas", ""),
        ("Network for Oregon, Idaho and Texas", "Network for Oregon, Idaho and Texas", ""),
        ("Network for Oregon, Idaho", "Network for Oregon, Idaho", None),
        ("Network of Oregon, Idaho, Texas", "Network of Oregon, Idaho, Texas", None),
        ("Rivera Law, PA", "Rivera Law, PA", ""),
        ("Rivera & Sons Law, PA", "Rivera & Sons Law, PA", ""),
        ("Rivera Law, P.A.", "Rivera Law, P.A", ""),
        ("Rivera Law, Erie, PA", "Rivera Law", "Erie, PA"),
        ("Migrant Network, MN", "Migrant Network, MN", None),
        ("ACLU of Oregon, Portland, Oregon", "ACLU of Oregon", "Portland, Oregon"),
        ("Make the Road, New York, New York", "Make the Road", "New York, New York"),
    ],
)
def test_a_state_alone_leaves_the_name_where_it_can_be_nothing_else(campaign, line, name, place):
    """`place` None: whatever is read of it, nothing of the name is lost."""
    found = _preview(campaign, f"Invented Alliance\n{line}\n")
    rows = [row for row in found.rows if row.signatories][1:]
    if not rows:  # a state alone on a line is a heading
        assert line == "Texas"
        return
    alone = rows[0].alone
    assert alone == (name, alone[1] if place is None else place)


END_WITH_A_STATE = {
    "ACLU of Southern California", "Immigrant Law Center of Minnesota", "Make the Road New York"
}  # fmt: skip


def test_no_line_of_both_letters_loses_a_word():
    """As printed; and with a state behind it a name is what it was, but in a list of states."""
    for letter, count in zip(letters(), (103, 83), strict=True):
        assert [without_place(one) for one in letter.signatories] == [
            one.printed for one in letter.signatories
        ]
        assert len(letter.signatories) == count
        for apart in (" - Texas", " – Texas", " (Texas)", ", Texas"):
            moved = [signatory_of(one.line, one.printed + apart) for one in letter.signatories]
            whole = {one.printed for one, other in zip(letter.signatories, moved, strict=True)
                     if without_place(other) != one.printed}  # fmt: skip
            assert whole <= (END_WITH_A_STATE if apart[0] == "," else set()), apart
