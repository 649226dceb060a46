"""What the two letters say of their demands: their date, what was added beside the status.

Another letter may ask for the same and be measured alike; its date and its evidence are its own. A
letter is one of the two by its short name (`sources/letters/letters.csv`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q
from django_scopes import scopes_disabled

from wayhome.public_record.demands.built_in import built_in_demands
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
    """By id of a built-in demand its letter; of several the one that was opened first."""
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
        for known_as, *told in rows:
            letter = LetterOf(*told)
            if letter.slug == built_in_demands()[known_as].letter:
                found.setdefault(known_as, letter)
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
        notes = DemandNote.objects.filter(removed_at=None).aggregate(Max("pk"), Count("pk"))
    return dates, tuple(evidence.values()), tuple(notes.values())


@dataclass(frozen=True)
class Beside:
    """What people put beside the status of a demand, newest first."""

    evidence: list[Evidence]
    notes: list[DemandNote]


def beside(letter: LetterOf | None) -> Beside:
    """The evidence and the notes of a demand of a letter; none where there is no letter."""
    if letter is None:
        return Beside([], [])
    wanted = {
        "demand__slug": letter.demand,
        "demand__letter__slug": letter.slug,
        "demand__letter__organization__slug": letter.coalition,
    }
    with scopes_disabled():
        evidence = Evidence.objects.filter(removed_at=None, **wanted)
        evidence = evidence.select_related("demand__letter__organization")
        notes = DemandNote.objects.filter(removed_at=None, **wanted)
        return Beside(list(evidence.order_by("-on", "-pk")), list(notes.order_by("-on", "-pk")))
