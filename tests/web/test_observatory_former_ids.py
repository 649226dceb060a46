"""An address that a facility once had leads on to it; one that none ever had says where to look."""

import pytest
from tests.web.invented_record import write_record

from wayhome.public_record.record import open_record
from wayhome.web.observatory import records
from wayhome.web.observatory.pages import forget_pages

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
FILES = ("", "population.svg", "population.csv", "days.csv", "fields.csv")
FORMER = {"facility": "harborga", "former": "ga-harbour-processing-ctr"}
# The ids of the seven that were decided to be one with another facility.
JOINED = {
    "ga-fci-atlanta": "bopatl",
    "ia-scott-county-det-facility": "scottia",
    "ky-laurel-county-correctional-center": "larelky",
    "la-nelson-coleman-correction": "nlscola",
    "pa-fdc-philadelphia": "bopphl",
    "sd-pennington-county-jail-south-dakota": "pennisd",
    "tx-dilley-immigration-processing-center": "stfrctx",
}


@pytest.fixture
def write(monkeypatch, tmp_path):
    def written(*rows):
        folder = write_record(tmp_path / "record", facility_former_ids=rows)
        monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
        monkeypatch.setattr(records, "_opened", None)
        forget_pages()

    return written


@pytest.fixture
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path
    monkeypatch.setattr(records, "_opened", None)
    forget_pages()


@pytest.mark.parametrize("language", ["", "es/"])
@pytest.mark.parametrize("file", FILES)
def test_a_former_address_leads_to_the_same_page_or_file_of_the_facility(
    client, write, language, file
):
    write(FORMER)
    base = f"/observatory/{language}facilities"
    answer = client.get(f"{base}/{FORMER['former']}/{file}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{base}/harborga/{file}"
    # A decision may be undone: no browser may keep it for ever.
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert client.head(f"{base}/{FORMER['former']}/{file}").status_code == 301


def test_a_former_address_is_one_only_as_long_as_the_record_says_so(client, write):
    path = f"/observatory/facilities/{FORMER['former']}/"
    write(FORMER)
    assert client.get(path).status_code == 301
    write()
    assert client.get(path).status_code == 404


def test_an_id_in_use_leads_nowhere_else(client, write):
    write({"facility": "harborga", "former": "orchardga"})
    answer = client.get("/observatory/facilities/orchardga/")
    assert answer.status_code == 200
    assert "ORCHARD COUNTY JAIL" in answer.content.decode()


@pytest.mark.parametrize("former", JOINED)
def test_what_was_joined_in_the_packaged_record_leads_on(client, packaged, former):
    for language in ("", "es/"):
        answer = client.get(f"/observatory/{language}facilities/{former}/", follow=True)
        (to, status), *others = answer.redirect_chain
        assert (to, status, others) == (
            f"/observatory/{language}facilities/{JOINED[former]}/", 301, []
        )  # fmt: skip
        assert answer.status_code == 200


def test_former_ids_of_the_packaged_record_lead_to_facilities_that_it_has():
    record = open_record()
    ids = set(record.table("facilities").column("facility").to_pylist())
    rows = record.table("facility_former_ids").to_pylist()
    assert len({row["former"] for row in rows}) == len(rows)
    assert {row["facility"] for row in rows} <= ids
    assert not {row["former"] for row in rows} & ids
    assert JOINED.items() <= record.former_facilities.items()


@pytest.mark.parametrize("file", FILES)
def test_an_id_that_never_was_is_not_found_and_offers_the_search(client, write, file):
    write(FORMER)
    answer = client.get(f"/observatory/facilities/ga-orchard-jail/{file}")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert '<form class="search" method="get" role="search" action="/observatory/facilities/">' in (
        text
    )
    assert 'value="ga orchard jail"' in text
    assert 'href="/observatory/facilities/orchardga/"' in text, "what is meant is offered"
    assert 'href="/observatory/es/facilities/ga-orchard-jail/' in text
    spanish = client.get(f"/observatory/es/facilities/ga-orchard-jail/{file}")
    assert spanish.status_code == 404
    assert "Ningún centro tiene esta dirección" in spanish.content.decode()


@pytest.mark.parametrize(
    "id", ["-", "%3Cb%3E", "x" * 5000, "stewrat-" * 700, "%E2%80%AE", "Harborga"]
)
def test_a_strange_id_is_only_not_found(client, write, id):
    write(FORMER)
    answer = client.get(f"/observatory/facilities/{id}/")
    assert answer.status_code == 404
    assert "<b>" not in answer.content.decode()
