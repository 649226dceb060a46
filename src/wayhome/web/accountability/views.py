"""The accountability report: live for leads; in editions for analysts, as a file, for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.web.accountability.actions import TooSoon, publish, show_to_everybody, take_back
from wayhome.web.accountability.editions import (
    Edition,
    chosen,
    editions_for,
    editions_for_everybody,
    next_edition,
)
from wayhome.web.accountability.exports import as_csv, as_xlsx, how_to_read
from wayhome.web.accountability.patterns import Report, report_of
from wayhome.web.accounts.permissions import Deed, check_may, yes_or_no
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {"csv": ("text/csv; charset=utf-8", as_csv), "xlsx": (_XLSX, as_xlsx)}


@require_GET
@login_required
def patterns(request: Any) -> HttpResponse:
    """The report of one's organization. There is no case in it, and no way to one."""
    editions = editions_for(request.member)
    report, edition = _read(request, editions)
    context = {
        **_context(report.as_json()),
        "edition": edition,
        "editions": editions,
        "is_live": edition is None and _may_see_live(request.member, Deed.SEE_CASE),
        "organization": request.member.organization,
        "shown": [one for one in editions if one.is_shown_to_everybody],
        "kept_back": any(not one.is_shown_to_everybody for one in editions),
        "public_address": reverse("public_patterns", args=[request.member.organization.slug]),
    }
    return render(request, "accountability/patterns.html", context)


@require_GET
@login_required
def export(request: Any, kind: str) -> HttpResponse:
    """The same numbers as a file."""
    report, edition = _read(request, editions_for(request.member))
    content_type, written = _KINDS[kind]
    which = f"edition-{edition.number}" if edition else "live"
    record(actor_of(request), "exported patterns", details={"kind": kind, "which": which})
    answer = HttpResponse(written(report), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="patterns-{which}.{kind}"'
    return answer


def _read(request: Any, editions: list[Edition]) -> tuple[Report, Edition | None]:
    """What is read: the edition that is asked for; else the live report for those who may see it.

    Others get the newest edition. Without one there is nothing to say.
    """
    number = request.GET.get("edition", "")
    if not number and _may_see_live(request.member, Deed.SEE_CASE):
        return report_of(request.member), None
    edition = chosen(editions, number)
    if edition is None and number:
        raise Http404("There is no such edition.")
    return (edition.report if edition else Report(None, None, ())), edition


_may_see_live = yes_or_no(check_may)


@require_http_methods(["GET", "POST"])
@login_required
def publish_patterns(request: Any) -> HttpResponse:
    """What everybody would read, to look at first; shown to everybody when that is sent back."""
    check_may(request.member, Deed.PUBLISH)
    if request.method == "GET":
        organization = request.member.organization
        editions = editions_for(request.member)
        context = {
            **_context(next_edition(organization.pk).as_json()),
            "organization": organization,
            "before": editions[0] if editions else None,
            "public_address": reverse("public_patterns", args=[organization.slug]),
        }
        return render(request, "accountability/publish.html", context)
    for_whom = request.POST.get("for", "everybody")
    try:
        if for_whom == "kept back":
            show_to_everybody(actor_of(request), request.member, timezone.now())
        else:
            everybody = for_whom == "everybody"
            publish(actor_of(request), request.member, timezone.now(), to_everybody=everybody)
        said = "Analysts" if for_whom == "analysts" else "Everybody"
        messages.success(request, f"{said} can read the patterns now.")
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
    editions = editions_for_everybody(slug)
    edition = chosen(editions, request.GET.get("edition", ""))
    if edition is None:
        raise Http404("Nothing is published here.")
    context = {
        **_context(edition.publication.report),
        "organization": edition.publication.organization,
        "edition": edition,
        "editions": editions,
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
