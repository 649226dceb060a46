"""Stories: one day or many, over the date of the screening or of a fact; every answer told."""

import pytest

from wayhome.law.faults import FaultyRulebook
from wayhome.stories.completeness import untold
from wayhome.stories.reading import read_stories
from wayhome.stories.story import disagreements


@pytest.fixture
def told(programs, rule_text):
    """The rulebook of one rule about an order of removal, and the stories in a text."""
    from wayhome.law.loading import load_rulebook

    def read(text, condition="order_date >= DATE '2020-02-01'", kind="ground"):
        folder = programs({"stay": rule_text(condition=condition, kind=kind)})
        examples = folder / "stay" / "examples"
        examples.mkdir(exist_ok=True)
        (examples / "one.yaml").write_text(text, encoding="utf-8")
        book = load_rulebook(folder)
        return book, read_stories(folder, book, book.programs)

    return read


def test_it_tries_a_rule_on_several_days(told):
    book, (story,) = told(
        """
        - name: a rule of the year 2000
          facts: {order_date: 2021-01-01}
          expect: {stay.one: {1999-12-31: not in force, 2000-01-01: holds}}
        """
    )
    assert disagreements(story, book) == []


def test_it_tries_a_fact_on_several_days_and_says_which_day_is_wrong(told):
    book, (story,) = told(
        """
        - name: the order came too early
          as_of: 2021-07-01
          over: order_date
          expect: {stay.one: {2020-01-31: holds, 2020-02-01: holds}}
        """
    )
    (found,) = disagreements(story, book)
    text = str(found)
    assert "stay/examples/one.yaml, line 2" in text
    assert "order_date 2020-01-31" in text
    assert "the story says “holds”, the rule says “does not hold”" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {name: a, facts: {}, expect: {stay.one: holds}}", "has as_of"),
        ("- {name: a, over: order_date, expect: {stay.one: {2020-01-01: holds}}}", "has as_of"),
        ("- {name: a, over: removed, as_of: 2020-01-01, expect: {stay.one: holds}}", "not a date"),
        ("- {name: a, expect: {stay.one: {soon: holds}}}", "not a day written"),
        ("- {name: a, expect: {stay.one: {2020-01-01: maybe}}}", "not an answer"),
        ("- {name: '', as_of: 2020-01-01, expect: {stay.one: holds}}", "a sentence with the legal"),
        (
            "- {name: a, as_of: 2020-01-01, over: order_date, facts: {order_date: 2020-01-01}, "
            "expect: {stay.one: {2020-01-01: holds}}}",
            "given in facts and tried over days",
        ),
        (
            "- {name: a, as_of: 2020-01-01, facts: {remuved: yes}, expect: {stay.one: holds}}",
            "Did you mean removed?",
        ),
    ],
)
def test_it_says_what_is_wrong_with_a_story(told, text, says):
    with pytest.raises(FaultyRulebook) as raised:
        told(text)
    assert any(says in str(fault) for fault in raised.value.faults)


def test_it_names_the_answers_that_no_story_tells(told):
    book, stories = told(
        """
        - name: one answer only
          as_of: 2021-07-01
          facts: {order_date: 2021-01-01}
          expect: {stay.one: holds}
        """
    )
    answers = [found.answer for found in untold(stories, book, ["stay"])]
    assert answers == ["does not hold", "cannot tell", "not in force"]


def test_it_asks_for_no_story_of_an_answer_that_cannot_be(told):
    book, stories = told("", condition="removed IS TRUE OR order_date IS NULL")
    assert "cannot tell" not in [found.answer for found in untold(stories, book, ["stay"])]
