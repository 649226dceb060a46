"""What the portal says of itself is so: what is kept, who answers where, what came in and when."""

import pytest
from django.utils.html import escape
from tests.web.portal_visitor import Visitor

from wayhome.web.portal.wording import say
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
