"""Facilities that may be one place: nobody has decided, so their people are counted apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.counting import ICE
from wayhome.web.observatory.facilities import FacilityRow, facilities


@dataclass(frozen=True)
class Pair:
    """Two facilities that may be one place; `because`: what speaks for it."""

    one: FacilityRow
    other: FacilityRow
    because: str

    @property
    def both(self) -> tuple[FacilityRow, FacilityRow]:
        return self.one, self.other


@dataclass(frozen=True)
class Waiting:
    """Pairs that nobody has decided, the ones with the most people first; `people`: how many at
    most are counted twice because of them."""

    pairs: Sequence[Pair]
    people: float


@lru_cache(maxsize=2)
def waiting(record: PublicRecord, state: str | None = None) -> Waiting:
    """All pairs; of a state, those with a side in it, and who is counted twice in its own sum."""
    pairs = [
        pair
        for pair in _pairs(record)
        if state is None or state in (pair.one.state, pair.other.state)
    ]
    counted = [pair for pair in pairs if state is None or pair.one.state == pair.other.state]
    return Waiting(pairs, _twice(counted))


def others_of(record: PublicRecord, facility: str) -> list[tuple[FacilityRow, str]]:
    """What may be the same place as a facility, and why."""
    return [
        (row, pair.because)
        for pair in _pairs(record)
        if facility in (pair.one.id, pair.other.id)
        for row in pair.both
        if row.id != facility
    ]


def _pairs(record: PublicRecord) -> list[Pair]:
    rows = facilities(record)
    pairs = [
        Pair(rows[told["facility"]], rows[told["other"]], told["because"])
        for told in record.table("facility_questions").to_pylist()
    ]
    return sorted(pairs, key=lambda pair: -min(map(_people, pair.both)))


def _people(row: FacilityRow) -> float:
    return (row.population or 0.0) if row.has_people else 0.0


def _twice(pairs: Iterable[Pair]) -> float:
    """Where all of a group are one place, one of their numbers tells its people (ICE's own, where
    there is one), and the others count people once more."""
    groups = [list(group.values()) for group in _groups(pairs)]
    return round(sum(sum(map(_people, group)) - _shown_of(group) for group in groups), 1)


def _shown_of(group: Sequence[FacilityRow]) -> float:
    return max((row.has_people and row.way == ICE, _people(row)) for row in group)[1]


def _groups(pairs: Iterable[Pair]) -> Iterator[Mapping[str, FacilityRow]]:
    """Facilities that hang together by pairs: three of them are three pairs, or two."""
    groups: list[dict[str, FacilityRow]] = []
    for pair in pairs:
        group = {row.id: row for row in pair.both}
        apart = [other for other in groups if not group.keys() & other.keys()]
        for other in groups:
            if group.keys() & other.keys():
                group |= other
        groups = [*apart, group]
    yield from groups
