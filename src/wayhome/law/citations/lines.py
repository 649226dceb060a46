"""From a line of `cites:` to its citations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wayhome.law.citations import links
from wayhome.law.citations.citation import Citation, CitationKind, CitedLine
from wayhome.law.citations.codes import code_citations
from wayhome.law.citations.decisions import reported, unreported
from wayhome.law.citations.faults import code_faults, unread_faults

_TABLE = re.compile(r"\b[Tt]able (?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)\b")
_CONSTITUTION = re.compile(r"US Constitution(?:, [A-Z]\w+ Amendment)?|[A-Z]\w+ Amendment")


@cache
def parse_line(text: str) -> CitedLine:
    """The citations of a line in order; a line that names nothing else is itself a document."""
    codes = tuple(code_citations(text))
    found = _apart([c.citation() for c in codes])
    for more in (reported(text), unreported(text), _tables(text), _constitution(text)):
        found = _apart([*found, *more])
    faults = (*code_faults(codes), *unread_faults(text, found))
    if not found:
        found = [Citation(CitationKind.DOCUMENT, text, 0, len(text))]
    return CitedLine(text, tuple(sorted(found, key=lambda c: c.start)), faults)


def _apart(found: Iterable[Citation]) -> list[Citation]:
    """Citations of which no two share a letter; of two that do, the earlier found stays."""
    kept: list[Citation] = []
    for citation in found:
        if all(citation.end <= k.start or citation.start >= k.end for k in kept):
            kept.append(citation)
    return kept


def _tables(text: str) -> Iterable[Citation]:
    for found in _TABLE.finditer(text):
        name = found["name"]
        kind = CitationKind.TABLE
        yield Citation(kind, f"table {name}", found.start(), found.end(), table=name)


def _constitution(text: str) -> Iterable[Citation]:
    for found in _CONSTITUTION.finditer(text):
        kind, key = CitationKind.CONSTITUTION, found.group()
        yield Citation(kind, key, found.start(), found.end(), links.constitution(key))
