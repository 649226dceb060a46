"""What the rules say of a case on a day: live for its page, and kept in a line for the worklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import starmap
from threading import Lock
from uuid import UUID

from django.db.models import Q
from django_scopes import scope

from wayhome.engine.findings import CaseScreener, Finding
from wayhome.law.vocabulary import Value
from wayhome.programs import rulebook
from wayhome.report.summary import CaseDeadline, deadlines_ahead
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import CLOSED, Case
from wayhome.web.cases.uncertain_days import certain, deadlines_between, latest_days
from wayhome.web.protection.keys import forget_opened_keys

# A removal this near leaves no time for the order of work.
EMERGENCY_DAYS = 14
_REMOVAL = "removal_scheduled_date"
# Days of law held compiled at once.
_DAYS_HELD = 32
# Keys of cases that a long run keeps open at once.
_KEYS_HELD = 500


@dataclass(frozen=True)
class CaseScreening:
    """The findings of every program on one case, its deadlines that have not passed, in order.

    `emergency` is that a ground with `emergency: true` holds, or a removal is near.
    """

    case_id: str
    as_of: date
    facts: Mapping[str, Value]
    findings: tuple[Finding, ...]
    deadlines: tuple[CaseDeadline, ...]
    emergency: bool

    @property
    def next_deadline(self) -> date | None:
        return self.deadlines[0].ahead if self.deadlines else None

    @property
    def outcomes(self) -> dict[str, str]:
        return {finding.program: str(finding.outcome) for finding in self.findings}


_lock = Lock()


@lru_cache(maxsize=_DAYS_HELD)
def _screener_of(as_of: date) -> CaseScreener:
    book = rulebook()
    screener = CaseScreener(book, book.programs)
    screener.graph(as_of)
    return screener


def screener_of(as_of: date) -> CaseScreener:
    """The law of one day, compiled once. Raises NoLawInForce."""
    with _lock:
        return _screener_of(as_of)


def screened(case: Case, as_of: date, facts: Mapping[str, Value] | None = None) -> CaseScreening:
    """A case screened on a day, from its facts (or those at hand). Raises NoLawInForce."""
    return screened_facts(case.code, facts_of(case) if facts is None else facts, as_of)


def screened_facts(case_id: str, facts: Mapping[str, Value], as_of: date) -> CaseScreening:
    """As `screened`, for facts that belong to no case yet."""
    screener = screener_of(as_of)
    found = tuple(screener.findings(case_id, facts, as_of, with_questions=False))
    emergency, ahead = _is_emergency(found, facts, as_of), deadlines_ahead(found)
    if late := latest_days(facts):
        last = tuple(screener.findings(case_id, late, as_of, with_questions=False))
        emergency |= _is_emergency(last, late, as_of)
        ahead = deadlines_between(found, last)
        found = tuple(starmap(certain, zip(found, last, strict=True)))
    return CaseScreening(
        case_id=case_id,
        as_of=as_of,
        facts=facts,
        findings=found,
        deadlines=tuple(sorted(ahead, key=lambda d: d.ahead)),
        emergency=emergency,
    )


def _is_emergency(found: tuple[Finding, ...], facts: Mapping[str, Value], as_of: date) -> bool:
    removal = facts.get(_REMOVAL)
    is_near = isinstance(removal, date) and (
        as_of <= removal <= as_of + timedelta(days=EMERGENCY_DAYS)
    )
    return is_near or any(rule.emergency for finding in found for rule in finding.grounds)


def refresh_worklist_fields(
    case: Case, as_of: date, facts: Mapping[str, Value] | None = None
) -> CaseScreening:
    """Saves what the worklist orders and filters by. Who set the emergency by hand is obeyed."""
    found = screened(case, as_of, facts)
    case.outcomes = found.outcomes
    case.next_deadline = found.next_deadline
    by_hand = case.emergency_by_hand
    case.is_emergency = found.emergency if by_hand is None else by_hand
    case.screened_on = as_of
    with scope(organization=case.organization_id):
        Case.objects.filter(pk=case.pk).update(
            outcomes=case.outcomes,
            next_deadline=case.next_deadline,
            is_emergency=case.is_emergency,
            screened_on=as_of,
        )
    return found


def rescreen_stale(organization: UUID, as_of: date, most: int | None = None) -> int:
    """Screens again the open cases that were screened before this day, or never; says how many.

    A day that passed moves deadlines, and a law that began moves outcomes. Passed deadlines come
    first; what is not done within `most` is done by the next call.
    """
    with scope(organization=organization):
        stale = Case.objects.filter(
            ~Q(state__in=CLOSED), Q(screened_on__lt=as_of) | Q(screened_on=None), erased_at=None
        ).order_by("rank", "due")
        done = 0
        for case in stale[:most] if most else stale.iterator(chunk_size=500):
            refresh_worklist_fields(case, as_of)
            done += 1
            if done % _KEYS_HELD == 0:
                forget_opened_keys()
    return done
