"""The facilities of a workbook, each figure with the cell that it stands in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl.utils import get_column_letter

from wayhome.sources.detention_stats.accounting import Marks, Outcome, Total
from wayhome.sources.detention_stats.facility_columns import (
    BY_NAME,
    DIVISIONS,
    EXPECTED,
    Field,
    Heading,
    check_needed,
    find_heading,
    no_facilities,
)
from wayhome.sources.detention_stats.sheets import Sheet
from wayhome.sources.detention_stats.values import day_in, fiscal_year_in, text_of
from wayhome.sources.ledger.workbook import is_number

TABLE = "facilities"
TOTAL_NAME = re.compile(r"^(?:grand |sub ?)?totals?\b|^sum\b|^all facilities\b", re.IGNORECASE)

# Three divisions of one facility's people may differ by what rounding leaves.
SAME_PEOPLE = 0.05

Cell = str | float | date | None


@dataclass(frozen=True)
class Facility:
    """A row of the sheet (1 is the first). A field that the sheet does not have is not there."""

    sheet: str
    row: int
    fiscal_year: int | None
    values: Mapping[str, Cell]
    # What stands in the place of a date: `Scheduled FY26`, `New Facility`.
    instead_of_date: str | None

    @property
    def population(self) -> float | None:
        """The average number of people held: the sum of the first division that is whole."""
        sums = (self.sum_of(names) for names in DIVISIONS.values())
        return next((number for number in sums if number is not None), None)

    def sum_of(self, names: tuple[str, ...]) -> float | None:
        """The sum of some fields, None where one of them is not known."""
        numbers = [v for name in names if isinstance(v := self.values.get(name), float)]
        return sum(numbers) if len(numbers) == len(names) else None

    @property
    def place(self) -> tuple[str, ...]:
        """By what a facility is known again in the same workbook."""
        return tuple(
            str(self.values.get(name) or "").casefold() for name in ("name", "city", "state")
        )


@dataclass(frozen=True)
class ColumnSource:
    """Where the values of a field stand: with the row of the facility, that is their cell."""

    sheet: str
    field: str
    column: str
    heading: str
    heading_row: int


@dataclass(frozen=True)
class FacilitySheet:
    """A sheet of facilities; `data_as_of` is the day to which it says that it reaches."""

    sheet: str
    fiscal_year: int | None
    data_as_of: date | None
    facilities: tuple[Facility, ...]
    columns: tuple[ColumnSource, ...]


def read_facilities(
    file: str, sheets: tuple[Sheet, ...], marks: Marks
) -> tuple[FacilitySheet, ...]:
    """Read every sheet whose headings are those of facilities.

    Raises ReleaseProblem, a sentence with what was met, when there is none.
    """
    found = [(sheet, heading) for sheet in sheets if (heading := find_heading(sheet))]
    if not found:
        raise no_facilities(file, sheets)
    return tuple(_read_sheet(file, sheet, heading, marks) for sheet, heading in found)


def _read_sheet(file: str, sheet: Sheet, heading: Heading, marks: Marks) -> FacilitySheet:
    check_needed(file, sheet, heading)
    _tell_columns(sheet, heading, marks)
    above = [str(value) for row in sheet.grid[: heading.row + 1] for value in row if value]
    # The headings name other years too: `Pending FY25 Inspection` in FY2024.
    years = Counter(year for text in (sheet.name, *above) if (year := fiscal_year_in(text)))
    fiscal_year = max(years, key=lambda year: years[year], default=None)
    for row in range(heading.row + 1):
        if any(sheet.grid[row]):
            marks.row(sheet, row, Outcome.HEADING, TABLE)
    facilities, totals = _rows(sheet, heading, fiscal_year, marks)
    _check_divisions(sheet, facilities, marks)
    _check_totals(sheet, heading, totals, facilities, marks)
    sources = tuple(
        ColumnSource(
            sheet.name,
            name,
            get_column_letter(column + 1),
            str(sheet.spread(heading.row, column)),
            heading.row + 1,
        )
        for name, column in heading.columns.items()
    )
    days = (day_in(text) for text in above)
    day = next((day for day in days if day), None)
    return FacilitySheet(sheet.name, fiscal_year, day, tuple(facilities), sources)


def _tell_columns(sheet: Sheet, heading: Heading, marks: Marks) -> None:
    where = f"sheet {sheet.name!r}, row {heading.row + 1}"
    missing = [BY_NAME[name].headings[0] for name in EXPECTED if name not in heading.columns]
    if missing:
        marks.told.append(
            f"{where}: no column for {', '.join(missing)}: unknown for every facility."
        )
    if heading.strange:
        names = ", ".join(
            f"{text!r} ({get_column_letter(column + 1)})"
            for column, text in heading.strange.items()
        )
        marks.told.append(f"{where}: columns of no known meaning, left out: {names}.")
    if heading.twice:
        marks.told.append(
            f"{where}: a second column for the same, left out: {', '.join(heading.twice)}."
        )


def _rows(
    sheet: Sheet, heading: Heading, fiscal_year: int | None, marks: Marks
) -> tuple[list[Facility], list[int]]:
    """The facilities, and the rows of totals."""
    facilities: list[Facility] = []
    totals: list[int] = []
    seen: dict[tuple[str, ...], Facility] = {}
    for row, cells in sheet.rows():
        if row <= heading.row:
            continue
        outcome, reason = _kind_of_row(sheet, heading, row, cells)
        if outcome is Outcome.READ:
            facility = _facility(sheet, heading, row, fiscal_year, marks)
            first = seen.setdefault(facility.place, facility)
            if first is not facility and _is_repeated(first, facility, marks):
                outcome, reason = Outcome.SET_ASIDE, f"it repeats row {first.row}"
            else:
                facilities.append(facility)
        elif outcome is Outcome.TOTAL:
            totals.append(row)
        marks.row(sheet, row, outcome, TABLE, reason)
    return facilities, totals


def _kind_of_row(
    sheet: Sheet, heading: Heading, row: int, cells: tuple[object, ...]
) -> tuple[Outcome, str]:
    name = text_of(sheet.spread(row, heading.columns["name"])) or ""
    has_numbers = any(is_number(sheet.at(row, column)) for column in _numeric(heading))
    if cells == sheet.grid[heading.row]:
        return Outcome.HEADING, "the headings again"
    if TOTAL_NAME.match(name) and not text_of(_value(sheet, heading, row, "city")):
        return Outcome.TOTAL, ""
    if name and (has_numbers or text_of(_value(sheet, heading, row, "state"))):
        return Outcome.READ, ""
    if has_numbers:
        return Outcome.SET_ASIDE, "it has numbers and no name of a facility"
    return Outcome.FOOTNOTE, ""


def _value(sheet: Sheet, heading: Heading, row: int, field: str) -> str | float | None:
    column = heading.columns.get(field)
    return None if column is None else sheet.spread(row, column)


def _numeric(heading: Heading) -> Iterator[int]:
    return (column for name, column in heading.columns.items() if BY_NAME[name].kind == "number")


def _facility(
    sheet: Sheet, heading: Heading, row: int, fiscal_year: int | None, marks: Marks
) -> Facility:
    values: dict[str, Cell] = {}
    instead = None
    for name, column in heading.columns.items():
        marks.cell(sheet, row, column)
        try:
            values[name] = _read(sheet, row, column, BY_NAME[name])
        except ValueError as error:
            values[name] = None
            met = sheet.spread(row, column)
            if name == "last_inspection_date" and isinstance(met, str):
                instead = met
            else:
                label = str(sheet.spread(heading.row, column))
                marks.fault(sheet, row, column, label, met, str(error))
    return Facility(sheet.name, row + 1, fiscal_year, values, instead)


def _read(sheet: Sheet, row: int, column: int, field: Field) -> Cell:
    first = sheet.covered.get((row, column))
    if first and field.kind == "number" and sheet.at(*first) is not None:
        raise ValueError("the cell is merged with others: a figure for each would be right")
    # A text that is merged downwards holds for each row; sideways, for its first column.
    is_own = first is None or first[1] == column
    return field.read(sheet.spread(row, column) if is_own else None)


def _is_repeated(first: Facility, again: Facility, marks: Marks) -> bool:
    """Tell of a facility that is there twice; whether all of it was there before."""
    repeated = first.values == again.values
    what = "the second is set aside" if repeated else "their figures differ, and both are read"
    marks.told.append(
        f"sheet {first.sheet!r}: {first.values['name']} is there twice, in rows {first.row} and "
        f"{again.row}: {what}."
    )
    return repeated


def _check_divisions(sheet: Sheet, facilities: list[Facility], marks: Marks) -> None:
    """Three divisions of the same people must come to the same number in every facility."""
    for facility in facilities:
        sums = {what: facility.sum_of(names) for what, names in DIVISIONS.items()}
        known = {what: number for what, number in sums.items() if number is not None}
        if known and max(known.values()) - min(known.values()) > SAME_PEOPLE:
            told = ", ".join(f"{number:,.2f} by {what}" for what, number in known.items())
            marks.told.append(
                f"sheet {sheet.name!r}, row {facility.row} ({facility.values['name']}): the same "
                f"people come to {told}."
            )


def _check_totals(
    sheet: Sheet, heading: Heading, rows: list[int], facilities: list[Facility], marks: Marks
) -> None:
    """Compare a total row with the facilities that were read; averages do not add up."""
    for row in rows:
        for name, column in heading.columns.items():
            marks.cell(sheet, row, column)
            stated = sheet.at(row, column)
            if BY_NAME[name].kind != "number" or name == "average_stay" or not is_number(stated):
                continue
            added = sum(v for f in facilities if isinstance(v := f.values[name], float))
            label = str(sheet.spread(heading.row, column))
            total = Total(sheet.name, TABLE, row, column, label, float(stated or 0), added)
            marks.totals.append(total)
