"""Cases and what belongs to them. Everything personal is sealed with the case's own key.

What stands unsealed is what the worklist orders and filters by: states, days, counts, codes.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django_scopes import ScopedManager

from wayhome.law.normal_forms import normalized
from wayhome.web.accounts.models import Organization, User
from wayhome.web.protection.fields import SealedField

# Without letters and digits that are mistaken for one another on the phone.
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
# Far beyond a code: what is over is cut off before anything is done with it.
_LONGEST_CODE = 40


# Where a case without a deadline stands in the order of work: after all that have one.
NO_DEADLINE = date(9999, 12, 31)
ORDER_OF_WORK = ("rank", "due", "received_at", "id")


def new_code() -> str:
    """A case code to say over the phone: eight letters and digits, like K7QM-2XNP."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def code_as_compared(code: str) -> str:
    """A case code with its hyphen, whatever way it was typed."""
    letters = "".join(c for c in normalized("NFKC", code[:_LONGEST_CODE]).upper() if c.isalnum())
    return f"{letters[:4]}-{letters[4:8]}" if len(letters) == 8 else letters[:8]


class State(models.TextChoices):
    """Where a case stands. What follows what, and who may do it: review/states.py."""

    RECEIVED = "received", "received"
    PREPARING = "preparing", "preparing"
    READY = "ready", "ready for review"
    FIRST_REVIEW = "first_review", "in first review"
    SECOND_REVIEW = "second_review", "in second review"
    PANEL = "panel", "in panel"
    RECOMMENDED = "recommended", "recommended"
    NOT_RECOMMENDED = "not_recommended", "not recommended"
    FILED = "filed", "filed"
    GRANTED = "granted", "granted"
    DENIED = "denied", "denied"
    TRAVELLING = "travelling", "travelling"
    HOME = "home", "home"
    WITHDRAWN = "withdrawn", "withdrawn"
    RECONSIDERATION = "reconsideration", "in reconsideration"


# Where nothing is left to be done now; a case is open in every other state.
CLOSED = (State.HOME, State.WITHDRAWN, State.DENIED, State.NOT_RECOMMENDED)


class Case(models.Model):
    """One person's matter in one organization.

    `edition` counts changes: whoever saves says which edition they read, so that two people who
    edit at once are told, and neither's words are lost. `outcomes` holds each program's outcome
    and `next_deadline` the nearest date at the last screening, for the worklist only.
    `emergency_by_hand` is what somebody decided against the screening, if anybody did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cases")
    code = models.CharField(max_length=9, unique=True, default=new_code)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField()
    received_at = models.DateTimeField()
    is_emergency = models.BooleanField(default=False)
    emergency_by_hand = models.BooleanField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    next_deadline = models.DateField(null=True)
    outcomes = models.JSONField(default=dict)
    screened_on = models.DateField(null=True)
    assigned_to = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="assigned_cases"
    )
    language = models.CharField(max_length=8, default="en")
    edition = models.PositiveIntegerField(default=1)
    keep_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)
    is_invented = models.BooleanField(default=False)
    # The order of work, all of it ascending and none of it empty, so that one index serves it.
    rank = models.GeneratedField(
        expression=models.Case(
            models.When(is_emergency=True, then=models.Value(0)), default=models.Value(1)
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    due = models.GeneratedField(
        expression=Coalesce("next_deadline", models.Value(NO_DEADLINE)),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = ScopedManager(organization="organization")

    class Meta:
        indexes = [
            # Order of work: emergency, deadline, date received; never worth.
            models.Index(
                fields=["organization", "rank", "due", "received_at", "id"], name="work_order"
            ),
            # Filters of the worklist that may fit few cases of a million. Outcomes have an index of
            # their own on PostgreSQL (migration 0004).
            models.Index(fields=["organization", "due"], name="by_deadline"),
            models.Index(fields=["organization", "language", "rank", "due"], name="by_language"),
            models.Index(fields=["organization", "state", "received_at"]),
            # Open cases of each member, counted without reading a case.
            models.Index(
                fields=["organization", "assigned_to", "state", "is_emergency", "state_since"],
                condition=models.Q(erased_at=None),
                name="by_member",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def shows_emergency(self) -> bool:
        """Whether a page marks the case: nothing is urgent of who is home, or does not go on."""
        return self.is_emergency and self.state not in (State.HOME, State.WITHDRAWN)


class OfCase(models.Model):
    """What belongs to a case, and is sealed with its key."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)

    objects = ScopedManager(organization="case__organization")

    class Meta:
        abstract = True

    def case_of_row(self) -> Any:
        return self.case_id


class Person(OfCase):
    """Whom the case is about."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="person")
    name = SealedField()
    other_names = SealedField()
    birth_date = SealedField()
    a_number = SealedField()
    where = SealedField()


class SearchWord(models.Model):
    """A keyed hash of a name's part, a birth date or a number: equal values meet, none is told."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)

    objects = ScopedManager(organization="organization")

    class Meta:
        indexes = [
            models.Index(fields=["organization", "kind", "digest", "case"], name="word_to_case")
        ]


class Source(models.TextChoices):
    """Who says a fact. A lawyer's word counts before a record's, and that before the others'."""

    APPLICANT = "applicant", "the applicant"
    FAMILY = "family", "family or helper"
    RECORD = "record", "a record"
    LAWYER = "lawyer", "the lawyer"


class Statement(OfCase):
    """That somebody says a fact of the vocabulary. Nothing is overwritten: the newest counts.

    `value` is as in a case file: text, number, yes/no or date text. `is_unknown` says that the
    person does not know, `is_declined` that they would rather not say; both have no value.
    `settled_at` says when it was settled that this statement counts where sources disagree, and
    `settled_why` why; that holds until a newer statement of the fact arrives.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    fact = models.CharField(max_length=80)
    value = SealedField()
    is_unknown = models.BooleanField(default=False)
    is_declined = models.BooleanField(default=False)
    source = models.CharField(max_length=12, choices=Source.choices)
    said_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    note = SealedField()
    withdrawn_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_by_lawyer = models.BooleanField(default=False)
    settled_why = SealedField()

    class Meta:
        indexes = [models.Index(fields=["case", "fact", "-recorded_at"])]


class Contact(OfCase):
    """How to reach somebody safely: the person, their family, or their helper."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    name = SealedField()
    relation = SealedField()
    channel = SealedField()
    address = SealedField()
    time_zone = models.CharField(max_length=64, default="UTC")
    from_hour = models.PositiveSmallIntegerField(default=9)
    to_hour = models.PositiveSmallIntegerField(default=20)
    code_word = SealedField()
    may_leave_message = models.BooleanField(default=False)
    is_first = models.BooleanField(default=True)


class Consent(OfCase):
    """What somebody agreed to, in which words, and who typed for whom."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    text_version = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()
    is_by_proxy = models.BooleanField(default=False)
    proxy = SealedField()
    how = SealedField()
    withdrawn_at = models.DateTimeField(null=True)


class Task(OfCase):
    """Something to do by a day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    what = SealedField()
    due = models.DateField(null=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    done_at = models.DateTimeField(null=True)


class Note(OfCase):
    """A note of the team, or one that the applicant sees."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = SealedField()
    is_for_applicant = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)


class Message(OfCase):
    """A message between the team and the applicant."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    text = SealedField()
    is_from_applicant = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)


class Document(OfCase):
    """A file of the case. The bytes lie sealed in FILES/<case>/<id>; a new version is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    title = SealedField()
    kind = models.CharField(max_length=40, default="other")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    version_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    is_from_applicant = models.BooleanField(default=False)
    is_held_apart = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)


class Conflict(models.Model):
    """Why somebody may not review a case: prepared it, was counsel or adjudicator, or says so."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    reason = models.CharField(max_length=40)
    found_at = models.DateTimeField()

    objects = ScopedManager(organization="case__organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user", "reason"], name="conflict_once")
        ]


class Duplicate(models.Model):
    """That another case seems to be the same person, and what somebody made of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="duplicates")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=80)
    found_at = models.DateTimeField()
    is_same = models.BooleanField(null=True)

    objects = ScopedManager(organization="case__organization")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "other"], name="duplicate_once")]


class Standing(models.TextChoices):
    """As what somebody is named in a case; or what of their name a member of staff has too."""

    PERSON = "person", "the person"
    CONTACT = "contact", "a contact"
    HOUSEHOLD = "household", "somebody of the household"
    TYPES = "types", "whoever types for the person"
    NAME = "name", "the same name or one like it"
    FAMILY_NAME = "family_name", "the same family name or one like it"


class PossibleConflict(OfCase):
    """That somebody named in a case may be known from elsewhere, and what somebody made of it.

    Either from an `other` case, or as a member of staff or kin of theirs (`user`). `here` and
    `there` say as what they stand in each; `name` is as it is written in `case`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="possible_conflicts")
    other = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    here = models.CharField(max_length=12, choices=Standing.choices)
    there = models.CharField(max_length=12, choices=Standing.choices)
    name = SealedField()
    found_at = models.DateTimeField()
    is_so = models.BooleanField(null=True)

    def beside(self, case: uuid.UUID) -> uuid.UUID | None:
        """The id of the other of the two cases; none where it is about a member of staff."""
        return self.other_id if self.case_id == case else self.case_id


class SavedView(models.Model):
    """Filters of the worklist that somebody comes back to. No search text: that may be a name."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    objects = ScopedManager(organization="organization")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user", "name"], name="view_named_once")
        ]
