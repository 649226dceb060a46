"""What is held about a case, who could read it, and who has: for a demand by law, or its subject.

Counts and kinds only; nothing that the case says. What the page itself tells is noted in the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, Sum, prefetch_related_objects

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import may_see_case
from wayhome.web.audit.models import Event
from wayhome.web.audit.queries import names_of
from wayhome.web.audit.touching import TOUCHED_EVERY_CASE, about
from wayhome.web.cases.models import Document
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
class Held:
    """Everything that the page says."""

    kinds: list[tuple[str, int]]
    file_count: int
    bytes_sealed: int
    has_key: bool
    could_read: list[Membership]
    have: list[Reading]


def held_about(case: Case) -> Held:
    """What is held about a case, in counts."""
    size = Document.objects.filter(case=case).aggregate(size=Sum("size"))["size"]
    everybody = _members_of(case)
    return Held(
        kinds=[(_WORDS.get(kind, kind), number) for kind, number in held_of(case.pk).items()],
        file_count=len(files.documents_on_disk(case.pk)),
        bytes_sealed=size or 0,
        has_key=CaseKey.objects.filter(pk=case.pk).exclude(wrapped=b"").exists(),
        could_read=[member for member in everybody if may_see_case(member, case)],
        have=_who_has(case, [member.user for member in everybody]),
    )


def _members_of(case: Case) -> list[Membership]:
    """Who works or worked in the organization. Whether the case is open to each is not asked
    for one by one.
    """
    prefetch_related_objects([case], "conflicts")
    members = Membership.objects.filter(organization=case.organization_id)
    return list(members.select_related("user").order_by("user__name"))


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
