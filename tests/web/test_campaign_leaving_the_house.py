"""What leaves the house says of who has signed what the letter's page says."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.campaign import drawn, letters
from wayhome.web.campaign.choices import Came, SignatureState
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.demonstration import letters_of_demonstration
from wayhome.web.campaign.models import Signature
from wayhome.web.campaign.signatories import signed

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

COUNT = "4 lines, as printed; 3 organizations. Harbor Legal Aid stands there 2 times."
HOW = "1 confirmed by a link of its own; 3 were named by the organizers and not confirmed"
NAMED = "named by the organizers on"
TWICE = ("Harbor Legal Aid", "Harbor Legal Aid", "River Neighbors")


@pytest.fixture
def listed(campaign, client):
    """One who confirmed by its link, and three lines that were named, of two organizations."""
    campaign.fill_in(name="Camp Closure Doctors")
    client.post(campaign.link(), {"version": "1"})
    for number, name in enumerate(TWICE, start=10):
        _name(campaign, number, name)
    return campaign


def _name(campaign, number, name):
    now = timezone.now()
    with scope(organization=campaign.organization):
        Signature.objects.create(
            letter=campaign.letter, name=name, name_key=name.casefold(), number=number,
            state=SignatureState.CONFIRMED, came=Came.LIST, asked_at=now, confirmed_at=now,
            version=letters.current_version(campaign.letter), state_since=now,
        )  # fmt: skip


def _file(client, page, form):
    content = client.get(f"{page}signatories.{form}").content
    if form == "docx":
        from docx import Document

        return "\n".join(line.text for line in Document(io.BytesIO(content)).paragraphs)
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def _on_one_line(text):
    return re.sub(r"\s+", " ", unescape(text))


def _page(client, path):
    return _on_one_line(re.sub(r"<[^>]+>", "", client.get(path).content.decode()))


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_file_says_who_confirmed_and_marks_each_line_that_was_only_named(listed, client, form):
    told = _on_one_line(_file(client, listed.page, form))
    assert COUNT in told
    assert HOW in told
    assert told.count(NAMED) == 3
    assert re.search(r"River Neighbors named by the organizers on .+? \(not confirmed", told)
    assert re.search(r"Camp Closure Doctors confirmed by link on", told)


@pytest.mark.parametrize("path", ["", "press/", "embed/"])
def test_pages_that_are_shown_elsewhere_say_both_numbers(listed, client, path):
    told = _page(client, listed.page + path)
    assert COUNT in told
    assert HOW in told
    assert "3 organizations to" not in told


def test_the_picture_of_today_says_both_numbers_and_that_of_a_past_day_none(listed):
    with scope(organization=listed.organization):
        words = drawn.letter_picture_words(listed.letter, [], "en", signed(listed.letter))
    assert words["signed"].startswith(f"{COUNT} {HOW}")
    assert "signed" not in drawn.letter_picture_words(listed.letter, [], "en", None)


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_file_of_a_letter_that_takes_no_more_signatures_does_not_say_that_it_is_open(
    listed, client, form
):
    assert "open for signing since" in _file(client, listed.page, form)
    listed.change(deadline=today_there() - timedelta(days=3))
    late = _on_one_line(_file(client, listed.page, form))
    listed.change(deadline=None)
    letters.close_letter(listed.actor, listed.organizer, listed.letter, timezone.now())
    for told in (late, _on_one_line(_file(client, listed.page, form))):
        assert "open for signing" not in told
        assert "Text 1, opened for signing on" in told
        assert "No more signatures are taken." in told


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_letter_that_came_in_as_it_was_sent_says_what_its_page_says(clinic, member, client, form):
    member(Role.ORGANIZER)
    letters_of_demonstration(clinic, timezone.now())
    page = f"/letters/{clinic.slug}/hundred-days/"
    told = _on_one_line(_file(client, page, form))
    said = _page(client, page)
    for sentence in (
        "103 lines, as printed; 102 organizations. Doctors for Camp Closure stands there 2 times.",
        "0 confirmed by a link of their own; 103 were named by the organizers",
        f"The letter was sent before {clinic.name} took it in here, with its list.",
    ):
        assert sentence in said
        assert sentence in told
    assert NAMED not in told
    assert "open for signing" not in told


def test_the_timeline_of_one_day_stands_by_the_time_of_the_day(campaign, client):
    opened = timezone.now().replace(hour=15, minute=0)
    with scope(organization=campaign.organization):
        campaign.letter.versions.update(opened_at=opened)
    for closed, first in ((1, "The letter was closed"), (-1, "Open for signing: text 1")):
        campaign.change(stage="closed", deadline=None, closed_at=opened + timedelta(hours=closed))
        told = _page(client, f"{campaign.page}timeline/")
        both = [told.index(one) for one in ("The letter was closed", "Open for signing: text 1")]
        assert told.index(first) == min(both)
    campaign.change(deadline=opened.date())  # it ends with the day
    told = _page(client, f"{campaign.page}timeline/")
    assert told.index("The last day to sign") < told.index("Open for signing: text 1")
