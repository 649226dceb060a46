"""Conditions in plain English: nothing left out, nested as written, unknown never turned to no."""

import pytest

from wayhome.law.condition_words import ConditionInWords, day_in_words
from wayhome.law.conditions import facts_read, walk
from wayhome.law.reading import ConditionReader
from wayhome.programs import rulebook


def said(text):
    book = rulebook()
    reader = ConditionReader(book.vocabulary, book.tables, frozenset(book.rules))
    return ConditionInWords(book).say(reader.read_condition(text))


def lines(line, depth=0):
    yield depth, line
    for part in line.parts:
        yield from lines(part, depth + 1)


def texts(text):
    return [("  " * depth) + line.text for depth, line in lines(said(text))]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("detained", "In immigration detention now"),
        ("NOT detained", "Not so: in immigration detention now"),
        ("order_date < DATE '1997-04-01'", "Date of the removal order: before April 1, 1997"),
        ("DATE '1997-04-01' > order_date", "Date of the removal order: before April 1, 1997"),
        (
            "NOT (order_date < DATE '1997-04-01')",
            "Date of the removal order: on or after April 1, 1997",
        ),
        (
            "removal_date <= screening_date - 90 days",
            "Date of removal: on or before 90 days before the day of the screening",
        ),
        (
            "screening_date < removal_date + 1 year",
            "The day of the screening: before 1 year after the date of removal",
        ),
        ("prior_removals >= 2", "Number of earlier removals: at least 2"),
        ("manner_of_entry = 'without_inspection'", "How the person entered: without inspection"),
        (
            "proceeding_type IN ('removal', 'deportation', 'exclusion')",
            "Kind of proceeding: removal, deportation or exclusion",
        ),
        ("order_date IS NULL", "Date of the removal order: not known"),
        ("order_date IS NOT NULL", "Date of the removal order: known"),
    ],
)
def test_it_says_one_test_in_one_line(written, expected):
    assert texts(written) == [expected]


def test_it_nests_as_the_condition_is_nested():
    assert texts("detained AND (final_order OR NOT removed)") == [
        "All of these are so:",
        "  In immigration detention now",
        "  At least one of these is so:",
        "    A final order of removal exists",
        "    Not so: the person has been removed or departed under an order",
    ]


def test_it_keeps_none_and_not_all_apart():
    assert texts("NOT (detained OR removed)")[0] == "None of these is so:"
    assert texts("NOT (detained AND removed)")[0] == "Not all of these are so:"


@pytest.mark.parametrize(
    ("written", "counts_as"),
    [
        ("removed IS TRUE", "not met"),
        ("NOT (removed IS TRUE)", "met"),
        ("removed IS FALSE", "not met"),
        ("NOT (removed IS FALSE)", "met"),
    ],
)
def test_it_says_what_not_knowing_counts_as(written, counts_as):
    assert f"this counts as {counts_as})" in texts(written)[0]


def test_it_says_where_nobody_knowing_is_itself_the_test():
    assert texts("removed IS NULL")[0] == "Nobody knows whether this is so:"


def test_it_names_the_table_and_what_its_row_must_hold():
    line = said(
        "country_of_citizenship IN TABLE tps WHERE (screening_date WITHIN tps.effective "
        "AND first_entry_date <= tps.continuous_residence_since)"
    )
    assert line.table == "tps"
    assert "has a row for the country of citizenship, and in that row:" in line.text
    (_, within), (_, entry) = list(lines(line))[2:]
    assert "from effective_from until the day before effective_to" in within.text
    assert (
        entry.text
        == "First entry to the United States: on or before the row’s “continuous residence since”"
    )


def test_it_says_values_as_its_caller_would():
    book = rulebook()
    reader = ConditionReader(book.vocabulary, book.tables, frozenset(book.rules))
    words = ConditionInWords(book, lambda fact, value: f"<{fact}={value}>")
    line = words.say(reader.read_condition("country_of_citizenship = 'HT'"))
    assert line.text == "Country of citizenship: <country_of_citizenship=HT>"


def test_it_writes_days_and_hours_as_people_do():
    from datetime import date, datetime

    assert day_in_words(date(2021, 7, 1)) == "July 1, 2021"
    assert day_in_words(datetime(2021, 7, 1, 9, 30)) == "July 1, 2021, 09:30"


def test_it_names_every_fact_rule_and_table_of_every_rule():
    book = rulebook()
    words = ConditionInWords(book)
    for rule in book.rules.values():
        found = [line for _, line in lines(words.say(rule.condition))]
        named = {fact for line in found for fact in line.facts}
        assert facts_read(rule.condition) - named <= {"screening_date"}, rule.id
        read = [type(c).__name__ for c in walk(rule.condition)]
        assert len([line for line in found if line.rule]) == read.count("RuleHolds"), rule.id
        assert len([line for line in found if line.table]) == read.count("InTable"), rule.id
        assert all(line.text and "_" not in line.text.split("row’s")[0] for line in found), rule.id
