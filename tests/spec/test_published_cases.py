"""Every published case answers as the courts and reports say, on its own date."""

import csv
from pathlib import Path

import pytest

from wayhome.demo import PUBLISHED_CASES, PUBLISHED_CASES_EXPECTED
from wayhome.engine.plain import Reading
from wayhome.programs import rulebook
from wayhome.sources.case_files.case_file import read_case_file

WORDS = {"true": True, "false": False, "unknown": None}
SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "published_cases"


def expected_rows(path):
    with path.open(encoding="utf-8") as lines:
        return [tuple(row.values()) for row in csv.DictReader(lines)]


def answer(rows, case_id, rule):
    row = next(r for r in rows if r.case_id == case_id)
    if not rulebook().rule(rule).is_in_force(row.screening_date):
        return "not_in_force"
    return Reading(rulebook(), row.screening_date, row.facts).answer(rule)


@pytest.mark.parametrize(("case_id", "rule", "holds"), expected_rows(PUBLISHED_CASES_EXPECTED))
def test_it_answers_as_published(case_id, rule, holds):
    rows = read_case_file(PUBLISHED_CASES).rows
    assert answer(rows, case_id, rule) == WORDS.get(holds, holds)


@pytest.mark.skipif(not SHARED.exists(), reason="the design's own copy is not here")
def test_it_answers_as_the_design_says():
    rows = read_case_file(SHARED / "cases.csv").rows
    for case_id, rule, holds in expected_rows(SHARED / "expected.csv"):
        assert answer(rows, case_id, rule) == WORDS.get(holds, holds), (case_id, rule)
