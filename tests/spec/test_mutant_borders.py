"""The day on which one row of a table ends and the next begins is one date, written twice."""

import pytest

from wayhome.stories.mutants import mutants_of_table

TABLE = """
tps:
  title: Two designations that follow each other, and one of another country
  key: country
  columns:
    country: {type: code}
    effective_from: {type: date}
    effective_to: {type: date}
  rows:
    - {country: HT, effective_from: 2010-01-21, effective_to: 2011-07-23, confidence: seen, source: a notice}
    - {country: HT, effective_from: 2011-07-23, effective_to: 2013-01-23, confidence: seen, source: a notice}
    - {country: SV, effective_from: 2011-07-23, effective_to: 2011-07-24, confidence: seen, source: a notice}
"""
CONDITION = "country_of_citizenship IN TABLE tps WHERE (screening_date WITHIN tps.effective)"


@pytest.fixture
def stretches(book_of, rule_text):
    """Every mutant's rows as (from, to), by what was changed in which row."""
    book = book_of({"stay": rule_text(condition=CONDITION)}, {"stay": TABLE})
    table = book.tables["tps"]
    lines = [row.line for row in table.rows]
    found = {}
    for mutant in mutants_of_table(table, book):
        number = next(n for n, line in enumerate(lines) if f"line {line} " in mutant.place)
        rows = mutant.rulebook.tables["tps"].rows
        found[number, mutant.change] = [
            (str(r.values["effective_from"]), str(r.values["effective_to"])) for r in rows
        ]
    return found


def test_it_takes_the_day_from_the_neighbour_into_which_a_row_grows(stretches):
    longer = stretches[0, "effective_to: DATE '2011-07-23' became DATE '2011-07-24'"]
    assert longer[:2] == [("2010-01-21", "2011-07-24"), ("2011-07-24", "2013-01-23")]
    earlier = stretches[1, "effective_from: DATE '2011-07-23' became DATE '2011-07-22'"]
    assert earlier[:2] == [("2010-01-21", "2011-07-22"), ("2011-07-22", "2013-01-23")]


def test_it_leaves_a_gap_where_a_row_shrinks(stretches):
    shorter = stretches[0, "effective_to: DATE '2011-07-23' became DATE '2011-07-22'"]
    assert shorter[:2] == [("2010-01-21", "2011-07-22"), ("2011-07-23", "2013-01-23")]
    later = stretches[1, "effective_from: DATE '2011-07-23' became DATE '2011-07-24'"]
    assert later[:2] == [("2010-01-21", "2011-07-23"), ("2011-07-24", "2013-01-23")]


def test_it_leaves_a_row_of_another_key_alone(stretches):
    longer = stretches[0, "effective_to: DATE '2011-07-23' became DATE '2011-07-24'"]
    assert longer[2] == ("2011-07-23", "2011-07-24")
    assert stretches[1, "effective_to: DATE '2013-01-23' became DATE '2013-01-24'"][0] == (
        "2010-01-21",
        "2011-07-23",
    )
