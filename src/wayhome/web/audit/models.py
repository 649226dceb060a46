"""Audit events. They name cases and people by their ids, and hold nothing of what a case says."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One deed. `hash` is over this event and the hash of the one before it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    organization = models.UUIDField(null=True, db_index=True)
    case = models.UUIDField(null=True, db_index=True)
    deed = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["organization", "-number"])]


class Head(models.Model):
    """The end of the chain; one row, locked while an event is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
