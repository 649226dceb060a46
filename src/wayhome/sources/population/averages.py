"""People of a daily file: in all, by day, and on average in the period of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from wayhome.sources.import_folder import Imported

# A file that tells less of a period than this says nothing of its average.
ENOUGH_OF_A_PERIOD = 0.8

# The days of use are those that the import wrote to held.parquet; their rows are looked up here.
_TOTALS = """
SELECT p.file::VARCHAR AS file, any_value(p.sha256)::VARCHAR AS sha256, p.facility,
    sum(p.people) AS people, max(p.day) AS newest, min(p.row) AS first_row,
    min(p.row) FILTER (p.day = h.first_day) AS of_first_day,
    min(p.row) FILTER (p.day = h.last_day) AS of_last_day,
    min(p.row) FILTER (p.day = h.day_of_most) AS of_most
FROM read_parquet($people) p
JOIN read_parquet($held) h ON p.file::VARCHAR = h.file::VARCHAR AND p.facility = h.facility
GROUP BY ALL
"""
# A file without zeros has no row for a day without anybody: the days are those of the whole file.
# {counted} is one of two columns of our own import, never a text from outside. The rows are those
# of the period's first and last day; where a file is ordered by day, others stand between them.
_AVERAGES = """
WITH told AS (SELECT file, count(DISTINCT day) AS days FROM read_parquet($path)
    WHERE day BETWEEN $first AND $last AND {counted} IS NOT NULL GROUP BY file)
SELECT file::VARCHAR, facility, sum({counted}) / any_value(days),
    min(row) FILTER ({counted} IS NOT NULL), max(row) FILTER ({counted} IS NOT NULL)
FROM read_parquet($path) JOIN told USING (file)
WHERE day BETWEEN $first AND $last AND days >= $enough
GROUP BY file, facility HAVING count({counted}) > 0
"""

_DAYS = """
SELECT day, facility, people, at_midnight, file::VARCHAR, row FROM read_parquet(?)
WHERE facility IN (SELECT unnest(?)) ORDER BY day, facility, file
"""


@dataclass(frozen=True)
class FacilityDay:
    """A row of a daily file: the people of a code on a day; None where they are not known."""

    day: date
    code: str
    people: int
    at_midnight: int | None
    file: str
    row: int


@dataclass(frozen=True, order=True)
class Period:
    """A fiscal year to the day to which a workbook reaches."""

    fiscal_year: int
    last: date

    @classmethod
    def of(cls, fiscal_year: int, on: date | None) -> Period:
        end = date(fiscal_year, 9, 30)
        return cls(fiscal_year, min(on, end) if on else end)

    @property
    def first(self) -> date:
        return date(self.fiscal_year - 1, 10, 1)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        return f"FY{self.fiscal_year}"

    def sentence(self, last: date) -> str:
        """How its average was worked out from a file that reaches to `last`."""
        return f"average of every day from {self.first} to {min(self.last, last)}"


@dataclass(frozen=True)
class Average:
    """People on average, added from the rows of a code between `row` and `last_row`."""

    value: float
    row: int
    last_row: int


# By period, the average of each (file, code).
Averages = Mapping[Period, Mapping[tuple[str, str], Average]]


@dataclass(frozen=True)
class CodeTotal:
    """A code in a daily file: its person-days, and its rows: the first, and those of its first
    day with anybody, its last such day, and its fullest day (None: nobody was ever there)."""

    people: int
    first_row: int
    of_first_day: int | None
    of_last_day: int | None
    of_most: int | None


@dataclass(frozen=True)
class FileTotal:
    """A daily file: person-days in all, and its codes."""

    sha256: str
    people: int
    last_day: date
    codes: Mapping[str, CodeTotal]


def _path(imported: Imported, table: str = "population") -> str:
    return str(imported.path / f"{table}.parquet")


def totals_of(imported: Imported) -> dict[str, FileTotal]:
    """The totals of each daily file, by its name."""
    told = {"people": _path(imported), "held": _path(imported, "held")}
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = connection.execute(_TOTALS, told).fetchall()
    files: dict[str, FileTotal] = {}
    for file in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == file]
        files[file] = FileTotal(
            sha256=own[0][1],
            people=sum(row[3] for row in own),
            last_day=max(row[4] for row in own),
            codes={row[2]: CodeTotal(row[3], *row[5:]) for row in own},
        )
    return files


def first_days_of(imported: Imported) -> dict[str, date]:
    """The first day of each daily file, by its name."""
    query = "SELECT file::VARCHAR, min(day) FROM read_parquet(?) GROUP BY file"
    with duckdb.connect(config={"threads": 1}) as connection:
        return dict(connection.execute(query, [_path(imported)]).fetchall())


def averages_of(
    imported: Imported, periods: Iterable[Period], *, at_midnight: bool = False
) -> Averages:
    """The average of each code in each period, of the files that tell enough of its days.

    Of the people as a file counts them; or of those who were there `at_midnight`, of the files
    that tell it."""
    query = _AVERAGES.format(counted="at_midnight" if at_midnight else "people")
    found: dict[Period, dict[tuple[str, str], Average]] = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for period in sorted(periods):
            told = {
                "path": _path(imported),
                "first": period.first,
                "last": period.last,
                "enough": ENOUGH_OF_A_PERIOD * period.days,
            }
            rows = connection.execute(query, told).fetchall()
            found[period] = {
                (file, code): Average(float(value), row, last_row)
                for file, code, value, row, last_row in rows
            }
    return found


def days_of(imported: Imported, codes: Sequence[str]) -> Iterator[FacilityDay]:
    """Every row of every daily file about some codes, by day."""
    with duckdb.connect(config={"threads": 1}) as connection:
        for row in connection.execute(_DAYS, [_path(imported), list(codes)]).fetchall():
            yield FacilityDay(*row)
