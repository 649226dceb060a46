"""A day that has passed or has not come, where the answer says otherwise."""

from datetime import date, timedelta

import pytest
from tests.web.portal_visitor import Visitor

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.portal.answers import USUALLY_AHEAD, NotReadable, read_answer

TODAY = date(2026, 5, 4)
ASKED = [load_vocabulary()[name] for name in USUALLY_AHEAD]


def typed(day, **more):
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day), **more}


def why_not(fact, sent):
    with pytest.raises(NotReadable) as told:
        read_answer(load_vocabulary()[fact], sent, "en", TODAY)
    return str(told.value)


def test_a_removal_scheduled_for_a_day_that_has_passed_is_asked_about_once():
    passed = typed(TODAY - timedelta(days=3))
    assert why_not("removal_scheduled_date", passed) == "question.look_again"
    sure = {**passed, "sure": "2026-5-1"}
    fact = load_vocabulary()["removal_scheduled_date"]
    assert read_answer(fact, sure, "en", TODAY).answer == date(2026, 5, 1)
    other = {**typed(TODAY - timedelta(days=30)), "sure": "2026-5-1"}
    assert why_not("removal_scheduled_date", other) == "question.look_again"


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_removal_to_come_is_believed_at_once(days):
    day = TODAY + timedelta(days=days)
    fact = load_vocabulary()["removal_scheduled_date"]
    assert read_answer(fact, typed(day), "en", TODAY).answer == day


def test_this_month_with_no_day_may_still_come():
    fact = load_vocabulary()["removal_scheduled_date"]
    sent = {"year": "2026", "month": "5", "day": ""}
    assert read_answer(fact, sent, "en", TODAY).answer == date(2026, 5, 1)


@pytest.mark.parametrize("fact", ["birth_date", "last_entry_date", "removal_date"])
def test_what_has_not_come_can_never_have_happened_however_often_it_is_sent(fact):
    if fact not in load_vocabulary():
        pytest.skip("no such fact")
    day = TODAY + timedelta(days=40)
    assert why_not(fact, typed(day)) == "question.say_not_come"
    sure = f"{day.year}-{day.month}-{day.day}"
    assert why_not(fact, typed(day, sure=sure)) == "question.say_not_come"


def test_every_day_usually_ahead_is_a_day_of_the_vocabulary():
    assert {str(fact.type) for fact in ASKED} <= {"date", "datetime"}


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_page_asks_once_and_takes_the_same_day_the_second_time(clinic):
    visitor = Visitor()
    visitor.begin()
    passed = {"fact": "removal_scheduled_date", "year": "2020", "month": "5", "day": "1"}
    page = visitor.send(passed, path="/p/q/1/")
    assert "this day has passed" in page
    assert 'name="sure" value="2020-5-1"' in page
    page = visitor.send(passed, sure="2020-5-1", path="/p/q/1/")
    assert "this day has passed" not in page
    assert "1 May 2020" in visitor.go("/p/a/")


@pytest.mark.django_db(databases=["default", "keyring"])
def test_an_answer_changed_from_the_list_leads_back_to_the_list(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    visitor.answer()
    page = visitor.go("/p/a/")
    assert 'href="/p/q/1/?list"' in page
    assert "Kept." not in page
    assert 'href="/p/a/"' in visitor.go("/p/q/1/?list")
    page = visitor.send({"fact": visitor.fact, "said": "unknown"}, path="/p/q/1/?list")
    assert visitor.path.startswith("/p/a/")
    assert "Kept." in page
    assert "I don’t know" in page
