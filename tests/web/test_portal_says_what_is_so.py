"""What the portal says of itself is so: what is kept, who answers where, what came in and when."""

import io
import re

import pytest
from django.utils.html import escape
from django_scopes import scopes_disabled
from PIL import Image
from tests.web.portal_visitor import Visitor

from wayhome.web.cases.models import Case, State
from wayhome.web.portal.wording import say, words
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture
def visitor(clinic):
    visitor = Visitor()
    visitor.begin()
    return visitor


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_does_not_agree_a_second_time_is_told_what_is_still_kept(clinic, language):
    visitor = Visitor(language)
    visitor.begin()
    visitor.go("/p/1/")
    page = visitor.send(consent="no")
    assert escape(say(language, "consent.not_kept")) not in page
    assert escape(say(language, "before.kept")) in page
    assert 'href="/p/e/"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_chose_only_the_page_is_told_of_no_call_and_no_letter(clinic, language):
    visitor = Visitor(language)
    visitor.begin()
    visitor.to_the_questions(channel="none")
    page = visitor.go("/p/")
    assert escape(say(language, "status.answer_on_page")) in page
    assert escape(say(language, "status.answer_by_channel")) not in page


def test_whoever_gave_a_number_is_told_that_it_may_be_called_in_safe_hours(visitor):
    visitor.to_the_questions(
        channel="call", address="+509 3712 3456", time_zone="America/Port-au-Prince", message="no"
    )
    assert escape(say("en", "status.answer_by_channel")) in visitor.go("/p/")


def test_nobody_answers_where_nothing_more_is_done(visitor):
    with scopes_disabled():
        Case.objects.update(state=State.WITHDRAWN)
    assert "We answer" not in visitor.go("/p/")


@pytest.mark.parametrize(
    "promise", ["we tell you", "we write to you", "at the front", "look at it now"]
)
def test_no_sentence_about_where_it_stands_promises_what_nobody_keeps(promise):
    told = {
        k: v
        for k, v in words("en").items()
        if k.split(".")[0] in {"page", "status", "state", "next"}
    }
    assert [key for key, text in told.items() if promise in text.casefold()] == []


def test_a_case_that_should_not_wait_says_why_and_what_to_do_today(visitor):
    with scopes_disabled():
        Case.objects.update(is_emergency=True)
    page = visitor.go("/p/")
    assert "a day that is near" in page
    assert "Today you can send us a message" in page


def test_what_was_sent_stands_before_the_empty_form_with_its_time(visitor):
    visitor.to_the_questions(
        channel="call", address="+509 3712 3456", time_zone="America/Port-au-Prince", message="no"
    )
    page = visitor.send({"text": "They come on Friday"}, path="/p/m/")
    assert page.index("They come on Friday") < page.index("<textarea")
    assert re.search(r"received \d+ \w+ \d{4}, \d\d:\d\d<", page)
    photo = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(photo, "JPEG")
    photo.seek(0)
    photo.name = "IMG_1.jpg"
    page = visitor.send({"file": photo, "title": "Order"}, path="/p/f/")
    assert page.index("Order</bdi>") < page.index('type="file"')
    assert re.search(r"Order</bdi> · received \d+ \w+ \d{4}, \d\d:\d\d", page)


def test_a_time_of_nobodys_zone_is_said_to_be_utc(visitor):
    page = visitor.send({"text": "They come on Friday"}, path="/p/m/")
    assert re.search(r"received \d+ \w+ \d{4}, \d\d:\d\d UTC<", page)
