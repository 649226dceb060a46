"""What is not known taken once for the best and once for the worst, rather than guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wayhome.programs.facilities.closing_plan.question import Case, Facility, whole_releases
from wayhome.programs.facilities.closing_plan.reading import Releases

ONE, MOST, FEWEST = "one", "most", "fewest"


def cases(
    facilities: Sequence[Facility], days: int, releases: Releases, held_back: float | None
) -> tuple[Case, ...]:
    """One case where all is known; else the one with the most releases and that with the fewest.

    `held_back`: the share of people who cannot be released by discretion. None is not known: then
    nobody in the one case, and in the other everybody whom ICE counts as under mandatory detention
    (all people of a facility for which it tells no number).
    """
    none: dict[str, int] = {}
    if held_back is not None:
        share = {f.id: math.ceil(f.people * held_back - 1e-9) for f in facilities}
        none = {name: people for name, people in share.items() if people}
    mandatory = {f.id: f.people if f.mandatory is None else f.mandatory for f in facilities}
    all_held = {name: people for name, people in mandatory.items() if people}
    if held_back is not None:
        all_held = none
    best = _case(MOST, facilities, days, releases.most, releases, none)
    worst = _case(FEWEST, facilities, days, releases.least, releases, all_held, held_back)
    if (best.releases, best.held_back) == (worst.releases, worst.held_back):
        return (_case(ONE, facilities, days, releases.most, releases, none),)
    return best, worst


def _case(
    name: str,
    facilities: Sequence[Facility],
    days: int,
    total: float | None,
    releases: Releases,
    held: dict[str, int],
    held_back: float | None = 0,
) -> Case:
    pace = total if total is not None else sum(releases.caps.values())
    back = sum(held.values())
    who = f"{back:,} people cannot be released" if back else "nobody is held back"
    if back:
        who += _whom(facilities, held_back)
    words = f"up to {round(pace, 1):,g} releases a day, {who}"
    return Case(name, words, whole_releases(pace, days), releases.caps, held)


def _whom(facilities: Sequence[Facility], held_back: float | None) -> str:
    if held_back is not None:
        return ""
    untold = sum(f.mandatory is None for f in facilities)
    rest = f"; of {untold:,} facilities that tells nothing, and everybody is counted"
    return f" (all whom ICE counts as under mandatory detention{rest if untold else ''})"
