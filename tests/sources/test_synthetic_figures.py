"""The layout and the code tables that ship with Wayhome, beside the real ones where they are."""

import csv
from pathlib import Path

import pytest

from wayhome.sources.eoir.codes import (
    circuit_by_state,
    codes_of,
    court_decisions,
    courts,
    hearing_locations,
    iso_by_nationality,
)
from wayhome.sources.eoir.layout import TABLES, release_file_name, synthetic_release_name

SHARED = Path(__file__).parents[2] / "../shared/data/eoir"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")


def rows_of(name):
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_shared
def test_it_has_every_column_of_the_real_release_in_order():
    real = [(row["table"], row["name"]) for row in rows_of("missingness_by_field.csv")]

    assert [(t.name, name) for t in TABLES.values() for name in t.column_names] == real


@needs_shared
def test_it_has_every_nationality_of_the_real_table():
    real = {
        row["value"].strip()
        for row in rows_of("lookup_tables_combined.csv")
        if row["table"].endswith("tblLookupAlienNat.csv")
    }

    assert real - {"NaN"} <= set(codes_of("tblLookupAlienNat"))


@needs_shared
@pytest.mark.parametrize(
    ("lookup", "file"),
    [
        ("tblLookupBaseCity", "tblLookupBaseCity"),
        ("tblLookupHloc", "tblLookupHloc"),
        ("tbllookupCharges", "tbllookupCharges"),
        ("tblLookUp_Appln", "tblLookUp_Appln"),
        ("tblLookupMotionType", "tblLookupMotionType"),
    ],
)
def test_it_has_every_code_of_the_real_table(lookup, file):
    real = {
        row["value"].strip()
        for row in rows_of("lookup_tables_combined.csv")
        if row["table"].endswith(f"/{file}.csv")
    }

    assert real <= set(codes_of(lookup))


@pytest.mark.parametrize(
    ("eoir", "iso"),
    [
        *[("HA", "HT"), ("ES", "SV"), ("CH", "CN"), ("HO", "HN"), ("NU", "NI"), ("NI", "NG")],
        *[("SP", "ES"), ("CI", "CL"), ("SZ", "CH"), ("CN", "KM"), ("SV", "SI"), ("HN", None)],
        *[("UE", "UA"), ("RP", "PH"), ("DR", "DO"), ("DO", "DM"), ("GV", "GN"), ("PU", "GW")],
        *[("KN", "KP"), ("KS", "KR"), ("TR", "TM"), ("TU", "TR"), ("NG", "NE"), ("AS", "AU")],
        *[("AU", "AT"), ("IV", "CI"), ("SF", "ZA"), ("SA", "SA"), ("ZA", "ZM"), ("BM", "MM")],
        *[("UR", None), ("YO", None), ("SS", None), ("??", None), ("UK", "GB"), ("VM", "VN")],
    ],
)
def test_it_knows_the_country_of_a_nationality_code(eoir, iso):
    assert iso_by_nationality().get(eoir) == iso


def test_it_writes_every_country_as_two_capital_letters():
    assert all(len(iso) == 2 and iso.isupper() for iso in iso_by_nationality().values())
    # Several codes may mean one country; most mean one each.
    assert len(set(iso_by_nationality().values())) > 225


@pytest.mark.parametrize(
    ("court", "circuit"),
    [
        *[("MIA", "11"), ("NYC", "2"), ("LOS", "9"), ("CHI", "7"), ("DEN", "10"), ("BLM", "8")],
        *[("BOS", "1"), ("PHI", "3"), ("BAL", "4"), ("WAS", "4"), ("NOL", "5"), ("MEM", "6")],
        *[("SAJ", "1"), ("AGA", "9"), ("OTO", "10"), ("FCI", ""), ("FTW", "")],
    ],
)
def test_it_knows_the_circuit_of_a_court(court, circuit):
    assert courts()[court].circuit == circuit


def test_it_puts_courts_and_places_into_the_circuit_of_their_state():
    for place in [*courts().values(), *hearing_locations().values()]:
        if place.circuit:
            assert circuit_by_state()[place.state] == place.circuit


def test_it_puts_hearing_locations_into_courts_that_are_there():
    named = {place.base_city for place in hearing_locations().values()} - {""}

    assert named <= set(courts())


def test_it_reads_a_decision_by_its_case_type():
    meaning = {(d.case_type, d.type, d.code): d.description for d in court_decisions()}

    assert meaning["RMV", "C", "X"] == "Remove"
    assert meaning["DEP", "C", "D"] == "Deport"
    assert meaning["EXC", "C", "E"] == "Exclude"
    assert meaning["CFR", "C", "A"].startswith("Affirmed")
    assert len(meaning) == len(court_decisions())


def test_it_keeps_every_code_within_the_length_of_its_columns():
    for table in TABLES.values():
        for column in table.columns:
            # <A> stands for all in some tables, and for no value in any column.
            for code in set(codes_of(column.lookup) or ()) - {"<A>"}:
                assert len(code) <= column.width, (table.name, column.name, code)


def test_it_finds_a_column_in_any_letter_case():
    assert TABLES["A_TblCase"].column("idncase").name == "IDNCASE"
    with pytest.raises(KeyError, match="A_TblCase has no column 'nationality'"):
        TABLES["A_TblCase"].column("nationality")


def test_it_tells_the_real_name_of_a_synthetic_file():
    assert release_file_name("SYNTHETIC_A_TblCase.csv") == "A_TblCase.csv"
    assert release_file_name("A_TblCase.csv") == "A_TblCase.csv"
    assert synthetic_release_name(1000, 7) == "SYNTHETIC-eoir-1000-seed7"
