"""Why a rule answers as it does: every condition, its value, the facts it read."""

from datetime import date

from wayhome.engine.explanation import explain
from wayhome.engine.plain import Reading

DAY = date(2021, 7, 1)
TABLE = """
halts:
  title: Countries
  key: country
  columns:
    country: {type: code, fact: country_of_citizenship}
    notice: {type: text}
    effective_from: {type: date}
    effective_to: {type: date}
    effective_then: {type: category}
  rows:
    - {country: HT, notice: 75 FR 3476, effective_from: 2010-01-21, effective_to: 2021-07-02, effective_then: unknown, confidence: check, check: which end, source: a notice}
    - {country: SV, notice: 66 FR 14214, effective_from: 2001-03-09, confidence: seen, source: a notice}
"""
IN_HALTS = (
    "|\n    country_of_citizenship IN TABLE halts WHERE (screening_date WITHIN halts.effective)"
)


def tree(book, as_of=DAY, rule="stay.one", **facts):
    return explain(Reading(book, as_of, facts), book.rule(rule))


def texts(step):
    return [step.text, *(t for part in step.parts for t in texts(part))]


def test_it_shows_every_condition_with_its_value_and_facts(book_of, rule_text):
    book = book_of(
        {"stay": rule_text(condition="removed AND (NOT detained OR prior_removals > 2)")}
    )
    found = tree(book, removed=True, prior_removals=1)
    assert (found.in_force, found.answer) == (True, None)
    root = found.tree
    assert (root.text, root.value) == ("all of", None)
    removed, either = root.parts
    assert (removed.text, removed.value, removed.facts) == ("removed", True, {"removed": True})
    assert [(p.text, p.value, dict(p.facts)) for p in either.parts] == [
        ("NOT detained", None, {"detained": None}),
        ("prior_removals > 2", False, {"prior_removals": 1}),
    ]


def test_it_names_the_screening_date_that_it_read(book_of, rule_text):
    book = book_of({"stay": rule_text(condition="screening_date <= order_date + 180 days")})
    step = tree(book, order_date=date(2021, 1, 1)).tree
    assert step.facts == {"screening_date": DAY, "order_date": date(2021, 1, 1)}


def test_it_shows_the_rows_that_fit_and_counts_the_others(book_of, rule_text):
    book = book_of({"stay": rule_text(condition=IN_HALTS)}, {"stay": TABLE})
    step = tree(book, country_of_citizenship="HT").tree
    assert step.value is True
    assert [part.text for part in step.parts] == ["HT, 75 FR 3476, unknown"]
    assert "which end" in step.parts[0].note
    key, within = step.parts[0].parts
    assert key.text == "country_of_citizenship IN ('HT')" or "HT" in key.text
    assert within.text == "screening_date WITHIN halts.effective"
    assert within.note == "effective: from 2010-01-21 to 2021-07-02, after that not known"
    assert step.note == "1 of 2 rows do not fit"


def test_it_cannot_tell_past_the_end_of_what_is_known(book_of, rule_text):
    book = book_of({"stay": rule_text(condition=IN_HALTS)}, {"stay": TABLE})
    answers = {
        day: tree(book, date(2021, 7, day), country_of_citizenship="HT").answer for day in (1, 2)
    }
    assert answers == {1: True, 2: None}
    assert tree(book, date(2010, 1, 20), country_of_citizenship="HT").answer is False
    assert tree(book, date(2040, 1, 1), country_of_citizenship="SV").answer is True
    assert tree(book, date(2021, 7, 1)).answer is None
    assert tree(book, date(2021, 7, 1), country_of_citizenship="MX").answer is False


def test_it_opens_a_rule_inside_a_rule(book_of, rule_text):
    book = book_of({"stay": rule_text() + rule_text("stay.two", "NOT stay.one")})
    step = tree(book, rule="stay.two", removed=False).tree
    assert step.value is True
    assert "removed" in texts(step)


def test_it_says_that_a_rule_is_not_in_force(book_of, rule_text):
    found = tree(book_of({"stay": rule_text()}), date(1999, 12, 31), removed=True)
    assert (found.in_force, found.answer) == (False, None)


def test_it_reads_half_open_ranges(book_of, rule_text):
    text = rule_text().replace(
        "2000-01-01}", "2000-01-01, suspended: [{from: 2001-01-01, to: 2003-01-01, by: a court}]}"
    )
    rule = book_of({"stay": text}).rule("stay.one")
    days = [
        date(1999, 12, 31),
        date(2000, 1, 1),
        date(2000, 12, 31),
        date(2001, 1, 1),
        date(2003, 1, 1),
    ]
    assert [rule.is_in_force(day) for day in days] == [False, True, True, False, True]
