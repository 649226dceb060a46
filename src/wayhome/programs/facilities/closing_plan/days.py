"""The order of closing worked out in whole people, day by day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import highspy

from wayhome.programs.facilities.closing_plan import aims
from wayhome.programs.facilities.closing_plan.model import Model, Variable, built
from wayhome.programs.facilities.closing_plan.ordering import NOBODY, Order
from wayhome.programs.facilities.closing_plan.periods import Period, last_day_needed
from wayhome.programs.facilities.closing_plan.question import PlanProblem, Question
from wayhome.programs.facilities.closing_plan.routes import Route, routes_of
from wayhome.programs.facilities.closing_plan.stages import run_solver

_WHOLE = 1e-5
# What counts: a day of a person where nobody should be any more, then any day of a person, then
# a move, then (over all days less than that) a day of a person in the place to be emptied first.
_LATE_DAY = 2e7
_PERSON_DAY, _MOVE, _MOST_RANK = 1e6, 1e3, 1.0
_HAS_PLAN = 2


@dataclass(frozen=True)
class Move:
    """People moved on a day, from one facility to another; miles where both places are known."""

    day: int
    origin: str
    target: str
    people: int
    miles: float | None


@dataclass(frozen=True)
class FacilityDay:
    """A facility on an evening: who is still there, who left and came in the day."""

    facility: str
    day: int
    people: int
    released: int
    moved_out: int
    moved_in: int


def by_day(
    question: Question, order: Order, seconds: float, threads: int = 2
) -> tuple[tuple[FacilityDay, ...], tuple[Move, ...]]:
    """Every facility on every day until nothing happens any more, and every move, as whole people.

    Every place is empty by the end of the step that the order says, and within it as early as it
    can be, in the order's order. Raises PlanProblem where no plan of whole people was found.
    """
    routes = tuple(r for r in routes_of(question) if _windows(order, r))
    releases = question.case.releases[: _last_day(question, order)]
    periods = tuple(Period(day, day, people) for day, people in enumerate(releases, start=1))
    model = built(question, periods, routes, threads=threads, counts_beds=False)
    _close(model, order)
    _allow_moves(model, order)
    values = _solved(model, _weights(model, order), seconds)
    moves = tuple(_moves(model, values))
    return tuple(_facility_days(model, values, moves)), moves


def _last_day(question: Question, order: Order) -> int:
    """The day after which nothing happens any more."""
    if question.case.caps and len(order.closed) < len(question.facilities):
        return question.days
    moved = [last for _, _, _, last in order.moves]
    return min(question.days, max(last_day_needed(question), *order.closed.values(), *moved, 1))


def _windows(order: Order, route: Route) -> Mapping[tuple[int, int], float]:
    """The steps in which people go that way, and how many."""
    ends = (route.origin.id, route.target.id)
    return {(a, b): n for (o, t, a, b), n in order.moves.items() if (o, t) == ends}


def _close(model: Model, order: Order) -> None:
    never = len(model.periods) + 1
    for (place, number), variable in model.is_open.items():
        closed = order.closed.get(model.question.facilities[place].id, never)
        value = float(model.periods[number].last < closed)
        model.highs.changeColBounds(variable.index, value, value)


def _allow_moves(model: Model, order: Order) -> None:
    """People are moved in the steps of the order, and no more of them than there."""
    highs = model.highs
    for number, route in enumerate(model.routes):
        windows = _windows(order, route)
        of_window: dict[tuple[int, int], list[Variable]] = defaultdict(list)
        for (which, day, _), variable in model.moved.items():
            if which != number:
                continue
            window = next((w for w in windows if w[0] <= day + 1 <= w[1]), None)
            if window is None:
                highs.changeColBounds(variable.index, 0.0, 0.0)
            else:
                of_window[window].append(variable)
        for window, variables in of_window.items():
            highs.addConstr(highs.qsum(variables) <= math.ceil(windows[window] - NOBODY))


def _weights(model: Model, order: Order) -> list[tuple[float, Variable]]:
    never = len(model.periods) + 1
    due = {
        f.id: (min(order.closed.get(f.id, never), f.must_close_by or never), f.people, f.id)
        for f in model.question.facilities
    }
    ranks = {name: rank for rank, name in enumerate(sorted(due, key=lambda name: due[name]))}
    facilities = model.question.facilities
    people = [
        (_PERSON_DAY + _MOST_RANK * (1 - ranks[facilities[place].id] / len(ranks)), variable)
        for (place, *_), variable in model.people.items()
    ]
    late = [(_LATE_DAY, variable) for _, variable in aims.late(model)]
    return [*people, *late, *((_MOVE, variable) for variable in model.moved.values())]


def _solved(model: Model, weights: list[tuple[float, Variable]], seconds: float) -> list[float]:
    """Whole answers: the corners of such a model nearly always are, and else they are asked for."""
    highs = model.highs
    counted = [*model.people.values(), *model.moved.values()]
    highs.setObjective(highs.qsum(w * v for w, v in weights), highspy.ObjSense.kMinimize)
    # A corner, and no point between corners.
    highs.setOptionValue("solver", "simplex")
    highs.setOptionValue("time_limit", max(5.0, seconds))
    for wants_whole in (False, True):
        if wants_whole:
            for variable in counted:
                highs.setInteger(variable)
            highs.setOptionValue("solver", "choose")
        run_solver(highs)
        if highs.getInfo().primal_solution_status != _HAS_PLAN:
            continue
        values = list(highs.getSolution().col_value)
        if all(abs(values[v.index] - round(values[v.index])) < _WHOLE for v in counted):
            return values
    raise PlanProblem("The order of closing could not be worked out in whole people by day.")


def _moves(model: Model, values: list[float]) -> list[Move]:
    people: dict[tuple[int, int], int] = defaultdict(int)
    for (number, day, _), variable in model.moved.items():
        people[day, number] += round(values[variable.index])
    routes = model.routes
    return [
        Move(day + 1, routes[n].origin.id, routes[n].target.id, count, routes[n].miles)
        for (day, n), count in sorted(people.items())
        if count
    ]


def _facility_days(model: Model, values: list[float], moves: tuple[Move, ...]) -> list[FacilityDay]:
    out: dict[tuple[str, int], int] = defaultdict(int)
    into: dict[tuple[str, int], int] = defaultdict(int)
    for move in moves:
        out[move.origin, move.day] += move.people
        into[move.target, move.day] += move.people
    days = []
    for place, facility in model.facilities():
        before = facility.people
        for number, period in enumerate(model.periods):
            now = sum(round(values[v.index]) for v in model.held_at(place, number))
            key = (facility.id, period.last)
            released = before + into[key] - out[key] - now
            days.append(FacilityDay(*key, now, released, out[key], into[key]))
            before = now
    return days
