"""Pages of the administrator: people, roles, settings. They hold nothing of any case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from wayhome.web.accounts import actions
from wayhome.web.accounts.forms import InvitationForm, RoleForm, SettingsForm
from wayhome.web.accounts.models import Invitation, Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of


def people(request: Any) -> HttpResponse:
    """Who works here, who is invited; inviting somebody."""
    check_may(request.member, Deed.ADMINISTER)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link = actions.invite(
                actor_of(request),
                request.member,
                request.member.organization,
                **form.cleaned_data,
                now=timezone.now(),
            )
        except actions.CannotBe as reason:
            form.add_error("email", str(reason))
        else:
            return _shown(request, link)
    return render(request, "accounts/people.html", {"form": form, **_lists(request.member)})


def _lists(member: Membership) -> dict[str, object]:
    everybody = member.organization.memberships.select_related("user")
    waiting = member.organization.invitations.filter(used_at=None, withdrawn_at=None)
    return {
        "members": everybody.order_by("-is_active", "user__name"),
        "invitations": waiting.filter(expires_at__gt=timezone.now()).order_by("-made_at"),
    }


def _shown(request: Any, link: actions.OneTimeLink) -> HttpResponse:
    """The link, this once; it is in no address and kept nowhere."""
    address = request.build_absolute_uri(reverse("join_by_link", args=[link.secret]))
    context = {"address": address, "invitation": link.invitation}
    return render(request, "accounts/one_time_link.html", context)


def person(request: Any, membership: int) -> HttpResponse:
    """One member of staff: their role."""
    check_may(request.member, Deed.ADMINISTER)
    whose = _member_of(request, membership)
    form = RoleForm(request.POST or None, initial={"role": whose.role})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(actor_of(request), request.member, whose, form.cleaned_data["role"])
        except actions.CannotBe as reason:
            form.add_error("role", str(reason))
        else:
            messages.success(request, "The role was changed.")
            return redirect("people")
    return render(request, "accounts/person.html", {"whose": whose, "form": form})


@require_POST
def let_go(request: Any, membership: int) -> HttpResponse:
    check_may(request.member, Deed.ADMINISTER)
    whose = _member_of(request, membership)
    done = actions.let_go if whose.is_active else actions.take_back
    try:
        done(actor_of(request), request.member, whose)
    except actions.CannotBe as reason:
        messages.error(request, str(reason))
    return redirect("people")


@require_POST
def let_back_in(request: Any, membership: int) -> HttpResponse:
    check_may(request.member, Deed.ADMINISTER)
    whose = _member_of(request, membership)
    try:
        link = actions.let_back_in(actor_of(request), request.member, whose, timezone.now())
    except actions.CannotBe as reason:
        messages.error(request, str(reason))
        return redirect("people")
    return _shown(request, link)


@require_POST
def withdraw_invitation(request: Any, invitation: UUID) -> HttpResponse:
    check_may(request.member, Deed.ADMINISTER)
    found = get_object_or_404(
        Invitation, pk=invitation, organization=request.member.organization_id
    )
    actions.withdraw_invitation(actor_of(request), request.member, found, timezone.now())
    messages.success(request, "That link does not work any more.")
    return redirect("people")


def organization_settings(request: Any) -> HttpResponse:
    """What the organization is called, and how long cases are kept."""
    check_may(request.member, Deed.ADMINISTER)
    organization = request.member.organization
    form = SettingsForm(request.POST or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        organization.refresh_from_db()
        actions.change_settings(
            actor_of(request), request.member, organization, **form.cleaned_data
        )
        messages.success(request, "The settings were saved.")
        return redirect("organization_settings")
    return render(request, "accounts/settings.html", {"form": form})


def _member_of(request: Any, membership: int) -> Membership:
    found: Membership = get_object_or_404(
        Membership.objects.select_related("user", "organization"),
        pk=membership,
        organization=request.member.organization_id,
    )
    return found
