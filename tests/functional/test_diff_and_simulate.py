"""`wayhome rules diff` and `wayhome simulate`, as a policy analyst types them."""

import csv
import json
import shutil

import pyarrow.parquet as pq
import pytest

from wayhome.programs import FOLDER

CASES = 1_000
DAY = ("--as-of", "2021-07-01")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from wayhome.sources.eoir.importing import import_release
    from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release

    folder = tmp_path_factory.mktemp("change")
    release = write_release(folder / "release", cases=CASES, seed=3, tables=MAIN_TABLES)
    return import_release(release, folder / "SYNTHETIC-docket").store


@pytest.fixture(scope="module")
def other_programs(tmp_path_factory):
    """The rulebook with one condition changed: Haiti's demand reaches those removed too."""
    copy = tmp_path_factory.mktemp("other") / "programs"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    rules = copy / "stay" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    before, after = text.split("- id: stay.haiti_halt\n")
    assert "AND final_order AND NOT removed" in after
    after = after.replace("AND final_order AND NOT removed", "", 1)
    rules.write_text(f"{before}- id: stay.haiti_halt\n{after}", encoding="utf-8")
    return copy


def test_it_loses_no_case_of_any_demand(wayhome, store):
    code, out, err = wayhome("simulate", store, *DAY, "--format", "json")
    assert code == 0, err
    told = json.loads(out)
    assert told["synthetic"] is True
    assert len(told["demands"]) == 7
    for demand in told["demands"]:
        assert demand["reached"] + demand["not_reached"] + demand["unknown"] == told["cases"]
        assert demand["at_least"] <= demand["at_most"] <= told["cases"]
        for groups in demand["groups"].values():
            for count in ("reached", "not_reached", "unknown"):
                assert sum(group[count] for group in groups.values()) == demand[count]


def test_it_answers_alike_again_and_without_what_was_kept(wayhome, store):
    words = ("simulate", store, *DAY, "--format", "json")
    first, again, afresh = (wayhome(*words, *more) for more in ((), (), ("--no-keep",)))
    assert first == again == afresh


def test_it_draws_the_page_of_a_simulation(wayhome, store, tmp_path):
    code, out, err = wayhome("simulate", store, *DAY, "--out", tmp_path / "reach.html")
    assert code == 0, err
    assert "SYNTHETIC" in out
    page = (tmp_path / "SYNTHETIC-reach.html").read_text(encoding="utf-8")
    assert page.count("SYNTHETIC DATA, no real case") >= 7
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_it_says_that_a_demand_had_not_been_made_yet(wayhome, store):
    words = ("simulate", store, "--demand", "haiti_halt", "--as-of", "2020-01-01")
    code, out, _ = wayhome(*words)
    assert code == 0
    assert "not in force" in out
    (demand,) = json.loads(wayhome(*words, "--format", "json")[1])["demands"]
    assert demand["in_force"] is False
    assert "reached" not in demand


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--demand", "haiti_hlat"), 2, "haiti_halt"),
        (("--format", "csv"), 2, ".json"),
        (("--as-of", "2021-13-01"), 2, "2021-13-01"),
    ],
)
def test_it_says_what_is_wrong_with_a_simulation(wayhome, store, words, code, says):
    found, out, err = wayhome("simulate", store, *words)
    assert (found, "Traceback" in out + err) == (code, False)
    assert says in err


def test_it_says_that_there_is_no_store(wayhome, tmp_path):
    code, _, err = wayhome("simulate", tmp_path, *DAY)
    assert code == 3
    assert tmp_path.name in err


def test_it_says_that_a_rulebook_lacks_the_demands_rule(wayhome, store, other_programs, tmp_path):
    copy = tmp_path / "programs"
    shutil.copytree(other_programs, copy)
    shutil.rmtree(copy / "welcome")
    code, _, err = wayhome("simulate", store, *DAY, "--rulebook", copy)
    assert code == 4
    assert "welcome.no_detention" in err


# --- rules diff ----------------------------------------------------------------------------


def test_it_lists_people_whose_outcome_changes(wayhome, clients, other_programs, tmp_path):
    cases = clients(
        "case_id,country_of_citizenship,final_order,removed\n"
        "back home,HT,yes,yes\nstill here,HT,yes,no\nelsewhere,CU,yes,yes\n"
    )
    out = tmp_path / "changes"
    code, text, err = wayhome(
        "rules", "diff", FOLDER, other_programs, *DAY, "--cases", cases, "--out", out
    )
    assert code == 0, err
    assert "stay.haiti_halt" in text
    with (out / "change-list.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["case_id"] for row in rows} == {"back home"}
    (row,) = (r for r in rows if r["program"] == "stay")
    assert (row["rests_on"], row["before"]) == ("demands", "none_found")
    assert row["why"].startswith("stay.haiti_halt: no → yes (the rule changed)")
    told = json.loads((out / "changes.json").read_text(encoding="utf-8"))
    assert told["cases"]["changed_cases"] == 1
    assert [rule["rule"] for rule in told["rules"]] == ["stay.haiti_halt"]
    page = (out / "changes.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" not in page
    assert "<script" not in page


def test_it_lists_docket_cases_whose_outcome_changes(wayhome, store, tmp_path):
    out = tmp_path / "changes"
    code, text, err = wayhome(
        "rules", "diff", "2021-01-01", "2021-08-02", "--cases", store, "--out", out
    )
    assert code == 0, err
    assert "SYNTHETIC" in text
    listed = pq.read_table(out / "SYNTHETIC-change-list.parquet")
    told = json.loads((out / "SYNTHETIC-changes.json").read_text(encoding="utf-8"))
    cases = told["cases"]
    assert cases["synthetic"] is True
    assert len(set(listed["case_id"].to_pylist())) == cases["changed_cases"]
    assert sum(move["cases"] for move in cases["moves"]) == listed.num_rows
    assert sum(group["cases"] for group in cases["groups"]) == listed.num_rows
    assert "SYNTHETIC" in (out / "SYNTHETIC-changes.html").read_text(encoding="utf-8")


def test_it_finds_no_docket_case_where_nothing_changed(wayhome, store):
    code, out, _ = wayhome(
        "rules", "diff", FOLDER, FOLDER, *DAY, "--cases", store, "--format", "json"
    )
    assert code == 0
    told = json.loads(out)
    assert told["rules"] == told["tables"] == []
    assert told["cases"]["cases"] > 0
    assert told["cases"]["changed_cases"] == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("2021-01-01", FOLDER), 2, "two dates or two rulebooks"),
        (("2021-01-01", "2021-02-30"), 2, "2021-02-30"),
        (("2021-01-01", "2021-02-03", "--as-of", "2021-01-01"), 2, "two dates"),
        (("no-such-revision", FOLDER), 2, "no-such-revision"),
        ((FOLDER, FOLDER, "--format", "csv"), 2, "json"),
        (("1900-01-02", "2021-01-01", "--cases", "{clients}"), 3, "1900-01-02"),
    ],
)
def test_it_says_what_is_wrong_with_a_comparison(wayhome, clients, words, code, says):
    path = clients("case_id,removed\na,yes\n")
    words = (str(word).format(clients=path) for word in words)
    found, out, err = wayhome("rules", "diff", *words)
    assert (found, "Traceback" in out + err) == (code, False)
    assert says in err


def test_it_leaves_no_half_written_list(wayhome, clients, tmp_path):
    cases = clients("case_id,removed\na,perhaps so\n")
    out = tmp_path / "changes"
    code, _, _ = wayhome(
        "rules", "diff", "2021-01-01", "2021-08-02", "--cases", cases, "--out", out
    )
    assert code == 3
    assert list(out.iterdir()) == []
