"""What a plan is to make small, one after the other; each is a sum over the model's variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wayhome.programs.facilities.closing_plan.model import FREE, HELD, STAYS, Model, Variable
from wayhome.programs.facilities.closing_plan.question import Facility, Question

# A number of variables, each with what it counts for.
Term = list[tuple[float, Variable]]
# A place in use is taken to cost a bed a day more than its people: so that a jail without a
# guaranteed minimum is closed, and not held open for a few.
PLACE_IN_USE = 1


def late(model: Model) -> Term:
    """Days of people in a facility after the day on which it must be empty."""
    return [
        (period.days, variable)
        for place, facility in model.facilities()
        if facility.must_close_by is not None
        for number, period in enumerate(model.periods)
        if period.last >= facility.must_close_by
        for variable in model.held_at(place, number)
    ]


def people_days(model: Model) -> Term:
    """Days of people in detention."""
    return [(model.periods[key[1]].days, variable) for key, variable in model.people.items()]


def left_open(model: Model) -> Term:
    """Facilities with anybody in them at the end of the last day."""
    last = len(model.periods) - 1
    return [(1, model.is_open[place, last]) for place, _ in model.facilities()]


def moved(model: Model) -> Term:
    """People moved."""
    return [(1, variable) for variable in model.moved.values()]


def late_at_last(model: Model) -> Term:
    """People left, at the end of the last day, in places that must be empty before it."""
    last = len(model.periods) - 1
    days = model.question.days
    places = [place for place, f in model.facilities() if (f.must_close_by or days + 1) <= days]
    return [(1, variable) for place in places for variable in model.held_at(place, last)]


def first_left_open(model: Model) -> Term:
    """Private and jail contracts among the facilities that are not emptied."""
    last = len(model.periods) - 1
    places = (place for place, facility in model.facilities() if facility.is_asked_first)
    return [(1, model.is_open[place, last]) for place in places]


def first_days(model: Model) -> Term:
    """Days of people in private and jail contracts."""
    facilities = model.question.facilities
    return [
        (model.periods[key[1]].days, variable)
        for key, variable in model.people.items()
        if facilities[key[0]].is_asked_first
    ]


def paid_beds(model: Model) -> Term:
    """Beds paid for though empty, days of people after a contract's end, and one bed a day for each
    place in use."""
    days = [period.days for period in model.periods]
    empty = [(days[key[1]], variable) for key, variable in model.above.items()]
    in_use = [(days[key[1]] * PLACE_IN_USE, v) for key, v in model.is_open.items()]
    after = [
        (period.days, variable)
        for place, facility in model.facilities()
        if facility.contract_end is not None
        for number, period in enumerate(model.periods)
        if period.first > facility.contract_end
        for variable in model.held_at(place, number)
    ]
    return [*empty, *in_use, *after]


def paid_beds_a_person(model: Model) -> Term:
    """Days of people where they were at first, each counting for the beds that are paid for there,
    for one person of it: the place where leaving saves most comes first."""
    weights = [
        (max(f.guaranteed_minimum or 0, f.people) + PLACE_IN_USE) / max(1, f.people)
        for _, f in model.facilities()
    ]
    return [
        (model.periods[number].days * weights[place], variable)
        for (place, number, who, _), variable in model.people.items()
        if who == STAYS
    ]


def fewest_people(model: Model, *, first_only: bool) -> tuple[int, ...]:
    """The people at the end of each step if every place could release anybody: never fewer.

    `first_only`: of private and jail contracts, if these release before all others.
    """
    question = model.question
    places = [f for f in question.facilities if f.is_asked_first or not first_only]
    free = sum(question.case.releasable(facility) for facility in places)
    # Whoever may be moved may be moved out of a private or jail contract, and is not counted there.
    moved = {status for _, _, status in model.moved} if first_only else set()
    held = 0 if HELD in moved else _held(question, places)
    free = 0 if FREE in moved else free
    left = []
    for period in model.periods:
        free = max(0, free - period.releases)
        left.append(free + held)
    return tuple(left)


def _held(question: Question, places: Iterable[Facility]) -> int:
    return sum(question.case.held_back.get(facility.id, 0) for facility in places)


@dataclass(frozen=True)
class Aim:
    """What is made as small as it can be. `whole`: which open-or-closed questions matter to it:
    none, those of the last day, or all."""

    name: str
    unit: str
    term: Callable[[Model], Term]
    whole: str = "none"


LATE = Aim("late", "days of people after the day on which a place must be empty", late)
PEOPLE_DAYS = Aim("people_days", "days of people in detention", people_days)
LEFT_OPEN = Aim("left_open", "facilities not emptied", left_open, "last")
MOVED = Aim("moved", "people moved", moved, "last")
LATE_AT_LAST = Aim("late_at_last", "people left where nobody should be", late_at_last)
FIRST_LEFT_OPEN = Aim(
    "first_left_open", "private and jail contracts not emptied", first_left_open, "last"
)
FIRST_DAYS = Aim("first_days", "days of people in private and jail contracts", first_days, "last")
PAID_BEDS = Aim(
    "paid_beds",
    "empty beds paid for and people after a contract's end, by day, and a bed for a place in use",
    paid_beds,
    "all",
)
# Meets no aim of its own: a good first order, from which the solver goes on.
A_FIRST_ORDER = Aim("first_order", "", paid_beds_a_person)
