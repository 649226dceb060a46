"""Making, opening, changing and destroying keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhome.web.protection.master_keys import KEY_BYTES, current_master_key, master_keys
from wayhome.web.protection.models import CaseKey, OrganizationKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealing import CannotOpen, derived, seal, unseal

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
    return (row, _open_organization_key(row)) if row else new_organization_key(organization)


def new_organization_key(organization: UUID) -> tuple[OrganizationKey, bytes]:
    name, master = current_master_key()
    key = secrets.token_bytes(KEY_BYTES)
    row = OrganizationKey.objects.create(
        organization=organization,
        master_key=name,
        wrapped=seal(master, key, _organization_place(organization)),
    )
    return row, key


def new_case_key(case: UUID, organization: UUID) -> None:
    """Makes a case's key. Called before anything of the case is kept."""
    row, key = organization_key(organization)
    own = secrets.token_bytes(KEY_BYTES)
    CaseKey.objects.create(case=case, organization_key=row, wrapped=seal(key, own, _place(case)))
    _seen()[case] = own


def case_key(case: UUID) -> bytes:
    """A case's key. Raises Erased where it was destroyed, CannotOpen where there is none."""
    if case not in _seen():
        open_case_keys([case])
    if case not in _seen():
        raise CannotOpen("There is no key for this case.")
    key = _seen()[case]
    if not key:
        raise Erased("This case was erased; its key does not exist any more.")
    return key


def open_case_keys(cases: Iterable[UUID]) -> None:
    """Opens the keys of several cases with one query, for a page that shows them."""
    wanted = [case for case in cases if case not in _seen()]
    if not wanted:
        return
    for row in CaseKey.objects.filter(pk__in=wanted).select_related("organization_key"):
        wrapped = bytes(row.wrapped)
        key = _open_organization_key(row.organization_key) if wrapped else b""
        _seen()[row.pk] = unseal(key, wrapped, _place(row.pk)) if wrapped else b""


def destroy_case_key(case: UUID) -> None:
    """Erases a person: nothing that the key sealed opens again, in this database or a backup."""
    with transaction.atomic(using=KEYRING):
        CaseKey.objects.filter(pk=case).update(wrapped=b"", destroyed_at=timezone.now())
    _seen()[case] = b""


def index_key(organization: UUID) -> bytes:
    """The key of an organization's blind indexes; it stays the same when its other keys change."""
    oldest = OrganizationKey.objects.filter(organization=organization).order_by("pk").first()
    if oldest is None:
        oldest = new_organization_key(organization)[0]
    return derived(_open_organization_key(oldest), "blind index")


def rewrap_for_master() -> Iterator[int]:
    """Wraps every organization key with the newest master key; yields how many so far.

    It can be stopped and run again: what is done is done, one key a transaction.
    """
    name, master = current_master_key()
    behind = OrganizationKey.objects.exclude(master_key=name)
    for done, row in enumerate(behind.order_by("pk").iterator(), start=1):
        key = _open_organization_key(row)
        row.wrapped = seal(master, key, _organization_place(row.organization))
        row.master_key = name
        row.save(update_fields=["wrapped", "master_key"])
        yield done


def rewrap_for_organization(organization: UUID) -> Iterator[int]:
    """Wraps every case key of an organization with its newest key; can be stopped and resumed."""
    newest, key = organization_key(organization)
    behind = CaseKey.objects.filter(
        organization_key__organization=organization, organization_key__pk__lt=newest.pk
    ).select_related("organization_key")
    for done, row in enumerate(behind.exclude(wrapped=b"").iterator(), start=1):
        own = unseal(
            _open_organization_key(row.organization_key), bytes(row.wrapped), _place(row.pk)
        )
        row.wrapped, row.organization_key = seal(key, own, _place(row.pk)), newest
        row.save(update_fields=["wrapped", "organization_key"])
        yield done


def _open_organization_key(row: OrganizationKey) -> bytes:
    seen = _seen()
    if ("organization", row.pk) not in seen:
        masters = master_keys()
        if row.master_key not in masters:
            raise CannotOpen(f"The master key {row.master_key!r} is not among the master keys.")
        master = masters[row.master_key]
        place = _organization_place(row.organization)
        seen["organization", row.pk] = unseal(master, bytes(row.wrapped), place)
    return seen["organization", row.pk]


def _organization_place(organization: UUID) -> str:
    return f"organization key {organization}"


def _place(case: UUID) -> str:
    return f"case key {case}"
