"""Which dates may lie ahead of today, and which can only be of the past.

A birth, an order or an arrival that has not come cannot be said of anybody: a year was mistyped,
or another fact is meant. What is not in the list below lies in the past.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wayhome.law.vocabulary import Value

MAY_LIE_AHEAD = {
    "local_release_due_at": "a sentence ends, or bail is due, on a day that is known before",
    "next_hearing_date": "a hearing is set for a day to come",
    "order_final_date": "an order becomes final when the time to appeal runs out",
    "removal_scheduled_date": "a removal is scheduled for a day to come",
    "screening_date": "a case can be screened as of any day of the law",
    "work_permit_expires": "a card runs out on the day that is printed on it",
}
# What is meant, perhaps, where somebody writes a day to come in its place.
_MEANT = {
    "last_departure_date": "A removal to come is the fact “Removal scheduled for”.",
    "removal_date": "A removal to come is the fact “Removal scheduled for”.",
    "service_end_date": "Who still serves has no last day of service yet.",
    "transferred_at": "Who has not passed to ICE yet has no such day.",
}
# In Saipan and on Guam it is tomorrow already while it is still today in UTC.
_AHEAD_OF_UTC = timedelta(days=1)


def latest_day(fact: str, today: date) -> date | None:
    """The last day that can be said of a fact, by its name; None where it may lie ahead."""
    return None if fact in MAY_LIE_AHEAD else today + _AHEAD_OF_UTC


def why_not_to_come(fact: str, value: Value, today: date) -> str:
    """Why a day to come is no value of a fact, and what would be right; empty where it is one."""
    if not isinstance(value, date):
        return ""
    day = value.date() if isinstance(value, datetime) else value
    latest = latest_day(fact, today)
    if latest is None or day <= latest:
        return ""
    right = f"Write a day up to {today}, or say that it is not known."
    said = f"{day} has not come yet, and this can only be a day of the past. {right}"
    return f"{said} {_MEANT[fact]}" if fact in _MEANT else said


def year_to_come(fact: str, year: int, today: date) -> str:
    """As `why_not_to_come`, where no more than a year is said."""
    latest = latest_day(fact, today)
    if latest is None or year <= latest.year:
        return ""
    return f"{year} has not come yet, and this can only be a day of the past. Look at the year."
