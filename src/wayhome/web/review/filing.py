"""To whom a request is filed and with which papers: what the step asks, and what is kept of it."""

from __future__ import annotations

from django.http import QueryDict

from wayhome.web.cases.models import Case, Document
from wayhome.web.review.states import Filed

LONGEST_NAME = 200


def papers_to_file(case: Case) -> list[Document]:
    """What may be said to have gone along: the case's documents and drafts, the newest first."""
    return list(case.documents.filter(is_held_apart=False).order_by("-added_at", "pk"))


def filed_in(case: Case, sent: QueryDict) -> Filed:
    """What the form says. A paper that is not of the case is passed over."""
    chosen = set(sent.getlist("paper"))
    titles = [str(paper.title) for paper in papers_to_file(case) if str(paper.pk) in chosen]
    name = " ".join(sent.get("filed_to", "").split())
    return Filed(name[:LONGEST_NAME], tuple(dict.fromkeys(titles)))
