"""Whose turn it is to review: who sits in fewest open seats, then who was asked longest ago.

Never somebody with a conflict, and never somebody who sits in the same round. Who recorded a
finding on the case in an earlier round comes after everybody else.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, F, Max, Q, QuerySet
from django_scopes import scope

from wayhome.web.accounts.models import Role, User
from wayhome.web.accounts.permissions import MAY, Deed
from wayhome.web.cases.models import Case
from wayhome.web.review.models import Assignment

_MAY_REVIEW = [role for role in Role if Deed.REVIEW in MAY[role]]


class TooFewReviewers(Exception):
    """Nobody is left who may review the case. Says how many there are and how many it needs."""

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(
            f"This case needs {wanted} more reviewers without a conflict; there are {found}. "
            "Add a reviewer, or look at the conflicts of the case."
        )


def eligible(case: Case, round: int, besides: Collection[object] = ()) -> QuerySet[User]:
    """Everybody who may take a seat in a round of a case, whose turn it is first."""
    organization = case.organization_id
    with scope(organization=organization):
        sitting = Assignment.objects.filter(case=case, round=round).values("reviewer")
        here = Q(seats__case__organization=organization)
        staff = User.objects.filter(
            is_active=True,
            memberships__organization=organization,
            memberships__is_active=True,
            memberships__role__in=_MAY_REVIEW,
        )
        free = staff.exclude(pk__in=case.conflicts.values("user")).exclude(pk__in=sitting)
        # Conflicts that no row tells: whoever has charge of the case has prepared it.
        return (
            free.exclude(pk__in=[pk for pk in (case.assigned_to_id, *besides) if pk])
            .annotate(
                earlier=Count("seats", filter=Q(seats__case=case), distinct=True),
                open_seats=Count(
                    "seats", filter=here & Q(seats__finding__isnull=True), distinct=True
                ),
                last_asked=Max("seats__assigned_at", filter=here),
            )
            .order_by("earlier", "open_seats", F("last_asked").asc(nulls_first=True), "pk")
        )


def next_reviewers(
    case: Case, round: int, wanted: int, besides: Collection[object] = ()
) -> list[User]:
    """The next reviewers by the rota. Raises TooFewReviewers, and then nobody is seated."""
    found = list(eligible(case, round, besides)[:wanted])
    if len(found) < wanted:
        raise TooFewReviewers(wanted, len(found))
    return found
