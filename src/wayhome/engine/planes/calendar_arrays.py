"""`law.calendar.shift` for a whole column at once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from wayhome.law.calendar import Unit
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, FactType

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
        return _moved_days(days, count, unit, within) * _DAY_SECONDS + of_day
    return _moved_days(moments.astype(np.int64), count, unit, within)


def _moved_days(
    days: npt.NDArray[np.int64], count: int, unit: Unit, within: bool
) -> npt.NDArray[np.int64]:
    if unit is Unit.DAY:
        return days + count
    months = count * 12 if unit is Unit.YEAR else count
    if within:
        moved: npt.NDArray[np.int64] = np.take(_table_of_days(months), days - _FIRST, mode="clip")
        return moved
    return _months_on(days, months)


@cache
def _table_of_days(months: int) -> npt.NDArray[np.int64]:
    """Where each day of the vocabulary comes to: a table is many times faster than reckoning."""
    return _months_on(np.arange(_FIRST, _LAST + 1), months)


def _months_on(days: npt.NDArray[np.int64], months: int) -> npt.NDArray[np.int64]:
    """The same day some months on, or the last day of that month where it is shorter."""
    start = days.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    target = month + months
    last_day = (target + 1).astype("datetime64[D]") - 1
    same_day = target.astype("datetime64[D]") + (start - month.astype("datetime64[D]"))
    moved: npt.NDArray[np.int64] = np.minimum(same_day, last_day).astype(np.int64)
    return moved
