"""What is matched: a row of a workbook, or all rows of one code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from wayhome.programs.facilities.registry.source_rows import Source, SourceRow
from wayhome.programs.facilities.registry.spelling import (
    Address,
    address_of,
    code_states,
    name_key,
)
from wayhome.sources.population.averages import Period


class Kind(StrEnum):
    """What several facilities at one address are: never one for certain where this differs."""

    HOLD = "hold room"
    STAGING = "staging"
    CROSSING = "airport or border"
    HOSPITAL = "hospital"
    HOTEL = "hotel"
    JUVENILE = "juvenile"
    DETENTION = "detention"


# By the words of a name, else by the kind that a source writes: the first line that fits.
_BY_NAME = (
    (Kind.HOLD, re.compile(r"\bHOLD\b|\bHOLDING\b")),
    (Kind.STAGING, re.compile(r"\bSTAGING\b")),
    (Kind.CROSSING, re.compile(r"\bPOE\b|\bBPS\b|\bAIRPORT\b|\bUSBP\b|\bBORDER PATROL\b")),
    (Kind.HOSPITAL, re.compile(r"\bHOSPITAL\b|\bHEALTH\b|\bMED CENTER\b|\bHOPSITAL\b")),
    (Kind.HOTEL, re.compile(r"\bHOTEL\b|\bMOTEL\b|\bINN\b|\bSUITES\b")),
    (Kind.JUVENILE, re.compile(r"\bJUVENILE\b|\bYOUTH\b")),
)
_BY_TYPE = {
    "HOLD": Kind.HOLD,
    "STAGING": Kind.STAGING,
    "POE": Kind.CROSSING,
    "BPS": Kind.CROSSING,
    "AIRPORT": Kind.CROSSING,
    "HOSPITAL": Kind.HOSPITAL,
    "HEALTH": Kind.HOSPITAL,
    "JUVENILE": Kind.JUVENILE,
}


@dataclass(frozen=True, eq=False)
class Unit:
    """Rows that are one facility without a question: one of a workbook, or all of one code."""

    number: int
    code: str | None
    rows: tuple[SourceRow, ...]
    sources: frozenset[str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.record.name for row in self.rows if row.record.name))

    @cached_property
    def kind(self) -> Kind:
        """By the name that says most of it; a facility without a name is taken as detention."""
        for name in self.names:
            key = name_key(name)
            for kind, words in _BY_NAME:
                if words.search(key):
                    return kind
        types = (self.first("type_detailed"), self.first("type"))
        return next((_BY_TYPE[t] for t in types if t in _BY_TYPE), Kind.DETENTION)

    def first(self, field: str) -> str | None:
        return next((text for row in self.rows if (text := row.text(field))), None)

    @cached_property
    def state(self) -> str | None:
        return self.first("state")

    @cached_property
    def states(self) -> frozenset[str]:
        """Its state, or those that its code may mean; empty where nothing tells."""
        if self.state:
            return frozenset((self.state,))
        return code_states(self.code) if self.code else frozenset()

    @cached_property
    def city(self) -> str | None:
        return self.first("city")

    @cached_property
    def zip(self) -> str | None:
        return (self.first("zip") or "")[:5] or None

    @cached_property
    def is_placed(self) -> bool:
        return bool(self.city or self.zip)

    @cached_property
    def address(self) -> Address | None:
        return address_of(self.first("address"))

    @cached_property
    def place(self) -> str:
        """For a person to read."""
        told = (self.first("address"), self.city, self.state, self.zip)
        return ", ".join(part for part in told if part) or "place not told"

    @cached_property
    def averages(self) -> Mapping[Period, tuple[float, ...]]:
        """The people of each period, by each of its rows that tells."""
        found: dict[Period, tuple[float, ...]] = {}
        for row in self.rows:
            for period, people in row.averages.items():
                found[period] = (*found.get(period, ()), people)
        return found


def units_of(sources: Sequence[Source]) -> tuple[Unit, ...]:
    """Rows of one code are held together; every other row stands alone."""
    by_code: dict[str, list[SourceRow]] = {}
    alone: list[SourceRow] = []
    for source in sources:
        for row in source.rows:
            code = row.record.code
            if code:
                by_code.setdefault(code.upper(), []).append(row)
            else:
                alone.append(row)
    groups: list[tuple[str | None, list[SourceRow]]] = [(None, [row]) for row in alone]
    groups += sorted(by_code.items())
    return tuple(
        Unit(number, code, tuple(rows), frozenset(_file(row) for row in rows))
        for number, (code, rows) in enumerate(groups)
    )


def _file(row: SourceRow) -> str:
    return f"{row.record.source}/{row.record.sheet or ''}"
