"""How long cases are kept. A case that is over is kept for the organization's months, then a lead
is asked. Nothing is ever erased because a clock says so: somebody confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q
from django_scopes import scope

from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.chain import Actor, record
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, State

if TYPE_CHECKING:
    from wayhome.web.accounts.models import Membership, Organization

OVER = (State.HOME, State.WITHDRAWN, State.DENIED, State.NOT_RECOMMENDED)
WARNED = timedelta(days=60)
# A clock that is further than this from the newest event in the log is not believed.
BELIEVED = timedelta(days=90)


class ClockIsWrong(Exception):
    """The clock does not fit the log: nothing is erased by it."""


@dataclass(frozen=True)
class Ending:
    """A case and the day until which it is kept."""

    case: Case
    until: date

    def is_past(self, today: date) -> bool:
        return self.until < today


def kept_until(case: Case, organization: Organization) -> date | None:
    """The day until which a case is kept; None while it goes on and nobody set a day."""
    if case.keep_until is not None:
        return case.keep_until
    if case.state not in OVER:
        return None
    return (case.state_since + relativedelta(months=organization.months_kept)).date()


def endings(
    organization: Organization, today: date, within: timedelta = WARNED, most: int = 500
) -> list[Ending]:
    """Cases whose time is over, or will be soon; the earliest first, at most `most`."""
    limit = today + within
    over_since = datetime.combine(limit, time.max, UTC) - relativedelta(
        months=organization.months_kept
    )
    with scope(organization=organization.pk):
        rows = Case.objects.filter(organization=organization, erased_at=None).filter(
            Q(keep_until__lte=limit)
            | Q(keep_until=None, state__in=OVER, state_since__lte=over_since)
        )
        found = [(case, kept_until(case, organization)) for case in rows[:most]]
    return sorted(
        (Ending(case, until) for case, until in found if until is not None),
        key=lambda ending: ending.until,
    )


def keep_longer(
    actor: Actor, member: Membership | None, case: Case, until: date, now: datetime
) -> None:
    """Keeps a case until a later day."""
    if member is not None:
        check_may(member, Deed.ERASE)
        check_may_see_case(member, case)
    if until <= now.date():
        raise ValueError("The day must lie in the future.")
    with transaction.atomic():
        record(actor, "keeps case longer", case=case.pk, details={"until": str(until)}, at=now)
        rows: Any = Case.objects.filter(pk=case.pk, erased_at=None)
        rows.update(keep_until=until)


def check_clock(now: datetime) -> None:
    """Raises ClockIsWrong where the clock and the newest event in the log are far apart."""
    newest = Event.objects.order_by("-number").values_list("at", flat=True).first()
    if newest is None:
        return
    if now < newest - timedelta(minutes=5) or now > newest + BELIEVED:
        raise ClockIsWrong(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC; the newest event in the log is of "
            f"{newest:%Y-%m-%d %H:%M} UTC. Set the clock right, or say --clock-is-right."
        )
