"""B_TblProceeding: where each stretch of a case was, how it ended and what came of it."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import MISSING, RELEASE_DAY, day_if, later
from wayhome.sources.eoir.synthetic.cells import coded, constant, dates, numbers
from wayhome.sources.eoir.synthetic.chunk import (
    HEARING_TIMES,
    JUDGES,
    Chunk,
    Rows,
    places_of_courts,
)
from wayhome.sources.eoir.synthetic.course import (
    DECISIONS,
    MOVED,
    OTHER_COMPLETIONS,
    REMANDED,
    VENUE,
    is_removal,
)
from wayhome.sources.eoir.synthetic.draws import Bools, Ints, where_else
from wayhome.sources.eoir.synthetic.people import (
    CASE_TYPES,
    COURTS,
    CRIMINAL,
    CUSTODY,
    DETAINED,
    RELEASED,
    is_type,
    languages,
    nationalities,
)
from wayhome.sources.eoir.synthetic.weights import frequencies

PROCEEDING = "B_TblProceeding"

# Shares of the proceedings that ended and that came of a move: a column that only such rows may
# fill is filled at its real share of all rows.
ENDED, WERE_MOVED = 0.772, 0.1765


def proceeding_rows(chunk: Chunk) -> Rows:
    """B_TblProceeding."""
    return {
        **_identity(chunk),
        **_place(chunk),
        **_moves(chunk),
        **_decision(chunk),
        **_appeal(chunk),
        **_custody(chunk),
    }


def _identity(chunk: Chunk) -> Rows:
    people, course = chunk.people, chunk.course
    size, case = len(course), course.case
    fill = chunk.filled
    # The first record may be made before the file is opened; a later one begins with its stretch.
    return {
        "IDNPROCEEDING": numbers(chunk.proceeding_number),
        "IDNCASE": numbers(people.number[case]),
        "OSC_DATE": dates(day_if(fill(PROCEEDING, "OSC_DATE", size), people.filed[case])),
        "INPUT_DATE": dates(day_if(fill(PROCEEDING, "INPUT_DATE", size), course.start)),
        "CASE_TYPE": coded(CASE_TYPES, people.case_type[case]),
        "NAT": chunk.of_case(
            nationalities(), people.nationality[case], fill(PROCEEDING, "NAT", size)
        ),
        "LANG": chunk.of_case(languages(), people.language[case], fill(PROCEEDING, "LANG", size)),
        "CRIM_IND": coded(
            ("N", "Y"),
            where_else(
                fill(PROCEEDING, "CRIM_IND", size),
                (people.manner[case] == CRIMINAL).astype(np.int32),
            ),
        ),
        "AGGRAVATE_FELON": constant("0", fill(PROCEEDING, "AGGRAVATE_FELON", size)),
        "IHP": chunk.code(PROCEEDING, "IHP", fill(PROCEEDING, "IHP", size)),
        "CORRECTIONAL_FAC": chunk.of_case(
            ("S", "D", "F", "M"),
            chunk.draws.pick(
                "facility of proceeding", size, frequencies("A_TblCase", "CORRECTIONAL_FAC")
            ),
            fill(PROCEEDING, "CORRECTIONAL_FAC", size),
        ),
    }


def _place(chunk: Chunk) -> Rows:
    course, size = chunk.course, len(chunk.course)
    fill = chunk.filled
    codes = places_of_courts().codes
    heard = fill(PROCEEDING, "HEARING_DATE", size)
    first = chunk.draws.between("first hearing", 5, 240, size)
    end = np.where(course.end == MISSING, course.start + 900, course.end)
    hearing = np.minimum(course.start + first, end)
    return {
        "BASE_CITY_CODE": coded(COURTS, course.court),
        "HEARING_LOC_CODE": coded(codes, chunk.location),
        "IJ_CODE": chunk.of_case(JUDGES, chunk.judge, fill(PROCEEDING, "IJ_CODE", size)),
        "HEARING_DATE": dates(day_if(heard, hearing)),
        "HEARING_TIME": chunk.clock("first hearing time", heard, HEARING_TIMES),
        "SCHEDULED_HEAR_LOC": chunk.of_case(
            codes, chunk.location, fill(PROCEEDING, "SCHEDULED_HEAR_LOC", size)
        ),
    }


def _moves(chunk: Chunk) -> Rows:
    """Where a proceeding was moved to, and where it came from."""
    course, size = chunk.course, len(chunk.course)
    fill = chunk.filled
    moved = course.is_moved
    came = course.came_by == MOVED
    before = np.maximum(np.arange(size) - 1, 0)
    # A move in the last days before the release has no proceeding after it yet.
    following = np.minimum(np.arange(size) + 1, size - 1)
    to = np.where(course.is_last, course.court, course.court[following]).astype(np.int32)
    counted = (course.moves + moved).astype(np.int32)
    status = coded(("T", "V"), where_else(_moved_case(chunk), _by_venue(chunk)))
    arrived = fill(PROCEEDING, "TRANS_IN_DATE", size, came, WERE_MOVED)
    return {
        "TRANS_IN_DATE": dates(day_if(arrived, course.start)),
        "PREV_HEARING_LOC": chunk.of_case(places_of_courts().codes, chunk.location[before], came),
        "PREV_HEARING_BASE": chunk.of_case(COURTS, course.court[before], came),
        "PREV_IJ_CODE": chunk.of_case(
            JUDGES,
            chunk.judge[before],
            fill(PROCEEDING, "PREV_IJ_CODE", size, came, WERE_MOVED),
        ),
        "TRANS_NBR": numbers(counted, fill(PROCEEDING, "TRANS_NBR", size, counted > 0, 0.373)),
        "VENUE_CHG_GRANTED": dates(day_if(moved, course.end)),
        "TRANSFER_TO": chunk.of_case(COURTS, to, moved),
        "TRANSFER_STATUS": status,
    }


def _moved_case(chunk: Chunk) -> Bools:
    course = chunk.course
    touched = (course.moves > 0) | course.is_moved
    return chunk.filled(PROCEEDING, "TRANSFER_STATUS", len(course), touched, 0.345)


def _by_venue(chunk: Chunk) -> Ints:
    course = chunk.course
    before = np.maximum(np.arange(len(course)) - 1, 0)
    ending = np.where(course.is_moved, course.ending, course.ending[before])
    return np.asarray(ending == VENUE, dtype=np.int32)


def _decision(chunk: Chunk) -> Rows:
    course, size = chunk.course, len(chunk.course)
    people, fill = chunk.people, chunk.filled
    ended = ~course.is_pending
    leaves = is_removal(people, course) | (course.decision == DECISIONS.index("V"))
    to = chunk.draws.chance("removed elsewhere", size, 0.03)
    country = np.where(to, 0, people.nationality[course.case])
    first = fill(PROCEEDING, "DEPORTED_1", size, leaves, 0.362)
    second = first & chunk.draws.chance("second country", size, 0.021) & (country > 0)
    absentia = fill(PROCEEDING, "ABSENTIA", size, ended, ENDED) | course.in_absentia
    return {
        "DEC_TYPE": chunk.code(
            PROCEEDING, "DEC_TYPE", fill(PROCEEDING, "DEC_TYPE", size, ended, ENDED)
        ),
        "DEC_CODE": coded(DECISIONS, course.decision),
        "OTHER_COMP": coded(OTHER_COMPLETIONS, course.completion),
        "COMP_DATE": dates(course.end),
        "ABSENTIA": coded(("N", "Y"), where_else(absentia, course.in_absentia.astype(np.int32))),
        "DEPORTED_1": chunk.of_case(nationalities(), country, first),
        "DEPORTED_2": chunk.of_case(nationalities(), np.zeros_like(country), second),
    }


def _appeal(chunk: Chunk) -> Rows:
    course, size = chunk.course, len(chunk.course)
    fill = chunk.filled
    appealed = has_case_appeal(chunk)
    due = fill(PROCEEDING, "DATE_APPEAL_DUE_STATUS", size, ~course.is_pending, ENDED)
    wanted = course.is_decided & ~appealed
    reserved = fill(PROCEEDING, "APPEAL_RSVD", size, wanted, 1.16) | appealed
    passed = fill(PROCEEDING, "APPEAL_NOT_FILED", size, reserved & ~appealed, 0.0385)
    is_over = course.end + 30 < RELEASE_DAY
    return {
        "APPEAL_RSVD": chunk.code(PROCEEDING, "APPEAL_RSVD", reserved),
        "APPEAL_NOT_FILED": constant("X", passed & is_over),
        "DATE_APPEAL_DUE_STATUS": dates(day_if(due, later(course.end, 30))),
    }


def has_case_appeal(chunk: Chunk) -> Bools:
    """Which decisions were appealed to the Board: all that it sent back, and some others."""
    course = chunk.course
    custody = chunk.people.custody[course.case]
    share = np.select([custody == DETAINED, custody == RELEASED], [0.066, 0.15], 0.083)
    some = chunk.draws.chance("case appeal", len(course), share)
    # Nobody appeals to the Board from a review of fear.
    some &= ~is_type(chunk.people, "CFR", "RFR")[course.case]
    soon = course.end > RELEASE_DAY - 35
    return np.asarray(course.is_decided & ~soon & (some | (course.sequel == REMANDED)))


def _custody(chunk: Chunk) -> Rows:
    people, course = chunk.people, chunk.course
    size, case = len(course), course.case
    custody = people.custody[case]
    share = np.where(custody == RELEASED, 0.96, 0.47)
    known = chunk.draws.chance("detention known", size, share)
    return {
        "CUSTODY": coded(CUSTODY, custody),
        "DATE_DETAINED": dates(day_if(known & (custody >= DETAINED), chunk.detained_on[case])),
        "DATE_RELEASED": dates(day_if(known, chunk.released_on[case])),
    }
