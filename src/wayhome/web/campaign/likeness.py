"""Which signatures are one organization, and what a person decided about two names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import product

from django.db import transaction
from django_scopes import scope

from wayhome.sources.letters.one_line import Signatory, signatory_of
from wayhome.sources.letters.same_organization import (
    Pair,
    Verdict,
    compare,
    duplicates,
    in_both,
    organization_key,
)
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import SignatureState
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Likeness, Signature

# Who stands under the text that is open: no other is counted or printed.
STANDS = (SignatureState.CONFIRMED,)
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


@dataclass(frozen=True)
class Decision:
    """What a person decided about two names, as they are printed."""

    row: Likeness
    one: str
    other: str


def decisions_in(*letters: Letter) -> list[Decision]:
    """What was decided of names that are on some letters, the newest first."""
    found = list(Likeness.objects.order_by("-decided_at", "pk"))
    keys = {key for row in found for key in (row.one, row.other)}
    rows = Signature.objects.filter(letter__in=letters, name_key__in=keys)
    names = dict(rows.values_list("name_key", "name"))
    return [
        Decision(row, names[row.one], names[row.other])
        for row in found
        if row.one in names and row.other in names
    ]


def take_back(actor: Actor, member: Membership, row: Likeness, now: datetime) -> None:
    """Forgets what was decided about two names: it is a question again. The log keeps it."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        details = {"likeness": row.pk, "was_same": row.is_same}
        record(actor, "took back a decision about two names", details=details, at=now)
        row.delete()


def signatories_of(letter: Letter, states: Iterable[SignatureState] = SIGNED) -> list[Signatory]:
    """Who has signed a letter, as a list that can be compared with another, in its order.

    Names are read as a line is, so that an acronym in brackets is told from the name.
    """
    rows = letter.signatures.filter(state__in=tuple(states)).order_by("number", "name")
    return _lines(rows)


def _by_number(row: Signature) -> tuple[int, str]:
    return row.number or 0, row.name


def _lines(rows: Iterable[Signature]) -> list[Signatory]:
    found = []
    for place, row in enumerate(rows, start=1):
        read = _read(row.number or place, row.name, row.kind or None)
        found.append(_with_place(read, row))
    return found


@lru_cache(5_000)
def _read(line: int, name: str, kind: str | None) -> Signatory:
    return signatory_of(line, name, kind=kind)


def _with_place(read: Signatory, row: Signature) -> Signatory:
    place = row.place or read.place
    return Signatory(read.line, row.name, read.name, read.acronym, place, read.kind, read.person)


def twins_in(letter: Letter, others: Iterable[Signature] = ()) -> tuple[Pair, ...]:
    """Signatures of a letter that are one organization or may be; `others` are looked at too."""
    lines = (*signatories_of(letter), *map(as_signatory, others))
    return _duplicates(lines, _frozen(letter.organization))


def repeated_in(letter: Letter, rows: Iterable[Signature]) -> tuple[Pair, ...]:
    """Lines of a letter, of those that stand under it, that are one organization for certain."""
    return _certain(tuple(_lines(sorted(rows, key=_by_number))), _frozen(letter.organization))


def overlap(one: Letter, other: Letter) -> tuple[Pair, ...]:
    """Organizations that stand under both letters now, or may."""
    lists = tuple(signatories_of(one, STANDS)), tuple(signatories_of(other, STANDS))
    return _in_both(*lists, _frozen(one.organization))


# Names are compared once for as long as they and what was decided of them stay the same.
Lines = tuple[Signatory, ...]
Frozen = frozenset[tuple[frozenset[str], bool]]


def _frozen(organization: Organization) -> Frozen:
    return frozenset(decided_of(organization).items())


@lru_cache(32)
def _duplicates(lines: Lines, decided: Frozen) -> tuple[Pair, ...]:
    return duplicates(lines, dict(decided))


@lru_cache(32)
def _certain(lines: Lines, decided: Frozen) -> tuple[Pair, ...]:
    """Only lines of the same words, or of which somebody decided, are compared: everybody's page
    asks for it after each new signature, and to compare thousands of like names takes seconds.
    """
    by_key: dict[str, list[Signatory]] = {}
    for line in lines:
        by_key.setdefault(organization_key(line.name)[:LONGEST_NAME], []).append(line)
    found = [pair for group in by_key.values() for pair in duplicates(group)]
    for keys in (keys for keys, is_same in decided if is_same):
        one, other = (by_key.get(key, []) for key in keys)
        pairs = (sorted(pair, key=lambda line: line.line) for pair in product(one, other))
        found += [Pair(a, b, compare(a, b, dict(decided))) for a, b in pairs]
    certain = (pair for pair in found if pair.likeness.verdict is Verdict.SAME)
    return tuple(sorted(certain, key=lambda pair: (pair.one.line, pair.other.line)))


@lru_cache(32)
def _in_both(one: Lines, other: Lines, decided: Frozen) -> tuple[Pair, ...]:
    return in_both(one, other, dict(decided))
