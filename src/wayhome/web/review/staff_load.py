"""How many open cases each member of the staff has: counted in one query, from one index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.cases.models import CLOSED, Case
from wayhome.web.cases.worklist import NOBODY, OPEN
from wayhome.web.review.clocks import late_at


@dataclass(frozen=True)
class Load:
    """The open cases of one member; `who` is what the worklist calls them, empty for who left."""

    name: str
    who: str
    emergencies: int
    late: int
    all: int

    def counts(self) -> list[tuple[str, int, str]]:
        """Each count with its name and the address of its cases in the worklist."""
        return [
            ("Emergencies", self.emergencies, self._address(emergency="1")),
            ("Late", self.late, self._address(late="1")),
            ("All", self.all, self._address()),
        ]

    def _address(self, **more: str) -> str:
        if not self.who:
            return ""
        query = {"state": OPEN, "assigned": self.who, **more}
        return f"{reverse('worklist')}?{urlencode(query)}"


def staff_load(member: Membership, now: datetime) -> list[Load]:
    """Everybody who can be given a case, by name; then who left with cases, and nobody's cases."""
    check_may(member, Deed.ASSIGN)
    counted = {row["assigned_to"]: row for row in _counts(member, now)}
    staff = member.organization.memberships.filter(is_active=True).select_related("user")
    able = [m for m in staff.order_by("user__name") if may(m, Deed.CHANGE_CASE)]
    found = [_load(str(m.user), str(m.user_id), counted.pop(m.user_id, {})) for m in able]
    of_nobody = counted.pop(None, {})
    if counted:
        left = User.objects.filter(pk__in=counted).order_by("name")
        found += [_load(f"{user} (takes no cases now)", "", counted[user.pk]) for user in left]
    return [*found, _load("nobody", NOBODY, of_nobody)]


def _load(name: str, who: str, row: dict[str, Any]) -> Load:
    return Load(name, who, row.get("emergencies", 0), row.get("late", 0), row.get("all", 0))


def _counts(member: Membership, now: datetime) -> Any:
    cases = Case.objects.filter(organization_id=member.organization_id, erased_at=None)
    # Every case has a state, and the index holds it.
    by_member = cases.exclude(state__in=CLOSED).order_by().values("assigned_to")
    return by_member.annotate(
        all=Count("state"),
        emergencies=Count("state", filter=Q(is_emergency=True)),
        late=Count("state", filter=late_at(now)),
    )
