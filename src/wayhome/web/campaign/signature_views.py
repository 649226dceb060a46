"""Pages of organizers about signatures: the queue, one signature, like names."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wayhome.sources.letters.same_organization import Verdict
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.campaign import queue, signing
from wayhome.web.campaign.choices import SignatureState
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.likeness import decide, decisions_in, take_back, twins_in
from wayhome.web.campaign.messages import link_to_hand_over
from wayhome.web.campaign.models import Letter, Likeness, Signature, Signer
from wayhome.web.campaign.organizer_forms import SignatureForm, SignerForm
from wayhome.web.campaign.organizer_views import own_letter
from wayhome.web.campaign.plain_text import one_line
from wayhome.web.campaign.sent_numbers import number_sent
from wayhome.web.campaign.signing_states import steps_for_organizer

_TWINS_SHOWN = 50
_REMEMBERED_AND_SETTLED = (
    "It is remembered. What the organization confirmed by its own link took the place of the line "
    "that was only named, which is set aside."
)


@require_http_methods(["GET", "POST"])
def signatures(request: Any, letter_id: UUID) -> HttpResponse:
    """Signatures by their state, at first those that wait, where some do; those that a robot left
    are set aside with one button."""
    letter = own_letter(request, letter_id)
    all_waiting = letter.signatures.filter(state=SignatureState.ASKED).count()
    state = request.GET.get("state", SignatureState.ASKED if all_waiting else "")
    state = state if state in SignatureState else ""
    words = one_line(request.GET.get("q", "")[:100])
    if request.method == "POST":
        _set_aside(request, letter, words)
        query = urlencode({"state": state, "q": words})
        return redirect(f"{reverse('letter_queue', args=[letter.pk])}?{query}")
    found = queue.found_in(letter, state, words)
    page = Paginator(found, queue.PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    waiting = [one for one in shown if one.state == SignatureState.ASKED]
    twins = [p for p in twins_in(letter, waiting) if p.likeness.verdict is not Verdict.DIFFERENT]
    context = {
        "letter": letter, "page": page, "shown": shown, "state": state, "words": words,
        "states": [(one.value, one.of_lines) for one in SignatureState],
        "twins": twins[:_TWINS_SHOWN], "more_twins": max(0, len(twins) - _TWINS_SHOWN),
        "decisions": decisions_in(letter),
        "is_full": all_waiting >= signing.MOST_WAITING, "most": signing.MOST_WAITING,
    }  # fmt: skip
    return render(request, "campaign/queue.html", context)


def _set_aside(request: Any, letter: Letter, words: str) -> None:
    actor, member, now = actor_of(request), request.member, timezone.now()
    if request.POST.get("do") == "all":
        done = queue.set_aside_found(actor, member, letter, words, now)
    else:
        ids = [found for text in request.POST.getlist("one") if (found := _uuid(text))]
        done = queue.set_aside(actor, member, letter, ids, now)
    messages.success(request, f"{done} signatures are set aside, and who asked is erased.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def signature(request: Any, letter_id: UUID, signature_id: UUID) -> HttpResponse:
    """One signature: how it is printed, where it stands, who gave it."""
    letter = own_letter(request, letter_id)
    one = get_object_or_404(letter.signatures, pk=signature_id)
    initial = {"name": one.name, "place": one.place, "kind": one.kind}
    form = SignatureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            queue.change_signature(
                actor_of(request), request.member, one, timezone.now(), **form.cleaned_data
            )
        except CannotBe as why:
            said = "This is no name of an organization: no address, no empty name."
            form.add_error("name", said if str(why) in signing.NO_NAME else str(why))
        else:
            messages.success(request, "It is printed so from now on.")
            return redirect("letter_signature", letter_id=letter.pk, signature_id=one.pk)
    return render(request, "campaign/signature.html", _about(request, letter, one, form))


def _about(request: Any, letter: Letter, one: Signature, form: Any = None) -> dict[str, Any]:
    signer = Signer.objects.filter(signature=one).first()
    if signer is not None:
        details = {"letter": str(letter.pk), "signature": str(one.pk)}
        record(actor_of(request), "read the address of a signer", details=details)
    initial = {"name": one.name, "place": one.place, "kind": one.kind}
    can_confirm = one.state in (SignatureState.ASKED, SignatureState.ASKED_AGAIN)
    return {
        "letter": letter, "one": one, "signer": signer,
        "form": form or SignatureForm(initial=initial),
        "signer_form": SignerForm(), "can_confirm": can_confirm, "mails": settings.SENDS_MESSAGES,
        "steps": [(s.after, s.after.label) for s in steps_for_organizer(one.state)],
    }  # fmt: skip


@require_POST
def step_signature(request: Any, letter_id: UUID, signature_id: UUID) -> HttpResponse:
    """What an organizer does with one signature."""
    letter = own_letter(request, letter_id)
    one = get_object_or_404(letter.signatures, pk=signature_id)
    actor, member, now = actor_of(request), request.member, timezone.now()
    do = request.POST.get("do", "")
    try:
        if do == "link" and one.state in (SignatureState.ASKED, SignatureState.ASKED_AGAIN):
            link = link_to_hand_over(actor, one, request.build_absolute_uri, now)
            context = {"letter": letter, "one": one, "link": link}
            return render(request, "campaign/link_once.html", context)
        if do == "erase":
            signing.erase_signer(actor, one, now)
        elif do == "signer":
            _keep_signer(request, one)
        elif do in SignatureState:
            queue.take_step(actor, member, one, do, now, request.POST.get("why", ""))
    except CannotBe as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "It is done.")
    return redirect("letter_signature", letter_id=letter.pk, signature_id=one.pk)


def _keep_signer(request: Any, one: Signature) -> None:
    form = SignerForm(request.POST)
    if not form.is_valid():
        raise CannotBe("Give a name and an address of mail.")
    now = timezone.now()
    if Signer.objects.filter(signature=one).exists():
        signing.erase_signer(actor_of(request), one, now)
    signing.keep_signer(one, form.cleaned_data["name"], form.cleaned_data["email"], now)
    details = {"letter": str(one.letter_id), "signature": str(one.pk)}
    record(actor_of(request), "kept the address of a signer", details=details, at=now)


@require_POST
def decide_likeness(request: Any, letter_id: UUID) -> HttpResponse:
    """Whether two names are one organization, remembered from now on."""
    letter = own_letter(request, letter_id)
    one, other = request.POST.get("one", ""), request.POST.get("other", "")
    answer = request.POST.get("answer", "")
    actor, member, now = actor_of(request), request.member, timezone.now()
    if answer == "take back":
        row = get_object_or_404(Likeness, pk=number_sent(request.POST.get("decision", "")))
        take_back(actor, member, row, now)
        messages.success(request, "It is a question again.")
    elif one and other and answer in ("same", "different"):
        decide(actor, member, one, other, is_same=answer == "same", now=now)
        named = 0
        if answer == "same":
            named = queue.settle_named(actor, member, letter, (one, other), now)
        messages.success(request, _REMEMBERED_AND_SETTLED if named else "It is remembered.")
    if request.POST.get("back") == "compare" and (second := _uuid(request.POST.get("with", ""))):
        return redirect("compare_letters", letter_id=letter.pk, other_id=second)
    return redirect("letter_queue", letter_id=letter.pk)
