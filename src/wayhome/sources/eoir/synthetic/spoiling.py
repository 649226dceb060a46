"""How one clean line is spoilt: a function a fault, each with what must be done about it.

A function is given the fields of a clean line and may decline (None) when the line does not lend
itself to the fault. What it returns is decidable: the rule of the README says what it must become.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from wayhome.sources.eoir.layout import Column, Kind, Table
from wayhome.sources.eoir.synthetic.realignment import (
    codes_in_release,
    fits,
    is_odd,
    read_long_line,
)

REPAIRED, SET_ASIDE, LOADED = "repaired", "set_aside", "loaded"


@dataclass(frozen=True)
class Spoilt:
    """A spoilt line and the answer to it.

    `line` has no line end. `column`, `raw` and `right` are the value before and after repair
    where one value is at fault; otherwise `right` is the whole line as it must be read (TABs as
    `\\t`), empty where the line is set aside. `again` is true where the clean line stands before.
    """

    line: bytes
    action: str
    column: str = ""
    raw: str = ""
    right: str = ""
    again: bool = False


Fields = list[str]
Spoil = Callable[[Table, Fields, np.random.Generator], Spoilt | None]

# Hidden bytes seen in releases.
_HIDDEN = ("\x00", "\x00", "\x07", "\x1b", "\x7f")
_ACCENTED = ("PEÑUELAS", "MAYAGÜEZ", "CAÑON CITY", "SAN JOSÉ", "LA CAÑADA")
_OTHER_DATES = (
    "0000-00-00 00:00:00.000",
    "0001-01-01 00:00:00.000",
    "2019-13-41 00:00:00.000",
    "2104-05-02 00:00:00.000",
    "1874-11-14 00:00:00.000",
)
_COURT_DATES = (*_OTHER_DATES, "1974-11-14 00:00:00.000")
_IMPOSSIBLE_MONTHS = ("13/1999", "0/0000", "7/1831")
_OF_ANOTHER_KIND = {
    Kind.DATE: ("M", "ORL", "10/1993", "E"),
    Kind.CODE: ("2024-09-09 00:00:00.000",),
    Kind.FLAG: ("Y", "N", "2022-04-28 00:00:00.000"),
    Kind.MONTH: ("2015-10-26 00:00:00.000", "M"),
    Kind.NUMBER: ("D", "RMV"),
    Kind.TIME: ("2009-02-03 00:00:00.000", "M"),
    Kind.TEXT: ("2011-06-01 00:00:00.000",),
    Kind.ID: ("FC",),
}


def _line(fields: Fields) -> bytes:
    return "\t".join(fields).encode()


def _answer(fields: Fields) -> str:
    return "\\t".join(fields)


def _columns(
    table: Table, fields: Fields, suits: Callable[[Column, str], bool]
) -> list[tuple[int, Column]]:
    """The columns, other than keys, whose value suits a fault."""
    return [
        (place, column)
        for place, column in enumerate(table.columns)
        if column.name not in table.key and suits(column, fields[place])
    ]


def _pick(places: list[tuple[int, Column]], rng: np.random.Generator) -> tuple[int, Column]:
    return places[int(rng.integers(len(places)))]


def _with_value(fields: Fields, place: int, value: str) -> bytes:
    return _line([*fields[:place], value, *fields[place + 1 :]])


def _replaced(
    table: Table,
    fields: Fields,
    rng: np.random.Generator,
    suits: Callable[[Column, str], bool],
    value: Callable[[Column, str], str],
) -> Spoilt | None:
    """A value that must be read as missing, in a column that suits."""
    places = _columns(table, fields, suits)
    if not places:
        return None
    place, column = _pick(places, rng)
    wrong = value(column, fields[place])
    return Spoilt(_with_value(fields, place, wrong), REPAIRED, column.name, wrong, "")


def extra_tab_shift(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    for place in rng.permutation(len(fields))[:24].tolist():
        field = fields[place]
        cut = field.split(" ", 1) if table.columns[place].kind is Kind.TEXT else [field]
        broken = cut if len(cut) == 2 else ["", field]
        spoilt = [*fields[:place], *broken, *fields[place + 1 :]]
        taken = read_long_line(table, spoilt)
        if taken and taken.inside and list(taken.fields) == fields:
            return Spoilt(_line(spoilt), REPAIRED, right=_answer(fields))
    return None


def trailing_overflow_blank(
    table: Table, fields: Fields, rng: np.random.Generator
) -> Spoilt | None:
    spoilt = [*fields, *[""] * int(rng.integers(1, 4))]
    taken = read_long_line(table, spoilt)
    if not taken or taken.inside or list(taken.fields) != fields:
        return None
    return Spoilt(_line(spoilt), REPAIRED, right=_answer(fields))


def overlong_unrepairable(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    """Tabs in several places, with what was typed between them."""
    for _ in range(12):
        spoilt = list(fields)
        for word in ("1000", "N", "SFR")[: int(rng.integers(2, 4))]:
            spoilt.insert(int(rng.integers(1, len(spoilt))), word)
        if read_long_line(table, spoilt) is None:
            return Spoilt(_line(spoilt), SET_ASIDE)
    return None


def short_line(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    first = max(table.position(name) for name in table.key) + 1
    room = min(len(fields) - first, 6)
    if room < 1:
        return None
    kept = fields[: len(fields) - int(rng.integers(1, room + 1))]
    right = [*kept, *[""] * (len(fields) - len(kept))]
    return Spoilt(_line(kept), REPAIRED, right=_answer(right))


def short_line_unrepairable(
    table: Table, fields: Fields, rng: np.random.Generator
) -> Spoilt | None:
    """Two fields run together, and all after them one column too far to the left."""
    for place in rng.permutation(len(fields) - 1)[:12].tolist():
        spoilt = [*fields[:place], fields[place] + fields[place + 1], *fields[place + 2 :]]
        pairs = zip(table.columns, spoilt, strict=False)
        if not all(fits(column, field) for column, field in pairs):
            return Spoilt(_line(spoilt), SET_ASIDE)
    return Spoilt(_line(fields[:1]), SET_ASIDE) if len(table.key) > 1 else None


def nul_or_control_bytes(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    places = _columns(table, fields, lambda _, value: bool(value))
    if not places:
        return None
    place, column = _pick(places, rng)
    value, at = fields[place], int(rng.integers(len(fields[place]) + 1))
    wrong = value[:at] + _HIDDEN[int(rng.integers(len(_HIDDEN)))] + value[at:]
    return Spoilt(_with_value(fields, place, wrong), REPAIRED, column.name, wrong, value)


def not_utf8(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    places = _columns(
        table, fields, lambda column, value: column.kind is Kind.TEXT and value[:1].isalpha()
    )
    if not places:
        return None
    place, column = _pick(places, rng)
    value = _ACCENTED[int(rng.integers(len(_ACCENTED)))]
    raw = "\t".join([*fields[:place], value, *fields[place + 1 :]]).encode("latin-1")
    return Spoilt(raw, REPAIRED, column.name, value, value)


def key_not_a_number(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    place = table.position(table.key[int(rng.integers(len(table.key)))])
    wrong = ("FC", "", "12A45", "-7")[int(rng.integers(4))]
    name = table.columns[place].name
    return Spoilt(_with_value(fields, place, wrong), SET_ASIDE, name, wrong)


def duplicate_key_row(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    return Spoilt(_line(fields), SET_ASIDE, again=True)


def padded(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    places = _columns(
        table,
        fields,
        lambda column, value: bool(value) and column.lookup != "tbllookupCharges",
    )
    if not places:
        return None
    place, column = _pick(places, rng)
    value = fields[place]
    wrong = (f" {value}", f"{value} ", f"  {value}   ")[int(rng.integers(3))]
    return Spoilt(_with_value(fields, place, wrong), REPAIRED, column.name, wrong, value)


def quote_pair(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    return _replaced(table, fields, rng, lambda *_: True, lambda *_: '""')


def not_available(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    return _replaced(table, fields, rng, lambda *_: True, lambda *_: "N/A")


def time_in_type_column(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    wrong = ("0900", "0830", "1300", "1030")[int(rng.integers(4))]
    return _replaced(
        table,
        fields,
        rng,
        lambda column, _: column.kind is Kind.CODE and 0 < column.width < 4,
        lambda *_: wrong,
    )


def value_of_another_kind(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    at = int(rng.integers(12))
    return _replaced(
        table,
        fields,
        rng,
        lambda *_: True,
        lambda column, _: _OF_ANOTHER_KIND[column.kind][at % len(_OF_ANOTHER_KIND[column.kind])],
    )


def impossible_date(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    at = int(rng.integers(60))

    def wrong(column: Column, _: str) -> str:
        if column.kind is Kind.MONTH:
            return _IMPOSSIBLE_MONTHS[at % len(_IMPOSSIBLE_MONTHS)]
        # People have entered before 1975; the courts' records begin then.
        dates = _OTHER_DATES if column.name.upper() == "DATE_OF_ENTRY" else _COURT_DATES
        return dates[at % len(dates)]

    kinds = (Kind.DATE, Kind.MONTH)
    return _replaced(table, fields, rng, lambda column, _: column.kind in kinds, wrong)


def impossible_time(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    wrong = ("2460", "9999", "0975")[int(rng.integers(3))]
    return _replaced(
        table, fields, rng, lambda column, _: column.kind is Kind.TIME, lambda *_: wrong
    )


def code_lower_case(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    places = _columns(
        table,
        fields,
        lambda column, value: value.lower() != value and _alone(column, value.lower()) == value,
    )
    if not places:
        return None
    place, column = _pick(places, rng)
    value = fields[place]
    wrong = value.lower()
    return Spoilt(_with_value(fields, place, wrong), REPAIRED, column.name, wrong, value)


def _alone(column: Column, value: str) -> str | None:
    """The only code of the column's table that differs from an odd value by letter case."""
    if not is_odd(column, value):
        return None
    return _by_folded(column.lookup).get(value.casefold())


@cache
def _by_folded(lookup: str) -> dict[str, str]:
    folded: dict[str, list[str]] = {}
    for code in codes_in_release(lookup):
        folded.setdefault(code.casefold(), []).append(code)
    return {key: codes[0] for key, codes in folded.items() if len(codes) == 1}


def code_outside_table(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
    """An unlisted code in any column that a table lists the codes of."""
    suiting = [
        column.name
        for _, column in _columns(table, fields, lambda column, value: bool(value))
        if codes_in_release(column.lookup)
    ]
    if not suiting:
        return None
    return code_outside(suiting[int(rng.integers(len(suiting)))])(table, fields, rng)


@cache
def code_outside(name: str) -> Spoil:
    """An unlisted code in one column, where it is filled."""

    def spoil(table: Table, fields: Fields, rng: np.random.Generator) -> Spoilt | None:
        place = table.position(name)
        column = table.columns[place]
        wrong = _unlisted(column)
        if not fields[place] or not wrong:
            return None
        value = wrong[int(rng.integers(len(wrong)))]
        return Spoilt(_with_value(fields, place, value), LOADED, column.name, value, value)

    return spoil


@cache
def _unlisted(column: Column) -> tuple[str, ...]:
    """Codes of the column's length that its table does not list in any letter case."""
    if column.name == "TRANSFER_TO":
        listed = codes_in_release(column.lookup)
        return tuple(sorted(codes_in_release("tblLookupHloc") - listed))[:60]
    known = {code.casefold() for code in codes_in_release(column.lookup)}
    tried = ("3", "Q", "Q9", "0", "XQ", "QQ", "QX7", "9ZZ", "00")
    return tuple(
        code for code in tried if len(code) <= column.width and code.casefold() not in known
    )


# Every fault by its name in the README and in the answer key.
FAULTS: dict[str, Spoil] = {
    spoil.__name__: spoil
    for spoil in (
        extra_tab_shift,
        trailing_overflow_blank,
        overlong_unrepairable,
        short_line,
        short_line_unrepairable,
        nul_or_control_bytes,
        not_utf8,
        key_not_a_number,
        duplicate_key_row,
        padded,
        quote_pair,
        not_available,
        time_in_type_column,
        value_of_another_kind,
        impossible_date,
        impossible_time,
        code_lower_case,
        code_outside_table,
    )
}
