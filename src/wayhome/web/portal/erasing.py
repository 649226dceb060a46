"""Taking consent back: the consent ends, then everything of the case is erased."""

from __future__ import annotations

from datetime import datetime

from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.models import Case
from wayhome.web.portal.actions import withdraw_consent
from wayhome.web.protection.keys import destroy_case_key


def erase(case: Case, now: datetime) -> None:
    """Destroys the case's key. Without the consent nothing of it may be kept."""
    withdraw_consent(case, now)
    record(applicant_of(case), "erased case", case=case.pk, at=now)
    Case.objects.filter(pk=case.pk).update(erased_at=now)
    destroy_case_key(case.pk)
