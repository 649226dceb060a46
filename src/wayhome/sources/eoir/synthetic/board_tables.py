"""The Board of Immigration Appeals: appeals, referrals, pro bono screening, and federal courts."""

from __future__ import annotations

import numpy as np

from wayhome.sources.eoir.synthetic.appeals import BOARD_DECISIONS, TYPES, Appeals, make_appeals
from wayhome.sources.eoir.synthetic.calendar_days import (
    MISSING,
    day_if,
    up_to_release,
    year_of,
)
from wayhome.sources.eoir.synthetic.cells import (
    STAMPS,
    Cells,
    coded,
    constant,
    dates,
    numbers,
    stamps,
)
from wayhome.sources.eoir.synthetic.charge_table import CHARGES
from wayhome.sources.eoir.synthetic.chunk import Chunk, Rows, places_of_courts
from wayhome.sources.eoir.synthetic.course import DECISIONS
from wayhome.sources.eoir.synthetic.draws import Ints, places_where, where_else
from wayhome.sources.eoir.synthetic.people import (
    CASE_TYPES,
    CUSTODY,
    languages,
    nationalities,
)

APPEAL = "tblAppeal"
PRO_BONO = "tblProBono"


def appeal_rows(chunk: Chunk) -> Rows:
    """tblAppeal."""
    appeals, people = make_appeals(chunk), chunk.people
    size, case = len(appeals), appeals.case
    fill = chunk.filled
    decided = appeals.decided != MISSING
    court = ~appeals.is_from_dhs
    dhs_type = chunk.draws.chance("type of a DHS appeal", size, 0.65) | court
    lawyer = fill(APPEAL, "datAttorneyE27", size)
    return {
        "idnAppeal": numbers(appeals.number),
        "idncase": numbers(people.number[case], fill(APPEAL, "idncase", size)),
        "idnProceeding": _proceeding_numbers(chunk, appeals),
        "strAppealCategory": coded(("IJ", "DD"), appeals.is_from_dhs.astype(np.int32)),
        "strAppealType": coded(TYPES, appeals.type),
        "datAppealFiled": dates(appeals.filed),
        "strFiledBy": chunk.code(APPEAL, "strFiledBy", np.ones(size, dtype=np.bool_)),
        "datAttorneyE27": dates(day_if(lawyer, appeals.filed)),
        "datBIADecision": dates(appeals.decided),
        "strBIADecision": coded(BOARD_DECISIONS, where_else(decided, appeals.decision)),
        "strBIADecisionType": chunk.code(
            APPEAL,
            "strBIADecisionType",
            fill(APPEAL, "strBIADecisionType", size, decided, 0.8857),
        ),
        "strCaseType": chunk.of_case(CASE_TYPES, people.case_type[case], dhs_type),
        "strLang": chunk.of_case(languages(), people.language[case], court),
        "strNat": chunk.of_case(nationalities(), people.nationality[case], court),
        "strProceedingIHP": chunk.code(
            APPEAL, "strProceedingIHP", fill(APPEAL, "strProceedingIHP", size)
        ),
        "strCustody": chunk.of_case(
            CUSTODY, people.custody[case], fill(APPEAL, "strCustody", size, court, 0.905)
        ),
        "strProbono": constant("Y", fill(APPEAL, "strProbono", size)),
    }


def _proceeding_numbers(chunk: Chunk, appeals: Appeals) -> Cells:
    return numbers(chunk.proceeding_number[appeals.proceeding], ~appeals.is_from_dhs)


def second_appeal_rows(chunk: Chunk) -> Rows:
    """tblAppeal2: the numbers of the appeals once more."""
    appeals = make_appeals(chunk)
    filled = chunk.filled("tblAppeal2", "idncase", len(appeals))
    return {
        "idnAppeal": numbers(appeals.number),
        "idncase": numbers(chunk.people.number[appeals.case], filled),
        "idnProceeding": _proceeding_numbers(chunk, appeals),
    }


def federal_court_rows(chunk: Chunk) -> Rows:
    """tblAppealFedCourts: petitions for review of decided appeals."""
    appeals = make_appeals(chunk)
    went_on = chunk.draws.chance("federal court", len(appeals), 0.145)
    rows = places_where(went_on & (appeals.decided != MISSING) & ~appeals.is_from_dhs)
    size = len(rows)
    asked = up_to_release(appeals.decided[rows] + chunk.draws.between("federal", 10, 90, size))
    fill = chunk.filled
    table = "tblAppealFedCourts"
    return {
        "idnAppealFedCourts": numbers(appeals.number[rows]),
        "lngAppealID": numbers(appeals.number[rows], fill(table, "lngAppealID", size)),
        "datRequestedByOIL": dates(day_if(fill(table, "datRequestedByOIL", size), asked)),
        "strFedCourtDecision": chunk.code(
            table, "strFedCourtDecision", fill(table, "strFedCourtDecision", size)
        ),
    }


def referral_rows(chunk: Chunk) -> Rows:
    """tblThreeMbrReferrals."""
    appeals = make_appeals(chunk)
    rows = places_where(chunk.draws.chance("three members", len(appeals), 0.05))
    size = len(rows)
    referred = up_to_release(appeals.filed[rows] + 60)
    taken_back = chunk.filled("tblThreeMbrReferrals", "datRemovedFromReferral", size)
    tick = chunk.draws.between("referral tick", 0, STAMPS - 1, size)
    return {
        "idn3MemberReferral": numbers(appeals.number[rows]),
        "lngAppealID": numbers(appeals.number[rows]),
        "datReferredTo3Member": stamps(referred, tick),
        "datRemovedFromReferral": stamps(day_if(taken_back, up_to_release(referred + 30)), tick),
    }


def pro_bono_rows(chunk: Chunk) -> Rows:
    """tblProBono: case appeals screened for a volunteer lawyer."""
    appeals = make_appeals(chunk)
    # The project screens case appeals, and began when hardly any deportation case was left.
    may_be = (appeals.type == TYPES.index("Case Appeal")) & (year_of(appeals.filed) > 2001)
    rows = places_where(may_be & chunk.draws.chance("screened", len(appeals), 0.088))
    return {
        **_screened(chunk, appeals, rows),
        **_screened_decisions(chunk, appeals, rows),
        **_screening(chunk, appeals, rows),
    }


def _screened(chunk: Chunk, appeals: Appeals, rows: Ints) -> Rows:
    people, size, case = chunk.people, len(rows), appeals.case[rows]
    fill = chunk.filled
    return {
        "idnRepl": numbers(appeals.number[rows]),
        "idnAppeal": numbers(appeals.number[rows], fill(PRO_BONO, "idnAppeal", size)),
        "Case_type": coded(CASE_TYPES, people.case_type[case]),
        "strNat": chunk.of_case(
            nationalities(), people.nationality[case], fill(PRO_BONO, "strNat", size)
        ),
        "strLang": chunk.of_case(
            languages(), people.language[case], fill(PRO_BONO, "strLang", size)
        ),
        "strAlienSex": coded(
            ("F", "M"),
            where_else(fill(PRO_BONO, "strAlienSex", size), people.is_male[case].astype(np.int32)),
        ),
        "strCustody": chunk.of_case(
            CUSTODY, people.custody[case], fill(PRO_BONO, "strCustody", size)
        ),
        "Date_Of_Entry": dates(day_if(fill(PRO_BONO, "Date_Of_Entry", size), people.entry[case])),
        "CaseID": constant("PB", fill(PRO_BONO, "CaseID", size)),
        "Inmate_Housing": chunk.of_case(
            places_of_courts().codes,
            chunk.draws.between("screened housing", 0, 99, size),
            fill(PRO_BONO, "Inmate_Housing", size),
        ),
    }


_DECISION_COLUMNS = (
    *("DEC_212C", "DEC_245", "Other_dec1", "Other_dec2"),
    *("P_EOIR42A_DEC", "P_EOIR42B_DEC", "VD_DEC", "WD_DEC"),
)
_RECEIVED_COLUMNS = (
    *("recd_212C", "recd_245", "VD_recd", "WD_recd"),
    *("P_EOIR42A_Recd", "P_EOIR42B_Recd"),
)


def _screened_decisions(chunk: Chunk, appeals: Appeals, rows: Ints) -> Rows:
    size, fill = len(rows), chunk.filled
    first = chunk.draws.between("screened charge", 0, len(CHARGES) - 1, size)
    table: Rows = {
        "Dec_Code": chunk.of_case(
            DECISIONS,
            chunk.course.decision[appeals.proceeding[rows]],
            fill(PRO_BONO, "Dec_Code", size),
        ),
        "other_comp": constant("O", fill(PRO_BONO, "other_comp", size)),
        "CRIM_IND": chunk.code(PRO_BONO, "CRIM_IND", fill(PRO_BONO, "CRIM_IND", size)),
        "NBR_OF_CHGS": chunk.code(PRO_BONO, "NBR_OF_CHGS", fill(PRO_BONO, "NBR_OF_CHGS", size)),
    }
    for column in _DECISION_COLUMNS:
        table[column] = chunk.code(PRO_BONO, column, fill(PRO_BONO, column, size))
    for column in _RECEIVED_COLUMNS:
        table[column] = constant("X", fill(PRO_BONO, column, size))
    for number in range(1, 7):
        column = f"Charge_{number}"
        charge = ((first + number) % len(CHARGES)).astype(np.int32)
        table[column] = chunk.of_case(CHARGES, charge, fill(PRO_BONO, column, size))
    return table


_FLAGS = (
    *("blnOARequestedbyAlien", "blnOARequestedbyINS", "blnOARequestedbyAmicus"),
    *("blnSelectedbyCoordinator", "blnSelectedbyScreener", "blnIntrpr", "blnProcessed"),
)
_SCREENED_TEXT = {
    "strAlienRegion": "SYNTHETIC REGION",
    "DCO_Location": "SYNTHETIC FACILITY",
    "strDCAddress1": "1 SYNTHETIC STREET",
    "strDCAddress2": "SYNTHETIC BUILDING",
    "strDCCity": "SPRINGFIELD",
    "strDCState": "TX",
    "strDCZip": "00000",
    "strIntrprLang": "GER",
    "ScreenerIdn": "1",
}


def _screening(chunk: Chunk, appeals: Appeals, rows: Ints) -> Rows:
    size, fill = len(rows), chunk.filled
    always = np.ones(size, dtype=np.bool_)
    filed = appeals.filed[rows]
    tick = chunk.draws.between("screening tick", 0, STAMPS - 1, size)
    table: Rows = {
        "strFiledby": chunk.code(PRO_BONO, "strFiledby", always),
        "OptionA": chunk.code(PRO_BONO, "OptionA", always),
        "datTranscriptServedAlien": dates(up_to_release(filed + 40)),
        "datBriefCurrentlyDueAlien": dates(
            day_if(fill(PRO_BONO, "datBriefCurrentlyDueAlien", size), up_to_release(filed + 61))
        ),
        "datCreatedOn": stamps(day_if(fill(PRO_BONO, "datCreatedOn", size), filed), tick),
        "datModifiedOn": stamps(
            day_if(fill(PRO_BONO, "datModifiedOn", size), up_to_release(filed + 9)), tick
        ),
    }
    for column in _FLAGS:
        table[column] = chunk.code(PRO_BONO, column, always)
    for column in ("strCorFacility", "strProceedingIHP", "strINSStatus", "strPossibility"):
        table[column] = chunk.code(PRO_BONO, column, fill(PRO_BONO, column, size))
    for column in ("datROPreview", "datmailedtoNGO"):
        table[column] = dates(day_if(fill(PRO_BONO, column, size), up_to_release(filed + 50)))
    for column, text in _SCREENED_TEXT.items():
        table[column] = constant(text, fill(PRO_BONO, column, size))
    return table
