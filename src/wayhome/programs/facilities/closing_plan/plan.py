"""A closing plan: when each place is empty, who was released and moved, and how good it is."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wayhome.programs.facilities.closing_plan.days import FacilityDay, Move, by_day
from wayhome.programs.facilities.closing_plan.ordering import ordered
from wayhome.programs.facilities.closing_plan.question import Facility, Question
from wayhome.programs.facilities.closing_plan.stages import Met
from wayhome.programs.facilities.closing_plan.transfers import Closing, Transfers, transfers

# Of the time given, the share in which the order is sought; the rest is for the days.
_ORDER_SHARE = 0.7


@dataclass(frozen=True)
class FacilityPlan:
    """What becomes of one facility. `day_closed`: the first evening on which it is empty and stays
    so; None where people are left in it. Beds and days are counted to the last day."""

    facility: Facility
    day_closed: int | None
    released: int
    moved_out: int
    moved_in: int
    left: int
    empty_bed_days_paid: int
    people_days_after_contract: int


@dataclass(frozen=True)
class Day:
    """All facilities on an evening."""

    day: int
    people: int
    released: int
    moved: int
    open: int
    asked_first_open: int


@dataclass(frozen=True)
class Plan:
    """`met`: each aim in its order. `fewest_people_days`: what no plan can be below."""

    question: Question
    met: tuple[Met, ...]
    longest_step: int
    facilities: tuple[FacilityPlan, ...]
    days: tuple[Day, ...]
    facility_days: tuple[FacilityDay, ...]
    moves: tuple[Move, ...]
    transfers: Transfers
    fewest_people_days: int
    seconds: float

    @property
    def people(self) -> int:
        return sum(f.facility.people for f in self.facilities)

    @property
    def people_days(self) -> int:
        return sum(day.people for day in self.days)

    @property
    def released(self) -> int:
        return sum(f.released for f in self.facilities)

    @property
    def moved(self) -> int:
        return sum(move.people for move in self.moves)

    @property
    def left_open(self) -> tuple[FacilityPlan, ...]:
        return tuple(f for f in self.facilities if f.day_closed is None)

    @property
    def last_closed(self) -> int | None:
        """The day on which the last of the places that close is empty."""
        return max((f.day_closed for f in self.facilities if f.day_closed), default=None)


def solve(question: Question, seconds: float = 25.0, threads: int = 2) -> Plan:
    """Work out a plan in about so many seconds. Raises PlanProblem, a sentence, where not even a
    first plan was found in them, and KeyboardInterrupt when interrupted."""
    started = time.monotonic()
    order = ordered(question, seconds * _ORDER_SHARE, threads)
    left = seconds - (time.monotonic() - started)
    facility_days, moves = by_day(question, order, left, threads)
    plans = tuple(_facility_plans(question, facility_days))
    closings = [Closing(p.facility.id, p.day_closed) for p in plans if p.day_closed is not None]
    return Plan(
        question,
        order.met,
        order.longest_step,
        plans,
        tuple(_days(question, facility_days)),
        facility_days,
        moves,
        transfers(question.facilities, closings),
        sum(_fewest(question)),
        time.monotonic() - started,
    )


def _fewest(question: Question) -> list[int]:
    """People on each evening if every place could release anybody."""
    held = sum(question.case.held_back.values())
    people, left = sum(f.people for f in question.facilities), []
    for releases in question.case.releases:
        people = max(held, people - releases)
        left.append(people)
    return left


def _facility_plans(question: Question, days: Sequence[FacilityDay]) -> list[FacilityPlan]:
    of_facility: dict[str, list[FacilityDay]] = defaultdict(list)
    for day in days:
        of_facility[day.facility].append(day)
    return [_facility_plan(question, f, of_facility[f.id]) for f in question.facilities]


def _facility_plan(
    question: Question, facility: Facility, days: Sequence[FacilityDay]
) -> FacilityPlan:
    busy = [d.day for d in days if d.people or d.released or d.moved_in or d.moved_out]
    left = days[-1].people
    closed = None if left else max(busy, default=1)
    evenings = {d.day: d.people for d in days}
    held = [evenings.get(day, left) for day in range(1, question.days + 1)]
    end, minimum = facility.contract_end, facility.guaranteed_minimum or 0
    # Owed to the contract's end where that is told, else until the day on which it closes.
    owed = end if end is not None else (closed - 1 if closed else question.days)
    return FacilityPlan(
        facility,
        closed,
        sum(d.released for d in days),
        sum(d.moved_out for d in days),
        sum(d.moved_in for d in days),
        left,
        sum(max(0, minimum - people) for people in held[: max(0, owed)]),
        sum(held[max(0, end) :]) if end is not None else 0,
    )


def _days(question: Question, facility_days: Sequence[FacilityDay]) -> list[Day]:
    first = {f.id for f in question.facilities if f.is_asked_first}
    on: dict[int, list[FacilityDay]] = defaultdict(list)
    for facility_day in facility_days:
        on[facility_day.day].append(facility_day)
    last = on[max(on)]
    days = []
    for day in range(1, question.days + 1):
        rows, quiet = on.get(day, last), day not in on
        open_now = [row.facility for row in rows if row.people]
        days.append(
            Day(
                day,
                sum(row.people for row in rows),
                0 if quiet else sum(row.released for row in rows),
                0 if quiet else sum(row.moved_out for row in rows),
                len(open_now),
                len(first.intersection(open_now)),
            )
        )
    return days
