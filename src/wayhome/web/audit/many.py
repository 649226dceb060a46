"""Many events at once, for a command that writes thousands of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from wayhome.web.audit.chain import Actor, hash_of
from wayhome.web.audit.models import Event, Head


@dataclass(frozen=True)
class Deed:
    """What `chain.record` takes."""

    actor: Actor
    name: str
    at: datetime
    case: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)


def record_many(deeds: Iterable[Deed]) -> list[int]:
    """Adds events to the end of the chain, in order; gives their numbers.

    As `record` does one by one. Inside a transaction they stand or fall with the rest of it.
    """
    with transaction.atomic():
        Head.objects.get_or_create(pk=1)
        rows = Head.objects.filter(pk=1)
        head = (rows.select_for_update() if connection.vendor == "postgresql" else rows).get()
        events, number, previous = [], head.number, head.hash
        for deed in deeds:
            number += 1
            event = Event(
                number=number,
                at=deed.at,
                actor=deed.actor.name,
                organization=deed.actor.organization,
                case=deed.case,
                deed=deed.name,
                details=deed.details,
                previous=previous,
            )
            previous = event.hash = hash_of(event)
            events.append(event)
        if events:
            Event.objects.bulk_create(events, batch_size=2000)
            Head.objects.filter(pk=1).update(number=number, hash=previous)
    return [event.number for event in events]
