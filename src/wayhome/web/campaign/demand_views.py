"""Pages of organizers about demands: measures, evidence, notes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wayhome.web.audit.actors import actor_of
from wayhome.web.campaign import demands as deeds
from wayhome.web.campaign import next_text, standing
from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.days import day_of, today_there
from wayhome.web.campaign.letters import CannotBe, draft_version
from wayhome.web.campaign.models import Demand, Letter
from wayhome.web.campaign.next_text import Waiting
from wayhome.web.campaign.organizer_forms import DemandForm, EvidenceForm, NoteForm
from wayhome.web.campaign.organizer_views import own_letter
from wayhome.web.campaign.sent_numbers import number_sent
from wayhome.web.campaign.texts import TERMS, Dropped, dropped_on, history, proposed
from wayhome.web.files.apart import safe_file_apart
from wayhome.web.files.what_is_taken import ENDINGS, Refused
from wayhome.web.observatory.records import record_at_hand

_FIELDS = (
    "words", "words_es", "slug", "owner", "known_as", "series", "direction", "target", "target_is",
)  # fmt: skip
_LONGEST_FILE_NAME = 80


@require_http_methods(["GET", "POST"])
def demands(request: Any, letter_id: UUID) -> HttpResponse:
    """The demands of a letter, and a form for one more."""
    letter = own_letter(request, letter_id)
    form = DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(request, letter, None, form):
        return redirect("letter_demands", letter_id=letter.pk)
    told = standing.standings(letter, record_at_hand(), today_there(), "en")
    context = {"letter": letter, "form": form, "told": told, "waits": _waits(letter)}
    context["dropped"] = _dropped(letter)
    return render(request, "campaign/demands.html", context)


def _waits(letter: Letter) -> list[tuple[Waiting, str]]:
    """What the next text changes of the demands, each with its measure in it."""
    found = next_text.waiting(letter)
    return [(one, standing.measure_words(one.after, "en") if one.after else "") for one in found]


def _dropped(letter: Letter) -> list[tuple[Dropped, Demand]]:
    """Demands that the letter had, and has not today."""
    gone = dropped_on(history(letter), today_there())
    return [(gone[row.slug], row) for row in letter.demands.filter(slug__in=gone)]


def _written(request: Any, letter: Letter, demand: Demand | None, form: DemandForm) -> bool:
    today = today_there()
    try:
        standing.check_target(letter, form.cleaned_data, record_at_hand(), today)
    except CannotBe as why:
        form.add_error("target", str(why))
        return False
    try:
        deeds.write_demand(
            actor_of(request), request.member, letter, demand, timezone.now(), **form.cleaned_data
        )
    except CannotBe as why:
        form.add_error("slug", str(why))
        return False
    if letter.opened_at is None:
        messages.success(request, "The demand is kept.")
    else:
        messages.success(
            request,
            "It is kept for the next text. Nothing changes before you open that text, which asks "
            "every signer again.",
        )
    return True


@require_http_methods(["GET", "POST"])
def demand(request: Any, letter_id: UUID, pk: int) -> HttpResponse:
    """One demand: its measure, its evidence, its notes."""
    letter = own_letter(request, letter_id)
    found = get_object_or_404(letter.demands, pk=pk)
    found.letter = letter
    initial = {name: getattr(found, name) for name in _FIELDS}
    draft = draft_version(letter) if letter.opened_at else None
    if draft is not None:
        next_one = [one for one in proposed(draft, letter) if one["slug"] == found.slug]
        initial |= {name: one[name] for one in next_one for name in TERMS}
    form = DemandForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _written(request, letter, found, form):
        return redirect("letter_demand", letter_id=letter.pk, pk=found.pk)
    found.refresh_from_db()
    found.letter = letter
    today: date = today_there()
    waits = _waits(letter)
    dropped = dropped_on(history(letter), today).get(found.slug)
    is_going = any(one.slug == found.slug and one.after is None for one, _ in waits)
    context = {
        "letter": letter, "demand": found, "form": form, "waits": waits, "dropped": dropped,
        "can_drop": letter.stage == Stage.OPEN and not dropped and not is_going,
        "one": standing.told_of(found, record_at_hand(), today, "en"),
        "evidence": found.evidence.select_related("added_by"),
        "notes": found.notes.select_related("written_by"),
        "evidence_form": EvidenceForm(initial={"on": day_of(timezone.now())}),
        "note_form": NoteForm(initial={"on": day_of(timezone.now())}),
    }  # fmt: skip
    return render(request, "campaign/demand_staff.html", context)


@require_POST
def change_demand(request: Any, letter_id: UUID, pk: int) -> HttpResponse:
    """Adds evidence or a note, takes one off, removes a demand of a draft, or drops one."""
    letter = own_letter(request, letter_id)
    found = get_object_or_404(letter.demands, pk=pk)
    found.letter = letter
    try:
        match request.POST.get("do"):
            case "evidence":
                _add_evidence(request, found)
            case "note":
                _attach_note(request, found)
            case "take off evidence":
                _take_off(request, found.evidence, "evidence")
            case "take off note":
                _take_off(request, found.notes, "note")
            case "remove":
                deeds.remove_demand(actor_of(request), request.member, found, timezone.now())
                return redirect("letter_demands", letter_id=letter.pk)
            case "drop":
                next_text.drop(actor_of(request), request.member, found, timezone.now())
    except (CannotBe, Refused) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "It is done.")
    return redirect("letter_demand", letter_id=letter.pk, pk=pk)


@require_POST
def leave_demand(request: Any, letter_id: UUID, slug: str) -> HttpResponse:
    """Takes back what the next text would change of a demand."""
    letter = own_letter(request, letter_id)
    try:
        next_text.leave_as_it_stands(
            actor_of(request), request.member, letter, slug, timezone.now()
        )
    except CannotBe as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "It is taken back: the next text does not change it.")
    return redirect("letter_demands", letter_id=letter.pk)


def _add_evidence(request: Any, demand: Demand) -> None:
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise CannotBe(_faults(form))
    told = form.cleaned_data
    kept: dict[str, Any] = {}
    if told["file"] is not None:
        if getattr(told["file"], "is_cut", False) or told["file"].size > deeds.LARGEST_FILE:
            raise CannotBe("The file is larger than 5 MB.")
        safe = safe_file_apart(told["file"].read())
        kept = {"file": safe.data, "content_type": safe.content_type}
        kept["file_name"] = _file_name(safe.content_type, told["source"])
    deeds.add_evidence(
        actor_of(request), request.member, demand, timezone.now(),
        on=told["on"], source=told["source"], quote=told["quote"], **kept,
    )  # fmt: skip


def _file_name(content_type: str, source: str) -> str:
    """A plain name, with the ending of what the file is and not of what it was called."""
    ending = ENDINGS.get(content_type, "." + content_type.rpartition("/")[2])
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in source).strip("-")
    return f"{plain[:_LONGEST_FILE_NAME] or 'evidence'}{ending}"


def _attach_note(request: Any, demand: Demand) -> None:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise CannotBe(_faults(form))
    told = form.cleaned_data
    deeds.attach_note(
        actor_of(request), request.member, demand, told["on"], told["text"], timezone.now()
    )


def _take_off(request: Any, rows: Any, name: str) -> None:
    one = get_object_or_404(rows, pk=number_sent(request.POST.get(name, "")))
    deeds.take_off(actor_of(request), request.member, one, timezone.now())


def _faults(form: Any) -> str:
    return " ".join(f"{form[name].label}: {' '.join(why)}" for name, why in form.errors.items())
