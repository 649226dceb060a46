"""How an applicant comes back to their case: a code and a passphrase of words."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.cases.models import Case


class Doorway(models.Model):
    """The passphrase (Argon2) of a case; empty until words were shown.

    `begun_with` is the number of the form that began the case: sent twice, it begins one case.
    `words_kept_at` is when the applicant said that they wrote the words down.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="doorway")
    passphrase = models.CharField(max_length=256, blank=True)
    begun_with = models.UUIDField(null=True, unique=True)
    words_kept_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="case__organization")


class WrongTry(models.Model):
    """Wrong tries with a code, whether or not a case has it, so that the wait tells nothing.

    The code stands here as a keyed hash. A row may count the tries from an address instead.
    """

    code = models.BinaryField(max_length=32, unique=True)
    tries = models.PositiveIntegerField(default=0)
    shut_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_index=True)


class CallBack(models.Model):
    """That somebody should be called, and from when to when it is safe (in UTC)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="call_backs")
    safe_from = models.DateTimeField()
    safe_to = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="case__organization")

    class Meta:
        indexes = [models.Index(fields=["done_at", "safe_from"])]
