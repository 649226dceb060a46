"""What is shown when something goes wrong: what to do, and nothing of what happened inside."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from wayhome.web.accounts.permissions import NotSignedIn
from wayhome.web.audit.refusals import note_refusal
from wayhome.web.cases.queries import WasErased
from wayhome.web.portal.fault_pages import fault_page, is_of_portal

RETRY_AFTER = "60"
_LAST_RESORT = "Something went wrong here, not with you. Please try again in a few minutes.\n"
_log = logging.getLogger(__name__)
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not understood; or opened by a name that is not ours (WAYHOME_HOSTS), whatever the path."""
    if isinstance(exception, DisallowedHost):
        return _drawn("400_host.html", 400)
    return _page(request, 400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused; whoever is only not signed in is sent to sign in."""
    user = getattr(request, "user", None)
    is_stranger = isinstance(exception, NotSignedIn) and not getattr(user, "is_authenticated", True)
    if is_stranger and request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    if not is_of_portal(request.path):
        note_refusal(request)
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is here; of a case of their own that was erased, staff is told that it was."""
    if isinstance(exception, WasErased) and not is_of_portal(request.path):
        said = {"at": exception.at, "why": exception.why}
        return HttpResponse(loader.render_to_string("410.html", said), status=410)
    return _page(request, 404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection against forgery does not fit: mostly a page left open too long."""
    return _page(request, 403, "403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Any other fault. A database that is away, or a full disk, will be back: try again later."""
    if _is_passing(sys.exc_info()[1]):
        response = _page(request, 503)
        response.headers["Retry-After"] = RETRY_AFTER
        return response
    return _page(request, 500)


class EmptyRefusalMiddleware:
    """An address that takes only a form, opened as a page, is answered with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = _page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def _is_passing(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    return isinstance(error, OperationalError | InterfaceError)


def _drawn(template: str, status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(template), status=status)


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """Drawn without the request: no database, no session, no name on it.

    In the portal it is in the reader's language, and its title tells nothing. A page of a fault
    that is faulty itself is told in plain text: asking Django for another would go round for ever.
    """
    template = template or f"{status}.html"
    try:
        if is_of_portal(request.path):
            return HttpResponse(fault_page(request, template), status=status)
        return _drawn(template, status)
    except Exception:
        _log.exception("The page of a fault could not be drawn.")
        return HttpResponse(_LAST_RESORT, status=status, content_type="text/plain; charset=utf-8")
