"""An invented caseload, for demonstrations and measurements. Nobody in it exists, and it says so.

Every name ends in "Invented17"; every case has `is_invented` set, and every page shows a banner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from django.db import transaction
from django_scopes import scope

from wayhome.web.accounts.models import Organization
from wayhome.web.audit.many import Deed, record_many
from wayhome.web.cases.invented.people import invented_person
from wayhome.web.cases.invented.reviewing import agreement_cells, keep_agreements
from wayhome.web.cases.invented.rows import Office, invented_case
from wayhome.web.cases.invented.staff import PASSWORD, invented_staff
from wayhome.web.cases.invented.stories import invented_story
from wayhome.web.cases.invented.writing import write
from wayhome.web.protection.keys import forget_opened_keys, index_key
from wayhome.web.protection.keys_in_bulk import new_case_keys
from wayhome.web.review.models import StateChange

__all__ = ["PASSWORD", "invented_caseload", "invented_staff"]

# Stories are drawn and screened once; past this many cases, some share one (never a person).
MOST_STORIES = 2_000
_AT_ONCE = 1_000
_Made = tuple[list[Any], list[tuple[Deed, StateChange | None]]]


def invented_caseload(
    organization: Organization, cases: int, seed: int, now: datetime, *, first: int = 1
) -> Iterator[int]:
    """Makes invented cases, and yields how many so far; the same seed makes the same stories.

    Whoever works for the organization already is given work. `first` numbers the names.
    """
    draw = Random(seed)
    staff = tuple(organization.memberships.filter(is_active=True).select_related("user"))
    office = Office(organization, staff, index_key(organization.pk))
    stories = [invented_story(draw, now.date()) for _ in range(min(cases, MOST_STORIES))]
    done, agreements = 0, Counter[tuple[str, str]]()
    for numbers in _chunks(first, cases):
        made = [
            invented_case(
                draw,
                office,
                stories[number % len(stories)],
                invented_person(draw, number, now.date()),
                now,
            )
            for number in numbers
        ]
        _keep(organization, made)
        agreements.update(agreement_cells(row for rows, _ in made for row in rows))
        done += len(made)
        yield done
    keep_agreements(organization, agreements)


def _chunks(first: int, cases: int) -> Iterator[range]:
    for start in range(first, first + cases, _AT_ONCE):
        yield range(start, min(start + _AT_ONCE, first + cases))


def _keep(organization: Organization, made: list[_Made]) -> None:
    ids = [rows[0].pk for rows, _ in made]
    deeds = sorted((pair for _, own in made for pair in own), key=lambda pair: pair[0].at)
    new_case_keys(ids, organization.pk)
    with scope(organization=organization), transaction.atomic():
        numbers = record_many(deed for deed, _ in deeds)
        for (_, change), number in zip(deeds, numbers, strict=True):
            if change is not None:
                change.audit_number = number
        write(row for rows, _ in made for row in rows)
    forget_opened_keys()
