"""A letter's page before its text is opened: seen by its organizers, and by nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.campaign import demands, letters, next_text, pasting
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.models import Letter, Version

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture
def staff(campaign):
    client = Client()
    client.force_login(campaign.organizer.user)
    return client


@pytest.fixture
def draft(campaign):
    """A letter that nobody has opened, with a demand."""
    own = campaign.actor, campaign.organizer
    made = letters.make_letter(
        *own, timezone.now(), text="Dear you,\n\ngo *home*.", slug="draft", title="A draft letter",
        recipient="The Governor", order="as signed",
        deadline=today_there() + timedelta(days=9),
    )  # fmt: skip
    demands.write_demand(
        *own, made, None, timezone.now(), words="Open the doors", words_es="Abrir las puertas",
        slug="doors", owner="Harbor Clinic",
    )  # fmt: skip
    return made


def _preview(letter):
    return f"/campaign/{letter.pk}/preview/"


def _said(client, path):
    """What a page says from its title on, piece by piece."""
    text = client.get(path).content.decode()
    main = text[text.index("<h1>") : text.index("</main>")]
    return [" ".join(piece.split()) for piece in re.split(r"<[^>]+>", main) if piece.strip()]


def _body(client, path):
    return " ".join(_said(client, path))


def test_it_shows_the_page_as_opening_makes_it(campaign, staff, draft):
    shown = staff.get(_preview(draft)).content.decode()
    assert "So this page will look once text 1 is opened for signing" in shown
    before = _said(staff, _preview(draft))
    letters.open_text(campaign.actor, campaign.organizer, draft, timezone.now())
    after = _said(Client(), f"/letters/{campaign.organization.slug}/draft/")
    for words in ("The Governor", "Open the doors", "home", "0 organizations have signed."):
        assert words in before, words
    assert "In the order of signing, or of the list." in before
    assert [words for words in after if words in before] == before
    more = [words for words in after[: after.index("To take along")] if words not in before]
    asked = ["Show the day", "If the letter were of", "Show"]
    assert more[:4] == [*asked, "Texts and what changed"]
    assert more[4::2] == ["Also signed", "A letter to try"]


def test_it_is_said_in_spanish_too(staff, draft):
    page = staff.get(_preview(draft), {"in": "es"}).content.decode()
    assert "Vista previa" in page
    assert "Abrir las puertas" in page
    assert staff.get(_preview(draft), {"in": "zz"}).status_code == 200


def test_nobody_outside_the_organization_sees_it(campaign, draft, member, other_clinic):
    stranger = Client()
    for role in Role.values:
        stranger.force_login(member(role, other_clinic).user)
        answer = stranger.get(_preview(draft))
        assert answer.status_code == (404 if role in (Role.ORGANIZER, Role.LEAD) else 403), role
        assert b"draft letter" not in answer.content
    no_letter = "/campaign/00000000-0000-4000-8000-000000000000/preview/"
    told = [Client().get(path) for path in (_preview(draft), no_letter)]
    assert {answer.status_code for answer in told} == {302}  # to sign in, whether there is one
    assert {answer.url.split("?")[0] for answer in told} == {"/sign-in/"}
    for path in ("", "press/", "embed/", "preview/", "texts/", "picture.png"):
        address = f"/letters/{campaign.organization.slug}/draft/{path}"
        assert Client().get(address).status_code == 404, path
    for role in set(Role.values) - {Role.ORGANIZER, Role.LEAD}:
        colleague = Client()
        colleague.force_login(member(role).user)
        assert colleague.get(_preview(draft)).status_code == 403, role


def test_looking_at_it_opens_nothing_and_keeps_nothing(campaign, staff, draft):
    with scope(organization=campaign.organization):
        before = Letter.objects.filter(pk=draft.pk).values().get()
        staff.get(_preview(draft))
        assert staff.post(_preview(draft)).status_code == 405
        assert Letter.objects.filter(pk=draft.pk).values().get() == before
        assert Version.objects.get(letter=draft).opened_at is None


def test_a_next_text_is_shown_with_its_demands_and_who_would_have_to_confirm(
    campaign, staff, client
):
    own, letter = (campaign.actor, campaign.organizer), campaign.letter
    old = demands.write_demand(
        *own, letter, None, timezone.now(), words="Stay as it is", slug="stay"
    )
    letters.open_text(*own, letter, timezone.now())
    campaign.fill_in()
    assert client.post(campaign.link(), {"version": "2"}).status_code == 200
    pasting.take_in(
        *own, letter, "Other Aid", timezone.now(), leave_out=(), decisions={}, how_known="x"
    )
    run = f"/campaign/{letter.pk}/"
    assert "preview/" not in staff.get(run).content.decode()
    assert "No text waits to be opened" in staff.get(_preview(letter)).content.decode()
    letters.write_text(*own, letter, "Dear Secretary,\n\nclose two.", "More", timezone.now())
    demands.write_demand(*own, letter, None, timezone.now(), words="Count us", slug="count")
    with scope(organization=campaign.organization):
        next_text.drop(*own, letter.demands.get(slug=old.slug), timezone.now())
    assert f'href="{run}preview/"' in staff.get(run).content.decode()
    page = _body(staff, _preview(letter))
    assert "close two." in page
    assert "2. Count us" in page
    assert "dropped by text 3" in page
    assert "0 organizations have signed." in page
    assert "1 more signed an earlier text and can be asked again" in page
    assert "1 more signed an earlier text, and no address is kept" in page
    public = Client().get(campaign.page).content.decode()
    assert "close one." in public
    assert "Count us" not in public
    letters.open_text(*own, letter, timezone.now())
    opened = _body(Client(), campaign.page)
    for sentence in ("0 organizations have signed.", "1 more signed an earlier text and can be"):
        assert sentence in opened


def test_names_that_were_taken_into_a_draft_stand_under_it_when_it_is_opened(campaign, draft):
    own = campaign.actor, campaign.organizer
    names = "Other Aid\nThird Aid"
    pasting.take_in(
        *own, draft, names, timezone.now(), leave_out=(), decisions={}, how_known="An e-mail"
    )
    staff = Client()
    staff.force_login(campaign.organizer.user)
    told = "2 organizations have signed."
    assert told in _body(staff, _preview(draft))
    assert letters.open_text(*own, draft, timezone.now()) == 0
    page = _body(Client(), f"/letters/{campaign.organization.slug}/draft/")
    assert told in page
    assert "signed an earlier text" not in page
    texts = _body(Client(), f"/letters/{campaign.organization.slug}/draft/texts/")
    assert "Lines that the organizers named under it: 2." in texts
