"""The closing plan of every facility of FY2021 in 100 days: seconds, and the gap of each aim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measuring import PUBLICATIONS, Finding, RivalIsMissing, timed
from wayhome.programs.facilities.closing_plan.cases import cases
from wayhome.programs.facilities.closing_plan.plan import Plan, solve
from wayhome.programs.facilities.closing_plan.question import Moves, Question
from wayhome.programs.facilities.closing_plan.reading import Releases, facilities_of
from wayhome.sources.detention_stats.importing import import_statistics

REAL = Path(__file__).parents[1] / "../shared/data/ice-detention-stats"
YEAR, DAYS, RELEASES_PER_DAY = 2021, 100, 300.0
MOST_SECONDS = 60
# Both cases together stay under the mark, with time to read and write.
SECONDS_A_CASE = 20.0


def findings(folder: Path, real: Path = REAL) -> Iterator[Finding]:
    """One finding: both ends of what is not known, one after the other."""
    books = sorted(real.glob("FY21*.xlsx"))
    if not books:
        raise RivalIsMissing(f"ICE's workbook of FY2021 is not at {real}")
    stats = folder / "closing-plan-stats"
    import_statistics(books, stats)
    roll = facilities_of(stats, YEAR)
    plans: list[Plan] = []
    seconds = timed(lambda: plans.extend(_plans(stats)))
    yield Finding(
        f"closing plan of {len(roll.facilities)} facilities of FY{YEAR}, {DAYS} days, both ends",
        f"under {MOST_SECONDS}",
        seconds,
        "s",
        seconds < MOST_SECONDS,
        f"reading the imported workbook, {len(plans)} plans, whole people by day; no writing.",
        {plan.question.case.name: [plan.seconds] for plan in plans},
        {f"{p.question.case.name}, {m.name}": _told(m.value, m.gap) for p in plans for m in p.met},
        of=PUBLICATIONS,
    )


def _plans(stats: Path) -> list[Plan]:
    facilities = facilities_of(stats, YEAR).facilities
    pace = Releases(RELEASES_PER_DAY, RELEASES_PER_DAY, {})
    return [
        solve(Question(facilities, case, Moves(), DAYS), SECONDS_A_CASE)
        for case in cases(facilities, DAYS, pace, held_back=None)
    ]


def _told(value: float, gap: float) -> str:
    return f"{value:,.0f}, gap {gap:.2%}"
