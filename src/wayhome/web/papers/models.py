"""What papers need besides a case's facts, the drafts that were made, and drafts of many cases."""

from __future__ import annotations

import uuid

from django.db import models
from django_scopes import ScopedManager

from wayhome.web.accounts.models import Organization, User
from wayhome.web.cases.models import Case, Document, OfCase
from wayhome.web.protection.fields import SealedField


class PaperWords(OfCase):
    """The person's own account with its translation, who acts for them, and the exhibits.

    `exhibits` are ids of documents of the case, in their order.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="paper_words")
    own_words = SealedField()
    own_language = SealedField()
    translation = SealedField()
    translator = SealedField()
    counsel = SealedField()
    counsel_address = SealedField()
    court = SealedField()
    exhibits = SealedField()


class KeptDraft(OfCase):
    """A draft and what it was made with. Its two files are documents of the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    template = models.CharField(max_length=80)
    as_of = models.DateField()
    edition = models.CharField(max_length=12)
    gaps = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    word = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    pdf = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "template", "-made_at"])]


class Batch(models.Model):
    """One paper for many cases. `cases` are their ids; the first `done` of them were gone through.

    `drafts` are the ids of the drafts made, `left_out` counts cases that could not be drafted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    template = models.CharField(max_length=80)
    as_of = models.DateField()
    cases = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    drafts = models.JSONField(default=list)
    started_at = models.DateTimeField()

    objects = ScopedManager(organization="organization")

    @property
    def is_done(self) -> bool:
        """Whether every case was gone through."""
        return self.done >= len(self.cases)
