"""`wayhome rules mutate`, as somebody who writes a rule types it."""

import pytest

RULE = """
- id: stay.one
  title: One
  kind: ground
  authority: statute
  route: stay
  in_force: {effective: 2000-01-01}
  condition: country_of_citizenship IN TABLE halts WHERE (screening_date WITHIN halts.effective)
  cites: [INA 240]
  confidence: seen
  checked: 2026-11-21
  source: a test
"""
TABLE = """
halts:
  title: Halts for a test
  key: country
  columns:
    country: {type: code}
    effective_from: {type: date}
    effective_to: {type: date}
  rows:
    - {country: HT, effective_from: 2010-01-21, effective_to: 2011-07-23, confidence: seen, source: a test}
"""
STORY = """
- name: Haiti, from the first day of the halt to its last
  facts: {country_of_citizenship: HT}
  expect: {stay.one: {1999-12-31: not in force, 2000-01-01: does not hold, 2010-01-20: does not hold, 2010-01-21: ANSWER, LAST: holds, 2011-07-23: does not hold}}
"""


@pytest.fixture
def rulebook(tmp_path):
    def write(story):
        folder = tmp_path / "law" / "stay"
        (folder / "examples").mkdir(parents=True)
        (folder / "rules.yaml").write_text(RULE)
        (folder / "tables.yaml").write_text(TABLE)
        (folder / "examples" / "one.yaml").write_text(story)
        return folder.parent

    return write


def test_it_notices_every_change_of_a_rule_and_of_the_table_it_reads(wayhome, rulebook):
    folder = rulebook(STORY.replace("ANSWER", "holds").replace("LAST", "2011-07-22"))
    code, out, err = wayhome("rules", "mutate", "--rule", "stay.one", "--rulebook", folder)
    assert code == 0, out + err
    assert "(100.0%)" in out


def test_it_tries_the_rows_of_a_table_with_its_rule(wayhome, rulebook):
    folder = rulebook(STORY.replace("ANSWER", "holds").replace("LAST", "2011-01-01"))
    code, out, _ = wayhome("rules", "mutate", "--rule", "stay.one", "--rulebook", folder)
    assert code == 1
    assert "effective_to: DATE '2011-07-23' became DATE '2011-07-22'" in " ".join(out.split())


def test_it_tries_nothing_while_a_story_disagrees(wayhome, rulebook):
    folder = rulebook(STORY.replace("ANSWER", "does not hold").replace("LAST", "2011-07-22"))
    code, out, err = wayhome("rules", "mutate", "--rulebook", folder)
    assert code != 0
    assert "run `wayhome rules test` first" in err
    assert "noticed" not in out
