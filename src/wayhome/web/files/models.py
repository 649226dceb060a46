"""What the scanner said of a document, where an installation has one."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.cases.models import Document


class Scan(models.Model):
    """The scanner's word on a document. Of a harmful one the bytes are gone and the row stays."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="scan")
    is_clean = models.BooleanField()
    found = models.CharField(max_length=80, blank=True)
    scanned_at = models.DateTimeField()

    objects = ScopedManager(organization="document__case__organization")
