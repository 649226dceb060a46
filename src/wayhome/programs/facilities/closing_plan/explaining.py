"""Why a place is not emptied, or late, and what would be needed, in sentences with numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from wayhome.programs.facilities.closing_plan.plan import FacilityPlan, Plan
from wayhome.programs.facilities.closing_plan.routes import Route, routes_of


def shortfalls(plan: Plan) -> tuple[str, ...]:
    """A sentence or two for everything that the plan could not do; none where it could do all."""
    return (*_too_few_releases(plan), *_late(plan), *_left_open(plan))


def pace_needed(plan: Plan) -> int:
    """The releases a day that empty every place of the people who can be released."""
    case = plan.question.case
    free = sum(case.releasable(f.facility) for f in plan.facilities)
    return math.ceil(free / plan.question.days)


def _too_few_releases(plan: Plan) -> Iterator[str]:
    question = plan.question
    free = sum(question.case.releasable(f.facility) for f in plan.facilities)
    given = sum(question.case.releases)
    if given < free:
        yield (
            f"Too few releases: {given:,} in {question.days} days, and {free:,} people who can be "
            f"released; {free - given:,} of them are still held on day {question.days}. It would "
            f"take {pace_needed(plan):,} releases a day."
        )


def _late(plan: Plan) -> Iterator[str]:
    evenings = {(d.facility, d.day): d.people for d in plan.facility_days}
    for found in plan.facilities:
        day, name = found.facility.must_close_by, found.facility.id
        people = evenings.get((name, day), found.left) if day is not None else 0
        if not people or day is None:
            continue
        until = [d for d in plan.facility_days if d.facility == name and d.day <= day]
        released, out = sum(d.released for d in until), sum(d.moved_out for d in until)
        anywhere = sum(plan.question.case.releases[:day])
        when = f"day {found.day_closed}" if found.day_closed else "none of the days"
        yield (
            f"{name} must be empty by day {day}, and cannot be: of {found.facility.people:,} "
            f"people {released:,} can be released by then and {out:,} moved, which leaves "
            f"{people:,}. All facilities together can release {anywhere:,} by day {day}. It would "
            f"take {people:,} more releases there by that day, or {people:,} more places in its "
            f"field office; the plan empties it on {when}."
        )


def _left_open(plan: Plan) -> Iterator[str]:
    routes = routes_of(plan.question)
    for found in plan.left_open:
        yield f"{found.facility.id} is not emptied: {' '.join(_reasons(plan, found, routes))}"


def _reasons(plan: Plan, found: FacilityPlan, routes: Sequence[Route]) -> list[str]:
    question, facility = plan.question, found.facility
    held = question.case.held_back.get(facility.id, 0)
    reasons = []
    if held:
        reasons.append(
            f"{held:,} of its people cannot be released, and {_room(plan, found, routes)}"
        )
    if found.moved_in:
        reasons.append(f"It takes in {found.moved_in:,} from places that close.")
    cap, free = question.case.caps.get(facility.id), question.case.releasable(facility)
    most = free if cap is None else int(cap * question.days + 1e-9)
    if most < free:
        reasons.append(
            f"It can release {cap:g} a day, {most:,} in {question.days} days, of {free:,} people; "
            f"{math.ceil(free / question.days):,} a day would be needed."
        )
    return reasons or [f"{found.left:,} people are still there, since releases are too few."]


def _room(plan: Plan, found: FacilityPlan, routes: Sequence[Route]) -> str:
    if not plan.question.moves.anybody:
        return "nobody is to be moved."
    stays_open = {p.facility.id: p for p in plan.left_open}
    ways = [r.target for r in routes if r.origin is found.facility and r.target.id in stays_open]
    beds = sum(target.room - stays_open[target.id].left for target in ways)
    office = found.facility.field_office or "not known"
    most = plan.question.moves.within_miles
    near = "" if most is None else f" within {most:g} miles"
    if not ways:
        return f"no other place that stays open in its field office ({office}){near} may take them."
    places = "the one place" if len(ways) == 1 else f"the {len(ways):,} places"
    return (
        f"of {found.left:,} who would have to be moved {beds:,} have room in {places} of its field "
        f"office ({office}){near} that may take them; {max(1, found.left - beds):,} more beds "
        "would be needed."
    )
