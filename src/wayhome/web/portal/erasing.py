"""Taking consent back: the consent ends, then everything of the case is erased."""

from __future__ import annotations

from datetime import datetime

from wayhome.web.audit.actors import applicant_of
from wayhome.web.cases.models import Case
from wayhome.web.portal.actions import withdraw_consent
from wayhome.web.protection.erasure import Why, erase_case


def erase(case: Case, now: datetime) -> None:
    """Ends the consent, and erases: without it nothing may be kept."""
    withdraw_consent(case, now)
    erase_case(applicant_of(case), None, case, now, why=Why.ASKED)
