"""How an applicant comes back to their case: a code and a passphrase of words."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.cases.models import Case


class Doorway(models.Model):
    """The passphrase (Argon2) of a case, and how often it was tried wrongly."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="doorway")
    passphrase = models.CharField(max_length=256)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    shut_until = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="case__organization")


class CallBack(models.Model):
    """That somebody should be called, and from when to when it is safe (in UTC)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="call_backs")
    safe_from = models.DateTimeField()
    safe_to = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="case__organization")
