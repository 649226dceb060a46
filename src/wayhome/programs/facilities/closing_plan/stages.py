"""Aims one after the other: each is met as well as it can be before the next is looked at."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import highspy

from wayhome.programs.facilities.closing_plan.aims import Aim, Term, fewest_people
from wayhome.programs.facilities.closing_plan.model import Model, Sum

# An aim is met when nothing can be better by more than this share.
GAP = 0.005
# A sum of thousands of numbers is right to about this much of a person.
_SLACK = 1e-3
_TINY = 1e-6
_HAS_PLAN = 2


@dataclass(frozen=True)
class Met:
    """How well an aim was met: no plan that meets the aims before it can be below `bound`."""

    name: str
    unit: str
    value: float
    bound: float
    seconds: float
    status: str

    @property
    def gap(self) -> float:
        """The share of the value that lies between it and the bound."""
        apart = self.value - self.bound
        return apart / abs(self.value) if apart > _SLACK else 0.0


@dataclass(frozen=True)
class SoFar:
    """The aims met so far, and the model's answers, by the place of the variable."""

    met: tuple[Met, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def is_proved(self) -> bool:
        return all(met.gap <= GAP for met in self.met)

    def with_bounds(self, bounds: Mapping[str, float]) -> SoFar:
        """The same, with what is proved of every plan, and not only of those looked at."""
        met = (
            replace(m, bound=min(m.value, bounds[m.name])) if m.name in bounds else m
            for m in self.met
        )
        return replace(self, met=tuple(met))


class NoPlan(ValueError):
    """The model has no plan, or none was found in the time given."""


def meet(model: Model, aim: Aim, seconds: float, before: SoFar) -> SoFar:
    """Make the aim's sum as small as it can be, and hold the model to it from then on.

    Where time runs out the answers of the aim before stand. Raises NoPlan where there are none, and
    KeyboardInterrupt when interrupted.
    """
    started = time.monotonic()
    term = aim.term(model)
    if not term:
        nothing = Met(aim.name, aim.unit, 0.0, 0.0, 0.0, "nothing to do")
        return SoFar((*before.met, nothing), before.values)
    highs = model.highs
    total = highs.qsum(weight * variable for weight, variable in term)
    _make_whole(model, aim.whole)
    highs.setObjective(total, highspy.ObjSense.kMinimize)
    highs.setOptionValue("time_limit", max(1.0, seconds))
    highs.setOptionValue("mip_rel_gap", GAP)
    if aim.whole != "none" and before.values:
        # Last of all: whatever changes the model makes the solver forget where it was to start.
        start = highspy.HighsSolution()
        start.col_value = list(rounded(model, before.values))
        highs.setSolution(start)
    run_solver(highs)
    values, bound = _result(highs, aim, before.values)
    value = _value(term, values)
    status = str(highs.modelStatusToString(highs.getModelStatus()))
    _hold(model, aim, total, value)
    met = Met(aim.name, aim.unit, value, min(bound, value), time.monotonic() - started, status)
    return SoFar((*before.met, met), values)


def first_order(model: Model, aim: Aim, seconds: float, before: SoFar) -> SoFar:
    """The same aims met, with answers that lie nearer to the next one."""
    highs = model.highs
    highs.setObjective(
        highs.qsum(weight * variable for weight, variable in aim.term(model)),
        highspy.ObjSense.kMinimize,
    )
    highs.setOptionValue("time_limit", max(1.0, seconds))
    run_solver(highs)
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return before
    return replace(before, values=_with_fewest_beds(model, highs.getSolution().col_value))


def _with_fewest_beds(model: Model, values: Sequence[float]) -> tuple[float, ...]:
    """The answers with places open only as long as they are used, and the beds this pays for."""
    whole, last = list(values), len(model.periods) - 1
    lowest = model.highs.getLp().col_lower_
    places = {facility.id: place for place, facility in model.facilities()}
    last_used = dict.fromkeys(range(len(places)), -1)
    for (number, period, _), variable in model.moved.items():
        if values[variable.index] > _TINY:
            target = places[model.routes[number].target.id]
            last_used[target] = max(last_used[target], period)
    for (place, period, *_), variable in model.people.items():
        if values[variable.index] > _TINY:
            last_used[place] = max(last_used[place], period)
    for (place, period), variable in model.is_open.items():
        stays = lowest[model.is_open[place, last].index] > 0
        whole[variable.index] = float(stays or period <= last_used[place])
    for (place, period), variable in model.above.items():
        facility = model.question.facilities[place]
        held = sum(whole[v.index] for v in model.held_at(place, period))
        is_owed = facility.contract_end is not None or whole[model.is_open[place, period].index]
        whole[variable.index] = max(0.0, (facility.guaranteed_minimum or 0) * is_owed - held)
    return tuple(whole)


def _value(term: Term, values: Sequence[float]) -> float:
    return sum(weight * values[variable.index] for weight, variable in term)


def _make_whole(model: Model, which: str) -> None:
    """Say which questions are yes or no."""
    if which == "none":
        return
    last = len(model.periods) - 1
    for (_, number), variable in model.is_open.items():
        if which == "all" or number == last:
            model.highs.setInteger(variable)


def rounded(model: Model, values: Sequence[float]) -> tuple[float, ...]:
    """The answers, with every place that is partly open taken as open."""
    whole = list(values)
    for variable in model.is_open.values():
        whole[variable.index] = float(math.ceil(whole[variable.index] - _TINY))
    return tuple(whole)


def run_solver(highs: highspy.Highs) -> None:
    """Solve in a thread of its own, so that an interrupt ends it soon."""
    highs.HandleUserInterrupt = True
    highs.startSolve()
    try:
        while not highs.wait(0.05)[0]:
            pass
    except KeyboardInterrupt:
        highs.cancelSolve()  # type: ignore[no-untyped-call]
        highs.wait()
        raise


def _result(
    highs: highspy.Highs, aim: Aim, before: tuple[float, ...]
) -> tuple[tuple[float, ...], float]:
    """The answers, and what no plan can be below. No sum here is below 0."""
    info = highs.getInfo()
    is_proved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = float(info.mip_dual_bound)
    if info.primal_solution_status == _HAS_PLAN:
        if not math.isfinite(bound) or info.mip_node_count < 0:
            bound = float(info.objective_function_value) if is_proved else 0.0
        return tuple(highs.getSolution().col_value), max(bound, 0.0)
    if not before:
        raise NoPlan(f"No plan was found in the time given ({aim.unit}).")
    return before, max(bound, 0.0) if math.isfinite(bound) else 0.0


def _hold(model: Model, aim: Aim, total: Sum, value: float) -> None:
    """No later plan does worse. Where people leave as soon as from one single place, that is said
    of each step, which says the same and helps the solver."""
    highs = model.highs
    if aim.name in ("people_days", "first_days"):
        first_only = aim.name == "first_days"
        fewest = fewest_people(model, first_only=first_only)
        best = sum(p.days * n for p, n in zip(model.periods, fewest, strict=True))
        if value <= best + _SLACK:
            _hold_each_step(model, fewest, first_only)
            return
    highs.addConstr(total <= value + _SLACK)


def _hold_each_step(model: Model, fewest: Sequence[int], first_only: bool) -> None:
    places = [p for p, f in model.facilities() if f.is_asked_first or not first_only]
    for number, people in enumerate(fewest):
        held = [variable for place in places for variable in model.held_at(place, number)]
        model.highs.addConstr(model.highs.qsum(held) == people)


def fix_last_day(model: Model, is_open: Mapping[str, bool]) -> None:
    """Say which facilities are open at the end of the last day."""
    last = len(model.periods) - 1
    for place, facility in model.facilities():
        value = float(is_open[facility.id])
        model.highs.changeColBounds(model.is_open[place, last].index, value, value)
