"""Making, opening, changing and destroying keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from wayhome.web.protection.master_keys import KEY_BYTES, current_master_key, master_keys
from wayhome.web.protection.models import CaseKey, OrganizationKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealing import CannotOpen, derived, seal, unseal

# Stands for the installation itself among the organizations; its key is never changed, only
# wrapped anew.
INSTALLATION = UUID(int=0)

# Keys that this request (or command) has opened already. Cleared at the end of each request.
_opened: ContextVar[dict[object, bytes] | None] = ContextVar("opened_keys", default=None)


class Erased(CannotOpen):
    """The case's key was destroyed: what it sealed can never be read again."""


def _seen() -> dict[object, bytes]:
    found = _opened.get()
    if found is None:
        found = {}
        _opened.set(found)
    return found


def forget_opened_keys(**_: object) -> None:
    """Drops every key that is held in memory."""
    _opened.set(None)


def organization_key(organization: UUID) -> tuple[OrganizationKey, bytes]:
    """An organization's newest key, made the first time it is needed."""
    row = OrganizationKey.objects.filter(organization=organization).order_by("-pk").first()
    return (row, unwrapped_organization_key(row)) if row else new_organization_key(organization)


def new_organization_key(organization: UUID) -> tuple[OrganizationKey, bytes]:
    name, master = current_master_key()
    key = secrets.token_bytes(KEY_BYTES)
    row = OrganizationKey.objects.create(
        organization=organization,
        master_key=name,
        wrapped=seal(master, key, organization_place(organization)),
    )
    return row, key


def new_case_key(case: UUID, organization: UUID) -> None:
    """Makes a case's key. Called before anything of the case is kept."""
    row, key = organization_key(organization)
    own = secrets.token_bytes(KEY_BYTES)
    CaseKey.objects.create(
        case=case, organization_key=row, wrapped=seal(key, own, place_of_case_key(case))
    )
    _seen()[case] = own


def case_key(case: UUID) -> bytes:
    """A case's key. Raises Erased where it was destroyed, CannotOpen where there is none."""
    return case_keys(case)[0]


def case_keys(case: UUID) -> tuple[bytes, ...]:
    """The keys that may open what a case holds: its own, then the former one during a change."""
    if case not in _seen():
        open_case_keys([case])
    if case not in _seen():
        raise CannotOpen("There is no key for this case.")
    key = _seen()[case]
    if not key:
        raise Erased("This case was erased; its key does not exist any more.")
    former = _seen().get(("former", case))
    return (key, former) if former else (key,)


def open_case_keys(cases: Iterable[UUID]) -> None:
    """Opens the keys of several cases with one query, for a page that shows them."""
    wanted = [case for case in cases if case not in _seen()]
    if not wanted:
        return
    for row in CaseKey.objects.filter(pk__in=wanted).select_related("organization_key"):
        _seen()[row.pk] = unwrapped(row, row.wrapped)
        if row.former:
            _seen()["former", row.pk] = unwrapped(row, row.former)


def unwrapped(row: CaseKey, wrapped: bytes) -> bytes:
    """A case key; empty where it was destroyed."""
    if not wrapped:
        return b""
    return unseal(
        unwrapped_organization_key(row.organization_key), bytes(wrapped), place_of_case_key(row.pk)
    )


def destroy_case_key(case: UUID) -> None:
    """Erases a person: nothing that the key sealed opens again, in this database or a backup."""
    with transaction.atomic(using=KEYRING):
        CaseKey.objects.filter(pk=case).update(wrapped=b"", former=b"", destroyed_at=timezone.now())
    _wipe_what_the_database_remembers()
    _seen()[case] = b""
    _seen().pop(("former", case), None)


def _wipe_what_the_database_remembers() -> None:
    """SQLite overwrites what is deleted (settings: secure_delete); this empties its log too."""
    keyring = connections[KEYRING]
    if keyring.vendor == "sqlite" and not keyring.in_atomic_block:
        with keyring.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def installation_key() -> bytes:
    """The key of what belongs to no organization: the secrets of second factors."""
    return derived(organization_key(INSTALLATION)[1], "installation")


def index_key(organization: UUID) -> bytes:
    """The key of an organization's blind indexes; it stays the same when its other keys change."""
    oldest = OrganizationKey.objects.filter(organization=organization).order_by("pk").first()
    if oldest is None:
        oldest = new_organization_key(organization)[0]
    return derived(unwrapped_organization_key(oldest), "blind index")


def unwrapped_organization_key(row: OrganizationKey) -> bytes:
    seen = _seen()
    if ("organization", row.pk) not in seen:
        place = organization_place(row.organization)
        seen["organization", row.pk] = unseal(
            _master_key(row.master_key), bytes(row.wrapped), place
        )
    return seen["organization", row.pk]


def _master_key(name: str) -> bytes:
    """A master key by its name; the file is read again if it may have been changed meanwhile."""
    if name not in master_keys():
        master_keys.cache_clear()
    if name not in master_keys():
        raise CannotOpen(f"The master key {name!r} is not among the master keys.")
    return master_keys()[name]


def organization_place(organization: UUID) -> str:
    return f"organization key {organization}"


def place_of_case_key(case: UUID) -> str:
    return f"case key {case}"
