"""Custody and bond: the history of detention, and the bond hearings of those detained."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.codes import courts
from wayhome.sources.eoir.synthetic.calendar_days import (
    MISSING,
    RELEASE_DAY,
    day_if,
    later,
    up_to_release,
)
from wayhome.sources.eoir.synthetic.cells import coded, constant, dates, drawn, numbers
from wayhome.sources.eoir.synthetic.chunk import (
    HEARING_TIMES,
    JUDGES,
    Chunk,
    Rows,
    children,
    places_of_courts,
)
from wayhome.sources.eoir.synthetic.course import Course
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Ints, Weighted
from wayhome.sources.eoir.synthetic.people import COURTS, CUSTODY, DETAINED, NEVER, RELEASED
from wayhome.sources.eoir.synthetic.weights import frequencies

HISTORY = "tbl_CustodyHistory"
BOND = "D_TblAssociatedBond"


def custody_rows(chunk: Chunk) -> Rows:
    """tbl_CustodyHistory: one row in most cases; some released have one of detention before."""
    people, draws = chunk.people, chunk.draws
    size = len(people)
    share = np.select([people.custody == NEVER, people.custody == DETAINED], [0.86, 0.56], 0.8)
    has_row = people.has_court & draws.chance("custody row", size, share)
    two = has_row & (people.custody == RELEASED) & draws.chance("two rows", size, 0.2)
    case, order = children(has_row.astype(np.int32) + two)
    is_before = two[case] & (order == 0)
    custody = np.where(is_before, DETAINED, people.custody[case])
    known = draws.chance("history dated", len(case), np.where(custody == RELEASED, 0.97, 0.66))
    held = custody != NEVER
    return {
        "IDNCUSTODY": numbers(chunk.child_number(case, order, room=2)),
        "IDNCASE": numbers(people.number[case]),
        "CUSTODY": coded(CUSTODY, custody.astype(np.int32)),
        "DATDETAINED": dates(day_if(held & known, chunk.detained_on[case])),
        "DATRELEASED": dates(day_if(known & (custody == RELEASED), chunk.released_on[case])),
    }


# The decisions by which a person walks free, and all others.
_FREEING = ("C", "G", "R", "I", "F")


def bond_rows(chunk: Chunk) -> Rows:
    """D_TblAssociatedBond."""
    proceeding, order = _hearings(chunk)
    course = chunk.course
    size, case = len(proceeding), course.case[proceeding]
    asked = up_to_release(
        later(chunk.detained_on[case], 3 + 25 * order)
        + chunk.draws.between("bond asked", 0, 20, size)
    )
    decided = up_to_release(asked + chunk.draws.between("bond decided", 1, 21, size))
    fill = chunk.filled
    over = fill(BOND, "COMP_DATE", size)
    return {
        **_bond_numbers(chunk, proceeding, order),
        **_bond_record(chunk, proceeding, asked, decided),
        **_bond_decision(chunk, case, over, decided),
        **_old_bond_columns(chunk, size, decided),
        "BOND_HEAR_REQ_DATE": dates(asked),
        "BOND_HEARING_TELEPHONIC": chunk.code(
            BOND, "BOND_HEARING_TELEPHONIC", fill(BOND, "BOND_HEARING_TELEPHONIC", size)
        ),
        "E_28_DATE": dates(day_if(fill(BOND, "E_28_DATE", size), asked)),
        "BOND_TYPE": chunk.code(BOND, "BOND_TYPE", fill(BOND, "BOND_TYPE", size)),
        "FILING_METHOD": chunk.code(BOND, "FILING_METHOD", fill(BOND, "FILING_METHOD", size)),
        "FILING_PARTY": chunk.code(BOND, "FILING_PARTY", fill(BOND, "FILING_PARTY", size)),
        "DECISION_DUE_DATE": dates(day_if(fill(BOND, "DECISION_DUE_DATE", size), later(asked, 5))),
    }


def _hearings(chunk: Chunk) -> tuple[Ints, Ints]:
    """Bond hearings, all in the first proceeding of people who are or were detained."""
    size = len(chunk.people)
    first = chunk.first_proceeding
    held = (chunk.people.custody != NEVER) & (first != NONE)
    share = np.where(chunk.people.custody == RELEASED, 0.52, 0.2)
    some = held & chunk.draws.chance("bond hearing", size, share)
    more = chunk.draws.pick("more bond hearings", size, Weighted(("0", "1", "2"), (80, 15, 5)))
    case, order = children(np.where(some, 1 + more, 0).astype(np.int32))
    return first[case], order


def _bond_numbers(chunk: Chunk, proceeding: Ints, order: Ints) -> Rows:
    course = chunk.course
    case = course.case[proceeding]
    return {
        "IDNASSOCBOND": numbers(chunk.child_number(case, order, room=4)),
        "IDNPROCEEDING": numbers(chunk.proceeding_number[proceeding]),
        "IDNCASE": numbers(chunk.people.number[case]),
    }


def _bond_record(chunk: Chunk, proceeding: Ints, asked: Ints, decided: Ints) -> Rows:
    course: Course = chunk.course
    size, court = len(proceeding), course.court[proceeding]
    fill = chunk.filled
    always = np.ones(size, dtype=np.bool_)
    return {
        "OSC_DATE": dates(
            day_if(fill(BOND, "OSC_DATE", size), chunk.people.filed[course.case[proceeding]])
        ),
        "REC_TYPE": constant("B", always),
        "GENERATION": chunk.code(BOND, "GENERATION", always),
        "SUB_GENERATION": chunk.code(BOND, "SUB_GENERATION", always),
        "UPDATE_DATE": dates(decided),
        "UPDATE_TIME": chunk.clock("bond updated", always),
        "INPUT_DATE": dates(asked),
        "INPUT_TIME": chunk.clock("bond made", always),
        "BASE_CITY_CODE": coded(COURTS, court),
        "BASE_CITY_NAME": chunk.of_case(_court_names(), court, fill(BOND, "BASE_CITY_NAME", size)),
        "HEARING_LOC_CODE": coded(places_of_courts().codes, chunk.location[proceeding]),
        "IJ_CODE": chunk.of_case(JUDGES, chunk.judge[proceeding], fill(BOND, "IJ_CODE", size)),
        "IJ_NAME_TO_BE_REMOVED": constant("SYNTHETIC", fill(BOND, "IJ_NAME_TO_BE_REMOVED", size)),
    }


def _court_names() -> tuple[str, ...]:
    return tuple(courts()[court].place.upper() for court in COURTS)


_AMOUNTS = Weighted(
    tuple(f"{amount:010d}" for amount in (1500, 2500, 3000, 5000, 7500, 10000, 15000, 25000)),
    (22, 10, 12, 22, 12, 12, 7, 3),
)


def _bond_decision(chunk: Chunk, case: Ints, over: Bools, decided: Ints) -> Rows:
    """A released person was mostly set free by the bond; one still held never was."""
    draws, fill, size = chunk.draws, chunk.filled, len(case)
    codes = frequencies(BOND, "DEC")
    freeing = codes.only(*_FREEING)
    others = codes.only(*(code for code in codes.values if code not in _FREEING))
    is_free = (chunk.people.custody[case] == RELEASED) & draws.chance("set free", size, 0.79)
    values = (*freeing.values, *others.values)
    place = np.where(
        is_free,
        draws.pick("freeing decision", size, freeing),
        draws.pick("other decision", size, others) + len(freeing.values),
    )
    reserved = fill(BOND, "APPEAL_REVD", size)
    return {
        "DEC": coded(values, np.where(over, place, NONE).astype(np.int32)),
        "COMP_DATE": dates(day_if(over, decided)),
        "INITIAL_BOND": drawn(draws, "initial bond", _AMOUNTS, fill(BOND, "INITIAL_BOND", size)),
        "NEW_BOND": drawn(draws, "new bond", _AMOUNTS, fill(BOND, "NEW_BOND", size)),
        "REL_CON": chunk.code(BOND, "REL_CON", fill(BOND, "REL_CON", size)),
        "INS_TA": constant("001", fill(BOND, "INS_TA", size)),
        "APPEAL_REVD": chunk.code(BOND, "APPEAL_REVD", reserved),
        "APPEAL_NOT_FILED": constant("X", fill(BOND, "APPEAL_NOT_FILED", size, reserved, 0.2114)),
        "DATE_APPEAL_DUE": dates(
            day_if(fill(BOND, "DATE_APPEAL_DUE", size, over, 0.996), later(decided, 30))
        ),
    }


def _old_bond_columns(chunk: Chunk, size: int, decided: Ints) -> Rows:
    """Columns that the courts mean to remove, filled in the older rows."""
    fill = chunk.filled
    old = fill(BOND, "BOND_HEARING_TIME_TO_BE_REMOVED", size)
    part = 0.286
    before = np.where(decided == MISSING, RELEASE_DAY, decided)
    rows: Rows = {
        "BOND_HEARING_DATE_TO_BE_REMOVED": dates(day_if(old, before)),
        "BOND_HEARING_TIME_TO_BE_REMOVED": chunk.clock("old bond hearing", old, HEARING_TIMES),
        "SCHEDULED_HEAR_LOC_TO_BE_REMOVED": chunk.of_case(
            places_of_courts().codes,
            chunk.draws.between("old bond place", 0, 50, size),
            fill(BOND, "SCHEDULED_HEAR_LOC_TO_BE_REMOVED", size, old, part),
        ),
        "SEND_MSG_WU_TO_BE_REMOVED": constant(
            "Y", fill(BOND, "SEND_MSG_WU_TO_BE_REMOVED", size, old, part)
        ),
    }
    for number in ("ADJ1", "ADJ2"):
        rows |= _old_adjournment(chunk, number, size, old, before)
    return rows


def _old_adjournment(chunk: Chunk, number: str, size: int, old: Bools, day: Ints) -> Rows:
    def column(name: str) -> str:
        return f"{number}_{name}_TO_BE_REMOVED"

    adjourned = chunk.filled(BOND, column("DATE"), size, old, 0.286)
    reason = chunk.filled(BOND, column("MSG"), size, old, 0.286)
    return {
        column("CAL_TYPE"): chunk.code(BOND, column("CAL_TYPE"), adjourned),
        column("DATE"): dates(day_if(adjourned, day)),
        column("TIME"): constant("0000", old),
        column("RSN"): constant("12", adjourned),
        column("TELEPHONIC"): chunk.code(
            BOND, column("TELEPHONIC"), chunk.filled(BOND, column("TELEPHONIC"), size, old, 0.286)
        ),
        column("MSG"): constant("1T", reason),
    }
