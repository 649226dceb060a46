"""What differs between two rulebooks and two days, and what the letter's demands are."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from wayhome.changes.date_changes import changes_between_days
from wayhome.changes.demands import (
    Demand,
    DemandWithoutRule,
    UnknownDemand,
    chosen_demands,
    demands,
    rules_of_demands,
)
from wayhome.changes.editions import NoSuchEdition, edition_in, open_edition
from wayhome.changes.rulebook_changes import What, rulebook_changes
from wayhome.programs import FOLDER, rulebook
from wayhome.report.changes_page import changes_page

TABLES = """
circuits:
  title: Decisions
  key: circuit
  columns:
    circuit: {{type: category, fact: judicial_circuit}}
    decided: {{type: date}}
    name: {{type: text}}
  rows:
    - {{circuit: "4", decided: {day}, name: One v. Two, confidence: seen, source: a test}}
{more}"""
ROW = '    - {circuit: "9", decided: 2021-03-01, name: Three v. Four, confidence: seen, source: a test}\n'


@pytest.fixture
def edition_of(tmp_path):
    """An edition written from rules, tables and words of the program `stay`."""

    def edition(name, rules, tables=None, words=None):
        folder = tmp_path / name / "stay"
        folder.mkdir(parents=True)
        for file, text in (("rules", rules), ("tables", tables), ("words", words)):
            if text is not None:
                (folder / f"{file}.yaml").write_text(text, encoding="utf-8")
        return edition_in(folder.parent, name)

    return edition


def test_it_finds_no_difference_where_only_the_layout_differs(edition_of, rule_text):
    plain = edition_of("plain", rule_text(condition="removed AND (detained)"))
    laid_out = edition_of(
        "other", "# A comment\n" + rule_text(condition="((removed) and detained)")
    )
    assert rulebook_changes(plain, laid_out).is_empty


def test_it_says_which_rules_were_added_removed_and_changed_and_how(edition_of, rule_text):
    old = edition_of("old", rule_text() + rule_text("stay.gone", "detained"))
    new = edition_of("new", rule_text(condition="NOT removed") + rule_text("stay.come", "detained"))
    found = rulebook_changes(old, new)
    assert {(c.rule, c.what) for c in found.rules} == {
        ("stay.one", What.CHANGED),
        ("stay.come", What.ADDED),
        ("stay.gone", What.REMOVED),
    }
    (changed,) = (c for c in found.rules if c.what is What.CHANGED)
    told = [(f.field, f.before, f.after) for f in changed.fields]
    assert told == [("condition", "removed", "NOT removed")]


def test_it_names_every_field_that_differs(edition_of, rule_text):
    before = rule_text()
    after = (
        before.replace("2000-01-01", "2001-02-03")
        .replace("INA 1", "INA 2")
        .replace("seen", "recalled")
        .replace("undo_order", "visa")
        .replace("A rule for a test", "Another title")
    )
    words = "stay.one:\n  holds: {}\n"
    old = edition_of("old", before, words=words.format("It holds."))
    new = edition_of("new", after, words=words.format("It does hold."))
    (changed,) = rulebook_changes(old, new).rules
    assert {f.field: (f.before, f.after) for f in changed.fields} == {
        "title": ("A rule for a test", "Another title"),
        "effective": ("2000-01-01", "2001-02-03"),
        "cites": ("INA 1", "INA 2"),
        "confidence": ("seen", "recalled"),
        "route": ("undo_order", "visa"),
        "words: holds": ("It holds.", "It does hold."),
    }


def test_it_tells_rows_apart_by_their_key(edition_of, rule_text):
    old = edition_of("old", rule_text(), TABLES.format(day="2020-01-01", more=""))
    new = edition_of("new", rule_text(), TABLES.format(day="2020-01-02", more=ROW))
    (table,) = rulebook_changes(old, new).tables
    rows = {row.row: row for row in table.rows}
    assert rows["9, Three v. Four"].what is What.ADDED
    changed = rows["4, One v. Two"]
    assert changed.what is What.CHANGED
    assert [(f.field, f.before, f.after) for f in changed.fields] == [
        ("decided", "DATE '2020-01-01'", "DATE '2020-01-02'")
    ]
    (back,) = rulebook_changes(new, old).tables
    assert {row.what for row in back.rows} == {What.REMOVED, What.CHANGED}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("1999-12-31", "2000-01-01", What.BEGAN),
        ("2000-01-01", "1999-12-31", What.ENDED),
        ("1999-12-30", "1999-12-31", None),
        ("2000-01-01", "2000-01-02", None),
    ],
)
def test_it_says_what_begins_between_two_days(book_of, rule_text, old, new, what):
    book = book_of({"stay": rule_text()})
    found = changes_between_days(book, date.fromisoformat(old), date.fromisoformat(new))
    assert [c.what for c in found.rules] == ([what] if what else [])


def test_it_sees_a_rule_that_came_and_went(book_of, rule_text):
    dates = "{effective: 2000-01-01, ended: 2005-01-01, why: It was rescinded.}"
    text = rule_text().replace("{effective: 2000-01-01}", dates)
    found = changes_between_days(book_of({"stay": text}), date(1999, 1, 1), date(2010, 1, 1))
    (change,) = found.rules
    assert change.what is What.CAME_AND_WENT
    assert [day for day, _ in change.days] == [date(2000, 1, 1), date(2005, 1, 1)]


def test_it_sees_fixed_dates_and_rows_between_two_days(book_of, rule_text):
    text = rule_text(condition="screening_date >= DATE '2020-06-01' AND removed")
    book = book_of({"stay": text}, {"stay": TABLES.format(day="2020-05-01", more=ROW)})
    found = changes_between_days(book, date(2020, 1, 1), date(2021, 1, 1))
    assert [(c.rule, c.before, c.after) for c in found.crossings] == [("stay.one", "false", "true")]
    (table,) = found.tables
    assert [(row.row, row.day) for row in table.rows] == [
        ("4, One v. Two (decided)", date(2020, 5, 1))
    ]
    assert changes_between_days(book, date(2020, 6, 1), date(2021, 1, 1)).is_empty


# --- revisions -----------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path, rule_text):
    """A git repository with two revisions of a folder of programs, tagged `first` and `second`."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    top = tmp_path / "repository"
    rules = top / "law" / "programs" / "stay" / "rules.yaml"
    rules.parent.mkdir(parents=True)

    def git(*words):
        own = ["-c", "user.name=A test", "-c", "user.email=test@localhost"]
        subprocess.run(["git", *own, *words], cwd=top, check=True, capture_output=True)

    git("init", "-q")
    for tag, condition in (("first", "removed"), ("second", "removed AND detained")):
        rules.write_text(rule_text(condition=condition), encoding="utf-8")
        git("add", "law")
        git("commit", "-q", "-m", tag)
        git("tag", tag)
    return rules.parents[1]


def test_it_reads_two_revisions_and_leaves_the_checkout_alone(repository):
    before = (repository / "stay" / "rules.yaml").read_bytes()
    old, new = (open_edition(name, repository) for name in ("first", "second"))
    (changed,) = rulebook_changes(old, new).rules
    assert [(f.before, f.after) for f in changed.fields] == [("removed", "removed AND detained")]
    assert rulebook_changes(new, open_edition("HEAD", repository)).is_empty
    assert (repository / "stay" / "rules.yaml").read_bytes() == before


def test_it_reads_a_revision_of_its_own(rule_text):
    root = Path(__file__).parents[2]
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("not a git checkout")
    assert open_edition("HEAD").rulebook.rules


@pytest.mark.parametrize("name", ["third", "--help", "first:law", ""])
def test_it_says_that_there_is_no_such_revision(repository, name):
    with pytest.raises(NoSuchEdition, match=r"neither|no programs|holds no program"):
        open_edition(name, repository)


def test_it_says_that_a_folder_lies_in_no_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoSuchEdition):
        open_edition("HEAD", tmp_path)


def test_it_says_that_there_is_no_git(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSuchEdition, match="no git"):
        open_edition("HEAD")


# --- demands -------------------------------------------------------------------------------


def test_it_knows_the_seven_demands_in_the_letters_order():
    assert [demand.id for demand in demands()] == [
        "release_consideration",
        "haiti_halt",
        "close_facilities",
        "end_entanglement",
        "close_cases",
        "discretion_for_relief",
        "welcome_without_detention",
    ]
    assert len(rules_of_demands(rulebook(), demands())) == 7


def test_it_offers_the_nearest_demand():
    with pytest.raises(UnknownDemand, match="haiti_halt"):
        chosen_demands("haiti_hlat")


@pytest.mark.parametrize(
    ("program", "rule", "says"),
    [
        ("stay", "stay.haiti_hault", "Did you mean stay.haiti_halt"),
        ("stay", "stay.tps_protects", "must be demand"),
        ("docket", "stay.haiti_halt", "under docket"),
    ],
)
def test_it_faults_a_demand_without_its_rule(program, rule, says):
    with pytest.raises(DemandWithoutRule, match=says):
        rules_of_demands(rulebook(), [Demand("a_demand", 1, "words", program, rule)])


def test_it_shows_what_rules_say_and_never_runs_it(edition_of, rule_text):
    nasty = rule_text().replace("A rule for a test", '"<script>alert(1)</script>"')
    page = changes_page(rulebook_changes(edition_of("old", rule_text()), edition_of("new", nasty)))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_it_compares_the_rulebook_built_in_with_itself():
    built_in = edition_in(FOLDER, "built in")
    assert rulebook_changes(built_in, built_in).is_empty
