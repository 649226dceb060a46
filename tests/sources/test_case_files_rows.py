"""Columns, rows, what stops a file and what is set aside."""

import csv
from datetime import date, datetime
from pathlib import Path
from time import process_time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources import case_files
from wayhome.sources.case_files import (
    CaseFileProblem,
    bad_rows_file,
    everyday_headings,
    read_case_file,
)
from wayhome.sources.case_files.fact_table import fact_table

SHARED = Path(__file__).parents[2] / "../shared/data/published_cases/cases.csv"


@pytest.fixture
def case_file(tmp_path):
    def write(text, name="clients.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults_of(path, **options):
    with pytest.raises(CaseFileProblem) as problem:
        read_case_file(path, **options)
    return [(fault.row, fault.column, fault.message) for fault in problem.value.faults]


def test_it_reads_one_row_a_person_with_the_facts_in_any_order(case_file):
    path = case_file("detained,case_id,birth_date\nyes,0017,1980-02\n,18,\n")
    first, second = read_case_file(path).rows
    assert (first.case_id, first.row_number) == ("0017", 2)
    assert first.facts == {"detained": True, "birth_date": date(1980, 2, 1)}
    assert (second.case_id, second.row_number, second.facts) == ("18", 3, {})


def test_it_reads_names_of_columns_however_they_are_joined(case_file):
    path = case_file(" Case ID ,BIRTH-DATE,us_citizen_children\n17,1980-02-03,2\n")
    read = read_case_file(path)
    assert read.columns == ("case_id", "birth_date", "us_citizen_children")
    assert read.rows[0].facts["us_citizen_children"] == 2


@pytest.mark.parametrize("name", ["screening_date", "as_of", "As of", "Screening date"])
def test_it_keeps_a_rows_own_screening_date_apart_from_its_facts(case_file, name):
    path = case_file(f"case_id,{name},detained\n17,2021-07-01,yes\n18,,yes\n")
    first, second = read_case_file(path).rows
    assert first.screening_date == date(2021, 7, 1)
    assert second.screening_date is None
    assert first.facts == second.facts == {"detained": True}


def test_it_names_the_nearest_fact_for_an_unknown_column(case_file):
    path = case_file("case_id,ordered_in_absentai,shoe_size\n17,yes,44\n")
    (row, column, message), (_, other, hint) = faults_of(path)
    assert (row, column) == (1, "ordered_in_absentai")
    assert "Did you mean ordered_in_absentia?" in message
    assert other == "shoe_size"
    assert "Take the column out" in hint


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        ("Nationality", "Did you mean country_of_citizenship?"),
        ("nacionalidad", "Did you mean country_of_citizenship?"),
        ("Date of birth", "Did you mean birth_date?"),
        ("D.O.B.", "Did you mean birth_date?"),
        ("Fecha de Nacimiento", "Did you mean birth_date?"),
        ("Country", "Did you mean country_of_citizenship or country_of_birth?"),
        ("Deported?", "Did you mean removed?"),
        ("¿Deportado?", "Did you mean removed?"),
        ("Deportation date", "Did you mean removal_date?"),
        ("Date of removal", "Did you mean removal_date?"),
        (
            "US citizen",
            "Did you mean born_in_us, us_citizen_parent_at_birth or parent_naturalized_before_18?",
        ),
        ("Veteran", "Did you mean us_military_service?"),
        ("Próxima audiencia", "Did you mean next_hearing_date?"),
        ("natoinality", "Did you mean country_of_citizenship?"),
        ("us_citizen_childrn", "Did you mean us_citizen_children?"),
        ("Name", "It is not needed"),
        ("Client's name", "It is not needed"),
        ("Teléfono", "It is not needed"),
        ("A-number", "take the column out"),
        ("A #", "take the column out"),
        ("Notes", "take the column out"),
        ("removal_costs", "Take the column out, or name the fact it is."),
        ("détente", "Take the column out, or name the fact it is."),
    ],
)
def test_it_advises_on_everyday_headings_and_renames_none(case_file, heading, advice):
    ((row, column, message),) = faults_of(case_file(f"case_id,{heading}\n17,yes\n"))
    assert (row, column) == (1, heading)
    assert advice in message


def test_it_keeps_everyday_headings_apart_and_of_the_vocabulary():
    folder = Path(everyday_headings.__file__).parent
    with (folder / "everyday_headings.csv").open(encoding="utf-8") as lines:
        rows = {row["fact"]: row["headings"].split(";") for row in csv.DictReader(lines)}
    not_needed = set(rows.pop(""))
    assert not set(rows) - {fact.name for fact in load_vocabulary()}
    for fact, headings in rows.items():
        assert not set(headings) & not_needed
        assert all(fact in everyday_headings.likely_facts(heading) for heading in headings)
    assert all(everyday_headings.likely_facts(heading) == () for heading in not_needed)


def test_it_says_which_heading_may_be_the_case_id(case_file):
    messages = [message for *_, message in faults_of(case_file("Client ID,detained\n17,yes\n"))]
    assert "Is it 'Client ID'?" in messages[-1]


def test_it_tells_faults_of_rows_from_those_that_no_skipping_mends(case_file):
    for text, rows_only in (
        ("case_id,detained\n17,maybe\n", True),
        ("case_id,detaned\n17,maybe\n", False),
        ("case_id,detaned,sex\n17,yes,f\n", False),
        ("case_id,detained\nA012345678,maybe\n", False),
    ):
        with pytest.raises(CaseFileProblem) as problem:
            read_case_file(case_file(text))
        assert problem.value.rows_only is rows_only


def test_it_sets_a_row_aside_on_whose_date_nobody_can_be_screened(case_file):
    def why_not_on(day):
        return "there was no law." if day.year < 1950 else ""

    path = case_file("case_id,as_of,detained\n17,1949-12-31,yes\n18,1950-01-01,yes\n19,,yes\n")
    assert faults_of(path, why_not_on=why_not_on) == [(2, "screening_date", "there was no law.")]
    read = read_case_file(path, why_not_on=why_not_on, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["18", "19"]
    assert [bad.cells for bad in read.bad_rows] == [("17", "1949-12-31", "yes")]


def test_it_reads_a_file_of_bad_rows_again_without_its_two_columns(case_file):
    path = case_file(
        "row,what is wrong,case_id,detained,detention_facility\n"
        "3,clients.csv: it was maybe,17,yes,Baker\n"
        "5,clients.csv: it was never,'=18,never,'-Baker\n"
        "6,clients.csv: it was so,''=19,no,'Ulster\n"
    )
    read = read_case_file(path, skip_bad_rows=True)
    assert read.columns == ("case_id", "detained", "detention_facility")
    assert [(row.case_id, row.row_number) for row in read.rows] == [("17", 2), ("'=19", 4)]
    assert read.rows[1].facts["detention_facility"] == "'Ulster"
    assert [bad.cells for bad in read.bad_rows] == [("=18", "never", "-Baker")]


def test_it_takes_two_such_columns_elsewhere_for_what_they_are(case_file):
    path = case_file("case_id,row,what is wrong\n17,2,x\n")
    assert [column for _, column, _ in faults_of(path)] == ["row", "what is wrong"]


@given(st.text(alphabet="'=+-@\t\rax ", max_size=6))
def test_it_takes_away_the_apostrophe_that_was_put_before_a_formula_and_no_other(cell):
    written = bad_rows_file.harmless(cell)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert bad_rows_file.as_it_was(written) == cell


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("case_id,detained,Detained", "detained is also column 2"),
        ("case_id,as_of,screening_date", "screening_date is also column 2"),
        ("case_id,,detained", "it has no name"),
        ("detained,birth_date", "no column is named case_id"),
        ("caseid,detained", "Did you mean case_id?"),
        ("Client number,detained", "no column is named case_id"),
    ],
)
@pytest.mark.parametrize("skip", [False, True])
def test_it_always_stops_at_a_column_that_is_wrong(case_file, header, said, skip):
    row = ",".join("" for _ in header.split(","))
    path = case_file(f"{header}\n17{row}\n")
    messages = [message for _, _, message in faults_of(path, skip_bad_rows=skip)]
    assert any(said in message for message in messages)


def test_it_stops_at_a_first_row_far_wider_than_any_header(case_file):
    ((_, _, message),) = faults_of(case_file("x," * 50_000 + "\n1\n"))
    assert "there are not so many facts" in message


def test_it_reports_every_fault_of_a_file_at_once(case_file):
    path = case_file(
        "case_id,detained,birth_dat,sex\n"
        "17,yess,,\n"
        "18,yes,,\n"
        "18,no,,f\n"
        ",no,,male\n"
        "20,no\n"
        "21,no,,male,extra\n"
    )
    assert [(row, column) for row, column, _ in faults_of(path)] == [
        (1, "birth_dat"),
        (2, "detained"),
        (4, "sex"),
        (4, "case_id"),
        (5, "case_id"),
        (6, None),
        (7, None),
    ]


def test_it_names_the_row_that_has_the_same_case_id(case_file):
    ((row, column, message),) = faults_of(case_file("case_id\n17\n18\n 17 \n"))
    assert (row, column) == (4, "case_id")
    assert "row 2 has the same case id" in message


def test_it_finds_the_same_case_id_far_below(case_file):
    ids = [*range(25_000), 3]
    ((row, _, message),) = faults_of(case_file("case_id\n" + "\n".join(map(str, ids))))
    assert row == 25_002
    assert "row 5 has" in message


@pytest.mark.parametrize("a_number", ["A012345678", "a 12345678", "A# 012-345-678", "A-12 345 678"])
@pytest.mark.parametrize("skip", [False, True])
def test_it_takes_no_a_number_for_a_case_id_and_does_not_repeat_it(case_file, a_number, skip):
    path = case_file(f"case_id,detained\n17,yes\n{a_number},yes\n")
    ((row, column, message),) = faults_of(path, skip_bad_rows=skip)
    assert (row, column) == (3, "case_id")
    assert "A-number" in message
    assert "345" not in message


@pytest.mark.parametrize("case_id", ["A-2019-0001", "12345678", "ASYLUM-123456789", "A1", "é-17"])
def test_it_takes_an_offices_own_number_for_a_case_id(case_file, case_id):
    assert read_case_file(case_file(f"case_id\n{case_id}\n")).rows[0].case_id == case_id


def test_it_sets_bad_rows_aside_whole_with_every_reason(case_file):
    path = case_file(
        "case_id,detained,sex,detention_facility\n"
        "17,yes,female,Baker\n"
        "18,perhaps,f,Baker\n"
        "17,no,male,\n"
        '19,no,"male,\n'
        "20,no,male\n"
        "21,no,male,\n"
    )
    read = read_case_file(path, skip_bad_rows=True)
    assert [(row.case_id, row.row_number) for row in read.rows] == [("17", 2), ("21", 7)]
    assert [row.row_number for row in read.bad_rows] == [3, 4, 5, 6]
    perhaps, same, line, short = read.bad_rows
    assert perhaps.cells == ("18", "perhaps", "f", "Baker")
    assert [fault.column for fault in perhaps.faults] == ["detained", "sex"]
    assert same.cells[0] == "17"
    assert line.cells == ('19,no,"male,',)
    assert short.cells == ("20", "no", "male")


def test_it_keeps_the_first_of_two_rows_with_one_case_id(case_file):
    path = case_file("case_id,detained\n17,yes\n17,no\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.facts for row in read.rows] == [{"detained": True}]
    assert [row.row_number for row in read.bad_rows] == [3]


def test_it_has_no_bad_rows_where_nothing_is_wrong(case_file):
    assert read_case_file(case_file("case_id\n17\n"), skip_bad_rows=True).bad_rows == []


def test_it_stays_quick_when_every_value_of_a_column_is_wrong(case_file):
    lines = "\n".join(f"{i},nowhere land number {i}" for i in range(20_000))
    path = case_file(f"case_id,country_of_citizenship\n{lines}\n")
    assert len(faults_of(path)) == 20_000


def test_it_reads_a_hundred_thousand_people_in_seconds(case_file):
    names = ["case_id", "detained", "birth_date", "prior_removals", "sex", "country_of_birth"]
    lines = "".join(f"{i},yes,19{i % 90 + 10}-01-01,{i % 5},male,HT\n" for i in range(100_000))
    path = case_file(f"{','.join(names)}\n{lines}")
    start = process_time()
    assert fact_table(read_case_file(path).rows).num_rows == 100_000
    assert process_time() - start < 10


def test_it_says_one_readable_line_a_fault(case_file):
    with pytest.raises(CaseFileProblem) as problem:
        read_case_file(case_file("case_id,detained\n17,x\n18,y\n"))
    first, second = str(problem.value).splitlines()
    assert first.startswith("clients.csv, row 2, column detained: 'x' is neither yes nor no.")
    assert second.startswith("clients.csv, row 3, column detained: 'y'")


def test_it_makes_a_fact_table_in_the_types_of_the_engine(case_file):
    path = case_file(
        "case_id,detained,birth_date,transferred_at,prior_removals,sex,country_of_citizenship,"
        "detention_facility,removed,as_of\n"
        "17,yes,1980-02-03,2021-01-15 14:30,2,male,HT,Baker,,2021-07-01\n"
        "18,,,,,,,,,\n"
    )
    table = fact_table(read_case_file(path).rows)
    sexes = load_vocabulary()["sex"].values
    assert table.schema.equals(
        pa.schema(
            [
                ("case_id", pa.string()),
                ("country_of_citizenship", pa.dictionary(pa.int32(), pa.string())),
                ("birth_date", pa.date32()),
                ("sex", pa.dictionary(pa.uint8(), pa.string())),
                ("prior_removals", pa.int32()),
                ("detained", pa.bool_()),
                ("detention_facility", pa.dictionary(pa.int32(), pa.string())),
                ("transferred_at", pa.timestamp("s")),
            ]
        )
    )
    assert tuple(table["sex"].chunk(0).dictionary.to_pylist()) == sexes
    first, second = table.to_pylist()
    assert first == {
        "case_id": "17",
        "country_of_citizenship": "HT",
        "birth_date": date(1980, 2, 3),
        "sex": "male",
        "prior_removals": 2,
        "detained": True,
        "detention_facility": "Baker",
        "transferred_at": datetime(2021, 1, 15, 14, 30),
    }
    assert second == {**dict.fromkeys(first), "case_id": "18"}


def test_it_keeps_every_word_of_a_category_in_its_own_place(case_file):
    for fact in load_vocabulary():
        if fact.values:
            lines = "".join(f"{i},{word}\n" for i, word in enumerate(reversed(fact.values)))
            table = fact_table(read_case_file(case_file(f"case_id,{fact.name}\n{lines}")).rows)
            assert table[fact.name].to_pylist() == list(reversed(fact.values))


def test_it_makes_an_empty_fact_table_of_nobody():
    assert fact_table([]).to_pydict() == {"case_id": []}


@pytest.mark.skipif(not SHARED.exists(), reason="the published cases are not here")
def test_it_reads_the_published_cases_with_their_own_dates():
    read = read_case_file(SHARED)
    assert len(read.rows) == 8
    assert all(row.screening_date for row in read.rows)
    assert fact_table(read.rows).num_rows == 8


def test_it_reads_the_example_of_its_own_readme(case_file):
    readme = Path(case_files.__file__).with_name("README.md").read_text(encoding="utf-8")
    example = readme.split("```csv\n")[1].split("```")[0]
    facts = [row.facts for row in read_case_file(case_file(example)).rows]
    assert facts[0]["birth_date"] == date(1980, 2, 29)
    assert facts[1]["detainer_issued_at"] == datetime(2021, 1, 15, 14, 30)
    assert facts[2] == {"prior_removals": 2}


def test_it_hands_over_columns_that_are_no_facts_where_the_caller_reads_them(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text("Full Name,case_id,removed\n  Ana  ,1,yes\nBad,2,perhaps\n")
    found = read_case_file(path, skip_bad_rows=True, beside={"full_name": "name"})
    (row,) = found.rows
    assert (row.beside, row.facts) == ({"name": "Ana"}, {"removed": True})
    assert found.columns == ("name", "case_id", "removed")
    assert found.bad_rows[0].cells == ("Bad", "2", "perhaps")
    with pytest.raises(CaseFileProblem, match="no fact 'Full Name'"):
        read_case_file(path, skip_bad_rows=True)
