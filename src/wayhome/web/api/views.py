"""The page on which tokens are made and revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.api.models import Token
from wayhome.web.api.tokens import LONGEST_DAYS, MEANING, Scope, make_token, revoke_token
from wayhome.web.audit.actors import actor_of


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=100, label="Name", help_text="Which program will use it. No person's name."
    )
    days = forms.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, initial=90, label="Good for how many days"
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, f"{meaning} ({scope})") for scope, meaning in MEANING.items()],
        widget=forms.CheckboxSelectMultiple,
    )


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: Any) -> HttpResponse:
    """Every token of the organization, and a form for a new one, whose secret is shown once."""
    check_may(request.member, Deed.USE_API)
    form = TokenForm(request.POST or None)
    made, status = None, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            asked = form.cleaned_data
            scopes = [Scope(name) for name in asked["scopes"]]
            now = timezone.now()
            made = make_token(
                actor_of(request), request.member, asked["name"], scopes, asked["days"], now
            )
            form, status = TokenForm(), 201
    every = Token.objects.select_related("made_by__user").order_by("-made_at")
    context = {"form": form, "made": made, "tokens": every, "now": timezone.now()}
    return render(request, "api/tokens.html", context, status=status)


@login_required
@require_POST
def revoke(request: Any, token_id: int) -> HttpResponse:
    check_may(request.member, Deed.USE_API)
    token = get_object_or_404(Token, pk=token_id)
    revoke_token(actor_of(request), request.member, token, timezone.now())
    messages.success(request, f"Revoked: {token.name}. It fails from now on.")
    return redirect("tokens")
