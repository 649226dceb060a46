"""`wayhome screen` and `wayhome explain` on a caseworker's spreadsheet, as they are typed."""

import csv
import json

import openpyxl
import pytest

from wayhome.demo import PUBLISHED_CASES

TWO = """case_id,removed,ordered_in_absentia,notice_received,born_in_us
one,yes,yes,no,
two,no,,,yes
"""
CONTRACT = {
    "case_id", "program", "outcome", "demand_outcome", "grounds", "demands", "bars", "missing",
    "deadlines", "as_of",
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


def test_it_says_that_a_month_is_no_day(wayhome, clients):
    path = clients("case_id,arrival_date,birth_date\none,2021-05,\ntwo,2021-05-01,1990-02\n")
    code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--format", "json")
    assert code == 0
    assert "Only the month is known of 2 dates (the first in row 2)." in err
    _, _, err = wayhome("screen", clients(TWO), "--as-of", "2021-07-01", "--format", "json")
    assert "month" not in err


def test_it_never_mixes_demands_with_the_law(wayhome, clients, tmp_path):
    path = clients("case_id,removed,us_military_service\nexile,yes,yes\n")
    words = ("screen", path, "--as-of", "2021-07-01", "--program", "return_home")
    _, out, _ = wayhome(*words, "--format", "json")
    (found,) = lines_of(out)
    assert "return_home.veteran_exiled" in [d["rule"] for d in found["demands"]]
    assert all(ground["authority"] != "demand" for ground in found["grounds"])
    wayhome(*words, "--out", tmp_path / "out.csv")
    (row,) = csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8"))
    assert "return_home.veteran_exiled" in row["demands"]
    assert "veteran_exiled" not in row["grounds"]


def test_it_says_that_a_folder_is_not_there(wayhome, clients, tmp_path):
    code, _, err = wayhome("screen", clients(TWO), "--out", tmp_path / "nodir" / "x.csv")
    assert code == 2
    assert "there is no folder" in err
    assert "nodir" in err


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
        (("--out", "result.docx"), ".jsonl, .csv, .html", 2),
        (("--format", "parquet"), "--out", 2),
        (("--out", "result.arrow"), "people's results go to", 2),
        (("--rulebook", "nowhere"), "No program here", 4),
    ],
)
def test_it_says_what_is_wrong_with_the_command(wayhome, clients, words, says, code):
    ended, _, err = wayhome("screen", clients(TWO), *words)
    assert (ended, says in err) == (code, True), err


SKIP = "--skip-bad-rows"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("case_id,removed\n1,maybe\n", "go on without 1 row: --skip-bad-rows"),
        ("case_id,removed\n1,maybe\n2,perhaps\n", "go on without 2 rows: --skip-bad-rows"),
        ("case_id,removd\n1,maybe\n", None),
        ("case_id,Name,Phone\n1,,\n", None),
        ("removed\nyes\n", None),
        ("case_id,removed\nA012345678,maybe\n", None),
    ],
)
def test_it_offers_to_skip_rows_only_where_rows_are_the_fault(wayhome, clients, text, hint):
    _, _, err = wayhome("screen", clients(text), "--as-of", "2021-07-01")
    assert hint in err if hint else SKIP not in err


def test_it_counts_one_and_many_in_words(wayhome, clients):
    rows = "".join(f"{i},maybe\n" for i in range(51))
    _, _, err = wayhome("screen", clients(f"case_id,removed\n{rows}"), "--as-of", "2021-07-01")
    assert "… and 1 more fault.\n" in err
    _, _, err = wayhome(
        "screen", clients(f"case_id,removed\n{rows}52,x\n"), "--as-of", "2021-07-01"
    )
    assert "… and 2 more faults.\n" in err


def test_it_sets_a_row_before_any_law_aside(wayhome, clients, tmp_path):
    path = clients("case_id,as_of,removed\n1,2021-07-01,yes\n2,1905-01-01,yes\n3,,no\n")
    out = tmp_path / "result.jsonl"
    code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", out)
    assert code == 3
    assert "clients.csv, row 3, column screening_date: On 1905-01-01 no rule" in err
    assert not out.exists()
    code, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", out, SKIP)
    assert code == 0
    assert {line["case_id"] for line in lines_of(out.read_text("utf-8"))} == {"1", "3"}
    assert "1 row was not screened" in err
    with (tmp_path / "result.bad-rows.csv").open(encoding="utf-8") as lines:
        (_, (row, why, *cells)) = csv.reader(lines)
    assert (row, cells) == ("3", ["2", "1905-01-01", "yes"])
    assert "The earliest begins on" in why


def test_it_screens_its_file_of_bad_rows_once_mended(wayhome, clients, tmp_path):
    path = clients(
        "case_id,removed,detention_facility\n1,yes,x\n=2,perhaps,-Baker\n3,never,\n4,no,\n"
    )
    out = tmp_path / "result.jsonl"
    _, _, err = wayhome("screen", path, "--as-of", "2021-07-01", "--out", out, SKIP)
    assert "2 rows were not screened" in err
    bad = tmp_path / "result.bad-rows.csv"
    text = bad.read_text(encoding="utf-8")
    assert ",'=2,perhaps,'-Baker" in text
    assert wayhome("screen", bad, "--as-of", "2021-07-01")[0] == 3
    lines = text.splitlines()
    mended = [lines[0], *(line.replace(",perhaps", ",yes") for line in lines[1:])]
    bad.write_text("\n".join(mended), encoding="utf-8")
    code, _, err = wayhome("screen", bad, "--as-of", "2021-07-01", "--out", out, SKIP)
    assert code == 0, err
    assert {line["case_id"] for line in lines_of(out.read_text("utf-8"))} == {"=2"}
    again = (tmp_path / "result.bad-rows.csv").read_text(encoding="utf-8").splitlines()
    assert again[0] == lines[0]
    assert again[1].endswith(",3,never,")


def test_it_writes_rows_of_a_workbook_so_that_they_can_be_read_again(wayhome, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["case_id", "removed", "detention_facility"], ["1", "yse", "Baker\nFlorida"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "clients.xlsx")
    wayhome("screen", tmp_path / "clients.xlsx", "--as-of", "2021-07-01", SKIP)
    bad = tmp_path / "clients.bad-rows.csv"
    bad.write_text(bad.read_text(encoding="utf-8").replace(",yse,", ",yes,"), encoding="utf-8")
    assert wayhome("screen", bad, "--as-of", "2021-07-01")[0] == 0


def test_it_tells_of_a_screening_in_spanish(wayhome, clients, tmp_path):
    words = ("screen", clients(TWO), "--as-of", "2021-07-01", "--language", "es")
    _, out, _ = wayhome(*words)
    assert "Una pista para un abogado, no un consejo legal." in out
    assert "not advice" not in out
    wayhome(*words, "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<html lang="es"' in page
    assert "Una pista para un abogado" in page
    code, _, err = wayhome(*words[:-1], "fr")
    assert code == 2
    assert "'en', 'es'" in err


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


BAD_BESIDE = TWO + "three,perhaps,,,\n"


def test_it_explains_one_although_another_row_is_bad(wayhome, clients):
    words = ("explain", clients(BAD_BESIDE), "--as-of", "2021-07-01", "--case")
    code, _, err = wayhome(*words, "one")
    assert code == 3
    assert "row 4" in err
    assert SKIP in err
    code, out, _ = wayhome(*words, "one", SKIP)
    assert code == 0
    assert "Case one" in out
    code, _, err = wayhome(*words, "three", SKIP)
    assert code == 3
    assert "row 4, column removed: 'perhaps' is neither yes nor no." in err


def test_it_explains_from_the_sheet_that_is_named(wayhome, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["Monthly report"])
    cases = workbook.create_sheet("Clients")
    for row in (["case_id", "removed"], ["17", "yes"]):
        cases.append(row)
    path = tmp_path / "office.xlsx"
    workbook.save(path)
    words = ("explain", path, "--case", "17", "--as-of", "2021-07-01", "--sheet", "Clients")
    code, out, err = wayhome(*words)
    assert code == 0, err
    assert "Case 17" in out


def test_it_says_that_docket_cases_are_not_explained_one_by_one(wayhome, tmp_path):
    (tmp_path / "provenance.json").write_text("{}", encoding="utf-8")
    code, _, err = wayhome("explain", tmp_path, "--case", "17")
    assert code == 2
    assert "cannot be explained one by one yet" in err
    assert f"wayhome screen {tmp_path}" in err


def test_it_keeps_an_explanation_readable_unless_more_is_asked_for(wayhome):
    words = ("explain", PUBLISHED_CASES, "--case", "mellouli", "--program", "return_home")
    (_, short, _), (_, opened, _), (_, every, _) = (
        wayhome(*words, *more) for more in ((), ("--open",), ("--every-rule",))
    )
    assert len(short.splitlines()) < 300
    lines = short.split("WHAT CANNOT BE TOLD YET")[1].splitlines()
    kinds = [line.split()[0] for line in lines if "return_home." in line]
    assert kinds == sorted(kinds, key=["Ground", "Bar", "Waiver", "Deadline"].index)
    assert "return_home.us_citizen: us_citizen_parent_at_birth" in short
    assert "12 of 13 rows do not fit" in short
    assert "Answer: ?" not in short
    assert "Answer: ?" in opened
    assert "WHAT CANNOT BE TOLD YET" not in opened
    assert "Answer: ✗" not in short + opened
    assert "Answer: ✗" in every
    _, whole, _ = wayhome(*words[:4], "--rule", "return_home.change_in_law")
    assert "order_final_date < change_in_law.date" in whole.split("Answer:")[1]


def test_it_says_which_bar_is_not_known_yet(wayhome, clients):
    _, out, _ = wayhome("explain", clients(TWO), "--case", "one", "--as-of", "2021-07-01")
    found = " ".join(out.split("THE NEXT QUESTIONS")[0].split())
    assert "Bar not known yet" in found
    assert "[return_home.bar_reinstated] What would settle it: proceeding_type" in found


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
