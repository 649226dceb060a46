"""Days of letters. A day of theirs lasts to its end in Washington, wherever somebody reads."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

WASHINGTON = ZoneInfo("America/New_York")
# What lies beyond is a slip of the pen, and near the ends of the calendar no day can be added.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def day_of(moment: datetime) -> date:
    """The day in Washington on which a moment falls."""
    return moment.astimezone(WASHINGTON).date()


def today_there() -> date:
    """The day that it is in Washington: that of every public page."""
    return day_of(timezone.now())


def can_be(day: date) -> bool:
    """Whether a day may be one of a letter."""
    return FIRST_DAY <= day <= LAST_DAY
