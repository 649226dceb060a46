"""`wayhome facilities`, as somebody types it who looks for one jail."""

import csv

import pytest
from tests.programs.invented_facilities import (
    every_day,
    facility,
    listed,
    population,
    statistics,
)
from tests.programs.test_facilities_measured import PAIRS

ROWS = [
    facility("NORTH COUNTY JAIL", "1 MAIN ST", people=100, minimum=50),
    facility("SOUTH COUNTY JAIL", "9 ELM ST", people=3),
]


@pytest.fixture
def folders(tmp_path):
    lines = [listed("NORTHNV", "NORTH COUNTY JAIL", zip_code="89502", county="WASHOE")]
    population(tmp_path, lines, every_day("NORTHNV", 60, "NORTH CO JAIL"))
    statistics(tmp_path, fy2030=ROWS)
    return tmp_path / "stats", tmp_path / "people", tmp_path / "registry"


@pytest.fixture
def registry(wayhome, folders):
    stats, people, out = folders
    assert wayhome("facilities", "registry", stats, people, "--out", out)[0] == 0
    return out


def test_it_tells_of_every_source_and_writes_the_tables(wayhome, folders):
    stats, people, out = folders
    code, said, _ = wayhome("facilities", "registry", stats, people, "--out", out)
    assert code == 0
    assert "days.csv: 184 rows, 184 in 1 facilities, 0 set aside; 11,040.00" in said
    assert "2 facilities; 1 pairs joined for certain (joined.csv); 1 with sources" in said
    with (out / "facilities.csv").open(encoding="utf-8") as stream:
        rows = {row["facility"]: row for row in csv.DictReader(stream)}
    assert rows["northnv"]["county"] == "WASHOE"
    assert rows["northnv"]["in_conflict"] == "zip"
    assert rows["northnv"]["guaranteed_minimum_on"] == "2030-04-02"
    assert rows["nv-south-county-jail"]["guaranteed_minimum"] == ""


def test_it_shows_everything_of_a_facility_with_its_cells(wayhome, registry):
    code, said, _ = wayhome("facilities", "show", "northnv", "--registry", registry)
    assert code == 0
    assert (
        " ! 89501  [2030-04-02; FY30_stats_04092030.xlsx, Facilities FY30, row 7, column E]" in said
    )
    assert " ! 89502  [2017-01-02; list.csv, row 2, column zip]" in said
    assert "[2030-04-02; days.csv, rows 2 to 185, column people; head count, average" in said
    assert "2030-04-02  [2030-04-02; days.csv, row 185, column day; last day" in said
    assert "   50  [2030-04-02; FY30_stats_04092030.xlsx, Facilities FY30, row 7, column W]" in said
    assert "not known (no source tells): type detailed" not in said
    assert "not known (no source tells): owner, operator, capacity" in said
    assert "! sources differ on: zip" in said


@pytest.mark.parametrize("asked", ["south jail", "South County Jail, Reno", "nv-south-county-jail"])
def test_it_finds_a_facility_by_some_words_of_its_name_and_place(wayhome, registry, asked):
    code, said, _ = wayhome("facilities", "show", asked, "--registry", registry)
    assert code == 0
    assert said.startswith("SOUTH COUNTY JAIL\n  9 ELM ST, RENO, NV, 89501\n  codes: none known")


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("county jail", "2 facilities are called so"),
        ("NORTH CUONTY JALI", "No facility is called 'NORTH CUONTY JALI'"),
        ("%%%", "No facility of"),
    ],
)
def test_it_names_the_nearest_when_there_is_not_one(wayhome, registry, asked, complaint):
    code, said, complained = wayhome("facilities", "show", asked, "--registry", registry)
    assert (code, said) == (3, "")
    assert complaint in complained


def test_it_says_what_is_no_registry(wayhome, folders):
    stats, _, _ = folders
    code, _, complained = wayhome("facilities", "show", "northnv", "--registry", stats)
    assert code == 3
    assert "is no registry of facilities" in complained


def test_it_does_not_measure_on_pairs_of_other_files(wayhome, folders, tmp_path):
    stats, people, _ = folders
    pairs = tmp_path / "pairs.csv"
    cells = ["1", "hard", "rules", *PAIRS[0].one.values(), *PAIRS[0].other.values(), "same", "why"]
    head = (
        "pair,stratum,half,one_source,one_row,one_code,one_name,one_address,one_city,one_state,"
        "one_zip,one_type,other_source,other_row,other_code,other_name,other_address,other_city,"
        "other_state,other_zip,other_type,verdict,why"
    )
    pairs.write_text(f"{head}\n{','.join(cells)}\n")
    code, _, complained = wayhome("facilities", "measure", pairs, stats, people)
    assert code == 3
    assert "the pairs are of other files" in complained


def test_it_gives_the_people_of_every_day_with_their_rows(wayhome, registry, folders):
    _, people, _ = folders
    code, said, _ = wayhome("facilities", "days", "north", people, "--registry", registry)
    rows = list(csv.DictReader(said.splitlines()))
    assert code == 0
    assert len(rows) == 184
    assert rows[0] == {
        "day": "2029-10-01",
        "code": "NORTHNV",
        "people": "60",
        "at_midnight": "",
        "file": "days.csv",
        "row": "2",
    }


def test_it_says_that_days_need_a_code(wayhome, registry, folders):
    _, people, _ = folders
    code, _, complained = wayhome("facilities", "days", "south", people, "--registry", registry)
    assert code == 3
    assert "no code is known" in complained


# --- what comes decided ---------------------------------------------------------------------------

DILLEY = ("300 EL RANCHO WAY", "DILLEY", "TX", 78017)
# Another of the kind at the address: else the two names were one for certain.
YEARS = {
    "fy2029": [facility("SOUTH TEXAS FAMILY RESIDENTIAL CENTER", *DILLEY)],
    "fy2030": [
        facility("DILLEY IMMIGRATION PROCESSING CENTER", *DILLEY),
        facility("RANCHO JAIL", *DILLEY),
    ],
}


def test_decisions_that_come_with_the_program_hold_as_for_the_record(wayhome, tmp_path):
    statistics(tmp_path, **YEARS)
    out = tmp_path / "registry"
    code, said, _ = wayhome("facilities", "registry", tmp_path / "stats", "--out", out)
    assert code == 0
    assert "Decided before: 1 pair by the decisions that come with the program, 0 by yours" in said
    assert "2 facilities; " in said
    assert not (tmp_path / "registry-decisions.csv").exists()


def test_ones_own_decisions_go_first_and_are_kept_by_themselves(wayhome, tmp_path):
    statistics(tmp_path, **YEARS)
    own = tmp_path / "mine.csv"
    own.write_text(
        "one_code,one_name,one_city,one_state,other_code,other_name,other_city,other_state,"
        "decision\n,SOUTH TEXAS FAMILY RESIDENTIAL CENTER,DILLEY,TX,,"
        "DILLEY IMMIGRATION PROCESSING CENTER,DILLEY,TX,different\n"
    )
    before = own.read_text()
    asked = ("facilities", "registry", tmp_path / "stats", "--out", tmp_path / "registry")
    code, said, _ = wayhome(*asked, "--decisions", own)
    assert code == 0
    assert "Decided before: 0 pairs by the decisions that come with the program, 1 by" in said
    assert "(mine.csv), which go first" in said
    assert "3 facilities; " in said
    assert own.read_text() == before
