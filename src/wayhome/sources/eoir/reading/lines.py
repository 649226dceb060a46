"""One line at a time: bytes that do not belong, and fields that are too many or too few.

The rules are those of "Faults and what is done with each" in the README (steps 1 and 2). This is
the slow, obvious path: only the lines that `spotting` points at come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wayhome.sources.eoir.layout import Column, Kind
from wayhome.sources.eoir.reading.values import CodeTables, fits

CONTROL_BYTES = "nul_or_control_bytes"
NOT_UTF8 = "not_utf8"
TRAILING_OVERFLOW = "trailing_overflow_blank"
EXTRA_TAB = "extra_tab_shift"
OVERLONG = "overlong_unrepairable"
SHORT = "short_line"
SHORT_UNREPAIRABLE = "short_line_unrepairable"

MOST_FIELDS_TOO_MANY = 8

# TAB and LF divide the file; a CR that does not end a line is as foreign as any other.
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Line:
    """A line after mending: its fields, or None when it must be set aside, and its faults."""

    fields: tuple[str, ...] | None
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """One way to take the extra fields away.

    `moved` is how many were taken inside the line (0: all at its end).
    """

    fields: tuple[str, ...]
    moved: int
    odd_codes: int


def mend_line(
    raw: bytes, columns: Sequence[Column], key: frozenset[int], tables: CodeTables
) -> Line:
    """Mend one line, given without its line end.

    `columns` are those of the file in its own order; `key` holds the places of the key columns.
    """
    text, faults = _readable(raw)
    fields = tuple(text.split("\t"))
    if len(fields) > len(columns):
        return _mend_long(fields, columns, tables, faults)
    if len(fields) < len(columns):
        return _mend_short(fields, columns, key, faults)
    return Line(fields, faults)


def _readable(raw: bytes) -> tuple[str, tuple[str, ...]]:
    clean = CONTROL.sub(b"", raw)
    faults = (CONTROL_BYTES,) if clean != raw else ()
    try:
        return clean.decode("utf-8"), faults
    except UnicodeDecodeError:
        return clean.decode("latin-1"), (*faults, NOT_UTF8)


def _mend_short(
    fields: tuple[str, ...],
    columns: Sequence[Column],
    key: frozenset[int],
    faults: tuple[str, ...],
) -> Line:
    has_keys = max(key) < len(fields)
    pairs = zip(columns, fields, strict=False)
    if has_keys and all(fits(column, field.strip(" ")) for column, field in pairs):
        absent = ("",) * (len(columns) - len(fields))
        return Line(fields + absent, (*faults, SHORT))
    return Line(None, (*faults, SHORT_UNREPAIRABLE))


def _mend_long(
    fields: tuple[str, ...],
    columns: Sequence[Column],
    tables: CodeTables,
    faults: tuple[str, ...],
) -> Line:
    extra = len(fields) - len(columns)
    if extra > MOST_FIELDS_TOO_MANY:
        return Line(None, (*faults, OVERLONG))
    readings = list(_admissible_readings(fields, columns, tables))
    fewest = min((reading.odd_codes for reading in readings), default=0)
    best = [reading for reading in readings if reading.odd_codes == fewest]
    for reading in best:
        if reading.moved == 0:
            return Line(reading.fields, (*faults, TRAILING_OVERFLOW))
    if len({reading.fields for reading in best}) == 1:
        return Line(best[0].fields, (*faults, EXTRA_TAB))
    return Line(None, (*faults, OVERLONG))


def _admissible_readings(
    fields: tuple[str, ...], columns: Sequence[Column], tables: CodeTables
) -> Iterator[Reading]:
    """Every reading whose fields all fit their columns.

    A reading that takes `moved` fields away before place p leaves the first p columns as they
    stand and gives every later column the field `moved` places to its right; so misfits and odd
    codes are summed once from the left and once per move from the right.
    """
    count = len(columns)
    extra = len(fields) - count
    as_they_stand = _sums_from_left(fields[:count], columns, tables)
    for moved in range(extra + 1):
        at_end = fields[count + moved :]
        if any(field.strip(" ") for field in at_end):
            continue
        if moved == 0:
            misfits, odd = as_they_stand[count]
            if not misfits:
                yield Reading(fields[:count], 0, odd)
            continue
        after = _sums_from_right(fields[moved : moved + count], columns, tables)
        for place in range(count + 1):
            taken = fields[place : place + moved]
            if not any(field.strip(" ") for field in taken):
                misfits = as_they_stand[place][0] + after[place][0]
                odd = as_they_stand[place][1] + after[place][1]
                left = fields[:place] + fields[place + moved : count + moved]
            elif moved == 1 and _is_cut_in_two(fields, columns, place):
                whole = f"{fields[place - 1]} {fields[place]}"
                misfits = as_they_stand[place - 1][0] + after[place][0]
                misfits += not fits(columns[place - 1], whole.strip(" "))
                odd = as_they_stand[place - 1][1] + after[place][1]
                left = (*fields[: place - 1], whole, *fields[place + 1 : count + 1])
            else:
                continue
            if not misfits:
                yield Reading(left, moved, odd)


def _is_cut_in_two(fields: tuple[str, ...], columns: Sequence[Column], place: int) -> bool:
    """Whether the field at `place` may be the second half of the text before it."""
    return (
        place > 0
        and columns[place - 1].kind is Kind.TEXT
        and bool(fields[place - 1].strip(" "))
        and bool(fields[place].strip(" "))
    )


def _sums_from_left(
    fields: Sequence[str], columns: Sequence[Column], tables: CodeTables
) -> list[tuple[int, int]]:
    """Misfits and odd codes among the first p columns, for p from 0 to all of them."""
    sums = [(0, 0)]
    for column, field in zip(columns, fields, strict=True):
        misfit, odd = _judge(column, field, tables)
        sums.append((sums[-1][0] + misfit, sums[-1][1] + odd))
    return sums


def _sums_from_right(
    fields: Sequence[str], columns: Sequence[Column], tables: CodeTables
) -> list[tuple[int, int]]:
    """Misfits and odd codes among the columns from p on, for p from 0 to all of them."""
    from_left = _sums_from_left(fields[::-1], columns[::-1], tables)
    return from_left[::-1]


def _judge(column: Column, field: str, tables: CodeTables) -> tuple[bool, bool]:
    value = field.strip(" ")
    fitting = fits(column, value)
    is_odd = fitting and column.kind is Kind.CODE and value not in ('""', "N/A")
    return not fitting, is_odd and tables.is_odd(column, value)
