"""`wayhome import detention-stats` and `import population`, as a reporter types them."""

import csv
import json

import pytest
from tests.sources.statistics_workbook import facilities, nation, save

DAYS = "detloc|n|date\nNORTHJL|3|2030-01-01\nNORTHJL|0|2030-01-03\n"


@pytest.fixture
def workbook(tmp_path):
    sheets = {"Facilities FY30": facilities(), "Detention FY30": nation()}
    return save(tmp_path / "FY30_stats_04092030.xlsx", sheets)


def test_it_imports_a_workbook_and_tells_what_it_found(wayhome, workbook, tmp_path):
    code, said, _ = wayhome("import", "detention-stats", workbook, "--out", tmp_path / "stats")
    assert code == 0
    assert "3 facilities, 35.00 people on average" in said
    assert "the national average of the year is 35.00 (+0.00)" in said
    told = json.loads((tmp_path / "stats" / "provenance.json").read_text())
    assert told["workbooks"][0]["published"] == "2030-04-09"
    with (tmp_path / "stats" / "accounting.csv").open() as stream:
        accounts = list(csv.DictReader(stream))
    assert [account["read"] for account in accounts] == ["3", "4"]


def test_it_says_in_one_sentence_why_a_workbook_cannot_be_read(wayhome, tmp_path):
    strange = save(tmp_path / "strange.xlsx", {"Hoja": [["Nombre", "Ciudad"], ["NORTH", "RENO"]]})
    code, said, complaint = wayhome("import", "detention-stats", strange, "--out", tmp_path / "out")
    assert (code, said) == (3, "")
    assert "strange.xlsx has no sheet of facilities" in complaint
    assert "Nombre, Ciudad" in complaint
    assert not (tmp_path / "out").exists()


def test_it_imports_a_daily_file_and_tells_the_day_that_is_missing(wayhome, tmp_path):
    days = tmp_path / "days.csv"
    days.write_text(DAYS)
    code, said, _ = wayhome("import", "population", days, "--out", tmp_path / "people")
    assert code == 0
    assert "2 rows, 2 read, 0 set aside; from 2030-01-01 to 2030-01-03, facilities: 1." in said
    with (tmp_path / "people" / "missing_days.csv").open() as stream:
        (gap,) = csv.DictReader(stream)
    assert (gap["facility"], gap["first"], gap["days"]) == ("NORTHJL", "2030-01-02", "1")


def test_it_writes_no_folder_of_the_one_kind_over_the_other(wayhome, workbook, tmp_path):
    days = tmp_path / "days.csv"
    days.write_text(DAYS)
    assert wayhome("import", "population", days, "--out", tmp_path / "people")[0] == 0
    code, _, complaint = wayhome(
        "import", "detention-stats", workbook, "--out", tmp_path / "people"
    )
    assert code == 3
    assert "nothing is written over it" in complaint
