"""How far an invented case has come: its states one after the other, and the days between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from wayhome.web.cases.models import State
from wayhome.web.review.states import STAGES

_PREPARED = (State.RECEIVED, State.PREPARING, State.READY)
_READ = (*_PREPARED, State.FIRST_REVIEW, State.SECOND_REVIEW)
_RECOMMENDED = (*_READ, State.RECOMMENDED)
_FILED = (*_RECOMMENDED, State.FILED)
_GRANTED = (*_FILED, State.GRANTED)
# How often a case has come this far.
WAYS: tuple[tuple[int, tuple[State, ...]], ...] = (
    (15, _PREPARED[:1]),
    (23, _PREPARED[:2]),
    (7, _PREPARED),
    (7, _READ[:4]),
    (5, _READ),
    (3, (*_READ, State.PANEL)),
    (6, _RECOMMENDED),
    (2, (*_READ, State.PANEL, State.RECOMMENDED)),
    (3, (*_READ, State.NOT_RECOMMENDED)),
    (10, _FILED),
    (4, _GRANTED),
    (3, (*_FILED, State.DENIED)),
    (3, (*_GRANTED, State.TRAVELLING)),
    (5, (*_GRANTED, State.TRAVELLING, State.HOME)),
    (2, (*_PREPARED[:2], State.WITHDRAWN)),
    (2, (*_READ, State.NOT_RECOMMENDED, State.RECONSIDERATION)),
)


@dataclass(frozen=True)
class Course:
    """The states that a case went through, and when it came to each; the last is where it is."""

    states: tuple[State, ...]
    times: tuple[datetime, ...]

    @property
    def state(self) -> State:
        return self.states[-1]

    def when(self, state: State) -> datetime | None:
        """When the case came to a state; None where it has not."""
        return self.times[self.states.index(state)] if state in self.states else None


# How often a course is drawn before one that is too long is made shorter instead.
_TRIES = 20


def invented_course(
    draw: Random, now: datetime, *, is_emergency: bool, may_travel: bool, removed_on: date | None
) -> Course:
    """Draws how far a case has come. It stays in a state about as long as the clocks ask for.

    Whoever was not removed (`may_travel` false) has no journey home; whoever was asks to come home
    after that day, not before.
    """
    for _ in range(_TRIES):
        course = _drawn_course(draw, now, is_emergency=is_emergency, may_travel=may_travel)
        if removed_on is None or course.times[0].date() > removed_on:
            return course
    # Removed yesterday: only the beginning of a course has had time.
    return Course(course.states[:1], (now - timedelta(minutes=draw.randint(1, 60)),))


def _drawn_course(draw: Random, now: datetime, *, is_emergency: bool, may_travel: bool) -> Course:
    ways = [(share, way) for share, way in WAYS if may_travel or State.GRANTED not in way]
    states = draw.choices([way for _, way in ways], [share for share, _ in ways])[0]
    at, times = now - timedelta(hours=draw.random() * 72), []
    for state in reversed(states):
        clock = STAGES[state].clock
        hours = clock.hours(is_emergency) if clock else 24 * 120
        at -= timedelta(hours=hours * draw.uniform(0.1, 1.15))
        times.append(at)
    return Course(states, tuple(reversed(times)))
