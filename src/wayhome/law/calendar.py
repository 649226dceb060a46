"""Days, months and years counted on the calendar.

A month or a year later is the same day of that month, or its last day where the month is
shorter: 29 February plus one year is 28 February, 31 January plus one month is 28 February.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from dateutil.relativedelta import relativedelta

Moment = TypeVar("Moment", date, datetime)


class Unit(StrEnum):
    """What a condition may count in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def shift(moment: Moment, count: int, unit: Unit) -> Moment:
    """`moment` moved by `count` days, months or years (back when negative)."""
    match unit:
        case Unit.DAY:
            return moment + relativedelta(days=count)
        case Unit.MONTH:
            return moment + relativedelta(months=count)
        case Unit.YEAR:
            return moment + relativedelta(years=count)
