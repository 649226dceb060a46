"""Public pages of the docket: counts with denominators, nothing small, SYNTHETIC in words."""

import csv
import io

import pytest
from django.test import Client
from tests.web.invented_docket import DOCKET, TABLES
from tests.web.invented_record import SOURCES, write_record

from wayhome.web.observatory.pages import forget_pages


@pytest.fixture
def look(tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record", **TABLES)))
    forget_pages()

    def get(path, status=200):
        answer = Client(SERVER_NAME="localhost").get(path)
        assert answer.status_code == status, path
        assert not answer.cookies
        return answer.content.decode("utf-8-sig")

    return get


@pytest.mark.parametrize(
    "path",
    [
        *("docket/", "docket/pending/court/", "docket/in_absentia/nationality/"),
        *("docket/granted/nationality/", "docket/detained/represented/", "docket/demands/"),
        *("docket/demands/haiti_halt/", "docket/pending/court.svg", "docket/pending/year.svg"),
        *("docket/granted/nationality.svg", "docket/demands.svg", "docket/demands.csv"),
        *("docket/pending/court.csv", "source/docket-2026/"),
    ],
)
def test_every_page_picture_and_file_of_an_invented_docket_says_synthetic(look, path):
    assert "SYNTHETIC" in look(f"/observatory/{path}")
    assert "SYNTHETIC" in look(f"/observatory/es/{path}")


def test_a_docket_that_is_not_invented_is_not_called_so(tmp_path, monkeypatch):
    real = [{**source, "synthetic": "no"} for source in (*SOURCES, DOCKET)]
    real[-1]["file"] = "EOIR-release.zip"
    folder = write_record(tmp_path / "record", **{**TABLES, "sources": real})
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    forget_pages()
    client = Client(SERVER_NAME="localhost")
    for path in ("", "pending/court/", "pending/court.svg", "demands/", "demands.svg"):
        assert "SYNTHETIC" not in client.get(f"/observatory/docket/{path}").content.decode()


def test_it_names_the_denominator_beside_every_share(look):
    text = look("/observatory/docket/in_absentia/nationality/")
    assert "closed cases of which the outcome is known, and whether the person was there" in text
    row = text[text.index('<th scope="row">Honduras') :].split("</tr>")[0]
    assert '<td class="n">150</td><td class="n">1,000</td><td class="n">15.0%</td>' in row
    assert "14.0% – 16.0%" in row
    assert "not known" in text


def test_it_says_which_groups_are_too_small_and_gives_them_no_number(look):
    text = look("/observatory/docket/pending/court/")
    together = text[text.index("counted together") :]
    assert "Harlingen (HLG)" in together
    rows = list(csv.DictReader(io.StringIO(look("/observatory/docket/pending/court.csv"))))
    (small,) = [row for row in rows if row["group"] == "HLG"]
    assert (small["count"], small["denominator"]) == ("", "")
    assert small["counted_together_as_too_few"] == "yes"


def test_years_are_shown_from_the_newest_and_other_groups_from_the_largest(look):
    years = look("/observatory/docket/pending/year/")
    assert years.index('<th scope="row">2024') < years.index('<th scope="row">2023')
    courts = look("/observatory/docket/pending/court/")
    assert courts.index('<th scope="row">New York') < courts.index('<th scope="row">all other')


def test_a_picture_says_its_numbers_for_who_does_not_see_it(look):
    page = look("/observatory/docket/granted/nationality/")
    assert "Highest: China 9%. Lowest: Honduras 4%." in page
    svg = look("/observatory/docket/granted/nationality.svg")
    assert 'role="img"' in svg
    assert "<desc" in svg
    assert "Highest: China 9%" in svg
    assert "style=" not in svg


def test_it_shows_whom_a_demand_reaches_and_of_whom_nobody_can_tell(look):
    text = look("/observatory/docket/demands/")
    row = text[text.rindex("Halt deportations to Haiti") :].split("</tr>")[0]
    cells = '<td class="n">30</td><td class="n">2,900</td><td class="n">70</td>'
    assert cells in row
    assert "By the law of 1 June 2026" in text
    one = look("/observatory/docket/demands/haiti_halt/")
    assert "New York" in one
    look("/observatory/docket/demands/nix/", status=404)


def test_it_speaks_spanish_too(look):
    text = look("/observatory/es/docket/in_absentia/nationality/")
    assert "Órdenes de expulsión en ausencia por nacionalidad" in text
    assert "casos cerrados de los que se conoce el resultado" in text
    assert "Detener las deportaciones a Haití" in look("/observatory/es/docket/demands/")


def test_without_a_docket_it_says_so_and_how_to_publish_one(tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record")))
    forget_pages()
    client = Client(SERVER_NAME="localhost")
    text = client.get("/observatory/docket/").text
    assert "No docket has been published here" in text
    assert "wayhome publish --docket" in text
    assert client.get("/observatory/docket/pending/court/").status_code == 404
    assert client.get("/observatory/docket/demands/").status_code == 404


def test_it_knows_no_other_measure_or_dimension(look):
    look("/observatory/docket/pending/lawyer/", status=404)
    look("/observatory/docket/removed/court/", status=404)


@pytest.mark.parametrize(
    ("rest", "says", "does_not_say"),
    [
        ("no", "the court docket here is invented", "Some of the data"),
        ("yes", "Some of the data on these pages is invented", "the court docket here is invented"),
    ],
)
def test_every_page_says_whether_the_docket_alone_is_invented(
    tmp_path, monkeypatch, rest, says, does_not_say
):
    sources = [*({**source, "synthetic": rest} for source in SOURCES), DOCKET]
    folder = write_record(tmp_path / "record", **{**TABLES, "sources": sources})
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    forget_pages()
    page = Client(SERVER_NAME="localhost").get("/observatory/docket/").content.decode()
    assert says in page
    assert does_not_say not in page


@pytest.mark.parametrize(("rest", "is_marked"), [("no", False), ("yes", True)])
def test_the_map_of_people_is_marked_where_its_own_sources_are_invented(
    tmp_path, monkeypatch, rest, is_marked
):
    sources = [*({**source, "synthetic": rest} for source in SOURCES), DOCKET]
    folder = write_record(tmp_path / "record", **{**TABLES, "sources": sources})
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    forget_pages()
    drawn = Client(SERVER_NAME="localhost").get("/observatory/detention/map.svg").content.decode()
    assert ("SYNTHETIC" in drawn) is is_marked
