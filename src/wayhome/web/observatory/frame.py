"""What stands around every public page: its language, the way to the others, what is synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, resolve, reverse

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.records import record_at_hand
from wayhome.web.observatory.wording import PUBLIC_LANGUAGES

# Name of the route and of its text in words/…/frame.yaml. A route that is not there is left out.
NAVIGATION = (
    ("observatory", "nav_demands"),
    ("public_letters", "nav_letters"),
    ("observatory_detention", "nav_detention"),
    ("observatory_facilities", "nav_facilities"),
    ("observatory_closing_plan", "nav_closing"),
    ("observatory_agreements", "nav_agreements"),
    ("observatory_docket", "nav_docket"),
    ("observatory_sources", "nav_sources"),
    ("observatory_about", "nav_about"),
)


@dataclass(frozen=True)
class Way:
    """A link of the frame."""

    address: str
    text: str
    is_here: bool


def frame_of(
    path: str,
    language: str,
    record: PublicRecord | None = None,
    addresses: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context that `observatory/base.html` needs, for a page of any app.

    `addresses`: the page by language, where its route does not take `language`. `asked`: what was
    asked of the page, which is kept in its other language."""
    record = record or record_at_hand()
    addresses = addresses or _in_each_language(path)
    query = f"?{urlencode(asked)}" if asked else ""
    return {
        "language": PUBLIC_LANGUAGES[language],
        "tongues": [
            (PUBLIC_LANGUAGES[code], f"{address}{query}", code == language)
            for code, address in addresses.items()
        ],
        "navigation": _navigation(path, language),
        "invented": _what_is_invented(record),
        "is_packaged": record.is_packaged,
        "edition": record.edition,
    }


def _what_is_invented(record: PublicRecord) -> str:
    """The text that says so on every page: the docket alone, or some of it; empty for none."""
    if not record.is_synthetic():
        return ""
    rest = [one for one in record.sources.values() if one.publication != "docket"]
    is_docket_alone = bool(rest) and not is_invented_but_for_the_docket(record)
    return "frame.synthetic_docket" if is_docket_alone else "frame.synthetic"


def is_invented_but_for_the_docket(record: PublicRecord) -> bool:
    """Whether anything is invented of what is told of facilities, people and agreements."""
    sources = record.sources.values()
    return any(one.synthetic for one in sources if one.publication != "docket")


def address(name: str, language: str, **names: object) -> str:
    """The address of a page in a language. Raises NoReverseMatch."""
    return reverse(name, kwargs={"language": language, **names})


def place_address(
    language: str,
    source: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    last_row: int | None = None,
) -> str:
    """The page of a source, at a sheet, row (or the rows up to `last_row`) and column."""
    asked = {"sheet": sheet, "row": row, "last_row": last_row, "column": column}
    query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    base = address("observatory_source", language, source=source)
    return f"{base}?{query}" if query else base


def _in_each_language(path: str) -> dict[str, str]:
    match = resolve(path)
    names = {name: value for name, value in match.kwargs.items() if name != "language"}
    return {code: address(match.url_name or "", code, **names) for code in PUBLIC_LANGUAGES}


def _navigation(path: str, language: str) -> list[Way]:
    ways = []
    for name, text in NAVIGATION:
        try:
            to = address(name, language)
        except NoReverseMatch:
            continue
        ways.append(Way(to, f"frame.{text}", path == to))
    return ways
