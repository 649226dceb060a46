"""`wayhome screen` and `wayhome explain` on a caseworker's spreadsheet, as they are typed."""

import csv
import json

import pytest

from wayhome.demo import PUBLISHED_CASES

TWO = """case_id,removed,ordered_in_absentia,notice_received,born_in_us
one,yes,yes,no,
two,no,,,yes
"""
CONTRACT = {
    "case_id", "program", "outcome", "demand_outcome", "grounds", "bars", "missing", "deadlines", "as_of",
}  # fmt: skip


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_it_screens_a_case_file_to_json_lines(wayhome, clients):
    code, out, _ = wayhome(
        "screen",
        clients(TWO),
        "--as-of",
        "2021-07-01",
        "--program",
        "return_home",
        "--format",
        "json",
    )
    assert code == 0
    one, two = lines_of(out)
    assert set(one) == CONTRACT
    assert (one["case_id"], one["program"], one["as_of"]) == ("one", "return_home", "2021-07-01")
    assert "return_home.in_absentia_no_notice" in [g["rule"] for g in one["grounds"]]
    assert all(set(g) >= {"rule", "title", "authority", "cites"} for g in one["grounds"])
    assert two["outcome"] == "ground"
    assert [g["rule"] for g in two["grounds"]] == ["return_home.us_citizen"]


def test_it_adds_every_rule_in_force_when_asked(wayhome, clients):
    _, out, _ = wayhome(
        "screen", clients(TWO), "--as-of", "2015-01-01", "--format", "json", "--every-rule"
    )
    rules = next(line["rules"] for line in lines_of(out) if line["program"] == "return_home")
    assert rules["return_home.in_absentia_no_notice"] is True
    assert rules["return_home.bad_counsel"] is None
    assert "return_home.veteran_exiled" not in rules  # a demand of 2021


def test_it_writes_csv_and_parquet_and_html(wayhome, clients, tmp_path):
    path = clients(TWO)
    for name in ("out.csv", "out.parquet", "out.html", "out.json"):
        code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", tmp_path / name)
        assert code == 0, err
        assert (tmp_path / name).stat().st_size > 100
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert {row["case_id"] for row in rows} == {"one", "two"}
    assert "not advice" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_it_prints_a_summary_without_a_format(wayhome, clients):
    code, out, _ = wayhome("screen", clients(TWO), "--as-of", "2021-07-01")
    assert code == 0
    assert "not advice" in out
    assert "2021-07-01" in out


def test_it_uses_each_rows_own_date(wayhome):
    code, out, _ = wayhome(
        "screen", PUBLISHED_CASES, "--program", "return_home", "--format", "json"
    )
    assert code == 0
    days = {line["case_id"]: line["as_of"] for line in lines_of(out)}
    assert days["mellouli"] == "2015-07-01"
    assert days["bailey"] == "2021-07-01"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("case_id,removd\n1,yes\n", "removed"),
        ("case_id,removed\n1,maybe\n", "row 2"),
        ("case_id,removed\n1,yes\n1,no\n", "row 3"),
        ("case_id,removal_date\n1,2021-02-31\n", "removal_date"),
        ("case_id,removal_date\n1,0001-01-01\n", "1900"),
        ("case_id,prior_removals\n1,-2\n", "prior_removals"),
        ("removed\nyes\n", "case_id"),
        ("", "empty"),
    ],
)
def test_it_names_the_place_and_the_mend(wayhome, clients, tmp_path, text, says):
    out_path = tmp_path / "result.csv"
    code, out, err = wayhome("screen", clients(text), "--as-of", "2021-07-01", "--out", out_path)
    assert code == 3
    assert says in err
    assert "clients.csv" in err
    assert "Traceback" not in err + out
    assert not out_path.exists()


def test_it_goes_on_without_bad_rows_and_loses_none(wayhome, clients, tmp_path):
    path = clients("case_id,removed\n1,yes\n2,perhaps\n3,no\n=4,no\n5,never\n")
    out = tmp_path / "result.json"
    code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", out, "--skip-bad-rows")
    assert code == 0
    screened = {line["case_id"] for line in lines_of(out.read_text(encoding="utf-8"))}
    bad = list(csv.reader((tmp_path / "result.bad-rows.csv").open(encoding="utf-8")))
    assert len(screened) + len(bad) - 1 == 5
    assert [row[0] for row in bad[1:]] == ["3", "6"]
    assert "perhaps" in " ".join(bad[1])
    assert "result.bad-rows.csv" in err


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("--program", "return_hom"), "Did you mean return_home?", 2),
        (("--as-of", "07/01/2021"), "YYYY-MM-DD", 2),
        (("--as-of", "1850-01-01"), "between 1900-01-01", 2),
        (("--as-of", "1901-01-01"), "The earliest begins on", 3),
        (("--format", "pdf"), "pdf", 2),
        (("--out", "result.docx"), "json, csv, html or parquet", 2),
        (("--format", "parquet"), "--out", 2),
        (("--out", "result.arrow"), "people's results go to", 2),
        (("--rulebook", "nowhere"), "No program here", 4),
    ],
)
def test_it_says_what_is_wrong_with_the_command(wayhome, clients, words, says, code):
    ended, _, err = wayhome("screen", clients(TWO), *words)
    assert (ended, says in err) == (code, True), err


def test_it_never_writes_over_the_case_file(wayhome, clients):
    path = clients(TWO)
    code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", path)
    assert code == 2
    assert "the case file itself" in err
    assert path.read_text(encoding="utf-8") == TWO


def test_it_says_that_a_file_is_not_there(wayhome, tmp_path):
    code, _, err = wayhome("screen", tmp_path / "nobody.csv")
    assert code == 3
    assert "nobody.csv" in err


def test_it_explains_one_person(wayhome, clients):
    code, out, _ = wayhome("explain", clients(TWO), "--case", "one", "--as-of", "2021-07-01")
    assert code == 0
    assert "notice_received" in out
    assert "INA 240(b)(5)(C)(ii)" in out
    assert "not advice" in out


def test_it_explains_in_json_and_html(wayhome, clients, tmp_path):
    path = clients(TWO)
    rule = "return_home.in_absentia_no_notice"
    _, out, _ = wayhome(
        "explain",
        path,
        "--case",
        "one",
        "--as-of",
        "2021-07-01",
        "--rule",
        rule,
        "--format",
        "json",
    )
    assert rule in out
    json.loads(out)
    page = tmp_path / "one.html"
    wayhome(
        "explain", path, "--case", "one", "--as-of", "2021-07-01", "--format", "html", "--out", page
    )
    assert "notice_received" in page.read_text(encoding="utf-8")


def test_it_asks_in_spanish(wayhome, clients):
    _, out, _ = wayhome(
        "explain", clients(TWO), "--case", "two", "--as-of", "2021-07-01", "--language", "es"
    )
    assert "¿" in out


def test_it_says_that_a_case_is_not_in_the_file(wayhome, clients):
    code, _, err = wayhome("explain", clients(TWO), "--case", "tow", "--as-of", "2021-07-01")
    assert code == 2
    assert "Did you mean two?" in err


def test_it_leaves_an_old_result_whole_when_the_disk_is_full(
    wayhome, clients, tmp_path, monkeypatch
):
    import errno
    import os

    out = tmp_path / "result.csv"
    out.write_text("the old result")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = wayhome("screen", clients(TWO), "--as-of", "2021-07-01", "--out", out)
    assert code == 5
    assert "No space left on device" in err
    assert out.read_text() == "the old result"
    assert [p.name for p in tmp_path.iterdir()] == ["result.csv", "clients.csv"] or len(
        list(tmp_path.iterdir())
    ) == 2
