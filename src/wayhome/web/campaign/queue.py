"""What an organizer does with signatures: by one, or with thousands that a robot left."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django_scopes import scope, scopes_disabled

from wayhome.sources.letters.same_organization import organization_key
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import Actor, record
from wayhome.web.audit.many import Deed as Done
from wayhome.web.audit.many import record_many
from wayhome.web.campaign.choices import SignatureState, Stage
from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.letters import CannotBe, check_takes_names
from wayhome.web.campaign.likeness import SIGNED
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Signature, Signer, SignerLink
from wayhome.web.campaign.plain_text import one_line
from wayhome.web.campaign.signing import check_name, erase_signer, mark_confirmed
from wayhome.web.campaign.signing_states import By, step_of
from wayhome.web.protection.keys_in_bulk import destroy_case_keys

PAGE = 50
_CONFIRMED_SO = (
    "The organization confirmed this name by its own link. Only capitals, accents, marks and "
    "spaces can be corrected here. For another name whoever signed withdraws by the link in the "
    "message, and signs anew."
)
# What nobody confirmed in this time is taken out, with whoever asked.
WAITED = timedelta(days=30)


def found_in(letter: Letter, state: str, words: str) -> QuerySet[Signature]:
    """Signatures of a letter in a state whose name holds some words, those that asked first, first;
    a list, that came in at once, in its own order. An empty state is every state.
    """
    rows = letter.signatures.order_by("asked_at", F("number").asc(nulls_last=True), "pk")
    if state:
        rows = rows.filter(state=state)
    return rows.filter(name__icontains=words) if words else rows


def change_signature(
    actor: Actor, member: Membership, signature: Signature, now: datetime, **fields: str
) -> None:
    """Corrects how an organization is printed. Of what it confirmed by its own link only capitals,
    accents, marks and spaces of the name. Raises CannotBe.
    """
    check_may(member, Deed.RUN_LETTERS)
    fields = {name: one_line(value) for name, value in fields.items()}
    check_name(fields["name"])
    key = organization_key(fields["name"])[:LONGEST_NAME]
    with scope(organization=member.organization), transaction.atomic():
        signature = Signature.objects.select_for_update().get(pk=signature.pk)
        if signature.linked_at is not None and _letters(fields["name"]) != _letters(signature.name):
            raise CannotBe(_CONFIRMED_SO)
        before = {name: getattr(signature, name) for name in fields}
        changed = [name for name, value in fields.items() if before[name] != value]
        details = _of(signature) | {"fields": changed}
        if changed and signature.confirmed_at is not None:  # else the name may be a person's
            details |= {"before": before, "after": fields}
            until = {"until": day_of(now).isoformat()}
            signature.printed_before = [*signature.printed_before, before | until]
        record(actor, "changed how a signature is printed", details=details, at=now)
        for name in changed:
            setattr(signature, name, fields[name])
        signature.name_key = key
        signature.save()


def take_step(
    actor: Actor, member: Membership, signature: Signature, after: str, now: datetime, why: str = ""
) -> None:
    """A step of the table by an organizer. By hand a signature is confirmed with how it is known.

    Raises CannotBe where the table has no such step.
    """
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        held = Signature.objects.select_for_update().select_related("letter").get(pk=signature.pk)
        step = step_of(held.state, after, By.ORGANIZER)
        if step is None:
            raise CannotBe(f"It is {held.get_state_display()} by now: that cannot be done.")
        if step.after == SignatureState.CONFIRMED:
            check_takes_names(held.letter)
            if not why.strip():
                raise CannotBe("Say how you know that the organization signs.")
            held.how_known = one_line(why)[:300]
            mark_confirmed(held, now)
        else:
            held.state, held.state_since = step.after, now
            held.save(update_fields=["state", "state_since"])
        record(actor, step.words, details=_of(held), at=now)
        if step.after in (SignatureState.WITHDRAWN, SignatureState.REFUSED):
            erase_signer(actor, held, now)


def settle_named(
    actor: Actor, member: Membership, letter: Letter, names: Iterable[str], now: datetime
) -> int:
    """Of names that were decided to be one organization: the line that it confirmed by its own link
    takes the place of those that organizers only named, which are set aside; says how many.
    """
    keys = {organization_key(name)[:LONGEST_NAME] for name in names}
    with scope(organization=member.organization), transaction.atomic():
        lines = letter.signatures.select_for_update().filter(name_key__in=keys)
        confirmed = lines.filter(state=SignatureState.CONFIRMED).exclude(linked_at=None).first()
        if confirmed is None or letter.stage != Stage.OPEN:
            return 0
        named = list(lines.filter(state__in=SIGNED, linked_at=None))
        numbers = [one.number for one in (confirmed, *named) if one.number is not None]
        Signature.objects.filter(pk=confirmed.pk).update(number=min(numbers, default=None))
        for one in named:
            details = _of(confirmed) | {"named": str(one.pk)}
            record(actor, "let a confirmed line take the place of a named", details=details, at=now)
            take_step(actor, member, one, SignatureState.REFUSED, now)
        return len(named)


def set_aside(
    actor: Actor, member: Membership, letter: Letter, ids: Iterable[UUID], now: datetime
) -> int:
    """Sets many unconfirmed signatures aside at once, and erases who asked; says how many."""
    with scope(organization=member.organization):
        return _set_aside(actor, member, letter, letter.signatures.filter(pk__in=list(ids)), now)


def set_aside_found(
    actor: Actor, member: Membership, letter: Letter, words: str, now: datetime
) -> int:
    """The same with every unconfirmed signature whose name holds some words, or with all."""
    with scope(organization=member.organization):
        rows = found_in(letter, SignatureState.ASKED, words)
        return _set_aside(actor, member, letter, rows, now)


def _set_aside(
    actor: Actor, member: Membership, letter: Letter, rows: QuerySet[Signature], now: datetime
) -> int:
    check_may(member, Deed.RUN_LETTERS)
    step = step_of(SignatureState.ASKED, SignatureState.REFUSED, By.ORGANIZER)
    assert step is not None
    with transaction.atomic():
        ids = list(rows.filter(state=step.before).values_list("pk", flat=True))
        done = (
            Done(actor, step.words, now, details={"letter": str(letter.pk), "signature": str(pk)})
            for pk in ids
        )
        record_many(done)
        keys: list[UUID] = []
        for few in (ids[start : start + 500] for start in range(0, len(ids), 500)):
            Signature.objects.filter(pk__in=few).update(state=step.after, state_since=now)
            signers = Signer.objects.filter(signature__in=few)
            keys += signers.values_list("case", flat=True)
            signers.delete()
        destroy_case_keys(keys)
        return len(ids)


def forget_unconfirmed(now: datetime) -> int:
    """Takes out what nobody confirmed in a month, of every organization; says how many.

    Not while a link that was promised to work still does, nor what was taken back in since.
    """
    with scopes_disabled(), transaction.atomic():
        working = SignerLink.objects.filter(used_at=None, expires_at__gt=now).values("signature")
        old = Signature.objects.filter(state=SignatureState.ASKED, state_since__lt=now - WAITED)
        old = old.exclude(pk__in=working)
        found = list(old.values_list("pk", "letter", "letter__organization"))
        deed = "forgot what nobody confirmed"
        record_many(
            Done(
                command("daily", organization),
                deed,
                now,
                details={"letter": str(letter), "signature": str(pk)},
            )
            for pk, letter, organization in found
        )
        keys = list(Signer.objects.filter(signature__in=old).values_list("case", flat=True))
        old.delete()
        destroy_case_keys(keys)
        return len(found)


def release_held(actor: Actor, member: Membership, letter: Letter, now: datetime) -> int:
    """Lets those be written to who were held back because many signed at once."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        held = Signer.objects.filter(
            signature__letter=letter, is_held=True, signature__state=SignatureState.ASKED
        )
        count = held.update(is_held=False)
        details = {"letter": str(letter.pk), "signers": count}
        record(actor, "let signers be written to", details=details, at=now)
        return count


def _letters(name: str) -> str:
    """A name without regard to capitals, accents, marks and spaces, in any script."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    return "".join(c for c in plain if c.isalnum())


def _of(signature: Signature) -> dict[str, object]:
    return {"letter": str(signature.letter_id), "signature": str(signature.pk)}
