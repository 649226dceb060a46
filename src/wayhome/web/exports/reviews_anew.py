"""A review that was under way begins anew where its case is taken in.

An export holds no finding of a round that is not decided: readers of the case are blind to it. So
the round is given up here, its seats are taken away, and the case is ready for two reviewers.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from wayhome.web.audit.chain import Actor
from wayhome.web.audit.many import Deed, record_many
from wayhome.web.cases.models import Case, State
from wayhome.web.review.models import Assignment, Round, StateChange

_UNDER_WAY = (State.FIRST_REVIEW, State.SECOND_REVIEW, State.PANEL)


def begin_reviews_anew(actor: Actor, now: datetime) -> int:
    """Gives up undecided rounds within the scope; says how many cases are to be read anew."""
    undecided = Round.objects.filter(
        case=OuterRef("case"), number=OuterRef("round"), recommends=None
    )
    Assignment.objects.filter(Exists(undecided), finding=None).delete()
    Round.objects.filter(closed_at=None).update(closed_at=now)
    cases = list(Case.objects.filter(state__in=_UNDER_WAY, erased_at=None))
    numbers = record_many(
        Deed(
            actor,
            "began the review anew",
            now,
            case=case.pk,
            details={"from": case.state, "to": str(State.READY)},
        )
        for case in cases
    )
    StateChange.objects.bulk_create(
        StateChange(
            case=case, from_state=case.state, to_state=State.READY, at=now, audit_number=number
        )
        for case, number in zip(cases, numbers, strict=True)
    )
    found = [case.pk for case in cases]
    for start in range(0, len(found), 500):
        few = found[start : start + 500]
        Case.objects.filter(pk__in=few).update(state=State.READY, state_since=now)
    return len(found)
