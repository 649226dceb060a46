"""The ledger: one line a release, only ever added to, and what it says when a release comes again."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from eoir_by_hand import CASES, PROCEEDINGS, case, import_by_hand, proceeding, story, tables_of

from wayhome.sources.eoir.store import open_store
from wayhome.sources.ledger.entries import (
    BY_IMPORT,
    InputFile,
    entry_of_store,
    entry_of_workbook,
)
from wayhome.sources.ledger.ledger_file import LEDGER, enter, read_ledger

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2024, 7, 2, 12, tzinfo=UTC)


def store_of(folder, nationality="MX", day=None):
    told = story("one", case(NAT=nationality), proceeding(OSC_DATE="2020-01-02"))
    extra = {"day": day} if day else {}
    return open_store(import_by_hand(folder, tables_of([told]), **extra).store)


@pytest.fixture
def entry(tmp_path):
    return entry_of_store(store_of(tmp_path / "one"), NOON, BY_IMPORT)


def lines_of(folder):
    return (folder / LEDGER).read_bytes().splitlines()


def test_it_says_of_an_import_what_and_when_it_was(tmp_path):
    store = store_of(tmp_path)
    told = enter(tmp_path, entry_of_store(store, NOON, BY_IMPORT))
    assert told.is_new
    assert told.sentences() == ()
    (line,) = lines_of(tmp_path)
    said = json.loads(line)
    assert said["entered"] == "2024-07-01T12:00:00+00:00"
    assert (said["release"], said["release_date"]) == ("release", "2024-06-30")
    assert said["synthetic"] is False
    assert said["store"] == "store"
    assert said["rows"][CASES] == {"loaded": 1, "repaired": 0, "set_aside": 0}
    for file in said["files"]:
        content = (tmp_path / "release" / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)
    assert {file["name"] for file in said["files"]} == {f"{CASES}.csv", f"{PROCEEDINGS}.csv"}


def test_it_enters_the_same_release_once_and_says_it_was_seen(tmp_path, entry):
    enter(tmp_path, entry)
    again = enter(tmp_path, replace(entry, entered=LATER.isoformat()))
    assert not again.is_new
    assert "seen before" in again.sentences()[0]
    assert "2024-07-01" in again.sentences()[0]
    assert len(lines_of(tmp_path)) == 1


def test_it_enters_the_same_release_again_where_more_is_told(tmp_path, entry):
    enter(tmp_path, entry)
    again = enter(tmp_path, replace(entry, store="elsewhere"))
    assert again.is_new
    assert again.seen == entry
    assert len(lines_of(tmp_path)) == 2


def test_it_says_that_a_release_was_published_again_with_other_contents(tmp_path):
    first, second = store_of(tmp_path / "one", "MX"), store_of(tmp_path / "two", "GT")
    enter(tmp_path, entry_of_store(first, NOON, BY_IMPORT))
    told = enter(tmp_path, entry_of_store(second, LATER, BY_IMPORT))
    assert told.is_new
    assert told.other_contents == (f"{CASES}.csv",)
    (sentence,) = told.sentences()
    assert sentence.startswith("The release of 2024-06 was published again with other contents")


def test_it_takes_next_months_release_for_another_although_its_files_have_the_same_names(tmp_path):
    first = store_of(tmp_path / "one", "MX")
    second = store_of(tmp_path / "two", "GT", day=datetime(2024, 7, 31, tzinfo=UTC).date())
    enter(tmp_path, entry_of_store(first, NOON, BY_IMPORT))
    assert enter(tmp_path, entry_of_store(second, LATER, BY_IMPORT)).sentences() == ()


def test_it_does_not_take_one_invented_release_for_another(tmp_path, entry):
    invented = replace(entry, synthetic=True, release="SYNTHETIC-a")
    other = replace(
        invented, release="SYNTHETIC-b", files=(InputFile(f"SYNTHETIC_{CASES}.csv", "0" * 64, 1),)
    )
    enter(tmp_path, invented)
    assert enter(tmp_path, other).sentences() == ()
    files = (InputFile(f"SYNTHETIC_{CASES}.csv", "1" * 64, 1),)
    again = replace(invented, release="SYNTHETIC-a.zip", files=files)
    assert (
        "SYNTHETIC release of 2024-06 was published again" in enter(tmp_path, again).sentences()[0]
    )


def test_it_knows_a_release_from_its_zip_and_from_its_folder(tmp_path, entry):
    moved = tuple(InputFile(f"EOIR/{f.name}", f.sha256, f.bytes) for f in entry.files)
    enter(tmp_path, entry)
    assert enter(tmp_path, replace(entry, files=moved, source_sha256="ab")).seen == entry


def test_it_knows_a_workbook_that_was_published_again(tmp_path):
    book = tmp_path / "stats.xlsx"
    book.write_bytes(b"first")
    enter(tmp_path, entry_of_workbook(book, {"Sheet": 3}, NOON, synthetic=False))
    book.write_bytes(b"second")
    told = enter(tmp_path, entry_of_workbook(book, {"Sheet": 3}, LATER, synthetic=False))
    assert told.sentences()[0].startswith("The release stats.xlsx was published again with other")


def test_it_never_changes_a_line_that_is_there(tmp_path, entry):
    enter(tmp_path, entry)
    before = (tmp_path / LEDGER).read_bytes()
    enter(tmp_path, replace(entry, store="elsewhere"))
    assert (tmp_path / LEDGER).read_bytes().startswith(before)


@pytest.mark.parametrize("what", ["alter", "take out"])
def test_it_notices_a_line_that_was_altered_or_taken_out(tmp_path, entry, what):
    for name in ("a", "b", "c"):
        enter(tmp_path, replace(entry, store=name))
    assert read_ledger(tmp_path).faults == ()
    lines = lines_of(tmp_path)
    if what == "alter":
        lines[1] = lines[1].replace(b'"loaded":1', b'"loaded":2')
    else:
        del lines[1]
    (tmp_path / LEDGER).write_bytes(b"\n".join(lines) + b"\n")
    (fault,) = read_ledger(tmp_path).faults
    assert "altered or taken out" in fault


def test_it_goes_on_after_a_line_that_a_power_failure_cut_off(tmp_path, entry):
    enter(tmp_path, entry)
    whole = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(whole + whole[:40])
    told = enter(tmp_path, replace(entry, store="elsewhere"))
    assert told.is_new
    ledger = read_ledger(tmp_path)
    assert [entry.store for entry in ledger.entries] == ["store", "elsewhere"]
    assert ledger.faults == (f"{LEDGER}, line 2: it cannot be read and is left out.",)


def test_it_keeps_every_line_of_many_writers_at_once(tmp_path, entry):
    entries = [replace(entry, store=f"store {number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: enter(tmp_path, each), entries))
    ledger = read_ledger(tmp_path)
    assert {entry.store for entry in ledger.entries} == {entry.store for entry in entries}
    assert ledger.faults == ()
