"""An answer is kept once and counts, whatever others said of the case meanwhile."""

from datetime import date

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.actors import applicant_of
from wayhome.web.cases import asking
from wayhome.web.cases.facts import NoAnswer, facts_of, statements_of
from wayhome.web.cases.models import Case, Source
from wayhome.web.cases.screening import screened
from wayhome.web.portal.actions import answer
from wayhome.web.portal.answers import Read

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
# Who, what was said before, the keys, and one transaction; SQLite adds to the log in four steps.
MOST_QUERIES_OF_AN_ANSWER = 14


def keep(case, fact, value, said):
    fact = load_vocabulary()[fact]
    actor, source = applicant_of(case), Source.APPLICANT
    return answer(actor, case, fact, Read(value), source, said, timezone.now())


def in_another_browser(case):
    with scopes_disabled():
        return Case.objects.select_related("organization").get(pk=case.pk)


def test_it_keeps_an_answer_that_was_read_before_another_was_kept(new_case):
    case = new_case()
    other, said = in_another_browser(case), statements_of(case)
    keep(case, "removed", True, said)
    keep(other, "detained", False, said)
    assert facts_of(case) == {"removed": True, "detained": False}
    with scopes_disabled():
        case.refresh_from_db()
    assert case.edition == other.edition
    # What is kept of the outcome rests on both.
    assert case.outcomes == screened(case, timezone.now().date()).outcomes


def test_it_keeps_the_same_answer_once_though_both_came_before_it(new_case):
    case = new_case()
    other, said = in_another_browser(case), statements_of(case)
    assert keep(case, "removed", True, said) is not None
    assert keep(other, "removed", True, said) is None
    assert len(statements_of(case)) == 1


def test_it_screens_again_where_i_do_not_know_takes_an_answer_back(new_case):
    case = new_case()
    keep(case, "removed", True, ())
    with_answer = case.outcomes
    keep(case, "removed", NoAnswer.UNKNOWN, statements_of(case))
    assert "removed" not in facts_of(case)
    assert case.outcomes != with_answer


def test_it_asks_the_databases_little_for_an_answer(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions("Marie Envante")
    visitor.answer("yes")
    with (
        CaptureQueriesContext(connection) as own,
        CaptureQueriesContext(connections["keyring"]) as keys,
    ):
        visitor.browser.post(visitor.path, {"fact": visitor.fact, "said": "yes"})
    assert len(own.captured_queries) + len(keys.captured_queries) <= MOST_QUERIES_OF_AN_ANSWER


def test_it_has_the_order_of_every_situation_before_anybody_asks(monkeypatch):
    day = date(2026, 11, 22)
    asking.warm_up(day)
    monkeypatch.setattr(asking, "_order", None)
    for situation in ({}, {"detained": True}, {"case_pending": False}, {"removed": True}):
        assert asking.order_for(situation, day)
