"""The papers of a case, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from wayhome.engine.graph import NoLawInForce
from wayhome.papers.edition import edition_of
from wayhome.web.accounts.permissions import Deed
from wayhome.web.cases.case_panels import Panel
from wayhome.web.cases.models import Case
from wayhome.web.cases.screening import screened
from wayhome.web.papers.forms import ExhibitsForm, WordsForm
from wayhome.web.papers.queries import documents_for_exhibits, exhibits_in, papers_of, words_of


def papers(request: Any, case: Case) -> Mapping[str, Any]:
    """Papers that are called for first, then those for everybody, then the others."""
    today, words = timezone.now().date(), words_of(case)
    try:
        findings = screened(case, today).findings
    except NoLawInForce:
        findings = ()
    found = list(papers_of(case, findings))
    return {
        "called_for": [p for p in found if p.grounds],
        "for_everybody": [p for p in found if not p.template.for_rules],
        "others": [p for p in found if p.template.for_rules and not p.grounds],
        "edition": edition_of(),
        "words_form": WordsForm(words=words),
        "exhibits_form": ExhibitsForm(
            None, documents=documents_for_exhibits(case), chosen=exhibits_in(case, words)
        ),
    }


PANELS = (Panel("papers", "Papers", "papers/panel.html", papers, deed=Deed.DRAFT, order=60),)
