"""Which signatures are one organization, and what a person decided about two names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django_scopes import scope

from wayhome.sources.letters.one_line import Signatory, signatory_of
from wayhome.sources.letters.same_organization import (
    Pair,
    duplicates,
    in_both,
    organization_key,
)
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import SignatureState
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Likeness, Signature

SIGNED = (SignatureState.CONFIRMED, SignatureState.ASKED_AGAIN)


def as_signatory(signature: Signature) -> Signatory:
    """A signature as a line of a list, to be compared; its line is its place in the order."""
    return Signatory(
        line=signature.number or 0,
        printed=signature.name,
        name=signature.name,
        place=signature.place or None,
        kind=signature.kind or None,
    )


def decided_of(organization: Organization) -> dict[frozenset[str], bool]:
    """What people of an organization have decided, by the keys of two names."""
    with scope(organization=organization):
        rows = Likeness.objects.values_list("one", "other", "is_same")
        return {frozenset((one, other)): is_same for one, other, is_same in rows}


def decide(
    actor: Actor, member: Membership, one: str, other: str, *, is_same: bool, now: datetime
) -> None:
    """Remembers whether two names are one organization, for every list from now on."""
    check_may(member, Deed.RUN_LETTERS)
    keys = sorted(organization_key(name)[:LONGEST_NAME] for name in (one, other))
    if keys[0] == keys[1]:
        return
    with scope(organization=member.organization), transaction.atomic():
        row, _ = Likeness.objects.update_or_create(
            organization=member.organization,
            one=keys[0],
            other=keys[1],
            defaults={"is_same": is_same, "decided_at": now, "decided_by": member.user},
        )
        details = {"likeness": row.pk, "is_same": is_same}
        record(actor, "decided whether two names are one", details=details, at=now)


def signatories_of(letter: Letter) -> list[Signatory]:
    """Who has signed a letter, as a list that can be compared with another, in its order.

    Names are read as a line is, so that an acronym in brackets is told from the name.
    """
    rows = letter.signatures.filter(state__in=SIGNED).order_by("number", "name")
    found = []
    for place, row in enumerate(rows, start=1):
        read = signatory_of(row.number or place, row.name, kind=row.kind or None)
        found.append(_with_place(read, row))
    return found


def _with_place(read: Signatory, row: Signature) -> Signatory:
    place = row.place or read.place
    return Signatory(read.line, row.name, read.name, read.acronym, place, read.kind, read.person)


def twins_in(letter: Letter, others: Iterable[Signature] = ()) -> tuple[Pair, ...]:
    """Signatures of a letter that are one organization or may be; `others` are looked at too."""
    lines: Sequence[Signatory] = [*signatories_of(letter), *map(as_signatory, others)]
    return duplicates(lines, decided_of(letter.organization))


def overlap(one: Letter, other: Letter) -> tuple[Pair, ...]:
    """Organizations that signed both letters, or may have."""
    return in_both(signatories_of(one), signatories_of(other), decided_of(one.organization))
