"""A whole workbook: its facilities, its figures, and what became of every row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.sources.detention_stats.accounting import (
    Fault,
    Marks,
    RowAccount,
    SheetAccount,
    Total,
    finished_rows,
    sheet_account,
)
from wayhome.sources.detention_stats.days import TableDays, table_days
from wayhome.sources.detention_stats.facilities import FacilitySheet, read_facilities
from wayhome.sources.detention_stats.figures import Figure
from wayhome.sources.detention_stats.national import read_figures
from wayhome.sources.detention_stats.sheets import open_sheets, saved_on
from wayhome.sources.detention_stats.values import day_in_name, fiscal_year_in
from wayhome.sources.import_folder import fingerprint

FILE_NAME, FILE_SAVED = "the file's name", "the day on which the file was last saved"


@dataclass(frozen=True)
class StatisticsWorkbook:
    """A workbook that was read. `published_from` says where the day of publication is from."""

    path: Path
    sha256: str
    fiscal_year: int | None
    published: date | None
    published_from: str
    facility_sheets: tuple[FacilitySheet, ...]
    figures: tuple[Figure, ...]
    days: TableDays
    rows: tuple[RowAccount, ...]
    accounts: tuple[SheetAccount, ...]
    totals: tuple[Total, ...]
    faults: tuple[Fault, ...]
    told: tuple[str, ...]

    @property
    def data_as_of(self) -> date | None:
        days = [sheet.data_as_of for sheet in self.facility_sheets if sheet.data_as_of]
        return max(days, default=None)


def read_workbook(path: Path) -> StatisticsWorkbook:
    """Read one of ICE's detention statistics workbooks.

    Raises ReleaseProblem, a sentence, for a file that is no workbook or has an unknown layout.
    """
    sha256 = fingerprint(path)
    sheets = open_sheets(path)
    marks = Marks()
    facility_sheets = read_facilities(path.name, sheets, marks)
    years = [sheet.fiscal_year for sheet in facility_sheets if sheet.fiscal_year]
    fiscal_year = max(years, default=fiscal_year_in(path.stem))
    figures = read_figures(path.name, sheets, fiscal_year, marks)
    _compare_with_nation(facility_sheets, figures, marks)
    _compare_bonds(figures, marks)
    rows = {sheet.name: list(finished_rows(sheet, marks)) for sheet in sheets}
    in_name = day_in_name(path.stem, fiscal_year)
    return StatisticsWorkbook(
        path=path,
        sha256=sha256,
        fiscal_year=fiscal_year,
        published=in_name or saved_on(path),
        published_from=FILE_NAME if in_name else FILE_SAVED,
        facility_sheets=facility_sheets,
        figures=tuple(figures),
        days=table_days(sheets),
        rows=tuple(row for found in rows.values() for row in found),
        accounts=tuple(sheet_account(sheet, rows[sheet.name], marks) for sheet in sheets),
        totals=tuple(marks.totals),
        faults=tuple(marks.faults),
        told=tuple(marks.told),
    )


def _compare_with_nation(
    facility_sheets: tuple[FacilitySheet, ...], figures: list[Figure], marks: Marks
) -> None:
    """Tell how far the facilities' sum is from the national average of the same year."""
    for sheet in facility_sheets:
        national = [
            figure.value
            for figure in figures
            if (figure.layout.table, figure.layout.by) == ("average_population", "facility_type")
            and figure.month is None
            and set(figure.labels.values()) == {"all"}
            and figure.fiscal_year == sheet.fiscal_year
        ]
        if national and national[0]:
            added = sum(facility.population or 0.0 for facility in sheet.facilities)
            marks.told.append(
                f"sheet {sheet.sheet!r}: its {len(sheet.facilities)} facilities held "
                f"{added:,.2f} people on average; the national average of the year is "
                f"{national[0]:,.2f} ({added - national[0]:+,.2f})."
            )


def _compare_bonds(figures: list[Figure], marks: Marks) -> None:
    """In April 2026 the rows of releases, and of releases with a bond, had changed places."""
    rows: dict[str, dict[date, Figure]] = {}
    for figure in figures:
        if figure.layout.table == "bonds" and figure.month:
            rows.setdefault(figure.labels["item"].casefold(), {})[figure.month] = figure
    whole = next((row for name, row in rows.items() if name.startswith("total")), {})
    posted = next((row for name, row in rows.items() if name.endswith("with bond posted")), {})
    both = [month for month in whole if month in posted]
    wrong = [m for m in both if (posted[m].value or 0) > (whole[m].value or 0)]
    if wrong:
        first, part = whole[wrong[0]], posted[wrong[0]]
        marks.told.append(
            f"sheet {first.sheet!r}, rows {first.row + 1} and {part.row + 1}: more releases with a "
            f"bond posted than releases in {len(wrong)} months ({part.value:,.0f} of "
            f"{first.value:,.0f} in {wrong[0]:%B %Y}): the two rows seem to have changed places. "
            "They are kept as they stand."
        )
