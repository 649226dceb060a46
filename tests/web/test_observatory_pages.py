"""The observatory as everybody reads it: from the packaged record, in both languages."""

import csv
import io
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from tests.pages_of_observatory import FILES, PAGES
from tests.web.invented_record import write_record

from wayhome.public_record.record import open_record
from wayhome.web.observatory.pages import forget_pages
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES, words

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
BASES = {"en": "/observatory/", "es": "/observatory/es/"}
# Too large to be drawn in a page's own time, or of another's making.
FIGURES_PAGES = ("observatory", "observatory_demand", "observatory_detention",
                 "observatory_facility", "observatory_facilities", "observatory_figure")  # fmt: skip


@pytest.fixture(autouse=True)
def packaged(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()


class Links(HTMLParser):
    """Every address of a page, those of numbers by themselves, and what may not be in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.figures, self.faults = [], {}, []
        self._figure = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        for name in ("href", "src"):
            if told.get(name):
                self.links.append(told[name])
        if tag == "a" and told.get("class") == "figure":
            self._figure = told["href"]
            self.figures[self._figure] = ""
        if tag in ("script", "style") or "style" in told or any(n.startswith("on") for n in told):
            self.faults.append((tag, attributes))

    def handle_data(self, text):
        if self._figure:
            self.figures[self._figure] += text.strip()

    def handle_endtag(self, tag):
        if tag == "a":
            self._figure = None


@pytest.mark.parametrize("language", BASES)
@pytest.mark.parametrize("name", PAGES)
def test_it_draws_every_page_in_both_languages(client, name, language):
    response = client.get(BASES[language] + PAGES[name])
    text = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in text
    page = Links(text)
    assert page.faults == []
    hosts = {urlsplit(link).netloc for link in page.links if "://" in link}
    assert not any(link for link in page.links if link.startswith("//"))
    assert [link for link in page.links if re.search(r"\s", link)] == []
    # Only a source's own address leads elsewhere, and nothing of it is loaded.
    assert not hosts or name.startswith("observatory_source"), hosts
    other = "es" if language == "en" else "en"
    assert any(link.startswith(BASES[other]) for link in page.links)


@pytest.mark.parametrize("name", FILES)
def test_it_gives_every_file(client, name):
    for base in BASES.values():
        response = client.get(base + FILES[name])
        assert response.status_code == 200
        if FILES[name].endswith(".csv"):
            rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
            assert len(rows) > 1
            assert {len(row) for row in rows} == {len(rows[0])}
        else:
            assert response.content.startswith(b"<svg ")
            assert b"style=" not in response.content


@pytest.mark.parametrize("name", FIGURES_PAGES)
def test_every_number_leads_to_its_source(client, name):
    """By one click to the file with its hash, where the very number stands again."""
    at = BASES["en"] + PAGES[name]
    figures = Links(client.get(at).content.decode()).figures
    assert figures or name == "observatory_figure"
    for link, number in figures.items():
        response = client.get(urljoin(at, link))
        assert response.status_code == 200, link
        text = unescape(response.content.decode())
        assert re.search(r"\b[0-9a-f]{16}(…|[0-9a-f]{48}\b)", text), f"no hash: {link}"
        assert re.search(rf"(?<![\w.,]){re.escape(number)}(?![\w,]|\.\d)", text), (link, number)


def test_a_value_of_a_facility_stands_on_the_page_of_its_cell(client):
    page = client.get(BASES["en"] + PAGES["observatory_facility"]).content.decode()
    cells = [link for link in Links(page).figures if "row=" in link and "sheet=" in link]
    assert len(cells) > 10
    for link in cells:
        text = client.get(link).content.decode()
        assert 'href="/observatory/facilities/stwrtga/"' in text, link


def test_a_figure_has_a_line_to_copy_with_source_and_row(client):
    text = client.get(BASES["en"] + PAGES["observatory_figure"]).content.decode()
    line = re.search(r'class="cite">(.*?)</p>', text).group(1)
    for part in (
        "60,311",
        "4 April 2026",
        "FY26_detentionStats_04092026.xlsx",
        "row 20",
        "SHA-256",
    ):
        assert part in line


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("terms: Cite the Deportation Data Project;",
                "all facilities, added by day, average of 28 days", "date 2026-02-01 to")),
        ("es", ("condiciones: Debe citarse al Deportation Data Project;",
                "todos los centros, sumado por día, promedio de 28 días",
                "date del 1 de febrero de 2026 al")),
    ],
)  # fmt: skip
def test_a_line_to_copy_names_the_terms_the_address_and_what_is_added(client, language, says):
    page = client.get(f"{BASES[language]}figure/people_midnight_month/2026-02-28/")
    line = unescape(re.search(r'class="cite">(.*?)</p>', page.content.decode()).group(1))
    for part in (*says, "https://deportationdata.org/data/ice.html", "n_detained_at_midnight"):
        assert part in line
    row = client.get(f"{BASES[language]}figure/people_midnight_month/2026-02-28.csv")
    assert "Cite the Deportation Data Project" in row.content.decode()


def test_a_source_without_terms_has_none_in_the_line_to_copy(client, tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record")))
    page = client.get("/observatory/figure/agreements_active/2026-03-01/").content.decode()
    line = re.search(r'class="cite">(.*?)</p>', page).group(1)
    assert "The rows of the list were counted" in line
    assert "terms" not in line


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "the headings of a CSV are row 1; a Parquet file has no line of headings"),
        ("es", "los encabezados de un CSV son la fila 1; un archivo Parquet no tiene línea"),
    ],
)
@pytest.mark.parametrize("path", ["about/", "source/daily-2026-03-10/"])
def test_it_says_from_where_rows_are_counted(client, language, says, path):
    assert says in client.get(BASES[language] + path).content.decode()


@pytest.mark.parametrize("name", ["observatory", "observatory_detention", "observatory_facilities"])
def test_no_link_of_a_page_leads_nowhere(client, name):
    at = BASES["es"] + PAGES[name]
    links = {
        urljoin(at, link).split("#")[0]
        for link in Links(client.get(at).content.decode()).links
        if not link.startswith(("data:", "http", "#", "/static/"))
    }
    kinds = {}
    for link in sorted(links):  # three of each kind: a hundred facilities are one kind
        kinds.setdefault(re.sub(r"[^/]+/?(\?.*)?$", "", link), []).append(link)
    wrong = [
        link
        for of_kind in kinds.values()
        for link in of_kind[:3]
        if client.get(link).status_code != 200
    ]
    assert wrong == []


def test_nothing_is_kept_of_who_looks(client, django_assert_num_queries):
    client.get(BASES["en"] + "detention/")
    with django_assert_num_queries(0):
        response = client.get(BASES["en"] + "detention/")
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    again = client.get(
        BASES["en"] + "detention/", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.content == b""


def test_it_only_reads(client):
    for name in ("", "facilities/", "chart/people.svg"):
        assert client.post(BASES["en"] + name).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "demands.csv?on=tomorrow", "facilities/?page=0", "facilities/?page=99", "facilities/?page=x",
        "facilities/nobody/", "state/zz/", "source/none/", "source/facilities-2017/?row=x",
        "source/facilities-2017/?row=99999999999999999999", "demands.csv?on=2026-02-30",
        "figure/detained_total/1999-01-01/", "figure/none/2026-04-02/", "series/none.csv",
        "chart/none.svg", "demand/none/", "facilities/nobody/fields.csv",
        "closing-plan/?case=none", "closing-plan/none.csv",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, path):
    if path == "closing-plan/?case=none" and not open_record().table("closing_plan").num_rows:
        pytest.skip("the packaged record has no plan")
    assert client.get(BASES["en"] + path).status_code == 404


@pytest.mark.parametrize("end", ["/", ".csv"])
def test_a_count_is_of_the_day_that_the_footnotes_tell_and_its_old_address_leads_on(client, end):
    days = [told.on for told in open_record().series("detained_total")]
    assert days == [date(2021, 4, 10), date(2024, 10, 3), date(2026, 4, 4)]
    for old, now in (("2026-04-02", "2026-04-04"), ("2024-09-30", "2024-10-03")):
        answer = client.get(f"{BASES['es']}figure/detained_total/{old}{end}")
        assert answer.status_code == 301
        assert answer.url == f"{BASES['es']}figure/detained_total/{now}{end}"
    never = client.get(f"{BASES['en']}figure/detained_total/2026-04-20{end}")
    assert never.status_code == 404
    of_months = client.get(f"{BASES['en']}figure/book_ins_month/2026-03-29{end}")
    assert of_months.status_code == 404


@pytest.mark.parametrize("asked", ["on=4/9/2026", "on=2026-02-30", "suppose=tomorrow"])
@pytest.mark.parametrize("path", ["", "demand/close_facilities/"])
def test_a_day_that_cannot_be_read_is_told_and_left_out(client, path, asked):
    shown = client.get(f"{BASES['en']}{path}?{asked}").content.decode()
    assert "cannot be read" in shown
    assert "2021-09-01" in shown
    assert "cannot be read" not in client.get(BASES["en"] + path).content.decode()


@pytest.mark.parametrize(
    "asked",
    ["Stewart County", "stewart", "LUMPKIN, Georgia", "STWRTGA", "the jail in Stewart county",
     "31815", "stewrat detenton"],
)  # fmt: skip
def test_a_commissioner_finds_her_jail(client, asked):
    text = client.get(BASES["en"] + "facilities/", {"q": asked}).content.decode()
    assert 'href="/observatory/facilities/stwrtga/"' in text


def test_a_list_is_narrowed_by_state_and_by_who_runs_it(client):
    answer = client.get(BASES["en"] + "facilities.csv", {"state": "TX", "contract": "private"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows
    assert {(row["state"], row["contract"]) for row in rows} == {("TX", "private")}
    every = client.get(BASES["en"] + "facilities.csv").content.decode("utf-8-sig")
    assert every.count("\n") - 1 == open_record().table("facilities").num_rows


def test_a_chart_and_its_table_have_the_same_numbers(client):
    rows = csv.DictReader(
        io.StringIO(client.get(BASES["en"] + "chart/people.csv").content.decode("utf-8-sig"))
    )
    page = client.get(BASES["en"] + "chart/people/").content.decode()
    links = Links(page).figures
    for row in rows:
        link = f"/observatory/figure/{row['series']}/{row['on']}/"
        assert links[link] == wayhome_number(row["value"])


def wayhome_number(value):
    value = float(value)
    return f"{value:,.0f}" if value.is_integer() or value >= 1000 else f"{value:,.1f}"


def test_every_text_is_there_in_both_languages_with_the_same_blanks():
    english, *others = (words(code) for code in PUBLIC_LANGUAGES)
    for other in others:
        assert set(other) == set(english)
        for key, text in english.items():
            blanks = re.findall(r"{(\w+)}", text)
            assert sorted(blanks) == sorted(re.findall(r"{(\w+)}", other[key])), key


def test_a_sum_names_the_rows_and_the_column_that_it_is_added_from(client):
    """Not one arbitrary row of hundreds of thousands, in which nobody may have been held."""
    page = client.get("/observatory/figure/people_midnight_month/2026-02-28/").content.decode()
    (told,) = [one for one in open_record().series("people_midnight_month")
               if one.on.isoformat() == "2026-02-28"]  # fmt: skip
    assert told.last_row > told.row
    assert f"rows {told.row} to {told.last_row}" in page
    assert "column n_detained_at_midnight" in page
    assert "date 2026-02-01 to 2026-02-28" in page
    (link,) = [link for link in Links(page).links if "last_row=" in link]
    traced = client.get(link).content.decode()
    assert f"rows {told.row} to {told.last_row}" in traced
    assert "/observatory/figure/people_midnight_month/2026-02-28/" in traced
    spanish = client.get("/observatory/es/figure/private_or_jail_year/2026-04-02/")
    assert "filas 11 a 213" in spanish.content.decode()


@pytest.mark.parametrize(
    ("series", "count", "listed"),
    [
        ("agreements_active", "1,204", "agreements/#by-state"),
        ("agencies_active", "1,001", "agreements.csv"),
        ("agreements_new", "527", "agreements/changes/2025-12-02/#event-1"),
        ("agreements_ended", "21", "agreements/changes/2025-12-02/#event-2"),
    ],
)
def test_a_count_of_agreements_names_its_rows_and_leads_to_the_list_of_them(
    client, series, count, listed
):
    for base, rows in zip(BASES.values(), ("rows 2 to 1205", "filas 2 a 1205"), strict=True):
        page = client.get(f"{base}figure/{series}/2025-12-02/").content.decode()
        line = re.search(r'class="cite">(.*?)</p>', page).group(1)
        assert "Sheet1" in line
        assert rows in line
        (traced,) = {link for link in Links(page).links if "last_row=" in link}
        place = client.get(traced).content.decode()
        assert count in place.replace(".", ",")
        for text in (page, place):
            (to,) = {link for link in Links(text).links if link == base + listed}
            answer = client.get(to)
            assert answer.status_code == 200
            if "#" in to:
                assert f'id="{to.split("#")[1]}"' in answer.content.decode()
        # Not the one agreement that happens to stand in the first of the rows.
        assert "agreements/agency/" not in place


def test_the_list_that_a_count_leads_to_has_as_many(client):
    for series, event in (("agreements_new", 1), ("agreements_ended", 2)):
        (told,) = [f for f in open_record().series(series) if f.on.isoformat() == "2025-12-02"]
        text = client.get("/observatory/agreements/changes/2025-12-02/").content.decode()
        section = text.split(f'id="event-{event}"')[1].split("</section>")[0]
        assert len(re.findall(r'<th[^>]* scope="row"', section)) == told.value


@pytest.mark.parametrize("on", ["2021-05-25", "2021-05-26", "2021-05-27", "2022-03-01"])
def test_it_says_one_status_of_a_day_everywhere(client, on):
    """Head, time, card and file: also of a day of which ICE told only years later."""
    asked = f"?on={on}&suppose=2021-02-15"

    def statuses(text):
        return re.findall(r'class="status (\w+)">', text)

    page = client.get(f"/observatory/demand/close_facilities/{asked}").content.decode()
    head, time = page.split('<ol class="timeline">')
    assert statuses(head) == ["reversed"]
    assert statuses(time)[-1] == "reversed"
    assert "as they are known today" in head
    then = "too early" if on < "2021-05-26" else "inconclusive"
    assert f"itself, it was {then}" in head
    assert "The hundred days last until 26 May 2021" in head or on > "2021-05-26"
    home = client.get(f"/observatory/{asked}").content.decode()
    (card,) = re.findall(r"demand/close_facilities/.*?</li>", home, re.DOTALL)
    assert statuses(card) == ["reversed"]
    file = client.get(f"/observatory/demands.csv{asked}").content.decode("utf-8-sig")
    rows = {row["demand"]: row for row in csv.DictReader(io.StringIO(file))}
    told = rows["close_facilities"]
    assert (told["status"], told["status_known_then"]) == ("reversed", then)
    assert told["due"] == "2021-05-26"


def test_it_names_the_newest_of_all_counts_and_where_one_ends(client):
    """No figure of 2023 is called the newest where another count goes on until 2026."""
    page = client.get("/observatory/demand/close_facilities/?on=2026-04-20").content.decode()
    facts = page.split('<dl class="facts">')[1].split("</dl>")[0]
    assert "private_or_jail_midnight_month/2026-02-28" in facts
    assert ">February 2026</time>" in facts  # the month of the average, not its last day
    dated = client.get(
        "/observatory/demand/close_facilities/?on=2026-04-20&suppose=2021-02-15"
    ).content.decode()
    assert "Of this count nothing after 31 December 2023 is known." in dated
    assert "28 February 2026" in dated
