"""Comma, semicolon or tab separated text, one line a row.

A line is always one row: a quotation mark that opens and does not close on its line would
otherwise swallow the people below it. So the row of an error is the line of the file, and one
spoiled line spoils no other.
"""

from __future__ import annotations

import csv
from pathlib import Path

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files.faults import file_problem
from wayhome.sources.case_files.header import fact_of_heading
from wayhome.sources.case_files.raw_table import RawRow, RawTable, without_empty_end
from wayhome.sources.case_files.text_lines import numbered_lines

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
NUL = "it holds a NUL byte, which no text has: type the row again, or save as CSV UTF-8."
OPEN_QUOTE = 'a quotation mark (") does not close on its line, or closes inside a cell.'
NAMELESS = "it holds a value in a column that has no name in row 1."


def open_csv(path: Path) -> RawTable:
    """The rows of a CSV file. Raises CaseFileProblem where there is no header to read."""
    notes: list[str] = []
    lines = numbered_lines(path, notes, blank=',;"')
    number, first = next(lines, (1, ""))
    if number > 1 or not first:
        raise file_problem(path.name, "row 1 is empty: it must hold the names of the columns.")
    delimiter = _delimiter(first)
    row = _split(1, first, delimiter)
    if row.problem:
        raise file_problem(path.name, f"row 1 cannot be read: {row.problem}")
    header = without_empty_end(row.cells)
    rows = (_row(*numbered, delimiter, header, len(row.cells)) for numbered in lines)
    return RawTable(header, rows, notes)


def _delimiter(first_line: str) -> str:
    """The delimiter under which most names of the first line are facts, then most names."""

    def facts_and_names(delimiter: str) -> tuple[int, int]:
        names = _split(1, first_line, delimiter).cells
        return sum(fact_of_heading(name) in load_vocabulary() for name in names), len(names)

    return max(DELIMITERS, key=facts_and_names)


def _row(number: int, line: str, delimiter: str, header: tuple[str, ...], width: int) -> RawRow:
    """A line's cells, as wide as the header; `width` counts its nameless last columns too."""
    row = _split(number, line, delimiter)
    cells = row.cells
    if row.problem:
        return row
    if len(cells) != width:
        problem = (
            f"it has {len(cells)} cells where row 1 has {width}. Look for a {DELIMITERS[delimiter]}"
            " that is missing or too many; a cell that holds one goes in quotation marks."
        )
        return RawRow(number, cells, problem)
    if width > len(header) and len(without_empty_end(cells)) > len(header):
        return RawRow(number, cells, NAMELESS)
    return RawRow(number, cells[: len(header)])


def _split(number: int, line: str, delimiter: str) -> RawRow:
    if "\0" in line:
        return RawRow(number, (line,), NUL)
    if '"' not in line:
        return RawRow(number, tuple(line.split(delimiter)))
    # csv refuses fields longer than a limit that holds for the whole process: lend it the line's.
    usual_limit = csv.field_size_limit(max(len(line), csv.field_size_limit()))
    try:
        return RawRow(number, tuple(next(csv.reader((line,), delimiter=delimiter, strict=True))))
    except csv.Error:
        return RawRow(number, (line,), OPEN_QUOTE)
    finally:
        csv.field_size_limit(usual_limit)
