"""The rules of a status as a table: the first that holds. README.md says them in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from wayhome.public_record.demands.demand import Measure, Status, TargetIs, due_date
from wayhome.public_record.record import Figure


@dataclass(frozen=True)
class Compared:
    """The two figures of one series that are compared, as far as they are there. `late`: the
    baseline is from after the letter."""

    series: str
    baseline: Figure | None = None
    newest: Figure | None = None
    late: bool = False


@dataclass(frozen=True)
class Asked:
    """What the rules are asked: a demand's measure and its figures on a day."""

    on: date
    letter_date: date | None
    measure: Measure | None
    compared: Compared | None

    @property
    def due(self) -> date:
        assert self.letter_date is not None
        return due_date(self.letter_date)

    @property
    def is_before_the_letter(self) -> bool:
        return self.letter_date is not None and self.on < self.letter_date

    @property
    def days_are_left(self) -> bool:
        return self.on < self.due

    @property
    def baseline(self) -> Figure | None:
        return self.compared.baseline if self.compared else None

    @property
    def newest(self) -> Figure | None:
        return self.compared.newest if self.compared else None

    @property
    def target(self) -> float | None:
        """The number to reach; None where only a baseline would tell it."""
        if self.measure is None:
            return None
        if self.baseline is None:
            is_number = self.measure.target_is is TargetIs.NUMBER
            return self.measure.target if is_number else None
        return self.measure.target_from(self.baseline.value)

    @property
    def tells_alone(self) -> bool:
        """Whether the newest figure answers without a baseline: the target is a plain number, and
        the figure is of the last of the hundred days or later.
        """
        known = self.newest is not None and self.target is not None
        return known and self.baseline is None and self.is_told_to_the_end

    @property
    def reaches_alone(self) -> bool:
        """Whether it answers so, and has reached the target."""
        if not self.tells_alone:
            return False
        assert self.measure is not None
        assert self.newest is not None
        return self.measure.gain(self.measure.target, self.newest.value) >= 0

    @property
    def way(self) -> float | None:
        """The share of the way to the target that is gone; None where there is none to go."""
        measure, before, after = self._figures
        target = measure.target_from(before.value)
        whole = measure.gain(before.value, target)
        return measure.gain(before.value, after.value) / whole if whole > 0 else None

    @property
    def is_reached(self) -> bool:
        measure, before, after = self._figures
        return measure.gain(measure.target_from(before.value), after.value) >= 0

    @property
    def is_reached_in_time(self) -> bool:
        _, _, after = self._figures
        return self.is_reached and after.on <= self.due

    @property
    def went_the_wrong_way(self) -> bool:
        measure, before, after = self._figures
        loss = -measure.gain(before.value, after.value)
        return loss > measure.reversed_from * abs(before.value)

    @property
    def is_told_to_the_end(self) -> bool:
        """Whether the newest figure is of the last of the hundred days, or later."""
        return self.newest is not None and self.newest.on >= self.due

    @property
    def part_of_the_way_is_gone(self) -> bool:
        measure, _, _ = self._figures
        return self.way is not None and self.way >= measure.partly_from

    @property
    def _figures(self) -> tuple[Measure, Figure, Figure]:
        """Only asked by rules that come after those for what is missing."""
        assert self.measure is not None
        assert self.baseline is not None
        assert self.newest is not None
        return self.measure, self.baseline, self.newest


@dataclass(frozen=True)
class Rule:
    """A status, the id of its reason (words.yaml), and when it is so."""

    status: Status
    reason: str
    holds: Callable[[Asked], bool]


RULES = (
    Rule(Status.INCONCLUSIVE, "no_letter_date", lambda it: it.letter_date is None),
    Rule(Status.TOO_EARLY, "before_the_letter", lambda it: it.is_before_the_letter),
    Rule(Status.INCONCLUSIVE, "no_data", lambda it: it.measure is None),
    Rule(Status.KEPT, "reached_alone", lambda it: it.reaches_alone),
    Rule(Status.INCONCLUSIVE, "not_reached_alone", lambda it: it.tells_alone),
    Rule(Status.TOO_EARLY, "no_baseline", lambda it: it.baseline is None and it.days_are_left),
    Rule(Status.INCONCLUSIVE, "no_baseline", lambda it: it.baseline is None),
    Rule(Status.TOO_EARLY, "nothing_since", lambda it: it.newest is None and it.days_are_left),
    Rule(Status.INCONCLUSIVE, "nothing_since", lambda it: it.newest is None),
    Rule(Status.KEPT, "reached", lambda it: it.is_reached_in_time),
    Rule(Status.KEPT, "reached_by", lambda it: it.is_reached),
    Rule(Status.REVERSED, "wrong_way", lambda it: it.went_the_wrong_way),
    Rule(Status.TOO_EARLY, "days_left", lambda it: it.days_are_left),
    Rule(Status.INCONCLUSIVE, "nothing_since_due", lambda it: not it.is_told_to_the_end),
    Rule(Status.PARTLY_KEPT, "part_of_the_way", lambda it: it.part_of_the_way_is_gone),
    Rule(Status.BROKEN, "not_moved", lambda it: True),
)


def rule_for(asked: Asked) -> Rule:
    """The first rule that holds."""
    return next(rule for rule in RULES if rule.holds(asked))
