"""A case's key, wrapped anew for the organization that the case goes over to."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wayhome.web.protection.keys import (
    Erased,
    forget_opened_keys,
    organization_key,
    place_of_case_key,
    unwrapped,
)
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.router import KEYRING
from wayhome.web.protection.sealing import seal


def wrap_for(case: UUID, organization: UUID) -> None:
    """Wraps a case's key, and its former one during a change, with an organization's newest key.

    The key itself stays, so that nothing is sealed anew. Raises Erased. Run twice it changes
    nothing more; stopped before the case itself is moved, the case opens as before.
    """
    newest, wrapping = organization_key(organization)
    with transaction.atomic(using=KEYRING):
        rows = CaseKey.objects.using(KEYRING).select_related("organization_key")
        if transaction.get_connection(KEYRING).vendor == "postgresql":
            rows = rows.select_for_update(of=("self",))
        row = rows.get(pk=case)
        own, former = unwrapped(row, row.wrapped), unwrapped(row, row.former)
        if not own:
            raise Erased("This case was erased; its key does not exist any more.")
        place = place_of_case_key(case)
        row.wrapped = seal(wrapping, own, place)
        row.former = seal(wrapping, former, place) if former else b""
        row.organization_key = newest
        row.save(update_fields=["wrapped", "former", "organization_key"])
    forget_opened_keys()
