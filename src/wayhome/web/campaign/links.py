"""Links in messages to signers: made once, kept as a hash, good for one deed until a day."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django_scopes import scopes_disabled

from wayhome.web.campaign.choices import LinkFor
from wayhome.web.campaign.models import Signature, SignerLink

VALID_FOR = {LinkFor.CONFIRM: timedelta(days=14), LinkFor.WITHDRAW: timedelta(days=730)}


def new_link(signature: Signature, purpose: LinkFor, now: datetime) -> str:
    """The secret of a new link, and the only sight of it. Older unused ones of its kind end."""
    older = SignerLink.objects.filter(signature=signature, purpose=purpose, used_at=None)
    older.update(expires_at=now)
    secret = secrets.token_urlsafe(24)
    SignerLink.objects.create(
        signature=signature,
        purpose=purpose,
        digest=_digest(secret),
        made_at=now,
        expires_at=now + VALID_FOR[purpose],
    )
    return secret


def link_of(secret: str, purpose: LinkFor) -> SignerLink | None:
    """The link that a secret belongs to, used or over though it may be."""
    with scopes_disabled():
        links = SignerLink.objects.filter(digest=_digest(secret), purpose=purpose)
        return links.select_related("signature__letter__organization").first()


def _digest(secret: str) -> str:
    """The secret is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
