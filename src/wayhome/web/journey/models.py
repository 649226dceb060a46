"""The steps of a journey home."""

from __future__ import annotations

from django.db import models

from wayhome.web.accounts.models import User
from wayhome.web.cases.models import Case, OfCase
from wayhome.web.protection.fields import SealedField

NOT_SETTLED = models.Q(done_on=None, not_needed=False)


class Step(OfCase):
    """One step: its kind is a line of steps.yaml, which says what it waits for.

    `details` is what whoever does it wrote down: a flight, a name, why it is not needed.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    due = models.DateField(null=True)
    done_on = models.DateField(null=True)
    not_needed = models.BooleanField(default=False)
    details = SealedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="each_step_once")]
        # What is late is asked of all cases at once.
        indexes = [models.Index(fields=["due"], condition=NOT_SETTLED, name="steps_not_settled")]
