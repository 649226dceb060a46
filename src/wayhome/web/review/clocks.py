"""Service clocks: what is late, and by how long. The hours are in states.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django_scopes import scope

from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.cases.models import Case
from wayhome.web.review.states import STAGES


def overdue(member: Membership | None, now: datetime) -> QuerySet[Case]:
    """The cases that should have left their state: emergencies first, then the longest there."""
    check_may(member, Deed.ASSIGN)
    assert member is not None
    return late_in(member.organization, now)


def late_in(organization: Organization, now: datetime) -> QuerySet[Case]:
    """As `overdue`, for the command that runs every day."""
    with scope(organization=organization):
        late = Case.objects.filter(_late(now), organization=organization, erased_at=None)
        return late.order_by("-is_emergency", "state_since")


def _late(now: datetime) -> Q:
    clocks = [stage for stage in STAGES.values() if stage.clock]
    return reduce(
        or_,
        (
            Q(
                state=stage.state,
                is_emergency=is_emergency,
                state_since__lt=now - timedelta(hours=stage.clock.hours(is_emergency)),  # type: ignore[union-attr]
            )
            for stage in clocks
            for is_emergency in (True, False)
        ),
    )
