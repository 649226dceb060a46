"""Tokens for programs. Only a hash of a token is kept."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import Membership, Organization


class Token(models.Model):
    """What a program may do, for whom, until when. `window_*` count the calls of a minute."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    made_by = models.ForeignKey(Membership, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    window_start = models.DateTimeField(null=True)
    window_calls = models.PositiveIntegerField(default=0)

    objects = ScopedManager(organization="organization")
