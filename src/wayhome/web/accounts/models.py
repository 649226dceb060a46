"""Organizations, staff, and the roles that they hold."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models


class Organization(models.Model):
    """A legal-service organization, clinic, coalition or unit. Its cases are its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    months_kept = models.PositiveSmallIntegerField(default=84)
    # Whether people may turn to it by the portal; else it gets cases by phone and from others only.
    takes_applications = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractUser):
    """A member of staff. Applicants have no account."""

    username = None  # type: ignore[assignment]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    languages = models.JSONField(default=list)

    objects = StaffManager()  # type: ignore[misc, assignment]
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    """What a member of staff does. What each may do: permissions.py, one table."""

    CASEWORKER = "caseworker", "Caseworker"
    ATTORNEY = "attorney", "Attorney"
    REVIEWER = "reviewer", "Reviewer"
    LEAD = "lead", "Lead"
    ORGANIZER = "organizer", "Organizer of letters (no case content)"
    ANALYST = "analyst", "Analyst (de-identified data only)"
    AUDITOR = "auditor", "Auditor (logs only)"
    ADMINISTRATOR = "administrator", "Administrator (no case content)"


class Membership(models.Model):
    """Somebody's role in an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_role_each")
        ]


class InvitationKind(models.TextChoices):
    JOIN = "join", "to join"
    RETURN = "return", "to come back with a new password and a new second factor"


class Invitation(models.Model):
    """A link that works once, until a day. Only a hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    kind = models.CharField(max_length=8, choices=InvitationKind.choices)
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """A session of a member of staff, so that they can see where they are signed in, and end it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
