"""How to reach somebody, in a line of a list: it is no part of a name, and is never published."""

from __future__ import annotations

import re

_DASH = r"\-‐-―−"
_MAIL = r"<?(?:mailto:)?[^\s@<>(),;:|/]+@[^\s@<>(),;|]+\.\w+>?"
# "MoveOn.org" is a name: a bare address is one only behind a mark, in small letters.
_WEB = r"<?(?:https?://|www\.)[^\s<>),;|]+>?"
_BARE_WEB = (
    r"(?<=[,;|(\[])\s*(?-i:[a-z][a-z\d-]*(?:\.[a-z\d-]+)*\.(?:org|com|net|info|us|edu)\b)[^\s),;]*"
)
_PHONE = (
    rf"(?<![\w.])(?:\+?\d{{1,3}}[\s.{_DASH}]*)?(?:\(\d{{3}}\)|\d{{3}})[\s./{_DASH}]*\d{{3}}[\s.{_DASH}]*"
    r"\d{4}(?![^\Wx])"
    rf"|(?<![\w.{_DASH}])\d{{3}}[.{_DASH}]\d{{4}}(?![\w{_DASH}])"
    rf"|\+\d[\d\s.(){_DASH}]{{6,}}\d(?!\w)"
)
_EXTENSION = r"(?:,?\s*(?:x|ext\.?|extension)\s*\d{1,6}\b)?"
_LABEL = (
    r"(?:contact(?:o)?|tel[eé]fono|tel(?:ephone)?|phone|ph|fax|cell|mobile|call|text|"
    r"e-?mail|mail|correo|web(?:site)?)"
)
TELEPHONE = re.compile(_PHONE, re.IGNORECASE)
MAIL = re.compile(r"\S@\S+\.\w")
_REACHED_BY = re.compile(
    rf"(?:\b{_LABEL}\b\s*[.:#]*\s*)?(?:{_MAIL}|{_WEB}|{_BARE_WEB}|(?:{_PHONE}){_EXTENSION})",
    re.IGNORECASE,
)
# "contact: Dana Whitlock": whatever is said behind the colon is about a person.
_SAID = re.compile(
    rf"\b{_LABEL}\b[.\s]*(?::.*|#?\s*\d{{3}}[\s.{_DASH}]?\d{{4}}\b.*)$", re.IGNORECASE
)
_STREET = re.compile(
    r",\s*\d{1,6}\s+[^,]*\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|"
    r"place|pl|court|ct|highway|hwy|plaza|broadway|calle)\b\.?[^,]*(?=,|$)",
    re.IGNORECASE,
)
_ZIP = re.compile(r"(?<=\b[A-Z]{2})\.?\s+\d{5}(?:-\d{4})?(?=\)?$)")
_EMPTY_BRACKETS = re.compile(rf"[(\[<][\s,;:|/{_DASH}]*(?:[)\]>]|$)")
_ENDS = " \t,;:|/<>-‐‑‒–—―−"
LONGEST = 1_000  # a longer line is no name


def without_contact(text: str) -> tuple[str, str]:
    """The text without telephone number, addresses and whom to contact, and what was taken off.

    The text is empty where nothing else stands there.
    """
    taken: list[str] = []

    def take(found: re.Match[str]) -> str:
        taken.append(found[0].strip(_ENDS))
        return " "

    if len(text) > LONGEST:
        return text, ""
    name = text
    for form in (_SAID, _REACHED_BY, _STREET, _ZIP):
        name = form.sub(take, name)
    if not taken:
        return text, ""
    name = " ".join(_EMPTY_BRACKETS.sub(" ", name).split())
    name = re.sub(r"\s*([,;])(?:\s*[,;|])*", r"\1", name).strip(_ENDS)
    return (name if any(c.isalpha() for c in name) else ""), ", ".join(taken)


def is_reachable_by(text: str) -> bool:
    """Whether an address of mail or a telephone number stands in a text."""
    return MAIL.search(text) is not None or TELEPHONE.search(text) is not None
