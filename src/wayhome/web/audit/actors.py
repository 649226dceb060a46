"""Who does something, as the log names them: by kind and id, never by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wayhome.web.audit.chain import Actor

STAFF, TOKEN, APPLICANT, COMMAND = "staff:", "token:", "applicant", "command:"
NOBODY = Actor("nobody")


def actor_of(request: Any) -> Actor:
    """The actor of a request: a token of the API, else a member of staff, else nobody.

    An applicant has no account: the portal says `applicant_of(case)`.
    """
    token = getattr(request, "token", None)
    if token is not None:
        return Actor(f"{TOKEN}{token.pk}", token.organization_id)
    member = getattr(request, "member", None)
    if member is not None:
        return Actor(f"{STAFF}{member.user_id}", member.organization_id)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Actor(f"{STAFF}{user.pk}")
    return NOBODY


def actor_of_member(member: Any) -> Actor:
    """The actor of a member of staff, outside a request."""
    return Actor(f"{STAFF}{member.user_id}", member.organization_id)


def applicant_of(case: Any) -> Actor:
    """Whoever holds the case's code and passphrase."""
    return Actor(APPLICANT, case.organization_id)


def command(name: str, organization: UUID | None = None) -> Actor:
    """A command that somebody ran on the machine itself: `wayhome NAME`."""
    return Actor(f"{COMMAND}{name}", organization)
