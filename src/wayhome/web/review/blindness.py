"""Who may see a finding: the one place that keeps two reviewers blind to each other.

Every page, list, export and interface that shows a finding asks `findings_for(member)`, and
nothing else reads the table for a person. A finding is seen by

- whoever recorded it;
- those who sit in the same round, once the first and the second reviewer have both recorded
  (so the third reader sees both, and the two see each other's);
- those whose role may read findings, once the round is decided;

and by nobody who still owes a finding as first or second reviewer of the same case, in any round.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.review.models import Assignment, Finding, Round, Seat

_BLIND_SEATS = (Seat.FIRST, Seat.SECOND)


def findings_for(member: Membership | None) -> QuerySet[Finding]:
    """The findings that a member of staff may see, of every case of their organization."""
    if member is None or not member.is_active:
        return Finding.objects.none()
    with scope(organization=member.organization):
        found = Finding.objects.select_related("assignment__reviewer", "case")
        return found.filter(_seen_by(member)).order_by("assignment__round", "assignment__seat")


def may_see_finding(member: Membership | None, finding: Finding) -> bool:
    """Whether a member of staff may see one finding."""
    return findings_for(member).filter(pk=finding.pk).exists()


def _seen_by(member: Membership) -> Q:
    mine = Q(assignment__reviewer=member.user_id)
    same_round = {"case": OuterRef("case"), "round": OuterRef("assignment__round")}
    sits = Exists(Assignment.objects.filter(**same_round, reviewer=member.user_id))
    reads = Q(sits) & _both_have_recorded()
    if may(member, Deed.READ_FINDINGS):
        decided = Round.objects.filter(case=OuterRef("case"), number=OuterRef("assignment__round"))
        reads |= Q(Exists(decided.filter(recommends__isnull=False)))
    owes = Assignment.objects.filter(
        case=OuterRef("case"),
        reviewer=member.user_id,
        seat__in=_BLIND_SEATS,
        finding__isnull=True,
    )
    return mine | (reads & ~Exists(owes))


def _both_have_recorded() -> Q:
    recorded = Assignment.objects.filter(
        case=OuterRef("case"), round=OuterRef("assignment__round"), finding__isnull=False
    )
    return Q(*(Exists(recorded.filter(seat=seat)) for seat in _BLIND_SEATS))
