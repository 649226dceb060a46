"""Lawyers, without names: who was assigned to a case, and the register of lawyers."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.synthetic.appeals import make_appeals
from wayhome.sources.eoir.synthetic.calendar_days import (
    ATTORNEYS_FROM,
    MISSING,
    RELEASE_DAY,
    day_if,
)
from wayhome.sources.eoir.synthetic.case_tables import appearance_day
from wayhome.sources.eoir.synthetic.cells import STAMPS, coded, dates, numbers, stamps
from wayhome.sources.eoir.synthetic.chunk import Chunk, Rows, children
from wayhome.sources.eoir.synthetic.draws import NONE, Ints, Longs, Weighted, places_where
from wayhome.sources.eoir.synthetic.people import COURTS

REPRESENTATIVES = "tbl_RepsAssigned"


def representative_rows(chunk: Chunk) -> Rows:
    """tbl_RepsAssigned: the person's lawyers in the case and at the Board, the government's."""
    people = chunk.people
    own, government, board = _lawyers_of_cases(chunk), _government_lawyers(chunk), _at_board(chunk)
    # In the order of cases, as the numbers are.
    case, slot, side, parent, day = _in_order([own, government, board])
    size = len(case)
    fill = chunk.filled
    is_government = side == _GOVERNMENT
    always = np.ones(size, dtype=np.bool_)
    spelling = chunk.draws.pick("parent table", size, Weighted(("0", "1"), (0.77, 0.23)))
    return {
        "IDNREPSASSIGNED": numbers(chunk.child_number(case, slot, room=32)),
        "IDNCASE": numbers(people.number[case]),
        "STRATTYLEVEL": coded(("COURT", "BOARD"), (side == _BOARD).astype(np.int32)),
        "STRATTYTYPE": coded(("ALIEN", "INS"), is_government.astype(np.int32)),
        "PARENT_TABLE": coded(_PARENT_TABLES, (side * 2 + spelling).astype(np.int32)),
        "PARENT_IDN": numbers(parent),
        "BASE_CITY_CODE": chunk.of_case(
            COURTS, people.court[case], fill(REPRESENTATIVES, "BASE_CITY_CODE", size)
        ),
        "INS_TA_DATE_ASSIGNED": dates(day_if(is_government, day)),
        "E_27_DATE": dates(day_if(side == _BOARD, day)),
        "E_28_DATE": dates(day_if(side == _OWN, day)),
        "BLNPRIMEATTY": chunk.code(REPRESENTATIVES, "BLNPRIMEATTY", always),
    }


_OWN, _GOVERNMENT, _BOARD = range(3)
_PARENT_TABLES = (
    *("a_tblcase", "A_Tblcase"),
    *("b_tblproceeding", "B_TblProceeding"),
    *("tblappeal", "tblAppeal"),
)

# Case, place among the case's lawyers, side, number of the parent row, day of the appearance.
_Lawyers = tuple[Ints, Ints, Ints, Longs, Ints]


def _in_order(groups: list[_Lawyers]) -> _Lawyers:
    case, slot, side, day = (
        np.concatenate([group[place] for group in groups]) for place in (0, 1, 2, 4)
    )
    parent = np.concatenate([group[3] for group in groups])
    sort = np.lexsort((slot, case))
    return case[sort], slot[sort], side[sort], parent[sort], day[sort]


def _lawyers_of_cases(chunk: Chunk) -> _Lawyers:
    people = chunk.people
    more = chunk.draws.between("lawyers", 2, 3, len(people))
    has_one = people.is_represented & people.has_court
    case, order = children(np.where(has_one, more, 0).astype(np.int32))
    side = np.full(len(case), _OWN, dtype=np.int32)
    return case, order, side, people.number[case], appearance_day(chunk)[case]


def _government_lawyers(chunk: Chunk) -> _Lawyers:
    course = chunk.course
    some = places_where(chunk.draws.chance("government lawyer", len(course), 0.76))
    case = course.case[some]
    side = np.full(len(case), _GOVERNMENT, dtype=np.int32)
    day = np.where(course.end == MISSING, course.start, course.end)[some]
    return case, 4 + course.order[some], side, chunk.proceeding_number[some], day


def _at_board(chunk: Chunk) -> _Lawyers:
    appeals = make_appeals(chunk)
    some = places_where(chunk.draws.chance("lawyer at the Board", len(appeals), 0.64))
    case = appeals.case[some]
    before = np.concatenate([[NONE], case[:-1]]) if len(case) else case
    first = np.maximum.accumulate(np.where(case != before, np.arange(len(case)), 0))
    order = (np.arange(len(case)) - first + 12).astype(np.int32)
    side = np.full(len(case), _BOARD, dtype=np.int32)
    return case, order, side, appeals.number[some], appeals.filed[some]


def attorney_rows(chunk: Chunk) -> Rows:
    """tbl_EOIR_Attorney: numbers without names."""
    counts = chunk.draws.chance("attorney", len(chunk.people), 0.0326).astype(np.int32)
    case, order = children(counts)
    size = len(case)
    table, fill = "tbl_EOIR_Attorney", chunk.filled
    always = np.ones(size, dtype=np.bool_)
    made = chunk.draws.between("attorney made", ATTORNEYS_FROM, RELEASE_DAY, size)
    tick = chunk.draws.between("attorney tick", 0, STAMPS - 1, size)
    return {
        "EOIRAttorneyID": numbers(chunk.child_number(case, order, room=1)),
        "OldAttorneyID": numbers(case + 1, fill(table, "OldAttorneyID", size)),
        "BaseCityCode": chunk.of_case(
            COURTS, chunk.people.court[case], fill(table, "BaseCityCode", size)
        ),
        "blnAttorneyActive": chunk.code(table, "blnAttorneyActive", always),
        "Source_Flag": chunk.code(table, "Source_Flag", always),
        "datCreatedOn": stamps(made, tick),
        "datModifiedOn": stamps(made, tick),
    }
