"""The order of work: emergency, deadline, date received; never worth. Filters, and a page of it.

A page begins after the last case of the one before it (never "skip 10,000"), so that the
thousandth page is as quick as the first, and no case is lost or shown twice while others change.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from wayhome.web.accounts.models import Membership, Role
from wayhome.web.cases.models import CLOSED, ORDER_OF_WORK, Case
from wayhome.web.cases.search import cases_found
from wayhome.web.protection.keys import open_case_keys
from wayhome.web.review.clocks import late_at

PAGE = 25
MOST_COUNTED = 1000
OPEN, ALL = "open", "all"
ME, NOBODY = "me", "nobody"


@dataclass(frozen=True)
class WorklistPage:
    """Some cases in the order of work; `after` continues behind them, empty at the end."""

    cases: tuple[Case, ...]
    after: str
    count: int

    @property
    def count_text(self) -> str:
        """How many fit the filters: counted up to a thousand."""
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else f"{self.count:,}"


def worklist_page(
    member: Membership, filters: Mapping[str, Any], as_of: date, after: str = ""
) -> WorklistPage:
    """A page of the worklist of somebody's organization, with the names opened."""
    found = filtered(member, filters, as_of)
    count = found[: MOST_COUNTED + 1].count()
    in_order = found.order_by(*ORDER_OF_WORK).select_related("person", "assigned_to")
    place = _place(after)
    if place is not None:
        in_order = in_order.filter(TupleGreaterThan(Tuple(*map(F, ORDER_OF_WORK)), place))
    cases = list(in_order[: PAGE + 1])
    shown = cases[:PAGE]
    open_case_keys(case.pk for case in shown)
    return WorklistPage(tuple(shown), _after(shown[-1]) if len(cases) > PAGE else "", count)


def filtered(member: Membership, filters: Mapping[str, Any], as_of: date) -> QuerySet[Case]:
    """The cases that fit; a filter that is empty or absent lets everything through.

    `late` is the moment before which a case should have left its state.
    """
    cases = Case.objects.filter(organization_id=member.organization_id, erased_at=None)
    if member.role == Role.REVIEWER:
        cases = cases.exclude(conflicts__user=member.user_id)
    for name, narrow in _NARROW.items():
        if wanted := filters.get(name):
            cases = narrow(cases, wanted, member, as_of)
    if filters.get("program") and filters.get("outcome"):
        cases = _with_outcome(cases, filters["program"], filters["outcome"])
    return cases


def _in_state(cases: QuerySet[Case], wanted: str, *_: object) -> QuerySet[Case]:
    if wanted == OPEN:
        return cases.exclude(state__in=CLOSED)
    return cases if wanted == ALL else cases.filter(state=wanted)


def _assigned(cases: QuerySet[Case], wanted: str, member: Membership, _: date) -> QuerySet[Case]:
    if wanted == NOBODY:
        return cases.filter(assigned_to=None)
    return cases.filter(assigned_to=member.user_id if wanted == ME else wanted)


def _emergency(cases: QuerySet[Case], *_: object) -> QuerySet[Case]:
    return cases.filter(rank=0)


def _late(cases: QuerySet[Case], now: datetime, *_: object) -> QuerySet[Case]:
    return cases.filter(late_at(now))


def _within(cases: QuerySet[Case], days: str, _: Membership, as_of: date) -> QuerySet[Case]:
    return cases.filter(due__lte=as_of + timedelta(days=int(days)))


def _in_language(cases: QuerySet[Case], wanted: str, *_: object) -> QuerySet[Case]:
    return cases.filter(language=wanted)


def _named(cases: QuerySet[Case], text: str, member: Membership, _: date) -> QuerySet[Case]:
    return cases.filter(pk__in=cases_found(member.organization_id, text))


def _with_outcome(cases: QuerySet[Case], program: str, outcome: str) -> QuerySet[Case]:
    if connection.vendor == "postgresql":
        # The only way in which its index on the outcomes is used.
        return cases.filter(outcomes__contains={program: outcome})
    return cases.filter(**{f"outcomes__{program}": outcome})


_NARROW = {
    "state": _in_state,
    "assigned": _assigned,
    "emergency": _emergency,
    "late": _late,
    "within": _within,
    "language": _in_language,
    "text": _named,
}


def _after(case: Case) -> str:
    place = [case.rank, case.due.isoformat(), case.received_at.isoformat(), str(case.pk)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(after: str) -> tuple[int, date, datetime, UUID] | None:
    """Where a page begins; None, which is the beginning, for what is no such place."""
    try:
        rank, due, received, pk = json.loads(base64.urlsafe_b64decode(after or "!"))
        return int(rank), date.fromisoformat(due), datetime.fromisoformat(received), UUID(pk)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        return None
