"""A visit to the portal: one open case in one browser, its language, and how it is left.

The session holds the case's id and a proof that its words have not changed; nothing a person said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare, salted_hmac
from django_scopes import scope, scopes_disabled

from wayhome.web.cases import actions
from wayhome.web.portal.actions import first_consents, source_by_proxy
from wayhome.web.portal.language import COOKIE
from wayhome.web.portal.models import Doorway
from wayhome.web.protection import keys
from wayhome.words import LANGUAGES

CASE, PROOF = "portal_case", "portal_proof"
# A cookie that goes with the browser: whoever only looked leaves no row in the database.
LEFT = "seen"
# For so long the browser's Back button leads to the neutral page, and not to what was left.
LEFT_FOR_SECONDS = 30 * 60
NEUTRAL = "portal_leave"
# A form was sent by its page (send.js), which stays where it is until it knows what came of it.
SENT_BY_PAGE = "X-Stay"

View = Callable[..., HttpResponse]


def enter(request: Any, door: Doorway) -> None:
    """Opens a case in this browser, in a new session."""
    request.session.cycle_key()
    request.session[CASE] = str(door.case_id)
    request.session[PROOF] = _proof(door)


def leave(request: Any) -> None:
    """Forgets the case. A member of staff, who has the same browser, stays signed in."""
    if request.user.is_authenticated:
        for name in (CASE, PROOF):
            request.session.pop(name, None)
    else:
        request.session.flush()


def remember_left(response: HttpResponse) -> None:
    """Makes the browser's Back button lead to the neutral page for a while."""
    now = str(int(timezone.now().timestamp()))
    response.set_cookie(
        LEFT, now, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def door_of_visit(request: Any) -> Doorway | None:
    """The doorway that this browser opened, if its words are still the same."""
    case = request.session.get(CASE)
    if not case:
        return None
    with scopes_disabled():
        by_proxy = first_consents(OuterRef("case")).values("is_by_proxy")[:1]
        found = Doorway.objects.filter(case_id=case, case__erased_at=None)
        found = found.select_related("case__organization").annotate(is_by_proxy=Subquery(by_proxy))
        door = found.first()
    proof = request.session.get(PROOF, "")
    return door if door and constant_time_compare(proof, _proof(door)) else None


def portal_page(view: View) -> View:
    """Every page of the portal: not kept by the browser, in the language just chosen."""

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if _was_left(request):
            return _for_its_page(request, redirect(NEUTRAL))
        switched_to = _language_chosen(request)
        if switched_to:
            request.language = switched_to
        if switched_to and not _was_filled_in(request):
            response: HttpResponse = redirect(request.path)
        else:
            response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        if LEFT in request.COOKIES:
            response.delete_cookie(LEFT, samesite="Lax")
        if switched_to:
            keep_language(response, switched_to)
        return _for_its_page(request, response)

    return page


def of_open_case(view: View) -> View:
    """A page of the portal about the case that this browser opened; else the way back in.

    A case may be erased, here or by staff, while a form or a file is on its way.
    """

    @portal_page
    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        door = door_of_visit(request)
        if door is None:
            return redirect("portal_door")
        request.door, request.case = door, door.case
        request.source = source_by_proxy(door.is_by_proxy)
        with scope(organization=door.case.organization_id):
            try:
                return view(request, *args, **kwargs)
            except (actions.Erased, keys.Erased):
                return redirect("portal_erased")

    return page


def _for_its_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tells a page that sent its form itself (send.js) where to go on, so that it goes there."""
    if SENT_BY_PAGE in request.headers and response.has_header("Location"):
        response.status_code = 204
        response.headers["Go-To"] = response.headers["Location"]
        del response.headers["Location"]
    return response


def is_sent(request: HttpRequest) -> bool:
    """Whether a form was sent to be kept, and not only to see it in another language."""
    return request.method == "POST" and not _language_chosen(request)


def keep_language(response: HttpResponse, language: str) -> None:
    """Keeps the language in a cookie that goes when the browser is closed."""
    response.set_cookie(
        COOKIE, language, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _proof(door: Doorway) -> str:
    return salted_hmac("wayhome.portal.visit", f"{door.case_id} {door.passphrase}").hexdigest()


def _language_chosen(request: HttpRequest) -> str:
    chosen = request.POST.get("language", "") if request.method == "POST" else ""
    return chosen if chosen in LANGUAGES else ""


def _was_filled_in(request: HttpRequest) -> bool:
    return any(name not in {"language", "csrfmiddlewaretoken"} for name in request.POST)


def _was_left(request: Any) -> bool:
    left = request.COOKIES.get(LEFT, "")
    if "open" in request.GET or not (left.isascii() and left.isdecimal()):
        return False
    return timezone.now().timestamp() - int(left[:12]) <= LEFT_FOR_SECONDS
