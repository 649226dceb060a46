"""Settling which statement counts where sources disagree: by whom, when and why.

It holds until a newer statement of the fact arrives, which opens the matter again (facts.py).
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import LAWYERS, changing, note_prepared
from wayhome.web.cases.facts import Disagreement, differences_in, statements_of
from wayhome.web.cases.models import Case, Source, Statement
from wayhome.web.cases.screening import refresh_worklist_fields


class NothingToSettle(Exception):
    """The statement is not one of those that disagree now: it was taken back, or is not the last
    word of its source, or all say the same."""


def settle(
    actor: Actor,
    member: Membership,
    case: Case,
    statement: Statement,
    reason: str,
    now: datetime,
    *,
    edition: int | None = None,
) -> None:
    """Writes down that of the statements of a fact this one counts, and why (sealed).

    Whoever is no lawyer cannot overrule one: neither the lawyer's word nor what a lawyer settled.
    Raises PermissionDenied, NothingToSettle, Stale or Erased; then nothing is kept.
    """
    check_may(member, Deed.CHANGE_CASE)
    with changing(case, edition):
        found = difference_of(case, statement.fact)
        chosen = next((s for s in candidates(found) if s.pk == statement.pk), None)
        if found is None or chosen is None:
            raise NothingToSettle("Nobody disagrees with this statement now.")
        if not may_settle_for(member, found, chosen):
            raise PermissionDenied("Only an attorney or a lead may settle against a lawyer's word.")
        chosen.settled_why = _with_the_reasons_before(chosen, reason)
        chosen.settled_at, chosen.settled_by = now, member.user
        chosen.settled_by_lawyer = member.role in LAWYERS
        chosen.save(update_fields=["settled_at", "settled_by", "settled_by_lawyer", "settled_why"])
        refresh_worklist_fields(case, now.date())
        note_prepared(case, member, now)
        details = {"statement": chosen.pk, "source": chosen.source}
        record(actor, "settled fact", case=case.pk, details=details, at=now)


def difference_of(case: Case, fact: str) -> Disagreement | None:
    """What sources say differently of a fact, settled or not."""
    return next((d for d in differences_in(statements_of(case)) if d.fact.name == fact), None)


def candidates(found: Disagreement | None) -> tuple[Statement, ...]:
    """The statements of which one can be chosen."""
    return (found.counts, *found.others) if found else ()


def may_settle_for(member: Membership, found: Disagreement, chosen: Statement) -> bool:
    """Whether somebody may settle for a statement: only lawyers, where a lawyer said otherwise."""
    if member.role in LAWYERS:
        return True
    if found.is_settled and found.counts.settled_by_lawyer:
        return False
    said_otherwise = (s for s in candidates(found) if s.pk != chosen.pk)
    return not any(s.source == Source.LAWYER for s in said_otherwise)


def _with_the_reasons_before(statement: Statement, reason: str) -> str:
    """A reason, and below it those for which the same statement was settled before."""
    if statement.settled_at is None:
        return reason
    by = statement.settled_by or "somebody"
    return f"{reason}\n\n{by}, {statement.settled_at:%Y-%m-%d}: {statement.settled_why}"
