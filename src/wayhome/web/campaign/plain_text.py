"""Text as it is kept: without control characters, which no file of an export can carry."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """A text with its lines, without other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")


def one_line(text: str) -> str:
    """A text on one line, without the spaces around and between."""
    return " ".join(plain(text).split())
