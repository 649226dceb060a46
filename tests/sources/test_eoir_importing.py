"""The whole import: the store as documented, the release date, progress, and missing tables."""

import csv
import hashlib
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from eoir_by_hand import (
    APPEALS,
    CASES,
    PROCEEDINGS,
    appeal,
    case,
    charge,
    facts_of,
    import_by_hand,
    proceeding,
    story,
    tables_of,
    write_tables,
)

from wayhome.law.vocabulary import FactType, load_vocabulary
from wayhome.sources.eoir.importing import import_release
from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.meaning import deriving
from wayhome.sources.eoir.meaning.code_meanings import unknown_descriptions
from wayhome.sources.eoir.meaning.deriving import BATCH_ROWS, docket_facts
from wayhome.sources.eoir.meaning.steps import TABLES_USED, steps
from wayhome.sources.eoir.release import open_release
from wayhome.sources.eoir.store import open_store
from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    return write_release(folder, cases=3000, seed=11, tables=MAIN_TABLES, zip_it=True)


@pytest.fixture(scope="module")
def store(synthetic, tmp_path_factory):
    out = tmp_path_factory.mktemp("store") / "docket"
    return open_store(import_release(synthetic.with_suffix(".zip"), out).store)


def cases_of(store):
    with pa.memory_map(str(store.cases_path)) as source:
        return pa.ipc.open_file(source).read_all()


def test_it_makes_a_store_as_documented(store):
    names = {path.name for path in store.path.iterdir()}
    assert names == {
        "provenance.json",
        "accounting.csv",
        "tables",
        "repaired",
        "set_aside",
        "docket_cases.arrow",
    }
    assert {path.stem for path in (store.path / "tables").iterdir()} == set(MAIN_TABLES)


def test_it_names_a_synthetic_store_so(store):
    assert store.path.name == "SYNTHETIC-docket"
    assert store.is_synthetic
    assert store.provenance["synthetic"] is True


def test_it_gives_the_same_store_from_the_folder_as_from_the_zip(synthetic, store, tmp_path):
    other = open_store(import_release(synthetic, tmp_path / "SYNTHETIC-other").store)
    assert other.path.name == "SYNTHETIC-other"
    assert other.accounting == store.accounting
    assert other.release_date == store.release_date
    assert cases_of(other).equals(cases_of(store))


def test_it_accounts_for_every_line_beside_count_txt(synthetic, store):
    assert [account.table for account in store.accounting] == [
        name for name in TABLES if name in MAIN_TABLES
    ]
    for account in store.accounting:
        lines = (synthetic / f"SYNTHETIC_{account.table}.csv").read_bytes().count(b"\n") - 1
        assert account.read == lines
        assert account.read == account.loaded + account.repaired + account.set_aside
        rows = pq.read_metadata(store.table_path(account.table)).num_rows
        assert account.rows == rows
        assert abs(account.difference) <= 3
    with (store.path / "accounting.csv").open(newline="") as file:
        header = next(csv.reader(file))
    assert header == ["table", "read", "loaded", "repaired", "set_aside", "count_txt"]


def test_it_says_where_everything_came_from(synthetic, store):
    archive = synthetic.with_suffix(".zip")
    provenance = json.loads((store.path / "provenance.json").read_text())
    assert provenance["source"] == archive.name
    assert provenance["source_sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    for file in provenance["files"]:
        content = (synthetic.parent / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)
    assert provenance["versions"].keys() == {"wayhome", "python", "duckdb", "pyarrow"}
    assert provenance["cases"] == cases_of(store).num_rows
    assert str(synthetic.parent) not in json.dumps(provenance)


def test_it_writes_one_row_a_case_in_the_order_of_the_case_table(store):
    numbers = pq.read_table(store.table_path(CASES), columns=["IDNCASE"])["IDNCASE"]
    assert cases_of(store)["case_id"].to_pylist() == numbers.to_pylist()


def test_it_writes_the_facts_that_the_docket_can_tell_in_the_documented_types(store):
    vocabulary = load_vocabulary()
    schema = cases_of(store).schema
    assert schema.names == [*(fact.name for fact in docket_facts()), "court"]
    assert {fact.name for fact in vocabulary if fact.docket_source} == set(schema.names) - {"court"}
    for fact in docket_facts():
        kind = schema.field(fact.name).type
        if fact.name == "case_id":
            assert kind == pa.int64()
        elif fact.type is FactType.BOOL:
            assert kind == pa.bool_()
        elif fact.type is FactType.DATE:
            assert kind == pa.date32()
        else:
            assert kind.value_type == pa.string()
            assert kind.index_type in (pa.uint8(), pa.uint16())
    assert schema.field("court").type == pa.dictionary(pa.uint8(), pa.string())


def test_it_writes_only_words_of_the_vocabulary(store):
    vocabulary = load_vocabulary()
    found = cases_of(store)
    for fact in docket_facts():
        if fact.type is FactType.CATEGORY:
            words = set(found[fact.name].unique().to_pylist()) - {None}
            assert words <= set(vocabulary[fact.name].values)


def test_it_never_says_no_where_the_record_cannot(store):
    found = cases_of(store)
    table = (deriving.Path(deriving.__file__).parent / "facts.csv").read_text().splitlines()
    rules = {row["fact"]: row["false_when"] for row in csv.DictReader(table)}
    assert rules.keys() == {fact.name for fact in docket_facts()}
    for fact in docket_facts():
        if fact.type is not FactType.BOOL:
            continue
        assert rules[fact.name], f"facts.csv does not say when {fact.name} is false"
        if rules[fact.name].startswith("never"):
            assert False not in found[fact.name].unique().to_pylist(), fact.name


def test_it_can_be_mapped_into_memory_in_even_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(deriving, "BATCH_ROWS", 1000)
    rows = [{"IDNCASE": str(n)} for n in range(1, 2502)]
    report = import_by_hand(tmp_path, {CASES: rows})
    with pa.memory_map(str(open_store(report.store).cases_path)) as source:
        reader = pa.ipc.open_file(source)
        sizes = [reader.get_batch(n).num_rows for n in range(reader.num_record_batches)]
    assert sizes == [1000, 1000, 501]
    assert BATCH_ROWS == 131_072


def test_it_imports_a_release_of_no_cases(tmp_path):
    report = import_by_hand(tmp_path, {})
    assert report.cases == 0
    assert facts_of(report.store) == []


def test_it_takes_the_newest_input_date_as_the_release_date(tmp_path):
    days = ["2024-06-28", "2024-06-30", "2024-05-01"]
    rows = [
        {"IDNPROCEEDING": str(n), "IDNCASE": "1", "INPUT_DATE": day}
        for n, day in enumerate(days, start=1)
    ]
    release = write_tables(tmp_path / "release", {CASES: [{"IDNCASE": "1"}], PROCEEDINGS: rows})
    report = import_release(release, tmp_path / "store")
    assert (report.release_date, report.release_date_from) == (
        date(2024, 6, 30),
        "newest INPUT_DATE",
    )
    assert open_store(report.store).release_date == date(2024, 6, 30)


@pytest.mark.parametrize(("rows", "newest"), [(99_999, "2050-01-01"), (100_000, "2024-06-30")])
def test_it_lets_one_row_in_a_hundred_thousand_lie_in_the_future(tmp_path, rows, newest):
    lines = [b"%d\t1\t\t2024-06-30 00:00:00.000" % n + b"\t" * 34 for n in range(2, rows + 1)]
    slip = b"1\t1\t\t2050-01-01 00:00:00.000" + b"\t" * 34
    release = write_tables(tmp_path / "release", {PROCEEDINGS: [slip, *lines]})
    report = import_release(release, tmp_path / "store")
    assert report.release_date == date.fromisoformat(newest)


def test_it_takes_the_release_date_that_it_is_given(tmp_path):
    told = story("", case(), proceeding(INPUT_DATE="2024-06-30"))
    report = import_by_hand(tmp_path, tables_of([told]), day=date(2021, 1, 20))
    assert (report.release_date, report.release_date_from) == (date(2021, 1, 20), "given")


def test_it_falls_back_on_the_date_of_the_file(tmp_path):
    release = write_tables(tmp_path / "release", {CASES: [{"IDNCASE": "1"}]})
    report = import_release(release, tmp_path / "store")
    assert report.release_date_from == "date of the case file"
    assert report.release_date == open_release(release).file_of(CASES).modified


def test_it_knows_no_appeals_where_the_release_has_no_table_of_them(tmp_path):
    told = story("", case(), proceeding(DEC_CODE="X", ABSENTIA="N", COMP_DATE="2020-03-02"))
    report = import_by_hand(tmp_path, tables_of([told]))
    assert APPEALS in report.missing_tables
    facts = facts_of(report.store)[0]
    assert facts["order_date"] == date(2020, 3, 2)
    unknown = ("final_order", "order_final_date", "appeal_pending", "charge_criminal", "juvenile")
    assert {name: facts[name] for name in unknown} == dict.fromkeys(unknown)
    assert "Not in the release" in report.summary()


def test_it_knows_that_there_is_no_appeal_where_the_table_is_there(tmp_path):
    told = [
        story("", case(), proceeding(DEC_CODE="X", ABSENTIA="N", COMP_DATE="2020-03-02")),
        story("", case(), appeal(datAppealFiled="2020-01-01")),
    ]
    facts = facts_of(import_by_hand(tmp_path, tables_of(told)).store)[0]
    assert (facts["final_order"], facts["appeal_pending"]) == (True, False)


def test_it_reads_the_meaning_of_a_decision_from_the_releases_own_table(tmp_path):
    told = [
        story("", case(), proceeding(DEC_CODE="1", COMP_DATE="2020-03-02")),
        story("", case(), proceeding(DEC_CODE="2", COMP_DATE="2020-03-02")),
    ]
    release = write_tables(tmp_path / "release", tables_of(told))
    (release / "Lookup").mkdir()
    (release / "Lookup" / "tblLookupCourtDecision.csv").write_text(
        "idn\tstrCaseType\tstrDecCode\tstrDecDescription\tstrDecType\n"
        "1\tRMV\t1\tRelief Granted\tC\n2\tRMV\t2\tSent Home by Ship\tC\n"
    )
    report = import_release(release, tmp_path / "store", as_release_date=date(2024, 6, 30))
    assert [f["order_outcome"] for f in facts_of(report.store)] == ["relief", None]
    assert report.unknown_decisions == ("Sent Home by Ship",)


def test_it_speaks_of_every_decision_that_wayhome_ships(tmp_path):
    assert unknown_descriptions(open_release(write_tables(tmp_path / "release", {}))) == ()


def test_it_takes_the_circuit_of_a_place_of_hearing_from_the_releases_own_table(tmp_path):
    told = story("", case(), proceeding(BASE_CITY_CODE="FTW", HEARING_LOC_CODE="ELO"))
    release = write_tables(tmp_path / "release", tables_of([told]))
    (release / "Lookup").mkdir()
    (release / "Lookup" / "tblLookupHloc.csv").write_text(
        "HEARING_LOC_CODE\tHEARING_LOC_NAME\tHEARING_LOC_STATE\nELO\tMOVED TO MAINE\tME\n"
    )
    report = import_release(release, tmp_path / "store", as_release_date=date(2024, 6, 30))
    assert facts_of(report.store)[0]["judicial_circuit"] == "1"


def test_it_tells_how_far_it_is(synthetic, tmp_path):
    told = []
    import_release(
        synthetic.with_suffix(".zip"),
        tmp_path / "store",
        progress=lambda step, done, total: told.append((step, done, total)),
    )
    steps_told = [step for step, _, _ in told]
    assert steps_told[0].startswith("hashing")
    assert {CASES, PROCEEDINGS, "facts: docket_cases.arrow"} <= set(steps_told)
    for name in MAIN_TABLES:
        mine = [(done, total) for step, done, total in told if step == name]
        assert mine[-1][0] == mine[-1][1] > 0
        assert mine == sorted(mine)


def test_it_summarizes_itself_for_a_person(tmp_path):
    lines = [{"IDNCASE": "1", "NAT": "Q9"}, b"not a line"]
    report = import_by_hand(tmp_path, {CASES: lines})
    text = report.summary()
    assert "A_TblCase           2       1         0          1  not there" in text
    assert "1 value is in no code table (1 codes" in text
    assert "Release date: 2024-06-30 (given)." in text


def test_it_names_every_step_and_table_once():
    names = [step.name for step in steps()]
    assert len({*names, *TABLES_USED}) == len(names) + len(TABLES_USED)
    assert all(step.what for step in steps())


def test_it_reads_charges_that_no_table_lists_by_their_section(tmp_path):
    told = story("", case(), charge("237(a)(2)(A)(iii)"))
    facts = facts_of(import_by_hand(tmp_path, tables_of([told])).store)[0]
    assert facts["charge_aggravated_felony"] is True
