"""The pages before a case is open: language, consent, who types, coming back, leaving."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from wayhome.web.accounts.models import Organization
from wayhome.web.accounts.sign_in import address_of
from wayhome.web.audit.chain import Actor
from wayhome.web.portal import visits
from wayhome.web.portal.actions import SELF, WhoTypes, begin, words_are_kept
from wayhome.web.portal.calendar_page import month_of
from wayhome.web.portal.doors import Shut, open_door
from wayhome.web.portal.language import COOKIE
from wayhome.web.portal.models import Doorway
from wayhome.web.portal.passphrase import looked_over
from wayhome.web.portal.places import length_of_time
from wayhome.web.portal.visits import is_sent, portal_page

ORGANIZATION, AGREED_AT, BEGUN_WITH = "portal_organization", "agreed_at", "begun_with"
WHO = ("self", "relative", "volunteer")
AGREED = ("yes_in_person", "yes_by_phone", "yes_in_writing", "for_child", "not_reached")
LONGEST_RELATION = LONGEST_NAME = 100


@portal_page
def start(request: Any) -> HttpResponse:
    """The first page. A case that is open here can be closed here, and stays what it is."""
    open_here, closing = visits.door_of_visit(request), request.POST.get("close", "")
    context = {"has_open_case": open_here is not None, "keep_first": False, "is_closed": False}
    if is_sent(request) and closing and open_here is not None:
        if open_here.words_kept_at is None:
            context["keep_first"] = True
        else:
            visits.leave(request)
            if closing == "for_other":
                return redirect("portal_consent")
            context |= {"has_open_case": False, "is_closed": True}
    return render(request, "portal/start.html", context)


@portal_page
def choose(request: Any) -> HttpResponse:
    """Who should help: asked only where more than one organization takes applications."""
    every = list(_taking_applications().order_by("name"))
    if is_sent(request):
        chosen = next((o for o in every if o.slug == request.POST.get("organization")), None)
        if chosen:
            request.session[ORGANIZATION] = str(chosen.pk)
            return redirect("portal_consent")
    return render(request, "portal/choose.html", {"organizations": every})


@portal_page
def consent(request: Any) -> HttpResponse:
    """What is kept, who reads it, how it is erased. Until somebody agrees nothing is kept."""
    organization = _organization(request)
    if organization is None:
        return redirect("portal_choose")
    if is_sent(request):
        if request.POST.get("consent") != "agree":
            _forget_beginning(request)
            still_kept = {"has_open_case": _has_open_case(request)}
            return render(request, "portal/not_kept.html", still_kept)
        request.session[AGREED_AT] = timezone.now().isoformat()
        request.session[BEGUN_WITH] = str(uuid.uuid4())
        return redirect("portal_who")
    context = {
        "organization": organization,
        "kept_for": length_of_time(organization.months_kept, request.language),
    }
    return render(request, "portal/consent.html", context)


@portal_page
def who(request: Any) -> HttpResponse:
    """Who is typing, for whom, and how that person agreed. From here on a case is open."""
    organization = _organization(request)
    if organization is None or AGREED_AT not in request.session:
        return redirect("portal_key" if _has_open_case(request) else "portal_consent")
    faults = []
    if is_sent(request):
        typing, faults = read_who(request.POST)
        if not faults:
            return _begun(request, organization, typing)
    return render(
        request,
        "portal/who.html",
        {"typed": request.POST, "faults": faults, "whos": WHO, "agreeds": AGREED},
    )


def read_who(sent: Any) -> tuple[WhoTypes, list[str]]:
    """Who types, and the keys of what is missing."""
    typing = WhoTypes(
        sent.get("who", ""),
        " ".join(sent.get("relation", "").split())[:LONGEST_RELATION],
        sent.get("agreed", ""),
        " ".join(sent.get("proxy_name", "").split())[:LONGEST_NAME],
    )
    if typing.who == SELF:
        return WhoTypes(), []
    faults = [
        ("who.choose_one", typing.who in WHO),
        ("who.say_relation", bool(typing.relation)),
        ("who.say_agreed", typing.agreed in AGREED),
    ]
    return typing, [key for key, is_right in faults if not is_right]


def _begun(request: Any, organization: Organization, typing: WhoTypes) -> HttpResponse:
    door = begin(
        Actor("applicant", organization.pk),
        organization,
        typing,
        uuid.UUID(request.session[BEGUN_WITH]),
        request.language,
        datetime.fromisoformat(request.session[AGREED_AT]),
        timezone.now(),
    )
    _forget_beginning(request)
    visits.enter(request, door)
    return redirect("portal_key")


@portal_page
def door(request: Any) -> HttpResponse:
    """The way back in, with the code and the words."""
    shut, is_wrong = None, False
    if is_sent(request):
        sent = request.POST
        found = open_door(
            sent.get("code", ""), sent.get("words", ""), timezone.now(), address_of(request)
        )
        if isinstance(found, Shut):
            shut = found
        elif found is None:
            is_wrong = True
        else:
            return _come_back(request, found)
    words = request.POST.get("words", "")
    context = {
        "code": request.POST.get("code", ""),
        "words": words,
        "typed": looked_over(words) if is_wrong else None,
        "shut": shut,
        "is_wrong": is_wrong,
    }
    return render(request, "portal/door.html", context, status=403 if shut or is_wrong else 200)


def _come_back(request: Any, found: Doorway) -> HttpResponse:
    """Into the case, in its language where this browser has chosen none."""
    words_are_kept(found, timezone.now())
    visits.enter(request, found)
    response = redirect("portal_status")
    if COOKIE not in request.COOKIES and not request.POST.get("language"):
        visits.keep_language(response, found.case.language)
    return response


def leave(request: Any) -> HttpResponse:
    """The neutral page: forgets the visit here and in the browser, and looks like a calendar."""
    _forget_beginning(request)
    visits.leave(request)
    today = timezone.now().date()
    response = render(request, "portal/leave.html", month_of(today, request.language))
    add_never_cache_headers(response)
    visits.remember_left(response)
    # Not "cookies": one remembers that this was left, and nothing else.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _organization(request: Any) -> Organization | None:
    chosen = request.session.get(ORGANIZATION)
    if chosen:
        return _taking_applications().filter(pk=chosen).first()
    first_two = list(_taking_applications()[:2])
    return first_two[0] if len(first_two) == 1 else None


def _taking_applications() -> QuerySet[Organization]:
    return Organization.objects.filter(takes_applications=True)


def _forget_beginning(request: Any) -> None:
    for name in (AGREED_AT, BEGUN_WITH, ORGANIZATION):
        request.session.pop(name, None)


def _has_open_case(request: Any) -> bool:
    return visits.door_of_visit(request) is not None
