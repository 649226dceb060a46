"""What a closing plan is asked: the facilities, the days, who may leave how soon, and to where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from wayhome.sources.places.zip_places import Place


class PlanProblem(ValueError):
    """Something in what was given that a person can mend; a sentence says where and how."""


@dataclass(frozen=True)
class Source:
    """Where a facility's figures stand."""

    file: str
    sha256: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Facility:
    """One place of detention on the first morning.

    `people` is whole, `average` what the source says. `mandatory` are those of them whom ICE counts
    as under mandatory detention. `is_asked_first`: run by a company, a state or local jail (None:
    not known). Days are numbered from 1. None is not known.
    """

    id: str
    people: int
    average: float
    name: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    field_office: str = ""
    type: str = ""
    sexes: str = ""
    mandatory: int | None = None
    is_asked_first: bool | None = None
    guaranteed_minimum: int | None = None
    capacity: int | None = None
    contract_end: int | None = None
    must_close_by: int | None = None
    place: Place | None = None
    source: Source | None = None

    @property
    def room(self) -> int:
        """The most people who may be in it: its capacity where that is known, else the beds that
        are paid for in any case or the people now in it. Nobody has to leave for want of room."""
        known = self.capacity if self.capacity is not None else self.guaranteed_minimum
        return max(self.people, known or 0)

    @property
    def asked_first(self) -> str:
        return {True: "yes", False: "no", None: "unknown"}[self.is_asked_first]


@dataclass(frozen=True)
class Moves:
    """To where a person may be moved. By default to another place of the same field office only.

    `homes`: people of a facility by the ZIP code of their home, where that is told; of them nobody
    is moved farther from home than now.
    """

    anybody: bool = True
    within_miles: float | None = None
    homes: Mapping[str, Mapping[str, int]] | None = None


@dataclass(frozen=True)
class Case:
    """One set of numbers for what is not known: `name` is `one`, `fewest` or `most`.

    `releases`: people who can be released on each day, in all. `caps`: a day, by facility, where
    that is told. `held_back`: people of a facility who cannot be released.
    """

    name: str
    words: str
    releases: tuple[int, ...]
    caps: Mapping[str, float]
    held_back: Mapping[str, int]

    def releasable(self, facility: Facility) -> int:
        return facility.people - self.held_back.get(facility.id, 0)


@dataclass(frozen=True)
class Question:
    """All that a plan is worked out from. `days` is the last day, `start` the date of day 1."""

    facilities: tuple[Facility, ...]
    case: Case
    moves: Moves
    days: int = 100
    start: date | None = None

    def date_of(self, day: int | None) -> date | None:
        if day is None or self.start is None:
            return None
        return self.start + timedelta(days=day - 1)


def whole_releases(per_day: float, days: int) -> tuple[int, ...]:
    """A pace as whole people: never more by any evening than the pace comes to by then."""
    reached = [int(per_day * day + 1e-9) for day in range(days + 1)]
    return tuple(after - before for before, after in pairwise(reached))
