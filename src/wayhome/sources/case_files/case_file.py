"""Read a case file: one row a person, the facts as columns, in any order, any subset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any, cast

from wayhome.law.days_to_come import why_not_to_come
from wayhome.law.vocabulary import CASE_ID, SCREENING_DATE, Value, load_vocabulary
from wayhome.sources.case_files.answers import (
    NotAnAnswer,
    answer_reader,
    is_a_number,
    read_date,
)
from wayhome.sources.case_files.bad_rows_file import as_it_was
from wayhome.sources.case_files.faults import CaseFileProblem, Fault, file_problem
from wayhome.sources.case_files.formats import open_case_file
from wayhome.sources.case_files.header import Heading, read_heading
from wayhome.sources.case_files.raw_table import RawRow

BATCH = 10_000
MOST_REMEMBERED = 100_000  # different texts a column keeps in mind
MOST_ADVISED = 500  # misspellings of one column that are compared with every right word

NO_ID = "there is no case id. Give the person one that no other row has."
SAME_ID = "row {} has the same case id. Keep one row a person, or give each its own id."
A_NUMBER_ID = (
    "it is an A-number (rows like it: {}), which may not go into results, exports or logs. "
    "Use your own numbers as case ids."
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One person. `facts` holds only what is known; `case_id` is not among them.

    `screening_date` is the row's own as-of date, which goes before the command's. `beside` holds
    the texts of columns that are no facts, where the caller asked for them.
    """

    case_id: str
    row_number: int
    facts: dict[str, Value]
    screening_date: date | None = None
    beside: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row set aside: its cells as they stood in the file, and every reason.

    The cells are those of `CaseFile.columns`; where the row could not be split into them, they
    are more or fewer, at the least one with the whole line.
    """

    row_number: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class CaseFile:
    """What a case file says. Every row of the file is in `rows` or in `bad_rows`.

    `columns` names the fact of each column, in the order of the file.
    """

    rows: list[CaseRow]
    columns: tuple[str, ...]
    bad_rows: list[BadRow]
    notes: tuple[str, ...]


def read_case_file(
    path: Path,
    *,
    sheet: str | None = None,
    skip_bad_rows: bool = False,
    why_not_on: Callable[[date], str] = lambda day: "",
    beside: Mapping[str, str] | None = None,
    today: date | None = None,
) -> CaseFile:
    """The people of a CSV, XLSX or JSON Lines file, or of the file of its bad rows, mended.

    Raises CaseFileProblem with every fault of the file. With `skip_bad_rows`, rows that cannot
    be read are set aside in `bad_rows` instead; a column that is no fact always stops.
    `why_not_on` says why nobody can be screened on a row's own date, or nothing. `beside` says what
    columns are called that are no facts (headings as `fact_of_heading` spells them): their texts
    come back as they stand, in `CaseRow.beside`; without it such columns stop. With `today`, a day
    to come is refused of what can only lie in the past.
    """
    try:
        return _read(path, sheet, skip_bad_rows, why_not_on, beside, today)
    except OSError as error:
        raise file_problem(path.name, f"it cannot be read: {error.strerror or error}.") from error


def _read(
    path: Path,
    sheet: str | None,
    skip_bad_rows: bool,
    why_not_on: Callable[[date], str],
    beside: Mapping[str, str] | None,
    today: date | None,
) -> CaseFile:
    table = open_case_file(path, sheet)
    heading = read_heading(path.name, table.header, table.header_row, beside)
    reading = _Reading(path.name, heading, why_not_on, today)
    rows = map(_as_typed, table.rows) if heading.first else table.rows
    while batch := list(islice(rows, BATCH)):
        reading.read(batch)
    if not reading.rows and not reading.bad_rows:
        raise file_problem(path.name, "it names its columns and has no rows of people.")
    stopping = list(heading.faults) + reading.a_number_faults()
    of_rows = [] if skip_bad_rows else [fault for row in reading.bad_rows for fault in row.faults]
    if stopping or of_rows:
        raise CaseFileProblem(stopping + of_rows, rows_only=not stopping)
    named = heading.facts | heading.beside
    columns = tuple(named[position] for position in sorted(named))
    return CaseFile(reading.rows, columns, reading.bad_rows, tuple(table.notes))


def _as_typed(row: RawRow) -> RawRow:
    return row._replace(cells=tuple(map(as_it_was, row.cells)))


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What stands in the place of a value that cannot be read."""

    message: str


_Values = dict[str, list["Value | _Refusal"]]


class _Answers(dict[str, Value | _Refusal]):
    """The values of one column's texts, each understood once however many rows repeat it."""

    def __init__(self, read: Callable[[str], Value]) -> None:
        super().__init__()
        self._read = read
        self.refusals = 0

    def __missing__(self, cell: str) -> Value | _Refusal:
        value = self[cell] = self._answer(cell.strip())
        return value

    def _answer(self, text: str) -> Value | _Refusal:
        if not text:
            return None
        try:
            return self._read(text)
        except NotAnAnswer as error:
            self.refusals += 1
            advice = error.advice() if self.refusals <= MOST_ADVISED else ""
            return _Refusal(f"{error.reason} {advice}".strip())

    def of(self, cells: tuple[str, ...]) -> list[Value | _Refusal]:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, cells))


class _Reading:
    """A file being read, batch by batch and, in a batch, column by column."""

    def __init__(
        self,
        file: str,
        heading: Heading,
        why_not_on: Callable[[date], str],
        today: date | None,
    ) -> None:
        self.file = file
        self.columns = heading.facts
        self.beside = heading.beside
        self.first_column = heading.first
        readers = {name: _reader_of(name, today) for name in self.columns.values()}
        if SCREENING_DATE in readers:
            readers[SCREENING_DATE] = partial(_screening_date, why_not_on=why_not_on)
        self.answers = {name: _Answers(read) for name, read in readers.items()}
        self.rows: list[CaseRow] = []
        self.bad_rows: list[BadRow] = []
        self.first_row_of: dict[str, int] = {}
        self.rows_with_a_number: list[int] = []

    def read(self, batch: list[RawRow]) -> None:
        """Sort the rows of a batch into good and bad, each in the order of the file."""
        whole = [row for row in batch if row.problem is None]
        cells = list(zip(*(row.cells for row in whole), strict=True))
        values = {
            name: self.answers[name].of(cells[position]) if cells else []
            for position, name in self.columns.items()
        }
        faults: dict[int, list[Fault]] = defaultdict(list)
        for fault in chain(
            self._faults_of_lines(batch),
            self._faults_of_values(whole, values),
            self._faults_of_ids(whole, values),
        ):
            faults[cast(int, fault.row)].append(fault)
        self.rows += _case_rows(whole, values, faults, self.beside)
        self.bad_rows += [
            BadRow(row.number, self._own_cells(row), tuple(faults[row.number]))
            for row in batch
            if row.number in faults
        ]

    def _own_cells(self, row: RawRow) -> tuple[str, ...]:
        """Without those of a file of bad rows; a line that could not be split stays whole."""
        return row.cells[self.first_column :] or row.cells

    def _faults_of_lines(self, batch: list[RawRow]) -> Iterator[Fault]:
        for row in batch:
            if row.problem:
                yield Fault(self.file, row.problem, row.number)

    def _faults_of_values(self, whole: list[RawRow], values: _Values) -> Iterator[Fault]:
        for name, column in values.items():
            if self.answers[name].refusals:
                for row, value in zip(whole, column, strict=True):
                    if isinstance(value, _Refusal):
                        yield Fault(self.file, value.message, row.number, name)

    def _faults_of_ids(self, whole: list[RawRow], values: _Values) -> Iterator[Fault]:
        if CASE_ID not in values:
            return
        for row, case_id in zip(whole, values[CASE_ID], strict=True):
            if case_id is None:
                yield Fault(self.file, NO_ID, row.number, CASE_ID)
            elif isinstance(case_id, str):
                first = self.first_row_of.setdefault(case_id, row.number)
                if first != row.number:
                    yield Fault(self.file, SAME_ID.format(first), row.number, CASE_ID)
                if is_a_number(case_id):
                    self.rows_with_a_number.append(row.number)

    def a_number_faults(self) -> list[Fault]:
        """The one fault that stops a file as a column does: a case id goes into every result."""
        rows = self.rows_with_a_number
        if not rows:
            return []
        message = A_NUMBER_ID.format(len(rows))
        return [Fault(self.file, message, rows[0], CASE_ID)]


def _reader_of(name: str, today: date | None) -> Callable[[str], Value]:
    read = answer_reader(load_vocabulary()[name])
    return read if today is None else partial(_of_the_past, name, read, today=today)


def _of_the_past(name: str, read: Callable[[str], Value], text: str, today: date) -> Value:
    value = read(text)
    if wrong := why_not_to_come(name, value, today):
        raise NotAnAnswer(wrong)
    return value


def _screening_date(text: str, why_not_on: Callable[[date], str]) -> date:
    day = read_date(text)
    if reason := why_not_on(day):
        raise NotAnAnswer(reason)
    return day


def _case_rows(
    whole: list[RawRow],
    values: _Values,
    faults: dict[int, list[Fault]],
    beside: Mapping[int, str],
) -> Iterator[CaseRow]:
    names = [name for name in values if name not in (CASE_ID, SCREENING_DATE)]
    answers: Iterable[tuple[Any, ...]] = zip(*(values[name] for name in names), strict=True)
    ids = values.get(CASE_ID, repeat(""))
    days = values.get(SCREENING_DATE, repeat(None))
    people = zip(whole, ids, days, answers if names else repeat(()), strict=False)
    for row, case_id, day, known in people:
        if row.number not in faults:
            facts = {n: v for n, v in zip(names, known, strict=True) if v is not None}
            texts = {name: row.cells[position].strip() for position, name in beside.items()}
            day_of_row = cast("date | None", day)
            yield CaseRow(cast(str, case_id), row.number, facts, day_of_row, texts or None)
