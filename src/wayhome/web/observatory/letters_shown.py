"""What the letters say of the built-in demands: their date, what was added beside the status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q
from django_scopes import scopes_disabled

from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.models import Demand, DemandNote, Evidence

_OPEN_TO_ALL = ~Q(letter__stage=Stage.DRAFT)


@dataclass(frozen=True)
class LetterOf:
    """The letter of a demand: its date (None: not entered), where that is known from, and what the
    coalition and the demand are called in addresses."""

    coalition: str
    slug: str
    title: str
    dated: date | None
    dated_from: str
    demand: str


def letters_of_demands() -> Mapping[str, LetterOf]:
    """By id of a built-in demand, the letter that was opened first with it."""
    with scopes_disabled():
        rows = (
            Demand.objects.exclude(known_as="")
            .filter(_OPEN_TO_ALL)
            .order_by("letter__opened_at", "letter__made_at")
            .values_list(
                "known_as",
                "letter__organization__slug",
                "letter__slug",
                "letter__title",
                "letter__dated",
                "letter__dated_from",
                "slug",
            )
        )
        found: dict[str, LetterOf] = {}
        for known_as, *letter in rows:
            found.setdefault(known_as, LetterOf(*letter))
        return found


def letters_state() -> object:
    """Another value when a date, a piece of evidence or a note has changed (`pages.page`)."""
    with scopes_disabled():
        dates = tuple(
            Demand.objects.exclude(known_as="")
            .filter(_OPEN_TO_ALL)
            .order_by("pk")
            .values_list("pk", "known_as", "letter__slug", "letter__title", "letter__dated")
        )
        evidence = Evidence.objects.filter(removed_at=None).aggregate(Max("pk"), Count("pk"))
        notes = DemandNote.objects.aggregate(Max("pk"), Count("pk"))
    return dates, tuple(evidence.values()), tuple(notes.values())


@dataclass(frozen=True)
class Beside:
    """What people put beside the status of a demand, newest first."""

    evidence: list[Evidence]
    notes: list[DemandNote]


def beside(demand: str) -> Beside:
    """The evidence and the notes of a built-in demand, of letters that are open to all."""
    wanted = {"demand__known_as": demand}
    drafts = {"demand__letter__stage": Stage.DRAFT}
    with scopes_disabled():
        evidence = Evidence.objects.filter(removed_at=None, **wanted).exclude(**drafts)
        evidence = evidence.select_related("demand__letter__organization")
        notes = DemandNote.objects.filter(**wanted).exclude(**drafts)
        return Beside(list(evidence.order_by("-on", "-pk")), list(notes.order_by("-on", "-pk")))
