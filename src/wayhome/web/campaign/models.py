"""Letters, their texts, who signs them, and what they demand.

Everything here is meant for the public, once a letter is open, but one thing: who in an
organization confirmed a signature. Their name and address are sealed with a key of their own, so
that erasing them reaches into every backup.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django_scopes import ScopedManager

from wayhome.public_record.demands.demand import TargetIs
from wayhome.web.accounts.models import Organization, User
from wayhome.web.campaign.choices import (
    BY_LINK,
    NAMED,
    TARGETS,
    WAYS,
    Came,
    Kind,
    LinkFor,
    Order,
    SignatureState,
    Stage,
)
from wayhome.web.protection.fields import SealedField

LONGEST_NAME = 200
LONGEST_TEXT = 30_000


class Letter(models.Model):
    """A letter. `dated` is entered by a person, with where it is known from; never guessed.

    `dated_at`: when the date was entered. `contact`: the public address to write to about the list.
    `deadline`: the last day to sign, to its end in Washington. `signers_said`: how many the letter
    itself says that it has, where it was taken in as it was sent. `said_sent_before`: an organizer
    said, beside a date before the first text was opened, that it was sent before it came in here.
    `former_dates`: dates that were entered before, from where known, and until when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="letters")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=LONGEST_NAME)
    recipient = models.CharField(max_length=LONGEST_NAME)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.DRAFT)
    order = models.CharField(max_length=12, choices=Order.choices, default=Order.ALPHABETICAL)
    deadline = models.DateField(null=True)
    contact = models.EmailField(max_length=254, blank=True)
    dated = models.DateField(null=True)
    dated_from = models.CharField(max_length=500, blank=True)
    dated_at = models.DateTimeField(null=True)
    said_sent_before = models.BooleanField(default=False)
    former_dates = models.JSONField(default=list)
    signers_said = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="letter_slug_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def was_sent_before(self) -> bool:
        """Whether it was sent before it came in here: when it was opened here says nothing."""
        return bool(self.signers_said)

    @property
    def stands_before_opening(self) -> bool:
        """Whether the demands of its first text were signed before that was opened here."""
        return self.was_sent_before or self.said_sent_before


class Immutable(Exception):
    """A text that was open for signing is changed by a new version, never in its place."""


class Version(models.Model):
    """A text of a letter, as Markdown. Once it was open for signing nothing of it changes.

    `demands`: what it demands and how that is measured, by each demand's short name (texts.py). It
    belongs to the text: changed in a draft, fixed when it is opened. None: as the letter has them.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_TEXT)
    why = models.CharField(max_length=500, blank=True)
    demands = models.JSONField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="letter__organization")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="version_number_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and Version._base_manager.filter(pk=self.pk).exclude(opened_at=None).exists():
            raise Immutable("This text was open for signing: write a new version.")
        super().save(*args, **kwargs)


class Signature(models.Model):
    """An organization that signs. `name` is printed exactly so; `name_key` is what it is found by.

    `number`: its place in the order of signing (or of the list that it came from). `version`: the
    text that it confirmed last. `linked_at`: when the organization confirmed by its own link; None
    where only the organizers have named it. `printed_before`: how it was printed before organizers
    changed that, while it stood under the letter: name, place and kind, and until when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="signatures")
    name = models.CharField(max_length=LONGEST_NAME)
    name_key = models.CharField(max_length=LONGEST_NAME)
    place = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True)
    state = models.CharField(max_length=12, choices=SignatureState.choices)
    came = models.CharField(max_length=8, choices=Came.choices)
    number = models.PositiveIntegerField(null=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    linked_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField()
    how_known = models.CharField(max_length=300, blank=True)
    printed_before = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="en")

    objects = ScopedManager(organization="letter__organization")

    class Meta:
        indexes = [
            models.Index(fields=["letter", "state", "asked_at"]),
            models.Index(fields=["letter", "name_key"]),
        ]

    @property
    def stands(self) -> str:
        """Where it stands; of a line under the letter, who confirmed it."""
        if self.state != SignatureState.CONFIRMED:
            return str(SignatureState(self.state).label)
        return BY_LINK if self.linked_at else NAMED

    @property
    def place_shown(self) -> str:
        """The place, unless it stands in the name as it is printed."""
        return "" if self.place.casefold() in self.name.casefold() else self.place

    @property
    def kind_shown(self) -> str:
        """The kind, unless the name says it."""
        return "" if self.kind.casefold() in self.name.casefold() else self.kind


class Signer(models.Model):
    """Whoever may sign for an organization: no more than a name and an address, sealed.

    `case` names the key of this row alone, so that it is found, changed and destroyed as a case's
    is. `address_key`: a keyed hash by which an address is found.
    """

    case = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="signer")
    name = SealedField()
    email = SealedField()
    address_key = models.BinaryField(max_length=32, db_index=True)
    mailed_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False)

    objects = ScopedManager(organization="signature__letter__organization")

    def case_of_row(self) -> Any:
        return self.case


class SignerLink(models.Model):
    """A link in a message. Only a hash of its secret is kept; it works once, until a day."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=LinkFor.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="signature__letter__organization")


class Demand(models.Model):
    """A demand of a letter. `known_as`: one whose measure is built in (public_record.demands).

    Else `series`, `direction` and `target` say by which number it is told; without a series
    nothing can tell, and the status says so. `owner`: who of the coalition looks after it.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="demands")
    number = models.PositiveIntegerField()
    slug = models.SlugField(max_length=60)
    words = models.CharField(max_length=500)
    words_es = models.CharField(max_length=500, blank=True)
    known_as = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=80, blank=True)
    direction = models.CharField(max_length=4, choices=WAYS, blank=True)
    target = models.JSONField(null=True)
    target_is = models.CharField(max_length=24, choices=TARGETS, default=TargetIs.NUMBER.value)
    owner = models.CharField(max_length=120, blank=True)

    objects = ScopedManager(organization="letter__organization")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "slug"], name="demand_slug_once"),
            models.UniqueConstraint(fields=["letter", "number"], name="demand_number_once"),
        ]


class Evidence(models.Model):
    """What bears on a demand: a day, where it is from, and a quote or a file."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="evidence")
    on = models.DateField()
    source = models.CharField(max_length=500)
    quote = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="demand__letter__organization")

    class Meta:
        ordering = ["on", "pk"]


class EvidencePiece(models.Model):
    """A piece of the file of a piece of evidence, as Base64: every form of export can carry it."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.TextField()

    objects = ScopedManager(organization="evidence__demand__letter__organization")

    class Meta:
        ordering = ["number"]


class DemandNote(models.Model):
    """What a person adds to a status. It changes nothing of it."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="notes")
    on = models.DateField()
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ScopedManager(organization="demand__letter__organization")

    class Meta:
        ordering = ["on", "pk"]


class Likeness(models.Model):
    """That a person decided whether two names are one organization; remembered for every list."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    one = models.CharField(max_length=LONGEST_NAME)
    other = models.CharField(max_length=LONGEST_NAME)
    is_same = models.BooleanField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager(organization="organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "one", "other"], name="decided_once")
        ]


class SigningTry(models.Model):
    """How often a form was sent from a network or to an address lately, by a keyed hash.

    Nothing leads back from it, and it is gone after a day.
    """

    key = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=0)
