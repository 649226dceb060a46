"""Making an edition of the patterns, showing editions to everybody, and taking them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from wayhome.report.suppression import SMALLEST
from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accountability.patterns import report_for
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record


class TooSoon(Exception):
    """Too few cases were decided, in all or since the last edition. Says how many it takes."""


def publish(
    actor: Actor, member: Membership, now: datetime, *, to_everybody: bool = True
) -> Publication:
    """Makes an edition of the cases that none has counted. Raises PermissionDenied or TooSoon.

    Analysts read it from now on, and everybody unless `to_everybody` is no.
    """
    check_may(member, Deed.PUBLISH)
    organization = member.organization
    with scope(organization=organization), transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        number = Publication.objects.filter(organization=organization).count() + 1
        rows = FindingRow.objects.filter(organization=organization)
        # Marked first, then counted by the mark: a case decided at this moment is in both or none.
        cases = rows.filter(edition=None).update(edition=number)
        if cases < SMALLEST:
            raise TooSoon(
                f"{cases} cases were decided that no edition has counted; it takes {SMALLEST}, "
                "so that an edition tells of nobody."
            )
        deed = "published patterns" if to_everybody else "made an edition of patterns"
        record(actor, deed, details={"cases": cases}, at=now)
        return Publication.objects.create(
            organization=organization,
            published_at=now,
            published_by=member.user,
            cases=cases,
            report=report_for(rows.filter(edition=number)).as_json(),
            withdrawn_at=None if to_everybody else now,
        )


def show_to_everybody(actor: Actor, member: Membership, now: datetime) -> int:
    """Shows every edition that was kept back or taken back; returns how many they were."""
    check_may(member, Deed.PUBLISH)
    with scope(organization=member.organization), transaction.atomic():
        record(actor, "published patterns", at=now)
        kept = Publication.objects.filter(organization=member.organization)
        return kept.exclude(withdrawn_at=None).update(withdrawn_at=None)


def take_back(actor: Actor, member: Membership, now: datetime) -> int:
    """Shows the patterns to nobody outside any more; returns how many editions were shown."""
    check_may(member, Deed.PUBLISH)
    with scope(organization=member.organization), transaction.atomic():
        record(actor, "took published patterns back", at=now)
        shown = Publication.objects.filter(organization=member.organization, withdrawn_at=None)
        return shown.update(withdrawn_at=now)
