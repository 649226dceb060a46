"""Signing in and out, and failing to, in the log of each organization that somebody works for."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.db import DatabaseError

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.session_limits import WHOLE
from wayhome.web.accounts.sign_in import name_tried
from wayhome.web.audit.actors import NOBODY, actor_of_member
from wayhome.web.audit.chain import record
from wayhome.web.audit.refusals import is_first_in_a_second
from wayhome.web.protection.keys import installation_key
from wayhome.web.protection.sealing import blind

SIGNED_IN, SIGNED_OUT, FAILED = "signed in", "signed out", "failed to sign in"
# In the session: the tag by which the log knows it. It tells sessions apart and opens none.
TAG = "session_tag"
_TAG_DIGITS = 12
_log = logging.getLogger(__name__)


def note_sign_in(sender: object, request: Any, user: User, **_: object) -> None:
    """With the role of this moment (signal user_logged_in, after the second factor)."""
    key = request.session.session_key or ""
    tag = blind(installation_key(), "session", key).hex()[:_TAG_DIGITS]
    request.session[TAG] = tag
    cache.delete(_count_of(user))
    for member in _memberships(user):
        details = {"role": member.role, "session": tag}
        record(actor_of_member(member), SIGNED_IN, details=details)


def note_sign_out(sender: object, request: Any, user: User | None, **_: object) -> None:
    """By oneself, or after too long a silence (signal user_logged_out)."""
    if user is None:
        return
    tag = request.session.get(TAG)
    for member in _memberships(user):
        record(actor_of_member(member), SIGNED_OUT, details={"session": tag} if tag else {})


def note_wrong_password(
    sender: object, credentials: dict[str, str], request: Any = None, **_: object
) -> None:
    """How often in a row, never what was typed (signal user_login_failed).

    Of a name that nobody has an event is written too, in no organization's log: the answer must
    not come sooner for it.
    """
    tried = name_tried(request, credentials) if request is not None else ""
    again = bool(getattr(getattr(request, "user", None), "is_authenticated", False))
    _note_failure(User.objects.filter(email__iexact=tried).first() if tried else None, again)


def note_wrong_code(
    sender: object, user: User, reauthentication: bool = False, **_: object
) -> None:
    """The password fitted, the second factor did not (allauth's signal authentication_failed)."""
    _note_failure(user, reauthentication)


def _note_failure(user: User | None, again: bool) -> None:
    """`again`: whoever is signed in was asked once more before a change of how they sign in."""
    try:
        times = cache.get(_count_of(user), 0) + 1
        cache.set(_count_of(user), times, timeout=int(WHOLE.total_seconds()))
        if not is_first_in_a_second(FAILED, str(user.pk) if user else "nobody"):
            return
        members = _memberships(user) if user else []
        details = {"times in a row": times} if user else {}
        details |= {"asked again": "yes"} if again else {}
        for actor in [actor_of_member(member) for member in members] or [NOBODY]:
            record(actor, FAILED, details=details)
    except DatabaseError:
        _log.exception("A failed sign-in could not be written to the log.")


def _memberships(user: User) -> list[Membership]:
    return list(user.memberships.filter(is_active=True).order_by("organization_id"))


def _count_of(user: User | None) -> str:
    return f"failed-sign-ins:{user.pk if user else 'nobody'}"


user_logged_in.connect(note_sign_in, dispatch_uid="note sign-in")
user_logged_out.connect(note_sign_out, dispatch_uid="note sign-out")
user_login_failed.connect(note_wrong_password, dispatch_uid="note wrong password")
authentication_failed.connect(note_wrong_code, dispatch_uid="note wrong code")
