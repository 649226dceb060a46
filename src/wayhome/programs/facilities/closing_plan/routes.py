"""From where to where people may be moved, and how many of them at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wayhome.programs.facilities.closing_plan.question import Facility, Question
from wayhome.sources.places.zip_places import miles_between, place_of_zip


@dataclass(frozen=True)
class Route:
    """One way that is allowed. `homes`: the home ZIP codes from which it is not farther than now;
    the empty text stands for people whose home is not told."""

    origin: Facility
    target: Facility
    miles: float | None
    homes: tuple[str, ...] = field(default=("",))


def routes_of(question: Question) -> tuple[Route, ...]:
    """Every allowed way: within one field office, into no private or jail contract from another
    place, for the same sexes, as far as was entered, and never farther from a home that is told."""
    if not question.moves.anybody:
        return ()
    pairs = ((a, b) for a in question.facilities for b in question.facilities if a is not b)
    return tuple(route for a, b in pairs if (route := _route(question, a, b)))


def _route(question: Question, origin: Facility, target: Facility) -> Route | None:
    if not origin.field_office or origin.field_office != target.field_office:
        return None
    if target.is_asked_first and not origin.is_asked_first:
        return None
    if not sexes_of(origin) <= sexes_of(target):
        return None
    miles = miles_between(origin.place, target.place)
    most = question.moves.within_miles
    if most is not None and (miles is None or miles > most):
        return None
    homes = tuple(_homes(question, origin, target))
    return Route(origin, target, miles, homes) if homes else None


def sexes_of(facility: Facility) -> frozenset[str]:
    """The sexes that a place holds; none where that is not told."""
    return frozenset(word for word in facility.sexes.lower().split("/") if word)


def _homes(question: Question, origin: Facility, target: Facility) -> Iterator[str]:
    for home, people in homes_of(question, origin).items():
        if not home:
            yield home
            continue
        now = miles_between(place_of_zip(home), origin.place)
        then = miles_between(place_of_zip(home), target.place)
        if people and now is not None and then is not None and then <= now:
            yield home


def homes_of(question: Question, facility: Facility) -> Mapping[str, int]:
    """The people of a facility by home; under the empty text those whose home is not told."""
    told = (question.moves.homes or {}).get(facility.id, {})
    rest = facility.people - sum(told.values())
    return {**told, **({"": rest} if rest > 0 else {})}
