"""Every rule has its words, its examples and its sources; every row says where it is from."""

import pytest

from wayhome.law.yaml_lines import read_yaml
from wayhome.programs import FOLDER, rulebook
from wayhome.programs.examples import CANNOT_TELL, DOES_NOT_HOLD, NO_DATE, read_examples

RULES = list(rulebook().rules.values())
SENTENCES = {"holds", "does_not_hold", "cannot_tell"}
# These count "not known" as an answer on purpose, and say so under `assumes`.
ALWAYS_ANSWER = {"discretion.presume_relief", "stay.bar_tps_crime"}


@pytest.fixture(scope="module")
def answers():
    """What the examples expect of each rule."""
    expected = {}
    for example in read_examples(FOLDER, rulebook(), rulebook().programs):
        for rule, answer in example.expect.items():
            expected.setdefault(rule, set()).add(answer)
    return expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_tells_each_answer_in_both_languages(rule):
    words = read_yaml(FOLDER / rule.program / "words.yaml")[rule.id]
    for language in ("en", "es"):
        assert set(words[language]) == SENTENCES
        assert all(str(sentence).strip() for sentence in words[language].values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_tries_each_answer_in_a_story(rule, answers):
    seen = answers.get(rule.id, set())
    positive = seen - {DOES_NOT_HOLD, CANNOT_TELL, NO_DATE, "not in force"}
    assert positive, "no example in which it holds"
    assert seen & {DOES_NOT_HOLD, NO_DATE}, "no example in which it does not hold"
    if rule.id in ALWAYS_ANSWER:
        assert rule.assumes
    else:
        assert CANNOT_TELL in seen, "no example in which nobody can tell"


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
