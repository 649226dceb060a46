"""The pages: they need nothing else, say what they must, and can be read by anybody."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from page_reader import read_page
from report_samples import (
    DAY,
    HOSTILE,
    docket,
    explanations_of,
    findings_of,
    outcomes,
)

from wayhome.engine.outcomes import Outcome
from wayhome.law.rules import Authority
from wayhome.programs import rulebook
from wayhome.report.explanation_text import case_text
from wayhome.report.groups import MOST_GROUPS, breakdown
from wayhome.report.index_page import PageEntry, index_page
from wayhome.report.page import page
from wayhome.report.summary import GroupCount, summary_of_findings
from wayhome.report.words import UnknownLanguage, words

RULE = "return_home.in_absentia_no_notice"


@pytest.fixture(scope="module")
def national():
    return docket(programs=("return_home", "stay", "release"))


@pytest.fixture(scope="module")
def national_page(national):
    return page(national)


@pytest.fixture(scope="module")
def people_page():
    return page(summary_of_findings("clients.csv", findings_of(), rulebook()))


@pytest.fixture(scope="module")
def case_page():
    return case_text(
        findings_of("bernard"),
        explanations_of("bernard", RULE, "release.tps_no_detention"),
        style="html",
    )


@pytest.fixture(scope="module")
def spanish_page(national):
    return page(national, language="es")


@pytest.fixture(params=["national_page", "people_page", "case_page", "spanish_page", "index_page"])
def any_page(request):
    if request.param == "index_page":
        return index_page([PageEntry("a.html", "A page", "What it shows.")])
    return request.getfixturevalue(request.param)


def test_it_needs_no_network_and_no_script(any_page):
    links = re.findall(r"""(?:src|href|action|srcset)=["']([^"'#][^"']*)""", any_page)
    assert [link for link in links if link != "a.html"] == []
    assert "<script" not in any_page
    assert "@import" not in any_page
    assert re.findall(r"url\((?!#)", any_page) == []
    assert set(re.findall(r"https?://[^\"' <]+", any_page)) <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in any_page


def test_it_says_at_the_top_and_at_the_bottom_that_it_is_no_advice(any_page):
    root = read_page(any_page)
    said = root.find("html").attributes["lang"]
    note = words(said).say("lead_note")
    assert note in root.find("header").text
    assert note in root.find("footer").text


def test_it_has_headings_in_order_and_landmarks(any_page):
    root = read_page(any_page)
    levels = [int(h.tag[1]) for h in root.find_all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(len(list(root.find_all(tag))) == 1 for tag in ("main", "header", "footer", "head"))
    first_link = next(root.find_all("a"))
    assert first_link.attributes["href"] == f"#{root.find('main').attributes['id']}"


def test_it_uses_every_id_once_and_points_only_to_ids_that_are_there(any_page):
    ids = re.findall(r'\sid="([^"]+)"', any_page)
    assert len(ids) == len(set(ids))
    named = re.findall(r'(?:aria-labelledby|aria-describedby)="([^"]+)"', any_page)
    wanted = {part for value in named for part in value.split()}
    wanted |= set(re.findall(r'href="#([^"]+)"', any_page))
    wanted |= set(re.findall(r"url\(#([^)]+)\)", any_page))
    assert wanted <= set(ids)


def test_it_names_every_table_and_the_scope_of_every_heading(any_page):
    for table in read_page(any_page).find_all("table"):
        assert table.find("caption").text.strip()
        assert all(th.attributes["scope"] in ("col", "row") for th in table.find_all("th"))
        columns = len(list(table.find("thead").find_all("th")))
        for row in table.find("tbody").find_all("tr"):
            assert len(row.children) == columns
            assert row.children[0].attributes.get("scope") == "row"


def test_it_describes_every_picture_in_words(national_page):
    pictures = [s for s in read_page(national_page).find_all("svg") if "role" in s.attributes]
    assert len(pictures) == 1 + 3 * 4
    for picture in pictures:
        title, description = picture.find("title"), picture.find("desc")
        assert picture.attributes["aria-labelledby"] == " ".join(
            (title.attributes["id"], description.attributes["id"])
        )
        assert title.text
        assert re.search(r"\d", description.text)


def test_it_puts_a_table_of_the_same_numbers_beside_every_picture(national_page):
    for figure in read_page(national_page).find_all("figure"):
        names = {th.text.strip() for th in figure.find("tbody").find_all("th")}
        drawn = {text.text for text in figure.find("svg").find_all("text")}
        # Vega cuts a name that is too long for the picture; the table has it whole.
        assert {name for name in names if name in drawn} >= {n for n in names if len(n) < 30}


def test_it_gives_every_outcome_a_texture_and_a_word_not_a_colour_alone(national_page):
    root = read_page(national_page)
    (glance, *_) = root.find_all("figure")
    fills = set(re.findall(r'fill="(url\(#figure-1-\w+\)|#00664d)"', national_page))
    assert len(fills) == 4
    heads = [th.text.strip() for th in glance.find("thead").find_all("th")]
    assert heads[1:] == ["Ground", "Ground, barred", "Cannot tell", "None found"]


def test_it_says_synthetic_in_the_title_in_a_banner_and_in_every_picture(national_page):
    root = read_page(national_page)
    assert root.find("title").text.startswith("SYNTHETIC: ")
    (banner,) = (
        s for s in root.find_all("section") if "synthetic" in s.attributes.get("class", "")
    )
    assert "no person and no case on this page is real" in banner.text
    for picture in (s for s in root.find_all("svg") if s.attributes.get("role") == "img"):
        assert any("SYNTHETIC" in text.text for text in picture.find_all("text"))
        assert "SYNTHETIC" in picture.find("desc").text


def test_it_does_not_call_real_cases_synthetic(people_page, case_page):
    assert "SYNTHETIC" not in people_page
    assert "SYNTHETIC" not in case_page


def test_it_marks_a_synthetic_case_as_such():
    text = case_text(findings_of("ana"), style="html", is_synthetic=True)
    assert read_page(text).find("title").text.startswith("SYNTHETIC: ")


def test_it_shows_words_from_outside_as_words(national):
    text = page(docket(1_000, source=HOSTILE, programs=("stay",)))
    assert "<script>alert" not in text
    assert HOSTILE in read_page(text).find("h1").text


def test_it_shows_a_case_id_as_words():
    found = [replace(finding, case_id=HOSTILE) for finding in findings_of("ana")]
    assert HOSTILE in read_page(case_text(found, style="html")).find("h1").text
    told = page(summary_of_findings("clients.csv", found, rulebook()))
    assert "<script>" not in told
    assert HOSTILE in read_page(told).find("main").text


def test_it_stays_small_for_a_whole_nation(national):
    everything = page(docket())
    assert len(everything.encode()) < 1_500_000
    assert "12,600,000 docket cases" in everything


def test_it_names_the_date_of_the_law_and_the_unit(national_page, people_page):
    assert "July 1, 2021 (2021-07-01)" in read_page(national_page).find("header").text
    assert "not of people" in read_page(national_page).find("header").text
    assert "4 people" in read_page(people_page).find("header").text
    assert "docket case" not in people_page


def test_it_shows_what_a_rule_rests_on_and_what_to_check_first(national_page):
    book = rulebook()
    shown = re.findall(r"<code>((?:return_home|stay|release)\.\w+)</code>", national_page)
    checked = 0
    text = read_page(national_page).find("main").text
    for rule in (book.rules[name] for name in shown):
        if rule.check and rule.check in text:
            checked += 1
    assert checked > 3
    assert text.count("Check first:") >= checked
    assert "INA 240(b)(5)(C)(ii), 8 USC 1229a(b)(5)(C)(ii)" in text


def test_it_keeps_the_letters_demands_apart_from_law(national_page):
    book = rulebook()
    root = read_page(national_page)
    boxes = [e for e in root.find_all("div") if "demands" in e.attributes.get("class", "").split()]
    apart = {code.text for box in boxes for code in box.find_all("code")}
    everywhere = {code.text for code in root.find_all("code")} & book.rules.keys()
    demands = {r for r in everywhere if book.rules[r].authority is Authority.DEMAND}
    assert demands
    assert apart & book.rules.keys() == demands
    assert all("These are not law." in box.text for box in boxes)


def test_it_says_what_would_settle_most_in_plain_questions(national_page, spanish_page):
    assert "Which country are you a citizen of?" in national_page
    assert "¿De qué país tiene usted la ciudadanía?" in spanish_page


def test_it_names_countries_and_courts_in_the_readers_language(national_page, spanish_page):
    assert "Guatemala" in national_page
    assert "Mexico" in national_page
    assert "México" in spanish_page


def test_it_says_in_which_language_each_part_is_written(spanish_page):
    root = read_page(spanish_page)
    assert root.find("html").attributes["lang"] == "es"
    rule_titles = [h for h in root.find_all("h4") if h.find("span")]
    assert rule_titles
    assert all(h.find("span").attributes["lang"] == "en" for h in rule_titles)


def test_it_says_where_the_numbers_come_from(national_page):
    (section,) = (
        s
        for s in read_page(national_page).find_all("section")
        if s.attributes.get("id") == "provenance"
    )
    assert "SHA-256 of the release" in section.text
    assert "9f86d081" in section.text


def test_it_leaves_a_program_without_law_in_force_out_of_the_picture():
    told = docket(1_000, programs=("return_home", "facilities"))
    root = read_page(page(told))
    (glance, *_) = root.find_all("figure")
    assert "Detention facilities" not in glance.text
    assert (
        "no ground of theirs rests on law in force on this day: Detention facilities" in root.text
    )


def test_it_knows_only_languages_that_have_words(national):
    with pytest.raises(UnknownLanguage):
        page(national, language="fr")


def test_it_draws_a_file_without_a_single_case():
    text = page(summary_of_findings("empty.csv", [], rulebook()))
    assert "0 people" in read_page(text).find("header").text


def test_it_adds_up_what_it_does_not_show():
    counts = [GroupCount(f"C{n}", outcomes(n, 0, 0, 1)) for n in range(40)]
    counts.append(GroupCount(None, outcomes(500, 0, 0, 0)))
    found = breakdown("court", counts, words())
    assert (found.shown, found.others) == (MOST_GROUPS, 25)
    assert [line.label for line in found.lines[:2]] == ["C39", "C38"]
    assert [line.label for line in found.lines[-2:]] == ["All others (25)", "Not known"]
    assert found.lines[-2].outcomes == outcomes(sum(range(25)), 0, 0, 25)
    for outcome in Outcome:
        whole = sum(count.outcomes[outcome] for count in counts)
        assert sum(line.outcomes[outcome] for line in found.lines) == whole


def test_it_shows_years_in_order_of_time():
    counts = [GroupCount(str(y), outcomes(y % 7, 0, 0, 1)) for y in (2021, 1999, 2010, 2020)]
    found = breakdown("year", counts, words())
    assert [line.label for line in found.lines] == ["1999", "2010", "2020", "2021"]
    assert found.others == 0


def test_it_opens_the_explanation_of_what_holds_and_folds_the_rest(case_page):
    (why,) = (
        s for s in read_page(case_page).find_all("section") if s.attributes.get("id") == "why"
    )
    holds, cannot_tell = why.find_all("article")
    assert holds.attributes["id"] == RULE
    assert "open" in holds.find("details").attributes
    assert "open" not in cannot_tell.find("details").attributes
    assert "TRUE" in holds.text
    assert "CANNOT TELL" in cannot_tell.text
    assert f"{DAY:%Y-%m-%d}" in case_page


def test_it_shows_a_ground_that_holds_while_a_bar_is_not_known(people_page):
    (cases,) = (
        s for s in read_page(people_page).find_all("section") if s.attributes.get("id") == "cases"
    )
    rows = {row.children[0].text: row for row in cases.find("tbody").find_all("tr")}
    ground, _barred, cannot_tell = rows["bernard"].children[1:4]
    assert "Coming home (bar not known yet)" in " ".join(ground.text.split())
    assert "Coming home" in cannot_tell.text
    assert rows["nobody"].children[1].text.strip() == "–"


def test_it_says_where_the_date_of_a_deadline_is_not_known():
    found = [replace(finding, deadlines=()) for finding in findings_of("bernard")]
    text = page(summary_of_findings("clients.csv", found, rulebook()))
    assert "the date is not known: order_final_date" in text
    assert "The date is not known for 1 person: order_final_date" in text
    assert "–" in page(summary_of_findings("clients.csv", findings_of("nobody"), rulebook()))
