"""When a rule was law: the four dates that are kept apart, and the stretches that follow from them.

Nearly every policy has a hole in its validity, so a rule states when it was issued, when it took
effect, between which days a court (or a later decision) held it back, and when it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class InForce:
    """A stretch of time, its end not included. An end of None has not come."""

    start: date
    end: date | None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Suspension:
    """Held back from `start` until the day before `end`. `by` names the order or decision."""

    start: date
    end: date | None
    by: str


@dataclass(frozen=True)
class History:
    """A rule's dates. `ended` is the first day on which it was no longer law; `why` says why."""

    effective: date
    issued: date | None = None
    suspended: tuple[Suspension, ...] = ()
    ended: date | None = None
    why: str = ""

    def stretches(self) -> tuple[InForce, ...]:
        """When it was in force: from `effective` to `ended`, without the suspensions."""
        found: list[InForce] = []
        start: date | None = self.effective
        for suspension in sorted(self.suspended, key=lambda s: s.start):
            if start is not None and start < suspension.start:
                found.append(InForce(start, suspension.start))
            start = suspension.end
            if start is None:
                break
        if start is not None and (self.ended is None or start < self.ended):
            found.append(InForce(start, self.ended))
        return tuple(found)
