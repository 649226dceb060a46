"""An event in words: who, which case, and names in the place of the ids in its details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from wayhome.web.accounts.models import Organization, User
from wayhome.web.audit.models import Event
from wayhome.web.audit.touching import TOUCHED_EVERY_CASE
from wayhome.web.cases.models import Case, code_as_compared
from wayhome.web.cases.searches_in_log import HASHED

ERASED = "erased"
_MOST_NAMED = 3


def codes_of(organization: UUID, cases: Iterable[UUID | None]) -> dict[UUID, str]:
    """The codes of an organization's own cases; an erased one has none."""
    wanted = {case for case in cases if case is not None}
    rows = Case._base_manager.filter(organization=organization, pk__in=wanted)
    found = rows.values_list("pk", "code", "erased_at")
    return {case: ERASED if erased_at else code for case, code, erased_at in found}


def case_of(organization: UUID, text: str) -> UUID | None:
    """The case that a code or a number means; a number need not be of a case that still is."""
    try:
        return UUID(text)
    except ValueError:
        pass
    rows = Case._base_manager.filter(
        organization=organization, code=code_as_compared(text), erased_at=None
    )
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found


def names_in(organization: UUID, events: Iterable[Event]) -> dict[str, str]:
    """What the ids in details mean: organizations and staff by name, own cases by code."""
    ids = {found for event in events for found in _ids_in(event)}
    organizations = Organization.objects.filter(pk__in=ids).values_list("pk", "name")
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    named = {**dict(organizations), **people, **codes_of(organization, ids)}
    return {str(each): words for each, words in named.items()}


def _ids_in(event: Event) -> Iterator[UUID]:
    if event.case is not None:
        yield event.case
    for value in event.details.values():
        for text in value[:_MOST_NAMED] if isinstance(value, list) else [value]:
            if isinstance(text, str) and len(text) == 36:
                try:
                    yield UUID(text)
                except ValueError:
                    continue


def told(event: Event, names: dict[str, str]) -> str:
    """An event's details in a line; of a list of many cases, how many (the file has them all)."""
    said = [
        f"{key}: {_value(value, names)}" for key, value in event.details.items() if key != HASHED
    ]
    every = ["touched every case"] if event.deed in TOUCHED_EVERY_CASE else []
    whole = ["of the whole installation"] if event.organization is None else []
    return "; ".join(whole + every + said)


def _value(value: Any, names: dict[str, str]) -> str:
    if not isinstance(value, list):
        return names.get(str(value), str(value))
    if not value:
        return "none"
    if len(value) > _MOST_NAMED:
        return f"{len(value)} of them"
    return ", ".join(names.get(str(each), str(each)) for each in value)
