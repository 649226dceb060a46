"""What the record has from one place of a source: how a number is traced to its row."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from wayhome.public_record.record import Figure, PublicRecord, Source

MOST = 200  # rows shown of one place


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
    """A number or word of the record and the place it is from.

    `series` of a figure, `facility` and `field` of a field of a facility, else empty."""

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


def told_at(record: PublicRecord, source: Source, place: Place) -> list[Told]:
    """Everything that the record has from a place of a source, at most MOST."""
    figures = [
        _of_figure(figure)
        for series in record.figures.values()
        for figure in series
        if figure.source == source.id and _is_at(figure, place)
    ]
    return (figures + _fields(record, source, place))[:MOST]


def _of_figure(figure: Figure) -> Told:
    return Told(
        figure.value,
        figure.sheet,
        figure.row,
        figure.column,
        series=figure.series,
        unit=figure.unit,
        on=figure.on,
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
    if not place.is_named or place.last_row is not None:
        return []
    table = record.table("facility_fields")
    wanted = pc.equal(table["source"], source.id)
    for name, value in (("sheet", place.sheet), ("row", place.row), ("column", place.column)):
        if value:
            wanted = pc.and_kleene(wanted, pc.equal(table[name], value))
    rows = table.filter(wanted).slice(0, MOST).to_pylist()
    return [
        Told(
            row["value"],
            row["sheet"],
            row["row"],
            row["column"],
            on=row["on"],
            facility=row["facility"],
            field=row["field"],
        )
        for row in rows
    ]
