"""What the record has from one place of a source: how a number is traced to its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow.compute as pc

from wayhome.public_record.publishing.sources import column_of_people
from wayhome.public_record.record import Figure, PublicRecord, Source

MOST = 200  # rows shown of one place
# What the record has of a facility in a month, each called `fields.month_…`.
_OF_A_MONTH = ("average", "most", "days")


@dataclass(frozen=True)
class Place:
    """A place in a source; what is None or empty is not narrowed down."""

    sheet: str = ""
    row: int | None = None
    column: str = ""
    last_row: int | None = None

    @property
    def is_named(self) -> bool:
        return bool(self.sheet or self.row or self.column)


@dataclass(frozen=True)
class Told:
    """A number or word of the record and the place it is from. `state`: of a count of agreements.

    `series` of a figure, `facility` and `field` of a field of a facility, else empty; `month`:
    the first day of the month that a number of a facility is of, of several to `last_month`."""

    value: str | float
    sheet: str | None
    row: int | None
    column: str | None
    series: str = ""
    unit: str = ""
    on: object = None
    note: str | None = None
    facility: str = ""
    field: str = ""
    last_row: int | None = None
    month: date | None = None
    last_month: date | None = None
    since: date | None = None
    state: str = ""

    @property
    def first_day(self) -> object:
        """The first day that it covers."""
        return self.since or self.on


def told_at(record: PublicRecord, source: Source, place: Place) -> list[Told]:
    """Everything that the record has from a place of a source, at most MOST."""
    figures = [
        _of_figure(figure)
        for series in record.figures.values()
        for figure in series
        if figure.source == source.id and _is_at(figure, place)
    ]
    of_facilities = [
        *_fields(record, source, place),
        *_names(record, source, place),
        *_months(record, source, place),
    ]
    return [*figures, *of_facilities, *_counts_of_states(record, source, place)][:MOST]


@lru_cache(maxsize=64)
def day_of_facilities(record: PublicRecord, source: str) -> date | None:
    """The last day of which a source tells of any facility; its other tables may be of others."""
    table = record.table("facility_fields")
    last: date | None = pc.max(table.filter(pc.equal(table["source"], source))["on"]).as_py()
    return last


def _of_figure(figure: Figure) -> Told:
    return Told(
        figure.value,
        figure.sheet,
        figure.row,
        figure.column,
        series=figure.series,
        unit=figure.unit,
        on=figure.on,
        since=figure.since,
        note=figure.note,
        last_row=figure.last_row,
    )


def _is_at(figure: Figure, place: Place) -> bool:
    return (
        (not place.sheet or figure.sheet == place.sheet)
        and (place.row is None or figure.row == place.row)
        and (not place.column or figure.column == place.column)
        and (place.last_row is None or figure.last_row == place.last_row)
    )


def _fields(record: PublicRecord, source: Source, place: Place) -> list[Told]:
    return [
        Told(
            row["value"],
            row["sheet"],
            row["row"],
            row["column"],
            on=row["on"],
            note=row["note"],
            facility=row["facility"],
            field=row["field"],
            last_row=row["last_row"],
        )
        for row in _rows_at(record, "facility_fields", source, vars(place))
    ]


def _names(record: PublicRecord, source: Source, place: Place) -> Iterator[Told]:
    """What a row calls a facility: its name, or its code where it has no name."""
    if place.last_row is not None:
        return
    asked = {"sheet": place.sheet, "row": place.row, "column": place.column}
    on = day_of_facilities(record, source.id) or source.data_as_of
    for row in _rows_at(record, "facility_names", source, asked):
        field = "name" if row["name"] else "code"
        yield Told(
            row[field],
            row["sheet"],
            row["row"],
            row["column"],
            on=on,
            facility=row["facility"],
            field=field,
        )


def _months(record: PublicRecord, source: Source, place: Place) -> Iterator[Told]:
    """The people of a facility in a month, added from the rows of its days."""
    column = column_of_people(source.publication)
    if place.sheet or place.column not in ("", column):
        return
    rows = {"row": place.row, "last_row": place.last_row}
    for row in _rows_at(record, "facility_population", source, rows):
        code = row["code"] or row["facility"].upper()
        for name in _OF_A_MONTH:
            yield Told(
                row[name],
                None,
                row["row"],
                column,
                note=f"the rows of {code}",
                facility=row["facility"],
                field=f"month_{name}",
                last_row=row["last_row"],
                month=row["month"],
                last_month=row["last_month"],
            )


def _counts_of_states(record: PublicRecord, source: Source, place: Place) -> Iterator[Told]:
    """The agreements and agencies of a state in a list, counted over its rows."""
    if place.column:
        return
    for row in _rows_at(record, "agreement_counts", source, vars(place)):
        if row["by"] == "state":
            for field in ("agreements", "agencies"):
                yield Told(
                    row[field],
                    row["sheet"],
                    row["row"],
                    None,
                    on=row["published"],
                    field=field,
                    last_row=row["last_row"],
                    state=row["value"],
                )


def _rows_at(
    record: PublicRecord, table: str, source: Source, place: Mapping[str, object]
) -> list[dict[str, Any]]:
    """The rows of a table that name a place of a source; none where no place is named."""
    named = {name: value for name, value in place.items() if value}
    if not named:
        return []
    whole = record.table(table)
    wanted = pc.equal(whole["source"], source.id)
    for name, value in named.items():
        wanted = pc.and_kleene(wanted, pc.equal(whole[name], value))
    rows: list[dict[str, Any]] = whole.filter(wanted).slice(0, MOST).to_pylist()
    return rows
