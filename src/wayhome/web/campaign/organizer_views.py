"""Pages of organizers: letters, their texts, dates, stages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.campaign import letters as deeds
from wayhome.web.campaign import standing
from wayhome.web.campaign.choices import SignatureState
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.letters import CannotBe, current_version, draft_version
from wayhome.web.campaign.likeness import decisions_in, overlap
from wayhome.web.campaign.messages import (
    cannot_be_asked,
    kept_messages,
    send_waiting,
    waiting_counts,
)
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.organizer_forms import DateForm, LetterForm, TextForm
from wayhome.web.campaign.queue import release_held
from wayhome.web.campaign.showing import as_html
from wayhome.web.campaign.signatories import counted_by_state, reach_of_next_text, signed
from wayhome.web.observatory.records import record_at_hand


def own_letter(request: Any, letter_id: UUID) -> Letter:
    """A letter of the organization, for whoever may run letters. Raises Http404."""
    check_may(request.member, Deed.RUN_LETTERS)
    letters = Letter.objects.select_related("organization")
    return get_object_or_404(letters, pk=letter_id)


@require_GET
def letters(request: Any) -> HttpResponse:
    """Every letter of the organization."""
    check_may(request.member, Deed.RUN_LETTERS)
    states = {
        name: Count("signatures", filter=Q(signatures__state=state))
        for name, state in (("signs", SignatureState.CONFIRMED), ("waits", SignatureState.ASKED))
    }
    found = Letter.objects.annotate(**states).order_by("-made_at")
    return render(request, "campaign/letters_staff.html", {"letters": found})


@require_http_methods(["GET", "POST"])
def new_letter(request: Any) -> HttpResponse:
    """Writes a letter; it is a draft, seen by its organizers only."""
    check_may(request.member, Deed.RUN_LETTERS)
    form, text = LetterForm(request.POST or None), TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and text.is_valid():
        try:
            made = deeds.make_letter(
                actor_of(request), request.member, timezone.now(),
                text=text.cleaned_data["text"], **form.cleaned_data,
            )  # fmt: skip
        except CannotBe as why:
            form.add_error("slug", str(why))
        else:
            messages.success(request, "The letter is kept as a draft.")
            return redirect("run_letter", letter_id=made.pk)
    return render(request, "campaign/new_letter.html", {"form": form, "text_form": text})


@require_http_methods(["GET", "POST"])
def run_letter(request: Any, letter_id: UUID) -> HttpResponse:
    """Everything about a letter on one page; what is about it can be changed here."""
    letter = own_letter(request, letter_id)
    form = LetterForm(request.POST or None, instance=letter)
    if request.method == "POST" and form.is_valid():
        kept = Letter.objects.get(pk=letter.pk)
        try:
            deeds.change_letter(
                actor_of(request), request.member, kept, timezone.now(), **form.cleaned_data
            )
        except CannotBe as why:
            form.add_error("slug", str(why))
        else:
            messages.success(request, "It is changed.")
            return redirect("run_letter", letter_id=letter.pk)
    return render(request, "campaign/run_letter.html", _about(request, letter, form))


def _about(request: Any, letter: Letter, form: Form | None = None) -> dict[str, Any]:
    letter = Letter.objects.select_related("organization").get(pk=letter.pk)
    today = today_there()
    counted = counted_by_state(letter)
    return {
        "letter": letter,
        "form": form or LetterForm(instance=letter),
        "date_form": DateForm(initial=_date_entered(letter)),
        "current": current_version(letter),
        "draft": draft_version(letter),
        "counts": [(SignatureState(state).of_lines, state, n) for state, n, _ in counted],
        **waiting_counts(letter),
        "mails": settings.SENDS_MESSAGES,
        "signed": signed(letter),
        **reach_of_next_text(counted),
        "told": standing.standings(letter, record_at_hand(), today, "en"),
        "clock": standing.Clock(today, letter.dated),
        "on": today,
    }


def _date_entered(letter: Letter) -> dict[str, Any]:
    kept = {"dated": letter.dated, "known_from": letter.dated_from}
    return kept | {"sent_before": letter.said_sent_before}


@require_POST
def date_letter(request: Any, letter_id: UUID) -> HttpResponse:
    """Enters the letter's date."""
    letter = own_letter(request, letter_id)
    form = DateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The date is a day like 2026-01-31.")
        return redirect("run_letter", letter_id=letter.pk)
    told = form.cleaned_data
    return _done(
        request, letter, "The date is entered.",
        lambda: deeds.enter_date(
            actor_of(request), request.member, letter, told["dated"], told["known_from"],
            timezone.now(), sent_before=told["sent_before"],
        ),
    )  # fmt: skip


def _done(request: Any, letter: Letter, said: str, do: Any) -> HttpResponse:
    try:
        do()
    except CannotBe as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said)
    return redirect("run_letter", letter_id=letter.pk)


@require_http_methods(["GET", "POST"])
def letter_text(request: Any, letter_id: UUID) -> HttpResponse:
    """Writes the text; what was open for signing stays, and a new text is begun."""
    letter = own_letter(request, letter_id)
    newest = draft_version(letter) or current_version(letter)
    initial = {"text": newest.text, "why": newest.why if newest.opened_at is None else ""}
    form = TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        deeds.write_text(
            actor_of(request), request.member, letter, told["text"], told["why"], timezone.now()
        )
        messages.success(request, "The text is kept. Nobody else sees it before it is opened.")
        return redirect("letter_text", letter_id=letter.pk)
    context = {
        "letter": letter, "form": form, "draft": draft_version(letter),
        "shown": as_html(newest.text), "current": current_version(letter),
        **reach_of_next_text(counted_by_state(letter)),
    }  # fmt: skip
    return render(request, "campaign/letter_text.html", context)


@require_POST
def step_letter(request: Any, letter_id: UUID) -> HttpResponse:
    """Opens a text for signing, closes the letter, or opens it again."""
    letter = own_letter(request, letter_id)
    actor, member, now = actor_of(request), request.member, timezone.now()
    match request.POST.get("do"):
        case "open":
            return _done(
                request, letter, "The text is open for signing.",
                lambda: deeds.open_text(actor, member, letter, now),
            )  # fmt: skip
        case "close":
            return _done(
                request, letter, "The letter takes no more signatures.",
                lambda: deeds.close_letter(actor, member, letter, now),
            )  # fmt: skip
        case "open again":
            return _done(
                request, letter, "The letter takes signatures again.",
                lambda: deeds.open_again(actor, member, letter, now),
            )  # fmt: skip
    return redirect("run_letter", letter_id=letter.pk)


@require_http_methods(["GET", "POST"])
def letter_messages(request: Any, letter_id: UUID) -> HttpResponse:
    """Who waits for a message; sending to the next of them. A demonstration shows what it kept."""
    letter = own_letter(request, letter_id)
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "release":
            count = release_held(actor_of(request), request.member, letter, now)
            messages.success(request, f"{count} signers can be written to now.")
        else:
            sent = send_waiting(actor_of(request), letter, request.build_absolute_uri, now)
            messages.success(request, f"{sent} messages were sent.")
        return redirect("letter_messages", letter_id=letter.pk)
    context = {
        "letter": letter,
        **waiting_counts(letter),
        "unasked": cannot_be_asked(letter),
        "mails": settings.SENDS_MESSAGES,
        "is_demo": settings.IS_DEMO,
        "kept": kept_messages(),
    }
    if context["kept"]:
        record(actor_of(request), "read kept messages", details={"letter": str(letter.pk)}, at=now)
    return render(request, "campaign/messages.html", context)


@require_GET
def compare_letters(request: Any, letter_id: UUID, other_id: UUID) -> HttpResponse:
    """Who signed two letters, for whoever decides about like names."""
    letter, other = own_letter(request, letter_id), own_letter(request, other_id)
    context = {"letter": letter, "other": other, "pairs": overlap(letter, other)}
    context["decisions"] = decisions_in(letter, other)
    return render(request, "campaign/compare.html", context)
