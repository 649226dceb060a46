"""Keys for many cases at once: as new_case_key, with one query for all of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhome.web.protection.keys import (
    _seen,
    _wipe_what_the_database_remembers,
    organization_key,
    place_of_case_key,
)
from wayhome.web.protection.master_keys import KEY_BYTES
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealing import seal


def new_case_keys(cases: Iterable[UUID], organization: UUID) -> None:
    """Makes the keys of new cases. Called before anything of the cases is kept."""
    row, key = organization_key(organization)
    own = {case: secrets.token_bytes(KEY_BYTES) for case in cases}
    CaseKey.objects.bulk_create(
        [
            CaseKey(
                case=case, organization_key=row, wrapped=seal(key, made, place_of_case_key(case))
            )
            for case, made in own.items()
        ],
        batch_size=2000,
    )
    _seen().update(own)


def destroy_case_keys(cases: Iterable[UUID]) -> None:
    """Destroys many keys, as destroy_case_key does one: nothing that they sealed opens again."""
    ids = list(cases)
    with transaction.atomic(using=KEYRING):
        for few in (ids[start : start + 500] for start in range(0, len(ids), 500)):
            destroyed = CaseKey.objects.filter(pk__in=few)
            destroyed.update(wrapped=b"", former=b"", destroyed_at=timezone.now())
    _wipe_what_the_database_remembers()
    for case in ids:
        _seen()[case] = b""
