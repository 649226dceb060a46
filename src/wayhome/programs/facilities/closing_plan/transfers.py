"""What closing the same places on the same days does where nobody is released: people are moved.

The nearest open place with room takes them, in any field office; when that one closes they are
moved again. This is no proposal: it stands beside the plan for comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wayhome.programs.facilities.closing_plan.question import Facility
from wayhome.programs.facilities.closing_plan.routes import sexes_of
from wayhome.sources.places.zip_places import miles_between


@dataclass(frozen=True)
class Closing:
    """A facility that the plan empties, and the day."""

    facility: str
    day: int


@dataclass(frozen=True)
class Transfer:
    """People moved on a day; miles are unknown where a place is."""

    day: int
    origin: str
    target: str
    people: int
    miles: float | None
    is_same_field_office: bool


@dataclass(frozen=True)
class Transfers:
    """What became of it. A person who is moved twice is one of `people`, and counts in two moves.

    `not_emptied`: facilities that keep people since there was no room left anywhere.
    """

    moves: tuple[Transfer, ...]
    people: int
    more_than_once: int
    not_emptied: tuple[str, ...]
    people_left_in_them: int
    first_day_without_room: int | None

    @property
    def times(self) -> int:
        return sum(move.people for move in self.moves)

    @property
    def other_field_office(self) -> int:
        """Times a person was moved to the area of another field office."""
        return sum(m.people for m in self.moves if not m.is_same_field_office)

    @property
    def unknown_miles(self) -> int:
        """Times a person was moved nobody can tell how far."""
        return sum(move.people for move in self.moves if move.miles is None)

    @property
    def miles(self) -> float:
        """Miles of all people together, where they are known."""
        return sum(move.people * move.miles for move in self.moves if move.miles is not None)

    @property
    def farthest(self) -> float | None:
        return max((m.miles for m in self.moves if m.miles is not None), default=None)


# People of a facility, by where they were at first and how often they have been moved.
_Groups = Counter[tuple[str, int]]


def transfers(facilities: Sequence[Facility], closings: Sequence[Closing]) -> Transfers:
    """Close these facilities on these days by moving everybody in them."""
    known = {facility.id: facility for facility in facilities}
    inside: dict[str, _Groups] = {f.id: Counter({(f.id, 0): f.people}) for f in facilities}
    closes = {closing.facility: closing.day for closing in closings}
    moves: list[Transfer] = []
    stuck: list[str] = []
    for closing in sorted(closings, key=lambda c: (c.day, known[c.facility].people, c.facility)):
        origin = known[closing.facility]
        # Who was stuck somewhere stays there: such a place is open.
        targets = [
            f
            for f in facilities
            if f is not origin and (closes.get(f.id, closing.day + 1) > closing.day)
        ]
        moves += _emptied(origin, targets, inside, closing.day)
        if inside[origin.id].total():
            stuck.append(origin.id)
    often = Counter[int]()
    for groups in inside.values():
        for (_, times), people in groups.items():
            often[times] += people
    return Transfers(
        tuple(moves),
        sum(people for times, people in often.items() if times),
        sum(people for times, people in often.items() if times > 1),
        tuple(stuck),
        sum(inside[name].total() for name in stuck),
        min((closes[name] for name in stuck), default=None),
    )


def _emptied(
    origin: Facility, targets: Sequence[Facility], inside: dict[str, _Groups], day: int
) -> list[Transfer]:
    """Move everybody out, to the nearest first, as far as there is room."""
    far = [(miles_between(origin.place, t.place), t) for t in targets]
    fits = [(miles, t) for miles, t in far if sexes_of(origin) <= sexes_of(t)]
    fits.sort(key=lambda found: (found[0] is None, found[0] or 0.0, found[1].id))
    moves = []
    for miles, target in fits:
        room = target.room - inside[target.id].total()
        people = _move(inside[origin.id], inside[target.id], room)
        if people:
            same = bool(origin.field_office) and origin.field_office == target.field_office
            moves.append(Transfer(day, origin.id, target.id, people, miles, same))
        if not inside[origin.id].total():
            break
    return moves


def _move(origin: _Groups, target: _Groups, room: int) -> int:
    """Move as many as there is room for, those moved least often first."""
    moved = 0
    for group in sorted(origin, key=lambda key: (key[1], key[0])):
        people = min(origin[group], room - moved)
        if people > 0:
            origin[group] -= people
            target[group[0], group[1] + 1] += people
            moved += people
    return moved
