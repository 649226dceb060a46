"""How a line with too many fields is read: step 2 of "Faults and what is done with each".

The generator reads its own spoilt lines by this rule, tried out one reading at a time, so that
its answer key says what the rule says. An importer has its own, faster reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from wayhome.sources.eoir.codes import codes_of
from wayhome.sources.eoir.layout import Column, Kind, Table
from wayhome.sources.eoir.synthetic.chunk import JUDGES

MOST_EXTRA = 8

_DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?")
_FORMS = {
    Kind.ID: re.compile(r"\d+"),
    Kind.NUMBER: re.compile(r"-?\d+(\.\d+)?"),
    Kind.DATE: _DATE,
    Kind.MONTH: re.compile(r"\d{1,2}/\d{4}"),
    Kind.TIME: re.compile(r"\d{4}"),
    Kind.FLAG: re.compile(r"[01]"),
}


@cache
def codes_in_release(lookup: str) -> frozenset[str]:
    """The codes that a synthetic release lists for a code table; none for no table."""
    if lookup == "tblLookupJudge":
        return frozenset(JUDGES)
    return frozenset(codes_of(lookup) or ())


def fits(column: Column, field: str) -> bool:
    """Whether a field has the form of its column's kind."""
    value = field.strip(" ")
    if value in ("", '""', "N/A"):
        return True
    if column.kind in (Kind.CODE, Kind.TEXT):
        narrow = not column.width or len(value) <= column.width
        return narrow and not _DATE.fullmatch(value)
    wide = column.kind is Kind.NUMBER and column.width and len(value) > column.width
    return bool(_FORMS[column.kind].fullmatch(value)) and not wide


def is_odd(column: Column, field: str) -> bool:
    """Whether a field is a code that its column's table does not list."""
    value = field.strip(" ")
    known = codes_in_release(column.lookup) if column.kind is Kind.CODE else frozenset()
    return bool(known) and value not in ("", '""', "N/A") and value not in known


@dataclass(frozen=True)
class Taken:
    """The reading taken of a line: its fields, and how many were taken away inside it."""

    fields: tuple[str, ...]
    inside: int


@dataclass(frozen=True)
class _Line:
    """A line with too many fields, and what is known of each field in each column it may take."""

    fields: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def extra(self) -> int:
        return len(self.fields) - len(self.columns)


def read_long_line(table: Table, fields: list[str]) -> Taken | None:
    """What a line with more fields than columns says; None when it must be set aside."""
    line = _Line(tuple(fields), table.columns)
    if line.extra > MOST_EXTRA:
        return None
    judged = [(*_judge(line, reading.fields), reading) for reading in _readings(line)]
    admissible = [(odd, reading) for misfits, odd, reading in judged if not misfits]
    if not admissible:
        return None
    fewest = min(odd for odd, _ in admissible)
    best = [reading for odd, reading in admissible if odd == fewest]
    unmoved = [reading for reading in best if reading.inside == 0]
    if unmoved:
        return unmoved[0]
    return best[0] if len({reading.fields for reading in best}) == 1 else None


def _judge(line: _Line, fields: tuple[str, ...]) -> tuple[int, int]:
    misfits = odd = 0
    for column, field in zip(line.columns, fields, strict=True):
        if field:
            misfits += not fits(column, field)
            odd += is_odd(column, field)
    return misfits, odd


def _readings(line: _Line) -> Iterator[Taken]:
    for inside in range(line.extra + 1):
        kept = len(line.fields) - (line.extra - inside)
        if not _is_blank(line.fields[kept:]):
            continue
        if inside == 0:
            yield Taken(line.fields[:kept], 0)
        for place in range(kept - inside + 1) if inside else ():
            yield from _without(line, kept, place, inside)


def _without(line: _Line, kept: int, place: int, inside: int) -> Iterator[Taken]:
    fields = line.fields
    gone, rest = fields[place : place + inside], fields[place + inside : kept]
    if _is_blank(gone):
        yield Taken(fields[:place] + rest, inside)
    elif inside == 1 and place and _may_be_cut(line, place):
        whole = f"{fields[place - 1]} {fields[place]}"
        yield Taken((*fields[: place - 1], whole, *rest), inside)


def _may_be_cut(line: _Line, place: int) -> bool:
    is_text = line.columns[place - 1].kind is Kind.TEXT if place <= len(line.columns) else False
    return is_text and bool(line.fields[place - 1].strip(" "))


def _is_blank(fields: tuple[str, ...]) -> bool:
    return not any(field.strip(" ") for field in fields)


def is_clean(table: Table, fields: list[str]) -> bool:
    """Whether nothing is wrong with a line's fields: their number, forms and codes."""
    pairs = zip(table.columns, fields, strict=False)
    return len(fields) == len(table.columns) and all(
        fits(column, field) and not is_odd(column, field) for column, field in pairs
    )
