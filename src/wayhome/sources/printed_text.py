"""Text as a source prints it, made plain to compare."""

from __future__ import annotations

import re
import unicodedata

QUOTES = str.maketrans("‘’‛ʼ`´“”", "''''''\"\"")
DASHES = re.compile(r"[‐-―−]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def cleaned(value: object) -> str:
    """A cell's text on one line, with plain quotes and dashes and no spaces around it."""
    text = unicodedata.normalize("NFKC", "" if value is None else str(value))
    text = DASHES.sub("-", INVISIBLE.sub("", text).translate(QUOTES))
    return " ".join(text.split())
