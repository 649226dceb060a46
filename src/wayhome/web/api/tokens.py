"""Making, using and revoking tokens. A token does no more than who made it may do, as of now."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django_scopes import scopes_disabled

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.api.models import Token
from wayhome.web.audit.chain import Actor, record

PREFIX, LONGEST_DAYS, CALLS_A_MINUTE = "wayhome_", 365, 300


class Scope(StrEnum):
    """Something that a token may be made for."""

    READ_CASES = "cases:read"
    TAKE_IN = "cases:write"
    READ_PERSONS = "persons:read"
    READ_A_NUMBERS = "a_numbers:read"
    READ_FACTS = "facts:read"
    STATE_FACTS = "facts:write"
    READ_SCREENING = "screening:read"
    READ_DEADLINES = "deadlines:read"


# What each scope lets a program do, in words for whoever makes the token.
MEANING = {
    Scope.READ_CASES: "list cases: code, state, dates, what the rules say; no names",
    Scope.TAKE_IN: "take in new cases",
    Scope.READ_PERSONS: "read names, birth dates and where people are",
    Scope.READ_A_NUMBERS: "read A-numbers",
    Scope.READ_FACTS: "read facts, and who said them",
    Scope.STATE_FACTS: "state facts",
    Scope.READ_SCREENING: "read what the rules say of a case on a day",
    Scope.READ_DEADLINES: "read deadlines",
}
# And what its maker must be allowed to do, at the moment at which it is used.
NEEDS = {
    Scope.READ_CASES: Deed.SEE_WORKLIST,
    Scope.TAKE_IN: Deed.TAKE_IN,
    Scope.READ_PERSONS: Deed.SEE_CASE,
    Scope.READ_A_NUMBERS: Deed.SEE_CASE,
    Scope.READ_FACTS: Deed.SEE_CASE,
    Scope.STATE_FACTS: Deed.CHANGE_CASE,
    Scope.READ_SCREENING: Deed.SEE_CASE,
    Scope.READ_DEADLINES: Deed.SEE_CASE,
}


class TooManyCalls(Exception):
    """The token was used more than CALLS_A_MINUTE times in this minute."""


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str


def make_token(
    actor: Actor,
    member: Membership,
    name: str,
    scopes: Collection[Scope],
    days: int,
    now: datetime,
) -> NewToken:
    """Makes a token for some scopes. Raises PermissionDenied, or ValueError for other days."""
    check_may(member, Deed.USE_API)
    for wanted in scopes:
        check_may(member, NEEDS[wanted])
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A token is good for 1 to {LONGEST_DAYS} days.")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            organization=member.organization,
            made_by=member,
            name=name,
            digest=digest_of(secret),
            scopes=sorted(scopes),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        details = {"token": token.pk, "scopes": token.scopes, "days": days}
        record(actor, "made a token", details=details, at=now)
    return NewToken(token, secret)


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke_token(actor: Actor, member: Membership, token: Token, now: datetime) -> None:
    """The token does not work any more, from this moment on."""
    check_may(member, Deed.USE_API)
    with transaction.atomic():
        rows = Token.objects.filter(
            pk=token.pk, organization=member.organization_id, revoked_at=None
        )
        if rows.update(revoked_at=now):
            record(actor, "revoked a token", details={"token": token.pk}, at=now)


def token_of(secret: str, now: datetime) -> Token | None:
    """The token that a secret opens now, if any does. Raises TooManyCalls.

    Looked up anew with every call: what is revoked, or whose maker has left, fails at once.
    """
    with scopes_disabled():
        found = (
            Token.objects.filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=now)
            .filter(made_by__is_active=True, made_by__user__is_active=True)
            .select_related("made_by__user", "made_by__organization", "organization")
            .first()
        )
        if found is not None:
            _count(found, now)
    return found


def _count(token: Token, now: datetime) -> None:
    """Counts a call in its minute, in the database: all processes count together."""
    minute = now.replace(second=0, microsecond=0)
    rows = Token.objects.filter(pk=token.pk)
    same = rows.filter(window_start=minute)
    if same.update(window_calls=F("window_calls") + 1, last_used_at=now):
        if same.filter(window_calls__gt=CALLS_A_MINUTE).exists():
            raise TooManyCalls
    else:
        rows.update(window_start=minute, window_calls=1, last_used_at=now)


def check_scope(token: Token, wanted: Scope) -> None:
    """Raises PermissionDenied where the token, or its maker by now, may not do it."""
    if wanted not in token.scopes:
        raise PermissionDenied(f"This token was not made for {wanted}.")
    check_may(token.made_by, Deed.USE_API)
    check_may(token.made_by, NEEDS[wanted])
