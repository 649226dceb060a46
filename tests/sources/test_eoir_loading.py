"""Loading a table: every line accounted for, the fast reader held to the slow one and to the key."""

import csv
import re
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from eoir_by_hand import CASES, CHARGES, PROCEEDINGS, header_of, line_of, write_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.sources.eoir.layout import SYNTHETIC_PREFIX, TABLES, Kind, fault_key_of
from wayhome.sources.eoir.reading import blocks, loading
from wayhome.sources.eoir.reading.code_tables import code_tables_of
from wayhome.sources.eoir.reading.lines import mend_line
from wayhome.sources.eoir.reading.seen_numbers import SeenNumbers
from wayhome.sources.eoir.reading.values import mend_value
from wayhome.sources.eoir.release import ReleaseProblem, open_release
from wayhome.sources.eoir.synthetic import write_release

SMALL, LARGE = 5_003, 1 << 24


def load(release, table, folder):
    return loading.load_table(
        release, TABLES[table], code_tables_of(release), (), folder, lambda done: None
    )


def kept(folder, what, table):
    file = folder / what / f"{table}.parquet"
    return pq.read_table(file).to_pylist() if file.exists() else []


def rows_of(folder, table):
    """The rows of a loaded table as text, dates as the courts write them."""
    found = pq.read_table(folder / "tables" / f"{table}.parquet")
    columns = []
    for name in found.schema.names:
        values = found[name]
        if pa.types.is_timestamp(values.type):
            values = pc.strftime(values, "%Y-%m-%d %H:%M:%S")
        columns.append(values.cast(pa.string()).to_pylist())
    return [tuple(row) for row in zip(*columns, strict=True)]


def read_slowly(table, lines, tables):
    """What becomes of each line, told by the rules one after another: the obvious reader."""
    key = frozenset(table.position(name) for name in table.key)
    seen = set()
    for raw in lines:
        line = mend_line(raw, table.columns, key, tables)
        if line.fields is None:
            yield "set_aside", None
            continue
        numbers = [line.fields[place].strip(" ") for place in sorted(key)]
        own = line.fields[table.position(table.key[0])].strip(" ")
        is_keyed = all(re.fullmatch("[0-9]{1,18}", n) and int(n) > 0 for n in numbers)
        if not is_keyed or int(own) in seen:
            yield "set_aside", None
            continue
        seen.add(int(own))
        yield read_values(table, line, tables)


def read_values(table, line, tables):
    faults = list(line.faults)
    row = []
    for column, field in zip(table.columns, line.fields, strict=True):
        if column.name in table.key:
            row.append(str(int(field)))
            continue
        mended = mend_value(column, field, tables)
        faults += mended.faults
        text = mended.text
        if text is not None and column.kind is Kind.ID:
            text = str(int(text))
        if text is not None and column.kind is Kind.DATE:
            text = datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S")
        row.append(text)
    return "repaired" if faults else "loaded", tuple(row)


def assert_fast_is_slow(release, table, folder, lines):
    loaded = load(release, table.name, folder)
    slow = list(read_slowly(table, lines, code_tables_of(release)))
    fates = Counter(fate for fate, _ in slow)
    account = loaded.account
    assert (account.loaded, account.repaired, account.set_aside) == (
        fates["loaded"],
        fates["repaired"],
        fates["set_aside"],
    )
    fast = [(k["line"], "repaired") for k in kept(folder, "repaired", table.name)]
    fast += [(k["line"], "set_aside") for k in kept(folder, "set_aside", table.name)]
    assert sorted(fast) == [
        (number, fate) for number, (fate, _) in enumerate(slow, start=1) if fate != "loaded"
    ]
    written = rows_of(folder, table.name)
    assert [shortened(row) for row in written] == [shortened(r) for f, r in slow if r]


def shortened(row):
    """Dates without their fraction of a second, which strftime writes and the rules do not."""
    return tuple(re.sub(r"(\d\d:\d\d:\d\d)\.\d+$", r"\1", v) if v else v for v in row)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("synthetic"), cases=500, seed=5, fault_rate=250)


@pytest.fixture(scope="module")
def answers(synthetic):
    with fault_key_of(synthetic).open(encoding="utf-8", newline="") as file:
        by_table = defaultdict(dict)
        for row in csv.DictReader(file):
            by_table[row["table"]][int(row["line"])] = row
        return by_table


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_it_agrees_with_the_slow_reader_on_every_table(synthetic, tmp_path, monkeypatch, size):
    monkeypatch.setattr(loading, "BLOCK_SIZE", size)
    release = open_release(synthetic)
    for table in TABLES.values():
        file = synthetic / f"{SYNTHETIC_PREFIX}{table.file_name}"
        assert_fast_is_slow(release, table, tmp_path, file.read_bytes().split(b"\n")[1:-1])


def test_it_does_with_every_fault_what_the_answer_key_says(synthetic, answers, tmp_path):
    release = open_release(synthetic)
    for name in TABLES:
        load(release, name, tmp_path)
        found = {k["line"]: ("repaired", k["reason"]) for k in kept(tmp_path, "repaired", name)}
        found |= {k["line"]: ("set_aside", k["reason"]) for k in kept(tmp_path, "set_aside", name)}
        wanted = {n: a for n, a in answers[name].items() if a["action"] != "loaded"}
        assert found.keys() == wanted.keys()
        for number, answer in wanted.items():
            action, reason = found[number]
            assert (action, re.split("[ ;]", reason)[0]) == (answer["action"], answer["fault"])


def test_it_reads_every_spoilt_line_as_the_answer_key_says(synthetic, answers, tmp_path):
    release = open_release(synthetic)
    for name, table in TABLES.items():
        load(release, name, tmp_path)
        own = table.position(table.key[0])
        rows = {row[own]: shortened(row) for row in rows_of(tmp_path, name)}
        raw = {k["line"]: k["raw"] for k in kept(tmp_path, "repaired", name)}
        for number, answer in answers[name].items():
            if answer["action"] == "repaired" and answer["column"]:
                # The line's own number is no part of a fault in one value.
                row = rows[raw[number].decode("latin-1").split("\t")[own]]
                written = row[table.position(answer["column"])] or ""
                assert written == shortened([answer["right"]])[0]
            elif answer["action"] == "repaired":
                right = shortened(answer["right"].split("\\t"))
                assert [value or "" for value in rows[right[own]]] == list(right)


def test_it_keeps_the_raw_bytes_of_every_line_that_was_not_simply_loaded(synthetic, tmp_path):
    release = open_release(synthetic)
    load(release, CASES, tmp_path)
    lines = (synthetic / f"{SYNTHETIC_PREFIX}{CASES}.csv").read_bytes().split(b"\n")
    both = kept(tmp_path, "repaired", CASES) + kept(tmp_path, "set_aside", CASES)
    assert both
    assert all(line["raw"] == lines[line["line"]] for line in both)


NUMBERS = [b"12", b" 7", b"0x12", b"-3", b"+1", b"007", b"0", b"-0", b"1 ", b"9" * 18, b"9" * 20]
CODES = [b"MX", b"mx", b"RMV", b"S", b"237a01B", b'""', b"N/A", b"X\x00Y", b"\xc3\x91", b"\xd1"]
DAYS = [b"2020-02-03 00:00:00.000", b"2020-02-30 00:00:00.000", b" 2020-02-03", b"2020-02-03 07:08"]
OTHERS = [b"", b" ", b"5/1990", b"0830", b"2460", b"1\r", b"\r", b"1970-01-01 00:00:00.1234"]
FIELDS = st.sampled_from([*NUMBERS, *CODES, *DAYS, *OTHERS])


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.lists(FIELDS, min_size=0, max_size=7), max_size=12),
    name=st.sampled_from([CHARGES, "tblAppealFedCourts", "tbl_JuvenileHistory"]),
)
def test_it_agrees_with_the_slow_reader_on_any_lines(tmp_path_factory, lines, name):
    folder = tmp_path_factory.mktemp("any")
    joined = [b"\t".join(fields) for fields in lines]
    # A CR that ends a line belongs to the line end.
    told = [line.removesuffix(b"\r") for line in joined]
    release = open_release(write_tables(folder / "release", {name: joined}))
    assert_fast_is_slow(release, TABLES[name], folder, told)


def a_case(number, **columns):
    return line_of(CASES, {"IDNCASE": str(number), "CASE_TYPE": "RMV", **columns})


def loaded_from(tmp_path, content, table=CASES):
    """Load a case table of these bytes; the account, and the rows."""
    release = write_tables(tmp_path / "release", {})
    (release / TABLES[table].file_name).write_bytes(content)
    loaded = load(open_release(release), table, tmp_path)
    return loaded.account, rows_of(tmp_path, table)


def test_it_counts_a_last_line_without_an_end(tmp_path):
    account, rows = loaded_from(tmp_path, header_of(CASES) + b"\n" + a_case(1) + b"\n" + a_case(2))
    assert (account.read, account.loaded, len(rows)) == (2, 2, 2)


def test_it_sets_an_empty_line_aside(tmp_path):
    content = b"\n".join([header_of(CASES), a_case(1), b"", a_case(2), b""])
    account, _ = loaded_from(tmp_path, content)
    assert (account.read, account.loaded, account.set_aside) == (3, 2, 1)
    assert kept(tmp_path, "set_aside", CASES)[0]["line"] == 2


@pytest.mark.parametrize("size", [SMALL, LARGE, 97])
def test_it_reads_line_ends_of_another_system_without_a_fault(tmp_path, monkeypatch, size):
    monkeypatch.setattr(loading, "BLOCK_SIZE", size)
    content = b"\r\n".join([header_of(CASES), a_case(1), a_case(2, NAT="MX"), b""])
    account, rows = loaded_from(tmp_path, content)
    assert (account.loaded, account.repaired) == (2, 0)
    assert rows[1][6] == "MX"


def test_it_drops_the_mark_of_utf8(tmp_path):
    account, _ = loaded_from(tmp_path, b"\xef\xbb\xbf" + header_of(CASES) + b"\n" + a_case(1))
    assert account.loaded == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [501, LARGE])
def test_it_reads_utf16_with_or_without_its_mark(tmp_path, monkeypatch, encoding, size):
    monkeypatch.setattr(loading, "BLOCK_SIZE", size)
    text = b"\n".join([header_of(CASES), a_case(1, ALIEN_CITY="PEÑUELAS"), b""]).decode()
    account, rows = loaded_from(tmp_path, text.encode(encoding))
    assert account.loaded == 1
    assert rows[0][1] == "PEÑUELAS"


def test_it_reads_latin1_and_lists_the_line(tmp_path):
    content = header_of(CASES) + b"\n" + a_case(1, ALIEN_CITY="x").replace(b"x", b"CA\xd1ON")
    account, rows = loaded_from(tmp_path, content)
    assert account.repaired == 1
    assert rows[0][1] == "CAÑON"
    assert kept(tmp_path, "repaired", CASES)[0]["reason"] == "not_utf8"


def test_it_survives_a_line_of_twenty_megabytes(tmp_path):
    long_text = "A" * (20 << 20)
    lines = [header_of(CASES), a_case(1), a_case(2, ALIEN_CITY=long_text), b"Z" * (20 << 20)]
    account, rows = loaded_from(tmp_path, b"\n".join([*lines, a_case(3)]))
    assert (account.read, account.loaded, account.set_aside) == (4, 3, 1)
    assert rows[1][1] == long_text
    assert len(kept(tmp_path, "set_aside", CASES)[0]["raw"]) == 20 << 20


def test_it_refuses_a_file_of_one_endless_line(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr(loading, "BLOCK_SIZE", 1 << 18)
    with pytest.raises(ReleaseProblem, match="a line longer than"):
        loaded_from(tmp_path, header_of(CASES) + b"\n" + b"Z" * (2 << 20))


def test_it_refuses_a_file_without_even_a_header(tmp_path):
    with pytest.raises(ReleaseProblem, match=r"A_TblCase\.csv .* is empty"):
        loaded_from(tmp_path, b"")


def test_it_loads_a_table_of_no_rows(tmp_path):
    account, rows = loaded_from(tmp_path, header_of(CASES))
    assert (account.read, rows) == (0, [])


@pytest.mark.parametrize("size", [SMALL, LARGE, 211])
def test_it_finds_a_number_that_was_loaded_before_wherever_it_stood(tmp_path, monkeypatch, size):
    monkeypatch.setattr(loading, "BLOCK_SIZE", size)
    order = [5, 900_000_000_000, 3, 5, 4, 3, 900_000_000_000, 6]
    content = b"\n".join([header_of(CASES), *(a_case(number) for number in order)])
    account, rows = loaded_from(tmp_path, content)
    assert [row[0] for row in rows] == ["5", "900000000000", "3", "4", "6"]
    assert [line["line"] for line in kept(tmp_path, "set_aside", CASES)] == [4, 6, 7]
    assert account.set_aside == 3


def test_it_does_not_count_a_line_that_was_set_aside_as_the_first_of_its_number(tmp_path):
    # The first line has the number 7 and no case, so it is the second that is loaded.
    content = b"\n".join([header_of(CHARGES), b"7\t\t1\t237a01B\tS", b"7\t2\t1\t237a01B\tS"])
    account, _ = loaded_from(tmp_path, content, CHARGES)
    assert (account.loaded, account.set_aside) == (1, 1)


@given(st.lists(st.lists(st.integers(1, 1 << 22), max_size=30), max_size=5))
def test_it_remembers_numbers_as_a_set_would(found):
    seen, plain = SeenNumbers(), set()
    for numbers in found:
        repeated = seen.add(np.array(numbers, np.int64)).tolist()
        for number, is_repeated in zip(numbers, repeated, strict=True):
            assert is_repeated == (number in plain)
            plain.add(number)


def test_it_reads_columns_in_any_order_and_case(tmp_path):
    content = b"chg_status\tIDNCASE\tidnprcdchg\tCharge\tIDNPROCEEDING\nS\t2\t1\t237a01B\t3\n"
    account, rows = loaded_from(tmp_path, content, CHARGES)
    assert account.loaded == 1
    assert rows == [("1", "2", "3", "237a01B", "S")]


def test_it_knows_gender_as_sex(tmp_path):
    header = header_of(CASES).replace(b"Sex", b"GENDER")
    _, rows = loaded_from(tmp_path, header + b"\n" + a_case(1, Sex="F"))
    assert rows[0][TABLES[CASES].position("Sex")] == "F"


def test_it_leaves_out_a_column_that_it_does_not_know_and_says_so(tmp_path):
    release = write_tables(tmp_path / "release", {})
    content = b"IDNPRCDCHG\tIDNCASE\tWHATEVER\tIDNPROCEEDING\tCHARGE\tCHG_STATUS\n"
    (release / f"{CHARGES}.csv").write_bytes(content + b"1\t2\t2020-01-01\t3\t237a01B\tS\n")
    loaded = load(open_release(release), CHARGES, tmp_path)
    assert loaded.account.loaded == 1
    assert loaded.strange_columns == ("WHATEVER",)
    assert rows_of(tmp_path, CHARGES) == [("1", "2", "3", "237a01B", "S")]


def test_it_fills_a_column_that_the_release_lacks_with_unknown_and_says_so(tmp_path):
    release = write_tables(tmp_path / "release", {})
    header = header_of(CASES).replace(b"\tDCO_LOCATION", b"")
    (release / f"{CASES}.csv").write_bytes(header + b"\n1" + b"\t" * 37 + b"\n")
    loaded = load(open_release(release), CASES, tmp_path)
    assert loaded.missing_columns == ("DCO_LOCATION",)
    assert rows_of(tmp_path, CASES)[0][TABLES[CASES].position("DCO_LOCATION")] is None


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ((b"COMP_DATE", b"COMP_DAT"), r"no column COMP_DATE .* but has COMP_DAT"),
        ((b"COMP_DATE", b"WHATEVER"), r"no column COMP_DATE .* cannot be told without it"),
        ((b"IDNCASE", b"NUMMER"), r"no column IDNCASE"),
        ((b"INPUT_DATE", b"comp_date"), r"has the column COMP_DATE twice"),
        ((b"SCHEDULED_HEAR_LOC", b"SCHEDULED_HEARING_LOC"), r"no column SCHEDULED_HEAR_LOC"),
    ],
)
def test_it_refuses_a_header_without_what_the_facts_need(tmp_path, spoil, message):
    release = write_tables(tmp_path / "release", {})
    header = header_of(PROCEEDINGS).replace(*spoil)
    (release / f"{PROCEEDINGS}.csv").write_bytes(header + b"\n")
    with pytest.raises(ReleaseProblem, match=message):
        loading.load_table(
            open_release(release),
            TABLES[PROCEEDINGS],
            code_tables_of(open_release(release)),
            ("IDNCASE", "COMP_DATE"),
            tmp_path,
            lambda done: None,
        )


def test_it_counts_codes_of_no_table_by_column_and_code(tmp_path):
    release = write_tables(
        tmp_path / "release",
        {CASES: [{"IDNCASE": str(n), "NAT": "Q9" if n % 2 else "MX"} for n in range(1, 8)]},
    )
    loaded = load(open_release(release), CASES, tmp_path)
    assert [(code.column, code.code, code.rows) for code in loaded.outside] == [("NAT", "Q9", 4)]
    assert loaded.account.repaired == 0


def test_it_counts_no_code_of_a_line_that_it_sets_aside(tmp_path):
    twice = [{"IDNCASE": "1", "NAT": "Q9"}, {"IDNCASE": "1", "NAT": "Q9"}]
    twice += [{"IDNCASE": "2"}, {"IDNCASE": "2", "NAT": "Q8"}]
    release = write_tables(tmp_path / "release", {CASES: twice})
    loaded = load(open_release(release), CASES, tmp_path)
    assert [(code.code, code.rows) for code in loaded.outside] == [("Q9", 1)]


def test_it_takes_a_code_of_the_releases_own_table(tmp_path):
    release = write_tables(tmp_path / "release", {CASES: [{"IDNCASE": "1", "NAT": "Q9"}]})
    (release / "Lookup").mkdir()
    lookup = b"idnNat\tstrCode\tstrDescription\n1\tQ\x009\tATLANTIS\n"
    (release / "Lookup" / "tblLookupAlienNat.csv").write_bytes(lookup)
    assert load(open_release(release), CASES, tmp_path).outside == ()


def test_it_stops_reading_ahead_when_the_caller_stops():
    closed = []

    @contextmanager
    def items():
        yield iter(range(1_000_000))
        closed.append(True)

    found = blocks.ahead(items)
    assert next(found) == 0
    found.close()


def test_it_raises_here_what_went_wrong_while_reading_ahead():
    @contextmanager
    def items():
        def numbers():
            yield 1
            raise ReleaseProblem("cut short")

        yield numbers()

    found = blocks.ahead(items)
    assert next(found) == 1
    with pytest.raises(ReleaseProblem, match="cut short"):
        next(found)
