"""Everything that the record knows of one facility, each value with where it is from."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.charts import Chart, Line, middle_of_month
from wayhome.web.observatory.counting import HEADCOUNT, MIDNIGHT, of_month, way_of
from wayhome.web.observatory.county_doubt import doubts
from wayhome.web.observatory.series import unit_name
from wayhome.web.observatory.source_words import title_in
from wayhome.web.observatory.wording import month as month_name
from wayhome.web.observatory.wording import people_in_words, say, says

# The fields of a facility in the order in which they are told, by what they are about.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "place": ("name", "code", "address", "city", "county", "state", "zip", "field_office"),
    "contract": (
        *("type", "contract", "owner", "operator", "capacity", "guaranteed_minimum"),
        "contract_end",
    ),
    "use": ("population", "population_any_hour", "first_use", "first_day", "last_use", "last_day"),
}
# Shown as rows of their own (inspections.py): type, standard, day, what stands in place of the day,
# rating. Two rows are two inspections. Of the last one the workbooks print a text where the date
# should be ("Scheduled FY27"); those of the contractor Nakamoto are told of FY2023 alone.
INSPECTIONS: Mapping[str, tuple[str, str, str, str, str]] = {
    "last": (
        *("last_inspection_type", "standard", "last_inspection", "instead_of_inspection_date"),
        "last_inspection_rating",
    ),
    **{
        which: (f"{name}_type", f"{name}_standard", f"{name}_date", "", f"{name}_rating")
        for which, name in (
            ("second", "second_inspection"),
            ("last_contractor", "last_contractor_inspection"),
            ("second_contractor", "second_contractor_inspection"),
        )
    },
}
_KNOWN = frozenset(
    field for fields in (*GROUPS.values(), *INSPECTIONS.values()) for field in fields
)
_OF_PEOPLE = ("population", "population_any_hour")
_NOT_FIELDS = frozenset(("facility", "county_fips", "population_on"))


@dataclass(frozen=True)
class Value:
    """A value that a source tells of a field, and where it stands: in `row`; of an average, in the
    rows from there to `last_row` that its note names."""

    value: str
    source: str
    sheet: str | None
    row: int | None
    last_row: int | None
    column: str | None
    on: date | None
    in_conflict: bool
    note: str
    # How people were counted, of a number of people (counting.py).
    way: str = ""


@dataclass(frozen=True)
class Field:
    """A field: its values, the one that counts first; none: it is not known.

    `shown`: what the list of facilities says, where no source is told for it."""

    name: str
    values: Sequence[Value]
    shown: str = ""

    @property
    def in_conflict(self) -> bool:
        return any(value.in_conflict for value in self.values)


@dataclass(frozen=True)
class Month:
    """The people of a facility in a month, by one code in one source.

    `average`: over the `days` that the source has. `last_month`: of several months one after the
    other with nobody on any day, the last; else None."""

    month: date
    last_month: date | None
    code: str | None
    average: float
    most: int
    days: int
    source: str
    row: int | None
    last_row: int | None

    @property
    def every_month(self) -> Sequence[date]:
        """The first day of the month, or of each of several months."""
        last = self.last_month or self.month
        count = (last.year - self.month.year) * 12 + last.month - self.month.month + 1
        before = self.month.year * 12 + self.month.month - 1
        return [date(*_year_and_month(before + each), 1) for each in range(count)]

    @property
    def calendar_days(self) -> int:
        """The days of the calendar in it."""
        return sum(monthrange(each.year, each.month)[1] for each in self.every_month)

    @property
    def is_part(self) -> bool:
        """Whether the source has not all of its days."""
        return self.days < self.calendar_days


def _year_and_month(months: int) -> tuple[int, int]:
    return months // 12, months % 12 + 1


def groups_of(record: PublicRecord, facility: str) -> list[tuple[str, list[Field]]]:
    """Every field by group; a field of which nothing is known is there, and empty."""
    values = values_of(record, facility)
    best = _rows(record, "facilities", facility)[0]
    others = tuple(name for name in values if name not in _KNOWN and name not in _NOT_FIELDS)
    told = {**GROUPS, "more": others}
    columns = set(best) | set(values)
    return [
        (
            group,
            [
                Field(name, values.get(name, ()), _shown(best.get(name)))
                for name in names
                if name in columns
            ],
        )
        for group, names in told.items()
        if names
    ]


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def values_of(record: PublicRecord, facility: str) -> dict[str, tuple[Value, ...]]:
    """Every value of every field, the newest first."""
    found: dict[str, list[Value]] = defaultdict(list)
    in_doubt = {"county"} if facility in doubts(record) else set()
    for row in _rows(record, "facility_fields", facility):
        found[row["field"]].append(
            Value(
                value=row["value"],
                source=row["source"],
                sheet=row["sheet"],
                row=row["row"],
                last_row=row["last_row"],
                column=row["column"],
                on=row["on"],
                in_conflict=bool(row["in_conflict"]) or row["field"] in in_doubt,
                note=row.get("note") or "",
                way=way_of(record, row["source"], row.get("note"))
                if row["field"] in _OF_PEOPLE
                else "",
            )
        )
    newest = lambda value: value.on or date.min  # noqa: E731
    return {name: tuple(sorted(told, key=newest, reverse=True)) for name, told in found.items()}


def names_of(record: PublicRecord, facility: str) -> list[dict[str, Any]]:
    """Every name and code by which a source knows it, each with its first row there."""
    seen: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in _rows(record, "facility_names", facility):
        seen.setdefault((row["name"], row["code"], row["source"]), row)
    return list(seen.values())


def months_of(record: PublicRecord, facility: str) -> list[Month]:
    """Its people by month, the newest first."""
    rows = _rows(record, "facility_population", facility)
    found = [Month(**{name: row[name] for name in Month.__annotations__}) for row in rows]
    newest = lambda one: (one.last_month or one.month, one.source)  # noqa: E731
    return sorted(found, key=newest, reverse=True)


def population_chart(
    record: PublicRecord, name: str, months: Sequence[Month], language: str
) -> Chart:
    """Its people by month, a line a source (and a code, where it has several).

    Months with nobody are points of 0; a month that is not known is none."""
    points: dict[tuple[str, str], list[tuple[date, float]]] = defaultdict(list)
    parts: dict[tuple[str, str], set[date]] = defaultdict(set)
    for month in months:
        line = (month.source, month.code or "")
        points[line] += [(middle_of_month(each), month.average) for each in month.every_month]
        if month.is_part and not month.last_month:
            parts[line].add(middle_of_month(month.month))
    many = len({code for _, code in points}) > 1
    lines = [
        Line(
            _line_name(record, source, language) + (f" ({code})" if many else ""),
            sorted(told),
            parts=frozenset(parts[(source, code)]),
        )
        for (source, code), told in sorted(points.items())
    ]
    invented = any(record.sources[source].synthetic for source, _ in points)
    return Chart(
        title=say(language, "facilities.chart_title", name=name),
        description=population_in_words(months, language),
        unit=unit_name("people", language),
        lines=lines,
        language=language,
        mark=say(language, "frame.synthetic_mark") if invented else "",
    )


def _line_name(record: PublicRecord, source: str, language: str) -> str:
    """A source in a few words, by what it is; its title where none are written."""
    key = f"charts.source_{record.sources[source].publication}"
    return say(language, key) if says(key) else title_in(language, record.sources[source])[0]


def population_in_words(months: Sequence[Month], language: str) -> str:
    """The newest month and the fullest, and of which days, for who does not see the chart."""
    newest, most = months[0], max(months, key=lambda one: one.average)
    words = say(
        language,
        "facilities.chart_words",
        last=people_in_words(language, newest.average),
        last_month=months_in_words(newest, language),
        last_days=days_in_words(newest, language),
        most=people_in_words(language, most.average),
        most_month=months_in_words(most, language),
        most_days=days_in_words(most, language),
    )
    told = f"{words} {say(language, 'charts.averages_of_months')}"
    marked = any(month.is_part and not month.last_month for month in months)
    return f"{told} {say(language, 'facilities.chart_parts')}" if marked else told


def months_in_words(told: Month, language: str) -> str:
    """A month by its name, or the first and the last of several."""
    first = month_name(language, told.month)
    if told.last_month is None:
        return first
    return f"{first} – {month_name(language, told.last_month)}"


def days_in_words(told: Month, language: str) -> str:
    """Over how many days an average is: `all 30 days`, or `only 15 of 30 days`."""
    key = "facilities.days_part" if told.is_part else "facilities.days_all"
    return say(language, key, days=told.days, length=told.calendar_days)


def ways_of(record: PublicRecord, months: Sequence[Month]) -> list[str]:
    """The ways of counting of the months, each of which has days of its own kind."""
    ways = {of_month(record, month.source) for month in months}
    return [way for way in (MIDNIGHT, HEADCOUNT) if way in ways]


def _rows(record: PublicRecord, table: str, facility: str) -> list[dict[str, Any]]:
    whole = record.table(table)
    rows: list[dict[str, Any]] = whole.filter(pc.equal(whole["facility"], facility)).to_pylist()
    return rows
