"""A demand, what measures it, and what became of it: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from wayhome.public_record.record import Figure

DAYS = 100


class Status(StrEnum):
    """The only words for what became of a demand."""

    KEPT = "kept"
    PARTLY_KEPT = "partly kept"
    BROKEN = "broken"
    REVERSED = "reversed"
    INCONCLUSIVE = "inconclusive"
    TOO_EARLY = "too early"


class Direction(StrEnum):
    """Which way the number must go."""

    DOWN = "down"
    UP = "up"


class TargetIs(StrEnum):
    """How the number of a target is meant."""

    NUMBER = "number"
    SHARE = "share of the baseline"
    CHANGE = "change from the baseline"


@dataclass(frozen=True)
class Measure:
    """How a demand is told by numbers.

    `series`: ids of one quantity by several ways of counting, tried in order until one has a
    baseline and a newer figure; figures of two series are never compared. `target`: a number in
    the unit of the series, a share of the baseline (0.5: half of it), or a change from it
    (-200000). A baseline is looked for in the `baseline_days` up to the letter's date, else in the
    `late_baseline_days` after it. From `partly_from` of the way to the target on, a demand is
    partly kept; more than `reversed_from` of the baseline the wrong way, it is reversed.
    """

    series: tuple[str, ...]
    direction: Direction
    target: float
    target_is: TargetIs = TargetIs.NUMBER
    baseline_days: int = 92
    late_baseline_days: int = 31
    partly_from: float = 0.1
    reversed_from: float = 0.05

    def target_from(self, baseline: float) -> float:
        """The number to reach, from the number at the beginning."""
        if self.target_is is TargetIs.SHARE:
            return baseline * self.target
        if self.target_is is TargetIs.CHANGE:
            return max(0.0, baseline + self.target)
        return self.target

    def gain(self, before: float, after: float) -> float:
        """How far the number went the right way; below 0: the wrong way."""
        return before - after if self.direction is Direction.DOWN else after - before


@dataclass(frozen=True)
class Demand:
    """One demand of a letter. Either `measure` is there, or `no_data` says why nothing can tell.

    The texts are by language (`en`, `es`). `context`: series worth seeing beside it.
    `letter_days`: the first and last day of which its letter may be, while its date is not entered.
    """

    id: str
    letter: str
    number: int
    words: Mapping[str, str]
    measure: Measure | None = None
    no_data: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)
    does_not_tell: Mapping[str, str] = field(default_factory=dict)
    target_by: Mapping[str, str] = field(default_factory=dict)
    context: tuple[str, ...] = ()
    letter_days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Standing:
    """What became of a demand by the day `on`, from what was known on `known_by`.

    `due`: letter date + 100 days, the last of the hundred. `day`: days since the letter (0 on its
    own day, 100 on the due day), None without a letter date. `way`: the share of the way from
    baseline to target (1: there; below 0: the wrong way), None where there is none.
    `late_baseline`: there was no figure up to the letter's date, so that the first one after it is
    taken. `newer`: the newest figure of another series of the measure, where that is newer than all
    of the compared one and cannot be compared. `then`: the status by what was known on the day
    `on` itself, where that is another (`status.standing_on`). `reason_id` and `values` are worded
    by `wording.reason_of`. `synthetic`: a figure is invented. `whichever`: without a letter date,
    every status that it could have, by the days of which the letter may be.
    """

    demand: str
    status: Status
    on: date
    known_by: date
    letter_date: date | None
    due: date | None
    day: int | None
    reason_id: str
    values: Mapping[str, str | float | date]
    baseline: Figure | None = None
    newest: Figure | None = None
    target: float | None = None
    way: float | None = None
    late_baseline: bool = False
    synthetic: bool = False
    newer: Figure | None = None
    then: Status | None = None
    whichever: tuple[Status, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether the last of the hundred days has come."""
        return self.due is not None and self.on >= self.due

    @property
    def rests_on_older(self) -> bool:
        """Whether the newest figure is of before the last of the hundred days."""
        return self.due is not None and self.newest is not None and self.newest.on < self.due

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Baseline and newest figure, as far as there are any."""
        return tuple(figure for figure in (self.baseline, self.newest) if figure)


def due_date(letter_date: date) -> date:
    """The last of the hundred days: the letter's day is day 0, the due day is day 100."""
    return letter_date + timedelta(days=DAYS)
