"""What each kind of condition means, and what is said of one that cannot be read."""

from datetime import date

import pytest

from wayhome.engine.plain import Reading
from wayhome.law.conditions import condition_text
from wayhome.law.reading import ConditionReader, FaultyCondition
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
EMPTY = Rulebook(VOCABULARY, (), {}, {})
T, F, U = True, False, None


def read(text):
    return ConditionReader(VOCABULARY, {}).read_condition(text)


def truth(text, as_of=date(2021, 7, 1), **facts):
    return Reading(EMPTY, as_of, facts).truth(read(text))


def known(**facts):
    return {name: value for name, value in facts.items() if value is not None}


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_it_follows_kleene(a, b, both, either):
    facts = known(removed=a, detained=b)
    assert truth("removed AND detained", **facts) is both
    assert truth("removed OR detained", **facts) is either


@pytest.mark.parametrize(("value", "opposite"), [(T, F), (F, T), (U, U)])
def test_it_never_turns_unknown_into_no(value, opposite):
    assert truth("NOT removed", **known(removed=value)) is opposite


@pytest.mark.parametrize(
    ("text", "when_true", "when_false", "when_unknown"),
    [
        ("removed IS TRUE", T, F, F),
        ("removed IS NOT TRUE", F, T, T),
        ("removed IS FALSE", F, T, F),
        ("removed IS NULL", F, F, T),
        ("removed IS NOT NULL", T, T, F),
        ("removed IS UNKNOWN", F, F, T),
        ("removed = TRUE", T, F, U),
        ("removed <> TRUE", F, T, U),
    ],
)
def test_it_counts_unknown_as_no_only_on_purpose(text, when_true, when_false, when_unknown):
    assert truth(text, removed=True) is when_true
    assert truth(text, removed=False) is when_false
    assert truth(text) is when_unknown


@pytest.mark.parametrize(
    ("order_date", "expected"),
    [
        (date(2021, 1, 1), False),  # the 181st day
        (date(2021, 1, 2), True),  # the 180th day
        (date(2021, 1, 3), True),
        (None, None),
    ],
)
def test_it_counts_days_on_the_calendar(order_date, expected):
    text = "screening_date <= order_date + 180 days"
    assert truth(text, **known(order_date=order_date)) is expected


@pytest.mark.parametrize(
    ("removal_date", "as_of", "expected"),
    [
        (date(2016, 2, 29), date(2021, 2, 27), True),
        (date(2016, 2, 29), date(2021, 2, 28), False),  # five years on, that February is shorter
        (date(2016, 3, 1), date(2021, 2, 28), True),
        (date(2016, 3, 1), date(2021, 3, 1), False),
    ],
)
def test_it_counts_years_from_29_february(removal_date, as_of, expected):
    text = "screening_date < removal_date + 5 years"
    assert truth(text, as_of, removal_date=removal_date) is expected


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("sex = 'female'", {"sex": "female"}, T),
        ("sex <> 'female'", {"sex": "female"}, F),
        ("sex IN ('male', 'another')", {"sex": "female"}, F),
        ("sex IN ('male', 'another')", {}, U),
        ("sex NOT IN ('male')", {"sex": "female"}, T),
        ("prior_removals BETWEEN 1 AND 3", {"prior_removals": 3}, T),
        ("prior_removals BETWEEN 1 AND 3", {"prior_removals": 4}, F),
        ("prior_removals >= 1", {"prior_removals": 0}, F),
        ("removal_date IS NOT NULL", {}, F),
        ("asylum_filed_date IS NULL", {}, T),
        ("nta_date < order_date", {"nta_date": date(2020, 1, 1), "order_date": date(2020, 1, 1)}, F),
        ("nta_date <= order_date - 1 month", {"nta_date": date(2020, 2, 29), "order_date": date(2020, 3, 31)}, T),
    ],
)  # fmt: skip
def test_it_compares_words_numbers_and_dates(text, facts, expected):
    assert truth(text, **facts) is expected


@pytest.mark.parametrize(
    "text",
    [
        "removed AND (NOT detained OR disability)",
        "screening_date < removal_date + 5 years",
        "u_petition_status IN ('bona_fide', 'waitlisted')",
        "(removed OR detained) IS TRUE",
        "(NOT removed) IS TRUE",
        "(prior_removals > 1) IS FALSE",
        "asylum_filed_date IS NOT NULL",
        "transferred_at > local_release_due_at + 48 working hours",
        "screening_date <= arrival_date + 1 working day",
        "screening_date <= NEXT_WORKING_DAY(order_final_date + 30 days)",
        "screening_date < NEXT_WORKING_DAY(order_final_date) + 5 working days - 1 month",
    ],
)
def test_it_writes_what_it_reads(text):
    assert condition_text(read(text)) == text
    assert read(condition_text(read(text))) == read(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("removd", "There is no fact 'removd'. Did you mean removed?"),
        ("sex = 'mal'", "Did you mean male?"),
        ("sex > 'male'", "has no order"),
        ("order_date > 3", "cannot be compared"),
        ("prior_removals", "is a int fact, not a yes/no fact"),
        ("removed = ", "cannot be read"),
        ("removed AND (detained", "cannot be read"),
        ("", "Write one condition"),
        ("removed; detained", "without ';'"),
        ("order_date + 3 > nta_date", "Only days, months or years"),
        ("order_date > DATE '2021-02-31'", "is not a value"),
        ("order_date > DATE '0001-01-01'", "between 1900-01-01"),
        ("country_of_citizenship IN TABLE tsp", "There is no table 'tsp'"),
        ("removal_date WITHIN tps.effective", "WITHIN stands inside IN TABLE"),
        ("SELECT 1", "is not a condition"),
        ("abs(prior_removals) > 1", "is not a value"),
        ("order_date + 60000 years > nta_date", "up to 150"),
        ("order_date + INTERVAL '3' HOUR > nta_date", "Only days, months or years"),
        ("order_date + 5 business days > nta_date", "working days and working hours can be added"),
        ("order_date + 48 hours > nta_date", "working days and working hours can be added"),
        ("order_date + 48 working hours > nta_date", "a date without a time of day"),
        ("order_date - 5 working days > nta_date", "Working days can only be added"),
        ("order_date + 251 working days > nta_date", "whole number of working days up to 250"),
        ("NEXT_WORKING_DAY(prior_removals) > 1", "prior_removals is not a date"),
        ("LAST_WORKING_DAY(order_date) > nta_date", "Only NEXT_WORKING_DAY(date)"),
        ("NEXT_WORKING_DAY(order_date, nta_date) > nta_date", "Only NEXT_WORKING_DAY(date)"),
        ("return_home.nothing", "There is no rule"),
        ("removed IS 'yes'", "IS takes TRUE"),
        ("sex IN ()", "at least one value"),
        ("(" * 3000 + "removed" + ")" * 3000, "nested too deeply"),
        ("removed " * 5000, "longer than"),
    ],
)
def test_it_says_what_is_wrong_and_what_would_be_right(text, says):
    with pytest.raises(FaultyCondition) as caught:
        read(text)
    assert says in str(caught.value)


def test_it_reports_every_fault_of_a_condition_with_its_place():
    with pytest.raises(FaultyCondition) as caught:
        read("removd AND\n  sex = 'mal' AND\n  order_date > 3")
    assert [(f.line, f.column) for f in caught.value.faults] == [(1, 1), (2, 3), (3, 3)]
