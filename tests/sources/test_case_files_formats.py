"""CSV, JSON Lines and Excel as people and programs really save them."""

import codecs
import json
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from wayhome.sources.case_files import CaseFileProblem, read_case_file


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only_fault(path, **options):
    with pytest.raises(CaseFileProblem) as problem:
        read_case_file(path, **options)
    (fault,) = problem.value.faults
    return fault


def workbook_of(path, rows, change=lambda workbook: None):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    change(workbook)
    workbook.save(path)
    return path


def changed_in_zip(path, part, change):
    """Rewrite one part of a workbook, as programs other than Excel would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


# Files that are no case files


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\n\n", "row 1 is empty"),
        ("a.csv", b"\xef\xbb\xbf", "row 1 is empty"),
        ("a.csv", b",,\n1,2,3\n", "row 1 is empty"),
        ("a.csv", b"case_id,detained\n", "no rows of people"),
        ("a.csv", b"case_id,detained\n,\n\n", "no rows of people"),
        ("a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "it is a PDF"),
        ("a.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "it is a PDF, not an Excel workbook"),
        ("a.xlsx", b"case_id,detained\n1,yes\n", "it is text, not an Excel workbook"),
        ("a.xlsx", codecs.BOM_UTF8 + b"<html>", "it is a web page"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file (.xls)"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        ("a.xlsx", b"PK\x03\x04 cut off", "damaged Excel workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file (.xls)"),
        ("a.csv", b"PK\x03\x04" + b"\0" * 100, "Excel workbook or another zipped file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file named .xls is not read"),
        ("a.docx", b"PK\x03\x04", "a file named .docx is not read"),
        ("a.csv", b"case_id,\0detained\n1,yes\n", "NUL byte"),
        ("a.csv", b'case_id,"detained\n1,yes\n', "row 1 cannot be read"),
        ("a.csv", codecs.BOM_UTF16_LE + b"c\0a\0s", "damaged"),
        ("a.jsonl", b'[{"case_id": 1}]', "one JSON list"),
        ("a.jsonl", b"case_id,detained\n", "no line can be read"),
        ("a.jsonl", b"{}\n{}\n", "no line can be read"),
        ("a.jsonl", b"\n \n", "no line can be read"),
    ],
)
@pytest.mark.parametrize("skip", [False, True])
def test_it_says_in_a_sentence_why_a_file_is_no_case_file(folder, name, content, said, skip):
    fault = only_fault(written(folder / name, content), skip_bad_rows=skip)
    assert fault.file == name
    assert said in fault.message


def test_it_says_that_a_file_is_missing_and_which_one_may_be_meant(folder):
    written(folder / "clients.csv", "case_id\n1\n")
    assert "Did you mean clients.csv?" in only_fault(folder / "client.csv").message


def test_it_says_that_a_folder_is_no_file(folder):
    assert "it is a folder" in only_fault(folder).message


def test_it_says_that_a_zip_is_no_workbook(folder):
    with zipfile.ZipFile(folder / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "it is not an Excel workbook" in only_fault(folder / "a.xlsx").message


def test_it_says_that_a_workbook_whose_inside_is_spoiled_is_damaged(folder):
    path = workbook_of(folder / "a.xlsx", [["case_id"], [1]])
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        spoiled = folder / "spoiled.xlsx"
        spoiled.write_bytes(path.read_bytes())
        changed_in_zip(spoiled, part, lambda content: content[: len(content) // 2])
        assert "damaged Excel workbook" in only_fault(spoiled).message


def test_it_refuses_a_workbook_that_unpacks_into_more_than_memory_holds(folder, monkeypatch):
    monkeypatch.setattr("wayhome.sources.case_files.xlsx_format.MOST_BYTES", 1000)
    path = workbook_of(folder / "a.xlsx", [["case_id"], [1]])
    assert "unpacks to more than 2 GB" in only_fault(path).message


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_finds_the_delimiter_and_the_ends_of_lines(folder, delimiter, end):
    lines = [["case_id", "detained", "detention_facility"], ["17", "yes", '"Baker, FL; \t "']]
    path = written(folder / "a.csv", end.join(delimiter.join(line) for line in lines))
    (row,) = read_case_file(path).rows
    assert row.facts == {"detained": True, "detention_facility": "Baker, FL;"}


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-32", None),
        ("cp1252", "read as Windows-1252"),
    ],
)
def test_it_reads_letters_with_accents_in_every_usual_encoding(folder, encoding, note):
    text = "case_id,detained,detention_facility\n17,sí,Cárcel de Peñón\n"
    read = read_case_file(written(folder / "a.csv", text.encode(encoding)))
    assert read.rows[0].facts == {"detained": True, "detention_facility": "Cárcel de Peñón"}
    assert (note in read.notes[0]) if note else (read.notes == ())


def test_it_reads_latin_1_where_windows_has_no_such_letter(folder):
    path = written(folder / "a.csv", b"case_id,detention_facility\n17,caf\xe9\n18,\x81\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert "read as Latin-1" in read.notes[0]
    assert read.rows[0].facts == {"detention_facility": "café"}
    assert "U+0081" in read.bad_rows[0].faults[0].message


def test_it_names_the_row_with_a_nul_byte_and_spares_the_others(folder):
    path = written(folder / "a.csv", b"case_id,detained\n17,yes\n18,y\0es\n19,no\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["17", "19"]
    assert [(row.row_number, "NUL" in str(row.faults[0])) for row in read.bad_rows] == [(3, True)]


def test_it_lets_no_open_quotation_mark_swallow_the_people_below(folder):
    text = 'case_id,detention_facility\n17,"Baker\n18,Krome\n19,"Stewart"\n20,Baker" "\n21,"a" b\n'
    read = read_case_file(written(folder / "a.csv", text), skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["18", "19", "20"]
    assert [row.row_number for row in read.bad_rows] == [2, 6]
    assert all("quotation mark" in str(row.faults[0]) for row in read.bad_rows)


@pytest.mark.parametrize("line", ["x" * 20_000_000, '"' + "x," * 10_000_000 + '"', "," * 5_000_000])
def test_it_stands_a_line_of_twenty_million_characters(folder, line):
    path = written(folder / "a.csv", f"case_id,detention_facility\n17,{line}x\n18,Krome\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["18"]
    assert [row.row_number for row in read.bad_rows] == [2]
    assert len(str(read.bad_rows[0].faults[0])) < 300


def test_it_names_rows_longer_and_shorter_than_the_header(folder):
    path = written(folder / "a.csv", "case_id,detained\n17\n18,yes,\n19,yes\n")
    bad = read_case_file(path, skip_bad_rows=True).bad_rows
    assert [(row.row_number, row.cells) for row in bad] == [(2, ("17",)), (3, ("18", "yes", ""))]
    assert "it has 1 cells where row 1 has 2" in bad[0].faults[0].message


def test_it_passes_over_empty_columns_without_a_name_and_refuses_values_in_them(folder):
    path = written(folder / "a.csv", "case_id,detained,,\n17,yes,,\n18,yes,,here\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["17"]
    assert "a column that has no name" in read.bad_rows[0].faults[0].message


def test_it_passes_over_blank_lines_says_so_and_keeps_the_numbers_of_rows(folder):
    path = written(folder / "a.csv", "case_id,detained\n\n17,yes\n,\n18,perhaps\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert read.notes == ("a.csv: blank lines passed over: 2.",)
    assert read.rows[0].row_number == 3
    assert read.bad_rows[0].row_number == 5


def test_it_refuses_a_sheet_of_a_file_that_has_none(folder):
    path = written(folder / "a.csv", "case_id\n1\n")
    assert "it has no sheets" in only_fault(path, sheet="Clients").message


# JSON Lines


def test_it_reads_json_values_and_their_text(folder):
    lines = [
        {"case_id": 17, "detained": True, "prior_removals": 2, "birth_date": "1980-02-03"},
        {"us_citizen_children": 3.0, "case_id": "18", "detained": "sí", "removed": None},
    ]
    path = written(folder / "a.jsonl", "\n\n".join(json.dumps(line) for line in lines))
    read = read_case_file(path)
    assert [(row.case_id, row.row_number) for row in read.rows] == [("17", 1), ("18", 3)]
    assert read.rows[0].facts == {
        "detained": True,
        "prior_removals": 2,
        "birth_date": date(1980, 2, 3),
    }
    assert read.rows[1].facts == {"detained": True, "us_citizen_children": 3}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{'case_id': 18}", "it is not JSON"),
        ("18", "one whole object"),
        ("[1, 2]", "one whole object"),
        ('{"case_id": 18, "case_id": 19}', "names 'case_id' twice"),
        ('{"case_id": 18, "sex": ["male"]}', "'sex' holds a list"),
        ('{"case_id": 18, "sex": {"a": 1}}', "'sex' holds a list or an object"),
        ("[" * 100_000, "JSON that can be read"),
        ('{"case_id": ' + "9" * 10_000 + "}", "JSON that can be read"),
        ('{"case_id": 18, "prior_removals": true}', "not a count"),
        ('{"case_id": 18, "prior_removals": NaN}', "not a count"),
        ('{"case_id": 18, "prior_removals": 1.5}', "not a count"),
        ('{"case_id": 18, "detained": 2}', "neither yes nor no"),
        ('{"case_id": "\\ud800"}', "U+D800"),
        ('{"case_id": "a\\u0000b"}', "U+0000"),
        ('{"case_id": null}', "no case id"),
        ('{"sex": "male"}', "no case id"),
    ],
)
def test_it_names_the_line_of_json_that_cannot_be_read(folder, line, said):
    known = '{"case_id": 17, "sex": "male", "prior_removals": 1, "detained": true}'
    path = written(folder / "a.jsonl", f"{known}\n{line}\n")
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["17"]
    assert read.bad_rows[0].row_number == 2
    assert said in read.bad_rows[0].faults[0].message


def test_it_names_a_key_that_is_no_fact(folder):
    path = written(folder / "a.jsonl", '{"case_id": 1}\n{"case_id": 2, "detaned": true}\n')
    fault = only_fault(path)
    assert (fault.row, fault.column) == (None, "detaned")
    assert "Did you mean detained?" in fault.message


# Excel


def test_it_reads_excels_own_dates_numbers_and_booleans(folder):
    path = workbook_of(
        folder / "a.xlsx",
        [
            ["case_id", "birth_date", "detained", "prior_removals", "transferred_at", "removed"],
            [17, date(1980, 2, 3), True, 2, datetime(2021, 1, 15, 14, 30), "no"],
            ["0018", "1980-02", 0, 2.0, datetime(2021, 1, 15), 1],
        ],
    )
    first, second = read_case_file(path).rows
    assert first.case_id == "17"
    assert first.facts == {
        "birth_date": date(1980, 2, 3),
        "detained": True,
        "prior_removals": 2,
        "transferred_at": datetime(2021, 1, 15, 14, 30),
        "removed": False,
    }
    assert (second.case_id, second.facts["birth_date"]) == ("0018", date(1980, 2, 1))
    assert second.facts["transferred_at"] == datetime(2021, 1, 15)


def test_it_takes_a_day_without_hours_for_no_moment_and_a_moment_for_no_day(folder):
    path = workbook_of(
        folder / "a.xlsx",
        [
            ["case_id", "birth_date", "transferred_at"],
            [17, None, date(2021, 1, 15)],
            [18, datetime(1980, 2, 3, 8, 15), None],
            [19, time(8, 15), None],
            [20, 29254, None],
        ],
    )
    bad = read_case_file(path, skip_bad_rows=True).bad_rows
    assert [row.faults[0].column for row in bad] == ["transferred_at", *["birth_date"] * 3]
    assert "format the column as a date" in bad[3].faults[0].message


def test_it_reads_the_first_sheet_or_the_named_one_and_says_what_it_left(folder):
    def add_sheet(workbook):
        workbook.active.title = "March"
        other = workbook.create_sheet("April")
        other.append(["case_id"])
        other.append(["from April"])

    path = workbook_of(folder / "a.xlsx", [["case_id"], ["from March"]], add_sheet)
    first = read_case_file(path)
    assert first.rows[0].case_id == "from March"
    assert first.notes == ("a.xlsx: read sheet March; not read: April.",)
    assert read_case_file(path, sheet="April").rows[0].case_id == "from April"
    assert "Did you mean 'April'?" in only_fault(path, sheet="Apil").message


def test_it_passes_over_blank_rows_and_keeps_the_numbers_of_rows(folder):
    rows = [["case_id", "detained"], [], [17, "yes"], [None, None], [" ", None], [18, "perhaps"]]
    read = read_case_file(workbook_of(folder / "a.xlsx", rows), skip_bad_rows=True)
    assert [row.row_number for row in read.rows] == [3]
    assert [row.row_number for row in read.bad_rows] == [6]


def test_it_needs_the_names_in_the_first_row(folder):
    fault = only_fault(workbook_of(folder / "a.xlsx", [[], ["case_id"], [17]]))
    assert "row 1: it is empty" in fault.message
    assert "no rows of people" in only_fault(workbook_of(folder / "b.xlsx", [["case_id"]])).message
    assert "it is empty" in only_fault(workbook_of(folder / "c.xlsx", [])).message


def test_it_refuses_a_value_beside_the_table(folder):
    path = workbook_of(folder / "a.xlsx", [["case_id"], [17, None, "call back"], [18]])
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["18"]
    assert read.bad_rows[0].cells == ("17", "", "call back")


def test_it_asks_to_unmerge_cells_rather_than_lose_what_they_share(folder):
    rows = [["case_id", "sex"], [17, "male"], [18, None], [19, "female"]]
    path = workbook_of(folder / "a.xlsx", rows, lambda book: book.active.merge_cells("B2:B3"))
    read = read_case_file(path, skip_bad_rows=True)
    assert [row.case_id for row in read.rows] == ["19"]
    assert [row.row_number for row in read.bad_rows] == [2, 3]
    assert "B2:B3 are merged" in read.bad_rows[0].faults[0].message


def test_it_refuses_merged_names_of_columns(folder):
    rows = [["case_id", "sex", None], [17, "male", None]]
    path = workbook_of(folder / "a.xlsx", rows, lambda book: book.active.merge_cells("B1:C1"))
    assert "B1:C1 are merged" in only_fault(path).message


def test_it_reads_a_formula_as_its_saved_value_and_names_one_that_has_none(folder):
    rows = [["case_id", "detained"], [17, '=IF(1,"yes","")'], [18, '="yes"'], [19, '=""']]
    path = workbook_of(folder / "a.xlsx", rows)

    def save_values(sheet):
        sheet = re.sub(
            rb'<c r="B2"[^>]*>(<f>.*?</f>)<v(?: ?/>|></v>)',
            rb'<c r="B2" t="str">\1<v>yes</v>',
            sheet,
        )
        return re.sub(
            rb'<c r="B4"[^>]*>(<f>.*?</f>)<v(?: ?/>|></v>)', rb'<c r="B4" t="str">\1<v></v>', sheet
        )

    read = read_case_file(
        changed_in_zip(path, "xl/worksheets/sheet1.xml", save_values), skip_bad_rows=True
    )
    assert [(row.case_id, row.facts) for row in read.rows] == [
        ("17", {"detained": True}),
        ("19", {}),
    ]
    assert [row.row_number for row in read.bad_rows] == [3]
    assert "cell B3 holds a formula without a saved value" in read.bad_rows[0].faults[0].message


@pytest.mark.parametrize("stated", ["A1:A2", "A1:XFD1048576"])
def test_it_does_not_believe_the_size_that_a_sheet_states(folder, stated):
    path = workbook_of(folder / "a.xlsx", [["case_id", "sex"], [17, "male"], [18, "male"]])
    wrong = f'<dimension ref="{stated}"/>'.encode()
    path = changed_in_zip(
        path,
        "xl/worksheets/sheet1.xml",
        lambda sheet: re.sub(rb"<dimension[^>]*/>", wrong, sheet),
    )
    assert [row.facts for row in read_case_file(path).rows] == [{"sex": "male"}] * 2


def test_it_stops_at_a_row_number_that_no_sheet_has(folder, monkeypatch):
    path = workbook_of(folder / "a.xlsx", [["case_id"], [17]])
    path = changed_in_zip(
        path,
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b'<row r="2"', b'<row r="99999999999"').replace(
            b'r="A2"', b'r="A99999999999"'
        ),
    )
    monkeypatch.setattr("wayhome.sources.case_files.xlsx_format.MOST_ROWS", 5000)
    assert "more than 5000 rows" in only_fault(path).message


def test_it_names_excels_errors(folder):
    path = workbook_of(
        folder / "a.xlsx", [["case_id", "detention_facility"], [17, "#N/A"], ["#REF!", None]]
    )
    bad = read_case_file(path, skip_bad_rows=True).bad_rows
    assert [fault.column for row in bad for fault in row.faults] == [
        "detention_facility",
        "case_id",
    ]
    assert all("error of the spreadsheet" in str(row.faults[0]) for row in bad)


def test_it_reads_the_same_from_every_format(folder):
    names = ["case_id", "detained", "birth_date", "prior_removals", "sex"]
    values = ["17", "yes", "1980-02-03", "2", "male"]
    csv_file = written(folder / "a.csv", ",".join(names) + "\n" + ",".join(values))
    lines = written(folder / "a.jsonl", json.dumps(dict(zip(names, values, strict=True))))
    workbook = workbook_of(folder / "a.xlsx", [names, values])
    facts = [read_case_file(path).rows[0].facts for path in (csv_file, lines, workbook)]
    assert facts[0] == facts[1] == facts[2]


def test_it_says_that_a_workbook_with_nothing_in_it_is_damaged(folder):
    with zipfile.ZipFile(folder / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "damaged" in only_fault(folder / "a.xlsx").message
