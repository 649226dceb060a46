"""One registry of facilities: what is known of each, from which cell, and where sources differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wayhome.programs.facilities.registry.spelling import city_key, name_key

Value = str | float | bool | date
Place = tuple[str, str | None, int]
# The inspection that a workbook calls the last: the fields of one row hold together, and those of
# two rows are two inspections.
INSPECTION = (
    *("last_inspection_type", "last_inspection_standard", "last_inspection_rating"),
    *("last_inspection_date", "instead_of_inspection_date"),
)


@dataclass(frozen=True)
class FieldValue:
    """What one cell of one source tells of a field.

    `source` is the name of the file, `sheet` None where the file has none, `row` 1 for the first
    line of the sheet (of Parquet, 1 is the first row), `last_row` the last where rows from `row`
    on are added (None: it stands in one row), `column` as printed in the file: a letter
    in a workbook, a heading in a list. `on` is the day to which the source reaches, None where it
    does not say, `period` the fiscal year that an average is of. `in_conflict`: another source
    tells something else that cannot hold beside it. `worked_out` says how, where the value is not
    the cell's own.
    """

    field: str
    value: Value
    source: str
    sheet: str | None
    row: int
    last_row: int | None
    column: str
    on: date | None
    period: str = ""
    in_conflict: bool = False
    worked_out: str = ""

    @property
    def place(self) -> Place:
        return self.source, self.sheet, self.row


@dataclass(frozen=True)
class Record:
    """A row of a source that is about a facility; `rows` is how many rows of the file it stands
    for (a record of a daily file stands for all days of a code)."""

    source: str
    sheet: str | None
    row: int
    rows: int
    name: str
    code: str | None
    # Of a workbook, the average of the year; of a daily file, person-days; else None.
    people: float | None

    @property
    def key(self) -> str:
        """What tells the record from every other: `FY21.xlsx/Facilities FY21/8`."""
        return "/".join((self.source, *((self.sheet,) if self.sheet else ()), str(self.row)))


@dataclass(frozen=True)
class Facility:
    """A facility and everything that any source tells of it.

    `id` is its first code in lower case, or its state and name where no source has a code for it.
    `fields` holds every value of every source, newest first within a field; a field that nobody
    tells is not there and is unknown. `names` are values of the field `name`. `former_ids` are
    those under which it, or what was joined into it, may have been known before (ids.py).
    """

    id: str
    name: str
    codes: tuple[str, ...]
    fields: tuple[FieldValue, ...]
    records: tuple[Record, ...]
    former_ids: tuple[str, ...]

    @cached_property
    def _by_field(self) -> Mapping[str, tuple[FieldValue, ...]]:
        found: dict[str, list[FieldValue]] = {}
        for told in self.fields:
            found.setdefault(told.field, []).append(told)
        return {field: tuple(values) for field, values in found.items()}

    @property
    def names(self) -> tuple[FieldValue, ...]:
        return self.values("name")

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields on which sources differ in a way that cannot hold together."""
        return tuple(f for f, told in self._by_field.items() if any(v.in_conflict for v in told))

    def values(self, field: str) -> tuple[FieldValue, ...]:
        """Everything told of a field, newest first; empty where it is unknown."""
        return self._by_field.get(field, ())

    def best(self, field: str) -> FieldValue | None:
        """The newest value of a field, None where it is unknown. Of an inspection: that of the
        row which tells the newest one, None where that row does not tell it."""
        told = self.values(field)
        if field in INSPECTION:
            told = tuple(value for value in told if value.place == self._newest_inspection)
        return told[0] if told else None

    @cached_property
    def _newest_inspection(self) -> Place | None:
        told = [value for field in INSPECTION for value in self.values(field)]
        newest = max(told, key=lambda value: value.on or date.min, default=None)
        return newest.place if newest else None

    def number(self, field: str) -> float | None:
        """The newest value of a field as a number, None where it is unknown or none."""
        value = best.value if (best := self.best(field)) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value)

    def text(self, field: str) -> str | None:
        """The newest value of a field as text, None where it is unknown."""
        best = self.best(field)
        return str(best.value) if best else None


# A code, or a name in its city and state, each without regard to spelling.
Side = tuple[str, ...]
Pair = frozenset[Side]


@dataclass(frozen=True)
class Printed:
    """A facility in a question, as printed; its code alone tells which, where there is one."""

    code: str
    name: str
    city: str
    state: str

    @property
    def side(self) -> Side:
        if self.code:
            return (self.code.upper(),)
        return (name_key(self.name), city_key(self.city), self.state.upper())


@dataclass(frozen=True)
class Match:
    """Two records that are, or may be, of one facility; `score` is 0 to 100, `because` why."""

    one: Record
    one_side: Printed
    one_place: str
    other: Record
    other_side: Printed
    other_place: str
    score: float
    because: str


@dataclass(frozen=True)
class SetAside:
    """A row of a source that is in no facility, and why."""

    source: str
    sheet: str | None
    row: int
    rows: int
    reason: str


@dataclass(frozen=True)
class SourceAccount:
    """A source: its rows, what became of them, and its people before and after.

    `people_before` is what the source's own table adds up to (averages of a workbook, person-days
    of a daily file; None for a list without people), `people_after` what the facilities of the
    registry add up to. They must be equal.
    """

    source: str
    sha256: str
    sheet: str | None
    on: date | None
    rows: int
    in_facilities: int
    set_aside: int
    facilities: int
    people_before: float | None
    people_after: float | None


@dataclass(frozen=True)
class Registry:
    """All facilities, what was joined for certain, what a person should decide, the accounts.

    `decided`: the pairs that a person decided before, as far as both sides are in the sources."""

    facilities: tuple[Facility, ...]
    decided: frozenset[Pair]
    joined: tuple[Match, ...]
    questions: tuple[Match, ...]
    set_aside: tuple[SetAside, ...]
    accounts: tuple[SourceAccount, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Facility]:
        return {facility.id: facility for facility in self.facilities}

    @cached_property
    def by_code(self) -> Mapping[str, Facility]:
        """Facilities by DETLOC, in upper case."""
        return {code: facility for facility in self.facilities for code in facility.codes}

    @cached_property
    def by_record(self) -> Mapping[str, Facility]:
        """Facilities by `Record.key`."""
        return {record.key: f for f in self.facilities for record in f.records}
