"""The tables with rows a case: the case itself, its identifiers, priority, youth and family."""

from __future__ import annotations

from functools import cache

import numpy as np

from wayhome.sources.eoir.codes import courts
from wayhome.sources.eoir.synthetic.calendar_days import (
    FIRST_PRIORITY_DAY,
    RELEASE_DAY,
    day_if,
    later,
    up_to_release,
    year_of,
)
from wayhome.sources.eoir.synthetic.cells import (
    STAMPS,
    Cells,
    coded,
    constant,
    dates,
    drawn,
    months,
    numbers,
    stamps,
)
from wayhome.sources.eoir.synthetic.chunk import (
    HEARING_TIMES,
    Chunk,
    Rows,
    children,
    court_states,
    places_of_courts,
)
from wayhome.sources.eoir.synthetic.draws import NONE, Ints, Weighted, where_else
from wayhome.sources.eoir.synthetic.people import (
    CASE_TYPES,
    COURTS,
    CRIMINAL,
    CUSTODY,
    DETAINED,
    NEVER,
    languages,
    nationalities,
)
from wayhome.sources.eoir.synthetic.weights import frequencies

CASE = "A_TblCase"

# Names that many states have a town of; the court's own city comes first.
TOWNS = (
    "SPRINGFIELD", "FAIRVIEW", "LAKEWOOD", "GREENVILLE", "FRANKLIN", "CLINTON", "SALEM", "MADISON",
    "GEORGETOWN", "OAK GROVE", "CENTERVILLE", "MOUNT VERNON", "UNION CITY", "NEW HAVEN",
    "LAS PALMAS", "SANTA ROSA", "PORT LAVACA", "EL MIRAGE",
)  # fmt: skip

# The share of cases that a court has (all but the Board's own).
HAS_COURT = 0.9893


def case_rows(chunk: Chunk) -> Rows:
    """A_TblCase."""
    return {
        **_identity(chunk),
        **_address(chunk),
        **_matter(chunk),
        **_latest_hearing(chunk),
        **_custody(chunk),
    }


def _identity(chunk: Chunk) -> Rows:
    people, size = chunk.people, len(chunk.people)
    fill = chunk.filled
    court = people.has_court
    return {
        "IDNCASE": numbers(people.number),
        "NAT": chunk.of_case(
            nationalities(), people.nationality, fill(CASE, "NAT", size, court, HAS_COURT)
        ),
        "LANG": chunk.of_case(
            languages(), people.language, fill(CASE, "LANG", size, court, HAS_COURT)
        ),
        "DATE_OF_ENTRY": dates(day_if(fill(CASE, "DATE_OF_ENTRY", size), people.entry)),
        "C_BIRTHDATE": months(day_if(fill(CASE, "C_BIRTHDATE", size), people.birth)),
        "Sex": coded(
            ("F", "M"), np.where(fill(CASE, "Sex", size), people.is_male, NONE).astype(np.int32)
        ),
        "LPR": _permanent_resident(chunk),
    }


def _permanent_resident(chunk: Chunk) -> Cells:
    size = len(chunk.people)
    holds = (chunk.people.manner == CRIMINAL) & chunk.draws.chance("resident", size, 0.12)
    filled = chunk.filled(CASE, "LPR", size)
    return coded(("0", "1"), np.where(filled, holds, NONE).astype(np.int32))


@cache
def _cities() -> tuple[str, ...]:
    own = tuple(courts()[court].place.split(" (")[0].upper() for court in COURTS)
    return own + TOWNS


def _address(chunk: Chunk) -> Rows:
    size = len(chunk.people)
    draws, fill = chunk.draws, chunk.filled
    court = _court_of_case(chunk)
    in_town = draws.chance("lives elsewhere", size, 0.6)
    town = draws.between("town", 0, len(TOWNS) - 1, size) + len(COURTS)
    city = np.where(in_town, town, court).astype(np.int32)
    zip_code = 10_000 + court * 1_200 + draws.between("zip code", 0, 1_199, size)
    moved = fill(CASE, "UPDATED_CITY", size)
    changed = draws.between("address changed", chunk.people.filed, chunk.end_of_case, size)
    return {
        "ALIEN_CITY": chunk.of_case(_cities(), city, fill(CASE, "ALIEN_CITY", size)),
        "ALIEN_STATE": chunk.of_case(court_states(), court, fill(CASE, "ALIEN_STATE", size)),
        "ALIEN_ZIPCODE": numbers(zip_code, fill(CASE, "ALIEN_ZIPCODE", size)),
        "UPDATED_ZIPCODE": numbers(zip_code + 1, moved),
        "UPDATED_CITY": chunk.of_case(_cities(), city, moved),
        "UPDATED_STATE": chunk.of_case(court_states(), court, moved),
        "ADDRESS_CHANGEDON": dates(
            day_if(fill(CASE, "ADDRESS_CHANGEDON", size), up_to_release(changed))
        ),
    }


def _court_of_case(chunk: Chunk) -> Ints:
    """The court of the current proceeding (of the beginning, where the case has none)."""
    last = chunk.last_proceeding
    return np.where(last == NONE, chunk.people.court, chunk.course.court[last]).astype(np.int32)


def _matter(chunk: Chunk) -> Rows:
    people, size = chunk.people, len(chunk.people)
    fill = chunk.filled
    asylum = np.where(people.is_minor & chunk.draws.chance("J", size, 0.05), 2, 0)
    affirmative = chunk.draws.chance("affirmative", size, 0.31)
    asylum = np.where(affirmative & (asylum == 0), 1, asylum)
    return {
        "CASE_TYPE": coded(CASE_TYPES, people.case_type),
        "SITE_TYPE": chunk.code(CASE, "SITE_TYPE", fill(CASE, "SITE_TYPE", size)),
        "E_28_DATE": dates(appearance_day(chunk)),
        "ATTY_NBR": coded(
            tuple(f"{place:02d}" for place in range(1, 10)),
            where_else(
                fill(CASE, "ATTY_NBR", size), chunk.draws.between("attorney number", 0, 8, size)
            ),
        ),
        "UPDATE_SITE": chunk.of_case(COURTS, _court_of_case(chunk), people.has_court),
        "C_ASY_TYPE": coded(
            ("E", "I", "J"), np.where(people.seeks_asylum, asylum, NONE).astype(np.int32)
        ),
        "ZBOND_MRG_FLAG": constant("Y", fill(CASE, "ZBOND_MRG_FLAG", size)),
        "CASEPRIORITY_CODE": _priority(chunk),
    }


def appearance_day(chunk: Chunk) -> Ints:
    """The day on which a lawyer entered an appearance; missing where nobody is represented."""
    people = chunk.people
    first = up_to_release(people.filed + 2)
    day = chunk.draws.between("appearance", first, chunk.end_of_case, len(people))
    return day_if(people.is_represented, day)


def _priority(chunk: Chunk) -> Cells:
    """Unaccompanied children's priority falls to minors, the others to adults."""
    size = len(chunk.people)
    others = frequencies(CASE, "CASEPRIORITY_CODE").only("AWC/ATD", "CR", "RBC/D", "AWC/D")
    values = ("UC", *others.values)
    adult = chunk.draws.pick("priority", size, others) + 1
    share = np.where(chunk.people.is_minor, 0.1, 0.0147)
    filled = chunk.draws.chance("priority filled", size, share)
    place = np.where(chunk.people.is_minor, 0, adult)
    return coded(values, np.where(filled, place, NONE).astype(np.int32))


def _latest_hearing(chunk: Chunk) -> Rows:
    people, size = chunk.people, len(chunk.people)
    last = chunk.last_proceeding
    pending = (last != NONE) & chunk.course.is_pending[last]
    ahead = chunk.draws.between("days to the next hearing", -200, 1200, size)
    day = np.where(pending, RELEASE_DAY + ahead, chunk.end_of_case)
    day = np.maximum(day, people.filed)
    filled = chunk.filled(CASE, "LATEST_HEARING", size, people.has_court, HAS_COURT)
    typed = chunk.filled(CASE, "LATEST_CAL_TYPE", size, filled, 0.83)
    return {
        "LATEST_HEARING": dates(day_if(filled, day)),
        "LATEST_TIME": chunk.clock("latest time", filled, HEARING_TIMES),
        "LATEST_CAL_TYPE": chunk.code(CASE, "LATEST_CAL_TYPE", typed),
    }


# How often the case table's custody lags behind the history.
STALE_CUSTODY = 0.03


def _custody(chunk: Chunk) -> Rows:
    people, size = chunk.people, len(chunk.people)
    draws, fill = chunk.draws, chunk.filled
    stale = draws.chance("stale custody", size, STALE_CUSTODY) & (people.custody > DETAINED)
    custody = np.where(stale, DETAINED, people.custody)
    held = people.custody != NEVER
    known = draws.chance("detained known", size, np.where(people.custody == DETAINED, 0.42, 0.72))
    zero = fill(CASE, "RELEASE_MONTH", size)
    serving = zero & draws.chance("serving a sentence", size, 0.0616)
    month = draws.between("release month", 1, 12, size)
    year = year_of(people.filed) + draws.between("release year", 0, 4, size)
    return {
        "CUSTODY": chunk.of_case(CUSTODY, custody, people.has_court),
        "DATE_DETAINED": dates(day_if(held & known, chunk.detained_on)),
        "DATE_RELEASED": dates(day_if(known, chunk.released_on)),
        "CORRECTIONAL_FAC": chunk.code(
            CASE, "CORRECTIONAL_FAC", fill(CASE, "CORRECTIONAL_FAC", size)
        ),
        "RELEASE_MONTH": coded(_TWO_DIGITS, np.where(zero, month * serving, NONE)),
        "RELEASE_YEAR": coded(
            _YEARS, np.where(zero, np.where(serving, year - 1899, 0), NONE).astype(np.int32)
        ),
        "INMATE_HOUSING": chunk.of_case(
            places_of_courts().codes,
            draws.between("housing", 0, 99, size),
            fill(CASE, "INMATE_HOUSING", size),
        ),
        "C_RELEASE_DATE": dates(
            day_if(fill(CASE, "C_RELEASE_DATE", size), later(people.filed, 200))
        ),
        "DETENTION_LOCATION": constant("DETENTION CENTER", fill(CASE, "DETENTION_LOCATION", size)),
        "DCO_LOCATION": constant("DETENTION CENTER", fill(CASE, "DCO_LOCATION", size)),
    }


_TWO_DIGITS = tuple(f"{number:02d}" for number in range(13))
_YEARS = ("0000", *(str(year) for year in range(1900, 2060)))


def identifier_rows(chunk: Chunk) -> Rows:
    """A_TblCaseIdentifier: tracking codes, mostly none."""
    counts = chunk.draws.chance("identifiers", len(chunk.people), 0.2).astype(np.int32)
    case, order = children(counts)
    codes = Weighted(
        ("J", "UJ", "J2", "PL", "DD", "FA", "RM", "MP", "DS", "EM", "PB"),
        (30, 18, 6, 5, 8, 10, 6, 7, 4, 3, 3),
    )
    filled = chunk.filled("A_TblCaseIdentifier", "CASE_ID", len(case))
    return {
        "IDNCASEID": numbers(chunk.child_number(case, order, room=2)),
        "IDNCASE": numbers(chunk.people.number[case]),
        "CASE_ID": drawn(chunk.draws, "case identifier", codes, filled),
    }


def priority_rows(chunk: Chunk) -> Rows:
    """tbl_CasePriorityHistory."""
    counts = chunk.draws.chance("priorities", len(chunk.people), 0.011).astype(np.int32)
    case, order = children(counts)
    size = len(case)
    start = np.maximum(chunk.people.filed[case], FIRST_PRIORITY_DAY)
    made = up_to_release(chunk.draws.between("priority made", start, chunk.end_of_case[case], size))
    tick = chunk.draws.between("priority tick", 0, STAMPS - 1, size)
    return {
        "idnCasePriHistory": numbers(chunk.child_number(case, order, room=2)),
        "casePriority_code": chunk.code(
            "tbl_CasePriorityHistory",
            "casePriority_code",
            chunk.filled("tbl_CasePriorityHistory", "casePriority_code", size),
        ),
        "idnCase": numbers(chunk.people.number[case]),
        "DATCREATEDON": stamps(made, tick),
        "DATMODIFIEDON": stamps(made, tick),
    }


def juvenile_rows(chunk: Chunk) -> Rows:
    """tbl_JuvenileHistory: rows of minors with their status, and of adults with none."""
    people, draws = chunk.people, chunk.draws
    size = len(people)
    young = draws.pick("juvenile rows", size, Weighted(("0", "1", "2"), (56, 36, 8)))
    counts = np.where(people.is_minor, young, draws.chance("juvenile none", size, 0.185))
    case, order = children(np.where(people.has_court, counts, 0).astype(np.int32))
    status = _juvenile_status(chunk, case)
    proceeding = chunk.first_proceeding[case]
    made = up_to_release(chunk.course.start[proceeding] + order * 90 + 1)
    tick = draws.between("juvenile tick", 0, STAMPS - 1, len(case))
    changed = chunk.filled("tbl_JuvenileHistory", "DATMODIFIEDON", len(case))
    known = chunk.filled("tbl_JuvenileHistory", "DATCREATEDON", len(case))
    return {
        "idnJuvenileHistory": numbers(chunk.child_number(case, order, room=4)),
        "idnCase": numbers(people.number[case]),
        "idnProceeding": numbers(chunk.proceeding_number[proceeding]),
        "idnJuvenile": coded(tuple("123456"), status),
        "DATCREATEDON": stamps(day_if(known, made), tick),
        "DATMODIFIEDON": stamps(day_if(changed, made), tick),
    }


def _juvenile_status(chunk: Chunk, case: Ints) -> Ints:
    weights = frequencies("tbl_JuvenileHistory", "idnJuvenile").only("4", "1", "6", "2", "3")
    status = np.asarray([int(v) - 1 for v in weights.values], dtype=np.int32)
    drawn_status = status[chunk.draws.pick("juvenile status", len(case), weights)]
    return np.where(chunk.people.is_minor[case], drawn_status, 4).astype(np.int32)


def rider_rows(chunk: Chunk) -> Rows:
    """tbl_Lead_Rider: a case joined to the one before it, as a child's to a parent's."""
    people = chunk.people
    size = len(people)
    joined = chunk.draws.chance("rider", size, 0.21)
    both = people.has_court & np.roll(people.has_court, 1)
    joined &= both & (np.arange(size) > 0)
    rider = np.flatnonzero(joined).astype(np.int32)
    lead = rider - 1
    start = np.maximum(people.filed[rider], people.filed[lead])
    severed = chunk.filled("tbl_Lead_Rider", "datSeveredOn", len(rider))
    cut = up_to_release(start + chunk.draws.between("severed", 30, 900, len(rider)))
    tick = chunk.draws.between("rider tick", 0, STAMPS - 1, len(rider))
    first = [chunk.proceeding_number[chunk.first_proceeding[case]] for case in (lead, rider)]
    return {
        "idnLeadRider": numbers(chunk.child_number(rider, np.zeros_like(rider), room=1)),
        "idnLeadCase": numbers(people.number[lead]),
        "idnRiderCase": numbers(people.number[rider]),
        "datCreatedOn": stamps(start, tick),
        "datModifiedOn": stamps(np.where(severed, cut, start), tick),
        "datSeveredOn": stamps(day_if(severed, cut), tick),
        "idnLeadProceedingStart": numbers(first[0]),
        "idnLeadProceedingEnd": numbers(first[0], severed),
        "idnRiderProceedingStart": numbers(first[1]),
        "idnRiderProceedingEnd": numbers(first[1], severed),
        "blnActive": coded(("0", "1"), (~severed).astype(np.int32)),
    }
