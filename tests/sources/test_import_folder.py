"""The folder of an import: there whole, or as it was before."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import (
    import_folder,
    open_import,
    write_csv,
    write_provenance,
)

KIND = "folder of invented figures"


def fill(target, text):
    with import_folder(target, KIND) as new:
        (new / "figures.txt").write_text(text)
        write_provenance(new, KIND, {"told": text})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_replaces_a_folder_of_its_kind_as_a_whole(tmp_path):
    fill(tmp_path / "out", "first")
    (tmp_path / "out" / "left over.txt").touch()
    fill(tmp_path / "out", "second")
    assert names(tmp_path / "out") == ["figures.txt", "provenance.json"]
    assert json.loads((tmp_path / "out" / "provenance.json").read_text())["told"] == "second"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_it_leaves_what_was_there_when_the_new_one_fails(tmp_path, error):
    fill(tmp_path / "out", "first")

    def fail():
        with import_folder(tmp_path / "out", KIND) as new:
            (new / "figures.txt").write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert (tmp_path / "out" / "figures.txt").read_text() == "first"
    assert names(tmp_path) == ["out"]


def test_it_fills_a_folder_that_is_empty_and_makes_those_above_it(tmp_path):
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty", "here")
    fill(tmp_path / "a" / "b" / "c", "there")
    assert (tmp_path / "a" / "b" / "c" / "figures.txt").exists()


@pytest.mark.parametrize("provenance", [None, "no json", "[]", '{"kind": "wayhome docket store"}'])
def test_it_writes_over_nothing_that_is_not_of_its_kind(tmp_path, provenance):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    if provenance:
        (tmp_path / "out" / "provenance.json").write_text(provenance)
    with pytest.raises(ReleaseProblem, match="nothing is written over it"):
        fill(tmp_path / "out", "theirs")
    (tmp_path / "file").touch()
    with pytest.raises(ReleaseProblem, match="nothing is written over it"):
        fill(tmp_path / "file", "theirs")


def test_it_makes_a_formula_harmless(tmp_path):
    write_csv(tmp_path / "t.csv", ["name", "people"], [("=HYPERLINK(1)", -3)])
    assert (tmp_path / "t.csv").read_text().splitlines() == ["name,people", "'=HYPERLINK(1),-3"]


def test_it_opens_what_an_import_wrote_and_nothing_else(tmp_path):
    with import_folder(tmp_path / "out", KIND) as new:
        pq.write_table(pa.table({"a": [1], "b": [2]}), new / "figures.parquet")
        write_provenance(new, KIND, {"files": ["a.csv"]})
    found = open_import(tmp_path / "out", KIND)
    assert (found.tables, found.provenance["files"]) == (("figures",), ["a.csv"])
    assert found.table("figures", columns=["b"]).to_pylist() == [{"b": 2}]
    with pytest.raises(ReleaseProblem, match="has no table 'bonds'; it has figures"):
        found.table("bonds")
    for path, kind in ((tmp_path / "out", "folder of letters"), (tmp_path / "nowhere", KIND)):
        with pytest.raises(ReleaseProblem, match="is no"):
            open_import(path, kind)
