"""Everything told of a facility as values with their cells, and where sources are in conflict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from wayhome.programs.facilities.registry.facility import FieldValue, Value
from wayhome.programs.facilities.registry.source_rows import SourceRow, Told
from wayhome.programs.facilities.registry.spelling import (
    address_of,
    are_cities_alike,
    are_streets_alike,
    name_key,
)

# What the workbooks' own footnotes say of a type of contract (FY2021, FY2024 and FY2026).
OWNER_BY_TYPE = {
    "SPC": (
        "federal government",
        "the workbooks' footnotes: a service processing center is owned by the government",
    )
}
OPERATOR_BY_TYPE = {
    "BOP": (
        "Federal Bureau of Prisons",
        "the workbooks' footnotes: a facility operated by the Federal Bureau of Prisons",
    )
}
# Companies that stand in the names of facilities.
OPERATOR_IN_NAME = (
    (re.compile(r"\bWACKENHUT\b"), "GEO Group (Wackenhut)"),
    (re.compile(r"\bGEO\b"), "GEO Group"),
    (re.compile(r"\bIMMIGRATION CENTERS OF AMERICA\b"), "Immigration Centers of America"),
    (re.compile(r"\bCCA\b|\bCORE ?CIVIC\b|CORPORATION OF AMERICA"), "CoreCivic (CCA)"),
)
NAMED = "the company stands in the name"

FIRST_DAYS = ("first_day", "first_use")

# People of one year that two sources count in one way: apart by more than both is a conflict.
APART_SHARE = 0.10
APART_PEOPLE = 2.0


def values_of(rows: Sequence[SourceRow]) -> tuple[FieldValue, ...]:
    """Every value of every row, by field, newest first; the same cell once."""
    told = [value for row in rows for value in _values(row)]
    told.sort(key=_order)
    by_field: dict[str, list[FieldValue]] = {}
    for value in told:
        by_field.setdefault(value.field, []).append(value)
    return tuple(v for field, values in by_field.items() for v in _marked(field, values))


def newest_name(rows: Sequence[SourceRow]) -> str:
    """The name in the newest row that has one; empty where none has."""
    names = [_value(row, told) for row in rows for told in row.told if told.field == "name"]
    return str(min(names, key=_order).value) if names else ""


def _order(value: FieldValue) -> tuple[str, int, str, int]:
    """Newest first; of the first day of use, the earliest."""
    if value.field in FIRST_DAYS and isinstance(value.value, date):
        days = value.value.toordinal()
    else:
        days = -value.on.toordinal() if value.on else 0
    return value.field, days, value.source, value.row


def _values(row: SourceRow) -> Iterator[FieldValue]:
    for told in row.told:
        value = _value(row, told)
        yield value
        yield from _worked_out(value)


def _value(row: SourceRow, told: Told) -> FieldValue:
    return FieldValue(
        field=told.field,
        value=told.value,
        source=row.record.source,
        sheet=row.record.sheet,
        row=told.row or row.record.row,
        last_row=told.last_row,
        column=told.column,
        on=told.on or row.on,
        period=told.period,
        worked_out=told.worked_out,
    )


def _worked_out(value: FieldValue) -> Iterator[FieldValue]:
    """Owner and operator, where a contract type or a name tells them."""
    text = str(value.value)
    if value.field == "type":
        for field, known in (("owner", OWNER_BY_TYPE), ("operator", OPERATOR_BY_TYPE)):
            if text in known:
                said, why = known[text]
                yield replace(value, field=field, value=said, worked_out=why)
    elif value.field == "name":
        named = (company for words, company in OPERATOR_IN_NAME if words.search(text.upper()))
        if company := next(named, None):
            yield replace(value, field="operator", value=company, worked_out=NAMED)


def _marked(field: str, values: Sequence[FieldValue]) -> Iterable[FieldValue]:
    """The values, those in conflict marked."""
    cannot_both = _RULES.get(field)
    marked = []
    for value in values:
        rule = cannot_both or _told_at_one_time
        clashes = any(other is not value and rule(value, other) for other in values)
        marked.append(replace(value, in_conflict=True) if clashes else value)
    return marked


def _told_at_one_time(one: FieldValue, other: FieldValue) -> bool:
    """What may change over the years is in conflict only where it is told for one day."""
    return one.on is not None and one.on == other.on and _plain(one.value) != _plain(other.value)


def _never(one: FieldValue, other: FieldValue) -> bool:
    return False


def _other_address(one: FieldValue, other: FieldValue) -> bool:
    here, there = address_of(str(one.value)), address_of(str(other.value))
    if here is None or there is None:
        return False
    return here.number != there.number or not are_streets_alike(here, there)


def _other_city(one: FieldValue, other: FieldValue) -> bool:
    return not are_cities_alike(str(one.value), str(other.value))


def _other_text(one: FieldValue, other: FieldValue) -> bool:
    return _plain(one.value) != _plain(other.value)


def _other_zip(one: FieldValue, other: FieldValue) -> bool:
    return str(one.value)[:5] != str(other.value)[:5]


def _other_people(one: FieldValue, other: FieldValue) -> bool:
    if one.period != other.period or _counted(one) != _counted(other):
        return False
    if not (isinstance(one.value, float) and isinstance(other.value, float)):
        return False
    apart = abs(one.value - other.value)
    return apart > APART_PEOPLE and apart > APART_SHARE * max(one.value, other.value)


def _counted(value: FieldValue) -> str:
    """How people were counted: by ICE for its workbook, else by the column of a daily file. Two
    ways of counting are two numbers, and neither contradicts the other."""
    return "workbook" if value.sheet else value.column


def _plain(value: Value) -> object:
    return name_key(value) if isinstance(value, str) else value


# A place does not change with the years, so two that differ are in conflict whenever they are told.
# Names, codes and the days of use of several files stand beside each other.
_RULES: dict[str, Callable[[FieldValue, FieldValue], bool]] = {
    "address": _other_address,
    "city": _other_city,
    "county": _other_text,
    "state": _other_text,
    "zip": _other_zip,
    **dict.fromkeys(("population", "population_any_hour"), _other_people),
    **dict.fromkeys(("name", "code"), _never),
    **dict.fromkeys(("first_day", "last_day", "most_people"), _never),
}
