"""The daily files checked: every row read or set aside, days missing and days told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from wayhome.sources.population.files import RawFile
from wayhome.sources.population.layout import COUNTS, DAILY

# Text that stands for a value that is not known.
_NOT_KNOWN = "('', 'na', 'n/a', 'null', 'none', '-')"
_DAY_NUMBERS = "BETWEEN 20000 AND 80000"  # Excel's, of 1954 to 2119

_CHECKED = """
CREATE OR REPLACE TEMP TABLE checked AS
SELECT *, CASE
    WHEN facility IS NULL AND day IS NULL AND people IS NULL THEN 'the line is blank'
    WHEN facility IS NULL THEN 'it has no code of a facility'
    WHEN day IS NULL THEN concat('its day is ', coalesce(said, 'blank'),
        ': a date such as 2024-01-31 would be right')
    WHEN people IS NULL OR people < 0 THEN concat('its people are ', coalesce(said, 'blank'),
        ': a whole number of 0 or more would be right')
END AS reason
FROM (
    SELECT *, CASE WHEN day IS NULL THEN trim(day_said::VARCHAR)
        WHEN people IS NULL OR people < 0 THEN trim(people_said::VARCHAR) END AS said
    FROM (SELECT row, {columns}, day AS day_said, people AS people_said FROM raw)
)
"""
# A day that is told twice with the same numbers is told; with others, nobody knows which is right.
_TWICE = """
CREATE OR REPLACE TEMP TABLE twice AS
SELECT facility, day, list(row ORDER BY row) AS rows, list(people ORDER BY row) AS people,
    count(DISTINCT ({counts})) = 1 AS is_same
FROM checked SEMI JOIN (
    SELECT facility, day FROM checked WHERE reason IS NULL
    GROUP BY facility, day HAVING count(*) > 1
) USING (facility, day)
WHERE reason IS NULL GROUP BY facility, day
"""
_TOLD_TWICE = """
UPDATE checked SET reason = CASE
    WHEN t.is_same THEN concat('it repeats row ', t.rows[1])
    ELSE concat('rows ', array_to_string(t.rows, ' and '), ' tell different numbers of one day')
END
FROM twice t WHERE checked.facility = t.facility AND checked.day = t.day
    AND reason IS NULL AND NOT (t.is_same AND checked.row = t.rows[1])
"""
_SET_ASIDE = """
SELECT row, reason,
    concat_ws('|', facility, coalesce(day::VARCHAR, day_said::VARCHAR), people_said::VARCHAR)
FROM checked WHERE reason IS NOT NULL ORDER BY row
"""
_FACTS = """
SELECT min(day), max(day), count(DISTINCT facility), coalesce(bool_or(people = 0), false)
FROM checked WHERE reason IS NULL
"""
# Stretches of days that are not there: of a facility where the file writes zeros, else of the
# whole file, because a facility's day without anybody has no row.
_MISSING = """
WITH told AS ({told}),
edges AS (SELECT facility, day, lead(day) OVER (PARTITION BY facility ORDER BY day) AS following
    FROM told),
ends AS (SELECT min(day) AS first, max(day) AS last FROM told),
gaps AS (
    SELECT facility, day + 1 AS first, following - 1 AS last FROM edges WHERE following > day + 1
    UNION ALL SELECT facility, ends.first, min(day) - 1 FROM told, ends
        GROUP BY facility, ends.first HAVING min(day) > ends.first
    UNION ALL SELECT facility, max(day) + 1, ends.last FROM told, ends
        GROUP BY facility, ends.last HAVING max(day) < ends.last)
SELECT facility, first, last FROM gaps ORDER BY facility NULLS FIRST, first
"""


@dataclass(frozen=True)
class MissingDays:
    """A stretch of days that a file does not tell; of every facility where `facility` is None."""

    facility: str | None
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class DayTwice:
    """A facility's day that stands in several rows; `is_same` when they tell the same."""

    facility: str
    day: date
    rows: tuple[int, ...]
    people: tuple[int, ...]
    is_same: bool

    @property
    def kept(self) -> str:
        return "the first" if self.is_same else "none"


@dataclass(frozen=True)
class DailyFile:
    """A daily file that was read; `table` holds its sound rows by facility and day.

    `tells_zeros` says whether a facility's day without anybody has a row: where it does not, a day
    that is not there is 0 or not known, and nobody can tell which.
    """

    raw: RawFile
    table: pa.Table
    first_day: date | None
    last_day: date | None
    facilities: int
    tells_zeros: bool
    missing: tuple[MissingDays, ...]
    twice: tuple[DayTwice, ...]
    set_aside: tuple[tuple[int, str, str], ...]

    @property
    def rows(self) -> int:
        """Every line after the heading: those that were read, and those set aside."""
        return len(self.set_aside) + int(self.table.num_rows)


def read_daily(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> DailyFile:
    """Check every row of a daily file. Raises what DuckDB raises, when memory ends."""
    connection.register("raw", raw.table)
    columns = ", ".join(f"{_value(raw, field)} AS {field}" for field in DAILY)
    connection.execute(_CHECKED.format(columns=columns))
    connection.unregister("raw")
    connection.execute(_TWICE.format(counts=", ".join(COUNTS)))
    connection.execute(_TOLD_TWICE)
    set_aside = [(row, why, said) for row, why, said in connection.execute(_SET_ASIDE).fetchall()]
    ((first, last, facilities, tells_zeros),) = connection.execute(_FACTS).fetchall()
    table = connection.sql(
        f"SELECT row, {', '.join(DAILY)} FROM checked WHERE reason IS NULL ORDER BY facility, day"
    ).to_arrow_table()
    return DailyFile(
        raw=raw,
        table=table,
        first_day=first,
        last_day=last,
        facilities=facilities,
        tells_zeros=tells_zeros,
        missing=tuple(_missing(connection, tells_zeros)),
        twice=tuple(_twice(connection)),
        set_aside=tuple(sorted([*set_aside, *raw.bad])),
    )


def _value(raw: RawFile, field: str) -> str:
    """The field as SQL: null where the file has no such column or does not know."""
    kind = "DATE" if field == "day" else "INTEGER" if field in COUNTS else "VARCHAR"
    if field not in raw.layout.columns:
        return f"NULL::{kind}"
    if not pa.types.is_string(raw.table.schema.field(field).type):
        return f"TRY_CAST({field} AS {kind})"
    known = f"CASE WHEN lower(trim({field})) NOT IN {_NOT_KNOWN} THEN trim({field}) END"
    if kind == "VARCHAR":
        return known
    # What is plain comes first: the rest is worked out only where that fails.
    if kind == "DATE":
        number = f"TRY_CAST({field} AS INTEGER)"
        return (
            f"coalesce(TRY_CAST({field} AS DATE), TRY_STRPTIME({known}, '%m/%d/%Y')::DATE, "
            f"CASE WHEN {number} {_DAY_NUMBERS} THEN DATE '1899-12-30' + {number} END)"
        )
    # `12.0` is a number of people, `12.5` is none.
    whole = f"TRY_CAST({known} AS DOUBLE)"
    return (
        f"coalesce(CASE WHEN regexp_full_match({field}, '[0-9]+') "
        f"THEN TRY_CAST({field} AS INTEGER) END, "
        f"CASE WHEN {whole} = floor({whole}) THEN TRY_CAST({whole} AS INTEGER) END)"
    )


def _missing(connection: duckdb.DuckDBPyConnection, by_facility: bool) -> Iterator[MissingDays]:
    who = "facility" if by_facility else "NULL::VARCHAR AS facility"
    told = f"SELECT DISTINCT {who}, day FROM checked WHERE reason IS NULL"
    for row in connection.execute(_MISSING.format(told=told)).fetchall():
        yield MissingDays(*row)


def _twice(connection: duckdb.DuckDBPyConnection) -> Iterator[DayTwice]:
    rows = connection.execute(
        "SELECT facility, day, rows, people, is_same FROM twice ORDER BY facility, day"
    ).fetchall()
    for facility, day, lines, people, is_same in rows:
        yield DayTwice(facility, day, tuple(lines), tuple(people), is_same)
