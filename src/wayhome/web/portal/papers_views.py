"""Papers that the applicant sends, from the camera of a phone or as files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from wayhome.web.audit.actors import applicant_of
from wayhome.web.cases.documents import keep_document
from wayhome.web.cases.models import Document
from wayhome.web.files.what_is_taken import Refused
from wayhome.web.portal.reaching import zone_of
from wayhome.web.portal.visits import is_sent, of_open_case


@of_open_case
def papers(request: Any) -> HttpResponse:
    """One paper at a time. What is refused is said in the language of the page."""
    fault = ""
    if is_sent(request):
        fault = _keep(request)
        if not fault:
            return redirect("portal_papers")
    mine = Document.objects.filter(case=request.case, is_from_applicant=True)
    context = {
        "fault": fault,
        "largest": settings.LARGEST_UPLOAD // 2**20,
        "sent": mine.select_related("scan").order_by("-added_at"),
        "title": request.POST.get("title", ""),
        "zone": zone_of(request.case),
    }
    return render(request, "portal/papers.html", context, status=400 if fault else 200)


def _keep(request: Any) -> str:
    """The key of what is wrong with what was sent, or nothing."""
    file = request.FILES.get("file")
    if file is None:
        return "papers.choose_file"
    try:
        keep_document(
            applicant_of(request.case),
            request.case,
            file,
            request.POST.get("title", ""),
            "other",
            timezone.now(),
            from_applicant=True,
        )
    except Refused as refusal:
        return f"refused.{refusal.why}"
    return ""
