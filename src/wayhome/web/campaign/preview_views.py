"""A letter's public page as it will look once its next text is opened; seen by organizers only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from wayhome.web.campaign import standing
from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.letters import draft_version, takes_signatures
from wayhome.web.campaign.models import Letter, Version
from wayhome.web.campaign.organizer_views import own_letter
from wayhome.web.campaign.showing import as_html, page
from wayhome.web.campaign.signatories import signed_after_opening
from wayhome.web.campaign.texts import as_opened, dropped_on, history
from wayhome.web.observatory.records import record_at_hand
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES


@require_safe
def preview_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The public page of a letter as opening its next text today would make it."""
    letter = own_letter(request, letter_id)
    draft = draft_version(letter)
    if draft is None:
        return render(request, "campaign/preview_none.html", {"letter": letter})
    asked = request.GET.get("in", "")
    language = asked if asked in PUBLIC_LANGUAGES else "en"
    return page(request, "preview.html", language, _as_opened(letter, draft, language))


def _as_opened(letter: Letter, draft: Version, language: str) -> dict[str, Any]:
    """What the public page shows. The letter is as it will be, and is not saved so."""
    signed = signed_after_opening(letter)
    letter.stage = Stage.OPEN
    today, now = today_there(), timezone.now()
    opened = as_opened(draft, letter, today)
    dropped = dropped_on([*history(letter), opened], today)
    return {
        "letter": letter,
        "preview": draft,
        "text": as_html(draft.text),
        "on": today,
        "clock": standing.Clock(today, letter.dated),
        "told": standing.standings_of(letter, opened, record_at_hand(), today, language),
        "dropped": [(standing.words_of(one.terms, language), one) for one in dropped.values()],
        "signed": signed,
        "is_open": takes_signatures(letter, now),
    }
