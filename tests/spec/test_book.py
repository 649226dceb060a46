"""The book: every page, every link, the standing of what ended, the same bytes for the same law."""

import re
import shutil
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest

from wayhome.book import chronicle, told
from wayhome.book.contents import anchor, natural_order
from wayhome.book.site import NotABook, contents_of, site, write_site
from wayhome.book.standing import standing
from wayhome.law.history import History, Suspension
from wayhome.law.rules import Authority, Kind
from wayhome.programs import FOLDER, rulebook

VOID = {"meta", "link", "input", "br", "path", "rect"}


class PageReader(HTMLParser):
    """The links, names, headings and languages of one page; says which tags do not close."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.headings, self.langs, self.open = [], [], [], [], []
        self.images, self.tables, self.scripts, self.text = [], 0, 0, []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.langs += [(found["lang"], found.get("dir"))] if "lang" in found else []
        self.scripts += tag == "script"
        if tag in ("img", "iframe", "object") or found.get("src"):
            self.images.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, f"{tag} closes something else"

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def contents():
    return contents_of(FOLDER)


@pytest.fixture(scope="module")
def files(contents):
    return site(contents)


@pytest.fixture(scope="module")
def pages(files):
    return {n: PageReader(text) for n, text in files.items() if n.endswith(".html")}


def text_of(page):
    return " ".join(" ".join(page.text).split())


def rule_page(pages, rule):
    return text_of(pages[f"rule/{rule.id}.html"])


def test_it_has_a_page_for_every_program_rule_table_and_fact(files):
    book = rulebook()
    wanted = {f"rule/{name}.html" for name in book.rules}
    wanted |= {f"table/{name}.html" for name in book.tables}
    wanted |= {f"fact/{fact.name}.html" for fact in book.vocabulary}
    wanted |= {f"program/{p}.html" for p in book.programs}
    wanted |= {f"program/{p}-whole.html" for p in book.programs}
    assert wanted <= set(files)


def test_it_has_no_link_that_leads_nowhere(pages, files):
    names = {name: set(page.ids) for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            path, _, place = unquote(link).partition("#")
            target = (PurePosixPath(name).parent / path).as_posix() if path else name
            parts = []
            for part in target.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            target = "/".join(p for p in parts if p != ".")
            if target not in files or (place and place not in names[target]):
                broken.append((name, link))
    assert broken == []


def test_its_pages_are_built_as_pages_should_be(pages):
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        assert page.headings.count(1) == 1, name
        assert page.headings[0] == 1, name
        jumps = [b - a for a, b in zip(page.headings, page.headings[1:], strict=False)]
        assert all(jump <= 1 for jump in jumps), (name, page.headings)
        assert page.langs[0] == ("en", None), name


def test_it_takes_nothing_from_elsewhere(files, pages):
    for name, page in pages.items():
        assert page.images == [], name
        assert page.scripts == (name == "search.html"), name
    assert "url(" not in re.sub(r"url\(#", "", files["style.css"])
    assert "@import" not in files["style.css"]


def test_it_marks_every_passage_in_another_language(contents, pages):
    rule = next(iter(rulebook().rules.values()))
    languages = {p.language.code for p in told.rule_passages(rule, contents)}
    assert languages <= {code for code, _ in pages[f"rule/{rule.id}.html"].langs}
    arabic = [d for page in pages.values() for lang, d in page.langs if lang == "ar"]
    assert set(arabic) <= {"rtl"}


def test_it_says_first_that_a_rule_is_no_longer_in_force(contents, pages):
    ended = [r for r in rulebook().rules.values() if not r.is_in_force(contents.as_of)]
    assert ended
    for rule in ended:
        said = rule_page(pages, rule)
        assert "is no longer in force" in said or "is not in force" in said, rule.id
    policies = [r for r in ended if r.authority is Authority.POLICY and r.history.ended]
    for rule in policies:
        said = rule_page(pages, rule)
        assert f"fitted the policy of {rule.history.effective.year}" in said
        assert said.index("no longer in force") < said.index("What it says")


def test_it_keeps_what_was_asked_for_apart_from_law(pages):
    for rule in rulebook().rules.values():
        said = rule_page(pages, rule)
        is_demand = rule.authority is Authority.DEMAND
        assert ("This is not law. It was asked for." in said) == is_demand, rule.id
        if is_demand:
            assert rule.asked_by.split()[0] in said
            program = text_of(pages[f"program/{rule.program}.html"])
            assert program.index("What was asked for, which is not law") < program.index(rule.title)


def test_it_says_everything_a_rule_says_of_itself(pages):
    for rule in rulebook().rules.values():
        said = rule_page(pages, rule)
        for text in (*rule.assumes, *rule.leaves_out, rule.source, rule.check, rule.title):
            assert " ".join(text.split()) in said, (rule.id, text)


def test_it_tells_every_story_of_a_rule_in_sentences(contents, pages):
    for rule in rulebook().rules.values():
        for story in contents.stories_of(rule):
            assert " ".join(story.name.split()) in rule_page(pages, rule), rule.id


def test_it_names_bars_before_grounds_and_grounds_behind_bars(contents, pages):
    bars = [r for r in rulebook().rules.values() if r.kind is Kind.BAR]
    pairs = [(bar, ground) for bar in bars for ground in contents.grounds_behind(bar)]
    assert pairs
    for bar, ground in pairs:
        assert f"../rule/{ground.id}.html" in pages[f"rule/{bar.id}.html"].links
        assert f"../rule/{bar.id}.html" in pages[f"rule/{ground.id}.html"].links


def test_it_finds_the_act_under_both_of_its_numbers(contents):
    for rule in rulebook().rules.values():
        for line in contents.cited_lines(rule):
            for citation in line.citations:
                for key in citation.keys:
                    assert rule in contents.index[key].rules
    assert "8 USC 1229a(b)(5)(C)(ii)" in contents.index
    assert "INA 240(b)(5)(C)(ii)" in contents.index


def test_it_sorts_and_names_the_index_as_a_reader_would():
    keys = ["INA 240A", "INA 101(a)(15)", "INA 101(a)(9)", "INA 212"]
    assert sorted(keys, key=natural_order) == [
        "INA 101(a)(9)",
        "INA 101(a)(15)",
        "INA 212",
        "INA 240A",
    ]
    assert anchor("8 USC 1229a(b)(5)") == "8-USC-1229a-b-5"


def test_it_tells_whether_the_docket_can_tell_a_fact(pages):
    for fact in rulebook().vocabulary:
        said = text_of(pages[f"fact/{fact.name}.html"])
        assert (f"Yes: {fact.docket_source}" in said) == bool(fact.docket_source), fact.name


def test_it_lists_every_entry_for_those_without_a_script(contents, pages):
    links = pages["search.html"].links
    book = rulebook()
    assert {f"rule/{name}.html" for name in book.rules} <= set(links)
    assert {f"fact/{fact.name}.html" for fact in book.vocabulary} <= set(links)
    assert {f"table/{name}.html" for name in book.tables} <= set(links)
    assert {f"citations.html#{c.anchor}" for c in contents.index.values()} <= set(links)


# --- dates ---


def ruled(**dates):
    rule = next(r for r in rulebook().rules.values() if r.authority is Authority.POLICY)
    return replace(rule, history=History(**dates))


def test_it_counts_the_last_day_and_not_the_day_after():
    rule = ruled(effective=date(2021, 2, 18), ended=date(2022, 1, 1), why="replaced")
    said = standing(rule, date(2022, 1, 1))
    assert not said.is_in_force
    assert "Its last day was December 31, 2021" in said.sentence
    assert "fitted the policy of 2021." in said.sentence
    before = standing(rule, date(2021, 12, 31))
    assert before.is_in_force
    assert "until December 31, 2021" in before.sentence


def test_it_says_who_holds_a_rule_back_and_that_one_has_not_begun():
    held = Suspension(date(2022, 6, 25), date(2023, 6, 23), "Texas v. United States")
    rule = ruled(effective=date(2021, 11, 29), suspended=(held,))
    assert ": Texas v. United States." in standing(rule, date(2022, 7, 1)).sentence
    assert standing(rule, date(2023, 6, 23)).is_in_force
    assert "It begins on November 29, 2021" in standing(rule, date(2021, 11, 28)).sentence


def test_it_tells_the_days_of_a_rule_in_order(contents):
    held = Suspension(date(2022, 6, 25), date(2023, 6, 23), "a court")
    days = {"issued": date(2021, 9, 30), "effective": date(2021, 11, 29)}
    rule = ruled(**days, suspended=(held,), ended=date(2025, 1, 20), why="rescinded")
    rule = replace(rule, cites=("United States v. Texas, 599 U.S. 670 (2023)",))
    found = [(e.when, e.what) for e in chronicle.events(rule, contents)]
    assert found == sorted(found, key=lambda e: e[0])
    assert ("2021-09-30", "Issued") in found
    assert ("2022-06-25", "Suspended: a court") in found
    assert ("2023-06-23", "In effect again") in found
    assert ("2023", "Decided: United States v. Texas") in found
    assert ("2025-01-20", "First day on which it was no longer in force: rescinded") in found


def test_it_tells_the_dates_of_rows_and_of_conditions(contents):
    book = rulebook()
    rows = chronicle.row_events(book.rules["stay.tps_protects"], contents)
    assert any(e.table == "tps" and "Haiti" in e.what for e in rows)
    own = chronicle.events(book.rules["release.not_priority_guidelines"], contents)
    assert any(e.when == "2020-11-01" and "condition names" in e.what for e in own)


# --- writing ---


def test_it_writes_the_same_bytes_for_the_same_law(files):
    assert site(contents_of(FOLDER)) == files


def test_it_puts_the_book_in_place_whole(contents, files, tmp_path):
    out = tmp_path / "book"
    assert write_site(contents, out) == len(files)
    (out / "rule" / "left_over.html").write_text("old")
    write_site(contents, out)
    written = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert written == set(files)
    assert [p.name for p in tmp_path.iterdir()] == ["book"]


def test_it_overwrites_nothing_that_is_no_book(contents, tmp_path):
    kept = tmp_path / "thesis.txt"
    kept.write_text("mine")
    with pytest.raises(NotABook, match="something else than an earlier book"):
        write_site(contents, tmp_path)
    assert kept.read_text() == "mine"


@pytest.fixture(scope="module")
def since_older(tmp_path_factory):
    """The book against an older edition: a rule not yet there, one with another title, one gone."""
    older = tmp_path_factory.mktemp("older") / "programs"
    shutil.copytree(FOLDER, older, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    rules = older / "stay" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    first, second = re.findall(r"^- id: (.*)$", text, re.M)[:2]
    text = text.replace(rulebook().rules[first].title, "An older title", 1)
    copied = re.search(r"^- id: stay\.haiti_halt\n(?:[ ].*\n|\n)+", text, re.M).group()
    text += "\n" + copied.replace("stay.haiti_halt", "stay.halt_that_went")
    rules.write_text(text, encoding="utf-8")
    contents = contents_of(FOLDER, str(older))
    return contents, site(contents), first, second


def test_it_says_what_changed_since_an_older_edition(since_older):
    contents, files, first, second = since_older
    assert "Before: An older title" in files[f"rule/{first}.html"]
    assert "<p>Unchanged.</p>" in files[f"rule/{second}.html"]
    assert "stay.halt_that_went" in files["index.html"]
    assert "stay.halt_that_went" in files["program/stay.html"]
    assert [c.rule for c in contents.removed] == ["stay.halt_that_went"]


def test_it_takes_no_file_of_somebody_else_with_it(tmp_path):
    contents = contents_of(FOLDER)
    write_site(contents, tmp_path / "book")
    notes = tmp_path / "book" / "rule" / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(NotABook, match=r"rule/notes\.txt"):
        write_site(contents, tmp_path / "book")
    assert notes.read_text() == "mine"
