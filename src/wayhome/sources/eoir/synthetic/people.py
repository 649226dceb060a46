"""Who a case is about and how it begins: the facts that every table of a case agrees on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from wayhome.sources.eoir.synthetic.calendar_days import (
    EARLIEST_ENTRY,
    FIRST_OF_YEAR,
    NEW_LAW_DAY,
    RELEASE_DAY,
    year_of,
)
from wayhome.sources.eoir.synthetic.draws import Bools, Draws, Floats, Ints, Longs, Weighted
from wayhome.sources.eoir.synthetic.weights import frequencies, rows_of, weighted

FIRST_CASE = 2_000_001

CASE_TYPES = tuple(v for v in frequencies("A_TblCase", "CASE_TYPE").values if v != "DCC")
_CASE_TYPE_WEIGHTS = frequencies("A_TblCase", "CASE_TYPE").only(*CASE_TYPES)

# The years of filing: before and after the law of 1996, and appeals that no court heard.
_FILING_GROUP = {"DEP": "old", "EXC": "old", "DDC": "board"}

MANNERS = ("entered", "at_port", "overstayed", "criminal", "returned")
_MANNER_WEIGHTS = Weighted(MANNERS, (61.0, 16.0, 11.0, 7.6, 4.4))
ENTERED, AT_PORT, OVERSTAYED, CRIMINAL, RETURNED = range(5)

CUSTODY = ("N", "D", "R")
NEVER, DETAINED, RELEASED = range(3)

COURTS = tuple(row["base_city"] for row in rows_of("invented_courts.csv"))


@dataclass(frozen=True)
class People:
    """One chunk of cases. Each array has one element a case; codes are places in lists.

    `has_court` is false for appeals from a decision of DHS (DDC), which no court heard.
    `seeks_asylum` and `is_minor` are as of filing; `custody` is as of the end of the case.
    """

    number: Longs
    case_type: Ints
    has_court: Bools
    filed: Ints
    nationality: Ints
    language: Ints
    is_male: Bools
    birth: Ints
    entry: Ints
    manner: Ints
    custody: Ints
    court: Ints
    is_represented: Bools
    seeks_asylum: Bools
    is_minor: Bools

    def __len__(self) -> int:
        return len(self.number)


@cache
def nationalities() -> tuple[str, ...]:
    return tuple(row["nationality"] for row in rows_of("invented_nationalities.csv"))


@cache
def languages() -> tuple[str, ...]:
    spoken = {
        pair.split(":")[0]
        for row in rows_of("invented_nationalities.csv")
        for pair in row["languages"].split()
    }
    return tuple(sorted(spoken))


@cache
def _languages_of(nationality: int) -> Weighted:
    row = rows_of("invented_nationalities.csv")[nationality]
    pairs = [pair.split(":") for pair in row["languages"].split()]
    return Weighted(tuple(name for name, _ in pairs), tuple(float(share) for _, share in pairs))


def is_type(people: People, *case_types: str) -> Bools:
    """Which cases are of one of the types."""
    return np.isin(people.case_type, [CASE_TYPES.index(name) for name in case_types])


def make_people(draws: Draws, first: int, size: int) -> People:
    """The cases `first` to `first + size` (counted from 0) of the release."""
    case_type = draws.pick("case type", size, _CASE_TYPE_WEIGHTS)
    filed = _filing_days(draws, case_type)
    nationality = _nationalities(draws, filed)
    manner = draws.pick("manner", size, _MANNER_WEIGHTS)
    custody = _custody(draws, case_type)
    entry = _entries(draws, filed, manner)
    came_young = draws.chance("came young", size, np.where(year_of(filed) >= 2012, 0.25, 0.08))
    birth = _births(draws, entry, came_young)
    return People(
        number=np.arange(first, first + size, dtype=np.int64) + FIRST_CASE,
        case_type=case_type,
        has_court=case_type != CASE_TYPES.index("DDC"),
        filed=filed,
        nationality=nationality,
        language=_languages(draws, nationality),
        is_male=draws.chance("sex", size, 0.5953),
        birth=birth,
        entry=entry,
        manner=manner,
        custody=custody,
        court=draw_courts(draws, "court", custody != NEVER),
        is_represented=draws.chance(
            "represented", size, np.where(custody == DETAINED, 0.22, 0.434)
        ),
        seeks_asylum=_asylum(draws, case_type, filed),
        is_minor=filed - birth < 18 * 365,
    )


def _filing_days(draws: Draws, case_type: Ints) -> Ints:
    size = len(case_type)
    years = np.zeros(size, dtype=np.int32)
    for group in ("modern", "old", "board"):
        weights = weighted("invented_filings.csv", "year", "weight", group=group)
        drawn = np.asarray(weights.values, dtype=np.int32)[
            draws.pick(f"filing year {group}", size, weights)
        ]
        groups = [_FILING_GROUP.get(name, "modern") for name in CASE_TYPES]
        of_group = np.asarray([name == group for name in groups])
        years = np.where(of_group[case_type], drawn, years)
    first = FIRST_OF_YEAR[years - 1900]
    last = np.minimum(FIRST_OF_YEAR[years - 1899] - 1, RELEASE_DAY - 3)
    is_old = np.asarray([_FILING_GROUP.get(name) == "old" for name in CASE_TYPES])[case_type]
    last = np.where(is_old, np.minimum(last, NEW_LAW_DAY - 1), last)
    return draws.between("filing day", first, last.astype(np.int32), size)


def _nationalities(draws: Draws, filed: Ints) -> Ints:
    before = weighted("invented_nationalities.csv", "nationality", "before_2018")
    since = weighted("invented_nationalities.csv", "nationality", "since_2018")
    return np.where(
        year_of(filed) < 2018,
        draws.pick("nationality before", len(filed), before),
        draws.pick("nationality since", len(filed), since),
    ).astype(np.int32)


def _languages(draws: Draws, nationality: Ints) -> Ints:
    places = {name: place for place, name in enumerate(languages())}
    fractions = draws.fractions("language", len(nationality))
    spoken = np.zeros(len(nationality), dtype=np.int32)
    for place in np.unique(nationality):
        of_it = _languages_of(int(place))
        rows = np.flatnonzero(nationality == place)
        picked = np.searchsorted(of_it.thresholds, fractions[rows], side="right")
        known = np.asarray([places[name] for name in of_it.values], dtype=np.int32)
        spoken[rows] = known[np.minimum(picked, len(known) - 1)]
    return spoken


def _custody(draws: Draws, case_type: Ints) -> Ints:
    size = len(case_type)
    reviews = np.isin(case_type, [CASE_TYPES.index("CFR"), CASE_TYPES.index("RFR")])
    usual = draws.pick("custody", size, Weighted(CUSTODY, (67.2, 21.6, 11.2)))
    detained = np.where(draws.chance("review custody", size, 0.9), DETAINED, NEVER)
    return np.where(reviews, detained, usual).astype(np.int32)


def draw_courts(draws: Draws, purpose: str, is_detained: Bools) -> Ints:
    """A court for each row, of those that hear people in detention where the person is there."""
    free = weighted("invented_courts.csv", "base_city", "not_detained")
    held = weighted("invented_courts.csv", "base_city", "detained")
    size = len(is_detained)
    return np.where(
        is_detained, draws.pick(f"{purpose} held", size, held), draws.pick(purpose, size, free)
    ).astype(np.int32)


def _asylum(draws: Draws, case_type: Ints, filed: Ints) -> Bools:
    may_ask = np.isin(case_type, [CASE_TYPES.index(n) for n in ("RMV", "DEP", "EXC", "AOC")])
    year = year_of(filed)
    share: Floats = np.select(
        [year < 2000, year < 2014], [np.float32(0.29), np.float32(0.28)], np.float32(0.46)
    )
    return may_ask & draws.chance("asylum", len(filed), share)


def _entries(draws: Draws, filed: Ints, manner: Ints) -> Ints:
    size = len(filed)
    soon = draws.long_tailed("soon after entry", 9.0, 1.0, size)
    late = draws.long_tailed("long after entry", 1900.0, 0.9, size)
    at_once = draws.chance("at the border", size, 0.55) | (manner == AT_PORT)
    long_here = np.isin(manner, (OVERSTAYED, CRIMINAL))
    stay = np.where(at_once & ~long_here, soon, late)
    return np.maximum(filed - np.minimum(stay, 18_000), EARLIEST_ENTRY).astype(np.int32)


def _births(draws: Draws, entry: Ints, came_young: Bools) -> Ints:
    size = len(entry)
    adult = draws.between("adult age", 18 * 365, 45 * 365, size)
    child = draws.between("child age", 30, 17 * 365, size)
    return np.maximum(entry - np.where(came_young, child, adult), 0).astype(np.int32)
