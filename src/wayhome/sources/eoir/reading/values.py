"""One value at a time: whether it fits its column, and what is done with it when it does not.

The rules are those of "Faults and what is done with each" in the README (steps 2 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wayhome.sources.eoir.layout import Column, Kind

PADDED = "padded"
QUOTE_PAIR = "quote_pair"
NOT_AVAILABLE = "not_available"
OF_ANOTHER_KIND = "value_of_another_kind"
TIME_IN_CODE = "time_in_type_column"
IMPOSSIBLE_DATE = "impossible_date"
IMPOSSIBLE_TIME = "impossible_time"
LOWER_CASE = "code_lower_case"

# A code that its table does not list is loaded as it is: a count, not a repair.
OUTSIDE_TABLE = "code_outside_table"

WAYS_TO_SAY_NOTHING = {'""': QUOTE_PAIR, "N/A": NOT_AVAILABLE}
CHARGES_LOOKUP = "tbllookupCharges"

EARLIEST = date(1975, 1, 1)
EARLIEST_OF_A_LIFE = date(1900, 1, 1)
LATEST = date(2059, 12, 31)
# Births and entries may lie before the courts' own records begin.
OF_A_LIFE = frozenset({"c_birthdate", "date_of_entry"})

DATE_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
FORMS = {
    Kind.ID: re.compile(r"\d{1,18}", re.ASCII),
    Kind.NUMBER: re.compile(r"-?\d+(?:\.\d+)?", re.ASCII),
    Kind.DATE: DATE_FORM,
    Kind.MONTH: re.compile(r"\d{1,2}/\d{4}", re.ASCII),
    Kind.TIME: re.compile(r"\d{4}", re.ASCII),
    Kind.FLAG: re.compile(r"[01]"),
}
HAVE_WIDTH = (Kind.CODE, Kind.NUMBER)


@dataclass(frozen=True)
class CodeTables:
    """The code tables at hand: by lookup name, the codes that it lists."""

    codes: Mapping[str, frozenset[str]]

    def is_odd(self, column: Column, code: str) -> bool:
        """Whether the column has a code table at hand and the code is not in it."""
        listed = self.codes.get(column.lookup)
        return bool(code) and listed is not None and _as_listed(column, code) not in listed

    def respelled(self, column: Column, code: str) -> str | None:
        """The only listed code that differs from `code` by letter case alone, if there is one."""
        folded = _as_listed(column, code).casefold()
        near = [c for c in self.codes.get(column.lookup, ()) if c.casefold() == folded]
        return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class Mended:
    """What became of a value: its text (None: missing), its faults, and whether it is odd."""

    text: str | None
    faults: tuple[str, ...] = ()
    is_outside_table: bool = False


def fits(column: Column, value: str) -> bool:
    """Whether a trimmed value has the form of the column's kind. Empty always fits."""
    if not value or value in WAYS_TO_SAY_NOTHING:
        return True
    if column.kind in HAVE_WIDTH and 0 < column.width < len(value):
        return False
    form = FORMS.get(column.kind)
    return bool(form.fullmatch(value)) if form else not DATE_FORM.fullmatch(value)


def earliest_of(column: Column) -> date:
    return EARLIEST_OF_A_LIFE if column.name.lower() in OF_A_LIFE else EARLIEST


def is_charge(column: Column) -> bool:
    return column.lookup == CHARGES_LOOKUP


def mend_value(column: Column, value: str, tables: CodeTables) -> Mended:
    """What is done with one value of a column that is no key."""
    trimmed = value.strip(" ")
    padded = (PADDED,) if trimmed != value and not is_charge(column) else ()
    if trimmed in WAYS_TO_SAY_NOTHING:
        return Mended(None, (*padded, WAYS_TO_SAY_NOTHING[trimmed]))
    if not trimmed:
        return Mended(None, padded)
    if not fits(column, trimmed):
        is_time = column.kind is Kind.CODE and FORMS[Kind.TIME].fullmatch(trimmed)
        return Mended(None, (*padded, TIME_IN_CODE if is_time else OF_ANOTHER_KIND))
    if column.kind in (Kind.DATE, Kind.MONTH) and not is_possible_date(column, trimmed):
        return Mended(None, (*padded, IMPOSSIBLE_DATE))
    if column.kind is Kind.TIME and not _is_time_of_day(trimmed):
        return Mended(None, (*padded, IMPOSSIBLE_TIME))
    kept = value if is_charge(column) else trimmed
    if column.kind is not Kind.CODE or not tables.is_odd(column, trimmed):
        return Mended(kept, padded)
    listed = tables.respelled(column, trimmed)
    if listed:
        return Mended(listed, (*padded, LOWER_CASE))
    return Mended(kept, padded, is_outside_table=True)


def is_possible_date(column: Column, text: str) -> bool:
    """Whether a date or month is one of the calendar and lies in the column's years."""
    try:
        day = _day_of(column, text)
    except ValueError:
        return False
    return earliest_of(column) <= day <= LATEST


def _day_of(column: Column, text: str) -> date:
    if column.kind is Kind.MONTH:
        month, year = text.split("/")
        return date(int(year), int(month), 1)
    return datetime.fromisoformat(text).date()


def _is_time_of_day(text: str) -> bool:
    return int(text[:2]) < 24 and int(text[2:]) < 60


def _as_listed(column: Column, code: str) -> str:
    return code.rstrip(" ") if is_charge(column) else code
