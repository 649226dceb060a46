"""The invented staff of an invented organization: everybody has the same, published password."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from wayhome.web.accounts.models import Membership, Organization, Role, User

PASSWORD = "invented for the demo"
STAFF = (
    ("lead", Role.LEAD, "Lena Invented"),
    ("caseworker", Role.CASEWORKER, "Carlos Invented"),
    ("caseworker2", Role.CASEWORKER, "Chidi Invented"),
    ("caseworker3", Role.CASEWORKER, "Camille Invented"),
    ("attorney", Role.ATTORNEY, "Asha Invented"),
    ("attorney2", Role.ATTORNEY, "Andrés Invented"),
    ("reviewer", Role.REVIEWER, "Rosa Invented"),
    ("reviewer2", Role.REVIEWER, "Ravi Invented"),
    ("reviewer3", Role.REVIEWER, "Ruth Invented"),
    ("reviewer4", Role.REVIEWER, "René Invented"),
    ("organizer", Role.ORGANIZER, "Olga Invented"),
    ("analyst", Role.ANALYST, "Ana Invented"),
    ("auditor", Role.AUDITOR, "Otto Invented"),
    ("administrator", Role.ADMINISTRATOR, "Ada Invented"),
)


def invented_staff(organization: Organization) -> list[Membership]:
    """One or more people of every role: `lead@SLUG.example` and so on, with PASSWORD.

    Only for a demonstration or a measurement: the password stands in the code.
    """
    hashed = make_password(PASSWORD)
    with transaction.atomic():
        return [
            _member(f"{who}@{organization.slug}.example", role, name, organization, hashed)
            for who, role, name in STAFF
        ]


def _member(
    email: str, role: str, name: str, organization: Organization, hashed: str
) -> Membership:
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name, "password": hashed})
    made, _ = Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"role": role}
    )
    return made
