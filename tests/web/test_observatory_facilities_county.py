"""A told county against the county of the ZIP code: both named, both found, both answered for."""

import csv
import html
import io
import re

import pytest
from tests.web.invented_record import FACILITIES, write_record

from wayhome.public_record.record import PublicRecord, open_record
from wayhome.web.observatory.agencies_near import agencies_in, untold_beside
from wayhome.web.observatory.county_doubt import doubts, has_in_name
from wayhome.web.observatory.facilities import Question, facilities, found
from wayhome.web.observatory.maps.places import county_named, county_of_zip
from wayhome.web.observatory.pages import forget_pages

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
BASES = {"en": "/observatory/", "es": "/observatory/es/"}


@pytest.fixture(autouse=True)
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()


def words(client, path, language="en"):
    response = client.get(BASES[language] + path)
    assert response.status_code == 200
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r" ([:;.,)])", r"\1", " ".join(text.split())).replace("( ", "(")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("Branch County *, Michigan", "row 192.", "ZIP code 49014 lies in Calhoun County.",
                "A search by county finds the facility under both.",
                "No row of the newest list of agreements names Branch County. But 1",
                "agency of Calhoun County holds an agreement", "Calhoun County Sheriff")),
        ("es", ("condado de Branch *, Michigan", "49014 está en otro (condado de Calhoun).",
                "encuentra el centro en los dos", "nombra este lugar: condado de Branch. Pero 1",
                "(condado de Calhoun) tiene", "Calhoun County Sheriff")),
    ],
)  # fmt: skip
def test_it_names_both_counties_and_the_agreements_of_both(client, language, says):
    shown = words(client, "facilities/calhomi/", language)
    for part in says:
        assert part in shown


def test_an_agency_of_either_county_names_it_and_the_doubt(client):
    shown = words(client, "agreements/agency/mi-calhoun-county-sheriffs-office/")
    assert "(county in doubt: it may be Calhoun County)" in shown


@pytest.mark.parametrize(
    "asked",
    [
        "Sainte Genevieve",
        "St. Genevieve",
        "saint genevieve county",
        "Ste Genevieve County, Missouri",
    ],
)
def test_saint_is_found_however_it_is_written(asked):
    assert "stgenmo" in [row.id for row in found(open_record(), Question(words=asked))]


@pytest.mark.parametrize("asked", ["Calhoun County", "Branch County, Michigan"])
def test_it_is_found_by_the_county_of_the_zip_code_and_by_the_told_one(client, asked):
    assert "calhomi" in [row.id for row in found(open_record(), Question(words=asked))]
    listed = words(client, f"facilities/?q={asked}")
    assert "Branch County * (county in doubt: it may be Calhoun County)" in listed


def test_the_file_tells_the_other_county(client):
    text = client.get("/observatory/facilities.csv").content.decode().lstrip("\ufeff")
    told = {row["facility"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (told["calhomi"]["county"], told["calhomi"]["county_may_be"]) == ("Branch", "Calhoun")
    assert (told["stwrtga"]["county_in_doubt"], told["stwrtga"]["county_may_be"]) == ("no", "")


def test_it_is_not_in_doubt_where_told_and_zip_code_or_name_agree():
    record = open_record()
    rows = facilities(record)
    of_county = {id for id, doubt in doubts(record).items() if doubt.field == "county"}
    assert {"calhomi", "albcony"} <= of_county
    # Irwin County's own jail has a ZIP code of Worth County: that ZIP code is what is wrong.
    assert "irwinga" not in of_county
    for id in of_county:
        of_zip = county_of_zip(rows[id].zip)
        assert of_zip.number != rows[id].county_number
        assert of_zip.state == rows[id].state


def _record(folder, county, name="ORCHARD JAIL", zip_code="31201"):
    at = {"facility": "orchardga", "source": "agreements-2026", "on": "2017-11-04", "row": 3}
    told = {"county": county, "zip": zip_code, "city": "MACON", "state": "GA"}
    fields = [{**at, "field": field, "value": value} for field, value in told.items()]
    jail = {**FACILITIES[1], "name": name, "county": county, "county_fips": "", "zip": zip_code}
    return PublicRecord(write_record(folder, facilities=[jail], facility_fields=fields))


@pytest.mark.parametrize(
    ("told", "name", "zip_code", "may_be"),
    [
        ("MONROE", "ORCHARD JAIL", "31201", "Bibb"),
        ("MONROE", "BIBB COUNTY JAIL", "31201", "Bibb"),
        ("BIBB", "ORCHARD JAIL", "31201", None),
        ("Bibb Co.", "ORCHARD JAIL", "31201", None),  # no county by that spelling: nothing to hold
        ("MONROE", "MONROE CO. JAIL", "31201", None),  # the name speaks for the told one
        ("MONROE", "OLD MONRO COUNTY JAIL", "31201", None),  # also misspelt
        ("MONROE", "ORCHARD JAIL", "36117", None),  # a ZIP code of Alabama is itself wrong
        ("MONROE", "ORCHARD JAIL", "00000", None),  # no such area: nothing is known against it
    ],
)
def test_a_told_county_is_in_doubt_only_where_zip_code_and_name_speak_against_it(
    tmp_path, told, name, zip_code, may_be
):
    record = _record(tmp_path / "record", told, name, zip_code)
    doubt = doubts(record).get("orchardga")
    assert (doubt and doubt.county) == may_be
    if doubt:
        assert (doubt.field, doubt.told, doubt.row) == ("county", "MONROE", 3)
    found_in = [row.id for row in found(record, Question(words="Bibb County, Georgia"))]
    assert bool(found_in) is (may_be == "Bibb" or told in {"BIBB", "Bibb Co."})


def test_a_county_in_which_a_facility_may_be_is_not_said_to_have_none(
    client, tmp_path, monkeypatch
):
    _record(tmp_path / "record", "MONROE")
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(tmp_path / "record"))
    forget_pages()
    none = "The sources know no facility in"
    assert none not in words(client, "facilities/?q=Bibb+County,+Georgia")
    assert none not in words(client, "facilities/?q=Monroe+County,+Georgia")
    assert f"{none} Jones County" in words(client, "facilities/?q=Jones+County,+Georgia")


def test_no_agency_of_a_county_is_not_said_flatly_where_agreements_tell_no_county(client):
    record = open_record()
    rows = facilities(record).values()
    bare = [row for row in rows if row.county_number and not agencies_in(record, row.county_number)]
    open_ones = {row.id: untold_beside(record, row.county_number) for row in bare}
    some = next(id for id, count in open_ones.items() if count > 1)
    none = next(id for id, count in open_ones.items() if count == 0)
    said = f"But {open_ones[some]} agreements of its state tell no county"
    shown = words(client, f"facilities/{some}/")
    assert said in shown
    assert "is on the newest list of agreements" not in shown
    state = facilities(record)[some].state.lower()
    page = client.get(f"/observatory/facilities/{some}/").content.decode()
    assert f'<a href="/observatory/agreements/state/{state}/">All agreements of the state' in page
    assert "of its state tell" not in words(client, f"facilities/{none}/")


def test_a_name_has_the_county_before_its_kind():
    clair = county_named("IL", "ST. CLAIR")
    assert has_in_name(clair, "NORTH SAINT CLAIR COUNTY JAIL")
    assert not has_in_name(clair, "ST CLAIR CITY JAIL")
    assert not has_in_name(clair, "CLINTON COUNTY JAIL")


def test_the_very_name_comes_first_then_names_that_begin_so():
    record = open_record()
    rows = found(record, Question(words="Kent County Jail"))
    assert (rows[0].name, rows[0].state) == ("KENT COUNTY JAIL", "MI")
    assert len(rows) > 1
    rows = found(record, Question(words="stewart"))
    begins = [any(name.startswith("stewart") for name in row.names) for row in rows]
    assert begins == sorted(begins, reverse=True)
    assert begins[0]
