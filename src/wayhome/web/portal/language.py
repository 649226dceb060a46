"""The language of a page: chosen by the reader, kept in a cookie that says nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from wayhome.words import LANGUAGES, language_of

COOKIE = "language"


class LanguageMiddleware:
    """Sets `request.language` from the cookie, else from what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.language = language_asked_for(request)
        with translation.override("en"):
            return self.get_response(request)


def language_asked_for(request: HttpRequest) -> str:
    """The language of the cookie, else the first that the browser asks for and we have."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    asked = request.headers.get("Accept-Language", "")
    wanted = (part.split(";")[0].strip().lower().split("-")[0] for part in asked.split(","))
    return next((code for code in wanted if code in LANGUAGES), "en")


def languages(request: Any) -> dict[str, Any]:
    """For templates: every language, and the one of this page with its direction."""
    this = language_of(getattr(request, "language", "en"))
    return {"languages": tuple(LANGUAGES.values()), "language": this}
