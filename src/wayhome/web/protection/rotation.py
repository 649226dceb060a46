"""Changing keys, at each level. Every change can be stopped and run again: it goes on.

A case's key is changed while people work on the case. The new key seals from that moment on; the
former one still opens. Each value and file is sealed anew, by comparing and swapping, so that a
change by somebody else is never lost. The former key is dropped when every request that may have
held it is over (SETTLED) and a last look finds nothing sealed with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from wayhome.web.protection import files
from wayhome.web.protection.fields import SealedField
from wayhome.web.protection.keys import (
    case_key,
    case_keys,
    forget_opened_keys,
    new_organization_key,
    organization_key,
    organization_place,
    place_of_case_key,
    unwrapped,
    unwrapped_organization_key,
)
from wayhome.web.protection.master_keys import KEY_BYTES, current_master_key
from wayhome.web.protection.models import CaseKey, OrganizationKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealing import CannotOpen, seal, unseal, unseal_with_one_of

# No request lives longer than this (`wayhome serve` ends them after 30 seconds).
SETTLED = timedelta(seconds=60)


class NotSettled(Exception):
    """A request that began before the change may still hold the former key."""


def rewrap_for_master() -> Iterator[int]:
    """Wraps every organization key with the first master key; yields how many so far."""
    name, master = current_master_key()
    behind = OrganizationKey.objects.exclude(master_key=name).order_by("pk")
    for done, row in enumerate(list(behind), start=1):
        key = unwrapped_organization_key(row)
        row.wrapped = seal(master, key, organization_place(row.organization))
        row.master_key = name
        row.save(update_fields=["wrapped", "master_key"])
        yield done


def master_keys_in_use() -> set[str]:
    """The names of the master keys that something is wrapped with."""
    return set(OrganizationKey.objects.values_list("master_key", flat=True).distinct())


def begin_organization_change(organization: UUID) -> None:
    """Makes a new key for an organization, unless a change is under way already."""
    if not _behind(organization).exists():
        new_organization_key(organization)


def rewrap_for_organization(organization: UUID) -> Iterator[int]:
    """Wraps every case key with the organization's newest key; yields how many so far.

    The oldest key stays: it made the blind indexes (keys.index_key).
    """
    newest, key = organization_key(organization)
    for done, pk in enumerate(list(_behind(organization).values_list("pk", flat=True)), start=1):
        with transaction.atomic(using=KEYRING):
            row = _locked(pk)
            own, former = unwrapped(row, row.wrapped), unwrapped(row, row.former)
            row.wrapped = seal(key, own, place_of_case_key(pk)) if own else b""
            row.former = seal(key, former, place_of_case_key(pk)) if former else b""
            row.organization_key = newest
            row.save(update_fields=["wrapped", "former", "organization_key"])
        yield done


def begin_case_change(case: UUID, now: datetime) -> bool:
    """Gives a case a new key and keeps the former one for reading.

    False where the case was erased, or a change is under way: it only has to be gone on with.
    """
    with transaction.atomic(using=KEYRING):
        row = _locked(case)
        if not row.wrapped or row.former:
            return False
        wrapping = unwrapped_organization_key(row.organization_key)
        row.former, row.changed_at = bytes(row.wrapped), now
        row.wrapped = seal(wrapping, secrets.token_bytes(KEY_BYTES), place_of_case_key(case))
        row.save(update_fields=["wrapped", "former", "changed_at"])
    forget_opened_keys()
    return True


def reseal_case(case: UUID) -> int:
    """Seals a case's values and files with its newest key; says how many were behind."""
    forget_opened_keys()
    behind = sum(_reseal_rows(model, name, case) for model, name in sealed_fields())
    return behind + _reseal_files(case)


def end_case_change(case: UUID, now: datetime) -> None:
    """Drops the former key. Raises NotSettled where it is too early for that."""
    row = CaseKey.objects.get(pk=case)
    if not row.former:
        return
    if row.changed_at is None or now - row.changed_at < SETTLED:
        raise NotSettled
    if reseal_case(case) and reseal_case(case):
        raise NotSettled
    CaseKey.objects.filter(pk=case).update(former=b"")
    forget_opened_keys()


def sealed_fields() -> list[tuple[type[models.Model], str]]:
    """Every sealed field of every model."""
    return [
        (model, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]


def rows_of_case(model: Any, case: UUID) -> Any:
    """A model's rows that belong to a case, whatever organization is in scope."""
    return model._base_manager.filter(case=case)


def _reseal_rows(model: Any, name: str, case: UUID) -> int:
    newest, keys = case_key(case), case_keys(case)
    field = model._meta.get_field(name)
    behind = 0
    for row in rows_of_case(model, case).exclude(**{name: b""}).iterator(chunk_size=500):
        held = bytes(row.__dict__[name])
        place = field.place(row)
        if _opens(newest, held, place):
            continue
        anew = seal(newest, unseal_with_one_of(keys, held, place), place)
        _swap(rows_of_case(model, case).filter(pk=row.pk, **{name: held}), name, anew)
        behind += 1
    return behind


def _swap(row: Any, name: str, anew: bytes) -> None:
    """Puts a newly sealed value in a row, if nobody changed it meanwhile.

    A finding is guarded by the database against every change: its row is written anew whole.
    """
    try:
        with transaction.atomic():
            row.update(**{name: anew})
    except IntegrityError:
        with transaction.atomic():
            columns = [f.attname for f in row.model._meta.concrete_fields if not f.generated]
            kept = row.values(*columns).first()
            if kept is not None:
                row._raw_delete(row.db)
                row.model._base_manager.create(**kept | {name: anew})


def _opens(key: bytes, held: bytes, place: str) -> bool:
    try:
        unseal(key, held, place)
    except CannotOpen:
        return False
    return True


def _reseal_files(case: UUID) -> int:
    newest, behind = case_key(case), 0
    for document in files.documents_on_disk(case):
        if not files.is_sealed_with(case, document, newest):
            files.reseal_file(case, document)
            behind += 1
    return behind


def _behind(organization: UUID) -> Any:
    newest = OrganizationKey.objects.filter(organization=organization).order_by("-pk").first()
    if newest is None:
        return CaseKey.objects.none()
    return CaseKey.objects.filter(
        organization_key__organization=organization, organization_key__pk__lt=newest.pk
    ).order_by("pk")


def _locked(case: UUID) -> CaseKey:
    rows = CaseKey.objects.using(KEYRING).select_related("organization_key")
    if transaction.get_connection(KEYRING).vendor == "postgresql":
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=case)
