"""What a newcomer stumbled over on the pages, from the packaged record."""

import csv
import html
import io
import re
from datetime import date

import pytest
from tests.web.invented_record import write_record

from wayhome.public_record.record import PublicRecord, open_record
from wayhome.web.observatory.facilities import Question, facilities, found, near
from wayhome.web.observatory.pages import forget_pages
from wayhome.web.observatory.series import series_name
from wayhome.web.observatory.wording import day, people_in_words

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
BASES = {"en": "/observatory/", "es": "/observatory/es/"}
NEWEST = "ice-statistics-2026-04-09"


@pytest.fixture(autouse=True)
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def words(client, path, language="en", status=200):
    response = client.get(BASES[language] + path)
    assert response.status_code == status
    return plain(response.content.decode())


# --- guaranteed minimums ---


def _minimum_day(facility):
    rows = open_record().table("facility_fields").to_pylist()
    return max(
        row["on"]
        for row in rows
        if row["field"] == "guaranteed_minimum" and row["facility"] == facility
    )


@pytest.mark.parametrize(
    ("language", "facility", "says"),
    [
        ("en", "irwinga", "Guaranteed minimum not told by ICE's newest workbook, of {newest}; "
         "600 as of {day}: people who were paid for on every day"),
        ("es", "irwinga", "Mínimo garantizado no lo dice el libro más reciente de ICE, del "
         "{newest}; 600 al {day}: personas por las que se pagaba cada día"),
        ("en", "jenatla", "newest workbook, of {newest}; 1,170 as of {day}: people who were paid"),
        ("en", "jamesga", "Guaranteed minimum ICE's newest workbook, of {newest}, does not list "
         "the facility; 780 as of {day}: people who were paid for"),
        ("en", "stwrtga", "1,600 as of {newest}: people who are paid for on every day"),
    ],
)  # fmt: skip
def test_a_guaranteed_minimum_is_told_with_its_day(client, language, facility, says):
    newest = day(language, _minimum_day("stwrtga"))
    says = says.format(newest=newest, day=day(language, _minimum_day(facility)))
    assert says in words(client, f"facilities/{facility}/", language)


def test_every_facility_without_a_number_in_the_newest_workbook_has_it_in_the_past(client):
    record = open_record()
    told = {
        row["facility"]
        for row in record.table("facility_fields").to_pylist()
        if row["field"] == "guaranteed_minimum" and row["source"] == NEWEST
    }
    every = {id for id, row in facilities(record).items() if row.guaranteed_minimum is not None}
    assert {id for id in every if facilities(record)[id].minimum.newest} == every - told
    assert len(every - told) > 20


def test_the_file_of_facilities_has_the_day_of_the_guaranteed_minimum(client):
    file = client.get("/observatory/facilities.csv").content.decode("utf-8-sig")
    rows = {row["facility"]: row for row in csv.DictReader(io.StringIO(file))}
    days = {id: _minimum_day(id).isoformat() for id in ("irwinga", "cibocnm", "stwrtga")}
    assert [each[:4] for each in days.values()] == ["2021", "2017", "2026"]
    assert {id: rows[id]["guaranteed_minimum_on"] for id in days} == days
    assert all(
        bool(row["guaranteed_minimum"]) == bool(row["guaranteed_minimum_on"])
        for row in rows.values()
    )


def test_the_plan_says_of_which_day_its_guaranteed_minimums_are(client):
    of = _minimum_day("irwinga")  # of the workbook that the plan is made from
    assert of.year == 2021
    for language, says in (("en", "minimums are those of"), ("es", "garantizados son los del")):
        assert f"{says} {day(language, of)}" in words(client, "closing-plan/", language)


# --- where names stand ---


def test_every_link_beside_a_name_leads_to_the_name(client):
    page = client.get("/observatory/facilities/greenmo/").content.decode()
    names = page.split('id="names"')[1].split("</ul>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', names)]
    assert len(links) > 2
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        assert "GREEN" in response.content.decode().split('id="row"')[1].split("<dl")[0]


@pytest.mark.parametrize("asked", ["sheet=Nope", "row=99999999", "sheet=Facilities+FY26&row=1"])
def test_a_place_of_which_the_record_has_nothing_is_not_found(client, asked):
    shown = words(client, f"source/{NEWEST}/?{asked}", status=404)
    assert "The record has nothing from this place in the file." in shown
    assert "SHA-256" in shown


# --- the closing plan ---


def test_the_plan_does_not_promise_what_it_cannot_know_of_homes(client):
    english, spanish = (words(client, "closing-plan/", language) for language in BASES)
    assert "farther from home" not in english
    assert "nobody to the area of another field office" in english
    assert "más lejos de su hogar" not in spanish
    assert "a nadie al área de otra oficina de ICE" in spanish


# --- demands ---

RELEASE = "demand/release_consideration/?suppose=2021-06-01"


@pytest.mark.parametrize(
    ("asked", "at_first", "count", "last"),
    [
        ("", "14,151", "average_population_month", "2026-03-31"),
        ("&on=2021-09-09", "20,353", "people_headcount_month", "2021-08-31"),
    ],
)
def test_it_says_from_which_count_the_beginning_is_and_why(client, asked, at_first, count, last):
    for language in BASES:
        shown = words(client, RELEASE + asked, language)
        assert at_first in shown
        (because,) = re.findall(r"[^.]*(?:from the count|es del recuento)[^.]*\.", shown)
        assert series_name(count, language) in because
        assert f"({day(language, date.fromisoformat(last))})" in because


def test_no_newer_figure_of_another_count_is_known_by_the_day_shown(client):
    """What the sentence says, of the record itself."""
    record = open_record()
    for series in ("average_population_month", "people_midnight_month"):
        before = [one for one in record.series(series) if one.on <= date(2021, 9, 9)]
        assert not any(one.on > date(2021, 6, 1) for one in before)


def test_a_demand_of_one_count_says_nothing_of_others(client):
    shown = words(client, "demand/end_entanglement/?suppose=2025-03-01")
    assert "from the count" not in shown


@pytest.mark.parametrize("path", ["", "demand/release_consideration/"])
def test_it_says_that_a_day_after_today_is_shown_as_today(client, path):
    assert "Figures of later days are not there" in words(client, f"{path}?on=9999-12-31")
    assert "el estado es el de hoy" in words(client, f"{path}?on=9999-12-31", "es")
    assert "Figures of later days" not in words(client, f"{path}?on=2021-09-09")


# --- agreements of a state ---


def _of_state(state):
    record = open_record()
    history = record.table("agreement_history").to_pylist()
    counts = record.table("agreement_counts").to_pylist()
    return (
        sum(row["event"] == "new" for row in history if row["state"] == state),
        sum(row["event"] != "new" for row in history if row["state"] == state),
        [row for row in counts if row["by"] == "state" and row["value"] == state],
    )


@pytest.mark.parametrize("state", ["OH", "AR"])
def test_new_agreements_are_part_of_what_happened(client, state):
    new, others, _ = _of_state(state)
    assert new > 5
    assert others == 0
    english, spanish = (words(client, f"agreements/state/{state.lower()}/", one) for one in BASES)
    assert f"Nothing ended or changed; {new} agreements are new since the first list" in english
    assert f"Nada terminó ni cambió; {new} acuerdos son nuevos" in spanish
    assert "Nothing but what is on the list." not in english


def test_where_some_ended_the_new_ones_are_counted_beside(client):
    new, others, _ = _of_state("FL")
    assert new
    assert others
    assert f"Besides, {new} agreements were new in one of the lists." in words(
        client, "agreements/state/fl/"
    )


def test_a_list_that_has_none_of_a_state_counts_0(client):
    counts = open_record().table("agreement_counts").to_pylist()
    every = {row["published"] for row in counts}
    state = next(
        row["value"]
        for row in counts
        if row["by"] == "state" and len(_of_state(row["value"])[2]) < len(every)
    )
    page = client.get(f"/observatory/agreements/state/{state.lower()}/").content.decode()
    rows = page.split('id="lists"')[1].split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert len(rows) == len(every)
    assert sum(plain(row).endswith(" 0 0") for row in rows) == len(every) - len(_of_state(state)[2])


# --- one person ---


def test_one_person_is_not_called_people(client):
    months = words(client, "facilities/butleks/")
    assert re.search(r"\b1 person on average", months)
    assert not re.search(r"(?<![\d.,])1 people\b", months)
    spanish = words(client, "facilities/butleks/", "es")
    assert re.search(r"\b1 persona en promedio", spanish)
    assert not re.search(r"(?<![\d.,])1 personas\b", spanish)


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (1, "1 person", "1 persona"),
        (1.03, "1 person", "1 persona"),  # written as 1
        (1.1, "1.1 people", "1.1 personas"),
        (0, "0 people", "0 personas"),
        (1000, "1,000 people", "1,000 personas"),
    ],
)
def test_the_form_is_that_of_the_number_as_it_is_written(count, english, spanish):
    assert people_in_words("en", count) == english
    assert people_in_words("es", count) == spanish


# --- searches ---

STARS = "* No source tells the county"


def test_a_star_is_explained_where_a_row_has_one(client):
    rows = facilities(open_record()).values()
    by_zip = next(row for row in rows if row.county_by_zip and row.has_people)
    assert STARS in words(client, f"facilities/?q={by_zip.id}")
    assert STARS in words(client, f"state/{by_zip.state.lower()}/")
    assert STARS not in words(client, "facilities/?q=Butler+County,+Ohio")


@pytest.mark.parametrize("asked", ["Buttler County jale", "Buttler County", "buttler detenton"])
def test_words_that_say_nothing_are_left_out_of_what_is_nearly_alike(asked):
    names = [row.name for row in near(open_record(), Question(words=asked))]
    assert any("BUTLER" in name for name in names)


def test_a_word_that_some_facility_has_is_looked_for_though_it_is_like_one_that_says_nothing():
    record = open_record()
    assert found(record, Question(words="rice", everything=True))
    names = [row.words for row in near(record, Question(words="rice contyy zzz"))]
    assert all(" rice" in f" {name}" for name in names)


@pytest.mark.parametrize("asked", ["(((", "%00", "%00%01", "–"])
@pytest.mark.parametrize("path", ["facilities/", "agreements/"])
def test_signs_alone_are_nothing_to_look_for(client, path, asked):
    page = client.get(f"/observatory/{path}?q={asked}").content.decode()
    listed = page.split('id="found"')[1].split("</section>" if "agree" in path else "</main>")[0]
    assert "Nothing was asked for that can be looked for" in plain(page)
    assert not re.search(r'href="/observatory/(facilities|agreements/agency)/[a-z]', listed)
    assert "No se pidió nada que se pueda buscar" in words(client, f"{path}?q={asked}", "es")


@pytest.mark.parametrize("path", ["facilities/", "agreements/"])
def test_an_empty_form_asks_for_everything_as_before(client, path):
    for asked in ("", "?q=", "?q=++&state="):
        assert "Nothing was asked for that" not in words(client, path + asked)


def test_a_state_that_was_chosen_beside_signs_is_listed(client):
    page = client.get("/observatory/facilities/?q=(((&state=GA").content.decode()
    assert "/observatory/facilities/stwrtga/" in page
    assert "Nothing was asked for that can be looked for" in page


def test_a_record_without_a_workbook_of_ice_tells_the_day_alone(client, tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record")))
    forget_pages()
    record = PublicRecord(tmp_path / "record")
    row = facilities(record)["harborga"]
    assert row.minimum.on is not None
    assert row.minimum.newest is None
    assert "as of" in words(client, "facilities/harborga/").split("Guaranteed minimum")[1][:40]


# --- names of figures ---


def test_what_counts_staging_and_families_too_is_not_called_private_state_or_local(client):
    """Of FY2026 private and state or local facilities alone have about 1,100 people fewer."""
    assert "anywhere but in facilities known to be federal" in words(client, "detention/")
    assert "salvo en centros que se sabe que son federales" in words(client, "detention/", "es")
    for text in (
        words(client, "detention/"),
        words(client, "figure/private_or_jail_year/2026-04-02/"),
    ):
        assert "rivate, state or local facilities" not in text
