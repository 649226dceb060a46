"""The keyring: wrapped keys, in a database of their own that no backup of the data holds."""

from __future__ import annotations

from django.db import models


class OrganizationKey(models.Model):
    """An organization's key, wrapped by a master key. The newest one wraps new case keys."""

    organization = models.UUIDField(db_index=True)
    wrapped = models.BinaryField()
    master_key = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)


class CaseKey(models.Model):
    """A case's key, wrapped by its organization's. `wrapped` is empty once it was destroyed.

    While a case's key is being changed, `former` holds the one before, for reading only.
    """

    case = models.UUIDField(primary_key=True)
    organization_key = models.ForeignKey(OrganizationKey, on_delete=models.PROTECT)
    wrapped = models.BinaryField()
    former = models.BinaryField(default=bytes)
    changed_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
