"""The page that "Leave now" leads to: the calendar of this month, as anybody might look at it."""

from __future__ import annotations

from calendar import Calendar
from datetime import date
from typing import Any

from babel import Locale

from wayhome.web.portal.places import TABLES
from wayhome.web.portal.wording import say

# Unicode's tables have no Haitian Creole; Monday first, as Babel has it.
_CREOLE_DAYS = dict(enumerate(("len.", "mad.", "mèk.", "jed.", "van.", "sam.", "dim.")))


def _width(language: str) -> str:
    """Arabic does not shorten the names of days, and they are wider than a column of a phone."""
    return "narrow" if language == "ar" else "abbreviated"


def month_of(today: date, language: str) -> dict[str, Any]:
    """The month's name, its weeks (0 for a day of another month) and the names of the days."""
    locale = Locale(TABLES.get(language, language))
    names = _CREOLE_DAYS if language == "ht" else locale.days["stand-alone"][_width(language)]
    first = locale.first_week_day
    return {
        "today": today,
        "month": f"{say(language, f'month.{today.month}')} {today.year}",
        "weekdays": [names[(first + n) % 7] for n in range(7)],
        "weeks": Calendar(first).monthdayscalendar(today.year, today.month),
    }
