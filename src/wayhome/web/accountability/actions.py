"""Showing the patterns to everybody, and taking them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accountability.patterns import report_for
from wayhome.web.accountability.suppression import SMALLEST
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record


class TooSoon(Exception):
    """Too few cases were decided, in all or since the last time. Says how many it takes."""


def publish(actor: Actor, member: Membership, now: datetime) -> Publication:
    """Shows today's report to everybody. Raises PermissionDenied or TooSoon.

    Two reports with few cases between them would tell of those few by their difference.
    """
    check_may(member, Deed.PUBLISH)
    organization = member.organization
    with scope(organization=organization), transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        cases = FindingRow.objects.filter(organization=organization).count()
        # Also those that were taken back: somebody may have kept them.
        before = Publication.objects.filter(organization=organization).order_by("-pk").first()
        new = abs(cases - before.cases) if before else cases
        if new < SMALLEST:
            raise TooSoon(
                f"{new} cases were decided since the last time; it takes {SMALLEST}, "
                "so that the difference tells of nobody."
            )
        record(actor, "published patterns", details={"cases": cases}, at=now)
        return Publication.objects.create(
            organization=organization,
            published_at=now,
            published_by=member.user,
            cases=cases,
            report=report_for(organization.pk).as_json(),
        )


def take_back(actor: Actor, member: Membership, now: datetime) -> int:
    """Shows the patterns to nobody outside any more; returns how many were shown."""
    check_may(member, Deed.PUBLISH)
    with scope(organization=member.organization), transaction.atomic():
        record(actor, "took published patterns back", at=now)
        shown = Publication.objects.filter(organization=member.organization, withdrawn_at=None)
        return shown.update(withdrawn_at=now)


def published_by(slug: str) -> Publication | None:
    """What an organization shows to everybody now, by its short name."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return None
    with scope(organization=organization):
        newest = Publication.objects.select_related("organization").order_by("-pk").first()
    return newest if newest and newest.withdrawn_at is None else None
