"""Cases as pages ask for them, always within the organization of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from wayhome.web.accounts.models import Membership, Role
from wayhome.web.accounts.permissions import check_may_see_case
from wayhome.web.cases.models import Case, Conflict


def case_for(member: Membership, case_id: UUID) -> Case:
    """A case that the member may see, with its person. Raises Http404 or PermissionDenied.

    Another organization's case, an erased one and one that never was look the same.
    """
    case = (
        Case.objects.filter(pk=case_id, organization_id=member.organization_id, erased_at=None)
        .select_related("person", "assigned_to")
        .first()
    )
    if case is None:
        raise Http404("There is no such case here.")
    case.organization = member.organization
    check_may_see_case(member, case)
    return case


def conflicted(member: Membership, cases: Iterable[UUID]) -> set[UUID]:
    """Those cases that a reviewer may not see, as check_may_see_case says, with one query."""
    if member.role != Role.REVIEWER:
        return set()
    own = Conflict.objects.filter(user=member.user_id, case__in=list(cases))
    return set(own.values_list("case_id", flat=True))
