"""A pasted list, page by page: what was read, corrected and compared, then taken in."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wayhome.web.audit.actors import actor_of
from wayhome.web.campaign import pasting
from wayhome.web.campaign.choices import Kind
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.organizer_forms import PasteForm
from wayhome.web.campaign.organizer_views import own_letter
from wayhome.web.campaign.pasting import Corrections, Decisions, Preview, TakenIn
from wayhome.web.campaign.sent_numbers import number_sent

# So many names that repeat another are said, once a list came in.
_MOST_NAMED = 10


@require_http_methods(["GET", "POST"])
def paste(request: Any, letter_id: UUID) -> HttpResponse:
    """What was read of a list; taken in once nothing of it is new to whoever looks at it."""
    letter = own_letter(request, letter_id)
    form = PasteForm(request.POST or None)
    context: dict[str, Any] = {"letter": letter, "form": form}
    if request.method == "POST" and form.is_valid():
        text, lines = form.cleaned_data["text"], _lines(form.cleaned_data["lines"])
        try:
            found = pasting.preview(letter, text, lines, _corrections(request), _kinds(request))
            out, fresh = _looked_at(request, letter, found, lines)
            context |= _shown(request, found, out, fresh)
            if request.POST.get("do") == "take" and not fresh:
                return _take(request, letter, form.cleaned_data, out)
        except CannotBe as why:
            form.add_error("text", str(why))
    return render(request, "campaign/paste.html", context)


def _looked_at(
    request: Any, letter: Letter, found: Preview, lines: tuple[int, int] | None
) -> tuple[set[int], set[int]]:
    """The lines that are ticked to be left out, and those of which the page says something new."""
    if not request.POST.get("do"):
        return {row.number for row in found.rows if row.stays_out}, set()
    out = {number_sent(number) for number in request.POST.getlist("out")}
    fresh = pasting.repeats_since(found, _known(request), out)
    compared = _compared(request)
    if compared != found.corrections:
        before = pasting.preview(letter, request.POST["text"], lines, compared)
        fresh |= pasting.news(before, found, out)
    return out, fresh


def _known(request: Any) -> set[int] | None:
    """The lines of which the page has said that they repeat a name; None for no page of ours."""
    told = request.POST.get("again")
    return None if told is None else {number_sent(number) for number in told.split()}


def _shown(
    request: Any, found: Preview, out: Collection[int], fresh: Collection[int]
) -> dict[str, Any]:
    decisions = _decisions(request)
    answers = {True: "same", False: "different", None: ""}
    rows = {row.number: row for row in found.rows}
    ticked = {*out, *(number for number in fresh if rows[number].stays_out)}
    second = {
        pair.other.line
        for pair in found.questions
        if decisions.get((pair.one.name, pair.other.name))
    }
    left_out = len(found.names(ticked | second))
    return {
        "found": found,
        "ticked": ticked,
        "left_out": left_out,
        "to_come": len(found.read.signatories) - left_out,
        "fresh": sorted(fresh),
        "compared": json.dumps(found.corrections),
        "again": " ".join(str(row.number) for row in found.rows if row.again),
        "questions": [
            (pair, answers[decisions.get((pair.one.name, pair.other.name))])
            for pair in found.questions
        ],
        "kinds": Kind.choices,
        "can_correct": len(found.rows) <= pasting.MOST_CORRECTED,
    }


def _take(request: Any, letter: Letter, told: dict[str, Any], out: Collection[int]) -> HttpResponse:
    taken = pasting.take_in(
        actor_of(request), request.member, letter, told["text"], timezone.now(),
        leave_out=out, decisions=_decisions(request), how_known=told["how_known"],
        lines=_lines(told["lines"]), corrections=_corrections(request), known=_known(request),
        kinds=_kinds(request),
    )  # fmt: skip
    messages.success(request, _came_in(taken))
    query = urlencode({"state": "confirmed"})
    return redirect(f"{reverse('letter_queue', args=[letter.pk])}?{query}")


def _came_in(taken: TakenIn) -> str:
    """How many came in and were left out, which is all, and which of these repeat another name."""
    were = "was" if taken.left_out == 1 else "were"
    said = f"{taken.came} came in; {taken.left_out} {were} left out."
    named = taken.repeated[:_MOST_NAMED]
    if not named:
        return said
    more = len(taken.repeated) - len(named)
    names = "; ".join(f"“{name}”" for name in named) + (f"; and {more} more" if more else "")
    return f"{said} Of those left out, {len(taken.repeated)} repeat another name: {names}."


def _corrections(request: Any) -> Corrections:
    """Names and places as they stand in the lines of the page, by the number of the line."""
    found = {}
    for field, name in request.POST.items():
        number = field.removeprefix("name_")
        if field.startswith("name_") and (line := number_sent(number)):
            found[line] = name, request.POST.get(f"place_{number}", "")
    return found


def _kinds(request: Any) -> dict[int, str]:
    """The kind that was chosen for each line of the page."""
    return {
        line: kind
        for field, kind in request.POST.items()
        if field.startswith("kind_") and (line := number_sent(field.removeprefix("kind_")))
    }


def _compared(request: Any) -> dict[int, tuple[str, str]]:
    """The corrections that the page has compared when it was shown."""
    try:
        told = json.loads(request.POST.get("compared") or "{}")
        return {int(number): (str(name), str(place)) for number, (name, place) in told.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _decisions(request: Any) -> Decisions:
    """What was answered of like names: "same" or "different"; what was left open is not kept."""
    found = {}
    for place, (one, other) in enumerate(
        zip(request.POST.getlist("pair_one"), request.POST.getlist("pair_other"), strict=False)
    ):
        answer = request.POST.get(f"pair_{place}", "")
        if answer in ("same", "different"):
            found[one, other] = answer == "same"
    return found


def _lines(text: str) -> tuple[int, int] | None:
    if not text.strip():
        return None
    first, _, last = text.partition("-")
    return number_sent(first.strip()), number_sent(last.strip())
