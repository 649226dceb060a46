"""What is asked next: nothing that can change nothing, and the most useful first."""

from datetime import date, datetime

import pytest

from wayhome.engine.graph import compile_graph
from wayhome.engine.questions import next_questions

DAY = date(2021, 7, 1)


def asked(book, **facts):
    return [q.fact for q in next_questions(book, compile_graph(book, DAY), facts)]


@pytest.fixture
def asks(book_of, rule_text):
    def ask(*conditions, **facts):
        rules = "".join(rule_text(f"stay.r{n}", c) for n, c in enumerate(conditions))
        return asked(book_of({"stay": rules}), **facts)

    return ask


def test_it_asks_what_is_unknown(asks):
    assert set(asks("removed AND detained")) == {"removed", "detained"}
    assert asks("removed AND detained", removed=True) == ["detained"]


def test_it_asks_nothing_that_is_decided(asks):
    assert asks("removed AND detained", removed=False) == []
    assert asks("removed OR detained", removed=True) == []
    assert asks("(removed AND detained) OR disability", removed=False, disability=True) == []


def test_it_asks_nothing_that_is_absorbed(asks):
    assert asks("removed AND (removed OR detained)") == ["removed"]
    assert asks("removed OR (removed AND disability AND detained)") == ["removed"]
    assert asks("prior_removals > 5 OR (prior_removals > 7 AND detained)") == ["prior_removals"]


def test_it_asks_a_fact_that_matters_only_with_another_answer(asks):
    assert set(asks("(removed AND detained) OR (NOT removed AND disability)")) == {
        "removed",
        "detained",
        "disability",
    }


def test_it_asks_what_was_counted_as_no_on_purpose(asks):
    assert asks("NOT (national_security_concern IS TRUE)") == ["national_security_concern"]
    assert asks("asylum_filed_date IS NULL") == ["asylum_filed_date"]


def test_it_asks_the_most_useful_first(asks):
    first, *rest = asks("removed AND disability", "removed AND detained", "removed OR represented")
    assert first == "removed"
    assert set(rest) == {"disability", "detained", "represented"}


def test_it_prefers_what_settles_the_outcome_alone(asks):
    assert asks("removed AND detained AND disability", "represented")[0] == "represented"


def test_it_asks_for_dates_at_their_edges(asks):
    text = "removal_date >= DATE '2017-09-05' AND removal_date < DATE '2020-12-07'"
    assert asks(text) == ["removal_date"]
    assert asks("nta_date < order_date", nta_date=DAY) == ["order_date"]


def test_it_asks_for_moments_from_which_working_time_is_counted(asks):
    text = "transferred_at > local_release_due_at + 48 working hours"
    saturday, wednesday = datetime(2026, 7, 11, 10), datetime(2026, 7, 15, 0, 0, 1)
    assert set(asks(text)) == {"transferred_at", "local_release_due_at"}
    assert asks(text, transferred_at=wednesday) == ["local_release_due_at"]
    assert asks(text, transferred_at=wednesday, local_release_due_at=saturday) == []


@pytest.mark.parametrize(
    ("text", "can_be_true"),
    [
        ("NEXT_WORKING_DAY(order_date) = DATE '2026-07-13'", True),
        ("NEXT_WORKING_DAY(order_date) = DATE '2026-07-12'", False),  # a Sunday
        ("order_date + 2 working days <= DATE '2026-07-12'", True),
        ("order_date + 2 working days >= DATE '2026-07-12'", True),
        ("local_release_due_at + 48 working hours = TIMESTAMP '2026-07-14 15:00:00'", True),
        ("local_release_due_at + 48 working hours = TIMESTAMP '2026-07-12 15:00:00'", False),
    ],
)
def test_it_finds_the_moment_from_which_working_time_turns(asks, text, can_be_true):
    fact = text.split(" ")[0].removeprefix("NEXT_WORKING_DAY(").removesuffix(")")
    # A fact that is read once is asked without trying; this one is read twice.
    assert bool(asks(f"({text} AND {fact} IS NOT NULL) IS TRUE")) is can_be_true


def test_it_asks_about_a_bar_only_before_a_ground_that_may_hold(book_of, rule_text):
    book = book_of({"stay": rule_text() + rule_text("stay.bar", "detained", kind="bar")})
    assert asked(book, removed=False) == []
    assert asked(book, removed=True) == ["detained"]


def test_it_asks_for_the_date_of_a_deadline(book_of, rule_text):
    book = book_of({"stay": rule_text("stay.due", "removed", kind="deadline")})
    assert asked(book, removed=False) == []
    assert asked(book, removed=True) == ["order_date"]
    assert asked(book, removed=True, order_date=DAY) == []
