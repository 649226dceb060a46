"""Keys for many cases at once: as new_case_key, with one query for all of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

from wayhome.web.protection.keys import _seen, organization_key, place_of_case_key
from wayhome.web.protection.master_keys import KEY_BYTES
from wayhome.web.protection.models import CaseKey
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
