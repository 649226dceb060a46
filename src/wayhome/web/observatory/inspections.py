"""The inspections of a facility: a row a source, never values of two rows beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.web.observatory.facility_page import INSPECTIONS, Value


@dataclass(frozen=True)
class Inspection:
    """What one row of one source calls the last inspection; a cell that is not told is None."""

    source: str
    sheet: str | None
    row: int | None
    on: date | None
    type: Value | None
    standard: Value | None
    day: Value | None
    rating: Value | None


def inspections(values: Mapping[str, Sequence[Value]]) -> list[Inspection]:
    """The inspections of a facility, the newest source first."""
    rows: dict[tuple[str, str | None, int | None], dict[str, Value]] = {}
    for field in INSPECTIONS:
        for value in values.get(field, ()):
            rows.setdefault((value.source, value.sheet, value.row), {})[field] = value
    found = [_inspection(told) for told in rows.values()]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def _inspection(told: dict[str, Value]) -> Inspection:
    any_of = next(iter(told.values()))
    kind, standard, day, instead, rating = (told.get(field) for field in INSPECTIONS)
    place = (any_of.source, any_of.sheet, any_of.row, any_of.on)
    return Inspection(*place, kind, standard, day or instead, rating)
