"""The secret addresses of one's calendar, and the calendar itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of
from wayhome.web.casework.calendar import fetched, make_feed, revoke_feed
from wayhome.web.casework.models import CalendarFeed


@login_required
@require_http_methods(["GET", "POST"])
def calendar_feeds(request: Any) -> HttpResponse:
    """One's addresses; a new one is shown once."""
    check_may(request.member, Deed.SEE_CASE)
    address = ""
    if request.method == "POST":
        is_whole = request.POST.get("which") == "office"
        now = timezone.now()
        _, secret = make_feed(actor_of(request), request.member, now, is_whole_office=is_whole)
        address = request.build_absolute_uri(reverse("calendar", args=[secret]))
    mine = CalendarFeed.objects.filter(user=request.user, revoked_at=None).order_by("-made_at")
    context = {"feeds": list(mine), "address": address, **_way_back(request)}
    return render(request, "casework/calendar.html", context)


@login_required
@require_POST
def revoke(request: Any, feed_id: int) -> HttpResponse:
    check_may(request.member, Deed.SEE_CASE)
    revoke_feed(actor_of(request), request.member, feed_id, timezone.now())
    return redirect(reverse("calendar_feeds") + _way_back(request)["back_query"])


def _way_back(request: Any) -> dict[str, str]:
    """Where whoever reads the page came from: a case's tasks (`?case=`), their own, or the list."""
    try:
        case = UUID(request.GET.get("case", ""))
    except ValueError:
        if may(request.member, Deed.CHANGE_CASE):
            return {"back": reverse("tasks"), "back_to": "your tasks", "back_query": ""}
        return {"back": reverse("worklist"), "back_to": "the worklist", "back_query": ""}
    back = reverse("case_panel", args=[case, "tasks"])
    return {"back": back, "back_to": "the tasks of the case", "back_query": f"?case={case}"}


@require_GET
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar, for a program that has its address; nobody is signed in."""
    made = fetched(secret, timezone.now())
    if made is None:
        raise Http404("There is no such calendar.")
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="wayhome.ics"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
