"""People held: the nation by day and month, each facility by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from wayhome.public_record.publishing.contracts import CONTRACTS, FEDERAL
from wayhome.public_record.publishing.folder import Row
from wayhome.public_record.publishing.sources import PEOPLE_TOLD, SourceFiles, heading_of
from wayhome.public_record.series import every_series
from wayhome.sources.import_folder import Imported

# Before that day the head counts hold only people whose detention had not ended by then.
HEADCOUNTS_FROM = date(2011, 10, 1)
# A month is told when the file has this many of its days: both files end within a month.
LEAST_DAYS = 25


@dataclass(frozen=True)
class Counted:
    """A way of counting: the column that is added up, the first day, the names of its series."""

    publication: str
    column: str  # of the import's table; what the file itself calls it: sources.heading_of
    first_day: date
    name: str


WAYS = (
    Counted("population", PEOPLE_TOLD["population"], date(1900, 1, 1), "midnight"),
    Counted("headcount", PEOPLE_TOLD["headcount"], HEADCOUNTS_FROM, "headcount"),
)
# The nation by day: everybody, everybody not known to be in a federal facility, the same in
# facilities whose type is unknown, and the facilities with anybody.
_BY_DAY = """
CREATE OR REPLACE TABLE by_day AS
SELECT day, sum(n) AS people, count(*) FILTER (n > 0) AS facilities,
    coalesce(sum(n) FILTER (contract IS DISTINCT FROM 'federal'), 0) AS not_federal,
    coalesce(sum(n) FILTER (contract IS NULL), 0) AS unknown,
    min(row) AS row, max(row) AS last_row
FROM (
    SELECT p.day, p.row, p.{column} AS n, c.contract
    FROM population p LEFT JOIN contracts c USING (facility)
    WHERE p.file = $file AND p.{column} IS NOT NULL AND p.day >= $first_day
)
GROUP BY day ORDER BY day
"""
_BY_MONTH = """
SELECT date_trunc('month', day)::DATE AS month, max(day) AS last_day, count(*) AS days,
    avg(people) AS people, avg(not_federal) AS not_federal, avg(unknown) AS unknown,
    arg_max(facilities, day) AS facilities, min(row) AS row, max(last_row) AS last_row,
    arg_max(row, day) AS row_of_last, arg_max(last_row, day) AS last_row_of_last
FROM by_day GROUP BY month ORDER BY month
"""
# Months one after the other with nobody on any day are one row: a known 0, unlike a month that is
# not there. They have the same anchor: their month less their place among those of the facility.
_FACILITY_MONTHS = """
WITH months AS (
    SELECT facility AS code, date_trunc('month', day)::DATE AS month, avg({column}) AS average,
        max({column}) AS most, count(*) AS days, min(row) AS row, max(row) AS last_row
    FROM population
    WHERE file = $file AND {column} IS NOT NULL AND day >= $first_day
    GROUP BY ALL
), anchored AS (
    SELECT *, most = 0 AS nobody, CASE WHEN most > 0 THEN month ELSE month - to_months(
        row_number() OVER (PARTITION BY code, most = 0 ORDER BY month)::INTEGER
    ) END AS anchor
    FROM months
)
SELECT code, min(month) AS month, nullif(max(month), min(month)) AS last_month,
    avg(average) AS average, max(most) AS most, sum(days)::INTEGER AS days,
    min(row) AS row, max(last_row) AS last_row
FROM anchored GROUP BY code, nobody, anchor ORDER BY code, min(month)
"""


def population_rows(
    imported: Imported,
    sources: SourceFiles,
    *,
    contract_of: Mapping[str, str],
    facility_of: Mapping[str, str],
    by_day: bool = True,
    months_from: date | None = None,
) -> dict[str, list[Row]]:
    """Figures of the nation and `facility_population`.

    By ICE's code, `contract_of` tells by whom a facility is run (contracts.py), `facility_of` its
    id in the registry; a code that has none is left out of `facility_population`, not of the
    nation. `by_day`: the nation on every day too. `months_from`: the first month of facilities
    that is kept.
    """
    if "population" not in imported.tables:
        return {}
    figures: list[Row] = []
    months: list[Row] = []
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        path = str(imported.path / "population.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW population AS SELECT * FROM '{path}'")
        connection.execute("CREATE TABLE contracts (facility VARCHAR, contract VARCHAR)")
        known = sorted(contract_of.items())
        if known:
            connection.executemany("INSERT INTO contracts VALUES (?, ?)", known)
        for way in WAYS:
            for source in sources.of(way.publication):
                figures += _nation(connection, way, source, by_day)
                months += _facilities(connection, way, source, facility_of, months_from)
    return {"figures": figures, "facility_population": months}


def _nation(
    connection: duckdb.DuckDBPyConnection, way: Counted, source: Row, by_day: bool
) -> Iterator[Row]:
    told = {"file": source["file"], "first_day": way.first_day}
    connection.execute(_BY_DAY.format(column=way.column), told)
    column = heading_of(way.publication, way.column)
    place = {"source": source["id"], "column": column}
    if by_day:
        for day in _rows(connection, "SELECT * FROM by_day ORDER BY day"):
            rows = {"row": day["row"], "last_row": day["last_row"]}
            note = f"{column} added over the rows of {_days(way, day['day'], day['day'])}"
            id = f"people_{way.name}_day"
            yield _figure(id, day["people"], place, day["day"], **rows, note=note)
    for month in _rows(connection, _BY_MONTH):
        if month["days"] >= LEAST_DAYS:
            yield from _of_month(way, month, place)


def _of_month(way: Counted, month: Row, place: Row) -> Iterator[Row]:
    """The nation in a month: everybody, everybody not known to be in a federal facility, and the
    facilities with anybody on the month's last day."""
    last, column = month["last_day"], place["column"]
    days = {"since": month["month"], "row": month["row"], "last_row": month["last_row"]}
    of_days = f"over the rows of {_days(way, month['month'], last)}"
    averaged = f"added by day, average of {month['days']} days"
    note = f"{column} {of_days}, all facilities, {averaged}"
    yield _figure(f"people_{way.name}_month", month["people"], place, last, **days, note=note)
    note = (
        f"{column} {of_days}, all facilities but those of type {_federal_types()}, {averaged}; "
        f"{month['unknown']:.0f} people were in facilities whose type is not known: "
        "they are counted"
    )
    id = f"private_or_jail_{way.name}_month"
    yield _figure(id, month["not_federal"], place, last, **days, note=note)
    rows = {"row": month["row_of_last"], "last_row": month["last_row_of_last"]}
    note = f"rows of {_days(way, last, last)} counted in which {column} is more than 0"
    yield _figure(
        f"facilities_{way.name}_month", month["facilities"], place, last, **rows, note=note
    )


def _days(way: Counted, first: date, last: date) -> str:
    """Which rows, by the file's own column of days: `date 2026-02-01 to 2026-02-28`."""
    column = heading_of(way.publication, "day")
    return f"{column} {first}" if first == last else f"{column} {first} to {last}"


def _federal_types() -> str:
    return ", ".join(type for type, contract in CONTRACTS.items() if contract == FEDERAL)


def _figure(series: str, value: float, place: Row, on: date, **more: Any) -> Row:
    unit = every_series()[series].unit
    return {"series": series, "on": on, "value": float(value), "unit": unit, **place, **more}


def _facilities(
    connection: duckdb.DuckDBPyConnection,
    way: Counted,
    source: Row,
    facility_of: Mapping[str, str],
    months_from: date | None,
) -> Iterator[Row]:
    first = max(way.first_day, months_from) if months_from else way.first_day
    told = {"file": source["file"], "first_day": first}
    connection.execute(_FACILITY_MONTHS.format(column=way.column), told)
    for row in _fetched(connection):
        facility = facility_of.get(row["code"])
        if facility is not None:
            code = row["code"] if row["code"].lower() != facility else None
            average = round(row["average"], 2)
            yield {
                **row,
                "facility": facility,
                "code": code,
                "average": average,
                "source": source["id"],
            }


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    connection.execute(query)
    return _fetched(connection)


def _fetched(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in connection.description or ()]
    return [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
