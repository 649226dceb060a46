"""Whether two units are one facility: for certain, perhaps (a person decides), or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from wayhome.programs.facilities.registry.spelling import (
    are_cities_alike,
    are_streets_alike,
    name_likeness,
    own_likeness,
    parts_of,
)
from wayhome.programs.facilities.registry.units import Unit

# Likeness of names from 0 to 100: set on one half of the hand-checked pairs (README.md).
EQUAL = 95
ALIKE = 88
SOMEWHAT_ALIKE = 70

# People of one period: alike within this share, unlike past this one.
ALIKE_SHARE = 0.15
UNLIKE_SHARE = 0.5
FEW = 5.0


class Place(IntEnum):
    """How near two addresses are; the worth of each in points of the score."""

    ELSEWHERE = 0
    NOT_TOLD = 9
    SAME_TOWN = 10
    NO_ADDRESS = 24
    SAME_STREET = 25
    SAME_ADDRESS = 40


IN_TOWN = (Place.SAME_STREET, Place.NO_ADDRESS, Place.SAME_TOWN)


class People(StrEnum):
    """How the people of one period compare."""

    NOT_KNOWN = "not known"
    ALIKE = "alike"
    BOTH_FEW = "both few"
    BETWEEN = "neither alike nor unlike"
    UNLIKE = "unlike"


class Verdict(StrEnum):
    CERTAIN = "certain"
    ASKED = "asked"
    DIFFERENT = "different"


PEOPLE_POINTS = {People.ALIKE: 10, People.BOTH_FEW: 3, People.UNLIKE: -10}
WORDS_OF_PLACE = {
    Place.SAME_ADDRESS: "same address",
    Place.SAME_STREET: "same street or number",
    Place.NO_ADDRESS: "same city or ZIP code, an address not told",
    Place.SAME_TOWN: "same city or ZIP code",
    Place.NOT_TOLD: "place not told for one",
    Place.ELSEWHERE: "different places",
}


@dataclass(frozen=True)
class Evidence:
    """What speaks for two units being one. `name` and `own` are likenesses from 0 to 100: of all
    the words, and of those that tell which facility it is. `same_state` is None where it is not
    known of one."""

    name: float
    own: float
    place: Place
    people: People
    same_kind: bool
    same_parts: bool
    same_state: bool | None
    is_alone: bool = False

    @property
    def score(self) -> float:
        """0 to 100: half for the names, the rest for place and people."""
        points = (
            0.5 * max(self.name, 0.95 * self.own) + self.place + PEOPLE_POINTS.get(self.people, 0)
        )
        return round(max(0.0, min(100.0, points)), 1)

    def because(self) -> str:
        """The reasons, for a person to read."""
        said = [f"names {self.name:.0f}, own words {self.own:.0f}", WORDS_OF_PLACE[self.place]]
        said += [] if self.people is People.NOT_KNOWN else [f"people {self.people}"]
        said += [] if self.same_kind else ["different kinds of place"]
        said += [] if self.same_parts else ["one names a part of the place"]
        said += ["nobody else at this address"] if self.is_alone else []
        return "; ".join(said)


def evidence_of(one: Unit, other: Unit) -> Evidence:
    """Compare two units; whether others are at the address is told later (`is_alone`)."""
    state = one.state or other.state
    pairs = [(a, b) for a in one.names for b in other.names]
    return Evidence(
        name=max((name_likeness(a, b) for a, b in pairs), default=0.0),
        own=max((own_likeness(a, b, state) for a, b in pairs), default=0.0),
        place=place_of(one, other),
        people=people_of(one, other),
        same_kind=one.kind is other.kind,
        same_parts=any(parts_of(a) == parts_of(b) for a, b in pairs),
        same_state=bool(one.states & other.states) if one.states and other.states else None,
    )


def place_of(one: Unit, other: Unit) -> Place:
    if not (one.is_placed and other.is_placed):
        return Place.NOT_TOLD
    if one.state and other.state and one.state != other.state:
        return Place.ELSEWHERE
    same_zip = bool(one.zip and one.zip == other.zip)
    in_town = same_zip or bool(one.city and other.city and are_cities_alike(one.city, other.city))
    if not in_town:
        return Place.ELSEWHERE
    here, there = one.address, other.address
    if here is None or there is None:
        return Place.NO_ADDRESS
    same_number = here.number == there.number != ""
    if are_streets_alike(here, there):
        return Place.SAME_ADDRESS if same_number else Place.SAME_STREET
    return Place.SAME_STREET if same_number and len(here.number) > 2 else Place.SAME_TOWN


def people_of(one: Unit, other: Unit) -> People:
    """Compare the people of a period that both tell, the nearest figures of each."""
    best: tuple[float, People] | None = None
    for period in set(one.averages) & set(other.averages):
        for here in one.averages[period]:
            for there in other.averages[period]:
                most, apart = max(here, there), abs(here - there)
                share = apart / most if most else 0.0
                found = (share, _people(most, share))
                best = min(best, found) if best else found
    return best[1] if best else People.NOT_KNOWN


def _people(most: float, share: float) -> People:
    if most < FEW:
        return People.BOTH_FEW
    if share <= ALIKE_SHARE:
        return People.ALIKE
    return People.UNLIKE if share > UNLIKE_SHARE else People.BETWEEN


def verdict_on(found: Evidence) -> Verdict:
    """The rules, first that fits. Likeness of names alone is never enough."""
    if not found.same_kind:
        return Verdict.DIFFERENT
    if any(rule(found) for rule in CERTAIN_RULES):
        return Verdict.CERTAIN
    return Verdict.ASKED if any(rule(found) for rule in ASKED_RULES) else Verdict.DIFFERENT


def _named_alike(e: Evidence) -> bool:
    return e.same_parts and (e.name >= SOMEWHAT_ALIKE or e.own >= ALIKE)


def _at_one_address(e: Evidence) -> bool:
    return e.place is Place.SAME_ADDRESS and (e.is_alone or _named_alike(e))


def _on_one_street(e: Evidence) -> bool:
    return e.place in (Place.SAME_STREET, Place.NO_ADDRESS) and e.same_parts and e.name >= EQUAL


def _in_one_town_with_its_people(e: Evidence) -> bool:
    near = e.place in IN_TOWN
    return near and _named_alike(e) and e.own >= EQUAL and e.people is People.ALIKE


def _in_one_state_with_its_people(e: Evidence) -> bool:
    is_near = e.place is Place.ELSEWHERE and e.same_state is True
    return is_near and e.same_parts and e.name >= EQUAL and e.people is People.ALIKE


def _by_code_and_people(e: Evidence) -> bool:
    """A code without a place: its letters name the state, and its people are those."""
    if e.place is not Place.NOT_TOLD or not e.same_parts:
        return False
    if e.people is People.ALIKE:
        return e.name >= ALIKE or (e.own >= EQUAL and e.same_state is True)
    is_named_so = e.name >= EQUAL and e.same_state is True
    return is_named_so and e.people in (People.BOTH_FEW, People.BETWEEN)


CERTAIN_RULES = (
    _at_one_address,
    _on_one_street,
    _in_one_town_with_its_people,
    _in_one_state_with_its_people,
    _by_code_and_people,
)


def _shares_the_address(e: Evidence) -> bool:
    return e.place is Place.SAME_ADDRESS and max(e.name, e.own) >= 40


def _is_named_so_in_town(e: Evidence) -> bool:
    near = e.place in IN_TOWN
    may_be = e.people is not People.UNLIKE or e.name >= ALIKE
    return near and e.same_parts and may_be and (e.own >= EQUAL or e.name >= ALIKE)


def _is_named_so_in_the_state(e: Evidence) -> bool:
    is_near = e.place is Place.ELSEWHERE and e.same_state is True
    return is_near and e.same_parts and e.name >= EQUAL


def _may_be_the_code(e: Evidence) -> bool:
    if e.place is not Place.NOT_TOLD or not e.same_parts or e.people is People.UNLIKE:
        return False
    if e.same_state or e.people is People.ALIKE:
        return e.name >= ALIKE or e.own >= EQUAL
    return e.same_state is None and e.name >= EQUAL


ASKED_RULES = (
    _shares_the_address,
    _is_named_so_in_town,
    _is_named_so_in_the_state,
    _may_be_the_code,
)
