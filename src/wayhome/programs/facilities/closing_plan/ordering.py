"""The order of closing: which places can be emptied, whom that moves, and when."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wayhome.programs.facilities.closing_plan import aims
from wayhome.programs.facilities.closing_plan.aims import Aim, fewest_people
from wayhome.programs.facilities.closing_plan.model import FREE, Model, built
from wayhome.programs.facilities.closing_plan.periods import (
    last_day_needed,
    periods_of,
    whole_span,
)
from wayhome.programs.facilities.closing_plan.question import PlanProblem, Question
from wayhome.programs.facilities.closing_plan.routes import Route, routes_of
from wayhome.programs.facilities.closing_plan.stages import (
    Met,
    NoPlan,
    SoFar,
    first_order,
    fix_last_day,
    meet,
    rounded,
)

# Of the time that is left, how much an aim may take.
_SHARE = 0.7
_CLOSE = 0.5
# So few open-or-closed questions are settled at once.
_SMALL = 300
# Later than any day.
NEVER = 10**6
# Less than this much of a person is nobody, but a sum that is not quite exact.
NOBODY = 0.02
_FIRST_FOUR = (aims.LATE, aims.PEOPLE_DAYS, aims.LEFT_OPEN, aims.MOVED)


@dataclass(frozen=True)
class Order:
    """`closed`: the last day of the step in which a facility was emptied. `moves`: (origin, target,
    first day, last day) of a step to people, where there are any."""

    met: tuple[Met, ...]
    longest_step: int
    closed: dict[str, int]
    moves: dict[tuple[str, str, int, int], float]


@dataclass(frozen=True)
class _Ends:
    """Which places are open at the end, worked out with all days as one: `fewest_open` and
    `fewest_moved` are bounds for every plan."""

    is_open: dict[str, bool]
    fewest_open: float
    fewest_moved: float
    moves_free_people: bool


class _Clock:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def share(self) -> float:
        """Seconds that the next aim may take."""
        return self.left() * _SHARE

    def left(self) -> float:
        return max(2.0, self._end - time.monotonic())


def ordered(question: Question, seconds: float, threads: int = 2) -> Order:
    """Meet every aim in its order, in about so many seconds.

    A plan without moves comes first: where it empties every place as early as the releases in all
    allow, no plan with moves has fewer days of people, and moves are left out. Else which places
    stay open is settled with all days taken as one, and then when each of the others is emptied.

    Raises KeyboardInterrupt when interrupted; PlanProblem where not even a first plan was found.
    """
    clock = _Clock(seconds)
    try:
        model = _steps(question, last_day_needed(question), (), threads)
        so_far = _meet_all(model, _FIRST_FOUR, clock)
        is_best = _is_best_of_all(model, so_far)
        if not is_best:
            model, so_far = _with_moves(question, clock, threads)
        so_far = meet(model, aims.FIRST_DAYS, clock.share(), so_far)
        if not is_best:
            model, so_far = _narrowed(model, so_far, clock, threads)
        so_far = first_order(model, aims.A_FIRST_ORDER, clock.share(), so_far)
        so_far = meet(model, aims.PAID_BEDS, clock.left(), so_far)
    except NoPlan as error:
        raise PlanProblem(f"{error} Allow more seconds, or fewer facilities.") from error
    return _order(model, so_far)


def _steps(question: Question, last: int, routes: Sequence[Route], threads: int) -> Model:
    return built(question, periods_of(question, last), routes, threads=threads)


def _meet_all(
    model: Model, wanted: Sequence[Aim], clock: _Clock, so_far: SoFar | None = None
) -> SoFar:
    so_far = so_far or SoFar()
    for aim in wanted:
        so_far = meet(model, aim, clock.share(), so_far)
    return so_far


def _is_best_of_all(model: Model, so_far: SoFar) -> bool:
    """Whether no place is late or open and people leave as soon as from one single place."""
    late, people_days, left_open, _ = (met.value for met in so_far.met)
    fewest = fewest_people(model, first_only=False)
    best = sum(p.days * n for p, n in zip(model.periods, fewest, strict=True))
    return late < _CLOSE and left_open < _CLOSE and people_days < best + _CLOSE


def _with_moves(question: Question, clock: _Clock, threads: int) -> tuple[Model, SoFar]:
    """The model with the first four aims met: with the ends of all days as one, and where that is
    not proved to be the best, against the model with every question open."""
    routes = routes_of(question)
    found: tuple[Model, SoFar] | None = None
    for ends in _all_ends(question, routes, clock, threads):
        try:
            one = _towards(question, routes, ends, clock, threads)
        except NoPlan:
            continue
        if one[1].is_proved:
            return one
        if found is None or _values(one[1]) < _values(found[1]):
            found = one
    model = _steps(question, question.days, routes, threads)
    so_far = _meet_all(model, _FIRST_FOUR[:2], clock)
    is_small = len(model.is_open) <= _SMALL
    if found and _values(found[1])[:2] <= _values(so_far) and not is_small:
        return found[0], _also_proved(found[1], so_far)
    so_far = _meet_all(model, _FIRST_FOUR[2:], clock, so_far)
    if found and _values(found[1]) <= _values(so_far):
        return found[0], _also_proved(found[1], so_far)
    return model, so_far


def _also_proved(found: SoFar, by: SoFar) -> SoFar:
    """With what the model with every question open has proved of the first two aims."""
    pairs = zip(found.met[:2], by.met[:2], strict=True)
    return found.with_bounds({one.name: max(one.bound, other.bound) for one, other in pairs})


def _values(so_far: SoFar) -> tuple[float, ...]:
    return tuple(round(met.value, 1) for met in so_far.met)


def _narrowed(model: Model, so_far: SoFar, clock: _Clock, threads: int) -> tuple[Model, SoFar]:
    """The same with the ways alone that are used, and the places open that are: so much smaller
    that the last aim can be met."""
    values, last = so_far.values, len(model.periods) - 1
    used = {key for key, v in model.moved.items() if values[v.index] > NOBODY}
    ways = [route for n, route in enumerate(model.routes) if any(n == key[0] for key in used)]
    is_open = {
        f.id: sum(values[v.index] for v in model.held_at(place, last)) > NOBODY
        for place, f in model.facilities()
    }
    free = any(status == FREE for _, _, status in used)
    narrow = built(model.question, model.periods, ways, threads=threads, moves_free_people=free)
    fix_last_day(narrow, is_open)
    try:
        again = _meet_all(narrow, (*_FIRST_FOUR, aims.FIRST_DAYS), clock)
    except NoPlan:
        return model, so_far
    if _values(again) > _values(so_far):
        return model, so_far
    return narrow, SoFar(so_far.met, again.values)


def _all_ends(
    question: Question, routes: Sequence[Route], clock: _Clock, threads: int
) -> Iterator[_Ends]:
    """What the plan may end in: as few places open as can be, and, where some must be empty early,
    as few people left in these as can be, and then as few places open."""
    fewest = _ends(question, routes, clock, threads)
    yield fewest
    must = [f for f in question.facilities if (f.must_close_by or NEVER) <= question.days]
    if any(fewest.is_open[facility.id] for facility in must):
        other = _ends(question, routes, clock, threads, aims.LATE_AT_LAST)
        yield replace(other, fewest_open=fewest.fewest_open, fewest_moved=fewest.fewest_moved)


def _ends(
    question: Question, routes: Sequence[Route], clock: _Clock, threads: int, *before: Aim
) -> _Ends:
    """All days as one: what can be emptied at all, and how few people that moves."""
    model = built(question, whole_span(question), routes, threads=threads, days_as_one=True)
    wanted = (*before, aims.LEFT_OPEN, aims.MOVED, aims.FIRST_LEFT_OPEN)
    so_far = _meet_all(model, wanted, clock)
    fewest_open, fewest_moved, _ = so_far.met[-3:]
    values = rounded(model, so_far.values)
    is_open = {f.id: values[model.is_open[p, 0].index] > _CLOSE for p, f in model.facilities()}
    free = sum(values[v.index] for (_, _, s), v in model.moved.items() if s == FREE)
    return _Ends(
        is_open,
        fewest_open.bound,
        fewest_moved.bound if fewest_open.gap == 0 else 0.0,
        free > _CLOSE,
    )


def _towards(
    question: Question, routes: Sequence[Route], ends: _Ends, clock: _Clock, threads: int
) -> tuple[Model, SoFar]:
    """A plan that ends so. Unless some have to be moved in order to be released, only people who
    are held back are moved, from a place that closes to one that stays."""
    used = routes
    if not ends.moves_free_people:
        is_open = ends.is_open
        used = [r for r in routes if is_open[r.target.id] and not is_open[r.origin.id]]
    model = built(
        question,
        periods_of(question, question.days),
        used,
        threads=threads,
        moves_free_people=ends.moves_free_people,
    )
    fix_last_day(model, ends.is_open)
    return model, _proved(_meet_all(model, _FIRST_FOUR, clock), model, ends)


def _proved(so_far: SoFar, model: Model, ends: _Ends) -> SoFar:
    """With the bounds that hold for every plan, and not only for one that ends in a given way."""
    fewest = fewest_people(model, first_only=False)
    best = float(sum(p.days * n for p, n in zip(model.periods, fewest, strict=True)))
    is_fewest = so_far.met[2].value < ends.fewest_open + _CLOSE
    bounds = {"late": 0.0, "people_days": best, "left_open": ends.fewest_open}
    return so_far.with_bounds({**bounds, "moved": ends.fewest_moved if is_fewest else 0.0})


def _order(model: Model, so_far: SoFar) -> Order:
    """What the answers say; less than NOBODY of a person is a sum that is not quite exact."""
    values, unused = so_far.values, dict.fromkeys(model.is_open, True)
    places = {facility.id: place for place, facility in model.facilities()}
    moves: dict[tuple[str, str, int, int], float] = {}
    for (number, when, _), variable in model.moved.items():
        route, period = model.routes[number], model.periods[when]
        key = (route.origin.id, route.target.id, period.first, period.last)
        if values[variable.index] > NOBODY:
            moves[key] = moves.get(key, 0.0) + values[variable.index]
            unused[places[route.target.id], when] = False
    closed: dict[str, int] = {}
    for place, facility in model.facilities():
        for number in reversed(range(len(model.periods))):
            held = sum(values[v.index] for v in model.held_at(place, number))
            if held > NOBODY or not unused[place, number]:
                break
            closed[facility.id] = model.periods[number].last
    longest = max(period.days for period in model.periods)
    return Order(so_far.met, longest, closed, moves)
