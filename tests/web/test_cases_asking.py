"""What to ask next: one order for the portal and for staff, and nothing that changes nothing."""

from datetime import date
from itertools import islice

import pytest

from wayhome.engine.questions import next_questions
from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook
from wayhome.report.summary import undated_deadlines
from wayhome.web.cases.asking import (
    _custody_screener,
    facts_to_ask,
    open_questions,
    questions_of_custody,
    questions_to_ask,
)
from wayhome.web.cases.case_page import questions_context
from wayhome.web.cases.screening import screened_facts

DAY = date(2026, 9, 1)
AWAY = {"removed": True, "detained": False}
HERE = {"removed": False, "detained": False}
OF_DETAINERS = {"detainer_issued_at", "judicial_warrant", "local_release_due_at", "transferred_at"}


@pytest.mark.parametrize("facts", [{}, AWAY, HERE, {"removed": False, "detained": True}])
def test_staff_are_told_to_ask_in_the_order_of_the_portal(facts):
    of_staff = [q.fact for q in islice(questions_to_ask(facts, DAY), 8)]
    assert of_staff == list(islice(open_questions(facts, (), DAY), 8))
    assert of_staff == facts_to_ask(facts, DAY)[:8]


def test_nobody_abroad_is_asked_about_detainers():
    assert questions_of_custody(AWAY, DAY) == ()
    assert questions_of_custody({"in_us_now": False}, DAY) == ()
    assert questions_of_custody({"removed": True, "in_us_now": True}, DAY)
    assert not OF_DETAINERS & set(facts_to_ask(AWAY, DAY))


def test_what_only_the_programs_about_police_need_comes_last():
    asked = facts_to_ask(HERE, DAY)
    apart = [q.fact for q in questions_of_custody(HERE, DAY)]
    assert set(apart) >= {"detainer_issued_at", "judicial_warrant"}
    assert asked[-len(apart) :] == apart
    assert len(asked) == len(set(asked))


def test_an_answer_that_closes_the_detainer_rules_ends_their_questions():
    apart = {q.fact for q in questions_of_custody({**HERE, "judicial_warrant": True}, DAY)}
    assert not apart & {"transferred_at"}
    graph = _custody_screener().graph(DAY)
    open_now = {q.fact for q in next_questions(rulebook(), graph, {**HERE, "detained": True})}
    assert {q.fact for q in questions_of_custody({**HERE, "detained": True}, DAY)} <= open_now


def test_it_says_what_an_answer_could_settle_as_the_kernel_does():
    first = next(iter(questions_to_ask({}, DAY)))
    vocabulary = load_vocabulary()
    assert first.fact == "removed"
    assert first.touches_rules
    assert all(vocabulary[q.fact].is_asked for q in islice(questions_to_ask(HERE, DAY), 8))


def test_it_asks_staff_first_for_the_days_that_deadlines_wait_for():
    facts = {"removed": False, "fear_of_return": True, "detained": True}
    screening = screened_facts("", facts, DAY)
    undated = [d.fact for f in screening.findings for d in undated_deadlines(f, rulebook().rules)]
    assert "arrival_date" in undated
    asked = [q["fact"].name for q in questions_context(screening)["questions"]]
    waiting = [fact for fact in dict.fromkeys(undated) if load_vocabulary()[fact].is_asked]
    assert asked[: len(waiting)] == waiting[: len(asked)]
