"""Every rule has its words, its examples and its sources; every row says where it is from."""

import pytest

from wayhome.programs import FOLDER, rulebook
from wayhome.stories.completeness import untold
from wayhome.stories.reading import read_stories
from wayhome.words.english import words_faults

RULES = list(rulebook().rules.values())


def test_it_tells_each_answer_of_every_rule_in_words():
    assert [str(fault) for fault in words_faults(FOLDER, rulebook())] == []


def test_it_tells_each_answer_of_each_rule_in_a_story():
    book = rulebook()
    stories = read_stories(FOLDER, book, book.programs)
    assert [str(answer) for answer in untold(stories, book, book.programs)] == []


def test_it_marks_what_a_lawyer_should_check_first():
    for rule in RULES:
        assert (rule.confidence == "check") == bool(rule.check), rule.id


@pytest.mark.parametrize("table", rulebook().tables.values(), ids=lambda table: table.name)
def test_it_sources_every_row(table):
    for row in table.rows:
        assert row.source
        assert row.confidence in ("seen", "recalled", "check")
    starts = [c for c in table.columns if c.endswith("_from") or c == "date"]
    assert starts, f"{table.name} has no date"
