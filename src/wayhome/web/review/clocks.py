"""Service clocks: what is late, and by how long. The hours are in states.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import ExpressionWrapper, F, OrderBy, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django_scopes import scope

from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.cases.models import Case
from wayhome.web.review.states import STAGES


def overdue(member: Membership | None, now: datetime) -> QuerySet[Case]:
    """The cases that should have left their state: emergencies first, then by when."""
    check_may(member, Deed.ASSIGN)
    assert member is not None
    return late_in(member.organization, now).order_by(*by_clock())


def late_in(organization: Organization, now: datetime) -> QuerySet[Case]:
    """As `overdue`, in no order, for the command that runs every day."""
    with scope(organization=organization):
        return Case.objects.filter(late_at(now), organization=organization, erased_at=None)


def late_at(now: datetime) -> Q:
    """Which cases should have left their state before a moment."""
    return reduce(or_, (lane & Q(state_since__lt=now - clock) for lane, clock in _lanes("")))


def by_clock(case: str = "") -> tuple[OrderBy | str, ...]:
    """The order of rows by the clock of their case: emergencies first, then when each is due.

    `case` is the way from the row to its case: "", or "case__".
    """
    since = F(f"{case}state_since")
    whens = [When(lane, then=_moment(since + Value(clock))) for lane, clock in _lanes(case)]
    due = models.Case(*whens, default=since, output_field=models.DateTimeField())
    return f"-{case}is_emergency", due.asc(), "pk"


def _moment(sum_: CombinedExpression) -> ExpressionWrapper:
    return ExpressionWrapper(sum_, output_field=models.DateTimeField())


def _lanes(case: str) -> Iterator[tuple[Q, timedelta]]:
    """Every state that has a clock, in both lanes, and how long a case may stay there."""
    for stage in STAGES.values():
        for is_emergency in (True, False):
            if stage.clock:
                held = {f"{case}state": stage.state, f"{case}is_emergency": is_emergency}
                yield Q(**held), timedelta(hours=stage.clock.hours(is_emergency))
