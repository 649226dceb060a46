"""What the daily work keeps beside the case itself: household, calendar feeds, intake, sharing."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import Organization, User
from wayhome.web.cases.models import Case, Consent, OfCase
from wayhome.web.protection.fields import SealedField


class HouseholdMember(OfCase):
    """Somebody who lived with the person, or would live with them at home."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="household")
    name = SealedField()
    relation = SealedField()
    birth_year = SealedField()
    where = SealedField()


class CalendarFeed(models.Model):
    """A secret address from which a member's calendar fetches deadlines; only its hash is kept."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    is_whole_office = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="organization")


class Intake(models.Model):
    """A file of people that is being taken in. Its rows are sealed with a key of its own.

    That key stands among the keys of cases under the intake's id, and is destroyed when the
    intake is over: what was not taken in is then unreadable, in every backup too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField()
    source = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    notes = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="organization")


class RowState(models.TextChoices):
    """What became of a row."""

    WAITING = "waiting", "waiting"
    LEFT = "left", "left out"
    TAKEN = "taken", "taken in"
    UNREADABLE = "unreadable", "cannot be read"


class IntakeRow(models.Model):
    """A row of an intake. `case` is the intake's id: its key is found and changed as a case's is.

    `person` and `facts` are as `receive_case` takes them, dates as text; `faults` says what is
    wrong with a row that cannot be read, `cells` holds it as it stood; `likely` whom it resembles.
    """

    case = models.UUIDField()
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=RowState.choices, default=RowState.WAITING)
    person = SealedField()
    facts = SealedField()
    beside = SealedField()
    cells = SealedField()
    faults = SealedField()
    likely = SealedField()
    is_compared = models.BooleanField(default=False)
    has_likely = models.BooleanField(default=False)
    is_chosen = models.BooleanField(null=True)
    taken_as = models.UUIDField(null=True)

    objects = ScopedManager(organization="intake__organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="each_row_once"),
        ]
        indexes = [models.Index(fields=["intake", "state", "number"])]

    def case_of_row(self) -> Any:
        return self.case


class SharingKind(models.TextChoices):
    REFERRAL = "referral", "a referral: chosen facts are copied, the case stays"
    TRANSFER = "transfer", "a transfer: the whole case goes over"


class Sharing(OfCase):
    """That a case, or chosen facts of it, is offered to another organization, with consent.

    `objects` are those that an organization offered, `offered` those that it was offered.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sharings")
    code = models.CharField(max_length=9)
    kind = models.CharField(max_length=10, choices=SharingKind.choices)
    from_organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="sharings_made"
    )
    to_organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="sharings_offered"
    )
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=list)
    reason = SealedField()
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    new_case = models.UUIDField(null=True)

    objects = ScopedManager(organization="from_organization")
    offered = ScopedManager(organization="to_organization")
