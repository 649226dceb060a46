"""Which of the formats a file is: by its name, and its first bytes must agree."""

from __future__ import annotations

from pathlib import Path

from wayhome.law.vocabulary import nearest_spelling
from wayhome.sources.case_files.csv_format import open_csv
from wayhome.sources.case_files.faults import file_problem, quoted
from wayhome.sources.case_files.json_lines_format import open_json_lines
from wayhome.sources.case_files.raw_table import RawTable

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = {
    ".csv": open_csv,
    ".tsv": open_csv,
    ".txt": open_csv,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
    ".json": open_json_lines,
}

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SIGNATURES = {
    OLE: "an old Excel file (.xls) or another old Office file",
    ZIP: "an Excel workbook or another zipped file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a file packed with gzip",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<": "a web page or XML",
}
SAVE_AS = "Save it as an Excel workbook (.xlsx), as CSV, or as JSON Lines (.jsonl)."


def open_case_file(path: Path, sheet: str | None) -> RawTable:
    """The raw rows of a case file of any format. Raises CaseFileProblem, or OSError."""
    name = path.name
    if not path.exists():
        raise file_problem(name, f"there is no such file.{_nearest_file(path)}")
    if path.is_dir():
        raise file_problem(name, "it is a folder. Name the file in it.")
    if not path.is_file():
        raise file_problem(name, "it is a device or a pipe. Save it as a file first.")
    suffix = path.suffix.lower()
    if suffix not in TEXTS and suffix not in WORKBOOKS:
        raise file_problem(name, f"a file named {suffix or 'so'} is not read. {SAVE_AS}")
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise file_problem(name, "the file is empty.")
    if suffix in WORKBOOKS:
        _check_workbook(path, start)
        # openpyxl is a quarter of the time that any command takes to start.
        from wayhome.sources.case_files.xlsx_format import open_xlsx  # noqa: PLC0415

        return open_xlsx(path, sheet)
    if what := _what_it_is(start):
        raise file_problem(name, f"it is {what}, not what its name says. {SAVE_AS}")
    if sheet is not None:
        raise file_problem(name, f"it has no sheets, so there is no sheet {quoted(sheet)}.")
    return TEXTS[suffix](path)


def _check_workbook(path: Path, start: bytes) -> None:
    if start.startswith(ZIP):
        return
    if start.startswith(OLE) and ENCRYPTED in path.read_bytes():
        raise file_problem(path.name, "it is locked with a password. Save a copy without one.")
    what = _what_it_is(start) or "text"
    raise file_problem(path.name, f"it is {what}, not an Excel workbook. {SAVE_AS}")


def _what_it_is(start: bytes) -> str | None:
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    return next((what for mark, what in SIGNATURES.items() if text.startswith(mark)), None)


def _nearest_file(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        return ""
    near = nearest_spelling(path.name, names)
    return f" Did you mean {near}?" if near else ""
