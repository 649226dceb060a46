"""B_TblProceedCharges: what each person is charged with, in each proceeding."""

from __future__ import annotations

from functools import cache

import numpy as np

from wayhome.sources.eoir.synthetic.cells import coded, numbers
from wayhome.sources.eoir.synthetic.chunk import Chunk, Rows, children
from wayhome.sources.eoir.synthetic.course import is_removal
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Ints, Weighted, places_where
from wayhome.sources.eoir.synthetic.people import MANNERS, is_type
from wayhome.sources.eoir.synthetic.weights import weighted

CHARGES = tuple(dict.fromkeys(weighted("invented_charges.csv", "charge", "weight").values))


@cache
def _charge_weights(case_type: str, manner: str) -> tuple[Weighted, Ints] | None:
    kind = case_type if case_type in ("DEP", "EXC") else "RMV"
    weights = weighted("invented_charges.csv", "charge", "weight", case_type=kind, manner=manner)
    places = np.asarray([CHARGES.index(code) for code in weights.values], dtype=np.int32)
    return weights, places


def charge_rows(chunk: Chunk) -> Rows:
    """B_TblProceedCharges: a case's charges stand again in each of its proceedings."""
    case_charges = _charges_of_cases(chunk)
    course = chunk.course
    reviewed = is_type(chunk.people, "CFR", "RFR", "CDR", "CSR")[course.case]
    number = np.where(reviewed, 0, (case_charges[course.case] != NONE).sum(axis=1))
    proceeding, order = children(number.astype(np.int32))
    charge = case_charges[course.case[proceeding], order]
    return {
        "IDNPRCDCHG": numbers(
            chunk.child_number(course.case[proceeding], course.order[proceeding] * 4 + order, 32)
        ),
        "IDNCASE": numbers(chunk.people.number[course.case[proceeding]]),
        "IDNPROCEEDING": numbers(chunk.proceeding_number[proceeding]),
        "CHARGE": coded(CHARGES, charge),
        "CHG_STATUS": coded(tuple("SONW"), _charge_status(chunk, proceeding)),
    }


def _charges_of_cases(chunk: Chunk) -> Ints:
    """Up to three charges a case (places in CHARGES), the first by the manner of entry."""
    people, draws, size = chunk.people, chunk.draws, len(chunk.people)
    charges = np.full((size, 3), NONE, dtype=np.int32)
    more = draws.pick("more charges", size, Weighted(("0", "1", "2"), (86.5, 11.0, 2.5)))
    for kind in ("RMV", "DEP", "EXC"):
        of_kind = _is_kind(chunk, kind)
        for place, manner in enumerate(MANNERS):
            rows = places_where(of_kind & (people.manner == place))
            charges[rows, 0] = _drawn_charges(chunk, rows, kind, manner, f"charge {kind} {manner}")
        for extra in (1, 2):
            rows = places_where(of_kind & (more >= extra))
            charges[rows, extra] = _drawn_charges(chunk, rows, kind, "extra", f"{kind} {extra}")
    return charges


def _is_kind(chunk: Chunk, kind: str) -> Bools:
    older = is_type(chunk.people, "DEP", "EXC")
    return ~older if kind == "RMV" else is_type(chunk.people, kind)


def _drawn_charges(chunk: Chunk, rows: Ints, kind: str, manner: str, purpose: str) -> Ints:
    found = _charge_weights(kind, manner)
    if found is None:
        return np.full(len(rows), NONE, dtype=np.int32)
    weights, places = found
    return places[chunk.draws.pick(purpose, len(rows), weights)]


def _charge_status(chunk: Chunk, proceeding: Ints) -> Ints:
    """Sustained, open, not sustained or withdrawn, by how the proceeding ended."""
    course, size = chunk.course, len(proceeding)
    of_ending = {
        "pending": Weighted((*"SONW", ""), (2, 22, 0, 0, 76)),
        "moved": Weighted((*"SONW", ""), (37, 52, 0.5, 0.5, 10)),
        "removed": Weighted((*"SONW", ""), (96, 1, 1, 0.5, 1.5)),
        "over": Weighted((*"SONW", ""), (76, 6, 9, 3.5, 5.5)),
    }
    drawn = {
        name: chunk.draws.pick(f"charge status {name}", size, weights)
        for name, weights in of_ending.items()
    }
    status = np.select(
        [
            course.is_pending[proceeding],
            course.is_moved[proceeding],
            is_removal(chunk.people, course)[proceeding],
        ],
        [drawn["pending"], drawn["moved"], drawn["removed"]],
        drawn["over"],
    )
    return np.where(status == 4, NONE, status).astype(np.int32)
