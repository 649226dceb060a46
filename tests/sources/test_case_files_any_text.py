"""Whatever stands in a file, it is read or refused, and no row is lost."""

import csv
import io
import json
import tempfile
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files import CaseFileProblem, read_case_file
from wayhome.sources.case_files.fact_table import fact_table

NAMES = ["case_id", "detained", "birth_date", "prior_removals", "sex", "language"]
NAMES += ["country_of_citizenship", "detention_facility", "detainer_issued_at", "as_of"]

LIKELY = ["", "yes", "sí", "NO", "2019-03-04", "2019-03", "03/04/2019", "3", "-1", "male", "es"]
LIKELY += ["HT", "Haiti", "2021-01-15 14:30", "A012345678", "#REF!", "=1+1"]
LIKELY += ['"', "a,b", "\0", "\r\n", "\u200b"]

likely = st.sampled_from(LIKELY)
texts = st.one_of(likely, st.text(max_size=30), st.dates().map(str), st.integers().map(str))
# Mostly what is right for its column, so that good rows stand among the spoiled ones.
RIGHT = ["17", "yes", "1980-02", "0", "male", "es", "HT", "Baker", "2021-01-15 14:30", "2021-07-01"]
cells = st.tuples(
    st.uuids().map(str) | texts, *(st.sampled_from([right] * 9 + [None]) for right in RIGHT[1:])
).flatmap(lambda row: st.tuples(*(texts if cell is None else st.just(cell) for cell in row)))
people = st.lists(cells, min_size=1, max_size=6)


def read(content, suffix):
    """Read a file strictly and setting bad rows aside: both must tell the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"cases{suffix}"
        path.write_bytes(content)
        strict, faults = result_of(path)
        lenient, stopping = result_of(path, skip_bad_rows=True)
    if lenient is None:
        assert strict is None
        assert set(stopping) <= set(faults)
        return None
    assert list(faults) == [fault for row in lenient.bad_rows for fault in row.faults]
    assert strict == (lenient if not faults else None)
    assert all(row.faults for row in lenient.bad_rows)
    assert fact_table(lenient.rows)["case_id"].to_pylist() == [r.case_id for r in lenient.rows]
    return lenient


def result_of(path, **options):
    try:
        return read_case_file(path, **options), ()
    except CaseFileProblem as problem:
        return None, problem.faults


def row_numbers(case_file):
    return sorted(row.row_number for row in [*case_file.rows, *case_file.bad_rows])


def lines_with_something(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [number for number, line in enumerate(lines, start=1) if line.strip(' ,;\t"')]


@given(people)
@settings(max_examples=150, deadline=None)
def test_it_loses_no_line_of_a_csv_file(rows):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([NAMES, *rows])
    text = buffer.getvalue().encode("utf-8", "replace").decode()
    case_file = read(text.encode(), ".csv")
    if case_file:
        assert row_numbers(case_file) == lines_with_something(text)[1:]


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_it_loses_no_line_of_any_text(body):
    text = f"case_id,detained\n{body}".encode("utf-8", "replace").decode()
    case_file = read(text.encode(), ".csv")
    if case_file:
        assert row_numbers(case_file) == lines_with_something(text)[1:]


@given(st.binary(max_size=300), st.sampled_from([".csv", ".jsonl", ".xlsx"]))
@settings(max_examples=150, deadline=None)
def test_it_reads_or_refuses_any_bytes(content, suffix):
    for start in (
        b"",
        b"case_id\n",
        b'{"case_id": 1}\n',
        b"PK\x03\x04",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ):
        read(start + content, suffix)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
facts = st.sampled_from([fact.name for fact in load_vocabulary()])


@given(st.lists(st.dictionaries(facts, json_values, max_size=6), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_it_loses_no_line_of_json(records):
    records = [{"case_id": "first"}, *records]
    case_file = read("\n".join(map(json.dumps, records)).encode(), ".jsonl")
    if case_file:
        assert row_numbers(case_file) == list(range(1, len(records) + 1))


values = st.one_of(
    texts.map(lambda text: ILLEGAL_CHARACTERS_RE.sub("", text).lstrip("=")),
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(st.lists(st.lists(values, max_size=len(NAMES) + 1), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_it_loses_no_row_of_a_workbook(rows):
    workbook = openpyxl.Workbook()
    for row in [NAMES, *rows]:
        workbook.active.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    case_file = read(buffer.getvalue(), ".xlsx")
    if case_file:
        filled = [n for n, row in enumerate(rows, start=2) if any(map(is_something, row))]
        assert row_numbers(case_file) == filled


def is_something(value):
    return bool(value.strip()) if isinstance(value, str) else value is not None
