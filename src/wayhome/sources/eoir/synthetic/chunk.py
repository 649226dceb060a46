"""One chunk of cases with all that its tables share: numbers, places, judges and custody days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from wayhome.sources.eoir.codes import courts, hearing_locations
from wayhome.sources.eoir.synthetic.calendar_days import MISSING, RELEASE_DAY, day_if
from wayhome.sources.eoir.synthetic.cells import Cells, coded, drawn
from wayhome.sources.eoir.synthetic.course import Course, make_course
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Draws, Ints, Longs, Weighted
from wayhome.sources.eoir.synthetic.people import (
    COURTS,
    DETAINED,
    FIRST_CASE,
    RELEASED,
    People,
    make_people,
)
from wayhome.sources.eoir.synthetic.weights import frequencies, present_share

# The number of cases in a chunk. It is part of what a seed means: never a matter of memory.
CHUNK_CASES = 1 << 16

# Columns by name; those that a table leaves out are empty.
Rows = dict[str, Cells]

JUDGES_A_COURT = 8
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Invented codes: no judge has them.
JUDGES = tuple(
    f"Z{_DIGITS[place // 36]}{_DIGITS[place % 36]}" for place in range(len(COURTS) * JUDGES_A_COURT)
)

HEARING_TIMES = Weighted(
    ("0830", "0900", "0930", "1000", "1030", "1130", "1300", "1330", "1430", "1500"),
    (30, 25, 6, 8, 6, 2, 18, 6, 4, 2),
)
CLOCK_TIMES = Weighted(
    tuple(f"{hour:02d}{minute:02d}" for hour in range(7, 19) for minute in range(60)),
    (1.0,) * 720,
)


@dataclass(frozen=True)
class _Places:
    """The hearing locations, and where each court's own begin and how many they are."""

    codes: tuple[str, ...]
    first: Ints
    number: Ints


@cache
def places_of_courts() -> _Places:
    codes: list[str] = []
    first, number = [], []
    for court in COURTS:
        own = sorted(p.code for p in hearing_locations().values() if p.base_city == court)
        own.sort(key=lambda code: code != court)
        first.append(len(codes))
        number.append(len(own))
        codes += own
    return _Places(
        tuple(codes), np.asarray(first, dtype=np.int32), np.asarray(number, dtype=np.int32)
    )


@cache
def court_states() -> tuple[str, ...]:
    return tuple(courts()[court].state for court in COURTS)


def children(counts: Ints) -> tuple[Ints, Ints]:
    """For each child its parent's place, and its own order (from 0) among the siblings."""
    parent = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    ends = np.cumsum(counts)
    order = np.arange(len(parent)) - np.repeat(ends - counts, counts)
    return parent, order.astype(np.int32)


@dataclass(frozen=True)
class Chunk:
    """The people and the course of one chunk of cases."""

    draws: Draws
    people: People
    course: Course

    @classmethod
    def make(cls, seed: int, chunk: int, cases: int) -> Chunk:
        """The chunk's share of a release of `cases` cases."""
        draws = Draws(seed, chunk)
        first = chunk * CHUNK_CASES
        people = make_people(draws, first, min(CHUNK_CASES, cases - first))
        return cls(draws, people, make_course(draws, people))

    @cached_property
    def proceeding_number(self) -> Longs:
        """IDNPROCEEDING of each proceeding."""
        return self.child_number(self.course.case, self.course.order, room=8, base=4_000_000)

    @cached_property
    def first_proceeding(self) -> Ints:
        """The place of each case's first proceeding; NONE where it has none."""
        place = np.full(len(self.people), NONE, dtype=np.int32)
        is_first = self.course.order == 0
        place[self.course.case[is_first]] = np.flatnonzero(is_first)
        return place

    @cached_property
    def last_proceeding(self) -> Ints:
        """The place of each case's current proceeding; NONE where it has none."""
        place = np.full(len(self.people), NONE, dtype=np.int32)
        place[self.course.case[self.course.is_last]] = np.flatnonzero(self.course.is_last)
        return place

    @cached_property
    def end_of_case(self) -> Ints:
        """The day on which the current proceeding ended; the day of the release where none."""
        end = np.where(self.course.end == MISSING, RELEASE_DAY, self.course.end)
        last = self.last_proceeding
        return np.where(last == NONE, RELEASE_DAY, end[last]).astype(np.int32)

    @cached_property
    def detained_on(self) -> Ints:
        """The day on which each person was detained; missing for those who never were."""
        people = self.people
        before = self.draws.between("detained before filing", 0, 20, len(people))
        was = (people.custody == DETAINED) | (people.custody == RELEASED)
        return day_if(was & people.has_court, np.maximum(people.filed - before, people.entry))

    @cached_property
    def released_on(self) -> Ints:
        """The day on which each released person was released: in the first proceeding."""
        first = self.first_proceeding
        end = np.where(self.course.end == MISSING, RELEASE_DAY, self.course.end)
        latest = np.where(first == NONE, RELEASE_DAY, end[first])
        stay = 1 + self.draws.long_tailed("days until release", 40.0, 0.9, len(self.people))
        day = np.minimum(self.detained_on + stay, np.maximum(latest, self.detained_on))
        return day_if((self.people.custody == RELEASED) & self.people.has_court, day)

    @cached_property
    def location(self) -> Ints:
        """The hearing location of each proceeding, mostly the court's own building."""
        places = places_of_courts()
        size = len(self.course)
        first, number = places.first[self.course.court], places.number[self.course.court]
        elsewhere = self.draws.chance("hearing elsewhere", size, 0.3)
        other = self.draws.between("hearing location", 0, (number - 1).astype(np.int32), size)
        return (first + np.where(elsewhere, other, 0)).astype(np.int32)

    @cached_property
    def judge(self) -> Ints:
        """The judge of each proceeding, by place in JUDGES."""
        return (self.course.court * JUDGES_A_COURT + self.course.judge).astype(np.int32)

    def child_number(self, case: Ints, order: Ints, room: int, base: int = 1_000_000) -> Longs:
        """The own number of a case's child row: `room` numbers are kept for each case."""
        counted = self.people.number[case] - FIRST_CASE
        return counted * room + order + base

    def filled(
        self, table: str, column: str, size: int, among: Bools | None = None, of: float = 1.0
    ) -> Bools:
        """Which rows of a column are filled, at its share in the real release.

        `among` are the only rows that may be, and `of` is their share of the table's rows.
        """
        share = min(present_share(table, column) / of, 1.0)
        rows = self.draws.chance(f"{table}.{column} filled", size, share)
        return rows if among is None else rows & among

    def code(self, table: str, column: str, filled: Bools) -> Cells:
        """A code drawn at the column's frequencies in every filled row."""
        weighted = frequencies(table, column)
        return drawn(self.draws, f"{table}.{column}", weighted, filled)

    def clock(self, purpose: str, filled: Bools, times: Weighted = CLOCK_TIMES) -> Cells:
        """A time of day in every filled row."""
        return drawn(self.draws, purpose, times, filled)

    def of_case(self, values: tuple[str, ...], places: Ints, filled: Bools) -> Cells:
        return coded(values, np.where(filled, places, NONE).astype(np.int32))
