"""The portal's pages for when something goes wrong: what happened and what to do, six languages.

They need no database, no session and no script, for those may be what is away.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.template import loader

from wayhome.web.portal.language import language_asked_for
from wayhome.words import language_of

# What each fault of the application is to whoever asks for help.
_SAID = {
    "400.html": "unread",
    "403.html": "closed",
    "403_csrf.html": "stale",
    "404.html": "nothing",
    "405.html": "nothing",
    "500.html": "ours",
    "503.html": "away",
}
_PLACES = ("/p/", "/month/")


def is_of_portal(path: str) -> bool:
    return path == "/" or path.startswith(_PLACES)


def fault_page(request: HttpRequest, template: str) -> str:
    """The page. `again` is where the form or page that failed is opened anew."""
    said = _SAID.get(template, "ours")
    context = {
        "language": language_of(language_asked_for(request)),
        "heading": f"fault.{said}_heading",
        "text": f"fault.{said}",
        "again": "" if said in {"nothing", "closed"} else request.path,
    }
    return loader.render_to_string("portal/fault.html", context)
