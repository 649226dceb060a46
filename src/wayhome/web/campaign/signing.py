"""Signing a letter: asking, confirming by a link, withdrawing. Nobody here has an account.

Nothing is public before a link is used. Whatever somebody types into the form, the answer is the
same: it tells nobody who has signed, or whose address is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django_scopes import scope

from wayhome.sources.letters.one_line import Signatory
from wayhome.sources.letters.same_organization import Verdict, compare, organization_key
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import Came, LinkFor, SignatureState
from wayhome.web.campaign.letters import CannotBe, current_version, takes_signatures
from wayhome.web.campaign.likeness import as_signatory, decided_of
from wayhome.web.campaign.limits import is_over
from wayhome.web.campaign.links import new_link
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Signature, Signer, SignerLink
from wayhome.web.campaign.signing_states import By, Step, step_of
from wayhome.web.protection.keys import destroy_case_key, index_key, new_case_key
from wayhome.web.protection.sealing import blind

# So many may wait for their confirmation at once; a letter has a few hundred signers.
MOST_WAITING = 5_000
# Whoever was written to keeps their place so long, over a night. Fewer messages than places go out
# in that time (limits.py), so that a robot cannot hold them all.
KEPT_AFTER_A_MESSAGE = timedelta(hours=16)
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
_SIGNS = (SignatureState.ASKED, SignatureState.ASKED_AGAIN, SignatureState.CONFIRMED)


# Why something is no name, as the form to sign says it (`sign.fault_…`).
NO_NAME = ("name", "name_address")


class TooMany(Exception):
    """The form was sent too often from there, or the letter's queue is full."""


class LinkIsOver(Exception):
    """A link does nothing any more. `why`: used, expired, gone, closed, changed, refused, twice."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Asking:
    """What the form says: the organization exactly as it is to be printed, and who signs for it."""

    name: str
    place: str
    kind: str
    signer: str
    email: str
    language: str


def actor_of_signer(letter: Letter) -> Actor:
    """Whoever signs has no account; the log says no more than that."""
    return Actor("a signer", letter.organization_id)


def check_name(name: str) -> None:
    """Raises CannotBe for what is no name: too long, or with an address of the web or of mail."""
    if not name or len(name) > LONGEST_NAME or not organization_key(name):
        raise CannotBe("name")
    if _ADDRESS.search(name):
        raise CannotBe("name_address")


def ask_to_sign(letter: Letter, asking: Asking, network: str, now: datetime) -> Signature:
    """Keeps that an organization wants to sign; it is to be written to (messages.py).

    Asked twice by the same address it stays one. Raises CannotBe, TooMany.
    """
    if not takes_signatures(letter, now):
        raise CannotBe("closed")
    check_name(asking.name)
    _check_tries(asking, network, now)
    with scope(organization=letter.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        if (found := _asked_before(locked, asking)) is not None:
            if not is_over("messages of a letter", str(letter.pk), now):
                signers = Signer.objects.filter(signature=found)
                signers.update(mailed_at=None, is_held=False)
            record(actor_of_signer(letter), "asked to sign once more", details=_of(found), at=now)
            return found
        _make_room(locked, now)
        return _keep(locked, asking, now)


def _check_tries(asking: Asking, network: str, now: datetime) -> None:
    tries = {"network": network, "network a day": network, "address": asking.email.casefold()}
    if any(is_over(kind, who, now) for kind, who in tries.items()):
        raise TooMany


def address_key(letter: Letter, email: str) -> bytes:
    """What an address is found by, within one organization."""
    return blind(index_key(letter.organization_id), "signer address", email)


def _asked_before(letter: Letter, asking: Asking) -> Signature | None:
    same = letter.signatures.filter(state__in=_SIGNS, name_key=_key_of(asking))
    found: Signature | None = same.filter(
        signer__address_key=address_key(letter, asking.email)
    ).first()
    return found


def _key_of(asking: Asking) -> str:
    """What a name is found by, as it is kept: that of ligatures is longer than the name."""
    return organization_key(asking.name)[:LONGEST_NAME]


def _make_room(letter: Letter, now: datetime) -> None:
    """Where the queue is full, what waits longest and nobody confirmed gives way: else a robot that
    fills it would shut everybody out. Raises TooMany where all were written to lately.
    """
    waiting = letter.signatures.filter(state=SignatureState.ASKED)
    too_many = waiting.count() + 1 - MOST_WAITING
    if too_many <= 0:
        return
    # What an organizer took back in has stood for less long than it was asked for: it stays.
    old = waiting.filter(state_since=F("asked_at")).order_by("asked_at", "pk")
    old = old.exclude(signer__mailed_at__gt=now - KEPT_AFTER_A_MESSAGE)
    giving_way = list(old[:too_many])
    if len(giving_way) < too_many:
        raise TooMany
    for one in giving_way:
        deed = "gave way, unconfirmed, in a full queue"
        record(actor_of_signer(letter), deed, details=_of(one), at=now)
        _take_out_signer(one)
        one.delete()


def _keep(letter: Letter, asking: Asking, now: datetime) -> Signature:
    signature = Signature.objects.create(
        letter=letter,
        name=asking.name,
        name_key=_key_of(asking),
        place=asking.place,
        kind=asking.kind,
        state=SignatureState.ASKED,
        came=Came.FORM,
        asked_at=now,
        state_since=now,
        language=asking.language,
    )
    keep_signer(signature, asking.signer, asking.email, now)
    record(actor_of_signer(letter), "asked to sign a letter", details=_of(signature), at=now)
    return signature


def keep_signer(signature: Signature, name: str, email: str, now: datetime) -> Signer:
    """The name and address of whoever signs, sealed with a key of their own.

    It is held back, and written to by nobody, while too many sign at once. Links that somebody else
    was sent for the organization before are over.
    """
    letter = signature.letter
    signature.links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    signer = Signer(signature=signature)
    new_case_key(signer.case, letter.organization_id)
    signer.name, signer.email = name, email
    signer.address_key = address_key(letter, email)
    signer.is_held = is_over("messages of a letter", str(letter.pk), now)
    signer.save(force_insert=True)
    return signer


def confirm(link: SignerLink, version: int, now: datetime) -> str:
    """Confirms a signature of the text of that number; returns the secret to withdraw it with.

    Raises LinkIsOver. The link is used up only where it did what it is for.
    """
    with scope(organization=link.signature.letter.organization), transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=link.signature.letter_id)
        held = SignerLink.objects.select_related("signature").filter(pk=link.pk).first()
        if held is None:  # it gave way, or was forgotten, a moment ago
            raise LinkIsOver("gone")
        held.signature.letter = letter
        check_open(held, now)
        text = current_version(letter)
        if text is None or text.number != version:
            raise LinkIsOver("changed")
        check_once(held.signature)
        _confirm(letter, held.signature, now)
        SignerLink.objects.filter(pk=held.pk).update(used_at=now)
        return new_link(held.signature, LinkFor.WITHDRAW, now)


def _confirm(letter: Letter, signature: Signature, now: datetime) -> None:
    step = step_of(signature.state, SignatureState.CONFIRMED, By.SIGNER)
    assert step is not None
    for named in named_only(signature):
        signature.number = min(filter(None, (signature.number, named.number)), default=None)
        details = _of(signature) | {"named": str(named.pk)}
        record(actor_of_signer(letter), "confirmed what was named", details=details, at=now)
        _take_out_signer(named)
        named.delete()
    mark_confirmed(signature, now, by_link=True)
    record(actor_of_signer(letter), step.words, details=_of(signature), at=now)


def mark_confirmed(signature: Signature, now: datetime, *, by_link: bool = False) -> None:
    """A signature counts from now on, for the text that is open, at the end of the order."""
    signature.linked_at = now if by_link else None
    if signature.number is None:
        last = signature.letter.signatures.aggregate(last=Max("number"))["last"] or 0
        signature.number = last + 1
    signature.state, signature.state_since = SignatureState.CONFIRMED, now
    signature.confirmed_at = now
    signature.version = current_version(signature.letter)
    signature.save()


def check_open(link: SignerLink, now: datetime) -> None:
    """Raises LinkIsOver for a link to confirm that does nothing, and says why."""
    if link.used_at is not None:
        raise LinkIsOver("used")
    if not takes_signatures(link.signature.letter, now):
        raise LinkIsOver("closed")
    if step_of(link.signature.state, SignatureState.CONFIRMED, By.SIGNER) is None:
        raise LinkIsOver("refused")
    if link.expires_at <= now:
        raise LinkIsOver("expired")


def check_once(signature: Signature) -> None:
    """Raises LinkIsOver where the organization has confirmed by somebody else's link."""
    if any(other.linked_at is not None for other in _others_of(signature)):
        raise LinkIsOver("twice")


def named_only(signature: Signature) -> list[Signature]:
    """Lines of the same organization that only the organizers have named: its own link, once
    confirmed, takes their place.
    """
    return [other for other in _others_of(signature) if other.linked_at is None]


def _others_of(signature: Signature) -> list[Signature]:
    letter = signature.letter
    decided = decided_of(letter.organization)
    mine = as_signatory(signature)
    others = letter.signatures.exclude(pk=signature.pk).filter(
        state__in=(SignatureState.CONFIRMED, SignatureState.ASKED_AGAIN),
        name_key__in=_keys_of(signature, decided),
    )
    return [other for other in others if _is_same(mine, as_signatory(other), decided)]


def _keys_of(signature: Signature, decided: dict[frozenset[str], bool]) -> set[str]:
    """What the organization is found by: its name, and those that somebody said are the same."""
    own = signature.name_key
    others = (pair - {own} for pair, is_same in decided.items() if is_same and own in pair)
    return {own, *(key for pair in others for key in pair)}


def _is_same(mine: Signatory, other: Signatory, decided: dict[frozenset[str], bool]) -> bool:
    return compare(mine, other, decided).verdict is Verdict.SAME


def withdraw(link: SignerLink, now: datetime) -> None:
    """Takes a signature back, and erases who gave it. Raises LinkIsOver."""
    with scope(organization=link.signature.letter.organization), transaction.atomic():
        signature = Signature.objects.select_for_update().get(pk=link.signature_id)
        step = _way_out(link, signature, now)
        signature.state, signature.state_since = step.after, now
        signature.save(update_fields=["state", "state_since"])
        SignerLink.objects.filter(signature=signature, used_at=None).update(used_at=now)
        record(actor_of_signer(signature.letter), step.words, details=_of(signature), at=now)
        _take_out_signer(signature)


def erase_by_link(link: SignerLink, now: datetime) -> None:
    """Erases whoever signed, by their own link; the organization's signature stays.

    Raises LinkIsOver: a link that was sent to somebody else before erases nobody.
    """
    with scope(organization=link.signature.letter.organization), transaction.atomic():
        signature = Signature.objects.select_for_update().get(pk=link.signature_id)
        _way_out(link, signature, now)
        erase_signer(actor_of_signer(signature.letter), signature, now)


def _way_out(link: SignerLink, signature: Signature, now: datetime) -> Step:
    """The step by which a signature is withdrawn. Raises LinkIsOver for a link that is over."""
    held = SignerLink.objects.get(pk=link.pk)
    step = step_of(signature.state, SignatureState.WITHDRAWN, By.SIGNER)
    if held.used_at is not None or step is None:
        raise LinkIsOver("used")
    if held.expires_at <= now:
        raise LinkIsOver("expired")
    return step


def erase_signer(actor: Actor, signature: Signature, now: datetime) -> None:
    """Erases who signed for an organization; the organization's signature stays. Where nobody is
    kept nothing is done: a page that is sent again leaves no second event.
    """
    with scope(organization=signature.letter.organization), transaction.atomic():
        if not Signer.objects.filter(signature=signature).exists():
            return
        record(actor, "erased the address of a signer", details=_of(signature), at=now)
        _take_out_signer(signature)


def _take_out_signer(signature: Signature) -> None:
    """The key last: if all else is taken back, what it sealed is gone none the less."""
    signer = Signer.objects.filter(signature=signature).first()
    if signer is not None:
        key = signer.case
        signer.delete()
        destroy_case_key(key)


def _of(signature: Signature) -> dict[str, str]:
    return {"letter": str(signature.letter_id), "signature": str(signature.pk)}
