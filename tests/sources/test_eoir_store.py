"""The store is replaced whole or not at all: interrupts, full disks, resuming, two at once."""

import errno
import json
import shutil
import subprocess
import sys
from datetime import date

import duckdb
import pytest
from eoir_by_hand import CASES, CHARGES, PROCEEDINGS, RELEASE_DATE, facts_of, write_tables

from wayhome.sources.eoir import importing, store
from wayhome.sources.eoir.importing import import_release
from wayhome.sources.eoir.reading import loading
from wayhome.sources.eoir.reading.row_writer import RowWriter
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.eoir.store import open_store, staged, store_path

OLD = {CASES: [{"IDNCASE": "1"}]}
NEW = {CASES: [{"IDNCASE": "1"}, {"IDNCASE": "2"}], CHARGES: [b"1\t1\t1\t237a01B\tS"]}


@pytest.fixture
def target(tmp_path):
    """A store of one case, and beside it a release of two."""
    old = write_tables(tmp_path / "old", OLD)
    report = import_release(old, tmp_path / "store", as_release_date=RELEASE_DATE)
    write_tables(tmp_path / "new", NEW)
    return report.store


def import_new(target, **more):
    release = target.with_name("new")
    return import_release(release, target, as_release_date=RELEASE_DATE, **more)


def cases_in(path):
    return [facts["case_id"] for facts in facts_of(path)]


def beside(target):
    return {path.name for path in target.parent.iterdir()} - {"old", "new"}


def test_it_replaces_the_old_store_and_leaves_nothing_beside_it(target):
    import_new(target)
    assert cases_in(target) == [1, 2]
    assert beside(target) == {"store"}
    assert not any(path.name.startswith(".") for path in target.iterdir())


@pytest.mark.parametrize(
    "place",
    ["load_table", "write_docket_cases", "newest_input_date", "write_accounting", "swap_in"],
)
def test_it_leaves_the_old_store_as_it_was_when_it_is_interrupted(target, monkeypatch, place):
    def interrupted(*args, **more):
        raise KeyboardInterrupt

    before = {p: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr(importing, place, interrupted)
        with pytest.raises(KeyboardInterrupt):
            import_release(target.with_name("new"), target)
    assert {p: p.read_bytes() for p in target.rglob("*") if p.is_file()} == before
    assert cases_in(target) == [1]
    import_new(target)
    assert cases_in(target) == [1, 2]


def interrupt_at(monkeypatch, table, target, source=None):
    """Stop an import when it comes to a table; what it did before is finished."""

    def load(release, wanted, *rest):
        if wanted.name == table:
            raise KeyboardInterrupt
        return loading.load_table(release, wanted, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "load_table", load)
        with pytest.raises(KeyboardInterrupt):
            import_release(source or target.with_name("new"), target)


def test_it_goes_on_where_it_was_interrupted(target, monkeypatch):
    interrupt_at(monkeypatch, CHARGES, target)
    steps = []
    report = import_new(target, progress=lambda step, *rest: steps.append(step))
    assert report.resumed_tables == (CASES,)
    assert {CASES, CHARGES, PROCEEDINGS} & set(steps) == {CHARGES, PROCEEDINGS}
    assert cases_in(target) == [1, 2]
    assert [account.read for account in report.accounts] == [2, 1, 0]


KILLED = """
import os, pathlib, sys
from wayhome.sources.eoir.importing import import_release
def tell(step, done, total):
    if step == sys.argv[3]:
        os._exit(9)
import_release(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), progress=tell)
"""


@pytest.mark.parametrize("step", [CHARGES, "facts: case_charges", "facts: docket_cases.arrow"])
def test_it_goes_on_after_the_program_was_killed(target, step):
    release = target.with_name("new")
    done = subprocess.run([sys.executable, "-c", KILLED, release, target, step], check=False)
    assert done.returncode == 9
    assert cases_in(target) == [1]
    report = import_new(target)
    assert CASES in report.resumed_tables
    assert cases_in(target) == [1, 2]
    assert beside(target) == {"store"}


def test_it_goes_on_with_a_zip_too(target, monkeypatch, tmp_path):
    archive = tmp_path / shutil.make_archive(tmp_path / "new", "zip", tmp_path / "new")
    interrupt_at(monkeypatch, CHARGES, target, archive)
    report = import_release(archive, target, as_release_date=RELEASE_DATE)
    assert report.resumed_tables == (CASES,)


def test_it_starts_again_with_a_table_whose_file_is_another(target, monkeypatch):
    interrupt_at(monkeypatch, PROCEEDINGS, target)
    write_tables(target.with_name("new"), {**NEW, CASES: [{"IDNCASE": "3"}]})
    report = import_new(target)
    assert report.resumed_tables == (CHARGES,)
    assert cases_in(target) == [3]


def test_it_starts_again_where_the_code_tables_are_others(target, monkeypatch):
    interrupt_at(monkeypatch, PROCEEDINGS, target)
    (target.with_name("new") / "tblLookupAlienNat.csv").write_text("strCode\nQ9\n")
    assert import_new(target).resumed_tables == ()


def test_it_drops_a_table_that_only_the_interrupted_release_had(target, monkeypatch):
    interrupt_at(monkeypatch, PROCEEDINGS, target)
    (target.with_name("new") / f"{CHARGES}.csv").unlink()
    report = import_new(target)
    assert not open_store(report.store).table_path(CHARGES).exists()


def test_it_does_not_believe_a_marker_that_was_cut_off(target, monkeypatch):
    interrupt_at(monkeypatch, PROCEEDINGS, target)
    for marker in (target.with_name(".store.staging") / ".finished").iterdir():
        marker.write_text(marker.read_text()[:40])
    assert import_new(target).resumed_tables == ()


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), OSError("write: No space left on device")],
)
def test_it_says_in_a_sentence_that_the_disk_is_full(target, monkeypatch, error):
    def full(self, rows):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(RowWriter, "_write", full)
        with pytest.raises(ReleaseProblem, match=r"The disk of .* is full .* Nothing was replaced"):
            import_new(target)
    assert cases_in(target) == [1]
    import_new(target)
    assert cases_in(target) == [1, 2]


def test_it_says_so_when_the_disk_is_full_while_facts_are_derived(target, monkeypatch):
    def full(*args):
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "write_docket_cases", full)
        with pytest.raises(ReleaseProblem, match=r"The disk of .* is full"):
            import_new(target)
    assert cases_in(target) == [1]


def test_it_says_so_when_memory_does_not_suffice(target, monkeypatch):
    def full(*args):
        raise duckdb.OutOfMemoryException("Out of Memory Error")

    monkeypatch.setattr(importing, "write_docket_cases", full)
    with pytest.raises(ReleaseProblem, match=r"4 GB of memory .* are not enough"):
        import_new(target)


def test_it_lets_an_error_that_is_no_full_disk_pass(target, monkeypatch):
    def broken(*args):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(importing, "write_docket_cases", broken)
    with pytest.raises(OSError, match="Input/output error"):
        import_new(target)


def test_it_puts_the_old_store_back_when_the_swap_fails_halfway(target, monkeypatch):
    rename = store.Path.rename

    def failing(self, new):
        if self.name.endswith(".staging"):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, new)

    with monkeypatch.context() as patch:
        patch.setattr(store.Path, "rename", failing)
        with pytest.raises(OSError, match="Permission denied"):
            import_new(target)
    assert cases_in(target) == [1]
    import_new(target)
    assert beside(target) == {"store"}


def test_it_puts_the_old_store_back_after_a_swap_that_was_cut_off(target):
    target.rename(target.with_name(".store.replaced"))
    with pytest.raises(ReleaseProblem, match=r"rename .*\.store\.replaced"):
        open_store(target)
    with staged(target):
        assert cases_in(target) == [1]


def test_it_lets_no_second_import_into_the_same_store(target):
    with staged(target), pytest.raises(ReleaseProblem, match="Another import into"):
        import_new(target)


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_it_writes_over_nothing_that_is_no_store(tmp_path, kind):
    release = write_tables(tmp_path / "release", OLD)
    target = tmp_path / "precious"
    if kind == "folder":
        target.mkdir()
        (target / "letter.txt").write_text("dear")
    else:
        target.write_text("dear")
    with pytest.raises(ReleaseProblem, match="is no docket store, so nothing is written over it"):
        import_release(release, target)
    assert "dear" in (target.read_text() if kind == "file" else (target / "letter.txt").read_text())


def test_it_writes_into_an_empty_folder(tmp_path):
    release = write_tables(tmp_path / "release", OLD)
    (tmp_path / "store").mkdir()
    report = import_release(release, tmp_path / "store", as_release_date=RELEASE_DATE)
    assert cases_in(report.store) == [1]


def test_it_makes_the_folders_above_the_store(tmp_path):
    release = write_tables(tmp_path / "release", OLD)
    report = import_release(release, tmp_path / "a" / "b" / "store", as_release_date=RELEASE_DATE)
    assert cases_in(report.store) == [1]


def test_it_says_so_when_nothing_can_be_written_there(tmp_path):
    release = write_tables(tmp_path / "release", OLD)
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseProblem, match="Nothing can be written beside"):
        import_release(release, tmp_path / "file" / "store")


def test_it_opens_a_store(target):
    opened = open_store(target)
    assert opened.release_date == date(2024, 6, 30)
    assert not opened.is_synthetic
    assert [account.table for account in opened.accounting] == [CASES, PROCEEDINGS]
    assert opened.provenance["release_date_from"] == "given"


def spoil(target, name, change):
    path = target / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("docket_cases.arrow", lambda data: data[: len(data) // 2]),
        ("docket_cases.arrow", lambda data: b""),
        ("provenance.json", lambda data: data[:50]),
        ("provenance.json", lambda data: b"{}"),
        ("provenance.json", lambda data: b'{"format": 1}'),
        ("accounting.csv", lambda data: b"table,read\nA_TblCase,x\n"),
    ],
)
def test_it_says_so_when_a_store_is_not_whole(target, name, change):
    spoil(target, name, change)
    with pytest.raises(ReleaseProblem, match="is not whole"):
        open_store(target)


def test_it_says_so_when_a_store_lacks_its_cases(target):
    (target / "docket_cases.arrow").unlink()
    with pytest.raises(ReleaseProblem, match="is not whole"):
        open_store(target)


def test_it_says_so_when_a_store_is_of_another_format(target):
    told = json.loads((target / "provenance.json").read_text())
    (target / "provenance.json").write_text(json.dumps({**told, "format": 99}))
    with pytest.raises(ReleaseProblem, match=r"format 99, this one reads 1"):
        open_store(target)


def test_it_says_so_when_there_is_no_store(tmp_path):
    with pytest.raises(ReleaseProblem, match="There is no docket store at"):
        open_store(tmp_path / "nowhere")
    with pytest.raises(ReleaseProblem, match="is no docket store"):
        open_store(tmp_path)


def test_it_points_at_the_synthetic_store_beside(tmp_path):
    synthetic = store_path(tmp_path / "docket", is_synthetic=True)
    assert synthetic.name == "SYNTHETIC-docket"
    assert store_path(synthetic, is_synthetic=True) == synthetic
    assert store_path(tmp_path / "docket", is_synthetic=False).name == "docket"
    synthetic.mkdir()
    with pytest.raises(ReleaseProblem, match="SYNTHETIC-docket is there"):
        open_store(tmp_path / "docket")
