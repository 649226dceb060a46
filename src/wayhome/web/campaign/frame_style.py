"""The stylesheet of a letter in a frame on somebody else's page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_STYLES = ("observatory.css", "letters.css")


@require_safe
def frame_style(request: HttpRequest) -> HttpResponse:
    """How a letter looks in a frame. Every site may load it; our other stylesheets only we."""
    (folder,) = settings.STATICFILES_DIRS
    style = "\n".join((folder / name).read_text(encoding="utf-8") for name in _STYLES)
    answer = HttpResponse(style, content_type="text/css; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
