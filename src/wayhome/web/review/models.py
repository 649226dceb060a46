"""Reviews: who was asked, what they found, and how a case went from state to state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import Organization, User
from wayhome.web.cases.actions import ADJUDICATOR, COUNSEL, DECLARED, PREPARED
from wayhome.web.cases.models import Case, OfCase, State
from wayhome.web.protection.fields import SealedField

# Why somebody may not review a case.
REASONS = {
    PREPARED: "prepared or changed the case",
    COUNSEL: "was counsel in the case",
    ADJUDICATOR: "decided something in the case",
    DECLARED: "another reason: family, friendship, money, or a strong feeling either way",
}


class AlreadyRecorded(Exception):
    """A finding cannot be changed or taken back once it is recorded."""


class StateChange(OfCase):
    """A step of a case from one state to another; saved with its audit event in one transaction.

    `at` is when it was written down, `happened_on` the day on which it happened where that is
    elsewhere (days.py); empty: not known, or here and at that moment. `said` is what whoever took
    it wrote with it: which paper they saw, or why although something is missing.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="state_changes")
    from_state = models.CharField(max_length=20, choices=State.choices)
    to_state = models.CharField(max_length=20, choices=State.choices)
    at = models.DateTimeField()
    happened_on = models.DateField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    said = SealedField()
    audit_number = models.BigIntegerField()


class Filing(OfCase):
    """To which office or court a request was filed, and the titles of the papers that went along.

    What was not written down is empty. The papers are told as they were called on that day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="filings")
    change = models.OneToOneField(StateChange, on_delete=models.CASCADE, related_name="filing")
    to = SealedField()
    papers = SealedField()


class Seat(models.IntegerChoices):
    FIRST = 1, "first reviewer"
    SECOND = 2, "second reviewer"
    THIRD = 3, "third reader"


class Round(OfCase):
    """One review of a case: the day of the law and the grounds that all its readers judge.

    `closed_at` is empty while it goes on. `recommends` is empty until it is decided, and stays
    empty where the round was given up.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    as_of = models.DateField()
    grounds = SealedField()
    edition = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)
    recommends = models.BooleanField(null=True)
    is_by_panel = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="each_round_once")]

    @classmethod
    def of(cls, case: Case) -> Round:
        """The newest round of a case. Raises DoesNotExist."""
        return cls.objects.filter(case=case).latest("number")

    @classmethod
    def give_up(cls, case: Case, now: datetime) -> None:
        """Closes the open round undecided: its empty seats are taken away."""
        Assignment.objects.filter(case=case, finding=None).delete()
        cls.objects.filter(case=case, closed_at=None).update(closed_at=now)


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
    """What one reviewer found. It cannot be changed once it is recorded: a trigger of the database
    refuses it too.

    `grounds`: {rule id: {"accepted": bool, "reason": text}}. `causes`, `agency`, `court`: codes
    of taxonomy.yaml and of the courts; an empty agency or court is "the file does not tell".
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="findings")
    assignment = models.OneToOneField(Assignment, on_delete=models.RESTRICT, related_name="finding")
    recommends = models.BooleanField()
    causes = models.JSONField(default=list)
    agency = models.CharField(max_length=20, blank=True)
    court = models.CharField(max_length=3, blank=True)
    grounds = SealedField()
    reasons = SealedField()
    conditions = SealedField()
    recorded_at = models.DateTimeField()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AlreadyRecorded("A finding cannot be changed once it is recorded.")
        super().save(*args, **kwargs)


class FindingDraft(OfCase):
    """What a reviewer wrote so far. Nobody else reads it; it goes when the finding is recorded."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="finding_drafts")
    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="draft")
    answers = SealedField()
    saved_at = models.DateTimeField()


class AgreementCount(models.Model):
    """How often the first and the second reviewer answered one question alike: counts, no cases."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    question = models.CharField(max_length=100)
    both_yes = models.PositiveIntegerField(default=0)
    only_first = models.PositiveIntegerField(default=0)
    only_second = models.PositiveIntegerField(default=0)
    both_no = models.PositiveIntegerField(default=0)

    objects = ScopedManager(organization="organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "question"], name="each_question_counted_once"
            )
        ]
