"""One registry of facilities: what is joined, what is asked, what is kept of every source."""

import csv
import json

import openpyxl
import pytest
from tests.programs.invented_facilities import (
    every_day,
    facility,
    listed,
    population,
    statistics,
)

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.programs.facilities.registry.decisions import COLUMNS, read_decisions
from wayhome.programs.facilities.registry.folder import write_registry
from wayhome.programs.facilities.registry.looking_up import open_registry
from wayhome.sources.eoir.release import ReleaseProblem


def names(registry):
    """The names of each facility, told of two facilities or more only once."""
    return sorted(sorted({str(n.value) for n in made.names}) for made in registry.facilities)


def build(folder, lines=(), days=(), decisions=None, **years):
    people = population(folder, lines, days) if lines or days else None
    stats = [statistics(folder, **years)] if years else []
    return build_registry(stats, people, decisions)


def only(registry):
    assert len(registry.facilities) == 1, names(registry)
    return registry.facilities[0]


def test_it_holds_a_facility_together_over_years_by_its_address(tmp_path):
    made = only(
        build(
            tmp_path,
            fy2024=[facility("LASALLE ICE PROCESSING CENTER (JENA)", "830 PINEHILL ROAD")],
            fy2030=[facility("CENTRAL LOUISIANA ICE PROCESSING CENTER", "830 Pinehill Rd.")],
        )
    )
    assert made.name == "CENTRAL LOUISIANA ICE PROCESSING CENTER"
    assert [name.on.year for name in made.names] == [2030, 2024]


def test_it_holds_together_what_one_code_names_in_list_and_daily_file(tmp_path):
    days = every_day("CCAHUTX", 5, "T DON HUTTO")
    made = only(build(tmp_path, lines=[listed("CCAHUTX", "HUTTO CCA")], days=days))
    assert (made.id, made.codes) == ("ccahutx", ("CCAHUTX",))
    assert {name.value for name in made.names} == {"HUTTO CCA", "T DON HUTTO"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Two buildings on one road.
        (
            facility("OTERO COUNTY PROCESSING CENTER", "26 MCGREGOR RANGE ROAD"),
            facility("OTERO COUNTY PRISON FACILITY", "10 MCGREGOR RANGE ROAD"),
        ),
        # One name in two states.
        (
            facility("ORANGE COUNTY JAIL", "1 OAK ST", "ORLANDO", "FL", 32839),
            facility("ORANGE COUNTY JAIL", "1 OAK ST", "GOSHEN", "NY", 10924),
        ),
        # A hold room and a juvenile unit in the same house.
        (facility("PRAIRIELAND DETENTION CENTER"), facility("PRAIRIELAND SUBOFFICE HOLD ROOM")),
        (facility("CARVER COUNTY JAIL"), facility("CARVER COUNTY JUVENILE DETENTION CENTER")),
        # The same name in one state, in two towns.
        (
            facility("WASHINGTON COUNTY JAIL", "1 OAK ST"),
            facility("WASHINGTON COUNTY JAIL", "9 ELM ST", "ELKO", "NV", 89801),
        ),
        # The same words in one town, at another address.
        (
            facility("WEBB COUNTY DETENTION CENTER (CCA)", "9998 SOUTH HIGHWAY 83"),
            facility("WEBB COUNTY (SHERIFF) JAIL", "902 VICTORIA STREET"),
        ),
    ],
)
def test_it_never_joins_for_certain_by_likeness_of_names_alone(tmp_path, one, other):
    registry = build(tmp_path, fy2024=[one], fy2030=[other])
    assert len(registry.facilities) == 2
    assert registry.joined == ()


def test_it_asks_of_one_name_in_two_towns_of_a_state(tmp_path):
    registry = build(
        tmp_path,
        fy2024=[facility("CLINTON COUNTY JAIL", "419 SHOEMAKER ROAD")],
        fy2030=[facility("CLINTON COUNTY JAIL", "58 PINE MOUNTAIN RD", "ELKO", "NV", 89801)],
    )
    (question,) = registry.questions
    assert "names 100" in question.because
    assert "different places" in question.because
    assert 0 < question.score < 100


def test_it_knows_a_moved_jail_by_its_name_and_its_people(tmp_path):
    rows = [facility("OLDHAM COUNTY DETENTION CENTER", "3405 W HWY 146", people=130)]
    lines = [listed("OLDHANV", "OLDHAM COUNTY JAIL", "100 W MAIN STREET")]
    days = every_day("OLDHANV", 128, "OLDHAM COUNTY JAIL")
    made = only(build(tmp_path, lines=lines, days=days, fy2030=rows))
    assert "address" in made.conflicts


def test_it_does_not_take_a_moved_jail_for_one_whose_people_are_others(tmp_path):
    rows = [facility("OLDHAM COUNTY DETENTION CENTER", "3405 W HWY 146", people=130)]
    lines = [listed("OLDHANV", "OLDHAM COUNTY JAIL", "100 W MAIN STREET")]
    days = every_day("OLDHANV", 12, "OLDHAM COUNTY JAIL")
    assert len(build(tmp_path, lines=lines, days=days, fy2030=rows).facilities) == 2


def test_it_finds_a_code_without_a_place_by_name_state_and_people(tmp_path):
    rows = [facility("DESERT VIEW ANNEX", people=400)]
    days = every_day("DSVIENV", 390, "DESERT VIEW ANNEX")
    made = only(build(tmp_path, days=days, fy2030=rows))
    assert made.codes == ("DSVIENV",)


def test_it_finds_a_facility_whose_state_is_missing(tmp_path):
    one = facility("IMPERIAL REGIONAL DETENTION FACILITY", "1572 GATEWAY")
    other = facility("IMPERIAL REGIONAL DETENTION FACILITY", "1572 GATEWAY", state=None)
    made = only(build(tmp_path, fy2024=[one], fy2030=[other]))
    assert made.text("state") == "NV"


def test_it_asks_whether_two_rows_of_one_sheet_are_a_mistake(tmp_path):
    twice = [facility("LA PALMA CENTER", people=400), facility("LA PALMA CENTER", people=300)]
    registry = build(tmp_path, fy2030=twice)
    assert sorted(made.id for made in registry.facilities) == [
        "nv-la-palma-center",
        "nv-la-palma-center-2",
    ]
    assert len(registry.questions) == 1


def test_it_makes_one_of_two_rows_of_one_sheet_when_a_person_says_so(tmp_path):
    path = tmp_path / "decisions.csv"
    side = ",LA PALMA CENTER,RENO,NV"
    path.write_text(f"{','.join(COLUMNS)}\n{side},{side},same\n")
    twice = [facility("LA PALMA CENTER", people=400), facility("LA PALMA CENTER", people=300)]
    made = only(build(tmp_path, decisions=read_decisions(path), fy2030=twice))
    assert "population" in made.conflicts


def test_it_keeps_both_lines_of_a_code_that_the_list_has_twice(tmp_path):
    lines = [listed("AAAAANV", "NORTH JAIL"), listed("AAAAANV", "NORTH JAIL", zip_code="89502")]
    made = only(build(tmp_path, lines=lines))
    assert len(made.records) == 2
    assert made.conflicts == ("zip",)


def test_it_asks_when_two_of_a_list_could_be_the_one(tmp_path):
    lines = [listed("GRAYSNV", "GRAYSON COUNTY JAIL"), listed("GRYDCNV", "GRAYSON COUNTY JAIL")]
    registry = build(tmp_path, lines=lines, fy2030=[facility("GRAYSON COUNTY JAIL")])
    assert len(registry.facilities) == 3
    assert len(registry.questions) == 3


def test_it_puts_every_row_in_one_facility_and_loses_nobody(tmp_path):
    lines = [listed("AAAAANV", "NORTH JAIL"), listed("BBBBBNV", "SOUTH JAIL", "9 ELM ST")]
    days = [*every_day("AAAAANV", 7, "NORTH JAIL"), "AAAAANV|x|2030-04-03|NORTH JAIL"]
    rows = [facility("NORTH JAIL", people=7.25), facility("LONE CAMP", "5 OAK AVE", people=0.1)]
    registry = build(tmp_path, lines=lines, days=days, fy2030=rows)
    for account in registry.accounts:
        assert account.rows == account.in_facilities + account.set_aside
        assert account.people_before == account.people_after
    keys = [record.key for made in registry.facilities for record in made.records]
    assert len(keys) == len(set(keys)) == 5
    by_file = {account.source: account for account in registry.accounts}
    assert by_file["days.csv"].people_before == 7 * 184
    assert (by_file["days.csv"].rows, by_file["days.csv"].set_aside) == (185, 1)
    assert any("its people are x" in aside.reason for aside in registry.set_aside)


def test_it_names_the_cell_of_every_value_of_a_workbook(tmp_path):
    rows = [facility("NORTH JAIL", minimum=50, people=12), facility("EAST", "2 HILL RD", people=1)]
    registry = build(tmp_path, fy2030=rows)
    sheet = openpyxl.load_workbook(tmp_path / "FY30_stats_04092030.xlsx")["Facilities FY30"]
    seen = 0
    for made in registry.facilities:
        for value in made.fields:
            if value.worked_out or value.field.endswith("_date") or value.field == "zip":
                continue
            assert sheet[f"{value.column}{value.row}"].value == value.value
            seen += 1
    assert seen > 30


def test_it_keeps_both_of_two_places_and_marks_them(tmp_path):
    made = only(
        build(
            tmp_path,
            fy2024=[facility("CCA FLORENCE", zip_code=85132)],
            fy2030=[facility("CCA FLORENCE", zip_code=85232)],
        )
    )
    assert [(v.value, v.in_conflict) for v in made.values("zip")] == [
        ("85232", True),
        ("85132", True),
    ]
    assert made.conflicts == ("zip",)


def test_it_takes_what_changes_over_the_years_for_no_conflict(tmp_path):
    made = only(
        build(
            tmp_path,
            fy2024=[facility("STEWART", minimum=1600, type="IGSA", people=5)],
            fy2030=[facility("STEWART", minimum=900, type="DIGSA", people=500)],
        )
    )
    assert made.conflicts == ()
    assert made.number("guaranteed_minimum") == 900
    assert [value.value for value in made.values("guaranteed_minimum")] == [900, 1600]


def test_it_takes_two_ways_of_counting_people_for_no_conflict(tmp_path):
    rows = [facility("NORTH JAIL", people=100)]
    lines, days = [listed("AAAAANV", "NORTH JAIL")], every_day("AAAAANV", 60, "NORTH JAIL")
    made = only(build(tmp_path, lines=lines, days=days, fy2030=rows))
    assert made.conflicts == ()
    assert {(v.value, v.period) for v in made.values("population")} == {
        (100, "FY2030"),
        (60, "FY2030"),
    }


def test_it_leaves_unknown_what_nobody_tells(tmp_path):
    made = only(build(tmp_path, fy2030=[facility("NORTH JAIL")]))
    assert made.best("owner") is made.best("capacity") is made.number("guaranteed_minimum") is None


def test_it_tells_owner_and_operator_where_a_source_does(tmp_path):
    rows = [
        facility("KROME", type="SPC"),
        facility("WEBB COUNTY DETENTION CENTER (CCA)", "9 ELM ST"),
        facility("BROOKLYN MDC", "5 OAK AVE", type="BOP"),
    ]
    found = {made.name: made for made in build(tmp_path, fy2030=rows).facilities}
    assert found["KROME"].text("owner") == "federal government"
    assert found["BROOKLYN MDC"].text("operator") == "Federal Bureau of Prisons"
    cca = found["WEBB COUNTY DETENTION CENTER (CCA)"].best("operator")
    assert (cca.value, cca.worked_out) == ("CoreCivic (CCA)", "the company stands in the name")


# What a person decides.


def read(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def decide(folder, decision):
    rows = read(folder, "review.csv")
    with (folder / "review.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "decision": decision} for row in rows)


@pytest.fixture
def asked(tmp_path):
    """An import with one question, and the folder of its registry."""
    stats = statistics(
        tmp_path,
        fy2024=[facility("CLINTON COUNTY JAIL", "419 SHOEMAKER ROAD")],
        fy2030=[facility("CLINTON COUNTY JAIL", "58 PINE MOUNTAIN RD", "ELKO", "NV", 89801)],
    )
    out = tmp_path / "registry"
    assert len(write_registry([stats], None, out).registry.questions) == 1
    return stats, out


def test_it_remembers_a_decision_beside_the_folder(asked):
    stats, out = asked
    decide(out, "same")
    for _ in range(2):
        made = write_registry([stats], None, out)
        assert (len(made.registry.facilities), made.registry.questions) == (1, ())
        assert read(out, "review.csv") == []
    assert made.decisions_path.name == "registry-decisions.csv"
    assert len(read_decisions(made.decisions_path)) == 1


def test_it_does_not_ask_again_what_a_person_told_apart(asked):
    stats, out = asked
    decide(out, "different")
    made = write_registry([stats], None, out)
    assert (len(made.registry.facilities), made.registry.questions) == (2, ())


def test_it_lets_a_person_part_what_would_be_joined_for_certain(tmp_path):
    years = {"fy2024": [facility("OLD CENTER")], "fy2030": [facility("NEW CENTER")]}
    assert len(build(tmp_path, **years).facilities) == 1
    path = tmp_path / "decisions.csv"
    path.write_text(f"{','.join(COLUMNS)}\n,Old Center,Reno,NV,,NEW CENTER,RENO,NV,different\n")
    registry = build(tmp_path, decisions=read_decisions(path), **years)
    assert (len(registry.facilities), registry.questions) == (2, ())


def test_it_makes_two_codes_one_facility_when_a_person_says_so(tmp_path):
    lines = [listed("GRAYSNV", "GRAYSON COUNTY JAIL"), listed("GRYDCNV", "GRAYSON COUNTY JAIL")]
    path = tmp_path / "decisions.csv"
    path.write_text(f"{','.join(COLUMNS)}\ngraysnv,,,,GRYDCNV,,,,same\n")
    made = only(build(tmp_path, lines=lines, decisions=read_decisions(path)))
    assert set(made.codes) == {"GRAYSNV", "GRYDCNV"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",A,RENO,NV,,B,RENO,NV,maybe", "row 2, column decision: 'maybe' is no decision"),
        (",,RENO,NV,,B,RENO,NV,same", "row 2, column one_name: it has no code and no name"),
    ],
)
def test_it_names_a_decision_that_cannot_be_read_and_changes_nothing(asked, line, said):
    stats, out = asked
    before = json.loads((out / "provenance.json").read_text())
    path = out.with_name("registry-decisions.csv")
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n")
    with pytest.raises(ReleaseProblem, match=said):
        write_registry([stats], None, out)
    assert json.loads((out / "provenance.json").read_text()) == before


# --- the ids that it had before -------------------------------------------------------------------


def test_what_a_person_joined_keeps_the_id_that_it_had_alone(asked):
    """Both had one name, so the second of them had a number: nobody could guess it."""
    stats, out = asked
    apart = {made.id for made in write_registry([stats], None, out).registry.facilities}
    assert apart == {"nv-clinton-county-jail", "nv-clinton-county-jail-2"}
    decide(out, "same")
    made = only(write_registry([stats], None, out).registry)
    assert {made.id, *made.former_ids} == apart


def test_a_code_or_a_newer_name_leaves_the_id_of_before(tmp_path):
    years = {"fy2024": [facility("OLD CENTER")], "fy2030": [facility("NEW CENTER")]}
    made = only(build(tmp_path, **years))
    assert (made.id, made.former_ids) == ("nv-new-center", ("nv-old-center",))
    made = only(build(tmp_path, lines=[listed("CENTRNV", "NEW CENTER")], **years))
    assert (made.id, made.former_ids) == ("centrnv", ("nv-new-center", "nv-old-center"))


def test_a_written_registry_finds_a_facility_by_the_id_of_before(asked):
    stats, out = asked
    apart = {made.id for made in write_registry([stats], None, out).registry.facilities}
    decide(out, "same")
    now = only(write_registry([stats], None, out).registry).id
    assert [open_registry(out).find(id) for id in apart] == [[now], [now]]


def test_a_second_code_of_a_facility_is_a_former_id(tmp_path):
    lines = [listed("GRAYSNV", "GRAYSON COUNTY JAIL"), listed("GRYDCNV", "GRAYSON COUNTY JAIL")]
    path = tmp_path / "decisions.csv"
    path.write_text(f"{','.join(COLUMNS)}\ngraysnv,,,,GRYDCNV,,,,same\n")
    made = only(build(tmp_path, lines=lines, decisions=read_decisions(path)))
    assert {made.id, *made.former_ids} == {"graysnv", "grydcnv"}


def test_an_id_that_two_may_have_had_is_the_former_one_of_neither(tmp_path):
    at = [("1 MAIN ST", "RENO"), ("58 PINE RD", "ELKO")]
    lines = [listed(f"JAIL{n}NV", "COUNTY JAIL", *place) for n, place in enumerate(at)]
    registry = build(tmp_path, lines=lines, fy2030=[facility("COUNTY JAIL", *one) for one in at])
    assert [(made.id, len(made.records)) for made in registry.facilities] == [
        ("jail0nv", 2), ("jail1nv", 2)
    ]  # fmt: skip
    assert [made.former_ids for made in registry.facilities] == [(), ()]
