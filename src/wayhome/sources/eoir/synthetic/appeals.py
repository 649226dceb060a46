"""The appeals and motions at the Board of Immigration Appeals that a chunk of cases brings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import (
    MISSING,
    RELEASE_DAY,
    day_if,
    up_to_release,
)
from wayhome.sources.eoir.synthetic.chunk import Chunk
from wayhome.sources.eoir.synthetic.course import REMANDED, REOPENED
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Ints, Longs, Weighted, places_where
from wayhome.sources.eoir.synthetic.people import NEVER
from wayhome.sources.eoir.synthetic.proceeding_tables import has_case_appeal
from wayhome.sources.eoir.synthetic.weights import frequencies, weighted

TYPES = tuple(
    value for value in frequencies("tblAppeal", "strAppealType").values if value not in ("DD visa",)
)
BOARD_DECISIONS = tuple(
    dict.fromkeys(weighted("invented_board_decisions.csv", "decision", "weight").values)
)


@dataclass(frozen=True)
class Appeals:
    """Appeals and motions at the Board. `proceeding` is NONE for appeals from DHS."""

    number: Longs
    case: Ints
    proceeding: Ints
    type: Ints
    filed: Ints
    decided: Ints
    decision: Ints

    def __len__(self) -> int:
        return len(self.number)

    @property
    def is_from_dhs(self) -> Bools:
        return np.asarray(self.proceeding == NONE)


# Others than case appeals that some decided proceedings bring, by share of all proceedings.
_SOME = {
    "MTR BIA": 0.0144,
    "Appeal of IJ MTR": 0.0043,
    "Circuit Court Remand": 0.0016,
    "Interlocutory Appeal": 0.0005,
}


def make_appeals(chunk: Chunk) -> Appeals:
    """All appeals of the chunk, in the order of cases."""
    course, people = chunk.course, chunk.people
    parts = [_of_proceedings(chunk, "Case Appeal", has_case_appeal(chunk), 0)]
    for at, (name, share) in enumerate(_SOME.items(), start=1):
        parts.append(_of_proceedings(chunk, name, _at_random(chunk, name, share), at))
    parts.append(_of_proceedings(chunk, "Bond Appeal", _held(chunk, 0.0029), len(parts)))
    board = places_where(~people.has_court)
    dhs = chunk.draws.pick("DHS appeal", len(board), _from_dhs())
    kinds = np.asarray([TYPES.index(name) for name in _from_dhs().values], dtype=np.int32)[dhs]
    nowhere = np.full(len(board), NONE, dtype=np.int32)
    parts.append((board, nowhere, kinds, np.full(len(board), len(parts), dtype=np.int32)))
    case, proceeding, kind, slot = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((slot, proceeding, case))
    case, proceeding = case[order], proceeding[order]
    step = np.where(proceeding == NONE, 0, course.order[proceeding]) * 7 + slot[order]
    filed = _filed(chunk, case, proceeding)
    decision = _board_decisions(chunk, proceeding, kind[order])
    return Appeals(
        number=chunk.child_number(case, step.astype(np.int32), room=48),
        case=case,
        proceeding=proceeding,
        type=kind[order],
        filed=filed,
        decided=_decided(chunk, proceeding, kind[order], filed),
        decision=decision,
    )


@cache
def _from_dhs() -> Weighted:
    return frequencies("tblAppeal", "strAppealType").only(
        "DD Visa", "DD Fines", "DD 212", "DD Bond"
    )


def _of_proceedings(
    chunk: Chunk, kind: str, chosen: Bools, slot: int
) -> tuple[Ints, Ints, Ints, Ints]:
    proceeding = places_where(chosen)
    size = len(proceeding)
    return (
        chunk.course.case[proceeding],
        proceeding,
        np.full(size, TYPES.index(kind), dtype=np.int32),
        np.full(size, slot, dtype=np.int32),
    )


def _at_random(chunk: Chunk, purpose: str, share: float) -> Bools:
    """Decided proceedings, long enough ago, at the share that they have of all proceedings."""
    course = chunk.course
    old = course.is_decided & (course.end < RELEASE_DAY - 60) & (course.sequel != REOPENED)
    return np.asarray(old & chunk.draws.chance(purpose, len(course), share / 0.5))


def _held(chunk: Chunk, share: float) -> Bools:
    course = chunk.course
    held = chunk.people.custody[course.case] != NEVER
    started = course.start < RELEASE_DAY - 120
    first = course.order == 0
    some = chunk.draws.chance("bond appeal", len(course), share / 0.25)
    return np.asarray(held & first & started & some)


def _filed(chunk: Chunk, case: Ints, proceeding: Ints) -> Ints:
    """Within 30 days of the decision; for an appeal from DHS, when the case was filed."""
    course, size = chunk.course, len(case)
    end = np.where(course.end == MISSING, course.start + 60, course.end)
    after = end[proceeding] + chunk.draws.between("days to appeal", 1, 30, size)
    return np.where(proceeding == NONE, chunk.people.filed[case], up_to_release(after)).astype(
        np.int32
    )


def _sent_back(chunk: Chunk, proceeding: Ints, kind: Ints) -> Bools:
    remanded = chunk.course.sequel[proceeding] == REMANDED
    return np.asarray(remanded & (proceeding != NONE) & (kind == TYPES.index("Case Appeal")))


def _decided(chunk: Chunk, proceeding: Ints, kind: Ints, filed: Ints) -> Ints:
    """Before the next proceeding begins where the Board sent the case back; missing if pending."""
    course, size = chunk.course, len(proceeding)
    usual = filed + 20 + chunk.draws.long_tailed("days at the Board", 520.0, 0.85, size)
    following = np.minimum(proceeding + 1, len(course) - 1)
    back = np.maximum(course.start[following] - 2, filed)
    day = np.where(_sent_back(chunk, proceeding, kind), back, usual)
    return day_if(day <= RELEASE_DAY, day)


def _board_decisions(chunk: Chunk, proceeding: Ints, kind: Ints) -> Ints:
    decision = np.zeros(len(kind), dtype=np.int32)
    for place, name in enumerate(TYPES):
        rows = places_where(kind == place)
        if not len(rows):
            continue
        group = "DD" if name.startswith("DD") else name
        weights = weighted("invented_board_decisions.csv", "decision", "weight", appeal=group)
        codes = np.asarray([BOARD_DECISIONS.index(c) for c in weights.values], dtype=np.int32)
        decision[rows] = codes[chunk.draws.pick(f"board {name}", len(rows), weights)]
    sent_back = _sent_back(chunk, proceeding, kind)
    # Only a case that the Board sent back has a proceeding after it: elsewhere it upheld.
    upheld = (kind == TYPES.index("Case Appeal")) & (decision == BOARD_DECISIONS.index("REM"))
    decision = np.where(upheld, BOARD_DECISIONS.index("DIS"), decision)
    return np.where(sent_back, BOARD_DECISIONS.index("REM"), decision).astype(np.int32)
