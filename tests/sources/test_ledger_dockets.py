"""Two docket stores compared: every added, changed and vanished row, by table and by month."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from eoir_by_hand import (
    APPEALS,
    CASES,
    CHARGES,
    PROCEEDINGS,
    appeal,
    case,
    charge,
    import_by_hand,
    proceeding,
    story,
    tables_of,
    write_tables,
)

from wayhome.sources.eoir.importing import import_release
from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.eoir.store import open_store
from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release
from wayhome.sources.ledger.comparison import Cell, Change, MonthCount
from wayhome.sources.ledger.comparison_files import folder_beside, write_files
from wayhome.sources.ledger.docket_comparison import compare_stores
from wayhome.sources.ledger.table_rows import CASE_MONTHS, TableFiles, compare_table

STORIES = [
    story("gone", case(NAT="MX"), proceeding(OSC_DATE="2019-03-04"), charge("212a06Ai")),
    story("same", case(NAT="GT"), proceeding(OSC_DATE="2019-03-20"), charge("212a06Ai")),
    story("moved", case(NAT="HO", ALIEN_CITY="MIAMI"), proceeding(OSC_DATE="2020-05-01")),
    story("undated", case(NAT="ES", ALIEN_CITY="YORK"), proceeding()),
]


def store_of(folder, tables):
    return open_store(import_by_hand(folder, tables).store)


@pytest.fixture
def tables():
    return tables_of(STORIES)


def table(comparison, name):
    return next(table for table in comparison.tables if table.name == name)


def counts(found):
    return found.added, found.changed, found.vanished, found.unchanged


def set_rows(store, name, rows):
    """Put other rows in a table of a store, and account for them."""
    path = store.table_path(name)
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    account = next(a for a in store.accounting if a.table == name)
    accounting = store.path / "accounting.csv"
    text = accounting.read_text()
    old = f"{name},{account.read},{account.loaded},"
    assert old in text
    accounting.write_text(text.replace(old, f"{name},{len(rows)},{len(rows)},"))
    return open_store(store.path)


def test_it_finds_nothing_between_a_release_and_itself(tmp_path, tables):
    one, two = store_of(tmp_path / "a", tables), store_of(tmp_path / "b", tables)
    found = compare_stores(one, two)
    assert {each.name for each in found.tables} == {CASES, PROCEEDINGS, CHARGES}
    assert all(counts(each) == (0, 0, 0, each.old_rows) for each in found.tables)
    assert found.months() == ()
    assert "same files" in found.notes[0]


def test_it_counts_what_was_added_changed_and_vanished(tmp_path, tables):
    old = store_of(tmp_path / "a", tables)
    first, second, third, fourth = tables[CASES]
    tables[CASES] = [
        second,
        {**third, "ALIEN_CITY": "ORLANDO", "LANG": "SP"},
        {**fourth, "ALIEN_CITY": ""},
        {**first, "IDNCASE": "1999"},
    ]
    new = store_of(tmp_path / "b", tables)
    found = compare_stores(old, new)
    cases = table(found, CASES)
    assert counts(cases) == (1, 2, 1, 1)
    assert (cases.old_rows, cases.new_rows) == (4, 4)
    assert cases.columns == {"ALIEN_CITY": 2, "LANG": 1}
    assert cases.key == ("IDNCASE",)
    assert counts(table(found, PROCEEDINGS)) == (0, 0, 0, 4)
    changed = cases.shown(Change.CHANGED)
    assert [sample.key for sample in changed] == ["1003", "1004"]
    assert changed[0].cells == (Cell("ALIEN_CITY", "MIAMI", "ORLANDO"), Cell("LANG", None, "SP"))
    assert changed[1].cells == (Cell("ALIEN_CITY", "YORK", None),)
    (gone,) = cases.shown(Change.VANISHED)
    assert gone.key == "1001"
    assert Cell("NAT", "MX", None) in gone.cells
    (come,) = cases.shown(Change.ADDED)
    assert Cell("IDNCASE", None, "1999") in come.cells


def test_it_counts_by_the_month_of_the_charging_document(tmp_path, tables):
    old = store_of(tmp_path / "a", tables)
    _, second, third, fourth = tables[CASES]
    tables[CASES] = [{**second, "NAT": "CU"}, {**third, "NAT": "CU"}, {**fourth, "NAT": "CU"}]
    tables[CHARGES] = tables[CHARGES][1:]
    new = store_of(tmp_path / "b", tables)
    found = compare_stores(old, new)
    assert table(found, CASES).months == (
        MonthCount("2019-03", 0, 1, 1),
        MonthCount("2020-05", 0, 1, 0),
        MonthCount(None, 0, 1, 0),
    )
    assert table(found, CHARGES).months == (MonthCount("2019-03", 0, 0, 1),)
    assert found.months() == (
        MonthCount("2020-05", 0, 1, 0),
        MonthCount("2019-03", 0, 1, 2),
        MonthCount(None, 0, 1, 0),
    )


def test_it_takes_the_month_that_the_new_release_tells(tmp_path, tables):
    old = store_of(tmp_path / "a", tables)
    tables[PROCEEDINGS][2] = {**tables[PROCEEDINGS][2], "OSC_DATE": "2021-11-01"}
    new = store_of(tmp_path / "b", tables)
    assert table(compare_stores(old, new), PROCEEDINGS).months == (MonthCount("2021-11", 0, 1, 0),)


def test_it_shows_the_rows_with_the_lowest_keys(tmp_path, tables):
    old = store_of(tmp_path / "a", tables)
    tables[CASES] = [{**row, "LANG": "SP"} for row in reversed(tables[CASES])]
    new = store_of(tmp_path / "b", tables)
    shown = table(compare_stores(old, new, samples=2), CASES).samples
    assert [sample.key for sample in shown] == ["1001", "1002"]


def test_it_compares_rows_that_share_a_key_as_wholes(tmp_path, tables):
    old, new = store_of(tmp_path / "a", tables), store_of(tmp_path / "b", tables)
    rows = pq.read_table(old.table_path(CASES)).to_pylist()
    old = set_rows(old, CASES, [rows[0], rows[0], {**rows[0], "NAT": "CU"}, *rows[1:]])
    new = set_rows(new, CASES, [rows[0], {**rows[0], "NAT": "NU"}, *rows[1:]])
    cases = table(compare_stores(old, new), CASES)
    assert cases.keys_not_unique == 1
    assert (cases.old_rows, cases.new_rows) == (6, 5)
    assert counts(cases) == (1, 0, 2, 4)
    assert {s.key for s in cases.samples} == {"1001"}
    (come,) = cases.shown(Change.ADDED)
    assert Cell("NAT", None, "NU") in come.cells
    gone = {
        cell.before
        for s in cases.shown(Change.VANISHED)
        for cell in s.cells
        if cell.column == "NAT"
    }
    assert gone == {"MX", "CU"}
    assert sum(count.vanished for count in cases.months) == 2


def test_it_compares_a_table_without_a_key_as_wholes(tmp_path):
    import duckdb

    rows = ({"a": 1, "b": "x"}, {"a": 1, "b": "x"}, {"a": 2, "b": None})
    for name, chosen in (("old", rows), ("new", [rows[0], rows[2], {"a": 2, "b": "y"}])):
        pq.write_table(pa.Table.from_pylist(list(chosen)), tmp_path / f"{name}.parquet")
    files = TableFiles(
        "t", tmp_path / "old.parquet", tmp_path / "new.parquet", None, None, ("a", "b")
    )
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE {CASE_MONTHS} (case_id BIGINT, month VARCHAR)")
        found = compare_table(
            connection, files, samples=9, keys_out=None, tell=lambda step, done, total: None
        )
    assert counts(found) == (1, 0, 1, 2)
    assert found.keys_not_unique == 0
    assert [(s.change, s.cells) for s in found.samples] == [
        (Change.ADDED, (Cell("a", None, "2"), Cell("b", None, "y"))),
        (Change.VANISHED, (Cell("a", "1", None), Cell("b", "x", None))),
    ]


def test_it_tells_apart_an_empty_cell_and_a_moved_one(tmp_path, tables):
    """Rows whose cells are the same but stand in other columns are not the same row."""
    old = store_of(tmp_path / "a", tables)
    tables[CASES][0] = {**tables[CASES][0], "NAT": "", "LANG": "MX"}
    new = store_of(tmp_path / "b", tables)
    assert table(compare_stores(old, new), CASES).columns == {"NAT": 1, "LANG": 1}


def test_it_names_a_table_that_one_release_lacks(tmp_path):
    told = [story("one", case(), proceeding(OSC_DATE="2020-01-02"), appeal())]
    whole = tables_of(told)
    lacking = {name: rows for name, rows in whole.items() if name != APPEALS}
    old, new = store_of(tmp_path / "a", whole), store_of(tmp_path / "b", lacking)
    found = compare_stores(old, new)
    assert (found.only_old, found.only_new) == ((APPEALS,), ())
    assert APPEALS not in {each.name for each in found.tables}
    assert compare_stores(new, old).only_new == (APPEALS,)


def test_it_takes_a_column_that_one_release_lacks_for_no_change(tmp_path, tables):
    old = store_of(tmp_path / "a", tables)
    release = write_tables(tmp_path / "b" / "release", tables)
    path = release / TABLES[CASES].file_name
    place = TABLES[CASES].position("ALIEN_CITY")
    lines = [line.split(b"\t") for line in path.read_bytes().splitlines()]
    path.write_bytes(b"".join(b"\t".join(c[:place] + c[place + 1 :]) + b"\n" for c in lines))
    new = open_store(import_release(release, tmp_path / "b" / "store").store)
    cases = table(compare_stores(old, new), CASES)
    assert counts(cases) == (0, 0, 0, 4)
    assert cases.not_compared == ("ALIEN_CITY",)


def test_it_refuses_a_store_that_was_altered_after_its_import(tmp_path, tables):
    old, new = store_of(tmp_path / "a", tables), store_of(tmp_path / "b", tables)
    path = new.table_path(CASES)
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(ReleaseProblem, match=r"holds 3 rows where accounting\.csv says 4"):
        compare_stores(old, new)


def test_it_says_when_old_and_new_may_have_been_swapped(tmp_path, tables):
    one = store_of(tmp_path / "a", tables)
    later = one.release_date.replace(year=2025)
    two = open_store(import_by_hand(tmp_path / "b", tables, later).store)
    assert any("older than the one given as OLD" in note for note in compare_stores(two, one).notes)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    """A synthetic release before and after: every 10th line changed, every 50th gone."""
    folder = tmp_path_factory.mktemp("releases")
    release = write_release(folder, cases=1000, seed=4, tables=MAIN_TABLES)
    old = open_store(import_release(release, folder / "old").store)
    file = release / "SYNTHETIC_A_TblCase.csv"
    header, *lines = file.read_bytes().splitlines()
    place = TABLES[CASES].position("ALIEN_CITY")
    kept = [
        with_city(line, place) if number % 10 == 3 else line
        for number, line in enumerate(lines)
        if number % 50
    ]
    file.write_bytes(b"\n".join([header, *kept]) + b"\n")
    return old, open_store(import_release(release, folder / "new").store)


def with_city(line, place):
    cells = line.split(b"\t")
    cells[place] = b"CITY OF NOWHERE"
    return b"\t".join(cells)


def as_told_by_python(old, new):
    """The same comparison, row by row, in plain Python."""
    before, after = (
        {row["IDNCASE"]: row for row in pq.read_table(store.table_path(CASES)).to_pylist()}
        for store in (old, new)
    )
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    return after.keys() - before.keys(), changed, before.keys() - after.keys()


def test_it_agrees_with_a_row_by_row_comparison_of_a_synthetic_release(synthetic, tmp_path):
    old, new = synthetic
    found = compare_stores(old, new, keys_folder=tmp_path)
    added, changed, vanished = as_told_by_python(old, new)
    assert len(changed) > 50
    assert len(vanished) >= 19
    cases = table(found, CASES)
    assert counts(cases)[:3] == (len(added), len(changed), len(vanished))
    assert cases.unchanged + cases.changed + cases.added == cases.new_rows
    assert found.is_synthetic
    keys = pq.read_table(tmp_path / f"{CASES}.parquet").to_pylist()
    assert {row["IDNCASE"] for row in keys if row["change"] == "vanished"} == vanished
    assert {row["IDNCASE"] for row in keys if row["change"] == "changed"} == changed
    assert all(row["docket_case"] == row["IDNCASE"] for row in keys)
    by_month = [sum(getattr(count, change) for count in cases.months) for change in Change]
    assert by_month == [len(added), len(changed), len(vanished)]
    assert all(each.is_same for each in found.tables if each.name != CASES)


def test_it_says_the_same_with_little_memory(synthetic):
    whole, little = (compare_stores(*synthetic, memory_gb=gb) for gb in (1, 0.1))
    assert whole == little


def test_it_refuses_an_invented_release_beside_a_real_one(synthetic, tmp_path, tables):
    real = store_of(tmp_path, tables)
    for pair in ((real, synthetic[0]), (synthetic[0], real)):
        with pytest.raises(ReleaseProblem, match="SYNTHETIC"):
            compare_stores(*pair)


def test_it_leaves_nothing_half_written_when_it_is_interrupted(synthetic, tmp_path):
    out = tmp_path / "out"

    def write(progress):
        with folder_beside(out) as folder:
            found = compare_stores(
                *synthetic, keys_folder=folder / "keys", scratch=folder, progress=progress
            )
            write_files(folder, found)

    def stop(step, done, total):
        if (step, done) == (PROCEEDINGS, 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(stop)
    assert list(tmp_path.iterdir()) == []
    write(None)
    before = (out / "comparison.json").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write(stop)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "comparison.json").read_bytes() == before


def test_it_writes_over_no_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"")
    with pytest.raises(ReleaseProblem, match="no comparison"), folder_beside(tmp_path / "photos"):
        pass
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["one.jpg"]


def test_it_writes_the_counts_as_files_that_other_programs_read(synthetic, tmp_path):
    found = compare_stores(*synthetic)
    write_files(tmp_path, found)
    told = json.loads((tmp_path / "comparison.json").read_text())
    cases = table(found, CASES)
    assert told["synthetic"] is True
    assert told["tables"][0]["vanished"] == cases.vanished
    with (tmp_path / "months.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == CASES]
    assert sum(int(row["vanished"]) for row in rows) == cases.vanished
    with (tmp_path / "samples.csv").open(newline="") as file:
        cities = {row["after"] for row in csv.DictReader(file) if row["change"] == "changed"}
    assert cities == {"CITY OF NOWHERE"}
