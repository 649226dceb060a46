"""Cases as pages ask for them, always within the organization of whoever asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from wayhome.web.accounts.models import Membership
from wayhome.web.cases.models import Case


def case_for(member: Membership, case_id: UUID) -> Case:
    """A case of the member's organization that was not erased, with its person. Raises Http404.

    Another organization's case and one that does not exist look the same.
    """
    case = (
        Case.objects.filter(pk=case_id, organization_id=member.organization_id, erased_at=None)
        .select_related("person", "assigned_to")
        .first()
    )
    if case is None:
        raise Http404("There is no such case here.")
    case.organization = member.organization
    return case
