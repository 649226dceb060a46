"""A closing plan for a terminal: what it comes to, how good it is, and what it could not do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from wayhome.programs.facilities.closing_plan.explaining import pace_needed, shortfalls
from wayhome.programs.facilities.closing_plan.plan import FacilityPlan, Plan
from wayhome.programs.facilities.closing_plan.writing import ASSUMED

MOST_SHOWN, WIDTH_OF_A_FILE = 12, 120
CASES = {
    "one": "The plan",
    "most": "If the most people can be released",
    "fewest": "If the fewest people can be released",
}


def show(plans: Sequence[Plan], told: Sequence[str], console: Console | None = None) -> None:
    """Prints the plans to standard output unless a console is given."""
    lines: list[RenderableType] = [Text(sentence) for sentence in told]
    if len(plans) > 1:
        lines.append(
            Text(
                "How many people cannot be released is not known: here are the two ends, and not a "
                "guess between them."
            )
        )
    for plan in plans:
        lines += _plan(plan)
    lines += [Text(), Text("What this takes for granted", style="bold")]
    lines += [Text(f"- {sentence}") for sentence in ASSUMED]
    (console or _console()).print(Group(*lines))


def _console() -> Console:
    """A file or a pipe has no width of its own: it is given room for whole names."""
    console = Console()
    is_as_wide = console.is_terminal or "COLUMNS" in os.environ
    return console if is_as_wide else Console(width=WIDTH_OF_A_FILE)


def _plan(plan: Plan) -> Iterator[RenderableType]:
    yield Text()
    yield Text(f"{CASES[plan.question.case.name]}: {plan.question.case.words}", style="bold")
    for sentence in headline(plan):
        yield Text(sentence)
    yield Text()
    yield _closings(plan)
    yield Text()
    yield Text(compared(plan))
    failed = shortfalls(plan)
    if failed:
        yield Text()
        yield Text("What the plan cannot do", style="bold")
        yield from (Text(f"- {sentence}") for sentence in failed[:MOST_SHOWN])
        if len(failed) > MOST_SHOWN:
            yield Text(f"… and {len(failed) - MOST_SHOWN:,} more (--out writes all).")
    yield Text()
    yield from (Text(sentence, style="dim") for sentence in how_good(plan))


def headline(plan: Plan) -> Iterator[str]:
    """What the plan comes to."""
    closed = len(plan.facilities) - len(plan.left_open)
    when = f", the last of them on day {plan.last_closed}" if plan.last_closed else ""
    yield (
        f"{plan.people:,} people in {len(plan.facilities):,} facilities. {closed:,} facilities are "
        f"emptied{when}; {len(plan.left_open):,} are not."
    )
    left = sum(found.left for found in plan.facilities)
    yield (
        f"{plan.released:,} people are released, {plan.moved:,} moved; {left:,} are still held on "
        f"day {plan.question.days}. {plan.people_days:,} days of people in detention."
    )
    empty = sum(found.empty_bed_days_paid for found in plan.facilities)
    after = sum(found.people_days_after_contract for found in plan.facilities)
    later = f", {after:,} days of people after a contract's end" if after else ""
    pace = pace_needed(plan)
    yield (
        f"{empty:,} empty beds paid for, by day{later}. To release all who can be within "
        f"{plan.question.days} days takes {pace:,} releases a day."
    )


def _closings(plan: Plan) -> RenderableType:
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    # Where it is narrow, words stand on more lines: a number is never cut.
    for heading in ("facility", "type", "office"):
        grid.add_column(heading, overflow="fold")
    for heading in ("people", "released", "out", "in", "empty on day"):
        grid.add_column(heading, justify="right", no_wrap=True)
    shown = sorted(plan.facilities, key=lambda f: (-f.facility.people, f.facility.id))
    for found in shown[:MOST_SHOWN]:
        grid.add_row(*_cells(found))
    rest = len(shown) - MOST_SHOWN
    more = f"… and {rest:,} smaller ones (--out writes all). " if rest > 0 else ""
    return Group(grid, Text(f"{more}out, in: people moved."))


def _cells(found: FacilityPlan) -> Iterator[str]:
    facility = found.facility
    yield from (facility.id, facility.type, facility.field_office)
    yield from (f"{n:,}" for n in (facility.people, found.released))
    yield from (f"{n:,}" if n else "–" for n in (found.moved_out, found.moved_in))
    yield str(found.day_closed) if found.day_closed else f"{found.left:,} left"


def compared(plan: Plan) -> str:
    """What closing the same places on the same days by moving people does."""
    other = plan.transfers
    if not plan.last_closed:
        return "No facility is emptied, so there is nothing to compare with a closing by transfers."
    emptied = len(plan.facilities) - len(plan.left_open) - len(other.not_emptied)
    far = "" if other.farthest is None else f", up to {other.farthest:,.0f} miles"
    unknown = (
        f" ({other.unknown_miles:,} of the moves: how far is not known)"
        if other.unknown_miles
        else ""
    )
    stuck = (
        f" From day {other.first_day_without_room} on there is not room for everybody: "
        f"{len(other.not_emptied):,} of the facilities cannot be emptied."
        if other.not_emptied
        else ""
    )
    return (
        f"The same places closed on the same days by transfers, with nobody released: "
        f"{other.people:,} people are moved {other.times:,} times, {other.more_than_once:,} of "
        f"them more than once, {other.other_field_office:,} times to the area of another field "
        f"office, {other.miles:,.0f} miles in all{far}{unknown}. {emptied:,} facilities are "
        f"emptied.{stuck}"
    )


def how_good(plan: Plan) -> Iterator[str]:
    """The optimality gap of every aim, in its order."""
    yield (
        f"Worked out in {plan.seconds:.1f} seconds by HiGHS, in steps of up to "
        f"{plan.longest_step} days; days within a step are worked out after it. Each aim is met "
        "before the next:"
    )
    for number, met in enumerate(plan.met, start=1):
        yield (
            f"  {number}. {met.unit}: {met.value:,.0f}; no plan is below {met.bound:,.0f} "
            f"(gap {met.gap:.2%})"
        )
    if plan.left_open or plan.moved:
        yield (
            "  The last two are measured against plans that leave the same facilities open, the "
            "last against those that move people the same ways too."
        )
    yield (
        f"  By day: {plan.people_days:,} days of people; no plan is below "
        f"{plan.fewest_people_days:,}."
    )
