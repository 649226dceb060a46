"""What became of a demand, at any day, by rule."""

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


@dataclass(frozen=True)
class Measure:
    """How a demand is told by numbers.

    `series`: ids, tried in order until one has both figures; figures of two series are never
    compared. `target`: a number in the unit of the series, or with `target_is_share` a share of
    the baseline (0.5: half of it). A baseline is looked for in the `baseline_days` before the
    letter's date, else in the `late_baseline_days` after it. From `partly_from` of the way to the
    target on, a demand is partly kept; from `reversed_from` of the baseline on the wrong way, it
    is reversed.
    """

    series: tuple[str, ...]
    direction: Direction
    target: float
    target_is_share: bool = False
    baseline_days: int = 92
    late_baseline_days: int = 31
    partly_from: float = 0.1
    reversed_from: float = 0.05


@dataclass(frozen=True)
class Demand:
    """One demand of a letter. Either `measure` is there, or `no_data` says why nothing can tell.

    `words`, `title`, `no_data`, `tells`, `does_not_tell`: by language (`en`, `es`)."""

    id: str
    letter: str
    number: int
    title: Mapping[str, str]
    words: Mapping[str, str]
    measure: Measure | None = None
    no_data: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)
    does_not_tell: Mapping[str, str] = field(default_factory=dict)
    context: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What became of a demand by the day `on`.

    `due`: letter date + 100 days, the first day that is no longer in the hundred. `day`: days
    since the letter (0 on its own day); None without a letter date. `figures`: baseline and
    newest, as far as there are any. `way`: the share of the way from baseline to target (1: there;
    below 0: the wrong way). `reason_id` and `values` are what `reason_in` words."""

    demand: str
    status: Status
    on: date
    letter_date: date | None
    due: date | None
    day: int | None
    reason_id: str
    values: Mapping[str, str | float | date]
    baseline: Figure | None = None
    newest: Figure | None = None
    target: float | None = None
    way: float | None = None
    synthetic: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Baseline and newest figure, as far as there are any."""
        return tuple(figure for figure in (self.baseline, self.newest) if figure)


def due_date(letter_date: date) -> date:
    """The first day after the hundred: the hundred days are [letter_date, due_date)."""
    return letter_date + timedelta(days=DAYS)
