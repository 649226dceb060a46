"""Who may do what: one table of roles, and the conditions that a single case adds.

Every view and every action asks here first. `may(...)` answers, `check_may(...)` refuses.
"""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

from wayhome.web.accounts.models import Membership, Role


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
    ERASE = "erase a case"
    TRANSFER = "refer or transfer a case"
    SEE_PATTERNS = "see de-identified patterns"
    SEE_LOG = "see the audit log"
    ADMINISTER = "administer people and settings"
    USE_API = "make tokens for the API"


_CASEWORK = {
    Deed.SEE_WORKLIST,
    Deed.SEE_CASE,
    Deed.CHANGE_CASE,
    Deed.TAKE_IN,
    Deed.DRAFT,
    Deed.READ_FINDINGS,
}
MAY: dict[str, frozenset[Deed]] = {
    Role.CASEWORKER: frozenset(_CASEWORK),
    Role.ATTORNEY: frozenset(_CASEWORK | {Deed.TRANSFER}),
    Role.REVIEWER: frozenset({Deed.SEE_WORKLIST, Deed.SEE_CASE, Deed.REVIEW}),
    Role.LEAD: frozenset(
        _CASEWORK
        | {Deed.ASSIGN, Deed.ERASE, Deed.TRANSFER, Deed.SEE_PATTERNS, Deed.SEE_LOG, Deed.USE_API}
    ),
    Role.ANALYST: frozenset({Deed.SEE_PATTERNS}),
    Role.AUDITOR: frozenset({Deed.SEE_LOG}),
    Role.ADMINISTRATOR: frozenset({Deed.ADMINISTER}),
}


def may(member: Membership | None, deed: Deed) -> bool:
    """Whether somebody may do something at all in their organization."""
    return member is not None and member.is_active and deed in MAY[member.role]


def check_may(member: Membership | None, deed: Deed) -> None:
    """Raises PermissionDenied, which names the deed and nothing of a case."""
    if not may(member, deed):
        raise PermissionDenied(f"Your role may not {deed}.")
