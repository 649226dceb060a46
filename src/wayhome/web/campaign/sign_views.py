"""Signing, confirming, withdrawing: public pages without a session, a cookie or a script.

They need no token against forged forms: nothing that a browser carries along lets anybody do
anything here. Who holds the secret of a link may do what the link says, once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from wayhome.web.accounts.sign_in import address_of
from wayhome.web.campaign import signing
from wayhome.web.campaign.choices import LinkFor, SignatureState
from wayhome.web.campaign.forms import SignForm
from wayhome.web.campaign.letters import current_version, takes_signatures
from wayhome.web.campaign.links import link_of
from wayhome.web.campaign.messages import send_to, thanks
from wayhome.web.campaign.models import Letter, SignerLink
from wayhome.web.campaign.sent_numbers import number_sent
from wayhome.web.campaign.showing import as_html, of_letter, page
from wayhome.web.campaign.signing import LinkIsOver, TooMany
from wayhome.web.campaign.standing import demands_signed
from wayhome.web.campaign.texts import reasons_since

_LONGEST_FORM = 16 * 1024
_OVER = {"used": 410, "expired": 410, "closed": 410, "refused": 410, "twice": 409, "changed": 409}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@of_letter
def sign(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """The form. What is sent is answered alike, whoever has signed before."""
    now = timezone.now()
    if not takes_signatures(letter, now):
        return page(request, "sign_closed.html", language, {"letter": letter}, status=410)
    if request.method != "POST":
        form = SignForm(letter=letter, language=language)
        return _form(request, language, letter, form)
    if int(request.headers.get("Content-Length") or 0) > _LONGEST_FORM:
        return page(request, "sign_too_many.html", language, {"letter": letter}, status=413)
    form = SignForm(request.POST, letter=letter, language=language)
    is_good = form.is_valid()
    if not is_good and not form.is_robot:
        return _form(request, language, letter, form)
    if is_good and not form.is_robot:
        try:
            _ask(request, letter, form, now)
        except TooMany:
            return page(request, "sign_too_many.html", language, {"letter": letter}, status=429)
    names = {"language": language, "coalition": letter.organization.slug, "letter": letter.slug}
    return redirect(reverse("signed_letter", kwargs=names))


def _form(request: HttpRequest, language: str, letter: Letter, form: SignForm) -> HttpResponse:
    """The form, and below it what is signed: the text and what it demands."""
    version = current_version(letter)
    context = {
        "letter": letter,
        "form": form,
        "text": as_html(version.text) if version else "",
        "asked": demands_signed(letter, language),
    }
    return page(request, "sign.html", language, context)


def _ask(request: HttpRequest, letter: Letter, form: SignForm, now: datetime) -> None:
    signature = signing.ask_to_sign(letter, form.asking(), address_of(request), now)
    send_to(signature, request.build_absolute_uri, now)


@require_safe
@of_letter
def signed(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """What happens next."""
    context = {"letter": letter, "mails": settings.SENDS_MESSAGES, "is_demo": settings.IS_DEMO}
    return page(request, "sign_thanks.html", language, context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """What a link would do; it is done when the button is pressed, not when the link is opened."""
    now = timezone.now()
    link = link_of(secret, LinkFor.CONFIRM)
    if link is None:
        return _unknown(request)
    with scope(organization=link.signature.letter.organization):
        try:
            signing.check_open(link, now)
            signing.check_once(link.signature)
            if request.method == "POST":
                return _confirmed(request, link, now)
        except LinkIsOver as over:
            return _over(request, link, over.why)
        return _asks(request, link)


def _confirmed(request: HttpRequest, link: SignerLink, now: datetime) -> HttpResponse:
    secret = signing.confirm(link, number_sent(request.POST.get("version", "")), now)
    thanks(link.signature, secret, request.build_absolute_uri)
    way_out = request.build_absolute_uri(reverse("withdraw_signature", args=[secret]))
    return _page(request, "confirm_done.html", link, {"way_out": way_out})


def _asks(request: HttpRequest, link: SignerLink, status: int = 200, why: str = "") -> HttpResponse:
    signature = link.signature
    version = current_version(signature.letter)
    is_again = signature.state == SignatureState.ASKED_AGAIN
    is_changed = is_again or why == "changed"
    context = {
        "version": version,
        "is_changed": is_changed,
        "reasons": reasons_since(signature.letter, signature.version) if is_changed else [],
        "text": as_html(version.text) if version else "",
        "named": signing.named_only(signature)[:1],
        "is_again": is_again,
        "why": why,
        "asked": demands_signed(signature.letter, _language(request, signature.language)),
    }
    return _page(request, "confirm.html", link, context, status)


def _over(request: HttpRequest, link: SignerLink, why: str) -> HttpResponse:
    if why == "gone":
        return _unknown(request)
    link.signature.refresh_from_db()
    if why == "changed":
        return _asks(request, link, _OVER[why], why)
    if why == "used" and link.signature.state == SignatureState.WITHDRAWN:
        why = "used_withdrawn"
    status = _OVER.get(why, 410)
    return _page(request, "link_over.html", link, {"why": why}, status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes a signature back, or erases who gave it, when one of the buttons is pressed."""
    now = timezone.now()
    link = link_of(secret, LinkFor.WITHDRAW)
    if link is None:
        return _unknown(request)
    if request.method != "POST":
        is_over = link.used_at is not None or link.signature.state == SignatureState.WITHDRAWN
        if is_over or link.expires_at <= now:
            return _page(request, "withdraw_over.html", link, {}, 410)
        return _page(request, "withdraw.html", link, {"has_signer": _has_signer(link)})
    only_erased = request.POST.get("do") == "erase"
    try:
        (signing.erase_by_link if only_erased else signing.withdraw)(link, now)
    except LinkIsOver:
        return _page(request, "withdraw_over.html", link, {}, 410)
    return _page(request, "withdraw_done.html", link, {"only_erased": only_erased})


def _has_signer(link: SignerLink) -> bool:
    with scope(organization=link.signature.letter.organization):
        return (
            type(link.signature).objects.filter(pk=link.signature_id, signer__isnull=False).exists()
        )


def _page(
    request: HttpRequest,
    template: str,
    link: SignerLink,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page of a link, in the language of whoever was written to."""
    about = {"letter": link.signature.letter, "signature": link.signature, **context}
    return page(request, template, _language(request, link.signature.language), about, status)


def _unknown(request: HttpRequest) -> HttpResponse:
    return page(request, "link_unknown.html", _language(request, "en"), {}, 404)


def _language(request: HttpRequest, other: str) -> str:
    asked = request.GET.get("in", "")
    return asked if asked in ("en", "es") else other
