"""The plan as a linear model with open-or-closed questions; README.md has it in symbols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import highspy

from wayhome.programs.facilities.closing_plan.periods import Period
from wayhome.programs.facilities.closing_plan.question import Facility, Question
from wayhome.programs.facilities.closing_plan.routes import Route, homes_of

Variable = highspy.highs.highs_var
Sum = highspy.highs.highs_linear_expression
FREE, HELD = "free", "held"
STAYS, CAME = "stays", "came"


@dataclass(frozen=True)
class Model:
    """The solver with its variables. A period is its place in `periods`, a route its in `routes`.

    `people`: (facility, period, stays or came, free or held back) at the end of the period.
    `moved`: (route, period, free or held). `is_open`: (facility, period). `above`: beds that are
    paid for, above the people in them: (facility, period).
    """

    highs: highspy.Highs
    question: Question
    periods: tuple[Period, ...]
    routes: tuple[Route, ...]
    people: dict[tuple[int, int, str, str], Variable] = field(default_factory=dict)
    moved: dict[tuple[int, int, str], Variable] = field(default_factory=dict)
    is_open: dict[tuple[int, int], Variable] = field(default_factory=dict)
    above: dict[tuple[int, int], Variable] = field(default_factory=dict)

    def facilities(self) -> Iterator[tuple[int, Facility]]:
        return enumerate(self.question.facilities)

    def held_at(self, place: int, period: int) -> list[Variable]:
        """All people in a facility at the end of a period."""
        groups = ((who, status) for who in (STAYS, CAME) for status in (FREE, HELD))
        found = (self.people.get((place, period, *group)) for group in groups)
        return [variable for variable in found if variable is not None]


def built(
    question: Question,
    periods: Sequence[Period],
    routes: Sequence[Route],
    *,
    threads: int,
    moves_free_people: bool = True,
    counts_beds: bool = True,
    days_as_one: bool = False,
) -> Model:
    """The model without an aim. `moves_free_people`: whether who can be released may be moved.
    `days_as_one`: a place may take people in, release them and close within the one step."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    highs.setOptionValue("threads", threads)
    model = Model(highs, question, tuple(periods), tuple(routes))
    _add_variables(model, moves_free_people)
    _add_flows(model)
    _add_openings(model, days_as_one)
    _add_homes(model)
    if counts_beds:
        _add_paid_beds(model)
    return model


def _add_variables(model: Model, moves_free_people: bool) -> None:
    highs, held = model.highs, set(model.question.case.held_back)
    targets = {r.target.id for r in model.routes} if moves_free_people else set()
    held_targets = {r.target.id for r in model.routes if r.origin.id in held}
    for period in range(len(model.periods)):
        for place, facility in model.facilities():
            groups = [(STAYS, FREE)]
            groups += [(STAYS, HELD)] if facility.id in held else []
            groups += [(CAME, FREE)] if facility.id in targets else []
            groups += [(CAME, HELD)] if facility.id in held_targets else []
            for group in groups:
                model.people[place, period, *group] = highs.addVariable(lb=0)
            model.is_open[place, period] = highs.addVariable(lb=0, ub=1)
        for number, route in enumerate(model.routes):
            statuses = [FREE] if moves_free_people else []
            statuses += [HELD] if route.origin.id in held else []
            for status in statuses:
                model.moved[number, period, status] = highs.addVariable(lb=0)


def _add_flows(model: Model) -> None:
    """Nobody appears or vanishes: who was there or came, and is not there now, was moved or, if
    free to go, released; released are never more than was given, in all and of a facility."""
    highs = model.highs
    moves: dict[tuple[int, int, str, str], list[Variable]] = defaultdict(list)
    places = {facility.id: place for place, facility in model.facilities()}
    for (number, period, status), variable in model.moved.items():
        route = model.routes[number]
        moves[places[route.origin.id], period, STAYS, status].append(variable)
        moves[places[route.target.id], period, CAME, status].append(variable)
    released: dict[tuple[int, int], list[Sum]] = defaultdict(list)
    for (place, period, who, status), now in model.people.items():
        before = model.people.get((place, period - 1, who, status))
        start = before if before is not None else _at_start(model, place, who, status)
        moved = highs.qsum(moves[place, period, who, status])
        expected = start + moved if who == CAME else start - moved
        if status == HELD:
            highs.addConstr(now == expected)
        else:
            highs.addConstr(now <= expected)
            released[place, period].append(expected - now)
    for number in range(len(model.periods)):
        _limit_releases(model, number, [released[p, number] for p, _ in model.facilities()])


def _limit_releases(model: Model, number: int, released: Sequence[Sequence[Sum]]) -> None:
    highs, period, caps = model.highs, model.periods[number], model.question.case.caps
    highs.addConstr(highs.qsum(r for of_place in released for r in of_place) <= period.releases)
    for (_, facility), of_place in zip(model.facilities(), released, strict=True):
        cap = caps.get(facility.id)
        if cap is not None:
            most = int(cap * period.last + 1e-9) - int(cap * (period.first - 1) + 1e-9)
            highs.addConstr(highs.qsum(of_place) <= most)


def _at_start(model: Model, place: int, who: str, status: str) -> int:
    facility = model.question.facilities[place]
    if who == CAME:
        return 0
    held = model.question.case.held_back.get(facility.id, 0)
    return held if status == HELD else facility.people - held


def _add_openings(model: Model, days_as_one: bool) -> None:
    """Only an open place holds people or takes any in, up to its room; none opens again."""
    highs = model.highs
    coming: dict[tuple[int, int], list[Variable]] = defaultdict(list)
    places = {facility.id: place for place, facility in model.facilities()}
    for (number, period, _), variable in model.moved.items():
        coming[places[model.routes[number].target.id], period].append(variable)
    for (place, period), is_open in model.is_open.items():
        room = model.question.facilities[place].room
        highs.addConstr(highs.qsum(model.held_at(place, period)) <= room * is_open)
        if coming[place, period] and not days_as_one:
            highs.addConstr(highs.qsum(coming[place, period]) <= room * is_open)
        if period:
            highs.addConstr(is_open <= model.is_open[place, period - 1])


def _add_homes(model: Model) -> None:
    """Of those whose homes are told, each is moved once at most, and never farther from them."""
    if not model.question.moves.homes:
        return
    highs = model.highs
    on_route: dict[int, list[Variable]] = defaultdict(list)
    for (number, _, _), variable in model.moved.items():
        on_route[number].append(variable)
    from_home: dict[tuple[str, str], list[Variable]] = defaultdict(list)
    for number, variables in on_route.items():
        route = model.routes[number]
        shares = [highs.addVariable(lb=0) for _ in route.homes]
        for home, share in zip(route.homes, shares, strict=True):
            from_home[route.origin.id, home].append(share)
        highs.addConstr(highs.qsum(variables) == highs.qsum(shares))
    homes = {f.id: homes_of(model.question, f) for f in model.question.facilities}
    for (facility, home), shares in from_home.items():
        highs.addConstr(highs.qsum(shares) <= homes[facility][home])


def _add_paid_beds(model: Model) -> None:
    """Beds of a guaranteed minimum without anybody in them, while they have to be paid for: to the
    end of the contract where that is told, else as long as the place is open."""
    highs = model.highs
    for place, facility in model.facilities():
        minimum, end = facility.guaranteed_minimum, facility.contract_end
        if not minimum:
            continue
        for number, period in enumerate(model.periods):
            if end is not None and period.last > end:
                continue
            empty = model.above[place, number] = highs.addVariable(lb=0)
            owed = minimum * model.is_open[place, number] if end is None else minimum
            highs.addConstr(empty + highs.qsum(model.held_at(place, number)) >= owed)
