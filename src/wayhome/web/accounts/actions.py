"""What is done to accounts: inviting, taking up an invitation, changing a role, letting go."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from wayhome.web.accounts.models import (
    Invitation,
    InvitationKind,
    Membership,
    Organization,
    Role,
    User,
)
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.accounts.session_limits import end_all_sign_ins
from wayhome.web.audit.chain import Actor, record

VALID_FOR = timedelta(hours=72)


class CannotBe(Exception):
    """It cannot be done now. The text says why, to whoever asked for it."""


@dataclass(frozen=True)
class OneTimeLink:
    """An invitation with its secret, which is shown once and kept nowhere."""

    invitation: Invitation
    secret: str


def invite(
    actor: Actor,
    member: Membership | None,
    organization: Organization,
    *,
    email: str,
    role: str,
    now: datetime,
) -> OneTimeLink:
    """Invites somebody by a link that works once. `member` is none for a command."""
    if member is not None:
        check_may(member, Deed.ADMINISTER)
    email = User.objects.normalize_email(email).lower()
    if organization.memberships.filter(user__email__iexact=email, is_active=True).exists():
        raise CannotBe("This person is a member already.")
    return _link(actor, organization, InvitationKind.JOIN, email, role, now)


def let_back_in(
    actor: Actor, member: Membership | None, lost: Membership, now: datetime
) -> OneTimeLink:
    """A link for somebody who lost their password or second factor. It ends their sessions.

    An administrator can do it only for somebody who belongs to no other organization: it would
    open that one too. The command `wayhome people back` can.
    """
    if member is not None:
        check_may(member, Deed.ADMINISTER)
        elsewhere = lost.user.memberships.filter(is_active=True).exclude(pk=lost.pk)
        if lost.organization_id != member.organization_id or elsewhere.exists():
            raise CannotBe(
                "This person also belongs to another organization. Only whoever runs the "
                "installation can let them back in: wayhome people back."
            )
    with transaction.atomic():
        end_all_sign_ins(lost.user)
        return _link(
            actor, lost.organization, InvitationKind.RETURN, lost.user.email, lost.role, now
        )


def _link(
    actor: Actor, organization: Organization, kind: str, email: str, role: str, now: datetime
) -> OneTimeLink:
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        older = organization.invitations.filter(email=email, used_at=None, withdrawn_at=None)
        older.update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            organization=organization,
            kind=kind,
            email=email,
            role=role,
            digest=digest_of(secret),
            made_at=now,
            expires_at=now + VALID_FOR,
        )
        details = {"invitation": str(invitation.pk), "role": role}
        record(actor, f"made a link {InvitationKind(kind).label}"[:60], details=details)
    return OneTimeLink(invitation, secret)


def digest_of(secret: str) -> str:
    """What is kept of a link's secret. It is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation that a secret opens now, if any does."""
    return (
        Invitation.objects.filter(digest=digest_of(secret), used_at=None, withdrawn_at=None)
        .filter(expires_at__gt=now)
        .select_related("organization")
        .first()
    )


def withdraw_invitation(
    actor: Actor, member: Membership, invitation: Invitation, now: datetime
) -> None:
    """The link does not work any more."""
    check_may(member, Deed.ADMINISTER)
    with transaction.atomic():
        Invitation.objects.filter(
            pk=invitation.pk, organization=member.organization_id, used_at=None
        ).update(withdrawn_at=now)
        record(actor, "withdrew an invitation", details={"invitation": str(invitation.pk)})


def take_up(invitation: Invitation, *, name: str, password: str, now: datetime) -> User:
    """Makes the account of somebody invited, or gives them back their own.

    Raises CannotBe where the link was used meanwhile (a double submit), or belongs to somebody
    who has an account already: they add the organization when signed in (`join_as`).
    """
    with transaction.atomic():
        _use(invitation, now)
        user = User.objects.filter(email__iexact=invitation.email).first()
        if invitation.kind == InvitationKind.RETURN:
            if user is None:
                raise CannotBe("This account does not exist any more.")
            Authenticator.objects.filter(user=user).delete()
            end_all_sign_ins(user)
            user.set_password(password)
            user.save(update_fields=["password"])
        elif user is None:
            user = User.objects.create_user(invitation.email, password, name=name)
            _add(invitation, user)
        else:
            raise CannotBe("You have an account: sign in first, then open the link again.")
        _note(invitation, user)
    return user


def join_as(user: User, invitation: Invitation, now: datetime) -> Membership:
    """Adds an organization to an account that is signed in."""
    if user.email.lower() != invitation.email.lower():
        raise CannotBe("This link was made for another address than the one you signed in with.")
    with transaction.atomic():
        _use(invitation, now)
        made = _add(invitation, user)
        _note(invitation, user)
    return made


def _use(invitation: Invitation, now: datetime) -> None:
    """Uses a link up; only one of two who try at once succeeds."""
    unused = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    if not unused.update(used_at=now):
        raise CannotBe("This link was used already, or has expired. Ask for a new one.")


def _add(invitation: Invitation, user: User) -> Membership:
    made, _ = Membership.objects.update_or_create(
        user=user,
        organization=invitation.organization,
        defaults={"role": invitation.role, "is_active": True},
    )
    return made


def _note(invitation: Invitation, user: User) -> None:
    record(
        Actor(f"staff:{user.pk}", invitation.organization_id),
        "used a link",
        details={"invitation": str(invitation.pk), "kind": invitation.kind},
    )


def change_role(actor: Actor, member: Membership, whose: Membership, role: str) -> None:
    """Gives somebody another role. The last administrator keeps theirs."""
    check_may(member, Deed.ADMINISTER)
    _check_same_organization(member, whose)
    if role != Role.ADMINISTRATOR:
        _check_not_last(whose)
    with transaction.atomic():
        details = {"user": str(whose.user_id), "from": whose.role, "to": role}
        record(actor, "changed a role", details=details)
        whose.role = role
        whose.save(update_fields=["role"])


def let_go(actor: Actor, member: Membership, whose: Membership) -> None:
    """Takes somebody out of the organization, and ends their sessions."""
    check_may(member, Deed.ADMINISTER)
    _check_same_organization(member, whose)
    _check_not_last(whose)
    with transaction.atomic():
        record(actor, "let somebody go", details={"user": str(whose.user_id)})
        whose.is_active = False
        whose.save(update_fields=["is_active"])
        end_all_sign_ins(whose.user)


def take_back(actor: Actor, member: Membership, whose: Membership) -> None:
    """Lets somebody work in the organization again."""
    check_may(member, Deed.ADMINISTER)
    _check_same_organization(member, whose)
    with transaction.atomic():
        record(actor, "took somebody back", details={"user": str(whose.user_id)})
        whose.is_active = True
        whose.save(update_fields=["is_active"])


def change_settings(
    actor: Actor,
    member: Membership,
    organization: Organization,
    *,
    name: str,
    months_kept: int,
    takes_applications: bool,
) -> None:
    """Changes its name, how long cases are kept, and whether the portal offers it."""
    check_may(member, Deed.ADMINISTER)
    with transaction.atomic():
        details = {
            "months_kept": months_kept,
            "months_before": organization.months_kept,
            "takes_applications": takes_applications,
        }
        record(actor, "changed the settings", details=details)
        organization.name, organization.months_kept = name, months_kept
        organization.takes_applications = takes_applications
        organization.save(update_fields=["name", "months_kept", "takes_applications"])


def _check_same_organization(member: Membership, whose: Membership) -> None:
    if member.organization_id != whose.organization_id:
        raise CannotBe("This person belongs to another organization.")


def _check_not_last(whose: Membership) -> None:
    """An organization without an administrator could let nobody in any more."""
    others: Any = whose.organization.memberships.filter(
        role=Role.ADMINISTRATOR, is_active=True
    ).exclude(pk=whose.pk)
    if whose.role == Role.ADMINISTRATOR and whose.is_active and not others.exists():
        raise CannotBe("This is the last administrator; make somebody else one first.")
