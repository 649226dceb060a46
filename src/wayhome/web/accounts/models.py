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
