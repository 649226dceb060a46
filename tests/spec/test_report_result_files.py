"""Result files: the contract of the columns, and whole or not at all."""

import csv
import errno
import json
import os
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from report_samples import findings_of

from wayhome.report import result_files
from wayhome.report.result_files import (
    CSV_COLUMNS,
    write_csv,
    write_json_lines,
    write_parquet,
    write_rows,
    write_text,
)

WRITERS = {"json": write_json_lines, "csv": write_csv, "parquet": write_parquet}


@pytest.fixture(scope="module")
def found():
    return findings_of()


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def row(rows, case, program):
    return next(r for r in rows if (r["case_id"], r["program"]) == (case, program))


def test_it_writes_a_json_object_a_line(found, tmp_path):
    write_json_lines(found, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        json.loads(json.dumps(finding.as_json())) for finding in found
    ]
    assert "rules" not in json.loads(lines[0])
    write_json_lines(found, tmp_path / "out.jsonl", every_rule=True)
    first = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert set(first["rules"].values()) <= {True, False, None}


def test_it_writes_a_row_a_case_and_program(found, tmp_path):
    write_csv(found, tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(found)
    bernard = row(rows, "bernard", "return_home")
    assert bernard["outcome"] == "open"
    assert "return_home.in_absentia_no_notice" in bernard["grounds"].split("; ")
    assert "return_home.motion_90_days 2021-08-18" in bernard["deadlines"].split("; ")
    assert bernard["as_of"] == "2021-07-01"
    assert "born_in_us" in bernard["missing"].split("; ")


def test_it_writes_the_answer_of_every_rule_when_asked(found, tmp_path):
    write_csv(found, tmp_path / "out.csv", every_rule=True)
    answers = row(rows_of(tmp_path / "out.csv"), "esperanza", "return_home")["rules"].split("; ")
    assert "return_home.us_citizen true" in answers
    assert "return_home.in_absentia_no_notice unknown" in answers


def test_it_writes_lists_as_lists_in_parquet(found, tmp_path):
    write_parquet(found, tmp_path / "out.parquet", every_rule=True)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(rows) == len(found)
    bernard = row(rows, "bernard", "return_home")
    assert bernard["as_of"] == date(2021, 7, 1)
    ground = next(g for g in bernard["grounds"] if g["rule"].endswith("in_absentia_no_notice"))
    assert ground["cites"][0].startswith("INA 240(b)(5)(C)(ii)")
    deadlines = {d["rule"]: d["date"] for d in bernard["deadlines"]}
    assert deadlines["return_home.motion_90_days"] == date(2021, 8, 18)
    assert dict(bernard["rules"])["return_home.us_citizen"] is None


def test_it_writes_in_batches_without_losing_a_row(found, tmp_path, monkeypatch):
    monkeypatch.setattr(result_files, "BATCH", 3)
    write_parquet((f for f in found), tmp_path / "out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(r["case_id"], r["program"]) for r in rows] == [(f.case_id, f.program) for f in found]


def test_it_keeps_letters_commas_and_line_ends(found, tmp_path):
    odd = replace(found[0], case_id='María, "Ñandú"\nzwei')
    for name, write in WRITERS.items():
        write([odd], tmp_path / f"out.{name}")
    assert rows_of(tmp_path / "out.csv")[0]["case_id"] == odd.case_id
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["case_id"] == odd.case_id
    assert pq.read_table(tmp_path / "out.parquet")["case_id"].to_pylist() == [odd.case_id]


def test_it_writes_to_standard_output_without_a_path(found, capsys):
    write_json_lines(found[:1], None)
    assert json.loads(capsys.readouterr().out)["case_id"] == "ana"
    write_text("whole\n", None)
    assert capsys.readouterr().out == "whole\n"


@pytest.mark.parametrize("name", WRITERS)
def test_it_writes_an_empty_result(name, tmp_path):
    WRITERS[name]([], tmp_path / "out")
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("trouble", [KeyboardInterrupt, ValueError, MemoryError])
def test_it_leaves_the_old_result_whole_when_stopped_halfway(found, tmp_path, name, trouble):
    def stopped():
        yield from found
        raise trouble

    out = tmp_path / "out"
    out.write_text("the old result")
    with pytest.raises(trouble):
        WRITERS[name](stopped(), out)
    assert out.read_text() == "the old result"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", WRITERS)
def test_it_leaves_nothing_when_the_disk_is_full(found, tmp_path, name, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        WRITERS[name](found, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_it_names_a_folder_that_is_not_there(found, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_csv(found, tmp_path / "nowhere" / "out.csv")


def test_it_writes_any_rows(tmp_path):
    write_rows(["row", "what is wrong"], [["2", "a; b"], ["3", "c,d"]], tmp_path / "bad.csv")
    assert rows_of(tmp_path / "bad.csv")[1] == {"row": "3", "what is wrong": "c,d"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'="])
def test_it_lets_no_spreadsheet_work_out_what_somebody_typed(found, tmp_path, start):
    typed = f"{start}HYPERLINK(1)"
    odd = replace(found[0], case_id=typed)
    for name, write in WRITERS.items():
        write([odd], tmp_path / f"out.{name}")
    assert rows_of(tmp_path / "out.csv")[0]["case_id"] == f"'{typed}"
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["case_id"] == typed
    assert pq.read_table(tmp_path / "out.parquet")["case_id"].to_pylist() == [typed]
