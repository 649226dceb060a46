"""The accountability report: for whoever may see patterns, as a file, and for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.web.accountability.actions import TooSoon, publish, published_by, take_back
from wayhome.web.accountability.exports import as_csv, as_xlsx, how_to_read
from wayhome.web.accountability.patterns import Report, report_of
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {"csv": ("text/csv; charset=utf-8", as_csv), "xlsx": (_XLSX, as_xlsx)}


@require_GET
@login_required
def patterns(request: Any) -> HttpResponse:
    """The report of one's organization. There is no case in it, and no way to one."""
    report = report_of(request.member)
    shown = published_by(request.member.organization.slug)
    context = {
        **_context(report.as_json()),
        "organization": request.member.organization,
        "shown": shown,
        "public_address": reverse("public_patterns", args=[request.member.organization.slug]),
    }
    return render(request, "accountability/patterns.html", context)


@require_GET
@login_required
def export(request: Any, kind: str) -> HttpResponse:
    """The same numbers as a file."""
    report: Report = report_of(request.member)
    content_type, written = _KINDS[kind]
    record(actor_of(request), "exported patterns", details={"kind": kind})
    answer = HttpResponse(written(report), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="patterns.{kind}"'
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def publish_patterns(request: Any) -> HttpResponse:
    """What everybody would read, to look at first; shown to everybody when that is sent back."""
    check_may(request.member, Deed.PUBLISH)
    if request.method == "GET":
        organization = request.member.organization
        context = {
            **_context(report_of(request.member).as_json()),
            "organization": organization,
            "shown": published_by(organization.slug),
            "public_address": reverse("public_patterns", args=[organization.slug]),
        }
        return render(request, "accountability/publish.html", context)
    try:
        publish(actor_of(request), request.member, timezone.now())
        messages.success(request, "Everybody can read the patterns now.")
    except TooSoon as why:
        messages.error(request, str(why))
    return redirect("patterns")


@require_POST
@login_required
def take_patterns_back(request: Any) -> HttpResponse:
    take_back(actor_of(request), request.member, timezone.now())
    messages.success(request, "The public page is gone. Who saved it still has it.")
    return redirect("patterns")


@require_GET
def public_patterns(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organization shows to everybody. Without one there is no such page."""
    shown = published_by(slug)
    if shown is None:
        raise Http404("Nothing is published here.")
    context = {
        **_context(shown.report),
        "organization": shown.organization,
        "published_at": shown.published_at,
    }
    return render(request, "accountability/public.html", context)


def _context(report: dict[str, Any]) -> dict[str, Any]:
    told = [cause for cause in report["causes"] if cause["with_cause"] is not None]
    return {
        "report": report,
        "told": sorted(told, key=lambda cause: -cause["with_cause"]),
        "untold": [cause for cause in report["causes"] if cause["with_cause"] is None],
        "notes": how_to_read(report["is_invented"]),
    }
