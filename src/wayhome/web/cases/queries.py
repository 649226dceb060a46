"""Cases as pages ask for them, always within the organization of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import Http404

from wayhome.web.accounts.models import Membership, Role
from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Conflict
from wayhome.web.protection.erasure import ERASED_DEED, Why


class WasErased(Http404):
    """A case of the organization that was erased: when, and why if the log tells."""

    def __init__(self, at: datetime, why: str) -> None:
        super().__init__("This case was erased.")
        self.at, self.why = at, why


def case_for(member: Membership, case_id: UUID) -> Case:
    """A case that the member may see, with its person. Raises Http404 or PermissionDenied.

    Another organization's case and one that never was look the same; WasErased tells of one's own.
    """
    case = (
        Case.objects.filter(pk=case_id, organization_id=member.organization_id)
        .select_related("person", "assigned_to")
        .first()
    )
    if case is None:
        raise Http404("There is no such case here.")
    case.organization = member.organization
    if case.erased_at is not None:
        check_may(member, Deed.SEE_CASE)
        raise WasErased(case.erased_at, _why_erased(case_id))
    check_may_see_case(member, case)
    return case


def _why_erased(case_id: UUID) -> str:
    """By whose wish, in the words of the first event that tells of it; empty where none does."""
    event = Event.objects.filter(case=case_id, deed=ERASED_DEED).order_by("number").first()
    why = event.details.get("why") if event else None
    return Why(why).label if why in Why.values else ""


def conflicted(member: Membership, cases: Iterable[UUID]) -> set[UUID]:
    """Those cases that a reviewer may not see, as check_may_see_case says, with one query."""
    if member.role != Role.REVIEWER:
        return set()
    own = Conflict.objects.filter(user=member.user_id, case__in=list(cases))
    return set(own.values_list("case_id", flat=True))
