"""What stands on a Spanish page is Spanish, a name, or marked as English."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.pages_of_observatory import AGREEMENT_PAGES, PAGES, STATISTICS
from tests.web.invented_docket import TABLES as DOCKET_TABLES
from tests.web.invented_record import write_record

from wayhome.public_record.publishing.sources import told_of_publications
from wayhome.public_record.record import open_record
from wayhome.web.observatory.maps.places import counties, states
from wayhome.web.observatory.pages import forget_pages
from wayhome.web.observatory.source_words import licence_in, title_in

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
_EMPTY = {"meta", "link", "img", "input", "br", "rect", "path", "circle", "hr"}
_TOLD_BY = {"alt", "title", "aria-label", "data-label"}
# The same word in both languages, or a name.
_SAME = {"Wayhome", "Word", "Español", "English", "federal", "ICE", "SHA-256"}


class Unmarked(HTMLParser):
    """The texts of a page, also those that are only heard, outside of what is marked English."""

    def __init__(self, page):
        super().__init__()
        self.texts, self._open = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        marked = (told.get("lang") == "en" and tag != "html") or tag == "code"  # a command
        marked = marked or (bool(self._open) and self._open[-1][1] and told.get("lang") is None)
        if not marked:
            self.texts |= {told[name] for name in _TOLD_BY if told.get(name)}
        if tag not in _EMPTY:
            self._open.append((tag, marked))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if not (self._open and self._open[-1][1]):
            self.texts.add(" ".join(text.split()).strip(" ,:;.·“”"))


@pytest.fixture(autouse=True)
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()


@pytest.fixture(scope="module")
def names():
    """Everything in the record that is called by its own name in any language."""
    record = open_record()
    found = {state.name for state in states().values()} | {one.name for one in counties().values()}
    for table, columns in (
        ("facilities", ("name", "city", "county", "code", "facility")),
        ("facility_names", ("name", "code")),
        ("agencies", ("name", "county")),
    ):
        for column in columns:
            found |= set(record.table(table)[column].to_pylist())
    values = record.table("facility_fields").to_pylist()
    found |= {row["value"] for row in values if row["field"] in ("operator", "address", "city")}
    found |= {one.file for one in record.sources.values()}
    return {str(name) for name in found if name}


def _is_said(text, names):
    """Whether it is no words of English: a name, a number, a code, an address."""
    text = text.removesuffix(" · Wayhome").removesuffix(", Florida")
    is_words = re.search(r"[a-z]{3}", text) and "://" not in text
    return not is_words or text in names | _SAME or re.fullmatch(r"[\w.-]*[\d_][\w.-]*", text)


@pytest.mark.parametrize("path", [*PAGES.values(), *AGREEMENT_PAGES.values()])
def test_no_english_stands_unmarked_on_a_spanish_page(client, names, path):
    assert _english_of(client, path, names) == set()


@pytest.mark.parametrize(
    "path",
    [
        *("", "pending/court/", "in_absentia/nationality/", "granted/nationality/"),
        *("detained/represented/", "demands/", "demands/haiti_halt/"),
    ],
)
def test_no_english_stands_unmarked_on_a_spanish_page_of_the_docket(
    client, names, path, tmp_path, monkeypatch
):
    folder = write_record(tmp_path / "record", **DOCKET_TABLES)
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    courts = {"New York (Federal Plaza) (NYC)", "Harlingen (HLG)", "China", "Honduras"}
    assert _english_of(client, f"docket/{path}", names | courts) == set()


def _english_of(client, path, names):
    """What stands unmarked on a page in both languages, and is no name."""
    english, spanish = (
        Unmarked(client.get(base + path).content.decode())
        for base in ("/observatory/", "/observatory/es/")
    )
    both = english.texts & spanish.texts
    assert len(spanish.texts) > 20
    # A circle of the map of agreements is named by its county and the agencies there.
    return {one for one in both if not _is_said(one.split(": ")[-1].split("; ")[0], names)}


def test_every_publication_has_its_title_and_terms_in_spanish():
    for name, told in told_of_publications().items():
        assert told["title_es"].count("{file}") == told["title"].count("{file}") == 1, name
        assert told["title_es"] != told["title"], name
        assert bool(told.get("licence_es")) == bool(told.get("licence")), name


def test_a_source_is_called_by_its_publication_and_file():
    source = open_record().sources[STATISTICS]
    file = "FY26_detentionStats_04092026.xlsx"
    assert title_in("es", source) == (f"Estadísticas de detención de ICE, libro {file}", True)
    assert title_in("en", source) == (f"ICE detention statistics, workbook {file}", True)
    assert licence_in("es", source)[0].startswith("Obra del gobierno de EE. UU., dominio público.")


def test_a_title_of_its_own_is_kept_and_marked_as_english(client, tmp_path, monkeypatch):
    source = open_record().sources[STATISTICS]
    for own in (
        replace(source, title="Statistics, corrected by hand"),
        replace(source, publication="of nobody's"),
    ):
        assert title_in("es", own) == (own.title, False)
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record")))
    page = client.get("/observatory/es/source/stats-2026/").content.decode()
    assert '<h1><span lang="en">Invented statistics 2026</span></h1>' in page
    assert "<title>Invented statistics 2026 · Wayhome</title>" in page


def test_words_of_a_source_are_marked_and_its_names_are_not(client):
    page = client.get("/observatory/es/facilities/etowaal/").content.decode()
    assert '<span lang="en">Preoccupancy</span>' in page
    assert '<span lang="en">GADSDEN</span>' not in page
    english = client.get("/observatory/facilities/etowaal/").content.decode()
    assert '<span lang="en">Preoccupancy</span>' not in english


@pytest.mark.parametrize(
    ("language", "county"), [("", "Brevard County"), ("es/", "condado de Brevard")]
)
def test_an_agency_has_its_county_in_the_language_of_the_page(client, language, county):
    page = f"/observatory/{language}agreements/agency/fl-satellite-beach-police-department/"
    assert f"{county}, " in client.get(page).content.decode()
