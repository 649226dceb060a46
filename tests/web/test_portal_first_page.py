"""The first page of a phone on which an application is open, and the way back after leaving."""

import pytest
from django.utils.html import escape
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.web.cases.models import Case
from wayhome.web.portal.models import Doorway
from wayhome.web.portal.wording import say
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_back_after_leaving_is_told_by_the_name_that_it_has_there(clinic, language):
    visitor = Visitor(language)
    told = say(language, "start.way_back")
    assert escape(told) in visitor.go("/")
    assert say(language, "leave.open") in told
    assert f">{say(language, 'leave.open')}</a>" in visitor.go("/month/")


def test_a_case_closed_on_a_phone_stays_and_its_words_open_it_again(clinic):
    visitor = Visitor()
    code, words = visitor.begin()
    visitor.go("/")
    assert "Close it on this phone" in visitor.page
    page = visitor.send(close="here", path="/")
    assert "closed on this phone" in page
    assert "portal_case" not in visitor.browser.session
    visitor.go("/p/")
    assert visitor.path == "/p/back/"
    visitor.send(code=code, words=words)
    assert visitor.path == "/p/"


@pytest.mark.parametrize("close", ["here", "for_other"])
def test_a_case_whose_words_nobody_wrote_down_is_not_closed(clinic, close):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    visitor.send(who="self")
    page = visitor.send(close=close, path="/")
    assert "write down the code" in page
    assert 'href="/p/3/"' in page
    visitor.go("/p/")
    assert visitor.path == "/p/"


def test_whoever_came_back_with_the_words_has_them(clinic):
    first, second = Visitor(), Visitor()
    code, words = first.begin()
    with scopes_disabled():
        Doorway.objects.update(words_kept_at=None)
    second.go("/p/back/")
    second.send(code=code, words=words)
    assert "closed on this phone" in second.send(close="here", path="/")


def test_for_somebody_else_closes_the_first_and_begins_another(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.send(close="for_other", path="/")
    assert visitor.path == "/p/1/"
    assert "portal_case" not in visitor.browser.session
    visitor.begin(who="relative", relation="son", agreed="yes_by_phone")
    with scopes_disabled():
        assert Case.objects.count() == 2


def test_closing_where_nothing_is_open_does_nothing(clinic):
    visitor = Visitor()
    assert "closed on this phone" not in visitor.send(close="here", path="/")


def test_another_phone_shows_the_language_of_the_case_unless_it_chose_one(clinic):
    code, words = Visitor("ht").begin()
    other = Visitor("en")
    other.go("/p/back/")
    assert '<html lang="ht"' in other.send(code=code, words=words)
    chose = Visitor("en")
    chose.go("/p/back/")
    chose.send(language="fr")
    assert '<html lang="fr"' in chose.send(code=code, words=words)


def test_what_is_enough_for_now_has_stopping_as_its_first_button(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    page = visitor.go("/p/n/")
    assert page.index('class="button" name="close"') < page.index(
        'class="button quiet" href="/p/q/"'
    )
    assert "closed on this phone" in visitor.send(close="here", path="/")
