"""Referral and transfer between organizations of the installation, with the person's consent.

One organization offers, the other answers. A referral makes a new case there of chosen facts; a
transfer moves the case itself: its key is wrapped for the other organization, whoever worked on it
here is done with it, and the person's own code and words go on opening it. Both logs say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django_scopes import scope, scopes_disabled

from wayhome.law.vocabulary import Value, load_vocabulary
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import receive_case
from wayhome.web.cases.adding import adding
from wayhome.web.cases.duplicates import keep_duplicates
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import (
    Case,
    Consent,
    Duplicate,
    Person,
    PossibleConflict,
    Source,
    State,
    Task,
)
from wayhome.web.cases.possible_conflicts import keep_possible_conflicts
from wayhome.web.cases.search import index_person
from wayhome.web.casework.consents import standing_consent
from wayhome.web.casework.models import Sharing, SharingKind
from wayhome.web.protection.handing_over import wrap_for

IN_REVIEW = (State.READY, State.FIRST_REVIEW, State.SECOND_REVIEW, State.PANEL)
_PERSON = ("name", "other_names", "birth_date", "a_number", "where")


class CannotShare(Exception):
    """It cannot be offered or taken over now. The text says why, and what to do first."""


def offer(
    actor: Actor,
    member: Membership,
    case: Case,
    to: Organization,
    kind: str,
    facts: Iterable[str],
    reason: str,
    now: datetime,
) -> Sharing:
    """Offers a case, or chosen facts of it, to another organization. Raises CannotShare."""
    check_may(member, Deed.TRANSFER)
    check_may_see_case(member, case)
    chosen = sorted(set(facts)) if kind == SharingKind.REFERRAL else []
    with adding(case):
        consent = standing_consent(case, to, kind)
        _check_offer(case, to, kind, chosen, consent)
        assert consent is not None
        details = {"to": str(to.pk), "kind": kind, "facts": len(chosen), "consent": consent.pk}
        record(actor, f"offered {kind}", case=case.pk, details=details, at=now)
        return Sharing.objects.create(
            case=case,
            code=case.code,
            kind=kind,
            from_organization_id=case.organization_id,
            to_organization=to,
            consent=consent,
            facts=chosen,
            reason=reason,
            offered_at=now,
            offered_by=member.user,
        )


def _check_offer(
    case: Case, to: Organization, kind: str, chosen: list[str], consent: Consent | None
) -> None:
    if kind not in SharingKind or to.pk == case.organization_id:
        raise CannotShare("Choose another organization, and whether to refer or to transfer.")
    if consent is None:
        raise CannotShare(
            f"No consent to this is written down. Ask the person whether {to.name} may have it, "
            "and write it down under Consent."
        )
    if kind == SharingKind.REFERRAL and not chosen:
        raise CannotShare("Choose at least one fact that is referred.")
    if unknown := [name for name in chosen if name not in load_vocabulary()]:
        raise CannotShare(f"There is no fact {unknown[0]}.")
    if kind == SharingKind.TRANSFER and case.state in IN_REVIEW:
        raise CannotShare("A case in review cannot go over. Take it back from the review first.")
    if Sharing.objects.filter(case=case, answered_at=None, to_organization=to).exists():
        raise CannotShare(f"{to.name} has an offer of this case already, and has not answered.")


def take_back(actor: Actor, member: Membership, sharing: Sharing, now: datetime) -> None:
    """Takes an offer back that was not answered."""
    check_may(member, Deed.TRANSFER)
    _check_own(member, sharing.from_organization_id)
    with scope(organization=sharing.from_organization_id), transaction.atomic():
        open_ = Sharing.objects.filter(pk=sharing.pk, answered_at=None)
        if open_.update(answered_at=now, is_accepted=False):
            record(actor, "took offer back", case=sharing.case_id, at=now)


def decline(actor: Actor, member: Membership, sharing: Sharing, now: datetime) -> None:
    """Says no to what another organization offered; both logs say so."""
    check_may(member, Deed.TAKE_IN)
    _check_own(member, sharing.to_organization_id)
    with scopes_disabled(), transaction.atomic():
        open_ = Sharing.objects.filter(pk=sharing.pk, answered_at=None)
        if open_.update(answered_at=now, is_accepted=False):
            _record_on_both_sides(actor, sharing, "declined what was offered", now)


def accept(actor: Actor, member: Membership, sharing: Sharing, now: datetime) -> Case:
    """Takes over what another organization offered. Raises CannotShare; then nothing is changed.

    The consent must stand at this moment. Sent twice, it is taken over once.
    """
    check_may(member, Deed.TAKE_IN)
    _check_own(member, sharing.to_organization_id)
    with scopes_disabled(), transaction.atomic():
        sharing = _held(sharing)
        case = sharing.case
        if sharing.is_accepted and sharing.new_case:
            return Case.objects.get(pk=sharing.new_case)
        _check_open(sharing)
        if sharing.kind == SharingKind.REFERRAL:
            taken = _refer(actor, member, sharing, now)
        else:
            taken = _transfer(actor, sharing, now)
        Sharing.objects.filter(pk=sharing.pk).update(
            answered_at=now, is_accepted=True, new_case=taken.pk
        )
        details = {"new_case": str(taken.pk)} if taken.pk != case.pk else {}
        _record_on_both_sides(actor, sharing, f"accepted {sharing.kind}", now, **details)
    return taken


def _held(sharing: Sharing) -> Sharing:
    """The offer as it stands, its case's row held until done."""
    if connection.vendor == "postgresql":
        Case.objects.select_for_update().get(pk=sharing.case_id)
    found = Sharing.objects.select_related("case", "consent", "from_organization")
    return found.get(pk=sharing.pk)


def _check_own(member: Membership, organization: object) -> None:
    if member.organization_id != organization:
        raise CannotShare("This offer is not your organization's to answer.")


def _check_open(sharing: Sharing) -> None:
    case = sharing.case
    if sharing.answered_at is not None:
        raise CannotShare("This offer was taken back or declined.")
    if case.erased_at is not None or case.organization_id != sharing.from_organization_id:
        raise CannotShare("The case is not there any more.")
    if sharing.consent.withdrawn_at is not None:
        raise CannotShare("The person took their consent back, so nothing may be taken over.")
    if sharing.kind == SharingKind.TRANSFER and case.state in IN_REVIEW:
        raise CannotShare("The case is in review there, and cannot go over now.")


def chosen_facts(sharing: Sharing) -> dict[str, Value]:
    """What a referral hands over: the chosen facts as they count now; unknown ones are left out."""
    known = facts_of(sharing.case)
    return {name: known[name] for name in sharing.facts if known.get(name) is not None}


def _refer(actor: Actor, member: Membership, sharing: Sharing, now: datetime) -> Case:
    held = Person.objects.get(case=sharing.case)
    facts = {name: value for name, value in chosen_facts(sharing).items() if value is not None}
    return receive_case(
        actor,
        sharing.to_organization,
        person={name: getattr(held, name) for name in _PERSON},
        facts=facts,
        source=Source.RECORD,
        language=sharing.case.language,
        now=now,
        member=member,
        is_invented=sharing.case.is_invented,
    )


def _transfer(actor: Actor, sharing: Sharing, now: datetime) -> Case:
    """Moves the case: out of the old organization's indexes, its key wrapped last."""
    case, to = sharing.case, sharing.to_organization
    for found in (Duplicate, PossibleConflict):
        found.objects.filter(Q(case=case) | Q(other=case)).delete()
    Task.objects.filter(case=case).update(owner=None)
    Case.objects.filter(pk=case.pk).update(
        organization=to, assigned_to=None, acknowledged_at=None, edition=case.edition + 1
    )
    case.refresh_from_db()
    with scope(organization=to.pk):
        index_person(case)
        keep_duplicates(case, now)
        keep_possible_conflicts(case, now)
    # The keyring is another database: it changes last, when nothing else can fail any more.
    wrap_for(case.pk, to.pk)
    transaction.on_commit(partial(case.refresh_from_db))
    return case


def _record_on_both_sides(
    actor: Actor, sharing: Sharing, deed: str, now: datetime, **details: str
) -> None:
    sides = (sharing.from_organization_id, sharing.to_organization_id)
    for organization in sides:
        record(
            Actor(actor.name, organization),
            deed,
            case=sharing.case_id,
            details={"from": str(sides[0]), "to": str(sides[1]), **details},
            at=now,
        )


def offered_to(organization: Organization) -> QuerySet[Sharing]:
    """What waits for an organization's answer, the oldest first."""
    with scope(organization=organization.pk):
        waiting = Sharing.offered.filter(
            answered_at=None,
            case__erased_at=None,
            case__organization=F("from_organization"),
            consent__withdrawn_at=None,
        )
        return waiting.select_related("case__person", "from_organization", "consent").order_by(
            "offered_at", "pk"
        )


def offered_by(case: Case) -> list[Sharing]:
    """What was offered of a case by its organization, the newest first."""
    with scope(organization=case.organization_id):
        made = Sharing.objects.filter(case=case).select_related("to_organization", "offered_by")
        return list(made.order_by("-offered_at"))


def went_over(organization: Organization) -> QuerySet[Sharing]:
    """The cases that an organization handed over: codes and days, nothing of what they say."""
    with scope(organization=organization.pk):
        gone = Sharing.objects.filter(kind=SharingKind.TRANSFER, is_accepted=True)
        return gone.select_related("to_organization").order_by("-answered_at", "-pk")
