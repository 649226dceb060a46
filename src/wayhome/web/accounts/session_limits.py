"""A session ends after half an hour of silence, and after eight hours whatever happens.

The times lie in the session itself; the row of SignIn, for the list of one's sessions, follows
once a minute. A session whose times lie in the future is over too: some clock was changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from wayhome.web.accounts.models import SignIn, User

IDLE, WHOLE, NOTED = timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=1)
STARTED, SEEN = "signed_in_at", "seen_at"


class SessionLimitsMiddleware:
    """Signs out whoever was silent or signed in for too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        if not is_live(request.session, now):
            logout(request)
            return _signed_out(request)
        _note(request, now)
        return self.get_response(request)


def is_live(session: SessionBase, now: datetime) -> bool:
    """Whether a session of staff is within both limits."""
    try:
        started = datetime.fromisoformat(session[STARTED])
        seen = datetime.fromisoformat(session[SEEN])
    except (KeyError, TypeError, ValueError):
        return False
    is_from_the_past = started <= now + NOTED and seen <= now + NOTED
    return is_from_the_past and now - started < WHOLE and now - seen < IDLE


def _signed_out(request: Any) -> HttpResponse:
    """To the sign-in page; a form that was sent is not thrown away without a word."""
    if request.method not in ("GET", "HEAD"):
        return render(request, "accounts/signed_out.html", status=403)
    messages.info(request, "You were signed out because nothing happened for a while.")
    return redirect("account_login")


def _note(request: Any, now: datetime) -> None:
    if now - datetime.fromisoformat(request.session[SEEN]) < NOTED:
        return
    request.session[SEEN] = now.isoformat()
    SignIn.objects.filter(session_key=request.session.session_key).update(seen_at=now)


def begin(sender: object, request: Any, user: User, **_: object) -> None:
    """Notes a sign-in (signal user_logged_in)."""
    now = timezone.now()
    request.session[STARTED] = request.session[SEEN] = now.isoformat()
    if not request.session.session_key:
        request.session.create()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "browser": browser_of(request.headers.get("User-Agent", "")),
            "started_at": now,
            "seen_at": now,
        },
    )


def finish(sender: object, request: Any, **_: object) -> None:
    """Forgets a session (signal user_logged_out)."""
    SignIn.objects.filter(session_key=request.session.session_key).delete()


def live_sign_ins(user: User) -> list[SignIn]:
    """Somebody's sessions, the newest first; rows of sessions that are over are dropped."""
    mine = SignIn.objects.filter(user=user)
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    mine.exclude(session_key__in=alive).delete()
    return list(mine.order_by("-seen_at"))


def end_sign_in(user: User, sign_in: int) -> bool:
    """Ends one of somebody's own sessions."""
    with transaction.atomic():
        row = SignIn.objects.filter(user=user, pk=sign_in).first()
        if row is None:
            return False
        Session.objects.filter(session_key=row.session_key).delete()
        row.delete()
    return True


def end_all_sign_ins(user: User) -> int:
    """Ends every session of somebody; says how many."""
    with transaction.atomic():
        keys = list(SignIn.objects.filter(user=user).values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        SignIn.objects.filter(user=user).delete()
    return len(keys)


# In this order: Edge and Chrome both say "Safari", Edge says "Chrome" too.
_BROWSERS = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def browser_of(agent: str) -> str:
    """A browser in two words: enough to know one's own, no more is kept."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "A browser")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return f"{browser} on {system}" if system else browser


user_logged_in.connect(begin, dispatch_uid="begin sign-in")
user_logged_out.connect(finish, dispatch_uid="finish sign-in")
