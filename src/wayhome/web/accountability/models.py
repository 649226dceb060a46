"""De-identified rows of decided cases, and the pages that an organization has published of them."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import Organization, User


class FindingRow(models.Model):
    """What was decided of one case, without the case.

    `key` is a keyed hash of the case, so that a reconsideration replaces the row and nobody finds
    the case from it. An empty text is "not known". `causes` are the codes that two readers gave,
    sorted and joined with commas. `edition`: the one that counted the row; no other will.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    key = models.BinaryField(max_length=32)
    decided_in = models.PositiveSmallIntegerField()
    year = models.CharField(max_length=4, blank=True)
    court = models.CharField(max_length=3, blank=True)
    agency = models.CharField(max_length=20, blank=True)
    nationality = models.CharField(max_length=2, blank=True)
    represented = models.CharField(max_length=3, blank=True)
    recommends = models.BooleanField()
    is_by_panel = models.BooleanField()
    causes = models.CharField(max_length=300, blank=True)
    is_invented = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(null=True)

    objects = ScopedManager(organization="organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="one_row_a_case")
        ]


class Publication(models.Model):
    """An edition: the patterns of the cases that no edition before it has counted, frozen.

    Analysts read every edition; everybody reads those that are not withdrawn. `report` holds the
    numbers after small ones were left out, and nothing else.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    cases = models.PositiveIntegerField()
    report = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="organization")
