"""Files of a letter that everybody may take along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wayhome.web.campaign import drawn, standing
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.public_views import day_asked_for
from wayhome.web.campaign.showing import of_letter
from wayhome.web.campaign.signatories import Signed, signed
from wayhome.web.campaign.taking_along import (
    calendar,
    feed,
    letter_docx,
    signatories_csv,
)
from wayhome.web.campaign.texts import dropped_on, history, not_yet_on
from wayhome.web.campaign.timeline import Happening, happenings
from wayhome.web.observatory.records import record_at_hand

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_Made = Callable[[Letter, Signed, str, datetime], bytes]
FORMS: dict[str, tuple[str, _Made]] = {
    "csv": (
        "text/csv; charset=utf-8",
        lambda letter, found, language, now: signatories_csv(found),
    ),
    "docx": (DOCX, letter_docx),
    "pdf": ("application/pdf", drawn.letter_pdf),
}


@require_safe
@of_letter
def signatories(request: HttpRequest, language: str, letter: Letter, form: str) -> HttpResponse:
    """The letter with who has signed (Word, PDF), or the signatories alone (CSV)."""
    content_type, made = FORMS[form]
    shown = made(letter, signed(letter), language, timezone.localtime())
    return _file(shown, content_type, f"{letter.slug}.{form}")


@require_safe
@of_letter
def poster(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """All demands with their status on a day."""
    on = day_asked_for(request)
    record = record_at_hand()
    told = standing.standings(letter, record, on, language)
    if not told:
        raise Http404("The letter has no demands.")
    clock, absolute = standing.Clock(on, letter.dated), request.build_absolute_uri
    made = drawn.poster(letter, told, clock, language, record, absolute)
    return _file(made, "application/pdf", f"{letter.slug}-{on.isoformat()}.pdf")


@require_safe
@of_letter
def picture(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """How many demands stand how on a day; of today, who has signed."""
    on = day_asked_for(request)
    told = standing.standings(letter, record_at_hand(), on, language)
    # Who signed by a past day is not kept: of another day than today the picture tells no number.
    signs = signed(letter) if on == today_there() else None
    clock = standing.Clock(on, letter.dated)
    made = drawn.picture_of_letter(letter, told, clock, language, signs)
    return HttpResponse(made, content_type="image/png")


@require_safe
@of_letter
def demand_picture(
    request: HttpRequest, language: str, letter: Letter, demand: str
) -> HttpResponse:
    """One demand with its status on a day."""
    found = get_object_or_404(letter.demands, slug=demand)
    found.letter = letter
    on = day_asked_for(request)
    texts = history(letter)
    record = record_at_hand()
    one = standing.told_of(found, record, on, language, texts)
    if found.slug in not_yet_on(letter, texts, on):
        raise Http404("The letter did not ask for this yet.")
    is_dropped = found.slug in dropped_on(texts, on)
    clock = standing.Clock(on, letter.dated)
    made = drawn.picture_of_demand(letter, one, clock, language, record, is_dropped=is_dropped)
    return HttpResponse(made, content_type="image/png")


@require_safe
@of_letter
def atom(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """What happened, as a feed."""
    today = today_there()
    found = happenings(letter, record_at_hand(), today, language)
    page_of = _page_of(request, language, letter)
    home = request.build_absolute_uri(reverse("public_letter", kwargs=_names(language, letter)))
    own = request.build_absolute_uri()
    made = feed(letter, found, language, own, home, page_of, today)
    return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")


@require_safe
@of_letter
def ics(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """Its days, as a calendar."""
    found = happenings(letter, record_at_hand(), today_there(), language)
    made = calendar(letter, found, _page_of(request, language, letter))
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")


def _page_of(request: HttpRequest, language: str, letter: Letter) -> Callable[[Happening], str]:
    names = _names(language, letter)

    def page(one: Happening) -> str:
        if one.demand is None:
            path = reverse("public_letter", kwargs=names)
        else:
            path = reverse("public_demand", kwargs=names | {"demand": one.demand.slug})
            path += f"?on={one.day.isoformat()}"
        return request.build_absolute_uri(path)

    return page


def _names(language: str, letter: Letter) -> dict[str, str]:
    return {"language": language, "coalition": letter.organization.slug, "letter": letter.slug}


def _file(made: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
