"""Motions and hearings: the tables of what went on inside a proceeding."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import (
    MISSING,
    RELEASE_DAY,
    day_if,
    later,
    up_to_release,
)
from wayhome.sources.eoir.synthetic.cells import (
    coded,
    constant,
    dates,
    numbers,
)
from wayhome.sources.eoir.synthetic.chunk import (
    HEARING_TIMES,
    JUDGES,
    Chunk,
    Rows,
    children,
    places_of_courts,
)
from wayhome.sources.eoir.synthetic.course import REOPENED
from wayhome.sources.eoir.synthetic.draws import (
    NONE,
    Bools,
    Ints,
    Weighted,
)
from wayhome.sources.eoir.synthetic.people import COURTS, languages
from wayhome.sources.eoir.synthetic.weights import frequencies, weighted

MOTION = "tbl_Court_Motions"
SCHEDULE = "tbl_schedule"

_MOTIONS = weighted("invented_motions.csv", "motion", "weight")
REOPEN, REOPEN_ABSENT, STAY = (_MOTIONS.place(code) for code in ("O", "MA", "SY"))
# Motions that come after a decision; the others come before one.
_AFTER = tuple(_MOTIONS.place(code) for code in ("O", "MA", "MC", "FD", "SY", "RD"))


def motion_rows(chunk: Chunk) -> Rows:
    """tbl_Court_Motions."""
    proceeding, order = _motions(chunk)
    course = chunk.course
    kind = _motion_kinds(chunk, proceeding, order)
    made, decided = _motion_days(chunk, proceeding, order, kind)
    size, case = len(proceeding), course.case[proceeding]
    return {
        "IDNMOTION": numbers(
            chunk.child_number(case, course.order[proceeding] * 8 + order, room=64)
        ),
        "IDNPROCEEDING": numbers(chunk.proceeding_number[proceeding]),
        "IDNCASE": numbers(chunk.people.number[case]),
        "OSC_DATE": dates(chunk.people.filed[case]),
        "REC_TYPE": coded(_MOTIONS.values, kind),
        **_motion_record(chunk, proceeding, made, decided),
        **_motion_decision(chunk, proceeding, order, kind, made, decided),
        **_motion_filing(chunk, size, made),
    }


def _motions(chunk: Chunk) -> tuple[Ints, Ints]:
    """About 0.44 motions a proceeding; one that reopened a case always stands."""
    course, size = chunk.course, len(chunk.course)
    number = chunk.draws.pick(
        "number of motions", size, Weighted(tuple("01234"), (73, 17, 6.5, 2.5, 1))
    )
    reopened = course.sequel == REOPENED
    return children(np.maximum(number, reopened).astype(np.int32))


def _is_reopening(chunk: Chunk, proceeding: Ints, order: Ints) -> Bools:
    return np.asarray((chunk.course.sequel[proceeding] == REOPENED) & (order == 0))


def _motion_kinds(chunk: Chunk, proceeding: Ints, order: Ints) -> Ints:
    course, size = chunk.course, len(proceeding)
    kind = chunk.draws.pick("motion", size, _MOTIONS)
    # A motion to reopen needs a decision; without one it becomes a motion to continue.
    undecided = np.isin(kind, _AFTER) & ~course.is_decided[proceeding]
    kind = np.where(undecided, _MOTIONS.place("CO"), kind)
    how = np.where(course.in_absentia[proceeding], REOPEN_ABSENT, REOPEN)
    return np.where(_is_reopening(chunk, proceeding, order), how, kind).astype(np.int32)


def _motion_days(chunk: Chunk, proceeding: Ints, order: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """The days on which each motion was received and decided."""
    course, size = chunk.course, len(proceeding)
    start = course.start[proceeding]
    end = np.where(course.end == MISSING, RELEASE_DAY, course.end)[proceeding]
    before = chunk.draws.between("motion made", start, end, size)
    after = up_to_release(end + chunk.draws.long_tailed("motion after", 140.0, 1.2, size))
    made = np.where(np.isin(kind, _AFTER), after, before)
    wait = chunk.draws.between("motion decided", 0, 45, size)
    reopening = _is_reopening(chunk, proceeding, order)
    following = course.start[np.minimum(proceeding + 1, len(course) - 1)]
    decided = np.where(reopening, following, up_to_release(made + wait))
    made = np.where(reopening, np.maximum(following - wait, end), made)
    return made.astype(np.int32), decided.astype(np.int32)


def _motion_record(chunk: Chunk, proceeding: Ints, made: Ints, decided: Ints) -> Rows:
    course, size = chunk.course, len(proceeding)
    fill = chunk.filled
    always = np.ones(size, dtype=np.bool_)
    updated = fill(MOTION, "UPDATE_DATE", size)
    return {
        "GENERATION": chunk.code(MOTION, "GENERATION", always),
        "SUB_GENERATION": chunk.code(
            MOTION, "SUB_GENERATION", fill(MOTION, "SUB_GENERATION", size)
        ),
        "UPDATE_DATE": dates(day_if(updated, decided)),
        "UPDATE_TIME": chunk.clock("motion updated", updated),
        "INPUT_DATE": dates(made),
        "INPUT_TIME": chunk.clock("motion made at", always),
        "BASE_CITY_CODE": coded(COURTS, course.court[proceeding]),
        "HEARING_LOC_CODE": coded(places_of_courts().codes, chunk.location[proceeding]),
        "IJ_CODE": chunk.of_case(JUDGES, chunk.judge[proceeding], fill(MOTION, "IJ_CODE", size)),
        "IJ_NAME": constant("SYNTHETIC", fill(MOTION, "IJ_NAME", size)),
        "WU_MSG": constant("SYNTHETIC", fill(MOTION, "WU_MSG", size)),
        "SCHEDULED_HEAR_LOC": chunk.of_case(
            places_of_courts().codes,
            chunk.location[proceeding],
            fill(MOTION, "SCHEDULED_HEAR_LOC", size),
        ),
        "strDJScenario": constant("0", always),
    }


def _motion_decision(
    chunk: Chunk, proceeding: Ints, order: Ints, kind: Ints, made: Ints, decided: Ints
) -> Rows:
    """The decision; a motion that reopened its case was granted, a stay is granted or denied."""
    size, fill = len(proceeding), chunk.filled
    reopening = _is_reopening(chunk, proceeding, order)
    codes = frequencies(MOTION, "DEC")
    decision = np.where(
        reopening, codes.place("G"), chunk.draws.pick("motion decision", size, codes)
    )
    # A motion to reopen that was granted would have begun a proceeding: the others were denied.
    vain = np.isin(kind, (REOPEN, REOPEN_ABSENT)) & ~reopening
    decision = np.where(vain & (decision == codes.place("G")), codes.place("D"), decision)
    over = (fill(MOTION, "DEC", size) & (made < RELEASE_DAY - 3)) | reopening
    stays = frequencies(MOTION, "STAY_GRANT")
    stay = (kind == STAY) & over & chunk.draws.chance("stay noted", size, 0.55)
    reserved = fill(MOTION, "APPEAL_RSVD", size)
    return {
        "DEC": coded(codes.values, np.where(over, decision, NONE).astype(np.int32)),
        "COMP_DATE": dates(day_if(over, decided)),
        "STAY_GRANT": chunk.of_case(stays.values, chunk.draws.pick("stay", size, stays), stay),
        "APPEAL_RSVD": chunk.code(MOTION, "APPEAL_RSVD", reserved),
        "APPEAL_NOT_FILED": constant("X", fill(MOTION, "APPEAL_NOT_FILED", size, reserved, 0.0118)),
        "DATE_APPEAL_DUE": dates(
            day_if(fill(MOTION, "DATE_APPEAL_DUE", size, over, 0.98), later(decided, 30))
        ),
        "DATE_TO_BIA_UPDATE": constant("SYNTHETIC", fill(MOTION, "DATE_TO_BIA_UPDATE", size)),
        "BLNDELETED": chunk.code(MOTION, "BLNDELETED", fill(MOTION, "BLNDELETED", size)),
    }


def _motion_filing(chunk: Chunk, size: int, made: Ints) -> Rows:
    fill = chunk.filled
    table: Rows = {
        "MOTION_RECD_DATE": dates(day_if(fill(MOTION, "MOTION_RECD_DATE", size), made)),
        "DATMOTIONDUE": dates(day_if(fill(MOTION, "DATMOTIONDUE", size), later(made, 10))),
        "RESP_DUE_DATE": dates(day_if(fill(MOTION, "RESP_DUE_DATE", size), later(made, 10))),
        "E_28_DATE": dates(day_if(fill(MOTION, "E_28_DATE", size), made)),
    }
    for column in (
        "JURISDICTION",
        "STRFILINGPARTY",
        "STRFILINGMETHOD",
        "STRCERTOFSERVICECODE",
        "O_CLOCK_OPTION",
    ):
        table[column] = chunk.code(MOTION, column, fill(MOTION, column, size))
    return table


_SCHEDULE_TYPES = Weighted(("MM", "MR", "II", "IR", "MS", "MD", "ID", "MA", "IA", "CY"),
                           (30, 26, 14, 6, 7, 8, 3, 2, 2, 2))  # fmt: skip
_ADJOURNMENTS = Weighted(("01", "12", "13", "17", "7A", "8A", "9Y", "22"),
                         (20, 25, 15, 10, 8, 10, 6, 6))  # fmt: skip


def schedule_rows(chunk: Chunk) -> Rows:
    """tbl_schedule: the hearings of each proceeding."""
    course, draws = chunk.course, chunk.draws
    number = 1 + np.minimum(draws.long_tailed("hearings", 1.35, 0.85, len(course)), 14)
    proceeding, order = children(number.astype(np.int32))
    size, case = len(proceeding), course.case[proceeding]
    start = course.start[proceeding]
    end = np.where(course.end == MISSING, RELEASE_DAY + 600, course.end)[proceeding]
    hearing = start + ((end - start) * (order + 1)) // number[proceeding]
    made = up_to_release(np.maximum(hearing - 60, start))
    fill = chunk.filled
    always = np.ones(size, dtype=np.bool_)
    return {
        "IDNSCHEDULE": numbers(
            chunk.child_number(case, course.order[proceeding] * 16 + order, room=96)
        ),
        "IDNPROCEEDING": numbers(chunk.proceeding_number[proceeding]),
        "IDNCASE": numbers(chunk.people.number[case]),
        "OSC_DATE": dates(day_if(fill(SCHEDULE, "OSC_DATE", size), chunk.people.filed[case])),
        "INPUT_DATE": dates(made),
        "INPUT_TIME": chunk.clock("hearing made", always),
        "UPDATE_DATE": dates(made),
        "UPDATE_TIME": chunk.clock("hearing updated", always),
        "ADJ_DATE": dates(hearing.astype(np.int32)),
        "ADJ_TIME_START": chunk.clock("hearing start", always, HEARING_TIMES),
        "ADJ_TIME_STOP": chunk.clock("hearing stop", fill(SCHEDULE, "ADJ_TIME_STOP", size)),
        **_schedule_codes(chunk, proceeding),
    }


def _schedule_codes(chunk: Chunk, proceeding: Ints) -> Rows:
    course, draws, fill = chunk.course, chunk.draws, chunk.filled
    size, case = len(proceeding), course.case[proceeding]
    table: Rows = {
        "LANG": chunk.of_case(
            languages(), chunk.people.language[case], fill(SCHEDULE, "LANG", size)
        ),
        "HEARING_LOC_CODE": coded(places_of_courts().codes, chunk.location[proceeding]),
        "BASE_CITY_CODE": coded(COURTS, course.court[proceeding]),
        "IJ_CODE": coded(JUDGES, chunk.judge[proceeding]),
        "ADJ_RSN": chunk.of_case(
            _ADJOURNMENTS.values,
            draws.pick("adjourned", size, _ADJOURNMENTS),
            fill(SCHEDULE, "ADJ_RSN", size),
        ),
        "ADJ_MSG": constant("1T", fill(SCHEDULE, "ADJ_MSG", size)),
        "ADJ_ELAP_DAYS": numbers(
            draws.between("elapsed", 0, 900, size), fill(SCHEDULE, "ADJ_ELAP_DAYS", size)
        ),
        "LNGSESSNID": numbers(
            draws.between("session", 100_000, 9_000_000, size), fill(SCHEDULE, "LNGSESSNID", size)
        ),
        "SCHEDULE_TYPE": chunk.of_case(
            _SCHEDULE_TYPES.values,
            draws.pick("schedule type", size, _SCHEDULE_TYPES),
            np.ones(size, dtype=np.bool_),
        ),
        "NOTICE_CODE": constant("NT", fill(SCHEDULE, "NOTICE_CODE", size)),
        "EOIRAttorneyID": numbers(
            draws.between("lawyer of hearing", 1, 40_000, size),
            fill(SCHEDULE, "EOIRAttorneyID", size),
        ),
    }
    for column in ("GENERATION", "SUB_GENERATION", "REC_TYPE", "ASSIGNMENT_PATH"):
        table[column] = chunk.code(SCHEDULE, column, fill(SCHEDULE, column, size))
    for column in ("CAL_TYPE", "ADJ_MEDIUM", "BLNCLOCKOVERRIDE"):
        table[column] = chunk.code(SCHEDULE, column, fill(SCHEDULE, column, size))
    return table
