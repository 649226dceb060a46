"""`law.calendar.shift` for a whole column at once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wayhome.law.calendar import Unit
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, FactType
from wayhome.law.working_time import federal_holidays

_DAY_SECONDS = 86_400
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST = EARLIEST_DATE.toordinal() - _EPOCH_DAY
_LAST = LATEST_DATE.toordinal() - _EPOCH_DAY


def shifted(
    moments: npt.NDArray[Any], count: int, unit: Unit, kind: FactType, *, within: bool
) -> npt.NDArray[np.int64]:
    """Days (or seconds, for a datetime) since 1970, moved along the calendar.

    `within`: the moments lie within the vocabulary's dates, or mean nothing (they stand where a
    fact is unknown) and may come out as anything.
    """
    if kind is FactType.DATETIME:
        days, of_day = np.divmod(moments, _DAY_SECONDS)
        if unit is Unit.WORKING_HOUR:
            return _working_hours_on(days, of_day, count, within)
        return _moved_days(days, count, unit, within) * _DAY_SECONDS + of_day
    return _moved_days(moments.astype(np.int64), count, unit, within)


def _moved_days(
    days: npt.NDArray[np.int64], count: int, unit: Unit, within: bool
) -> npt.NDArray[np.int64]:
    if unit is Unit.DAY:
        return days + count
    if within:
        table = _table_of_days(count, unit)
        found: npt.NDArray[np.int64] = np.take(table, days - _FIRST, mode="clip")
        return found
    return _reckoned(days, count, unit)


@cache
def _table_of_days(count: int, unit: Unit) -> npt.NDArray[np.int64]:
    """Where each day of the vocabulary comes to: a table is many times faster than reckoning."""
    return _reckoned(np.arange(_FIRST, _LAST + 1), count, unit)


def _reckoned(days: npt.NDArray[np.int64], count: int, unit: Unit) -> npt.NDArray[np.int64]:
    if unit is Unit.WORKING_DAY:
        return _working_days_on(days, count)
    return _months_on(days, count * 12 if unit is Unit.YEAR else count)


@cache
def _working_calendar() -> np.busdaycalendar:
    return np.busdaycalendar(holidays=sorted(federal_holidays()))


def _working_days_on(days: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    start, calendar = days.astype("datetime64[D]"), _working_calendar()
    # From a weekend the first working day after it is 1 day on, and with a count of 0 as well.
    roll: Literal["backward", "forward"] = "backward" if count else "forward"
    return np.busday_offset(start, count, roll=roll, busdaycal=calendar).astype(np.int64)


def _working_hours_on(
    days: npt.NDArray[np.int64], of_day: npt.NDArray[np.int64], count: int, within: bool
) -> npt.NDArray[np.int64]:
    """Seconds since 1970. Hours that run past midnight run on in the next working day."""
    whole_days, hours = divmod(count, 24)
    # The last day of the vocabulary is a working day, so that these too lie within.
    opens = _moved_days(days, 0, Unit.WORKING_DAY, within)
    ends = _moved_days(opens, whole_days, Unit.WORKING_DAY, within)
    past, of_end = np.divmod(np.where(opens == days, of_day, 0) + hours * 3_600, _DAY_SECONDS)
    if hours:
        later = _moved_days(opens, whole_days + 1, Unit.WORKING_DAY, within)
        ends = np.where(past, later, ends)
    return ends * _DAY_SECONDS + of_end


def _months_on(days: npt.NDArray[np.int64], months: int) -> npt.NDArray[np.int64]:
    """The same day some months on, or the last day of that month where it is shorter."""
    start = days.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    target = month + months
    last_day = (target + 1).astype("datetime64[D]") - 1
    same_day = target.astype("datetime64[D]") + (start - month.astype("datetime64[D]"))
    moved: npt.NDArray[np.int64] = np.minimum(same_day, last_day).astype(np.int64)
    return moved
