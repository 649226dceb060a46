"""Letters in the hands of somebody who means ill: odd days, long texts, foreign marks, forms that
are sent again, numbers that are none.
"""

import io
import re
import time
from datetime import date, datetime, timedelta
from itertools import permutations
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.sources.letters.same_organization import organization_key
from wayhome.web.audit.models import Event
from wayhome.web.campaign import demands, letters, likeness, pasting, queue
from wayhome.web.campaign.choices import SignatureState, Stage
from wayhome.web.campaign.days import WASHINGTON, today_there
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Letter, Signature, Signer

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ENDLESS = "9" * 5000


@pytest.fixture
def staff(campaign):
    client = Client()
    client.force_login(campaign.organizer.user)
    return client


@pytest.fixture
def own(campaign):
    return campaign.actor, campaign.organizer


def _draft(campaign, **more):
    told = {"text": "Dear you", "slug": "draft", "title": "A draft letter", "recipient": "You"}
    return letters.make_letter(campaign.actor, campaign.organizer, timezone.now(), **(told | more))


def _about(campaign, **more):
    letter = campaign.letter
    told = {"title": letter.title, "recipient": letter.recipient, "slug": letter.slug}
    return told | {"order": letter.order, "deadline": "", "contact": "", "signers_said": ""} | more


# Whether it was sent before it came in here


def test_nobody_says_after_the_opening_that_a_letter_was_sent_before(campaign, staff, own):
    """Else a date could be any, and the demands would count from it, by one field of a form."""
    path = f"/campaign/{campaign.letter.pk}/"
    page = staff.post(path, _about(campaign, signers_said="85")).content.decode()
    assert "is said before it is opened" in page
    with pytest.raises(CannotBe, match="said before it is opened"):
        letters.change_letter(*own, campaign.letter, timezone.now(), signers_said="85")
    campaign.letter.refresh_from_db()
    assert campaign.letter.signers_said == ""
    staff.post(f"{path}date/", {"dated": "2021-03-01", "known_from": "a copy"})
    campaign.letter.refresh_from_db()
    assert campaign.letter.dated is None
    assert "Open for signing: text 1" in Client().get(f"{campaign.page}timeline/").content.decode()


def test_what_a_sent_letter_says_of_its_signers_is_corrected_and_not_taken_away(
    campaign, staff, own
):
    sent = _draft(campaign, signers_said="58")
    letters.open_text(*own, sent, timezone.now())
    path, told = f"/campaign/{sent.pk}/", {"title": sent.title, "recipient": sent.recipient}
    told |= {"slug": sent.slug, "order": sent.order}
    assert "is said before it is opened" in staff.post(path, told).content.decode()
    sent.refresh_from_db()
    assert sent.signers_said == "58"
    assert staff.post(path, told | {"signers_said": "85"}).status_code == 302
    sent.refresh_from_db()
    assert sent.signers_said == "85"


def test_a_date_of_a_draft_does_not_count_from_before_the_opening_unasked(campaign, own):
    draft, now = _draft(campaign), timezone.now()
    letters.enter_date(*own, draft, now.astimezone(WASHINGTON).date(), "a copy", now)
    later = now + timedelta(days=40)
    with pytest.raises(CannotBe, match="before today"):
        letters.open_text(*own, draft, later)
    draft.refresh_from_db()
    assert draft.stage == Stage.DRAFT
    letters.enter_date(*own, draft, draft.dated, "a copy", later, sent_before=True)
    letters.open_text(*own, draft, later)
    assert draft.said_sent_before


# Days


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-01", "1899-12-31"])
def test_a_day_at_the_end_of_the_calendar_shuts_no_page(campaign, staff, own, day):
    page = staff.post(
        f"/campaign/{campaign.letter.pk}/", _about(campaign, deadline=day)
    ).content.decode()
    assert "Give a day from 1900 to 2199" in page
    with pytest.raises(CannotBe, match="1900 to 2199"):
        letters.make_letter(
            *own, timezone.now(), text="x", slug="x", title="x", recipient="x",
            deadline=date.fromisoformat(day),
        )  # fmt: skip
    told = {"dated": day, "known_from": "x", "sent_before": "on"}
    staff.post(f"/campaign/{campaign.letter.pk}/date/", told)
    campaign.letter.refresh_from_db()
    assert campaign.letter.dated is None
    campaign.change(deadline=date.fromisoformat(day))  # as an export might bring it in
    for path in ("/letters/", campaign.page, campaign.sign, f"{campaign.page}days.ics"):
        assert Client().get(path).status_code in (200, 410), path


def test_evidence_and_notes_are_of_days_that_can_be(campaign, staff, own):
    demand = demands.write_demand(*own, _draft(campaign), None, timezone.now(), words="x", slug="x")
    for add in (
        lambda day: demands.add_evidence(
            *own, demand, timezone.now(), on=day, source="x", quote="x"
        ),
        lambda day: demands.attach_note(*own, demand, day, "x", timezone.now()),
    ):
        with pytest.raises(CannotBe, match="1900 to 2199"):
            add(date(1, 1, 1))


def test_days_on_the_page_are_those_of_washington(campaign, client):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    evening = datetime(2026, 3, 5, 21, 30, tzinfo=WASHINGTON)  # the sixth in Greenwich
    with scope(organization=campaign.organization):
        campaign.letter.signatures.update(linked_at=evening, confirmed_at=evening)
        campaign.letter.versions.update(opened_at=evening)
    assert "confirmed by link on 5 March 2026" in client.get(campaign.page).content.decode()
    assert "2026-03-05" in client.get(f"{campaign.page}signatories.csv").content.decode()
    texts = client.get(f"{campaign.page}texts/").content.decode()
    assert "open for signing since 5 March 2026" in texts


# Forms that are sent again, or out of turn


def test_a_draft_cannot_be_closed_into_the_open(campaign, staff, own):
    draft = _draft(campaign)
    for do in ("close", "open again"):
        page = staff.post(f"/campaign/{draft.pk}/step/", {"do": do}, follow=True).content.decode()
        assert "that cannot be done" in page, do
    assert Client().get(f"/letters/{campaign.organization.slug}/draft/").status_code == 404
    assert b"A draft letter" not in Client().get("/letters/").content
    letters.open_text(*own, draft, timezone.now())


def test_closing_twice_keeps_the_day(campaign, own):
    first = timezone.now() - timedelta(days=9)
    letters.close_letter(*own, campaign.letter, first)
    with pytest.raises(CannotBe):
        letters.close_letter(*own, campaign.letter, timezone.now())
    campaign.letter.refresh_from_db()
    assert campaign.letter.closed_at == first
    assert Event.objects.filter(deed="closed a letter").count() == 1


def test_a_form_that_changes_nothing_takes_nothing_back(campaign, own):
    with scope(organization=campaign.organization):
        stale = Letter.objects.get(pk=campaign.letter.pk)
    letters.close_letter(*own, campaign.letter, timezone.now())
    letters.change_letter(*own, stale, timezone.now(), title=stale.title)
    campaign.letter.refresh_from_db()
    assert campaign.letter.stage == Stage.CLOSED
    assert not Event.objects.filter(deed="changed a letter").exists()


def test_a_title_is_not_changed_by_a_page_from_before_the_opening(campaign, own):
    draft = _draft(campaign)
    with scope(organization=campaign.organization):
        stale = Letter.objects.get(pk=draft.pk)
    letters.open_text(*own, draft, timezone.now())
    with pytest.raises(CannotBe, match="as they were signed"):
        letters.change_letter(*own, stale, timezone.now(), title="Something else")


@pytest.mark.parametrize("kind", ["evidence", "note"])
def test_what_is_taken_off_twice_was_taken_off_once(campaign, staff, own, kind):
    demand = demands.write_demand(*own, campaign.letter, None, timezone.now(), words="x", slug="x")
    letters.open_text(*own, campaign.letter, timezone.now())
    with scope(organization=campaign.organization):
        demand = campaign.letter.demands.get(slug="x")
    path = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/change/"
    told = {"do": kind, "on": "2024-01-01", "source": "x", "quote": "x", "text": "x"}
    staff.post(path, told)
    with scope(organization=campaign.organization):
        one = (demand.evidence if kind == "evidence" else demand.notes).get()
    for said in ("It is done", "taken off before"):
        page = staff.post(path, {"do": f"take off {kind}", kind: one.pk}, follow=True)
        assert said in page.content.decode()
    deeds = ("removed evidence from a demand", "took a note off a demand")
    assert Event.objects.filter(deed__in=deeds).count() == 1


@pytest.mark.parametrize("kind", ["evidence", "note"])
def test_what_is_added_twice_stands_once(campaign, staff, own, kind):
    demand = demands.write_demand(*own, _draft(campaign), None, timezone.now(), words="x", slug="x")
    path = f"/campaign/{demand.letter_id}/demands/{demand.pk}/change/"
    told = {"do": kind, "on": "2024-01-01", "source": "x", "quote": "x", "text": "x"}
    for said in ("It is done", "stands there already"):
        assert said in staff.post(path, told, follow=True).content.decode()
    with scope(organization=campaign.organization):
        rows = demand.evidence if kind == "evidence" else demand.notes
        assert rows.count() == 1


def test_a_list_that_is_sent_twice_comes_in_once(campaign, staff, own):
    path = f"/campaign/{campaign.letter.pk}/paste/"
    told = {"text": "Other Aid\nThird Aid\nOther Aid", "how_known": "x"}
    shown = staff.post(path, told).content.decode()
    sent = told | {"do": "take", "again": re.search(r'name="again" value="([^"]*)"', shown)[1]}
    sent["compared"] = "{}"
    assert sent["again"] == "3"
    assert staff.post(path, sent).status_code == 302  # the repetition too: its tick was taken away
    again = staff.post(path, sent).content.decode()
    assert "says something new of lines 1, 2" in again
    assert len(campaign.signatures()) == 3
    with pytest.raises(CannotBe, match="once more"):  # both forms came at one time
        pasting.take_in(
            *own, campaign.letter, told["text"], timezone.now(), leave_out=(), decisions={},
            how_known="x", known={3},
        )  # fmt: skip
    assert staff.post(path, sent | {"again": "1 2 3"}).status_code == 302  # as somebody wants it


def test_an_organization_whose_name_grows_is_asked_once(campaign):
    for _ in range(2):
        campaign.fill_in(name="Aid " + "\ufdfa" * 60, is_organization="on")
    assert len(campaign.signatures()) == 1


def test_nobody_is_confirmed_by_hand_under_a_letter_that_was_sent(campaign, staff, own):
    campaign.fill_in()
    one = campaign.signatures()[0]
    letters.close_letter(*own, campaign.letter, timezone.now())
    path = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/step/"
    page = staff.post(path, {"do": "confirmed", "why": "x"}, follow=True).content.decode()
    assert "no more names come in" in page
    assert campaign.signatures()[0].state == SignatureState.ASKED


def test_a_link_that_is_over_erases_nobody(campaign, client, staff):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    old, one = campaign.link(), campaign.signatures()[0]
    step = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/step/"
    staff.post(step, {"do": "signer", "name": "Bo", "email": "bo@aid.example"})
    for do in ("erase", "withdraw"):  # it was sent to whoever signed before
        assert client.post(old, {"do": do}).status_code == 410, do
    with scope(organization=campaign.organization):
        assert Signer.objects.get().email == "bo@aid.example"
    assert campaign.signatures()[0].state == SignatureState.CONFIRMED
    staff.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    new = campaign.link()
    for _ in range(3):
        assert client.post(new, {"do": "erase"}).status_code == 200
    erased = Event.objects.filter(deed="erased the address of a signer")
    assert erased.count() == 2  # of Ana and of Bo, each once
    assert client.post(new, {"do": "withdraw"}).status_code == 200


def test_whoever_asked_first_cannot_confirm_once_somebody_else_signs_for_it(campaign, staff):
    campaign.fill_in(email="forger@x.example")
    forged, one = campaign.link(), campaign.signatures()[0]
    step = f"/campaign/{campaign.letter.pk}/signatures/{one.pk}/step/"
    staff.post(step, {"do": "signer", "name": "Bo", "email": "bo@aid.example"})
    assert Client().post(forged, {"version": "1"}).status_code == 410
    staff.post(f"/campaign/{campaign.letter.pk}/messages/", {"do": "send"})
    assert mail.outbox[-1].to == ["bo@aid.example"]
    assert Client().post(campaign.link(), {"version": "1"}).status_code == 200


def test_a_search_for_what_no_name_holds_finds_nobody(campaign, staff):
    page = staff.get(f"/campaign/{campaign.letter.pk}/signatures/", {"q": "\x00😀"})
    assert page.status_code == 200


def test_no_text_is_opened_that_nobody_can_sign_any_more(campaign, client, own):
    campaign.fill_in()
    client.post(campaign.link(), {"version": "1"})
    campaign.change(deadline=today_there() - timedelta(days=2))
    letters.write_text(*own, campaign.letter, "Dear you", "", timezone.now())
    with pytest.raises(CannotBe, match="last day to sign is over"):
        letters.open_text(*own, campaign.letter, timezone.now())
    assert campaign.signatures()[0].state == SignatureState.CONFIRMED
    campaign.change(deadline=today_there() + timedelta(days=2))
    assert letters.open_text(*own, campaign.letter, timezone.now()) == 1


def test_a_link_that_works_is_not_forgotten_with_the_month(campaign, own):
    campaign.fill_in()
    start = timezone.now()
    campaign.fill_in(name="Slow Aid", email="slow@aid.example")
    slow = campaign.signatures()[-1]
    with scope(organization=campaign.organization):  # asked once more in its fourth week
        slow.links.update(expires_at=start + timedelta(days=38))
    assert queue.forget_unconfirmed(start + timedelta(days=31)) == 1
    assert [one.name for one in campaign.signatures()] == ["Slow Aid"]
    queue.take_step(*own, slow, "refused", start + timedelta(days=32))
    queue.take_step(*own, slow, "asked", start + timedelta(days=40))
    assert queue.forget_unconfirmed(start + timedelta(days=41)) == 0
    assert queue.forget_unconfirmed(start + timedelta(days=71)) == 1


# Numbers that are none


def test_a_number_without_end_is_no_number(campaign, staff, own):
    campaign.fill_in()
    assert Client().post(campaign.link(), {"version": ENDLESS}).status_code == 409
    base = f"/campaign/{campaign.letter.pk}/"
    told = {"answer": "take back", "decision": ENDLESS}
    assert staff.post(f"{base}likeness/", told).status_code == 404
    demand = demands.write_demand(*own, _draft(campaign), None, timezone.now(), words="x", slug="x")
    with scope(organization=campaign.organization):
        path = f"/campaign/{demand.letter_id}/demands/{demand.pk}/change/"
    for do in ("evidence", "note"):
        assert staff.post(path, {"do": f"take off {do}", do: ENDLESS}).status_code == 404
    for number in (2**63, 2**64):
        assert staff.get(f"{base}demands/{number}/").status_code == 404
    paste = {"text": "Other Aid", "how_known": "x", "do": "take", f"name_{ENDLESS}": "x"}
    paste |= {"out": [ENDLESS], "compared": "[" * 100_000}
    sent = urlencode(paste, doseq=True), "application/x-www-form-urlencoded"
    assert staff.post(f"{base}paste/", *sent).status_code == 302
    lines = {"text": "Other Aid", "how_known": "x", "lines": f"1-{ENDLESS}"}
    assert staff.post(f"{base}paste/", lines).status_code == 200


@pytest.mark.parametrize("target", ["1e308", "-1e308", "inf", "nan", "1e-320"])
def test_a_target_beyond_all_people_is_refused(campaign, staff, target):
    draft = _draft(campaign)
    told = {"words": "x", "slug": "x", "series": "detained_total", "direction": "up"}
    told |= {"target": target, "target_is": "share of the baseline"}
    page = staff.post(f"/campaign/{draft.pk}/demands/", told)
    assert page.status_code == 200
    with scope(organization=campaign.organization):
        assert not draft.demands.exists()


# Marks, and texts without end

TURNED = "\u202eA\u2066rab \u2069Aid\u202c"
NO_CHARACTER = "Harbor \ufffe\uffff\U0001fffe\ufdd0Aid"


def test_marks_that_turn_other_words_round_are_left_out(campaign, client):
    campaign.fill_in(name=TURNED)
    client.post(campaign.link(), {"version": "1"})
    page = client.get(campaign.page).content.decode()
    assert "<bdi>Arab Aid</bdi>" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", mail.outbox[0].subject)


def test_a_name_from_right_to_left_stays_as_it_is_written(campaign, client):
    name = "مركز \u200fالمساعدة‌ القانونية (1)"
    campaign.fill_in(name=name, is_organization="on")
    client.post(campaign.link(), {"version": "1"})
    assert f"<bdi>{name}</bdi>" in client.get(campaign.page).content.decode()
    for form in ("docx", "pdf", "csv"):
        assert client.get(f"{campaign.page}signatories.{form}").status_code == 200, form


def test_what_is_no_character_shuts_no_file(campaign, client):
    campaign.fill_in(name=NO_CHARACTER, place="Oak\ufffeland")
    assert client.post(campaign.link(), {"version": "1"}).status_code == 200
    assert [one.name for one in campaign.signatures()] == ["Harbor Aid"]
    content = client.get(f"{campaign.page}signatories.docx").content
    from docx import Document

    assert "Harbor Aid" in " ".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


def test_a_pasted_name_and_a_text_bring_none_in_either(campaign, own, client):
    pasting.take_in(
        *own, campaign.letter, f"{NO_CHARACTER}\n{TURNED}", timezone.now(), leave_out=(),
        decisions={}, how_known="x",
    )  # fmt: skip
    assert {one.name for one in campaign.signatures()} == {"Harbor Aid", "Arab Aid"}
    letters.write_text(*own, campaign.letter, f"Dear {NO_CHARACTER}", "", timezone.now())
    letters.open_text(*own, campaign.letter, timezone.now())
    assert client.get(f"{campaign.page}signatories.docx").status_code == 200


@pytest.mark.parametrize(
    "texts",
    [
        ("\n".join(f"line {n} of one" for n in range(1900)),
         "\n".join(f"line {n} of two" for n in range(1900))),
        ("a\n\nb\n\n" * 4000, "b\n\nc\n\n" * 4000),
        ("x " * 14_900, "y " * 14_900),
        ("> " * 14_900 + "x", "[" * 29_000),
        ("*a " * 9_000, "_a__" * 7_000),
    ],
    ids=["lines", "same lines", "words", "nested", "stars"],
)  # fmt: skip
def test_the_longest_texts_are_compared_at_once(campaign, own, client, texts):
    for text in texts:
        letters.write_text(*own, campaign.letter, text, "", timezone.now())
        letters.open_text(*own, campaign.letter, timezone.now())
    for path in ("texts/", ""):
        began = time.process_time()
        assert client.get(f"{campaign.page}{path}").status_code == 200
        assert time.process_time() - began < 3, path


def test_what_changed_is_told_line_by_line(campaign, own, client):
    letters.write_text(*own, campaign.letter, "Dear Secretary,\n\nclose two.", "", timezone.now())
    letters.open_text(*own, campaign.letter, timezone.now())
    page = client.get(f"{campaign.page}texts/").content.decode()
    text = re.sub(r"<[^>]+>", "", page[page.index('<ul class="changed">') :])
    assert text.index("close one.") < text.index("close two.")
    assert "<li>Dear Secretary,</li>" in page


def _lines_under(campaign, names):
    now = timezone.now()
    with scope(organization=campaign.organization):
        campaign.letter.signatures.bulk_create(
            Signature(
                letter=campaign.letter, name=name, name_key=organization_key(name), number=number,
                state=SignatureState.CONFIRMED, came="list", asked_at=now, confirmed_at=now,
                state_since=now,
            )
            for number, name in enumerate(names, start=1)
        )  # fmt: skip


def test_thousands_of_like_names_do_not_hold_up_everybodys_page(campaign, client):
    words = ("Immigrant", "Rights", "Legal", "Aid", "Alliance", "Center", "Justice", "Network")
    names = [f"{' '.join(four)} {n}" for n, four in enumerate(permutations(words, 4))]
    _lines_under(campaign, [*names, names[0]])
    began = time.process_time()
    page = client.get(campaign.page).content.decode()
    assert time.process_time() - began < 4
    assert f"{len(names) + 1:,} lines, as printed; {len(names):,} organizations" in page


def test_names_that_share_no_word_are_counted_once_where_somebody_decided_so(campaign, client):
    _lines_under(campaign, ["Harbor Aid", "Casa Nueva", "Casa Nueva", "River Law"])
    now = timezone.now()
    for one, other, is_same in (
        ("Casa Nueva", "Harbor Aid", True), ("River Law", "Harbor Aid", False)
    ):  # fmt: skip
        likeness.decide(campaign.actor, campaign.organizer, one, other, is_same=is_same, now=now)
    page = client.get(campaign.page).content.decode()
    assert "4 lines, as printed; 2 organizations. Harbor Aid stands there 3 times." in page
