"""`wayhome closing-plan`: when each place of detention can be emptied."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import parsed_day
from wayhome.cli.problems import Exit, Problem

if TYPE_CHECKING:
    from wayhome.programs.facilities.closing_plan.plan import Plan
    from wayhome.programs.facilities.closing_plan.question import Moves
    from wayhome.programs.facilities.closing_plan.reading import Releases, Roll

# Of the time given, what is kept for reading, drawing and writing.
KEPT_SECONDS = 5.0


def add_to(app: typer.Typer) -> None:
    app.command("closing-plan")(closing_plan)


def closing_plan(
    stats: Annotated[
        Path,
        typer.Argument(
            help="A folder of `wayhome import detention-stats`, or a CSV: facility, people, …"
        ),
    ],
    year: Annotated[int | None, typer.Option("--year", help="The fiscal year.")] = None,
    releases_per_day: Annotated[
        float | None, typer.Option("--releases-per-day", min=0, help="Of all facilities together.")
    ] = None,
    releases: Annotated[
        Path | None,
        typer.Option(
            "--releases", help="CSV: facility, releases_per_day; or JSON of `wayhome simulate`."
        ),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=730)] = 100,
    start: Annotated[
        str | None, typer.Option("--start", metavar="YYYY-MM-DD", help="The date of day 1.")
    ] = None,
    held_back: Annotated[
        float | None,
        typer.Option(
            "--held-back", min=0, max=1,
            help="The share who cannot be released (0 to 1). Not known: both ends are planned.",
        ),
    ] = None,
    contracts: Annotated[
        Path | None,
        typer.Option("--contracts", help="CSV: facility, contract_end, must_close_by, capacity, …"),
    ] = None,
    registry: Annotated[
        Path | None,
        typer.Option("--registry", help="A folder of `wayhome facilities registry`: capacities."),
    ] = None,
    homes: Annotated[
        Path | None, typer.Option("--homes", help="CSV: facility, zip (of homes), people.")
    ] = None,
    within_miles: Annotated[
        float | None, typer.Option("--within-miles", min=0, help="Nobody is moved farther.")
    ] = None,
    move_nobody: Annotated[
        bool, typer.Option("--move-nobody", help="Release only; leave open what that cannot empty.")
    ] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=5, help="About this long.")] = 45,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64)] = 2,
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder to make or replace: tables, pictures.")
    ] = None,
) -> None:  # fmt: skip
    """Work out when each place of detention can be emptied, releasing people first.

    As few as possible are moved, and none to the area of another field office; private and jail
    contracts come first; guaranteed minimums and ends of contracts count as cost. What cannot be
    done is said with numbers. It stands beside what a closing by transfers would do.
    """
    from wayhome.programs.facilities.closing_plan.question import PlanProblem
    from wayhome.sources.eoir.release import ReleaseProblem

    day = parsed_day(start, "--start") if start else None
    try:
        roll = _roll(stats, year, contracts, registry, day)
        pace = _releases(roll, releases, releases_per_day, days)
        moves = _moves(roll, homes, within_miles, anybody=not move_nobody)
        plans = _plans(roll, pace, moves, days, day, held_back, seconds, threads)
        _put(plans, (*roll.told, *pace.told), out, (stats, contracts, releases, homes))
    except (PlanProblem, ReleaseProblem) as error:
        raise Problem(str(error)) from error
    except KeyboardInterrupt as error:
        raise Problem("Interrupted. Nothing was written.", Exit.INTERRUPTED) from error


def _roll(
    stats: Path,
    year: int | None,
    contracts: Path | None,
    registry: Path | None,
    start: date | None,
) -> Roll:
    from wayhome.programs.facilities.closing_plan.reading import (
        facilities_in,
        facilities_of,
        with_contracts,
        with_registry,
    )

    if stats.is_dir():
        if year is None:
            raise Problem("--year: say of which fiscal year, such as --year 2021.", Exit.USAGE)
        roll = facilities_of(stats, year)
    else:
        roll = facilities_in(stats, start)
    if registry:
        roll = with_registry(roll, registry)
    return with_contracts(roll, contracts, start) if contracts else roll


def _releases(roll: Roll, path: Path | None, per_day: float | None, days: int) -> Releases:
    from dataclasses import replace

    from wayhome.programs.facilities.closing_plan.reading import Releases, releases_in

    if path is None and per_day is None:
        message = "Say how many people can be released: --releases-per-day 300, or --releases FILE."
        raise Problem(message, Exit.USAGE)
    if path is None:
        return Releases(per_day, per_day, {})
    told = releases_in(path, roll.facilities, days, total=per_day)
    return told if per_day is None else replace(told, least=per_day, most=per_day)


def _moves(roll: Roll, homes: Path | None, within_miles: float | None, *, anybody: bool) -> Moves:
    from wayhome.programs.facilities.closing_plan.question import Moves
    from wayhome.programs.facilities.closing_plan.reading import homes_in

    return Moves(anybody, within_miles, homes_in(homes, roll.facilities) if homes else None)


def _plans(
    roll: Roll,
    pace: Releases,
    moves: Moves,
    days: int,
    start: date | None,
    held_back: float | None,
    seconds: float,
    threads: int,
) -> list[Plan]:
    import time

    from wayhome.programs.facilities.closing_plan.cases import cases
    from wayhome.programs.facilities.closing_plan.plan import solve
    from wayhome.programs.facilities.closing_plan.question import Question

    end = time.monotonic() + seconds - KEPT_SECONDS
    wanted = cases(roll.facilities, days, pace, held_back)
    plans: list[Plan] = []
    for number, case in enumerate(wanted):
        question = Question(roll.facilities, case, moves, days, start)
        left = max(1.0, end - time.monotonic()) / (len(wanted) - number)
        typer.echo(f"Working out: {case.words} …", err=True)
        plans.append(solve(question, left, threads))
    return plans


def _put(
    plans: list[Plan], told: tuple[str, ...], out: Path | None, files: tuple[Path | None, ...]
) -> None:
    from wayhome.report.closing_plan_text import show

    show(plans, told)
    if out is None:
        return
    from wayhome.programs.facilities.closing_plan.writing import write_plan
    from wayhome.report.closing_plan_chart import pictures_of
    from wayhome.sources.import_folder import fingerprint

    # A folder is known by the workbooks in it, which stand in every row.
    inputs = {path.name: fingerprint(path) for path in files if path and path.is_file()}
    sources = (f.facility.source for plan in plans for f in plan.facilities)
    inputs |= {source.file: source.sha256 for source in sources if source}
    mark = "SYNTHETIC DATA" if any("SYNTHETIC" in sentence for sentence in told) else ""
    pictures = [pictures_of(plan, mark=mark) for plan in plans]
    write_plan(plans, out, told, inputs, {k: v for one in pictures for k, v in one.items()})
    typer.echo(f"Written: {out}")
