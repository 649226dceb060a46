"""Adding to the log, and verifying that nothing in it was changed or taken out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from wayhome.web.audit.models import Event, Head


@dataclass(frozen=True)
class Actor:
    """Who does something: a member of staff, the applicant of a case, or a command."""

    name: str
    organization: UUID | None = None


def record(
    actor: Actor,
    deed: str,
    *,
    case: UUID | None = None,
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Event:
    """Adds an event. Inside a transaction it stands or falls with the rest of it.

    `details` hold ids, states and counts, never what a case says.
    """
    event = Event(
        at=at or timezone.now(),
        actor=actor.name,
        organization=actor.organization,
        case=case,
        deed=deed,
        details=json.loads(json.dumps(dict(details or {}))),
    )
    add = _add_in_one_statement if connection.vendor == "postgresql" else _add_step_by_step
    add(event)
    return event


def _add_step_by_step(event: Event) -> None:
    """SQLite locks the whole database for a transaction that writes (settings: IMMEDIATE)."""
    with transaction.atomic():
        head, _ = Head.objects.get_or_create(pk=1)
        event.number, event.previous = head.number + 1, head.hash
        event.hash = hash_of(event)
        event.save(force_insert=True)
        Head.objects.filter(pk=1).update(number=event.number, hash=event.hash)


def _add_in_one_statement(event: Event) -> None:
    """The end of the chain is held until the transaction is over, and every page adds to it: one
    statement, in which the server computes the same hash, holds nobody up for longer than that.
    """
    # What stands between the number and the hash before, in the text that is hashed.
    event.number, event.previous = 0, ""
    between = _text_of(event).removeprefix("[0").removesuffix('"]')
    said = (event.at, event.actor, event.organization, event.case, event.deed)
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(_ADD, [*said, json.dumps(event.details), between])
            if added := cursor.fetchone():
                event.number, event.previous, event.hash = added
                event._state.adding, event._state.db = False, connection.alias
                return
            Head.objects.get_or_create(pk=1)


_ADD = """
    WITH head AS (SELECT number, hash FROM audit_head WHERE id = 1 FOR UPDATE), added AS (
        INSERT INTO audit_event
            (number, at, actor, organization, "case", deed, details, previous, hash)
        SELECT number + 1, %s, %s, %s, %s, %s, %s::jsonb, hash, encode(sha256(convert_to(
            '[' || (number + 1)::text || %s::text || hash || '"]', 'UTF8')), 'hex')
        FROM head RETURNING number, previous, hash
    )
    UPDATE audit_head SET number = added.number, hash = added.hash FROM added WHERE id = 1
    RETURNING added.number, added.previous, added.hash
"""


def hash_of(event: Event) -> str:
    """SHA-256 over everything that an event says and the hash before it."""
    return hashlib.sha256(_text_of(event).encode()).hexdigest()


def _text_of(event: Event) -> str:
    said = [
        event.number,
        event.at.astimezone(UTC).isoformat(),
        event.actor,
        str(event.organization or ""),
        str(event.case or ""),
        event.deed,
        event.details,
        event.previous,
    ]
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    number: int
    message: str


def breaks() -> Iterator[Break]:
    """Every place where an event was changed, taken out or put in beside the chain."""
    number, previous = 0, "0" * 64
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            yield Break(event.number, f"Events {number + 1} to {event.number - 1} are missing.")
        elif event.previous != previous:
            yield Break(event.number, "It does not follow from the event before it.")
        if event.hash != hash_of(event):
            yield Break(event.number, "It says something else than when it was written.")
        number, previous = event.number, event.hash
    head = Head.objects.filter(pk=1).first()
    if head is None and number:
        yield Break(number, "Where the log ends was taken out.")
    if head is not None and (head.number, head.hash) != (number, previous):
        yield Break(number, f"The log ends here; it was {head.number} events long.")


def head_of_chain() -> tuple[int, str]:
    """The number and hash of the newest event. A copy kept elsewhere proves what came before."""
    head = Head.objects.filter(pk=1).first()
    return (head.number, head.hash) if head else (0, "0" * 64)


def holds(number: int, expected: str) -> bool:
    """Whether the event of this number still has the hash that somebody noted once."""
    return bool(Event.objects.filter(number=number, hash=expected).exists())
