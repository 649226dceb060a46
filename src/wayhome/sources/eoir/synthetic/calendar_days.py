"""Days as numbers: 0 is 1 January 1900, and MISSING is no day."""

from __future__ import annotations

from datetime import date

import numpy as np

from wayhome.sources.eoir.synthetic.draws import Bools, Ints

EPOCH = date(1900, 1, 1)
LAST = date(2059, 12, 31)
DAYS = (LAST - EPOCH).days + 1
MISSING = -1


def day_number(day: date) -> int:
    return (day - EPOCH).days


# The release is of the end of May 2026: nothing is known of later, but hearings are scheduled.
RELEASE_DAY = day_number(date(2026, 5, 31))

# 1 April 1997: from then on a case is one of removal, not of deportation or exclusion.
NEW_LAW_DAY = day_number(date(1997, 4, 1))
EARLIEST_ENTRY = day_number(date(1930, 1, 1))
# The courts began to give cases priority codes.
FIRST_PRIORITY_DAY = day_number(date(2014, 7, 1))
# The register of lawyers began.
ATTORNEYS_FROM = day_number(date(2002, 11, 30))

# The calendar year of every day, and the first day of every year from 1900.
YEAR_OF_DAY = (
    (np.datetime64(EPOCH) + np.arange(DAYS)).astype("datetime64[Y]").astype(np.int32) + 1970
).astype(np.int32)
FIRST_OF_YEAR = np.array([day_number(date(y, 1, 1)) for y in range(1900, 2060)], dtype=np.int32)


def year_of(day: Ints) -> Ints:
    """The year of each day (of a missing one: 1900)."""
    return YEAR_OF_DAY[np.maximum(day, 0)]


def later(day: Ints, by: Ints | int) -> Ints:
    """Each day moved; missing stays missing."""
    return np.where(day == MISSING, MISSING, day + by).astype(np.int32)


def up_to_release(day: Ints) -> Ints:
    """Each day, but none after the release; missing stays missing."""
    return np.minimum(day, RELEASE_DAY)


def day_if(condition: Bools, day: Ints) -> Ints:
    """The day where the condition holds, missing elsewhere."""
    return np.where(condition, day, MISSING).astype(np.int32)
