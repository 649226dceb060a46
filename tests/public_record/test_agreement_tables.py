"""Agreements and agencies as the record has them."""

from datetime import date

import pytest
from tests.sources.agreement_lists import JAIL, listed, row

from wayhome.public_record.agreement_tables import POPULATION_SOURCE, agreement_tables
from wayhome.public_record.publishing.publish import Inputs, publish
from wayhome.sources.agreements.importing import import_agreements
from wayhome.sources.county_population.estimates import packaged_estimates

FIRST, SECOND = date(2025, 2, 21), date(2025, 3, 28)
NAME = "Collier County Sheriff's Office"


@pytest.fixture
def tables(tmp_path):
    lists = [
        listed(
            tmp_path,
            row(NAME, county="Collier County"),
            row("Gone Police Department", county="#N/A", type="Municipality"),
            day="20250221",
        ),
        listed(
            tmp_path,
            row(f"{NAME} ", county="COLLIER COUNTY "),
            row(NAME, JAIL, county="#N/A"),
            row("Elm County Sheriff's Office", county="#N/A"),
            day="20250328",
        ),
    ]
    import_agreements(lists, tmp_path / "287g")
    ids = {path.name: f"list-{place}" for place, path in enumerate(lists, 1)}
    made = agreement_tables(tmp_path / "287g", ids)
    return {name: table.to_pylist() for name, table in made.items()}


def test_it_tells_of_each_agreement_since_when_and_until_when(tables):
    told = {(row["name"], row["model"]): row for row in tables["agreements"]}
    task = told[NAME, "task force"]
    assert (task["first_listed"], task["last_listed"]) == (FIRST, SECOND)
    assert (task["active"], task["gone_by"]) == (True, None)
    assert (task["source"], task["row"]) == ("list-2", 2)
    gone = told["Gone Police Department", "task force"]
    assert (gone["active"], gone["gone_by"], gone["source"]) == (False, SECOND, "list-1")


def test_it_makes_one_agency_of_its_agreements_with_the_people_of_its_county(tables):
    told = {row["name"]: row for row in tables["agencies"]}
    collier = told[NAME]
    assert (collier["active"], collier["models"]) == (2, "jail enforcement|task force")
    assert (collier["county_fips"], collier["county_population"]) == ("12021", 384_902)
    assert collier["population_source"] == POPULATION_SOURCE
    row = packaged_estimates().of("FL", "Collier").row
    assert collier["population_row"] == row


def test_it_takes_the_county_from_the_agencys_own_name_and_never_guesses_its_people(tables):
    told = {row["name"]: row for row in tables["agencies"]}
    elm = told["Elm County Sheriff's Office"]
    assert elm["county"] == "Elm County"
    assert (elm["county_fips"], elm["county_population"]) == (None, None)
    assert told["Gone Police Department"]["county"] is None
    assert told["Gone Police Department"]["active"] == 0


def test_it_leaves_out_what_did_not_change_and_keeps_the_rows_that_tell(tables):
    events = {(row["event"], row["name"], row["model"]): row for row in tables["agreement_history"]}
    assert set(events) == {
        ("new", NAME, "jail enforcement"),
        ("new", "Elm County Sheriff's Office", "task force"),
        ("ended", "Gone Police Department", "task force"),
    }
    new = events["new", NAME, "jail enforcement"]
    assert (new["after"], new["by"], new["by_source"], new["by_row"]) == (
        FIRST,
        SECOND,
        "list-2",
        3,
    )
    assert new["agency_held_other"] is True


def test_a_newer_table_of_counties_takes_the_place_of_the_one_built_in(tmp_path):
    lists = [listed(tmp_path, row(NAME, county="Collier County"), day="20250221")]
    import_agreements(lists, tmp_path / "287g")
    table = tmp_path / "co-est2024-alldata.csv"
    table.write_text(
        "SUMLEV,STATE,COUNTY,STNAME,CTYNAME,POPESTIMATE2024\n"
        "50,12,021,Florida,Collier County,416233\n"
    )
    inputs = Inputs(agreements=tmp_path / "287g", county_population=table)
    record = publish(inputs, tmp_path / "record", on=SECOND).record
    (agency,) = record.table("agencies").to_pylist()
    assert (agency["county_population"], agency["population_row"]) == (416_233, 2)
    source = record.sources[agency["population_source"]]
    assert (source.file, source.data_as_of) == ("co-est2024-alldata.csv", date(2024, 7, 1))
