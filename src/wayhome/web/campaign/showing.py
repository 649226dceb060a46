"""What every public page of a letter needs: the letter, the frame, the language. No session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django_scopes import scope, scopes_disabled
from markdown_it import MarkdownIt

from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.models import Letter
from wayhome.web.observatory.frame import frame_of
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES

View = Callable[..., HttpResponse]
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline"])


def as_html(markdown: str) -> str:
    """A text as HTML: headings, lists, emphasis, links; no pictures, no tags of its own."""
    return str(_markdown.render(markdown))


def of_letter(view: View) -> View:
    """A public page of a letter: 404 for one that is no more than a draft."""

    @wraps(view)
    def answer(
        request: HttpRequest, language: str, coalition: str, letter: str, **names: Any
    ) -> HttpResponse:
        found = public_letter(coalition, letter)
        with scope(organization=found.organization):
            return view(request, language, found, **names)

    return answer


def public_letter(coalition: str, slug: str) -> Letter:
    """A letter that everybody may see. Raises Http404."""
    with scopes_disabled():
        letters = Letter.objects.filter(organization__slug=coalition, slug=slug)
        found = letters.exclude(stage=Stage.DRAFT).select_related("organization").first()
    if found is None:
        raise Http404("There is no such letter.")
    return found


def page(
    request: HttpRequest, template: str, language: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page in the frame that all public pages have."""
    around = frame_of(request.path, language, addresses=_in_each_language(request))
    return render(request, f"campaign/{template}", {**around, **context}, status=status)


def _in_each_language(request: HttpRequest) -> dict[str, str]:
    match = resolve(request.path)
    names = {name: value for name, value in match.kwargs.items() if name != "language"}
    route = match.url_name or ""
    if "language" not in match.kwargs:
        return {code: f"{request.path}?in={code}" for code in PUBLIC_LANGUAGES}
    return {code: reverse(route, kwargs={**names, "language": code}) for code in PUBLIC_LANGUAGES}
