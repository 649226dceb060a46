"""What a source is called, and its terms, in the language of a page.

The record has them in English, as `publications.yaml` words them; a title or licence that was
written for this record alone stays as it is.
"""

from __future__ import annotations

from wayhome.public_record.publishing.sources import told_of_publications
from wayhome.public_record.record import Source
from wayhome.words.languages import ENGLISH

Told = tuple[str, bool]  # the text, and whether it is in the language that was asked for


def title_in(language: str, source: Source) -> Told:
    """What the source is called."""
    return _in(language, source, "title", source.title)


def licence_in(language: str, source: Source) -> Told:
    """On what terms it may be used; empty where that is not known."""
    return _in(language, source, "licence", source.licence or "")


def _in(language: str, source: Source, part: str, text: str) -> Told:
    if language == ENGLISH or not text:
        return text, True
    known = told_of_publications().get(source.publication, {})
    said = known.get(f"{part}_{language}")
    is_own = _filled(known.get(part, ""), source) != text
    return (text, False) if said is None or is_own else (_filled(said, source), True)


def _filled(text: str, source: Source) -> str:
    return text.replace("{file}", source.file)
