"""Public pages of 287(g) agreements: found by county, traced to the row, in two languages."""

import csv
import html
import io
import re
import zipfile

import pytest
from django.test import Client
from docx import Document
from tests.web.invented_record import SOURCES, write_record

from wayhome.public_record.record import open_record
from wayhome.web.observatory.agreements_map import MAP_HEADINGS, agreements_map, map_rows
from wayhome.web.observatory.pages import forget_pages

LISTS = [
    {**SOURCES[1], "id": "list-1", "file": "list-1.xlsx", "published": "2026-02-01"},
    {**SOURCES[1], "id": "list-2", "file": "list-2.xlsx", "published": "2026-03-01"},
    {
        "id": "county-population", "publication": "county_population", "title": "People",
        "file": "co-est2019-alldata.csv", "sha256": "ef" * 32, "data_as_of": "2019-07-01",
        "synthetic": "no",
    },
]  # fmt: skip


def agreement(agency, name, **other):
    told = {
        "agency": agency, "name": name, "state": "GA", "county": "Bibb County",
        "agency_type": "county", "model": "task force", "signed": "2026-02-10",
        "first_listed": "2026-03-01", "last_listed": "2026-03-01", "active": "yes",
        "source": "list-2", "sheet": "Sheet1", "row": 7,
    }  # fmt: skip
    return {**told, **other}


def agency(id, name, **other):
    told = {
        "agency": id, "name": name, "state": "GA", "county": "Bibb County",
        "agency_type": "county", "active": 1, "models": "task force",
        "first_listed": "2026-03-01", "last_listed": "2026-03-01", "county_fips": "13021",
        "county_population": 153159, "population_source": "county-population", "population_row": 412,
    }  # fmt: skip
    return {**told, **other}


NO_PEOPLE = dict.fromkeys(
    ("county_fips", "county_population", "population_source", "population_row"), ""
)
BIBB, MACON, HARBOR = "ga-bibb-county-sheriff", "ga-macon-police", "tx-harbor-county-sheriff"
TABLES = {
    "sources": [*SOURCES, *LISTS],
    "agreements": [
        agreement(BIBB, "Bibb County Sheriff's Office"),
        agreement(BIBB, "Bibb County Sheriff's Office", model="jail enforcement", row=8,
                  memorandum="https://www.ice.gov/bibb.pdf", first_listed="2026-02-01"),
        agreement(MACON, "Macon Police Department", agency_type="municipality", row=9),
        agreement(HARBOR, "Harbor County Sheriff", state="TX", county="", active="no",
                  source="list-1", last_listed="2026-02-01", gone_by="2026-03-01", row=3),
    ],
    "agencies": [
        agency(BIBB, "Bibb County Sheriff's Office", active=2,
               other_names="BIBB CO SHERIFF", models="jail enforcement|task force"),
        agency(MACON, "Macon Police Department", agency_type="municipality"),
        agency(HARBOR, "Harbor County Sheriff", state="TX", county="", active=0, models="",
               last_listed="2026-02-01", **NO_PEOPLE),
    ],
    "agreement_history": [
        {"event": "new", "agency": BIBB, "name": "Bibb County Sheriff's Office", "state": "GA",
         "model": "task force", "signed": "2026-02-10", "agency_held_other": "yes",
         "after": "2026-02-01", "by": "2026-03-01", "undecided": "no", "after_source": "list-1",
         "by_source": "list-2", "by_row": 7},
        {"event": "renamed", "agency": BIBB, "name": "Bibb County Sheriff's Office", "state": "GA",
         "model": "jail enforcement", "name_before": "BIBB CO SHERIFF", "after": "2026-02-01",
         "by": "2026-03-01", "undecided": "no", "after_source": "list-1", "after_row": 5,
         "by_source": "list-2", "by_row": 8},
        {"event": "ended", "agency": HARBOR, "name": "Harbor County Sheriff", "state": "TX",
         "model": "task force", "after": "2026-02-01", "by": "2026-03-01", "undecided": "yes",
         "listed_under": BIBB, "after_source": "list-1", "after_row": 3, "by_source": "list-2"},
        {"event": "changed model", "agency": MACON, "name": "Macon Police Department",
         "state": "GA", "model": "task force", "model_before": "warrant service officer",
         "after": "2026-02-01", "by": "2026-03-01", "undecided": "no", "after_source": "list-1",
         "after_row": 6, "by_source": "list-2", "by_row": 9},
    ],
    "agreement_counts": [
        {"published": "2026-03-01", "by": "state", "value": "GA", "agreements": 3, "agencies": 2,
         "source": "list-2"},
    ],
    "figures": [
        {"series": "agreements_active", "on": day, "value": value, "unit": "agreements",
         "source": source}
        for day, value, source in (("2026-02-01", 3, "list-1"), ("2026-03-01", 3, "list-2"))
    ],
}  # fmt: skip


@pytest.fixture
def look(tmp_path, monkeypatch, settings):
    """Opens a page of the invented record: its text (or bytes of a file)."""
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record", **TABLES)))
    forget_pages()

    def get(path, status=200):
        answer = Client(SERVER_NAME="localhost").get(path)
        assert answer.status_code == status, path
        assert not answer.cookies
        is_text = "text" in answer["Content-Type"] or "svg" in answer["Content-Type"]
        return answer.content.decode("utf-8-sig") if is_text else answer.content

    return get


@pytest.mark.parametrize(
    "asked",
    ["Bibb County", "bibb co sheriff", "Macon", "BIBB", "31201", "sheriff bibb georgia"],
)
def test_a_county_commissioner_finds_hers_by_county_city_agency_or_zip(look, asked):
    text = look(f"/observatory/agreements/?q={asked.replace(' ', '+')}")
    found = text[text.index('id="found"') : text.index('id="now"')]
    expected = "Macon Police" if asked == "Macon" else "Bibb County Sheriff"
    assert expected in found
    assert "Harbor" not in found


@pytest.mark.parametrize(
    ("asked", "agency", "printed"),
    [
        ("Berrien County", "Berrian County Sheriff", "Berrian County"),
        ("somervell", "Somerville County Sheriff", "Somervill"),
        ("49085", "Berrian County Sheriff", "Berrian County"),
        ("Acadia Parish", "Morse Police Department", "Arcadia County"),
    ],
)
def test_a_county_that_the_list_misspells_is_found_and_both_spellings_are_shown(
    look, monkeypatch, asked, agency, printed
):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    forget_pages()
    text = look(f"/observatory/agreements/?q={asked.replace(' ', '+')}")
    found = text[text.index('id="found"') : text.index('id="now"')]
    assert agency in found
    assert "holds an agreement on this list" not in found
    to = re.search(rf'href="([^"]+)">{agency}', found)[1]
    assert f"The list prints {printed}" in look(to)


def test_it_does_not_say_that_no_agency_holds_one_where_the_county_of_some_is_not_told(
    look, tmp_path, monkeypatch
):
    lost = agency("ga-lost", "Lost Sheriff", county="Nowhere County", **NO_PEOPLE)
    folder = write_record(tmp_path / "lost", **{**TABLES, "agencies": [
        *TABLES["agencies"], lost]})  # fmt: skip
    asked = "/observatory/agreements/?q=Fulton+County,+Georgia"
    assert "No agency of Fulton County, Georgia holds an agreement" in look(asked)
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    forget_pages()
    text = look(asked)
    assert "No row of the list names Fulton County, Georgia" in text
    assert "But 1 agreement there tells no county, or one that its state does not have" in text
    assert 'href="/observatory/agreements/state/ga/"' in text[text.index("But 1 agreement") :]
    assert "No agency of Fulton County" not in text
    assert "No row of the list names" not in look("/observatory/agreements/?q=Bibb+County,+Georgia")


@pytest.mark.parametrize("asked", ["30303", "30303-1234"])
def test_a_zip_code_names_its_county_and_answers_for_it(look, asked):
    text = look(f"/observatory/agreements/?q={asked}")
    assert "The ZIP code 30303 lies in Fulton County, Georgia" in text
    assert "No agency of Fulton County, Georgia holds an agreement" in text


def test_a_zip_code_names_its_county_in_spanish(look):
    text = look("/observatory/es/agreements/?q=30303")
    assert "30303 está en este lugar: condado de Fulton, Georgia" in text


def test_a_zip_code_of_no_known_county_is_said_to_be_one(look):
    text = look("/observatory/agreements/?q=00000")
    assert "In which county the ZIP code 00000 lies is not known here" in text
    assert "holds an agreement on this list" not in text


@pytest.mark.parametrize("asked", ["Bibbb+Conty+Sherif", "bibb+sherrif", "Maccon+polise"])
def test_it_offers_what_is_written_almost_so(look, asked):
    text = look(f"/observatory/agreements/?q={asked}")
    assert "No agency has all of these words" in text
    near = text[text.index('id="near"') : text.index('id="now"')]
    assert ("Macon Police" if asked.startswith("Mac") else "Bibb County Sheriff") in near


def test_it_shows_the_map_with_the_same_numbers_in_a_table(look):
    text = look("/observatory/agreements/")
    assert 'aria-label="Georgia: 3 agreements"' in text
    assert "Bibb County, GA: Bibb County Sheriff" in text or "Bibb, GA: Bibb County" in text
    table = text[text.index('id="by-state"') :]
    assert 'href="/observatory/agreements/state/ga/">Georgia</a></th><td class="n">3<' in table
    assert "<script" not in text
    assert "style=" not in text


def test_the_map_has_a_file_of_its_own_numbers(look):
    assert 'href="/observatory/agreements/map.csv"' in look("/observatory/agreements/")
    rows = list(csv.DictReader(io.StringIO(look("/observatory/agreements/map.csv"))))
    (state,) = (row for row in rows if row["by"] == "state" and row["state"] == "GA")
    assert (state["agreements"], state["agencies"], state["source"]) == ("3", "2", "list-2")
    (county,) = (row for row in rows if row["by"] == "county")
    assert (county["state"], county["fips"]) == ("GA", "13021")
    assert (county["agreements"], county["agencies"]) == ("3", "2")
    assert county["agency_ids"] == f"{BIBB}|{MACON}"
    (texas,) = (row for row in rows if row["state"] == "TX")
    assert (texas["by"], texas["agreements"], texas["agencies"]) == ("state", "0", "0")


def test_the_file_of_the_map_has_what_the_map_shows_of_every_state(monkeypatch):
    """Of the packaged record; what has no circle is told too, so that each state adds up."""
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    record = open_record()
    told = [dict(zip(MAP_HEADINGS, row, strict=True)) for row in map_rows(record)]
    country = agreements_map(record, "en")
    of_states = {row["state"]: row for row in told if row["by"] == "state"}
    assert {code: of_states[code]["agreements"] for code in country.states} == {
        code: shown.value for code, shown in country.states.items()
    }
    circles = [row["agencies"] for row in told if row["by"] == "county"]
    assert len(circles) > 500
    assert sorted(circles) == sorted(spot.value for spot in country.spots)
    lost = [row for row in told if row["by"].startswith("state agency")]
    assert lost
    for code, state in of_states.items():
        parts = [row for row in told if row["state"] == code and row["by"] != "state"]
        for name in ("agreements", "agencies"):
            assert sum(row[name] for row in parts) == state[name], code


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("", ("In 638 of 3,142 counties an agency of any kind",
              "In 6 of them it is only an agency of the state",
              "there are 245, held by 242 agencies, of which 58 are of a state")),
        ("es/", ("En 638 de 3,142 condados, una agencia de cualquier tipo",
                 "En 6 de ellos es solo una agencia del estado",
                 "hay 245, de 242 agencias, de las que 58 son de un estado")),
    ],
)  # fmt: skip
def test_it_says_in_how_many_counties_there_is_any_agreement(look, monkeypatch, language, says):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    forget_pages()
    text = look(f"/observatory/{language}agreements/")
    for part in says:
        assert part in text
    file = f"/observatory/{language}agreements/counties.csv"
    assert f'href="{file}"' in text
    rows = list(csv.DictReader(io.StringIO(look(file))))
    told = [row for row in rows if row["fips"]]
    assert len(told) == len({row["fips"] for row in told}) == 638
    assert sum(int(row["agreements"]) for row in rows) == 1204
    assert sum(int(row["agreements"]) for row in rows if not row["fips"]) == 245
    only = [row for row in told if row["agencies"] == row["of_state"]]
    assert len(only) == 6


def test_a_county_of_a_territory_is_none_of_those_that_are_counted(look, tmp_path, monkeypatch):
    """It stands in the file; the number of all counties is of the states and the District."""
    island = agency("gu-police", "Guam Police", state="GU", county="Guam", county_fips="66010")
    folder = write_record(tmp_path / "island", **{**TABLES, "agencies": [
        *TABLES["agencies"], island]})  # fmt: skip
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    forget_pages()
    assert "In 1 of 3,142 counties" in look("/observatory/agreements/")
    rows = list(csv.DictReader(io.StringIO(look("/observatory/agreements/counties.csv"))))
    assert [row["fips"] for row in rows] == ["13021", "66010"]


def test_it_tells_how_many_people_live_under_an_agreement_and_what_is_left_out(look):
    text = look("/observatory/agreements/")
    assert "153,159 people live in the one county whose own sheriff" in text
    assert "1 July 2019" in text
    assert "cities and towns (agencies: 1)" in text
    rows = list(csv.DictReader(io.StringIO(look("/observatory/agreements/people.csv"))))
    assert [(row["county"], row["people"], row["people_row"]) for row in rows] == [
        ("Bibb County", "153159", "412")
    ]


def test_the_page_of_an_agency_traces_each_agreement_to_its_row(look):
    text = look(f"/observatory/agreements/agency/{BIBB}/")
    assert 'href="/observatory/source/list-2/?sheet=Sheet1&amp;row=8"' in text
    assert "row 8 of the list of 1 March 2026" in text
    assert 'href="https://www.ice.gov/bibb.pdf"' in text
    assert "BIBB CO SHERIFF" in text
    assert 'href="/observatory/source/county-population/?row=412"' in text
    assert "Macon Police Department" in text
    there = look("/observatory/source/list-2/?sheet=Sheet1&row=8")
    assert "Bibb County Sheriff" in there
    assert "jail enforcement" in there
    assert "153,159" in look("/observatory/source/county-population/?row=412")


def test_it_says_of_an_agency_that_is_gone_since_when(look):
    text = look(f"/observatory/agreements/agency/{HARBOR}/")
    assert "gone by 1 March 2026" in text
    assert "the agreement stands under another agency in the other list" in text
    assert "a question about this agency" in text
    assert "records-request" not in text
    assert "not known" in text


def test_it_shows_what_is_new_between_the_two_newest_lists(look):
    text = look("/observatory/agreements/changes/")
    assert "Compared with the list of 1 February 2026" in text
    for heading in ("New: 1 agreement", "Gone from the list: 1", "Changed the model: 1"):
        assert heading in text
    assert "was warrant service officer" in text
    assert "was named BIBB CO SHERIFF" in text
    assert "had another model before" in text
    look("/observatory/agreements/changes/2026-03-01/")
    look("/observatory/agreements/changes/2026-02-01/", status=404)
    look("/observatory/agreements/changes/2026-13-01/", status=404)


def test_the_page_of_a_state_has_its_agencies_lists_and_history(look):
    text = look("/observatory/agreements/state/ga/")
    assert "Bibb County Sheriff" in text
    assert "Harbor" not in text
    assert 'href="/observatory/source/list-2/"' in text
    texas = look("/observatory/agreements/state/tx/")
    assert "Agencies that are on an earlier list only" in texas
    assert "No agency of Ohio is on any of the lists" in look("/observatory/agreements/state/oh/")
    look("/observatory/agreements/state/zz/", status=404)


def test_the_other_language_keeps_the_question(look):
    assert 'href="/observatory/es/agreements/?q=Macon"' in look("/observatory/agreements/?q=Macon")


def test_it_speaks_spanish_too(look):
    text = look("/observatory/es/agreements/")
    assert 'lang="es"' in text
    assert "Acuerdos 287(g)" in text
    assert "grupo de trabajo" in text
    assert "153,159 personas viven" in text
    assert "tenía otro modelo antes" in look("/observatory/es/agreements/changes/")


def test_the_files_have_every_agreement_with_its_source_and_row(look):
    rows = list(csv.DictReader(io.StringIO(look("/observatory/agreements.csv"))))
    assert len(rows) == 4
    assert {(row["source"], row["row"]) for row in rows} == {
        *(("list-2", number) for number in "789"), ("list-1", "3"),
    }  # fmt: skip
    assert [row["active"] for row in rows if row["agency"] == HARBOR] == ["no"]
    texas = list(csv.DictReader(io.StringIO(look("/observatory/agreements.csv?state=TX"))))
    assert [row["agency"] for row in texas] == [HARBOR]
    history = list(csv.DictReader(io.StringIO(look("/observatory/agreements/history.csv"))))
    assert len(history) == 4


def test_drafts_can_be_taken_along_each_a_draft_of_this_agency(look):
    base = f"/observatory/agreements/agency/{BIBB}"
    notice = Document(io.BytesIO(look(f"{base}/jail-enforcement/notice.docx")))
    text = "\n".join(
        [p.text for p in notice.paragraphs]
        + [cell.text for table in notice.tables for row in table.rows for cell in row.cells]
    )
    assert "Bibb County Sheriff's Office ends the Memorandum" in text
    assert "list-2.xlsx, sheet Sheet1, row 8" in text
    assert "own clause on ending it has not been read" in text
    assert "DRAFT" in notice.sections[0].header.paragraphs[0].text
    assert look(f"{base}/request.pdf").startswith(b"%PDF")
    look(f"{base}/warrant-service-officer/notice.docx", status=404)
    look(f"/observatory/agreements/agency/{HARBOR}/request.pdf", status=404)


def test_a_batch_of_drafts_has_one_an_agreement_and_one_an_agency(look):
    packed = zipfile.ZipFile(io.BytesIO(look("/observatory/agreements/state/ga/drafts-1.zip")))
    assert sorted(packed.namelist()) == [
        f"{BIBB}--jail-enforcement--notice-of-termination-DRAFT.docx",
        f"{BIBB}--records-request-DRAFT.docx",
        f"{BIBB}--task-force--notice-of-termination-DRAFT.docx",
        f"{MACON}--records-request-DRAFT.docx",
        f"{MACON}--task-force--notice-of-termination-DRAFT.docx",
    ]
    look("/observatory/agreements/state/ga/drafts-2.zip", status=404)
    look("/observatory/agreements/state/tx/drafts-1.zip", status=404)


def test_a_clause_that_somebody_has_read_is_in_the_drafts_of_the_pages(look, settings, tmp_path):
    settings.HOME = tmp_path
    header = "agency,model,clause,where,days_of_notice,read_by,read_on\n"
    row = f"{BIBB},task force,It ends in writing.,page 9,30,A. Reader,2026-03-15\n"
    (tmp_path / "287g-clauses.csv").write_text(header + row, encoding="utf-8")
    base = f"/observatory/agreements/agency/{BIBB}"
    said = {
        model: "\n".join(
            p.text for p in Document(io.BytesIO(look(f"{base}/{model}/notice.docx"))).paragraphs
        )
        for model in ("task-force", "jail-enforcement")
    }
    assert "It ends in writing." in said["task-force"]
    assert "ends 30 days after" in said["task-force"]
    assert "has not been read" in said["jail-enforcement"]
    (tmp_path / "287g-clauses.csv").write_text(header + row.replace(BIBB, "ga-nobody"))
    faulty = Document(io.BytesIO(look(f"{base}/task-force/notice.docx")))
    assert "has not been read" in "\n".join(p.text for p in faulty.paragraphs)


def test_a_record_without_lists_says_so(tmp_path, monkeypatch):
    folder = tmp_path / "empty"
    empty = dict.fromkeys(("agreements", "agencies", "agreement_history", "agreement_counts"), ())
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(folder, figures=(), **empty)))
    forget_pages()
    client = Client(SERVER_NAME="localhost")
    assert "The record has no list of agreements" in client.get("/observatory/agreements/").text
    assert "one before it to compare" in client.get("/observatory/agreements/changes/").text


def test_a_record_that_cannot_be_read_is_told_and_nothing_crashes(tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(tmp_path / "nowhere"))
    forget_pages()
    client = Client(SERVER_NAME="localhost")
    for path in ("agreements/", f"agreements/agency/{BIBB}/request.pdf"):
        answer = client.get(f"/observatory/{path}")
        assert answer.status_code == 503
        assert "no public record" in answer.text


def test_a_count_of_a_state_in_an_older_list_leads_to_its_rows(
    client, monkeypatch, settings, tmp_path
):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()
    page = client.get("/observatory/agreements/state/ga/").content.decode()
    counts = page.split('id="lists"')[1].split("</section>")[0]
    links = re.findall(r'class="figure" href="([^"]+)">([\d,]+)</a>', counts)
    assert [number for _, number in links] == ["40", "37", "29", "27", "17", "17", "6", "6"]
    for link, number in links:
        assert "last_row=" in link
        told = client.get(html.unescape(link)).content.decode()
        assert f">{number}</td>" in told
        assert "nothing from this place" not in told
