"""The course of each case: its proceedings one after the other, and how each ended.

A proceeding is one stretch of a case in one court. The next begins when the venue changes or the
case is transferred, when a closed case is recalendared, when a decided one is reopened, and when
the Board sends it back.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import (
    RELEASE_DAY,
    day_if,
    up_to_release,
    year_of,
)
from wayhome.sources.eoir.synthetic.draws import (
    NONE,
    Bools,
    Draws,
    Floats,
    Ints,
    Weighted,
    places_where,
)
from wayhome.sources.eoir.synthetic.people import (
    CASE_TYPES,
    DETAINED,
    RELEASED,
    People,
    draw_courts,
    is_type,
)
from wayhome.sources.eoir.synthetic.weights import frequencies, weighted

MOST_PROCEEDINGS = 6

# How a proceeding ended.
ENDINGS = ("pending", "venue changed", "transferred", "decided", "closed")
PENDING, VENUE, TRANSFER, DECIDED, CLOSED = range(5)

# What brought the next proceeding about.
SEQUELS = ("nothing", "moved", "reopened", "remanded", "recalendared")
NOTHING, MOVED, REOPENED, REMANDED, RECALENDARED = range(5)
_SEQUEL_WEIGHTS = Weighted(SEQUELS[1:], (74.5, 11.0, 5.5, 9.0))

DECISIONS = frequencies("B_TblProceeding", "DEC_CODE").values
OTHER_COMPLETIONS = frequencies("B_TblProceeding", "OTHER_COMP").values

# The decision that orders a person removed, by case type.
REMOVAL_CODE = {"RMV": "X", "DEP": "D", "EXC": "E"}


@dataclass(frozen=True)
class Course:
    """The proceedings of one chunk of cases, in the order of cases and of time.

    `case` is the place of the case in the chunk, `order` counts its proceedings from 0, and
    `is_last` marks the current one. `start` is when the record was made, `end` its COMP_DATE.
    `decision` and `completion` are places in DECISIONS and OTHER_COMPLETIONS.
    """

    case: Ints
    order: Ints
    is_last: Bools
    start: Ints
    end: Ints
    ending: Ints
    sequel: Ints
    came_by: Ints
    decision: Ints
    completion: Ints
    in_absentia: Bools
    court: Ints
    judge: Ints
    moves: Ints

    def __len__(self) -> int:
        return len(self.case)

    @property
    def is_pending(self) -> Bools:
        return np.asarray(self.ending == PENDING)

    @property
    def is_decided(self) -> Bools:
        return np.asarray(self.ending == DECIDED)

    @property
    def is_moved(self) -> Bools:
        return np.asarray((self.ending == VENUE) | (self.ending == TRANSFER))


def decision_place(*codes: str) -> list[int]:
    return [DECISIONS.index(code) for code in codes]


@cache
def _decision_weights(case_type: str) -> Weighted | None:
    weights = weighted("decision_weights.csv", "code", "weight", case_type=case_type)
    return weights if weights.values else None


def make_course(draws: Draws, people: People) -> Course:
    """The proceedings of the cases, made stretch after stretch and put in order."""
    stretches: list[Course] = []
    now = _Ahead.at_the_beginning(draws, people)
    for order in range(MOST_PROCEEDINGS):
        if not len(now.case):
            break
        planned = _stretch(draws, people, now, order)
        next_start = _next_start(draws, planned, order)
        goes_on = next_start <= RELEASE_DAY
        # A sequel after the release has not happened yet: the stretch stays the last.
        sequel = np.where(goes_on, planned.sequel, NOTHING).astype(np.int32)
        stretch = replace(planned, is_last=~goes_on, sequel=sequel)
        stretches.append(stretch)
        now = now.after(draws, people, stretch, next_start, order)
    return _in_order(stretches)


def is_removal(people: People, course: Course) -> Bools:
    """Which proceedings ended in an order of removal, deportation or exclusion."""
    ordered = np.full(len(CASE_TYPES), -2, dtype=np.int32)
    for name, code in REMOVAL_CODE.items():
        ordered[CASE_TYPES.index(name)] = DECISIONS.index(code)
    return np.asarray(course.decision == ordered[people.case_type[course.case]])


@dataclass(frozen=True)
class _Ahead:
    """The cases that go on, and what is planned for them."""

    case: Ints
    start: Ints
    planned: Ints
    came_by: Ints
    moves: Ints
    court: Ints

    @classmethod
    def at_the_beginning(cls, draws: Draws, people: People) -> _Ahead:
        case = places_where(people.has_court)
        size = len(people)
        delay = np.minimum(draws.long_tailed("days to the court's record", 12.0, 1.1, size), 900)
        start = up_to_release(people.filed + delay).astype(np.int32)
        planned = _planned_number(draws, people)
        nothing = np.zeros(len(case), dtype=np.int32)
        return cls(case, start[case], planned[case], nothing + NOTHING, nothing, people.court[case])

    def after(
        self, draws: Draws, people: People, stretch: Course, next_start: Ints, order: int
    ) -> _Ahead:
        """The cases that go on after a stretch, in another court where they moved."""
        goes_on = places_where(~stretch.is_last)
        held = people.custody[self.case] == DETAINED
        elsewhere = draw_courts(draws, f"court after {order}", held)
        court = np.where(stretch.sequel == MOVED, elsewhere, self.court)
        return _Ahead(
            self.case[goes_on],
            next_start[goes_on],
            self.planned[goes_on],
            stretch.sequel[goes_on],
            self.moves[goes_on] + (stretch.sequel[goes_on] == MOVED),
            court[goes_on],
        )


def _next_start(draws: Draws, stretch: Course, order: int) -> Ints:
    """When the next proceeding begins; after the release where none is to come."""
    size = len(stretch)
    gap = np.select(
        [stretch.sequel == MOVED, stretch.sequel == REMANDED],
        [
            draws.between(f"gap of move {order}", 0, 9, size),
            draws.between(f"gap of remand {order}", 120, 700, size),
        ],
        30 + draws.long_tailed(f"gap {order}", 420.0, 1.0, size),
    )
    none = stretch.sequel == NOTHING
    return np.where(none, RELEASE_DAY + 1, stretch.end + gap).astype(np.int32)


def _planned_number(draws: Draws, people: People) -> Ints:
    """How many proceedings a case has if it lives long enough."""
    usual = Weighted(("1", "2", "3", "4", "5", "6"), (75.3, 18.6, 4.3, 1.3, 0.4, 0.1))
    freed = Weighted(usual.values, (41.0, 44.0, 11.0, 3.0, 0.8, 0.2))
    size = len(people)
    number = np.where(
        people.custody == RELEASED,
        draws.pick("number of proceedings, released", size, freed),
        draws.pick("number of proceedings", size, usual),
    )
    reviewed = is_type(people, "CFR", "RFR", "CDR", "CSR")
    single = reviewed & ~draws.chance("second review", size, 0.012)
    return (np.where(single, 0, number) + 1).astype(np.int32)


def _stretch(draws: Draws, people: People, now: _Ahead, order: int) -> Course:
    size = len(now.case)
    wants_sequel = now.planned > order + 1
    sequel = draws.pick(f"sequel {order}", size, _SEQUEL_WEIGHTS) + 1
    sequel = np.where(wants_sequel, sequel, NOTHING).astype(np.int32)
    end = now.start + _days_to_end(draws, people, now, sequel, order)
    is_pending = end > RELEASE_DAY
    sequel = np.where(is_pending, NOTHING, sequel).astype(np.int32)
    ending = np.where(is_pending, PENDING, _endings(draws, sequel, order)).astype(np.int32)
    decision = _decisions(draws, people, now, ending, sequel, order)
    ending = np.where((ending == DECIDED) & (decision == NONE), CLOSED, ending).astype(np.int32)
    return Course(
        case=now.case,
        order=np.full(size, order, dtype=np.int32),
        is_last=np.ones(size, dtype=np.bool_),
        start=now.start,
        end=day_if(~is_pending, end),
        ending=ending,
        sequel=sequel,
        came_by=now.came_by,
        decision=decision,
        completion=_completions(draws, people, now, ending, order),
        in_absentia=_absences(draws, people, now, decision, sequel, order),
        court=now.court,
        judge=draws.between(f"judge {order}", 0, 7, size),
        moves=now.moves,
    )


def _days_to_end(draws: Draws, people: People, now: _Ahead, sequel: Ints, order: int) -> Ints:
    size = len(now.case)
    year = year_of(people.filed[now.case])
    free = np.select(
        [year < 1990, year < 2006, year < 2013, year < 2019, year < 2021, year < 2024],
        [400.0, 290.0, 480.0, 1250.0, 1900.0, 1900.0],
        1250.0,
    )
    median = np.where(people.custody[now.case] == DETAINED, 48.0, free)
    median = np.where(is_type(people, "CFR", "RFR")[now.case], 9.0, median)
    median = np.where(sequel == MOVED, median * 0.38, median)
    spread = 0.85
    return 1 + draws.long_tailed(f"length {order}", median.astype(np.float32), spread, size)


def _endings(draws: Draws, sequel: Ints, order: int) -> Ints:
    size = len(sequel)
    moved = np.where(draws.chance(f"venue or transfer {order}", size, 0.691), VENUE, TRANSFER)
    final = np.where(draws.chance(f"closed {order}", size, 0.092), CLOSED, DECIDED)
    return np.select(
        [sequel == MOVED, (sequel == REOPENED) | (sequel == REMANDED), sequel == RECALENDARED],
        [moved, np.full(size, DECIDED), np.full(size, CLOSED)],
        final,
    ).astype(np.int32)


def _decisions(
    draws: Draws, people: People, now: _Ahead, ending: Ints, sequel: Ints, order: int
) -> Ints:
    """A decision that the type of case allows; one that is sent back is mostly a removal."""
    case_type = people.case_type[now.case]
    decision = np.full(len(ending), NONE, dtype=np.int32)
    back = draws.chance(f"removal before {order}", len(ending), 0.5)
    for place, name in enumerate(CASE_TYPES):
        weights = _decision_weights(name)
        rows = np.flatnonzero((case_type == place) & (ending == DECIDED))
        if weights is None or not len(rows):
            continue
        codes = np.asarray(decision_place(*weights.values), dtype=np.int32)
        drawn = codes[draws.pick(f"decision {name} {order}", len(rows), weights)]
        if name in REMOVAL_CODE:
            sent_back = np.isin(sequel[rows], (REOPENED, REMANDED)) & back[rows]
            drawn = np.where(sent_back, decision_place(REMOVAL_CODE[name])[0], drawn)
        decision[rows] = drawn
    return decision


def _completions(draws: Draws, people: People, now: _Ahead, ending: Ints, order: int) -> Ints:
    """The administrative completion: of a move, or of a case closed in another way."""
    allowed = frequencies("B_TblProceeding", "OTHER_COMP").only(*"AFYXPOMK")
    drawn = draws.pick(f"completion {order}", len(ending), allowed)
    places = np.asarray([OTHER_COMPLETIONS.index(code) for code in allowed.values])
    closed = places[drawn]
    is_review = is_type(people, "CDR")[now.case]
    closed = np.where(is_review, OTHER_COMPLETIONS.index("X"), closed)
    return np.select(
        [ending == VENUE, ending == TRANSFER, ending == CLOSED],
        [
            np.full(len(ending), OTHER_COMPLETIONS.index("C")),
            np.full(len(ending), OTHER_COMPLETIONS.index("T")),
            closed,
        ],
        NONE,
    ).astype(np.int32)


def _absences(
    draws: Draws, people: People, now: _Ahead, decision: Ints, sequel: Ints, order: int
) -> Bools:
    """Orders in absence: only of removal, and of nobody who was detained throughout."""
    share: Floats = np.where(sequel == REOPENED, np.float32(0.75), np.float32(0.36))
    ordered = np.zeros(len(decision), dtype=np.bool_)
    for name, code in REMOVAL_CODE.items():
        ordered |= is_type(people, name)[now.case] & (decision == DECISIONS.index(code))
    free = people.custody[now.case] != DETAINED
    return np.asarray(ordered & free & draws.chance(f"absence {order}", len(decision), share))


def _in_order(stretches: list[Course]) -> Course:
    case = np.concatenate([stretch.case for stretch in stretches])
    order = np.argsort(case, kind="stable")
    return Course(
        **{
            field.name: np.concatenate([getattr(s, field.name) for s in stretches])[order]
            for field in fields(Course)
        }
    )
