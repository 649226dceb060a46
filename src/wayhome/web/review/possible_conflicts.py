"""Settling what may be a conflict of interest: it is one, or it is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import DECLARED
from wayhome.web.cases.case_views import changes_case
from wayhome.web.cases.models import Case, PossibleConflict
from wayhome.web.review.actions import note_conflict
from wayhome.web.review.states import locked
from wayhome.web.review.views import says_why_not


def settle_possible_conflict(
    actor: Actor, member: Membership, possible: PossibleConflict, is_so: bool, now: datetime
) -> None:
    """Writes down whether it is a conflict; settled once, it stays so.

    That of a member of staff is then one of REASONS: they review the case no more. Raises
    AlreadyRecorded, and keeps nothing, where they have recorded a finding of it.
    """
    check_may(member, Deed.CHANGE_CASE)
    if possible.user_id == member.user_id and not is_so:
        raise PermissionDenied("Somebody else has to say that you have no conflict of interest.")
    with locked(possible.case):
        open_ = PossibleConflict.objects.filter(pk=possible.pk, is_so=None)
        if not open_.update(is_so=is_so):
            return
        about = {"user": possible.user_id, "other": possible.other_id}
        details = {name: str(pk) for name, pk in about.items() if pk} | {"is_so": is_so}
        if is_so and possible.user is not None:
            note_conflict(actor, possible.case, possible.user, DECLARED, now)
        record(actor, "settled possible conflict", case=possible.case_id, details=details, at=now)


@says_why_not
@changes_case
def settle(request: Any, case: Case, possible_id: int) -> HttpResponse:
    of_case = PossibleConflict.objects.filter(Q(case=case) | Q(other=case))
    possible = get_object_or_404(of_case.select_related("case", "user"), pk=possible_id)
    is_so = request.POST.get("is_so") == "yes"
    settle_possible_conflict(actor_of(request), request.member, possible, is_so, timezone.now())
    return redirect("case", case.pk)
