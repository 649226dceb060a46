"""`wayhome ledger`: what was imported, and what changed, as a watcher of the releases types it."""

import json
import shutil

import openpyxl
import pyarrow.parquet as pq
import pytest

from wayhome.report.ledger_page import ledger_page
from wayhome.sources.eoir.store import open_store
from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release
from wayhome.sources.ledger.docket_comparison import compare_stores


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """A synthetic release and the one that follows: 20 cases have vanished from it."""
    folder = tmp_path_factory.mktemp("releases")
    first = write_release(folder, cases=1000, seed=3, tables=MAIN_TABLES)
    second = folder / "next" / first.name
    shutil.copytree(first, second)
    cases = second / "SYNTHETIC_A_TblCase.csv"
    lines = cases.read_bytes().splitlines(keepends=True)
    cases.write_bytes(b"".join(lines[:100] + lines[120:]))
    return first, second


@pytest.fixture(scope="module")
def stores(releases, tmp_path_factory):
    from wayhome.sources.eoir.importing import import_release

    folder = tmp_path_factory.mktemp("stores")
    return [
        import_release(release, folder / name).store
        for release, name in zip(releases, ("SYNTHETIC-old", "SYNTHETIC-new"), strict=True)
    ]


@pytest.fixture
def beside(stores, tmp_path):
    """The stores in a folder of the test's own, where no ledger is yet."""
    return [shutil.copytree(store, tmp_path / store.name) for store in stores]


def lines_of(folder):
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text().splitlines()]


def test_it_enters_every_import(wayhome, releases, tmp_path):
    first, second = releases
    code, out, err = wayhome("import", "eoir", first, "--out", tmp_path / "one")
    assert code == 0, err
    assert "seen before" not in out
    code, out, _ = wayhome("import", "eoir", first, "--out", tmp_path / "one")
    assert (code, len(lines_of(tmp_path))) == (0, 1)
    assert "This release was seen before" in out
    code, out, _ = wayhome("import", "eoir", second, "--out", tmp_path / "two")
    assert code == 0
    assert "was published again with other contents: A_TblCase.csv" in out
    one, two = lines_of(tmp_path)
    assert (one["by"], one["store"], two["store"]) == ("import", "SYNTHETIC-one", "SYNTHETIC-two")
    code, out, _ = wayhome("ledger", "list", tmp_path)
    assert code == 0
    assert "SYNTHETIC-one" in out
    code, out, _ = wayhome("ledger", "list", tmp_path, "--format", "json")
    assert [entry["store"] for entry in json.loads(out)["releases"]] == [
        "SYNTHETIC-one",
        "SYNTHETIC-two",
    ]


def test_it_ends_an_import_although_the_ledger_cannot_be_written(wayhome, releases, tmp_path):
    (tmp_path / "ledger.jsonl").mkdir()
    code, out, _ = wayhome("import", "eoir", releases[0], "--out", tmp_path / "one")
    assert code == 0
    assert "cannot be written" in out
    assert open_store(tmp_path / "SYNTHETIC-one").is_synthetic


def test_it_tells_of_a_ledger_that_was_altered(wayhome, beside):
    folder = beside[0].parent
    wayhome("ledger", "compare", *beside)
    path = folder / "ledger.jsonl"
    path.write_text(path.read_text().replace('"synthetic":true', '"synthetic":false', 1))
    code, out, err = wayhome("ledger", "list", folder)
    assert code == 1
    assert "altered" in out
    assert "ledger.jsonl" in err


def test_it_compares_two_stores_and_enters_those_that_are_not_in_the_ledger(wayhome, beside):
    code, out, err = wayhome("ledger", "compare", *beside)
    assert code == 0, err
    assert "SYNTHETIC DATA" in out
    row = next(line.split() for line in out.splitlines() if line.startswith("A_TblCase "))
    assert row[3:6] == ["0", "0", "20"]
    assert "vanished" in out
    entries = lines_of(beside[0].parent)
    assert [(entry["by"], entry["store"]) for entry in entries] == [
        ("comparison", "SYNTHETIC-old"),
        ("comparison", "SYNTHETIC-new"),
    ]
    wayhome("ledger", "compare", *beside)
    assert len(lines_of(beside[0].parent)) == 2


def test_it_writes_a_comparison_as_a_folder(wayhome, beside, tmp_path):
    code, out, err = wayhome("ledger", "compare", *beside, "--out", tmp_path / "changes")
    assert code == 0, err
    folder = tmp_path / "SYNTHETIC-changes"
    assert f"Written: {folder}" in out
    keys = pq.read_table(folder / "keys" / "A_TblCase.parquet")
    assert keys["change"].to_pylist() == ["vanished"] * 20
    assert "SYNTHETIC DATA" in (folder / "index.html").read_text()
    code, *_ = wayhome("ledger", "compare", *beside, "--out", tmp_path / "changes")
    assert code == 0
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_it_tells_a_comparison_as_json(wayhome, beside):
    code, out, _ = wayhome("ledger", "compare", *beside, "--format", "json", "--samples", 3)
    assert code == 0
    told = json.loads(out)
    cases = told["tables"][0]
    assert (cases["table"], cases["vanished"], len(cases["samples"])) == ("A_TblCase", 20, 3)
    assert sum(month["vanished"] for month in told["months"]) == 20


def test_it_leaves_nothing_when_it_is_interrupted(wayhome, beside, tmp_path, monkeypatch):
    from wayhome.sources.ledger import docket_comparison

    def interrupted(*_, **__):
        # What DuckDB makes of Ctrl-C.
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(docket_comparison, "compare_table", interrupted)
    code, out, err = wayhome("ledger", "compare", *beside, "--out", tmp_path / "changes")
    assert (code, out) == (130, "")
    assert "Nothing was left half-written" in err
    assert {path.name for path in tmp_path.iterdir()} == {"SYNTHETIC-old", "SYNTHETIC-new"}


def test_it_shows_what_it_is_of_on_the_page(stores):
    found = compare_stores(*(open_store(store) for store in stores))
    page = ledger_page(found)
    for sha256 in found.new.sha256.values():
        assert sha256 in page
    assert "20 vanished" in page
    assert "A lead for a lawyer, not advice." in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("new", "said"),
    [("nothing", "There is no docket store"), ("stats.xlsx", "are not of one kind")],
)
def test_it_says_in_a_sentence_what_cannot_be_compared(wayhome, stores, tmp_path, new, said):
    code, _, err = wayhome("ledger", "compare", stores[0], tmp_path / new)
    assert code in (2, 3)
    assert said in err


def test_it_says_where_there_is_no_ledger(wayhome, tmp_path):
    code, _, err = wayhome("ledger", "list", tmp_path)
    assert code == 3
    assert "There is no ledger" in err


@pytest.fixture
def books(tmp_path):
    paths = []
    for name, count in (("SYNTHETIC-old.xlsx", 5), ("SYNTHETIC-new.xlsx", 6)):
        book = openpyxl.Workbook()
        book.active.title = "Facilities"
        for row in (["Places"], ["Name", "City", "State", "Count"], ["=A", "B", "TX", count]):
            book.active.append(row)
        book.active["A3"].data_type = "s"
        book.save(tmp_path / name)
        paths.append(tmp_path / name)
    return paths


def test_it_compares_workbooks_and_enters_them(wayhome, books, tmp_path):
    code, out, err = wayhome("ledger", "compare", *books, "--out", tmp_path / "changes")
    assert code == 0, err
    assert "changed =A, B, TX · Count: 5 → 6" in out
    assert [entry["kind"] for entry in lines_of(tmp_path)] == ["statistics workbook"] * 2
    samples = (tmp_path / "SYNTHETIC-changes" / "samples.csv").read_text().splitlines()
    # No spreadsheet takes what a workbook says for a formula.
    assert samples[1] == 'Facilities: Places,changed,"\'=A, B, TX",Count,5,6'
    assert not (tmp_path / "SYNTHETIC-changes" / "keys").exists()


def test_it_keeps_the_ledger_elsewhere_if_asked_to(wayhome, books, tmp_path):
    (tmp_path / "mine").mkdir()
    code, *_ = wayhome("ledger", "compare", *books, "--ledger", tmp_path / "mine")
    assert code == 0
    assert len(lines_of(tmp_path / "mine")) == 2
    assert not (tmp_path / "ledger.jsonl").exists()
