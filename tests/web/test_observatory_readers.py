"""What a reporter and a county commissioner asked of the pages, from the packaged record."""

import csv
import html
import io
import re
from dataclasses import replace

import pytest
from tests.web.invented_record import write_record

from wayhome.public_record.record import PublicRecord, open_record
from wayhome.web.observatory.agreements import found
from wayhome.web.observatory.closing_plan import rows_of
from wayhome.web.observatory.counties_asked import counties_asked
from wayhome.web.observatory.county_doubt import doubts
from wayhome.web.observatory.facility_page import values_of
from wayhome.web.observatory.facility_states import by_state
from wayhome.web.observatory.inspections import inspections
from wayhome.web.observatory.maps.drawing import CountryMap, Spot, legend
from wayhome.web.observatory.pages import Rows, _as_csv, forget_pages
from wayhome.web.observatory.sentences import in_language

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
BASES = {"en": "/observatory/", "es": "/observatory/es/"}
ETOWAH = "facilities/etowaal/"


@pytest.fixture(autouse=True)
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()


def drawn(client, path, language="en"):
    response = client.get(BASES[language] + path)
    assert response.status_code == 200
    return response.content.decode()


def words(client, path, language="en"):
    main = re.sub(r"<svg.*?</svg>", "", drawn(client, path, language), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


# --- inspections ---


def test_each_inspection_is_of_one_row_with_its_date_as_printed():
    told = inspections(values_of(open_record(), "etowaal"))
    assert [
        (one.which, one.row, one.type.value, one.standard.value, one.rating.value) for one in told
    ] == [
        ("last", 72, "Preoccupancy", "NDS", "Pass"),
        ("last", 54, "Regular", "NDS", "Acceptable"),
        ("second", 54, "Regular", "NDS", "Acceptable"),
    ]
    newest, last, second = told
    assert newest.day is None
    assert newest.instead.value == "Scheduled FY27"
    assert (last.day.value, second.day.value) == ("2020-10-23", "2019-07-18")


def test_the_second_to_last_inspection_of_a_workbook_is_shown_too(client):
    shown = words(client, "facilities/stwrtga/")
    assert re.search(r"second to last \S+ 9 May 2019 \S.* Meets Standard", shown)
    spanish = words(client, "facilities/stwrtga/", "es")
    assert re.search(r"penúltima \S+ 9 de mayo de 2019", spanish)


def test_the_record_joins_no_two_inspections():
    record = open_record()
    for row in record.table("facilities").to_pylist():
        told = inspections(values_of(record, row["facility"]))
        shown = (row["standard"], row["last_inspection"], row["last_inspection_rating"])
        if any(shown):
            newest = told[0]
            assert shown[0] == (newest.standard.value if newest.standard else None)
            assert shown[2] == (newest.rating.value if newest.rating else None)
            day = shown[1].isoformat() if shown[1] else None
            assert day == (newest.day.value if newest.day else None)


@pytest.mark.parametrize(
    ("language", "says", "day"),
    [
        ("en", "last Preoccupancy The date of this inspection is not told, only when the next is "
         "scheduled: Scheduled FY27 NDS Pass", "23 October 2020"),
        ("es", "última Preoccupancy La fecha de esta inspección no se dice, solo cuándo está "
         "prevista la próxima: Scheduled FY27 NDS Pass", "23 de octubre de 2020"),
    ],
)  # fmt: skip
def test_the_schedule_of_the_next_inspection_is_no_date_of_the_last(client, language, says, day):
    shown = words(client, ETOWAH, language)
    assert says in shown
    assert f"Regular {day} NDS Acceptable" in shown


def test_a_text_that_tells_no_schedule_is_shown_as_what_stands_in_place_of_the_date(client):
    (told, *_) = inspections(values_of(open_record(), ETOWAH.split("/")[1]))
    new = replace(told, instead=replace(told.instead, value="New Facility"))
    assert told.is_told
    assert told.is_next_told
    assert new.is_told
    assert not new.is_next_told
    (facility, *_) = [
        row["facility"]
        for row in open_record().table("facility_fields").to_pylist()
        if row["field"] == "instead_of_inspection_date" and row["value"] == "New Facility"
    ]
    shown = words(client, f"facilities/{facility}/")
    assert "No inspection is told; the workbook says: New Facility" in shown


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "No inspection is told; the workbook says: Scheduled FY26"),
        ("es", "No se dice ninguna inspección; el libro dice: Scheduled FY26"),
    ],
)
def test_a_row_that_only_tells_the_next_inspection_tells_of_none(client, language, says):
    shown = words(client, "facilities/greenmo/", language)
    assert says in shown
    assert "The date of this inspection is not told" not in shown
    assert "La fecha de esta inspección" not in shown


# --- the closing plan ---


def test_the_plan_says_whose_people_it_is_about(client):
    assert "people held on average from 1 October 2020 to 5 April 2021" in words(
        client, "closing-plan/"
    )
    assert "en promedio del 1 de octubre de 2020 al 5 de abril de 2021" in words(
        client, "closing-plan/", "es"
    )
    facility = words(client, ETOWAH)
    assert (
        "on average from 1 October 2020 to 5 April 2021, rounded up; not with those of one day"
        in facility
    )
    assert "The case with the most releases: 97 people, empty on day" in facility
    assert "The case with the fewest releases: 97 people," in facility


def test_a_facility_that_is_not_in_the_plan_says_so(client):
    assert "It does not have this facility." in words(client, "facilities/etwhold/")


def test_nobody_is_moved_into_a_private_or_jail_contract_but_from_another(client):
    record = open_record()
    first = {
        row["facility"]
        for row in rows_of(record, "facilities", "fewest")
        if row["asked_first"] == "yes"
    }
    into = [row for row in rows_of(record, "moves", "fewest") if row["to_facility"] in first]
    assert into
    assert {row["from_facility"] for row in into} <= first
    shown = words(client, "closing-plan/?case=fewest")
    assert (
        f"{sum(row['people'] for row in into):,} people are moved into a private or jail" in shown
    )
    assert "nor from another place into a private" not in shown


def test_every_sentence_of_the_record_is_said_in_spanish():
    record = open_record()
    names = ("words", "assumed", "told", "could_not")
    texts = {
        row["text"]
        for row in record.table("closing_plan_summary").to_pylist()
        if row["name"] in names and row["text"]
    }
    texts |= set(record.table("facility_names")["because"].to_pylist()) - {None}
    texts |= set(record.table("facility_fields")["note"].to_pylist()) - {None}
    texts |= set(record.table("figures")["note"].to_pylist()) - {None}
    left = {text for text in texts if not in_language("es", text)[1]}
    assert len(texts) > 100
    assert left == set()


@pytest.mark.parametrize("path", [ETOWAH, "closing-plan/?case=fewest"])
def test_no_english_sentence_stands_in_spanish_unmarked(client, path):
    shown = words(client, path, "es")
    for text in ("up to 160", "jail enforcement", "same address", "nobody else", "Nobody is"):
        assert text not in shown


# --- ways of counting ---


def test_each_number_of_people_names_how_they_were_counted(client):
    shown = words(client, ETOWAH)
    assert "82.9 ICE's own average, up to 2 April 2026" in shown
    assert "84.9 (at midnight)" in shown
    assert "104.7 (anybody at any hour)" in shown
    assert "Sources say different things" not in shown
    assert "82.9 promedio de la misma ICE" in words(client, ETOWAH, "es")
    assert "ICE's own average, up to" in words(client, "facilities/")


def test_a_sum_of_two_ways_of_counting_says_so(client):
    alabama = by_state(open_record())["AL"]
    parts = alabama.people_ice + alabama.people_midnight + alabama.people_otherwise
    assert parts == pytest.approx(alabama.people)
    assert "Two ways of counting are added here." in words(client, "state/al/")
    assert "two ways of counting are added" in words(client, "detention/")


def test_a_place_with_under_half_a_person_says_so(client):
    assert "Under half a person" in words(client, "state/al/")
    shown = words(client, "facilities/")
    assert "somebody on average in the newest 180 days" in shown
    assert "had under half a person on average" in shown


def test_the_first_use_of_2017_and_the_day_on_which_a_file_begins_are_told(client):
    shown = words(client, ETOWAH)
    assert "First use, as ICE's list of November 2017 prints it 2 March 1996" in shown
    assert "the file begins on 2022-10-01" in shown
    assert "No source here tells what is paid for this place." in shown
    assert "Drafts exist only for 287(g) agreements" in shown
    assert "/drafts" in drawn(client, ETOWAH) or "request" in drawn(client, ETOWAH)


# --- search ---


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("Marin County", ["CA"]),
        ("Cook County", ["GA", "IL", "MN"]),
        ("condado de Cook, Illinois", ["IL"]),
        ("Orleans Parish", ["LA"]),
        ("Frederick County Sheriff", []),
        ("Collier", []),
    ],
)
def test_a_question_names_counties(asked, named):
    assert [county.state for county in counties_asked(asked)] == named


def test_a_county_without_an_agreement_is_said_plainly(client):
    shown = words(client, "agreements/?q=Marin+County")
    assert "No agency of Marin County, California holds an agreement on this list." in shown
    assert shown.index("No agency of Marin") < shown.index("Written almost so")
    assert shown.index("Written almost so") < shown.index("Virginia Marine Resources Commission")
    many = words(client, "agreements/?q=Cook+County")
    assert "no row of the list names a Cook County: Georgia, Illinois, Minnesota." in many
    assert "agreements there tell no county, or one that their state does not have" in many
    assert many.index("Written almost so") < many.index("Cooke County")


def test_a_county_with_agreements_is_found_exactly():
    rows = found(open_record(), "Collier County")
    assert rows
    assert {row.place.number for row in rows} == {"12021"}


def test_a_county_of_facilities_is_found_exactly(client):
    shown = words(client, "facilities/?q=Marin+County")
    assert "The sources know no facility in Marin County, California." in shown or (
        "Marin County" in shown.split("Written almost so")[0]
    )


# --- small things ---


def test_a_file_says_yes_and_no(client):
    assert _as_csv(Rows("x", ("a", "b", "c"), [("", False, True)])) == (
        b"\xef\xbb\xbfa,b,c\r\n,no,yes\r\n"
    )
    assert ",'," not in client.get("/observatory/facilities.csv").content.decode()


def test_a_legend_says_nothing_twice():
    keys = legend(CountryMap("m", "", "", {}, [Spot(1, 1, 5, ""), Spot(2, 2, 1, "")]))
    sizes = [key.low for key in keys if key.is_spot]
    assert sizes == [1, 5]


def test_the_page_without_a_docket_speaks_to_readers_first(client):
    shown = words(client, "docket/")
    assert shown.index("this page tells how many are pending") < shown.index(
        "For who runs this page"
    )
    assert shown.index("For who runs this page") < shown.index("wayhome import eoir")


# --- a letter without a date ---


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "the letter is of (it asks for interim priorities that held only in these months)"),
        ("es", "Sea cual sea el día de la carta, del 20 de enero de 2021 al 29 de noviembre"),
    ],
)
def test_the_front_page_says_what_is_certain_whichever_day_the_letter_is_of(client, language, says):
    told = words(client, "", language)
    assert says in told
    assert says not in words(client, "?suppose=2021-03-01", language)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "cannot be of that day: it is of a day from 20 January 2021 to 29 November 2021"),
        ("es", "no puede ser de ese día: es de un día del 20 de enero de 2021 al 29 de noviembre"),
    ],
)
@pytest.mark.parametrize("page", ["", "demand/close_facilities/"])
def test_a_day_of_which_the_letter_cannot_be_is_said_to_be_none(client, page, language, says):
    assert says in words(client, f"{page}?suppose=2024-05-01", language)
    assert says not in words(client, f"{page}?suppose=2021-11-29", language)


# --- a county in doubt ---

MIDWEST = "facilities/ccaleks/"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("Douglas County * , Kansas", "has ZIP code 66045, the newest row 66048.",
                "The middle of ZIP code 66048 lies in Leavenworth County.",
                "whether the facility lies there is in doubt", "County Sources say different")),
        ("es", ("condado de Douglas * , Kansas", "código postal 66045, la fila más reciente 66048.",
                "El punto medio del código postal 66048 está en otro (condado de Leavenworth).",
                "en el que es dudoso que esté el centro")),
    ],
)  # fmt: skip
def test_a_county_told_by_a_row_with_another_zip_code_is_in_doubt(client, language, says):
    shown = words(client, MIDWEST, language)
    for part in says:
        assert part in shown
    doubt = {"en": "county in doubt", "es": "condado dudoso"}[language]
    assert doubt in words(client, "facilities/?q=ccaleks", language)
    listed = drawn(client, "facilities/ccaleks/fields.csv")
    assert re.search(r"county,DOUGLAS,facilities-2017,.*,yes,", listed)
    file = csv.DictReader(io.StringIO(drawn(client, "facilities.csv").lstrip("\ufeff")))
    told = {row["facility"]: row["county_in_doubt"] for row in file}
    assert (told["ccaleks"], told["stwrtga"]) == ("yes", "no")


def test_a_county_is_not_in_doubt_where_the_newest_zip_code_lies_in_it(tmp_path):
    """Two ZIP codes of one county: the newer one says the same county."""
    old = {"source": "agreements-2026", "sheet": "", "column": "x", "on": "2017-11-04", "row": 3}
    new = {
        "source": "stats-2026",
        "sheet": "Detention",
        "column": "x",
        "on": "2026-04-02",
        "row": 9,
    }
    fields = [
        {"facility": "orchardga", "field": "county", "value": "BIBB", "in_conflict": "no", **old},
        {"facility": "orchardga", "field": "zip", "value": "31204", "in_conflict": "yes", **old},
        {"facility": "orchardga", "field": "zip", "value": "31201", "in_conflict": "yes", **new},
        {"facility": "orchardga", "field": "state", "value": "GA", "in_conflict": "no", **new},
    ]
    same = PublicRecord(write_record(tmp_path / "same", facility_fields=fields))
    assert doubts(same) == {}
    fields[2]["value"] = "30303"
    other = PublicRecord(write_record(tmp_path / "other", facility_fields=fields))
    doubt = doubts(other)["orchardga"]
    assert (doubt.field, doubt.told, doubt.newest, doubt.row) == ("zip", "31204", "30303", 3)
    assert doubt.elsewhere.name == "Fulton"


# --- the way in ---


@pytest.mark.parametrize(("spoken", "leads"), [("en", "en"), ("es", "es"), ("ar", "en")])
def test_the_first_page_of_the_address_leads_to_the_public_pages(client, spoken, leads):
    shown = client.get("/", headers={"accept-language": spoken}).content.decode()
    assert f'<a href="{BASES[leads]}">' in shown
