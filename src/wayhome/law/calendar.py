"""Days, months and years counted on the calendar, and working days and hours.

A month or a year later is the same day of that month, or its last day where the month is
shorter: 29 February plus one year is 28 February, 31 January plus one month is 28 February.
Working days and hours leave out weekends and federal holidays: see `working_time`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from wayhome.law.working_time import Moment, working_days_on, working_hours_on


class Unit(StrEnum):
    """What a condition may count in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"

    @property
    def is_working_time(self) -> bool:
        """Whether weekends and holidays are left out. Such units are counted forward only."""
        return self in (Unit.WORKING_DAY, Unit.WORKING_HOUR)


def shift(moment: Moment, count: int, unit: Unit) -> Moment:
    """`moment` moved by `count` units (back when negative, which working time cannot be).

    Working hours are counted from a datetime only.
    """
    match unit:
        case Unit.DAY:
            return moment + relativedelta(days=count)
        case Unit.MONTH:
            return moment + relativedelta(months=count)
        case Unit.YEAR:
            return moment + relativedelta(years=count)
        case Unit.WORKING_DAY:
            return working_days_on(moment, count)
        case Unit.WORKING_HOUR:
            assert isinstance(moment, datetime)
            return working_hours_on(moment, count)
