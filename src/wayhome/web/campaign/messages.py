"""Messages to signers, in their language, one for each signature that waits for one.

Where no server for mail is set up, nothing is sent: an organizer makes the link and hands it over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django_scopes import scope

from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import LinkFor, SignatureState
from wayhome.web.campaign.links import new_link
from wayhome.web.campaign.models import Letter, Signature, Signer
from wayhome.web.campaign.signing import actor_of_signer
from wayhome.web.campaign.texts import reasons_since
from wayhome.web.campaign.wording import say
from wayhome.web.protection.keys import open_case_keys

AT_ONCE = 50
# An absolute address of a path, as the request came in.
Absolute = Callable[[str], str]
_WAITS = (SignatureState.ASKED, SignatureState.ASKED_AGAIN, SignatureState.CONFIRMED)
_log = logging.getLogger("wayhome.campaign")


def waiting(letter: Letter) -> QuerySet[Signer]:
    """Signers of a letter who have not been written to since they were asked."""
    found = Signer.objects.filter(
        signature__letter=letter, mailed_at=None, signature__state__in=_WAITS
    )
    return found.select_related("signature__letter").order_by("signature__asked_at", "pk")


def waiting_counts(letter: Letter) -> dict[str, int]:
    """How many wait for a message (`waiting`), and how many are held back (`held`)."""
    held = Count("pk", filter=Q(is_held=True))
    counted = waiting(letter).order_by().aggregate(every=Count("pk"), held=held)
    return {"waiting": counted["every"] - counted["held"], "held": counted["held"]}


def cannot_be_asked(letter: Letter) -> list[Signature]:
    """Who signed an earlier text and cannot be asked: no address is kept."""
    rows = letter.signatures.filter(state=SignatureState.ASKED_AGAIN, signer=None)
    return list(rows.order_by("name"))


def send_waiting(actor: Actor, letter: Letter, absolute: Absolute, now: datetime) -> int:
    """Writes to the next signers who wait and are not held back; says to how many."""
    with scope(organization=letter.organization):
        signers = list(waiting(letter).filter(is_held=False)[:AT_ONCE])
        return _send(actor, signers, absolute, now)


def send_to(signature: Signature, absolute: Absolute, now: datetime) -> int:
    """Writes to the signer of one signature, unless it is held back."""
    with scope(organization=signature.letter.organization):
        signers = list(Signer.objects.filter(signature=signature, mailed_at=None, is_held=False))
        return _send(actor_of_signer(signature.letter), signers, absolute, now)


def _send(actor: Actor, signers: list[Signer], absolute: Absolute, now: datetime) -> int:
    if not settings.SENDS_MESSAGES or not signers:
        return 0
    open_case_keys(signer.case for signer in signers)
    sent = 0
    connection = get_connection()
    try:
        for signer in signers:
            with transaction.atomic():
                message = _message(signer, absolute, now)
                message.connection = connection
                sent += message.send()
                Signer.objects.filter(pk=signer.pk).update(mailed_at=now, is_held=False)
                details = {"signature": str(signer.signature_id)}
                record(actor, "wrote to a signer", details=details, at=now)
    except (SMTPException, OSError) as error:
        _log.warning("messages to signers could not be sent: %s", type(error).__name__)
    finally:
        connection.close()
    return sent


def _message(signer: Signer, absolute: Absolute, now: datetime) -> EmailMessage:
    """What a signer is written: to confirm, to confirm anew, or that they have signed already."""
    signature = signer.signature
    if signature.state == SignatureState.CONFIRMED:
        key, purpose, route = "signed", LinkFor.WITHDRAW, "withdraw_signature"
    else:
        again = signature.state == SignatureState.ASKED_AGAIN
        key, purpose, route = "again" if again else "confirm", LinkFor.CONFIRM, "confirm_signature"
    link = absolute(reverse(route, args=[new_link(signature, purpose, now)]))
    more = _what_changed(signature, absolute) if key == "again" else {}
    return _written(signer, key, link, **more)


def _what_changed(signature: Signature, absolute: Absolute) -> dict[str, str]:
    """Why the text changed since it was signed, and where it says in what."""
    letter, language = signature.letter, signature.language
    names = {"language": language, "coalition": letter.organization.slug, "letter": letter.slug}
    reasons = reasons_since(letter, signature.version)
    why = "".join(f"\n\n{say(language, 'versions.why', why=one)}" for one in reasons)
    return {"texts": absolute(reverse("letter_versions", kwargs=names)), "why": why}


def thanks(signature: Signature, secret: str, absolute: Absolute) -> None:
    """Tells a signer that the signature counts, with the link to withdraw it. May fail quietly:
    the page has said the same.
    """
    with scope(organization=signature.letter.organization):
        signer = Signer.objects.filter(signature=signature).first()
    if signer is None or not settings.SENDS_MESSAGES:
        return
    link = absolute(reverse("withdraw_signature", args=[secret]))
    try:
        _written(signer, "signed", link).send()
    except (SMTPException, OSError) as error:
        _log.warning("a message to a signer could not be sent: %s", type(error).__name__)


def _written(signer: Signer, key: str, link: str, **more: str) -> EmailMessage:
    signature, language = signer.signature, signer.signature.language
    blanks = {
        "organization": signature.name,
        "letter": signature.letter.title,
        "recipient": signature.letter.recipient,
        "coalition": signature.letter.organization.name,
        "link": link,
        **more,
    }
    subject = say(language, f"message.{key}_subject", **blanks)
    return EmailMessage(subject, say(language, f"message.{key}", **blanks), to=[signer.email])


def link_to_hand_over(actor: Actor, signature: Signature, absolute: Absolute, now: datetime) -> str:
    """A link to confirm, shown to an organizer this once, who hands it to the signer."""
    with scope(organization=signature.letter.organization), transaction.atomic():
        secret = new_link(signature, LinkFor.CONFIRM, now)
        Signer.objects.filter(signature=signature).update(mailed_at=now, is_held=False)
        details = {"signature": str(signature.pk)}
        record(actor, "made a link for a signer", details=details, at=now)
    return absolute(reverse("confirm_signature", args=[secret]))


def kept_messages(most: int = 20) -> list[str]:
    """What a demonstration has kept instead of sending, the newest first."""
    if not settings.IS_DEMO or not settings.MESSAGES.is_dir():
        return []
    files = sorted(settings.MESSAGES.glob("*.log"), key=lambda f: f.stat().st_mtime, reverse=True)
    return [file.read_text(encoding="utf-8", errors="replace") for file in files[:most]]
