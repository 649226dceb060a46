"""The steps of every journey home (steps.yaml), and what of a case's journey waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from importlib import resources
from typing import Any

import yaml

from wayhome.web.accounts.models import Role
from wayhome.web.cases.models import State
from wayhome.web.journey.models import Step

# From the grant on, a case has a journey.
HAVE_JOURNEY = (State.GRANTED, State.TRAVELLING, State.HOME)


class CountedFrom(StrEnum):
    """From which day a step's days run."""

    GRANTED = "granted"
    HOME = "home"


@dataclass(frozen=True)
class Kind:
    """A line of steps.yaml."""

    code: str
    name: str
    what: str
    owner: Role
    counted_from: CountedFrom
    days: int
    waits_for: tuple[str, ...] = ()
    may_be_left_out: bool = False

    @property
    def is_before_home(self) -> bool:
        return self.counted_from is CountedFrom.GRANTED


@cache
def kinds() -> Mapping[str, Kind]:
    """Every step by its code, each behind those that it waits for."""
    text = resources.files(__package__).joinpath("steps.yaml").read_text(encoding="utf-8")
    found = {code: _kind(code, held) for code, held in yaml.safe_load(text).items()}
    graph = {code: kind.waits_for for code, kind in found.items()}
    order = TopologicalSorter(graph).static_order()
    place = {code: at for at, code in enumerate(found)}
    ranked = sorted(order, key=lambda code: (_depth(code, graph), place[code]))
    before = [code for code in ranked if found[code].is_before_home]
    after = [code for code in ranked if not found[code].is_before_home]
    return {code: found[code] for code in before + after}


def _kind(code: str, held: dict[str, Any]) -> Kind:
    return Kind(
        code=code,
        counted_from=CountedFrom(held.pop("from")),
        owner=Role(held.pop("owner")),
        waits_for=tuple(held.pop("waits_for", ())),
        **held,
    )


def _depth(code: str, graph: Mapping[str, tuple[str, ...]]) -> int:
    return 1 + max((_depth(other, graph) for other in graph[code]), default=0)


def is_settled(step: Step) -> bool:
    """Done, or not needed."""
    return step.done_on is not None or step.not_needed


def is_late(step: Step, today: date) -> bool:
    return not is_settled(step) and step.due is not None and step.due < today


def due_day(kind: Kind, granted_on: date, home_on: date | None) -> date | None:
    """When a step should be done; None while nobody knows, before the arrival."""
    start = granted_on if kind.is_before_home else home_on
    return start + timedelta(days=kind.days) if start else None


@dataclass(frozen=True)
class StepLine:
    """A step as a page shows it: what it waits for by name, and whether it is late."""

    step: Step
    kind: Kind
    waits_for: tuple[str, ...]
    is_late: bool
    is_settled: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody can do it now."""
        return not self.is_settled and not self.waits_for


def step_lines(steps: Iterable[Step], state: str, today: date) -> list[StepLine]:
    """Every step of a case in order, with what each one waits for."""
    by_kind = {step.kind: step for step in steps}
    return [
        StepLine(
            step=by_kind[code],
            kind=kind,
            waits_for=tuple(waits_of(kind, by_kind, state)),
            is_late=is_late(by_kind[code], today),
            is_settled=is_settled(by_kind[code]),
        )
        for code, kind in kinds().items()
        if code in by_kind
    ]


def waits_of(kind: Kind, steps: Mapping[str, Step], state: str) -> list[str]:
    """The names of what must be settled first."""
    open_ = [c for c in kind.waits_for if c in steps and not is_settled(steps[c])]
    arrival = [] if kind.is_before_home or state == State.HOME else ["the arrival home"]
    return [*(kinds()[code].name for code in open_), *arrival]


def missing_for_home(steps: Iterable[Step]) -> list[str]:
    """The names of the steps that keep a case from being home."""
    by_kind = {step.kind: step for step in steps}
    return [
        kind.name
        for code, kind in kinds().items()
        if kind.is_before_home and not (code in by_kind and is_settled(by_kind[code]))
    ]
