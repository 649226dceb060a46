"""The public pages of letters: read only, without a session, a cookie or a script."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled

from wayhome.public_record.demands.wording import impossible_words
from wayhome.sources.letters.same_organization import Verdict
from wayhome.web.campaign import standing
from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.demands import file_of
from wayhome.web.campaign.letters import current_version, takes_signatures
from wayhome.web.campaign.likeness import SIGNED, overlap
from wayhome.web.campaign.models import Letter, Version
from wayhome.web.campaign.showing import as_html, of_letter, page
from wayhome.web.campaign.signatories import signed
from wayhome.web.campaign.texts import dropped_on, history, not_yet_on, stands_since
from wayhome.web.campaign.timeline import demands_changed, happenings, of_demand_alone
from wayhome.web.campaign.wording import say
from wayhome.web.observatory.records import record_at_hand
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def day_asked_for(request: HttpRequest) -> date:
    """The day of `?on=2021-09-01`; today where none is named or it is no day."""
    return _day(request, "on") or today_there()


def _day(request: HttpRequest, name: str) -> date | None:
    asked = _day_in(request.GET.get(name, ""))
    return asked if asked and _is_looked_at(asked) else None


def _is_looked_at(day: date) -> bool:
    return _FIRST_DAY <= day <= _LAST_DAY


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_day_said(request: HttpRequest, language: str) -> str:
    """What is wrong with a day that was asked for: none at all (an old phone has a plain field for
    it), or one that is outside of what is looked at; empty where nothing is.
    """
    asked = [request.GET.get(name, "") for name in ("on", "suppose")]
    days = [_day_in(text) for text in asked if text]
    if None in days:
        return say(language, "page.no_day")
    if all(day and _is_looked_at(day) for day in days):
        return ""
    first, last = str(_FIRST_DAY.year), str(_LAST_DAY.year)
    return say(language, "page.day_outside", first=first, last=last)


def supposed_date(request: HttpRequest, letter: Letter) -> date | None:
    """The day of `?suppose=`, for a letter whose date nobody has entered; the page says that it is
    supposed. The letter is not saved with it.
    """
    if letter.dated is not None:
        return None
    letter.dated = _day(request, "suppose")
    return letter.dated


@require_safe
def letters(request: HttpRequest, language: str) -> HttpResponse:
    """Every letter that is open to everybody."""
    with scopes_disabled():
        counted = Count("signatures", filter=Q(signatures__state="confirmed"))
        rows = Letter.objects.exclude(stage=Stage.DRAFT).select_related("organization")
        found = list(rows.annotate(signed=counted).order_by("-dated", "-opened_at", "title"))
    now = timezone.now()
    shown = [(one, takes_signatures(one, now)) for one in found]
    return page(request, "letters.html", language, {"letters": shown})


@require_safe
@of_letter
def letter(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """A letter: its text, its demands with their status on a day, and who has signed."""
    return page(request, "letter.html", language, _about(request, language, letter))


def _about(request: HttpRequest, language: str, letter: Letter) -> dict[str, Any]:
    on, version = day_asked_for(request), current_version(letter)
    supposed = supposed_date(request, letter)
    others = Letter.objects.exclude(pk=letter.pk).exclude(stage=Stage.DRAFT)
    embed = reverse("embed_letter", kwargs=_names(language, letter))
    texts = history(letter)
    return {
        "letter": letter,
        "text": as_html(version.text) if version else "",
        "version": version,
        "on": on,
        "supposed": supposed,
        "no_day": _no_day_said(request, language),
        "impossible": _impossible(letter, supposed, language),
        "clock": standing.Clock(on, letter.dated),
        "told": standing.standings(letter, record_at_hand(), on, language, texts),
        "dropped": [
            (standing.words_of(one.terms, language), one) for one in dropped_on(texts, on).values()
        ],
        "not_yet": not_yet_on(letter, texts, on),
        "signed": signed(letter),
        "is_open": takes_signatures(letter, timezone.now()),
        "others": others.order_by("title"),
        "embed": request.build_absolute_uri(embed),
    }


def _impossible(letter: Letter, supposed: date | None, language: str) -> str:
    """Why the letter cannot be of the day that a reader supposes; empty where it can."""
    demand = letter.demands.first()
    return impossible_words(standing.measured_of(demand), supposed, language) if demand else ""


def _names(language: str, letter: Letter) -> dict[str, str]:
    return {"language": language, "coalition": letter.organization.slug, "letter": letter.slug}


@require_safe
@of_letter
def demand(request: HttpRequest, language: str, letter: Letter, demand: str) -> HttpResponse:
    """One demand: its status on a day and why, the figures, evidence, notes, what happened."""
    found = get_object_or_404(letter.demands, slug=demand)
    found.letter = letter
    on, record = day_asked_for(request), record_at_hand()
    supposed, texts = supposed_date(request, letter), history(letter)
    context = {
        "letter": letter,
        "on": on,
        "supposed": supposed,
        "no_day": _no_day_said(request, language),
        "impossible": _impossible(letter, supposed, language),
        "clock": standing.Clock(on, letter.dated),
        "one": standing.told_of(found, record, on, language, texts),
        "since": stands_since(found.slug, texts, on),
        "dropped": dropped_on(texts, on).get(found.slug),
        "not_yet": not_yet_on(letter, texts, on).get(found.slug),
        "evidence": found.evidence.filter(removed_at=None),
        "notes": found.notes.filter(removed_at=None),
        "happened": of_demand_alone(found, record, on, language),
    }
    return page(request, "demand.html", language, context)


@require_safe
@of_letter
def happened(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """What happened to a letter and to all of its demands."""
    on = day_asked_for(request)
    found = happenings(letter, record_at_hand(), on, language)
    return page(request, "timeline.html", language, {"letter": letter, "happened": found, "on": on})


@require_safe
@of_letter
def press(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """One page for reporters: who asks what of whom, what became of it, where numbers are from."""
    return page(request, "press.html", language, _about(request, language, letter))


@require_safe
@of_letter
def versions(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """Every text that was open for signing, and what changed from one to the next."""
    opened = list(letter.versions.exclude(opened_at=None).order_by("number"))
    rows = letter.signatures.exclude(version=None).filter(state__in=SIGNED).values_list("version")
    counted = rows.annotate(by_link=Count("linked_at"), every=Count("pk")).order_by()
    counts = {version: (by_link, every - by_link) for version, by_link, every in counted}
    demands = demands_changed(letter, language)
    shown = [
        {
            "version": one,
            "demands": demands.get(one.number, []),
            "changed": _changed(before, one),
            "signed": by_link,
            "named": named,
        }
        for before, one in zip([None, *opened], opened, strict=False)
        for by_link, named in [counts.get(one.pk, (0, 0))]
    ]
    context = {"letter": letter, "versions": shown[::-1]}
    return page(request, "versions.html", language, context)


def _changed(before: Version | None, after: Version) -> list[tuple[str, str]]:
    """The lines of a text, each as it stays (" "), was added ("+") or taken out ("-").

    Whole lines are compared, never the letters of two: of a text of thousands of short lines that
    would take minutes, and this page is everybody's.
    """
    old, new = (_lines_of(one.text) if one else [] for one in (before, after))
    found: list[tuple[str, str]] = []
    for same, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if same == "equal":
            found += [(" ", line) for line in new[c:d]]
        else:
            found += [("-", line) for line in old[a:b]] + [("+", line) for line in new[c:d]]
    return found


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@require_safe
@of_letter
def both(request: HttpRequest, language: str, letter: Letter, other: str) -> HttpResponse:
    """Which organizations signed two letters, and under which spellings."""
    second = get_object_or_404(
        Letter.objects.exclude(stage=Stage.DRAFT).exclude(pk=letter.pk), slug=other
    )
    pairs = overlap(letter, second)
    same = [pair for pair in pairs if pair.likeness.verdict is Verdict.SAME]
    context = {
        "letter": letter,
        "other": second,
        "same": same,
        "spelt": [pair for pair in same if not pair.spelt_alike],
        "maybe": [pair for pair in pairs if pair.likeness.verdict is Verdict.ASK],
        "repeated": [(one, signed(one).repeated) for one in (letter, second)],
    }
    return page(request, "both.html", language, context)


@require_safe
@of_letter
def evidence_file(
    request: HttpRequest, language: str, letter: Letter, demand: str, pk: int
) -> HttpResponse:
    """The file of a piece of evidence, to be saved."""
    found = get_object_or_404(letter.demands, slug=demand)
    evidence = get_object_or_404(found.evidence.filter(removed_at=None), pk=pk)
    if not evidence.file_name:
        raise Http404("There is no file.")
    answer = HttpResponse(file_of(evidence), content_type=evidence.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, evidence.file_name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# The only page that other sites may show in a frame: it has no form, no script and no cookie.
EMBEDDED = {
    "default-src": [NONE],
    "style-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


@require_safe
@xframe_options_exempt
@csp_replace(EMBEDDED)
@of_letter
def embed(request: HttpRequest, language: str, letter: Letter) -> HttpResponse:
    """A letter for somebody else's page: the count of signers, the day, each status."""
    context = _about(request, language, letter) | {"language": PUBLIC_LANGUAGES[language]}
    answer = render(request, "campaign/embed.html", context)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
