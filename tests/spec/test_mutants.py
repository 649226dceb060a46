"""Mutants: every part of a rule and a table is changed once, and a story has to notice."""

import pytest

from wayhome.law.conditions import condition_text
from wayhome.law.loading import load_rulebook
from wayhome.stories.mutants import changed_conditions, mutants_of_rule, mutants_of_table
from wayhome.stories.mutation import is_noticed, places, try_mutants
from wayhome.stories.reading import read_stories

TABLE = """
tps:
  title: Designations for a test
  key: country
  columns:
    country: {type: code}
    announced: {type: date}
    effective_from: {type: date}
    effective_to: {type: date}
    effective_then: {type: category}
    open: {type: bool}
  rows:
    - {country: HT, announced: 2009-01-01, effective_from: 2010-01-21, effective_to: 2011-07-23,
       effective_then: unknown, open: true, confidence: seen, source: a notice}
"""
IN_TABLE = (
    "country_of_citizenship IN TABLE tps WHERE (screening_date WITHIN tps.effective AND tps.open)"
)


@pytest.fixture
def changed(book_of, rule_text):
    def texts(condition):
        rule = book_of({"stay": rule_text(condition=condition)}).rules["stay.one"]
        return {condition_text(c) for c, _ in changed_conditions(rule.condition)}

    return texts


@pytest.mark.parametrize(
    ("condition", "mutants"),
    [
        ("removed", {"NOT removed"}),
        ("NOT removed", {"removed"}),
        (
            "removed AND detained",
            {
                "removed OR detained",
                "removed",
                "detained",
                "NOT removed AND detained",
                "removed AND NOT detained",
            },
        ),
        (
            "prior_removals >= 1",
            {
                "prior_removals > 1",
                "prior_removals < 1",
                "prior_removals >= 0",
                "prior_removals >= 2",
            },
        ),
        (
            "order_date < screening_date - 90 days",
            {
                "order_date <= screening_date - 90 days",
                "order_date >= screening_date - 90 days",
                "order_date < screening_date - 91 days",
                "order_date < screening_date - 89 days",
            },
        ),
        ("proceeding_type = 'removal'", {"proceeding_type <> 'removal'"}),
        (
            "daca_status IN ('held', 'held_at_removal')",
            {
                "NOT daca_status IN ('held', 'held_at_removal')",
                "daca_status IN ('held')",
                "daca_status IN ('held_at_removal')",
            },
        ),
        (
            "removed IS NOT TRUE",
            {"(removed) IS TRUE", "removed IS TRUE", "NOT removed", "NOT ((NOT removed) IS TRUE)"},
        ),
    ],
)
def test_it_changes_each_part_of_a_condition(changed, condition, mutants):
    found = changed(condition)
    if "IS NOT TRUE" in condition:
        assert "removed IS TRUE" in found
        assert "NOT removed" in found
    else:
        assert found == mutants


def test_it_moves_the_dates_of_being_in_force_and_of_a_deadline(book_of, rule_text):
    text = rule_text(kind="deadline", condition="removed").replace(
        "2000-01-01}",
        "2000-01-01, ended: 2010-01-01, suspended: [{from: 2001-01-01, to: 2002-01-01, by: a court}]}",
    )
    book = book_of({"stay": text})
    changes = [m.change for m in mutants_of_rule(book.rules["stay.one"], book)]
    for date in ("effective", "ended", "suspended from", "suspended to"):
        assert f"{date} a day earlier" in changes
        assert f"{date} a day later" in changes
    assert "the date: `order_date + 90 days` became `order_date + 91 days`" in changes


def test_it_changes_the_columns_of_a_table_that_a_rule_reads(book_of, rule_text):
    book = book_of({"stay": rule_text(condition=IN_TABLE)}, {"stay": TABLE})
    mutants = list(mutants_of_table(book.tables["tps"], book))
    changes = [m.change for m in mutants]
    assert changes[0] == "row dropped"
    assert sum(c.startswith("effective_from") for c in changes) == 2
    assert sum(c.startswith("effective_to") for c in changes) == 2
    assert sum(c.startswith("open") for c in changes) == 1
    assert sum(c.startswith("effective_then") for c in changes) == 1
    assert not any(c.startswith("announced") for c in changes), "no rule reads that column"
    assert all(m.rules == {"stay.one"} for m in mutants)


def test_it_notices_with_the_stories_of_rules_that_read_the_changed_one(programs, rule_text):
    two = rule_text(id="stay.two", condition="stay.one AND detained")
    folder = programs({"stay": rule_text(condition="removed") + two})
    (folder / "stay" / "examples").mkdir()
    (folder / "stay" / "examples" / "a.yaml").write_text(
        "- {name: a, as_of: 2021-07-01, facts: {removed: yes, detained: yes}, expect: {stay.two: holds}}\n"
    )
    book = load_rulebook(folder)
    stories = read_stories(folder, book, book.programs)
    noticed = {
        m.change: is_noticed(m, stories) for m in mutants_of_rule(book.rules["stay.one"], book)
    }
    assert noticed["NOT added before `removed`"]
    assert not noticed["effective a day earlier"]
    trials = list(try_mutants(folder, places(book, ["stay"]), processes=1))
    assert [t.place for t in trials] == ["stay.one", "stay.two"]
    assert "stay.one: effective a day later" in trials[0].unnoticed


def test_it_moves_no_border_to_a_day_on_which_the_rule_was_no_law(book_of, rule_text):
    on_its_first_day = TABLE.replace("2010-01-21", "2000-01-01")
    book = book_of({"stay": rule_text(condition=IN_TABLE)}, {"stay": on_its_first_day})
    changes = [m.change for m in mutants_of_table(book.tables["tps"], book)]
    assert [c for c in changes if c.startswith("effective_from")] == [
        "effective_from: DATE '2000-01-01' became DATE '2000-01-02'"
    ]
