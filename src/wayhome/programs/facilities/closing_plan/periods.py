"""The days cut into steps that a solver can order in time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from wayhome.programs.facilities.closing_plan.question import Question

# More open-or-closed questions than this are not settled within a minute on two processor cores.
MOST_QUESTIONS = 2_800
# Of the steps, this share is for the days until the last release; little happens after them.
_BEFORE_LAST_RELEASE = 0.75


@dataclass(frozen=True)
class Period:
    """The days `first` to `last`, both in it, and how many people can be released in them."""

    first: int
    last: int
    releases: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


def periods_of(question: Question, last: int, most: int = MOST_QUESTIONS) -> tuple[Period, ...]:
    """Days 1 to `last` in steps: of one day where there are few facilities, of more where there are
    many. A day on which a place must be empty, or a contract ends, is the last of its step."""
    steps = max(2, most // max(1, len(question.facilities)))
    released = min(last, last_day_needed(question))
    before = steps if released == last else max(1, int(steps * _BEFORE_LAST_RELEASE))
    ends = {*_every(0, released, before), *_every(released, last, max(1, steps - before)), last}
    named = [(f.must_close_by, f.contract_end) for f in question.facilities]
    ends |= {day for days in named for day in days if day is not None and 0 < day < last}
    bounds = [0, *sorted(ends)]
    return tuple(
        Period(before + 1, after, sum(question.case.releases[before:after]))
        for before, after in pairwise(bounds)
    )


def _every(first: int, last: int, steps: int) -> range:
    width = max(1, math.ceil((last - first) / steps))
    return range(first + width, last + 1, width)


def whole_span(question: Question) -> tuple[Period]:
    """All days as one step."""
    return (Period(1, question.days, sum(question.case.releases)),)


def last_day_needed(question: Question) -> int:
    """The day by which all could be out if any place could release anybody, else the last day."""
    people = sum(question.case.releasable(f) for f in question.facilities)
    out = 0
    for day, releases in enumerate(question.case.releases, start=1):
        out += releases
        if out >= people:
            return day
    return question.days
