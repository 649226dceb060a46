"""Decisions, Federal Register notices and public laws in a line; eyecite knows the reporters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wayhome.law.citations import links
from wayhome.law.citations.citation import Citation, CitationKind

BOARD_REPORTER = "I. & N. Dec."

_DAY = r"(?<![-\d])((?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)\)"
_DECIDED = re.compile(rf"[^()]{{0,60}}?\([^()]*?{_DAY}")
_NAME = re.compile(r"(?:^|[;:] |\bsee )([^;:]*?(?: v\. |Matter of |In re )[^;:]*?),? *$")
# A decision that no reporter holds yet: `Riley v. Bondi (U.S. 2025-06-26)`.
_UNREPORTED = re.compile(
    r"(?P<name>[A-Z][\w.'’&\- ]*? v\. [A-Z][\w.'’\- ]*?)(?:, Nos?\. [\w\-: ]+)? \([^()]*\)"
)


def reported(text: str) -> Iterator[Citation]:
    """Everything that eyecite finds in a line."""
    from eyecite import get_citations  # noqa: PLC0415  loads slowly

    found: Any
    for found in get_citations(text):
        start, end = found.span()
        end = start + len(text[start:end].rstrip())
        citation = _citation(found, text, start, end)
        if citation is not None:
            yield citation


def _citation(found: Any, text: str, start: int, end: int) -> Citation | None:
    groups = found.groups
    volume, page = groups.get("volume"), groups.get("page")
    match found.corrected_reporter() if hasattr(found, "corrected_reporter") else "":
        case "FR" if volume and page:
            url = links.federal_register(volume, page)
            key = f"{volume} FR {page}"
            return Citation(CitationKind.FEDERAL_REGISTER, key, start, end, url)
        case "Pub. L." if groups.get("title", "").count("-") == 1:
            url = links.public_law(*groups["title"].split("-"))
            key = f"Pub. L. {groups['title']}"
            return Citation(CitationKind.PUBLIC_LAW, key, start, end, url)
        case reporter if type(found).__name__ == "FullCaseCitation" and volume and page:
            return _decision(reporter, volume, page, text, start, end)
    return None


def _decision(reporter: str, volume: str, page: str, text: str, start: int, end: int) -> Citation:
    is_board = reporter == BOARD_REPORTER
    shown = "I&N Dec." if is_board else reporter
    decided = _DECIDED.match(text, end)
    name = _NAME.search(text[:start])
    return Citation(
        kind=CitationKind.BOARD_DECISION if is_board else CitationKind.CASE,
        key=f"{volume} {shown} {page}",
        start=name.start(1) if name else start,
        end=end,
        url=links.decision(volume, reporter, page),
        name=name.group(1) if name else "",
        when=decided.group(1) if decided else "",
    )


def unreported(text: str) -> Iterator[Citation]:
    """Decisions named with their court and day, and without a reporter."""
    for found in _UNREPORTED.finditer(text):
        decided = re.search(rf"(?<!by ){_DAY}$", found.group())
        yield Citation(
            kind=CitationKind.CASE,
            key=found["name"],
            start=found.start(),
            end=found.end(),
            name=found["name"],
            when=decided.group(1) if decided else "",
        )
