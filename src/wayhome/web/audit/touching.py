"""Which events touched a case: its own, lists that showed it, and deeds that touched every case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case

# These name no case: they are in the history of every case that was there at the time. All but
# the first and the last are of the whole machine, and of no organization.
TOUCHED_EVERY_CASE = frozenset(
    {
        "exported everything",
        "made a backup",
        "restored a backup",
        "copied the keyring",
        "made search words anew",
    }
)
_CAME = ("received case", "imported case")
_WENT_OVER, _ERASED = "accepted transfer", "erased case"


def about(case: UUID, organization: UUID, held: Case | None = None) -> Q:
    """What an organization's log tells of a case, and what was done to all while it was there.

    `held` is the organization's case, where it is at hand already.
    """
    mine = Q(organization=organization)
    found = mine & (Q(case=case) | Q(case=None, details__icontains=str(case)))
    every = Q(case=None, deed__in=TOUCHED_EVERY_CASE) & (mine | Q(organization=None))
    for stretch in _while_it_was_there(case, organization, held):
        found |= every & stretch
    return found


def _while_it_was_there(case: UUID, organization: UUID, held: Case | None) -> list[Q]:
    """From when it came until it was handed over or erased; it may come back."""
    held = held or Case._base_manager.filter(pk=case, organization=organization).first()
    since = Q(at__gte=held.received_at) if held else None
    over: list[Q] = []
    turns: Any = Event.objects.filter(
        case=case, organization=organization, deed__in=(*_CAME, _WENT_OVER, _ERASED)
    ).order_by("number")
    for turn in turns:
        if turn.deed in _CAME or turn.details.get("to") == str(organization):
            since = Q(number__gt=turn.number)
        elif since is not None:
            over.append(since & Q(number__lt=turn.number))
            since = None
    return over if since is None else [*over, since]
