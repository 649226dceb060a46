"""Journeys as pages ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django_scopes import scope

from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.cases.models import Case
from wayhome.web.cases.queries import conflicted
from wayhome.web.journey.checklist import kinds
from wayhome.web.journey.models import NOT_SETTLED, Step
from wayhome.web.protection.keys import open_case_keys

PAGE = 50


@dataclass(frozen=True)
class DueStep:
    """A step that is late or comes next, of a case whose person can be named."""

    step: Step
    case: Case
    name: str
    is_late: bool


def steps_due(
    member: Membership, today: date, *, is_own: bool, after: tuple[date, int] | None = None
) -> list[DueStep]:
    """The steps of an organization that are not settled, those longest due first.

    `after` is the day and the id of the last step of the page before.
    """
    steps = Step.objects.filter(
        NOT_SETTLED,
        due__isnull=False,
        case__organization=member.organization_id,
        case__erased_at=None,
    )
    if is_own:
        steps = steps.filter(owner=member.user_id)
    if after is not None:
        day, pk = after
        steps = steps.filter(Q(due__gt=day) | Q(due=day, pk__gt=pk))
    found = list(
        steps.select_related("case", "case__person", "owner").order_by("due", "pk")[: PAGE + 1]
    )
    hidden = conflicted(member, {step.case_id for step in found})
    open_case_keys({step.case_id for step in found})
    return [
        DueStep(step, step.case, kinds()[step.kind].name, _is_past(step, today))
        for step in found
        if step.kind in kinds() and step.case_id not in hidden
    ]


def _is_past(step: Step, today: date) -> bool:
    return step.due is not None and step.due < today


def late_cases(cases: Iterable[UUID], today: date) -> set[UUID]:
    """Those of some cases with a step that is late, with one query: the worklist marks them."""
    late = Step.objects.filter(NOT_SETTLED, case__in=list(cases), due__lt=today)
    return set(late.values_list("case_id", flat=True))


def late_steps(organization: Organization, today: date) -> QuerySet[Step]:
    """The steps of an organization's journeys that should have been done."""
    with scope(organization=organization):
        return Step.objects.filter(
            NOT_SETTLED, due__lt=today, case__organization=organization, case__erased_at=None
        )
