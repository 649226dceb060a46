"""Editions: what analysts and everybody read. No case is in two of them.

A report that is counted anew over all cases tells, by its difference to the one before, of the few
cases that came between. So nothing is cumulated: an edition counts the cases that no edition before
it has counted, with small numbers left out as if no other existed, and is never counted again. Two
editions share no row, so that a number of one says nothing of a row of the other: what can be
worked out from all editions together is what can be worked out from each by itself, which
suppression.py sees to. A case that is decided again stays where it was counted, as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django_scopes import scope

from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accountability.patterns import Report, report_for
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.accounts.permissions import Deed, check_may


@dataclass(frozen=True)
class Edition:
    """A publication and its number: the first of an organization is 1."""

    number: int
    publication: Publication

    @property
    def report(self) -> Report:
        return Report.from_json(self.publication.report)

    @property
    def is_shown_to_everybody(self) -> bool:
        return self.publication.withdrawn_at is None


def next_edition(organization: UUID) -> Report:
    """What the next edition would say if it were made now; for whoever may make it."""
    return report_for(FindingRow.objects.filter(organization=organization, edition=None))


def editions_for(member: Membership | None) -> list[Edition]:
    """All editions of an organization, the newest first, for whoever may see patterns."""
    check_may(member, Deed.SEE_PATTERNS)
    assert member is not None
    return _editions(member.organization)


def editions_for_everybody(slug: str) -> list[Edition]:
    """What an organization shows to everybody now, by its short name, the newest first."""
    organization = Organization.objects.filter(slug=slug).first()
    every = _editions(organization) if organization else []
    return [edition for edition in every if edition.is_shown_to_everybody]


def chosen(editions: list[Edition], number: str) -> Edition | None:
    """The edition of that number; the newest where none is named; None where there is none."""
    if not number:
        return editions[0] if editions else None
    return next((one for one in editions if str(one.number) == number), None)


def _editions(organization: Organization) -> list[Edition]:
    with scope(organization=organization):
        kept = Publication.objects.select_related("organization").order_by("pk")
        made = [Edition(number, publication) for number, publication in enumerate(kept, start=1)]
    return made[::-1]
