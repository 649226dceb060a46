"""Why a case is an emergency, in words: the removal that is near, and the rules that say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wayhome.law.rules import Rule
from wayhome.report.words import words
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.cases.screening import EMERGENCY_DAYS, CaseScreening

REMOVAL = "removal_scheduled_date"


@dataclass(frozen=True)
class Reason:
    """One reason: its words, and the rule or the fact that tells more."""

    text: str
    rule: Rule | None = None
    fact: str = ""


def emergency_reasons(screening: CaseScreening) -> list[Reason]:
    """Why the screening calls a case an emergency; nothing where it does not."""
    return list(_reasons(screening)) if screening.emergency else []


def _reasons(screening: CaseScreening) -> Iterator[Reason]:
    removal = screening.facts.get(REMOVAL)
    if isinstance(removal, date) and _is_near(removal, screening.as_of):
        yield Reason(f"removal is scheduled for {_when(removal, screening.as_of)}", fact=REMOVAL)
    grounds = (rule for finding in screening.findings for rule in finding.grounds)
    for rule in {rule.id: rule for rule in grounds if rule.emergency}.values():
        yield Reason(rule.title, rule)


def _is_near(day: date, as_of: date) -> bool:
    last = day.last if isinstance(day, SomeDayOf) else day
    return as_of <= last and day <= as_of + timedelta(days=EMERGENCY_DAYS)


def _when(day: date, as_of: date) -> str:
    if isinstance(day, SomeDayOf):
        return f"{day:%B %Y} (the day is not known)"
    return f"{day:%b} {day.day}, {day.year}, {words().days_until(day, as_of)}"
