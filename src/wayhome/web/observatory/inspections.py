"""The inspections of a facility: each of one row of one source, never values of two rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.web.observatory.facility_page import INSPECTIONS, Value

# What a workbook prints where it tells when the next inspection is to be, and not the last.
_SCHEDULED = "scheduled"


@dataclass(frozen=True)
class Inspection:
    """One inspection of a row of one source; a cell that is not told is None.

    `which`: the one that the source calls the last, the second to last …, as INSPECTIONS names
    them. `instead`: what stands in place of its `day`, of which nothing is known then."""

    which: str
    source: str
    sheet: str | None
    row: int | None
    on: date | None
    type: Value | None
    standard: Value | None
    day: Value | None
    instead: Value | None
    rating: Value | None

    @property
    def is_told(self) -> bool:
        """Whether the row tells of an inspection at all, not only of one that is to come."""
        return any((self.type, self.standard, self.day, self.rating))

    @property
    def is_next_told(self) -> bool:
        """Whether in place of its day stands when the next one is scheduled."""
        return self.instead is not None and self.instead.value.lower().startswith(_SCHEDULED)


def inspections(values: Mapping[str, Sequence[Value]]) -> list[Inspection]:
    """The inspections of a facility, the newest source first, of a source the last first."""
    found = [one for which in INSPECTIONS for one in _told(which, values)]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def _told(which: str, values: Mapping[str, Sequence[Value]]) -> Iterator[Inspection]:
    """What each row of a source calls so."""
    rows: dict[tuple[str, str | None, int | None], dict[str, Value]] = {}
    for field in INSPECTIONS[which]:
        for value in values.get(field, ()):
            rows.setdefault((value.source, value.sheet, value.row), {})[field] = value
    for told in rows.values():
        any_of = next(iter(told.values()))
        place = (any_of.source, any_of.sheet, any_of.row, any_of.on)
        yield Inspection(which, *place, *(told.get(field) for field in INSPECTIONS[which]))
