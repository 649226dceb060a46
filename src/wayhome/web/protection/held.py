"""What is held about a case, who could read it, and who has: for a demand by law, or its subject.

Counts and kinds only; nothing that the case says. What the page itself tells is noted in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Count,
    F,
    FilteredRelation,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    prefetch_related_objects,
)

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, may, may_see_case
from wayhome.web.api.tokens import MEANING, NEEDS, Scope
from wayhome.web.audit.models import Event
from wayhome.web.audit.queries import names_of
from wayhome.web.audit.touching import TOUCHED_EVERY_CASE, about
from wayhome.web.casework.models import Sharing
from wayhome.web.protection import files
from wayhome.web.protection.erasure import held_of
from wayhome.web.protection.models import CaseKey

if TYPE_CHECKING:
    from wayhome.web.cases.models import Case

_WORDS = {
    "person": "names, birth date, numbers of the person",
    "statement": "facts that somebody stated",
    "contact": "ways to reach somebody",
    "consent": "consents",
    "task": "tasks",
    "note": "notes",
    "message": "messages",
    "document": "documents",
    "conflict": "conflicts of interest",
    "searchword": "keyed hashes for searching",
    "finding": "findings of reviewers",
    "findingdraft": "drafts of findings",
    "assignment": "reviewers assigned",
    "statechange": "steps from state to state",
    "filing": "offices and courts that it was filed with",
    "step": "steps of the journey",
    "doorway": "passphrases (hashed)",
    "callback": "call-backs",
    "duplicate": "cases that may be of the same person",
    "possibleconflict": "people who may be known from elsewhere",
    "intakerow": "rows of the spreadsheet that it came from",
    "householdmember": "members of the household",
    "keptdraft": "drafts of papers",
    "paperwords": "words written for papers",
    "round": "rounds of review",
    "sharing": "offers to another organization",
}
# A token that only takes cases in, or states facts, reads nothing.
_READING = frozenset(Scope) - {Scope.TAKE_IN, Scope.STATE_FACTS}


@dataclass(frozen=True)
class Reading:
    """What one actor did with a case, how often, from when to when."""

    who: str
    deed: str
    times: int
    first: datetime
    last: datetime

    @property
    def touched_every_case(self) -> bool:
        return self.deed in TOUCHED_EVERY_CASE


@dataclass(frozen=True)
class Program:
    """A token of the API with which a program could read a case now, and what of it."""

    number: int
    name: str
    made_by: User
    until: datetime
    last_used: datetime | None
    reads: list[str]


@dataclass(frozen=True)
class Held:
    """Everything that the page says."""

    kinds: list[tuple[str, int]]
    file_count: int
    bytes_sealed: int
    has_key: bool
    could_read: list[Membership]
    programs: list[Program]
    offered: list[Sharing]
    have: list[Reading]


def held_about(case: Case, now: datetime) -> Held:
    """What is held about a case, in counts, and who could read it now. Asks for the size of its
    documents as `bytes_sealed` of the case (`with_size`).
    """
    with_tokens = _members_of(case, now)
    everybody = list({member.pk: member for member in with_tokens}.values())
    return Held(
        kinds=[(_WORDS.get(kind, kind), number) for kind, number in held_of(case.pk).items()],
        file_count=len(files.documents_on_disk(case.pk)),
        bytes_sealed=getattr(case, "bytes_sealed", None) or 0,
        has_key=CaseKey.objects.filter(pk=case.pk).exclude(wrapped=b"").exists(),
        could_read=[member for member in everybody if may_see_case(member, case)],
        programs=list(_programs(case, with_tokens)),
        offered=list(_offers_of(case)),
        have=_who_has(case, [member.user for member in everybody]),
    )


def with_size(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with the bytes of their documents, in the same query."""
    return cases.annotate(bytes_sealed=Sum("documents__size"))


def _members_of(case: Case, now: datetime) -> list[Any]:
    """Who works or worked in the organization, once for each token of theirs that works, at least
    once. Whether the case is open to each is not asked for one by one.
    """
    prefetch_related_objects([case], "conflicts")
    working = Q(token__revoked_at=None, token__expires_at__gt=now)
    members = Membership.objects.filter(organization=case.organization_id).annotate(
        working=FilteredRelation("token", condition=working),
        token_number=F("working__pk"),
        token_name=F("working__name"),
        token_scopes=F("working__scopes"),
        token_until=F("working__expires_at"),
        token_used=F("working__last_used_at"),
    )
    return list(members.select_related("user").order_by("user__name", "token_name", "token_number"))


def _programs(case: Case, with_tokens: list[Any]) -> Iterator[Program]:
    """What tokens read of the case: no more than whoever made them may read of it today."""
    for maker in with_tokens:
        if maker.token_number is None or not maker.user.is_active:
            continue
        if may(maker, Deed.USE_API) and may_see_case(maker, case):
            scopes = [one for one in Scope if one in maker.token_scopes and one in _READING]
            if reads := [MEANING[one] for one in scopes if may(maker, NEEDS[one])]:
                said = (maker.token_number, maker.token_name, maker.user)
                yield Program(*said, maker.token_until, maker.token_used, reads)


def _offers_of(case: Case) -> Iterable[Sharing]:
    """Offers that wait for an answer: the other organization sees whose case it is, while the
    consent to it stands.
    """
    if case.erased_at is not None:
        return ()
    waiting = Sharing.objects.filter(case=case, answered_at=None, consent__withdrawn_at=None)
    return waiting.select_related("to_organization").order_by("offered_at", "pk")


def _who_has(case: Case, known: Iterable[User]) -> list[Reading]:
    rows: Any = (
        Event.objects.filter(about(case.pk, case.organization_id, case))
        .order_by()
        .values("actor", "deed")
        .annotate(times=Count("number"), first=Min("at"), last=Max("at"))
    )
    names = names_of((row["actor"] for row in rows), known)
    told = [
        Reading(names[row["actor"]], row["deed"], row["times"], row["first"], row["last"])
        for row in rows
    ]
    return sorted(told, key=lambda reading: (reading.who, reading.first))
