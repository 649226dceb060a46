"""The day of each table. A workbook is of several: the sheet of facilities tells its own, the
footnotes tell those of the nation's tables (a count of people: the day of the count), and a sheet
of alternatives to detention tells that of the report which it is from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl.utils import get_column_letter

from wayhome.sources.detention_stats.figures import Figure
from wayhome.sources.detention_stats.sheets import Sheet
from wayhome.sources.detention_stats.values import day_in

_FOOTNOTES = re.compile(r"foot ?note", re.IGNORECASE)
_DAY = r"(\d\d?[/.]\d\d?[/.]\d{4})"
_REACHES = re.compile(rf"\b(?:updated through|snapshot as(?: of)?) {_DAY}", re.IGNORECASE)
_REPORT = re.compile(rf"participants report,? {_DAY}", re.IGNORECASE)
# The words over a section of footnotes, the table, and the division that it is of (empty: any).
_SECTIONS = tuple(
    (re.compile(words, re.IGNORECASE), table, division)
    for words, table, division in (
        (r"fear decision", "detained", "fear_decision"),
        (r"currently detained", "detained", ""),
        (r"average daily population", "average_population", ""),
        (r"average length of stay", "average_stay", ""),
        (r"\bice final (?:releases|book ?outs)", "releases", ""),
        (r"\bice removals", "removals", ""),
        (r"\binitial book-? ?ins", "book_ins", ""),
    )
)
_ALTERNATIVES = "alternatives"


@dataclass(frozen=True)
class TableDay:
    """The day to which a table reaches, and where that is told: `Footnotes B71`."""

    day: date
    told_in: str


@dataclass(frozen=True)
class TableDays:
    """The days that a workbook tells: of tables by name and division, of reports by their sheet."""

    by_table: Mapping[tuple[str, str], TableDay]
    by_sheet: Mapping[str, TableDay]

    @property
    def every(self) -> list[date]:
        """The days that are told, each once, in order."""
        return sorted({told.day for told in (*self.by_table.values(), *self.by_sheet.values())})

    def of(self, figure: Figure) -> TableDay | None:
        """The day of a figure's table; None where the workbook does not tell it."""
        table, division = figure.layout.table, figure.layout.by
        if table == _ALTERNATIVES:
            return self.by_sheet.get(figure.sheet)
        return self.by_table.get((table, division)) or self.by_table.get((table, ""))


def table_days(sheets: Iterable[Sheet]) -> TableDays:
    """The days that the footnotes and the sheets of alternatives tell."""
    by_table: dict[tuple[str, str], TableDay] = {}
    by_sheet: dict[str, TableDay] = {}
    for sheet in sheets:
        if _FOOTNOTES.search(sheet.name):
            for table, day in _in_footnotes(sheet):
                by_table.setdefault(table, day)
        elif report := next(_told(sheet, _REPORT), None):
            by_sheet[sheet.name] = report[1]
    return TableDays(by_table, by_sheet)


def _in_footnotes(sheet: Sheet) -> Iterator[tuple[tuple[str, str], TableDay]]:
    """Each table with the days of its section; a section's words stand in the first column."""
    headings = [(row, sheet.text(row, 0)) for row, _ in sheet.rows() if sheet.text(row, 0).strip()]
    for row, day in _told(sheet, _REACHES):
        above = [words for at, words in headings if at <= row]
        for form, table, division in _SECTIONS:
            if above and form.search(above[-1]):
                yield (table, division), day
                # A section of fear decisions also says "currently detained".
                if division:
                    break


def _told(sheet: Sheet, form: re.Pattern[str]) -> Iterator[tuple[int, TableDay]]:
    """The rows in which the words stand, with their day, from the top."""
    for row, cells in sheet.rows():
        for column, value in enumerate(cells):
            found = form.search(" ".join(value.split())) if isinstance(value, str) else None
            if found and (day := day_in(found[1])):
                place = f"{sheet.name.strip()} {get_column_letter(column + 1)}{row + 1}"
                yield row, TableDay(day, place)
