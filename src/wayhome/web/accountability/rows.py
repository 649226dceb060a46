"""The de-identified row of a decided case, written in the transaction that decides it."""

from __future__ import annotations

from datetime import date, datetime

from wayhome.law.vocabulary import Value
from wayhome.web.accountability.models import FindingRow
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case
from wayhome.web.protection.keys import index_key
from wayhome.web.protection.sealing import blind
from wayhome.web.review.decisions import Decision


def keep_row(case: Case, decision: Decision, *, is_by_panel: bool, now: datetime) -> FindingRow:
    """Writes the row of a case, in the place of the one of an earlier round."""
    facts = facts_of(case)
    row, _ = FindingRow.objects.update_or_create(
        organization_id=case.organization_id,
        key=blind(index_key(case.organization_id), "finding row", str(case.pk)),
        defaults={
            "decided_in": now.year,
            "year": _year(facts.get("order_date")),
            "court": decision.court,
            "agency": decision.agency,
            "nationality": _text(facts.get("country_of_citizenship")),
            "represented": _yes_or_no(facts.get("represented")),
            "recommends": decision.recommends,
            "is_by_panel": is_by_panel,
            "causes": ",".join(decision.causes),
            "is_invented": case.is_invented,
        },
    )
    return row


def _year(value: Value) -> str:
    return str(value.year) if isinstance(value, date) else ""


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _yes_or_no(value: Value) -> str:
    if not isinstance(value, bool):
        return ""
    return "yes" if value else "no"
