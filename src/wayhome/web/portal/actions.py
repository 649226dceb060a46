"""What an applicant, their family or their helper does: one verb a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import OuterRef, QuerySet
from django_scopes import scope, scopes_disabled

from wayhome.law.vocabulary import Fact
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import (
    Stale,
    change_person,
    changing,
    people_changed,
    receive_case,
    state_fact,
)
from wayhome.web.cases.facts import NoAnswer, statements_of, value_in
from wayhome.web.cases.models import Case, Consent, Contact, Message, Person, Source, Statement
from wayhome.web.portal.answers import Read
from wayhome.web.portal.models import Doorway
from wayhome.web.portal.wording import consent_version

LONGEST_MESSAGE = 4000
# The same message sent again within this time was sent once.
SAME_MESSAGE = timedelta(minutes=10)
SELF = "self"


@dataclass(frozen=True)
class WhoTypes:
    """Who types for whom. For somebody else: who they are to them, how those agreed, their name."""

    who: str = SELF
    relation: str = ""
    agreed: str = ""
    name: str = ""

    @property
    def is_by_proxy(self) -> bool:
        return self.who != SELF

    @property
    def source(self) -> Source:
        return Source.FAMILY if self.is_by_proxy else Source.APPLICANT

    @property
    def proxy(self) -> dict[str, str] | str:
        """What is kept of somebody who types for another; a name is given or not."""
        if not self.is_by_proxy:
            return ""
        said = {"who": self.who, "relation": self.relation}
        return said | ({"name": self.name} if self.name else {})


def begin(
    actor: Actor,
    organization: Organization,
    who: WhoTypes,
    begun_with: UUID,
    language: str,
    agreed_at: datetime,
    now: datetime,
    *,
    member: Membership | None = None,
) -> Doorway:
    """Opens a case with its consent, and nothing else in it. The same form twice opens one case."""
    try:
        with transaction.atomic():
            case = receive_case(
                actor,
                organization,
                person={},
                facts={},
                source=who.source,
                language=language,
                now=now,
                member=member,
            )
            _keep_consent(actor, case, who, language, agreed_at, now, member)
            with scope(organization=organization.pk):
                return Doorway.objects.create(case=case, begun_with=begun_with)
    except IntegrityError:
        with scopes_disabled():
            begun = Doorway.objects.select_related("case__organization")
            return begun.get(begun_with=begun_with, case__organization=organization)


def _keep_consent(
    actor: Actor,
    case: Case,
    who: WhoTypes,
    language: str,
    agreed_at: datetime,
    now: datetime,
    member: Membership | None,
) -> None:
    version = consent_version(language)
    with scope(organization=case.organization_id):
        Consent.objects.create(
            case=case,
            text_version=version,
            language=language,
            given_at=agreed_at,
            is_by_proxy=who.is_by_proxy,
            proxy=who.proxy,
            how={
                "agreed": who.agreed,
                "on": "phone" if member else "page",
                "months_kept": case.organization.months_kept,
            },
        )
        if who.name:
            people_changed(case, now)
        record(actor, "gave consent", case=case.pk, details={"version": version}, at=now)


def source_of(case: Case) -> Source:
    """Whose word an answer is: the applicant's, or that of whoever types for them.

    The first consent of a case says who types; later ones may be about sharing it.
    """
    with scope(organization=case.organization_id):
        is_by_proxy = first_consents(case).values_list("is_by_proxy", flat=True).first()
    return source_by_proxy(is_by_proxy)


def first_consents(case: Case | OuterRef) -> QuerySet[Consent]:
    """The consents of a case, the first of them first."""
    return Consent.objects.filter(case=case).order_by("pk")


def source_by_proxy(is_by_proxy: bool | None) -> Source:
    return Source.FAMILY if is_by_proxy else Source.APPLICANT


def answer(
    actor: Actor,
    case: Case,
    fact: Fact,
    read: Read,
    source: Source,
    said: Sequence[Statement],
    now: datetime,
    *,
    member: Membership | None = None,
) -> Statement | None:
    """Keeps an answer at once. The same answer again, or sent twice, keeps nothing more.

    `said` are the statements of the case, read after its edition was. Where something was said
    since, they are read once more, with everybody else held off.
    """
    keep = partial(_keep_answer, actor, case, fact, read, source, now=now, member=member)
    try:
        return keep(said)
    except Stale:
        with scope(organization=case.organization_id), transaction.atomic():
            _hold(case)
            case.refresh_from_db(fields=["edition"])
            return keep(statements_of(case))


def _keep_answer(
    actor: Actor,
    case: Case,
    fact: Fact,
    read: Read,
    source: Source,
    said: Sequence[Statement],
    *,
    now: datetime,
    member: Membership | None,
) -> Statement | None:
    before = next((s for s in said if s.fact == fact.name and s.source == source), None)
    if before is not None and _says(before, read):
        return None
    return state_fact(
        actor,
        case,
        fact.name,
        read.answer,
        source,
        now.date(),
        now,
        edition=case.edition,
        member=member,
        note=read.note,
        said=said,
    )


def _says(said: Statement, read: Read) -> bool:
    match read.answer:
        case NoAnswer.UNKNOWN:
            return said.is_unknown and (said.note or "") == read.note
        case NoAnswer.DECLINED:
            return said.is_declined
        case value:
            return value_in(said) == value and (said.note or "") == read.note


def _hold(case: Case) -> None:
    """Holds off whoever else changes the case. SQLite holds off all writers by itself."""
    if connection.vendor == "postgresql":
        Case.objects.select_for_update().values_list("pk").get(pk=case.pk)


def name_person(
    actor: Actor,
    case: Case,
    person: Mapping[str, str],
    now: datetime,
    *,
    member: Membership | None = None,
) -> None:
    """Writes who needs help. What did not change is left alone."""
    with scope(organization=case.organization_id):
        held = Person.objects.get(case=case)
        changed = {k: v for k, v in person.items() if (getattr(held, k) or "") != v}
        if changed:
            change_person(actor, case, changed, now, member=member)


def keep_contact(
    actor: Actor,
    case: Case,
    reach: Mapping[str, Any],
    now: datetime,
    *,
    member: Membership | None = None,
) -> Contact:
    """Keeps how to reach whoever types: one contact, written over, with the name they gave."""
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
    with changing(case):
        record(actor, "kept contact", case=case.pk, at=now)
        contact, is_new = Contact.objects.get_or_create(case=case, is_first=True)
        named = _who_types(case) if is_new else {}
        for name, value in {**named, **reach}.items():
            setattr(contact, name, value)
        contact.save()
    return contact


def _who_types(case: Case) -> dict[str, str]:
    """Name and relation of whoever types for another, as far as they gave them."""
    first = Consent.objects.filter(case=case).order_by("pk").first()
    proxy = first.proxy if first and first.is_by_proxy else None
    if not isinstance(proxy, dict) or not proxy.get("name"):
        return {}
    return {"name": proxy["name"], "relation": str(proxy.get("relation") or "")}


def contact_of(case: Case) -> Contact | None:
    with scope(organization=case.organization_id):
        return Contact.objects.filter(case=case, is_first=True).order_by("pk").first()


def write_message(case: Case, text: str, now: datetime) -> Message | None:
    """A message from the applicant; the same one sent twice is one."""
    with scope(organization=case.organization_id), transaction.atomic():
        _hold(case)
        recent = Message.objects.filter(
            case=case, is_from_applicant=True, sent_at__gte=now - SAME_MESSAGE
        )
        if any(message.text == text for message in recent):
            return None
        record(applicant_of(case), "wrote message", case=case.pk, at=now)
        return Message.objects.create(case=case, text=text, is_from_applicant=True, sent_at=now)


def read_messages(case: Case, now: datetime) -> list[Message]:
    """Every message, oldest first; those of the team are read from now on."""
    with scope(organization=case.organization_id), transaction.atomic():
        unread = Message.objects.filter(case=case, is_from_applicant=False, read_at=None)
        if unread.update(read_at=now):
            record(applicant_of(case), "read messages", case=case.pk, at=now)
        return list(Message.objects.filter(case=case).order_by("sent_at", "pk"))


def withdraw_consent(case: Case, now: datetime) -> None:
    """Takes the consent back. What was kept stays until it is erased."""
    with changing(case):
        record(applicant_of(case), "withdrew consent", case=case.pk, at=now)
        Consent.objects.filter(case=case, withdrawn_at=None).update(withdrawn_at=now)


def words_are_kept(door: Doorway, now: datetime) -> None:
    """The applicant wrote the words down: they are not shown again."""
    with scope(organization=door.case.organization_id):
        Doorway.objects.filter(pk=door.pk, words_kept_at=None).update(words_kept_at=now)
