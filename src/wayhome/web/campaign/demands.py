"""Demands of a letter, evidence that bears on them, and notes beside their status."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign import next_text
from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.letters import CannotBe, check_day
from wayhome.web.campaign.models import (
    Demand,
    DemandNote,
    Evidence,
    EvidencePiece,
    Letter,
)
from wayhome.web.campaign.plain_text import one_line, plain

# What a piece holds: a multiple of three, so that pieces of Base64 can be put one after the other.
PIECE = 18_000
LARGEST_FILE = 5 * 2**20
# What the log calls it, and how it says that it was taken off.
_TAKEN_OFF: dict[type[Evidence | DemandNote], tuple[str, str]] = {
    Evidence: ("evidence", "removed evidence from a demand"),
    DemandNote: ("note", "took a note off a demand"),
}


def write_demand(
    actor: Actor, member: Membership, letter: Letter, demand: Demand | None, now: datetime,
    **fields: Any,
) -> Demand:  # fmt: skip
    """Adds a demand at the end, or changes one. Raises CannotBe for a short name in use.

    Once a letter was open, words and measure are changed in its next text: nothing is another
    before that is opened, and every signer asked again.
    """
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        others = locked.demands.filter(slug=fields["slug"])
        if demand is not None:
            others = others.exclude(pk=demand.pk)
        if others.exists():
            raise CannotBe("Another demand of this letter has this short name.")
        fields = {k: one_line(v) if isinstance(v, str) else v for k, v in fields.items()}
        if locked.opened_at is not None:
            return next_text.write(actor, member, locked, demand, fields, now)
        if demand is None:
            last = locked.demands.order_by("-number").first()
            demand = Demand(letter=locked, number=last.number + 1 if last else 1)
        for name, value in fields.items():
            setattr(demand, name, value)
        demand.save()
        record(actor, "wrote a demand", details=_of(demand), at=now)
        return demand


def remove_demand(actor: Actor, member: Membership, demand: Demand, now: datetime) -> None:
    """Takes a demand off a letter that is still a draft. Raises CannotBe."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        if Letter.objects.select_for_update().get(pk=demand.letter_id).opened_at is not None:
            raise CannotBe("The letter was open for signing with it: drop it from the next text.")
        record(actor, "removed a demand", details=_of(demand), at=now)
        demand.delete()


def add_evidence(
    actor: Actor, member: Membership, demand: Demand, now: datetime, *,
    on: date, source: str, quote: str = "", file: bytes = b"", file_name: str = "",
    content_type: str = "",
) -> Evidence:  # fmt: skip
    """Adds what bears on a demand. `file` was made safe before. Raises CannotBe."""
    check_may(member, Deed.RUN_LETTERS)
    _check_has_come(on, now)
    if not quote.strip() and not file:
        raise CannotBe("Give a quote or a file: else nobody can check it.")
    if len(file) > LARGEST_FILE:
        raise CannotBe("The file is larger than 5 MB.")
    told = {"on": on, "source": one_line(source), "quote": plain(quote).strip()}
    told["sha256"] = hashlib.sha256(file).hexdigest() if file else ""
    with scope(organization=member.organization), transaction.atomic():
        _check_is_new(Evidence, demand, told)
        evidence = Evidence.objects.create(
            demand=demand, added_at=now, added_by=member.user, file_name=file_name,
            content_type=content_type, **told,
        )  # fmt: skip
        EvidencePiece.objects.bulk_create(
            EvidencePiece(
                evidence=evidence,
                number=number,
                data=base64.b64encode(file[start : start + PIECE]).decode(),
            )
            for number, start in enumerate(range(0, len(file), PIECE))
        )
        details = _of(demand) | {"evidence": evidence.pk}
        record(actor, "added evidence to a demand", details=details, at=now)
        return evidence


def _check_has_come(day: date, now: datetime) -> None:
    check_day(day)
    if day > day_of(now):
        raise CannotBe("The day lies in the future: it is the day of which this tells.")


def _check_is_new(kind: type[Evidence | DemandNote], demand: Demand, told: dict[str, Any]) -> None:
    """Raises CannotBe for what stands there already: its form was sent twice."""
    Letter.objects.select_for_update().get(pk=demand.letter_id)
    if kind.objects.filter(demand=demand, removed_at=None, **told).exists():
        raise CannotBe("It stands there already.")


def file_of(evidence: Evidence) -> bytes:
    """The file of a piece of evidence; empty where there is none."""
    pieces = evidence.pieces.order_by("number").values_list("data", flat=True)
    return b"".join(base64.b64decode(piece) for piece in pieces)


def attach_note(
    actor: Actor, member: Membership, demand: Demand, on: date, text: str, now: datetime
) -> DemandNote:
    """Puts a note beside a status, which is set by rule and stays what it is. Raises CannotBe."""
    check_may(member, Deed.RUN_LETTERS)
    _check_has_come(on, now)
    with scope(organization=member.organization), transaction.atomic():
        _check_is_new(DemandNote, demand, {"on": on, "text": one_line(text)})
        note = DemandNote.objects.create(
            demand=demand, on=on, text=one_line(text), written_at=now, written_by=member.user
        )
        details = _of(demand) | {"note": note.pk}
        record(actor, "attached a note to a demand", details=details, at=now)
        return note


def take_off(actor: Actor, member: Membership, one: Evidence | DemandNote, now: datetime) -> None:
    """Shows a piece of evidence or a note to nobody any more. That it was there stays in the log.

    Raises CannotBe for what was taken off before: its day stays.
    """
    check_may(member, Deed.RUN_LETTERS)
    kind, words = _TAKEN_OFF[type(one)]
    with scope(organization=member.organization), transaction.atomic():
        shown = type(one).objects.filter(pk=one.pk, removed_at=None)
        if not shown.update(removed_at=now):
            raise CannotBe("It was taken off before.")
        record(actor, words, details=_of(one.demand) | {kind: one.pk}, at=now)


def _of(demand: Demand) -> dict[str, Any]:
    return {"letter": str(demand.letter_id), "demand": demand.pk}
