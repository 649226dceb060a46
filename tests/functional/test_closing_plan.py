"""`wayhome closing-plan`, as somebody who plans a campaign types it."""

import csv
import json
import time
from pathlib import Path

import pytest
from tests.programs.invented_facilities import (
    every_day,
    facility,
    listed,
    population,
    statistics,
)
from tests.sources.statistics_workbook import facilities, nation, save

REAL = Path(__file__).parents[2] / "../shared/data/ice-detention-stats"
HEADER = "facility,people,field_office,type,zip,guaranteed_minimum,must_close_by,sexes\n"
THREE = HEADER + (
    "ALPHA CENTER,60,SNA,CDF,78061,100,,\n"
    "BETA JAIL,20,SNA,USMS IGA,78566,,,\n"
    "GAMMA CAMP,40,ATL,SPC,31815,50,,\n"
)


@pytest.fixture
def three(tmp_path):
    path = tmp_path / "three.csv"
    path.write_text(THREE)
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_plans_and_writes_every_table(wayhome, three, tmp_path):
    out = tmp_path / "plan"
    code, said, _ = wayhome(
        "closing-plan", three, "--releases-per-day", "10", "--days", "20", "--held-back", "0",
        "--start", "2030-01-01", "--out", out,
    )  # fmt: skip
    assert code == 0
    assert (
        "120 people in 3 facilities. 3 facilities are emptied, the last of them on day 12" in said
    )
    closed = {row["facility"]: row for row in rows(out / "closing_plan.csv")}
    assert {row["case"] for row in closed.values()} == {"one"}
    assert closed["GAMMA CAMP"]["day_closed"] == "12", "private and jail contracts come first"
    assert closed["GAMMA CAMP"]["date_closed"] == "2030-01-12"
    assert sum(int(row["released"]) for row in closed.values()) == 120
    days = rows(out / "closing_plan_daily.csv")
    assert [int(day["people"]) for day in days[:12]] == list(range(110, -1, -10))
    assert len(days) == 20
    told = json.loads((out / "closing_plan_summary.json").read_text())
    plan = told["plans"][0]
    assert plan["people_days"] == {"value": 660, "bound": 660}
    assert all(aim["gap"] <= 0.005 for aim in plan["aims"])
    assert plan["seconds"] < 30
    assert plan["could_not"] == []
    made = json.loads((out / "provenance.json").read_text())
    assert set(made["inputs"]) == {"three.csv"}
    assert made["solver"].startswith("HiGHS 1")
    for picture in ("people", "facilities"):
        svg = (out / f"closing_plan_{picture}_one.svg").read_text()
        assert svg.startswith("<svg")
        assert "<title>" in svg
    assert (out / "closing_plan.xlsx").stat().st_size > 1000


@pytest.mark.parametrize("columns", ["80", None])
def test_it_cuts_no_number_where_the_output_is_narrow_or_a_file(wayhome, tmp_path, columns):
    name = "SOUTH TEXAS FAMILY RESIDENTIAL CENTER AND ANNEX"
    path = tmp_path / "large.csv"
    path.write_text(f"{HEADER}{name},12345,New Orleans,DEDICATED IGSA,78061,100,,\n")
    code, said, _ = wayhome(
        "closing-plan", path, "--releases-per-day", "11", "--days", "100", "--held-back", "0",
        columns=columns,
    )  # fmt: skip
    assert code == 0
    heading, row = (
        next(line for line in said.splitlines() if line.startswith(begins))
        for begins in ("facility ", "SOUTH TEXAS")
    )
    assert heading.split()[-6:] == ["released", "out", "in", "empty", "on", "day"]
    assert row.split()[-6:] == ["12,345", "1,100", "–", "–", "11,245", "left"]
    assert "…" not in heading + row
    assert columns or row.startswith(name)


def test_it_gives_both_ends_where_nobody_knows_who_is_held_back(wayhome, tmp_path):
    sheets = {"Facilities FY30": facilities(), "Detention FY30": nation()}
    book = save(tmp_path / "FY30_stats_04092030.xlsx", sheets)
    assert wayhome("import", "detention-stats", book, "--out", tmp_path / "stats")[0] == 0
    out = tmp_path / "plan"
    code, said, _ = wayhome(
        "closing-plan", tmp_path / "stats", "--year", "2030", "--releases-per-day", "5",
        "--out", out,
    )  # fmt: skip
    assert code == 0
    said = " ".join(said.split())
    assert "here are the two ends, and not a guess between them" in said
    assert "20 people cannot be released (all whom ICE counts as under mandatory detention)" in said
    left = {(r["case"], r["facility"]): int(r["left"]) for r in rows(out / "closing_plan.csv")}
    assert {n for (case, _), n in left.items() if case == "most"} == {0}
    assert {n for (case, _), n in left.items() if case == "fewest"} == {6, 9, 5}
    source = rows(out / "closing_plan.csv")[0]
    assert source["source_file"] == "FY30_stats_04092030.xlsx"
    assert (source["source_row"], len(source["source_sha256"])) == ("7", 64)


def test_it_explains_too_few_releases_with_the_pace_that_would_do(wayhome, three):
    code, said, _ = wayhome(
        "closing-plan", three, "--releases-per-day", "1", "--days", "50", "--held-back", "0"
    )
    assert code == 0
    said = " ".join(said.split())
    assert "Too few releases: 50 in 50 days, and 120 people who can be released" in said
    assert "It would take 3 releases a day" in said


def test_it_explains_a_place_that_cannot_close_in_time(wayhome, three, tmp_path):
    contracts = tmp_path / "contracts.csv"
    contracts.write_text("facility,must_close_by\nalpha center,3\n")
    code, said, _ = wayhome(
        "closing-plan", three, "--releases-per-day", "10", "--held-back", "0",
        "--contracts", contracts, "--move-nobody",
    )  # fmt: skip
    assert code == 0
    said = " ".join(said.split())
    assert "ALPHA CENTER must be empty by day 3, and cannot be" in said
    assert "of 60 people 30 can be released by then and 0 moved, which leaves 30" in said
    assert "30 more releases there by that day" in said
    assert "the plan empties it on day 6" in said


def test_it_moves_people_only_where_releases_do_not_do(wayhome, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text(
        "facility,people,field_office,zip,capacity,must_close_by\n"
        "ALPHA,60,SNA,78061,60,3\nBETA,20,SNA,78566,40,\nDELTA,5,ATL,31815,500,\n"
    )
    words = ("closing-plan", places, "--releases-per-day", "10", "--held-back", "0")
    code, _, _ = wayhome(*words, "--out", tmp_path / "plan")
    assert code == 0
    moves = rows(tmp_path / "plan" / "closing_plan_moves.csv")
    assert {(m["from_facility"], m["to_facility"]) for m in moves} == {("ALPHA", "BETA")}
    assert sum(int(m["people"]) for m in moves) == 20, "to BETA's room, and not to another office"
    code, said, _ = wayhome(*words, "--within-miles", "50")
    assert "0 moved" in said


def test_a_closing_by_transfers_moves_people_far_and_twice(wayhome, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text(
        "facility,people,field_office,type,zip,capacity\n"
        "ALPHA,10,SNA,CDF,78061,10\nBETA,20,SNA,CDF,78566,40\nGAMMA,30,ATL,SPC,31815,70\n"
    )
    code, said, _ = wayhome(
        "closing-plan", places, "--releases-per-day", "10", "--held-back", "0",
        "--out", tmp_path / "plan",
    )  # fmt: skip
    assert code == 0
    moves = rows(tmp_path / "plan" / "closing_plan_transfers.csv")
    ways = [(m["from_facility"], m["to_facility"], int(m["people"])) for m in moves]
    assert ways == [("ALPHA", "BETA", 10), ("BETA", "GAMMA", 30)]
    assert 210 < float(moves[0]["miles"]) < 225
    assert [m["same_field_office"] for m in moves] == ["yes", "no"]
    said = " ".join(said.split())
    assert "30 people are moved 40 times, 10 of them more than once" in said
    assert "From day 6 on there is not room for everybody: 1 of the facilities" in said


def test_it_reads_releases_of_each_facility_and_says_who_would_need_more(wayhome, three, tmp_path):
    pace = tmp_path / "pace.csv"
    pace.write_text("facility,releases_per_day\nALPHA CENTER,0.5\nBETA JAIL,4\nGAMMA CAMP,4\n")
    code, said, _ = wayhome(
        "closing-plan", three, "--releases", pace, "--held-back", "0", "--days", "60",
        "--move-nobody",
    )  # fmt: skip
    assert code == 0
    said = " ".join(said.split())
    assert "ALPHA CENTER is not emptied" in said
    assert "It can release 0.5 a day, 30 in 60 days, of 60 people; 1 a day would be needed" in said


def test_it_takes_the_pace_from_a_simulation_from_the_least_to_the_most(wayhome, three, tmp_path):
    reach = {"demand": "release_consideration", "at_least": 60, "at_most": 240}
    told = tmp_path / "reach.json"
    told.write_text(
        json.dumps({"demands": [reach], "source": "SYNTHETIC-store", "synthetic": True})
    )
    code, said, _ = wayhome("closing-plan", three, "--releases", told, "--days", "12")
    assert code == 0
    said = " ".join(said.split())
    assert "reaches 60 to 240 docket cases; spread evenly over 12 days. SYNTHETIC DATA" in said
    assert "If the most people can be released: up to 20 releases a day" in said
    assert "If the fewest people can be released: up to 5 releases a day" in said


def test_it_takes_room_from_a_registry(wayhome, tmp_path):
    line = listed("SOUTHNV", "SOUTH COUNTY JAIL", "9 ELM ST", capacity="90")
    rows_of_book = [
        facility("NORTH COUNTY JAIL", "1 MAIN ST", people=100, minimum=50),
        facility("SOUTH COUNTY JAIL", "9 ELM ST", people=3),
    ]
    population(tmp_path, [line], every_day("SOUTHNV", 3, "SOUTH COUNTY JAIL"))
    stats, people, made = (tmp_path / name for name in ("stats", "people", "registry"))
    statistics(tmp_path, fy2030=rows_of_book)
    assert wayhome("facilities", "registry", stats, people, "--out", made)[0] == 0
    words = ("closing-plan", stats, "--year", "2030", "--releases-per-day", "0", "--held-back", "1")
    code, said, _ = wayhome(*words, "--registry", made, "--out", tmp_path / "plan")
    assert code == 0
    assert "The capacity of 1 facilities is known from registry" in said
    room = {row["facility"]: row["room"] for row in rows(tmp_path / "plan" / "closing_plan.csv")}
    assert room == {"NORTH COUNTY JAIL": "100", "SOUTH COUNTY JAIL": "90"}


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("--contracts", "facility,must_close_by\nALFA CENTER,3\n", "Did you mean ALPHA CENTER?"),
        ("--contracts", "facility,must_close_by\nBETA JAIL,soon\n", "row 2, column must_close_by"),
        ("--contracts", "facility,closes\nBETA JAIL,3\n", "the column 'closes' is not known"),
        ("--contracts", "name,capacity\nBETA JAIL,3\n", "has no column 'facility'"),
        ("--contracts", "facility,contract_end\nBETA JAIL,2030-01-01\n", "--start"),
        ("--homes", "facility,zip,people\nBETA JAIL,78061,21\n", "has 20 people in all"),
        ("--homes", "facility,zip,people\nBETA JAIL,00000,2\n", "row 2, column zip"),
        ("--releases", "facility,releases_per_day\nBETA JAIL,-3\n", "a number of 0 or more"),
    ],
)
def test_it_says_in_one_sentence_what_is_wrong_in_a_file(
    wayhome, three, tmp_path, name, text, complaint
):
    path = tmp_path / "given.csv"
    path.write_text(text)
    out = tmp_path / "plan"
    code, _, told = wayhome(
        "closing-plan", three, "--releases-per-day", "10", name, path, "--out", out
    )
    assert code == 3
    assert complaint in told
    assert "Traceback" not in told
    assert not out.exists()


def test_it_asks_for_what_nobody_can_guess(wayhome, three, tmp_path):
    code, _, told = wayhome("closing-plan", three)
    assert code == 2
    assert "--releases-per-day 300" in told
    pace = tmp_path / "pace.csv"
    pace.write_text("facility,releases_per_day\nBETA JAIL,3\n")
    code, _, told = wayhome("closing-plan", three, "--releases", pace)
    assert code == 3
    assert "tells no releases for 2 of 3 facilities, and no total" in told


def test_it_ends_at_once_and_writes_nothing_when_interrupted(wayhome, three, tmp_path, monkeypatch):
    import highspy

    def interrupted(self, timeout=-1.0):
        if timeout > 0:
            raise KeyboardInterrupt
        return real(self, timeout)

    real = highspy.Highs.wait
    monkeypatch.setattr(highspy.Highs, "wait", interrupted)
    code, _, told = wayhome(
        "closing-plan", three, "--releases-per-day", "10", "--out", tmp_path / "plan"
    )
    assert code == 130
    assert "Interrupted" in told
    assert not (tmp_path / "plan").exists()


@pytest.mark.skipif(not REAL.is_dir(), reason="ICE's workbooks are not here")
@pytest.mark.slow
def test_it_plans_every_facility_of_2021_within_a_minute(wayhome, tmp_path):
    books = sorted(REAL.glob("FY21*.xlsx"))
    wayhome("import", "detention-stats", *books, "--out", tmp_path / "stats")
    begun = time.monotonic()
    code, said, _ = wayhome(
        "closing-plan", tmp_path / "stats", "--year", "2021", "--releases-per-day", "300",
        "--out", tmp_path / "plan",
    )  # fmt: skip
    assert code == 0
    assert time.monotonic() - begun < 60
    assert "15,608 people in 142 facilities. 142 facilities are emptied" in said
    told = json.loads((tmp_path / "plan" / "closing_plan_summary.json").read_text())
    most, fewest = told["plans"]
    assert most["people_days"]["value"] == most["people_days"]["bound"] == 398_216
    assert (most["moved"], most["facilities_not_emptied"]) == (0, 0)
    assert fewest["facilities_not_emptied"] == 50
    for plan in (most, fewest):
        assert all(aim["gap"] == 0 for aim in plan["aims"][:5])
        assert plan["aims"][5]["gap"] < 0.1
