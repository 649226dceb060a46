"""Who may do what: one table of roles, and the conditions that a single case adds.

Every view and every action asks here first. `check_...` refuses; its twin `may_...` answers yes
or no, and is made from it by `yes_or_no`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from django.core.exceptions import PermissionDenied

from wayhome.web.accounts.models import Membership, Role

if TYPE_CHECKING:
    from wayhome.web.cases.models import Case

P = ParamSpec("P")


class Deed(StrEnum):
    """Something that a member of staff may or may not do."""

    SEE_WORKLIST = "see the worklist"
    SEE_CASE = "see a case"
    CHANGE_CASE = "change a case"
    TAKE_IN = "take in cases"
    ASSIGN = "assign cases and reviewers"
    REVIEW = "record a finding"
    READ_FINDINGS = "read both findings of a closed review"
    DRAFT = "draft papers"
    FILE = "file a request and record its answer"
    ERASE = "erase a case"
    TRANSFER = "refer or transfer a case"
    SEE_PATTERNS = "see de-identified patterns"
    PUBLISH = "publish de-identified patterns"
    SEE_LOG = "see the audit log"
    COUNT_HELD = "see what is held about a case"
    ADMINISTER = "administer people and settings"
    USE_API = "make tokens for the API"
    RUN_LETTERS = "run letters and their signatures"


_CASEWORK = {
    Deed.SEE_WORKLIST,
    Deed.SEE_CASE,
    Deed.CHANGE_CASE,
    Deed.TAKE_IN,
    Deed.DRAFT,
    Deed.READ_FINDINGS,
}
_LEADS = {
    Deed.ASSIGN,
    Deed.ERASE,
    Deed.TRANSFER,
    Deed.FILE,
    Deed.SEE_PATTERNS,
    Deed.PUBLISH,
    Deed.SEE_LOG,
    Deed.COUNT_HELD,
    Deed.USE_API,
    Deed.RUN_LETTERS,
}
MAY: dict[str, frozenset[Deed]] = {
    Role.CASEWORKER: frozenset(_CASEWORK),
    Role.ATTORNEY: frozenset(_CASEWORK | {Deed.FILE, Deed.TRANSFER}),
    Role.REVIEWER: frozenset({Deed.SEE_WORKLIST, Deed.SEE_CASE, Deed.REVIEW}),
    Role.LEAD: frozenset(_CASEWORK | _LEADS),
    Role.ORGANIZER: frozenset({Deed.RUN_LETTERS}),
    Role.ANALYST: frozenset({Deed.SEE_PATTERNS}),
    Role.AUDITOR: frozenset({Deed.SEE_LOG, Deed.COUNT_HELD}),
    Role.ADMINISTRATOR: frozenset({Deed.ADMINISTER}),
}


class NotSignedIn(PermissionDenied):
    """Nobody is signed in; the page sends them to the sign-in page (protection/faults.py)."""


def yes_or_no(check: Callable[P, None]) -> Callable[P, bool]:
    """The yes/no twin of a check that raises PermissionDenied."""

    @wraps(check)
    def answer(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except PermissionDenied:
            return False
        return True

    return answer


def check_may(member: Membership | None, deed: Deed) -> None:
    """Raises PermissionDenied, which names the deed and nothing of a case."""
    if member is None:
        raise NotSignedIn("Sign in first.")
    if not member.is_active or deed not in MAY[member.role]:
        raise PermissionDenied(f"Your role may not {deed}.")


def check_may_see_case(member: Membership | None, case: Case) -> None:
    """Whether somebody may see what a case says.

    Their role must allow it, the case must be of their organization and not erased, and a
    reviewer may have no conflict with it: whoever prepared it, was counsel or adjudicator in it,
    or declared a conflict does not read it as a reviewer.
    """
    check_may(member, Deed.SEE_CASE)
    assert member is not None
    if case.organization_id != member.organization_id:
        raise PermissionDenied("This case is of another organization.")
    if case.erased_at is not None:
        raise PermissionDenied("This case was erased.")
    if member.role == Role.REVIEWER and _has_conflict(member, case):
        raise PermissionDenied("You have a conflict with this case.")


def _has_conflict(member: Membership, case: Any) -> bool:
    # Read whole (there are few), so that a page may fetch them once for every member.
    return any(conflict.user_id == member.user_id for conflict in case.conflicts.all())


may = yes_or_no(check_may)
may_see_case = yes_or_no(check_may_see_case)


def check_may_count_held(member: Membership | None, case: Case) -> None:
    """Whether somebody may see how much is held about a case, and who read it; not what."""
    check_may(member, Deed.COUNT_HELD)
    if member is None or case.organization_id != member.organization_id:
        raise PermissionDenied("This case is of another organization.")


may_count_held = yes_or_no(check_may_count_held)
