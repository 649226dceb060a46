"""Reviews: who was asked, what they found, and how a case went from state to state."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import User
from wayhome.web.cases.models import Case, OfCase, State
from wayhome.web.protection.fields import SealedField


class StateChange(models.Model):
    """A step of a case from one state to another; saved with its audit event in one transaction."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="state_changes")
    from_state = models.CharField(max_length=20, choices=State.choices)
    to_state = models.CharField(max_length=20, choices=State.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    audit_number = models.BigIntegerField()

    objects = ScopedManager(organization="case__organization")


class Seat(models.IntegerChoices):
    FIRST = 1, "first reviewer"
    SECOND = 2, "second reviewer"
    THIRD = 3, "third reader"


class Assignment(models.Model):
    """Somebody's seat in the review of a case. `round` counts reconsiderations."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    seat = models.PositiveSmallIntegerField(choices=Seat.choices)
    round = models.PositiveSmallIntegerField(default=1)
    assigned_at = models.DateTimeField()

    objects = ScopedManager(organization="case__organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "seat"], name="one_in_a_seat"),
            models.UniqueConstraint(fields=["case", "round", "reviewer"], name="one_seat_each"),
        ]


class Finding(OfCase):
    """What one reviewer found. It cannot be changed once it is recorded.

    `grounds`: {rule id: {"accepted": bool, "reason": text}}. `causes`: codes of taxonomy.yaml.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="findings")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="finding")
    recommends = models.BooleanField()
    causes = models.JSONField(default=list)
    grounds = SealedField()
    reasons = SealedField()
    conditions = SealedField()
    recorded_at = models.DateTimeField()
