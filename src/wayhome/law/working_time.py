"""Time that runs on working days only: not on Saturdays, Sundays and federal holidays.

Where the law counts so: 8 CFR 287.7(d) (a hold of 48 hours, "excluding Saturdays, Sundays, and
holidays"), 8 CFR 1001.1(h) and 1003.38 (a last day that is none of these moves to the next day
that is), Form EOIR-33 ("within five working days").

Federal holidays are those of 5 U.S.C. 6103 as the `holidays` library has them: each from its first
year (Martin Luther King Jr. Day 1986, Juneteenth 2021), with the Friday or Monday on which one
that falls on a weekend is observed. Not in it: days on which offices were closed by an order for
that day alone, Inauguration Day (kept in and around Washington only), and holidays of a State. The
library looks no farther than 2100; before 1900 and after 2100 only weekends are left out.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TypeVar

from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE

Moment = TypeVar("Moment", date, datetime)

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def federal_holidays() -> frozenset[date]:
    """Every federal holiday of the vocabulary's years, and the days on which they are observed."""
    # Reading the library takes longer than most commands, and few of them need it.
    from holidays import country_holidays  # noqa: PLC0415

    return frozenset(country_holidays("US", years=range(EARLIEST_DATE.year, LATEST_DATE.year + 1)))


def is_working_day(moment: date) -> bool:
    """Whether a day (or the day of a moment) is no Saturday, Sunday or federal holiday."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return day.weekday() < _SATURDAY and day not in federal_holidays()


def working_days_on(moment: Moment, count: int) -> Moment:
    """The `count`-th working day after a moment's day, at the same time of day.

    For 0 the day itself where it is a working day, and else the next one.
    """
    if count < 0:
        raise ValueError("Working days are counted forward only.")
    if count == 0:
        return moment if is_working_day(moment) else working_days_on(moment, 1)
    while count > 0:
        moment += _ONE_DAY
        count -= is_working_day(moment)
    return moment


def working_hours_on(moment: datetime, count: int) -> datetime:
    """The latest moment by which no more than `count` working hours have run.

    Hours run through the day and the night of working days. From a moment on any other day they
    begin to run at 00:00 of the next working day; a count that is used up at the last midnight
    before a weekend is not exceeded until 00:00 of the working day after it.
    """
    if count < 0:
        raise ValueError("Working hours are counted forward only.")
    whole_days, hours = divmod(count, 24)
    start = moment if is_working_day(moment) else working_days_on(_midnight(moment), 0)
    end = working_days_on(start + timedelta(hours=hours), 0)
    return working_days_on(end, whole_days)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())
