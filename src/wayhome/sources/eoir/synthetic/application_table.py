"""tbl_Court_Appln: the relief that each person asked for, and what became of it."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import MISSING, RELEASE_DAY
from wayhome.sources.eoir.synthetic.cells import coded, dates, numbers
from wayhome.sources.eoir.synthetic.chunk import Chunk, Rows
from wayhome.sources.eoir.synthetic.course import DECISIONS
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Ints, Weighted
from wayhome.sources.eoir.synthetic.people import is_type

APPLICATIONS = ("ASYL", "ASYW", "WCAT", "42B", "VD", "245", "42A", "212c", "SUSP", "237H", "I881")
_OTHER_SHARES = {
    "42B": 0.055,
    "VD": 0.14,
    "245": 0.035,
    "42A": 0.012,
    "212c": 0.006,
    "SUSP": 0.012,
    "237H": 0.002,
    "I881": 0.002,
}


def application_rows(chunk: Chunk) -> Rows:
    """tbl_Court_Appln: what a person asked for, in the proceeding in which it stood."""
    asked = _asked_for(chunk)
    course = chunk.course
    # An application is carried over when a case moves, and made anew in some later stretches.
    carried = (course.order == 0) | chunk.draws.chance("carried over", len(course), 0.5)
    made = asked[course.case] & carried[:, None]
    proceeding, kind = (places.astype(np.int32) for places in np.nonzero(made))
    case = course.case[proceeding]
    received = _received_on(chunk, proceeding)
    return {
        "IDNPROCEEDINGAPPLN": numbers(
            chunk.child_number(case, course.order[proceeding] * 12 + kind, room=96)
        ),
        "IDNPROCEEDING": numbers(chunk.proceeding_number[proceeding]),
        "IDNCASE": numbers(chunk.people.number[case]),
        "APPL_CODE": coded(APPLICATIONS, kind),
        "APPL_RECD_DATE": dates(received),
        "APPL_DEC": coded(tuple("GFDWAMOT"), _application_decisions(chunk, proceeding, kind)),
    }


def _asked_for(chunk: Chunk) -> Bools:
    """One row a case, one column an application."""
    people, draws, size = chunk.people, chunk.draws, len(chunk.people)
    asked = np.zeros((size, len(APPLICATIONS)), dtype=np.bool_)
    asked[:, 0] = people.seeks_asylum
    withholding = is_type(people, "WHO")
    asked[:, 1] = people.seeks_asylum & draws.chance("also withholding", size, 0.8) | withholding
    asked[:, 2] = people.seeks_asylum & draws.chance("also torture", size, 0.7) | withholding
    court = is_type(people, "RMV", "DEP", "EXC")
    for column, code in enumerate(APPLICATIONS[3:], start=3):
        asked[:, column] = court & draws.chance(f"asks {code}", size, _OTHER_SHARES[code])
    older = is_type(people, "DEP", "EXC")
    for code, is_old in (("42B", False), ("42A", False), ("237H", False), ("SUSP", True)):
        asked[:, APPLICATIONS.index(code)] &= older == is_old
    asked[:, APPLICATIONS.index("SUSP")] |= older & draws.chance("suspension", size, 0.08)
    relieved = np.zeros(size, dtype=np.bool_)
    relieved[chunk.course.case[chunk.course.decision == DECISIONS.index("R")]] = True
    asked[:, APPLICATIONS.index("245")] |= relieved & ~asked.any(axis=1)
    return asked & people.has_court[:, None]


def _received_on(chunk: Chunk, proceeding: Ints) -> Ints:
    """In the first proceeding, some time after it began; later ones carry the same day."""
    course = chunk.course
    first = chunk.first_proceeding[course.case]
    waited = chunk.draws.long_tailed("days to apply", 150.0, 0.8, len(course))
    end = np.where(course.end == MISSING, RELEASE_DAY, course.end)
    day = np.minimum(course.start + waited, end)
    return np.asarray(day[first[proceeding]], dtype=np.int32)


def _application_decisions(chunk: Chunk, proceeding: Ints, kind: Ints) -> Ints:
    """Granted where the case ended in relief of that kind, else refused or never reached."""
    course, size = chunk.course, len(proceeding)
    granted, full, denied, withdrawn, abandoned, unreached, other, moved = range(8)
    refusal = np.asarray([denied, withdrawn, abandoned, unreached, other], dtype=np.int32)[
        chunk.draws.pick(
            "refusal", size, Weighted(("D", "W", "A", "M", "O"), (52.0, 16.0, 11.0, 13.0, 8.0))
        )
    ]
    grant = np.where(chunk.draws.chance("full grant", size, 0.1), full, granted)
    decision = course.decision[proceeding]
    # E means excluded in a case of exclusion, and withholding granted in any other.
    excluded = np.where(decision == DECISIONS.index("E"), DECISIONS.index("X"), decision)
    decision = np.where(is_type(chunk.people, "EXC")[course.case[proceeding]], excluded, decision)
    wins = _is_granted(decision, kind, _first_asked(proceeding))
    lost = np.where(course.in_absentia[proceeding], abandoned, refusal)
    late = np.where(chunk.draws.chance("moved application", size, 0.36), moved, NONE)
    closed = np.where(chunk.draws.chance("closed application", size, 0.55), other, NONE)
    return np.select(
        [course.is_pending[proceeding], course.is_moved[proceeding], wins, decision != NONE],
        [np.full(size, NONE), late, grant, lost],
        closed,
    ).astype(np.int32)


def _first_asked(proceeding: Ints) -> Bools:
    """Which applications are the first of their proceeding."""
    before = np.concatenate([[NONE], proceeding[:-1]]) if len(proceeding) else proceeding
    return np.asarray(proceeding != before)


def _is_granted(decision: Ints, kind: Ints, is_first: Bools) -> Bools:
    """Relief is granted on the first application asked for; withholding and departure on theirs."""
    asks = {code: kind == APPLICATIONS.index(code) for code in APPLICATIONS}
    relief = np.isin(decision, [DECISIONS.index("R"), DECISIONS.index("G")]) & is_first
    withheld = (decision == DECISIONS.index("E")) & asks["ASYW"]
    torture = (decision == DECISIONS.index("Z")) & asks["WCAT"]
    departs = (decision == DECISIONS.index("V")) & asks["VD"]
    return np.asarray(relief | withheld | torture | departs)
