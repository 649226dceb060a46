"""Pages about one's own account: choosing an organization, sessions, an invitation taken up."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wayhome.web.accounts.actions import CannotBe, join_as, open_invitation, take_up
from wayhome.web.accounts.forms import NewAccountForm, PasswordForm
from wayhome.web.accounts.models import Invitation, InvitationKind, User
from wayhome.web.accounts.organization_scope import CHOSEN
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.accounts.second_factor import has_second_factor
from wayhome.web.accounts.session_limits import end_all_sign_ins, end_sign_in, live_sign_ins
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record

INVITED = "invitation"


@login_required
def my_account(request: Any) -> HttpResponse:
    """Everything about one's own account, on one page."""
    mine = request.user.memberships.filter(is_active=True).select_related("organization")
    return render(
        request,
        "accounts/my_account.html",
        {
            "memberships": mine.order_by("organization__name"),
            "sign_ins": live_sign_ins(request.user),
            "this_session": request.session.session_key,
            "has_second_factor": has_second_factor(request.user),
        },
    )


@login_required
@require_POST
def choose_organization(request: Any) -> HttpResponse:
    """Works in another of one's organizations from here on."""
    wanted = request.POST.get("organization", "")
    mine = request.user.memberships.filter(is_active=True)
    chosen = next((each for each in mine if str(each.organization_id) == wanted), None)
    if chosen is None:
        messages.error(request, "You do not belong to that organization.")
        return redirect("my_account")
    request.session[CHOSEN] = str(chosen.organization_id)
    record(actor_of(request), "chose an organization", details={"to": str(chosen.organization_id)})
    return redirect("start")


@login_required
@require_POST
def end_session(request: Any, sign_in: int) -> HttpResponse:
    if end_sign_in(request.user, sign_in):
        record(actor_of(request), "ended a session")
        messages.success(request, "That session was ended.")
    return redirect("my_account")


@login_required
@require_POST
def end_every_session(request: Any) -> HttpResponse:
    record(actor_of(request), "ended every session", details={})
    end_all_sign_ins(request.user)
    return redirect("account_login")


@login_required
def second_factor_needed(request: Any) -> HttpResponse:
    """What opens to a member of staff who has only a password yet."""
    if has_second_factor(request.user):
        return redirect("start")
    return render(request, "accounts/second_factor_needed.html")


# Where work begins: the first page that a role may open.
_BEGINNINGS = (
    (Deed.SEE_WORKLIST, "worklist"),
    (Deed.SEE_PATTERNS, "patterns"),
    (Deed.SEE_LOG, "log"),
    (Deed.ADMINISTER, "people"),
    (Deed.RUN_LETTERS, "letters"),
)


def start(request: Any) -> HttpResponse:
    """Where somebody's work begins, by their role."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    first = (page for deed, page in _BEGINNINGS if may(request.member, deed))
    return redirect(next(first, "my_account"))


def join_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes the secret out of the address, so that it stays in no history of pages after."""
    request.session[INVITED] = secret
    return redirect("join")


def join(request: Any) -> HttpResponse:
    """Takes up an invitation: a name and a password; the second factor comes next."""
    now = timezone.now()
    invitation = open_invitation(request.session.get(INVITED, ""), now)
    if invitation is None:
        return render(request, "accounts/link_is_over.html", status=404)
    if request.user.is_authenticated:
        return _join_signed_in(request, invitation)
    form = _form_of(invitation)(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = take_up(
                invitation,
                name=form.cleaned_data.get("name", ""),
                password=form.cleaned_data["password"],
                now=now,
            )
        except CannotBe as reason:
            messages.error(request, str(reason))
            return redirect("account_login")
        return _signed_in(request, user)
    return render(request, "accounts/join.html", {"invitation": invitation, "form": form})


def _form_of(invitation: Invitation) -> type[PasswordForm]:
    return PasswordForm if invitation.kind == InvitationKind.RETURN else NewAccountForm


def _signed_in(request: Any, user: User) -> HttpResponse:
    request.session.pop(INVITED, None)
    response: HttpResponse = perform_login(
        request, Login(user=user, email=user.email, redirect_url="/second-factor/needed/")
    )
    return response


def _join_signed_in(request: Any, invitation: Invitation) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/join_signed_in.html", {"invitation": invitation})
    try:
        made = join_as(request.user, invitation, timezone.now())
    except CannotBe as reason:
        messages.error(request, str(reason))
        return redirect("my_account")
    request.session.pop(INVITED, None)
    request.session[CHOSEN] = str(made.organization_id)
    return redirect("start")
