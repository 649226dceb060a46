"""Unicode's normal forms of what a stranger or a file gives, in a time that grows with its length.

Combining marks in the wrong order are sorted by exchanging neighbours, so a run of 300,000 keeps
a processor busy for minutes. No language puts more than 30 on one letter: Unicode's Stream-Safe
Text Format (UAX #15, 13) takes no longer run, and here what is over is left out.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

MOST_MARKS = 30


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The normal form of a text, without the marks of a run beyond the thirtieth."""
    return unicodedata.normalize(form, text if text.isascii() else _stream_safe(text))


def _stream_safe(text: str) -> str:
    kept, run = [], 0
    for letter in text:
        run = run + _marks(letter) if _marks(letter) else 0
        if run <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks(letter: str) -> int:
    """How many marks a character is taken apart into; 0 where it begins with anything else.

    Some, as Tibetan U+0F73, count as letters until they are taken apart.
    """
    parts = unicodedata.normalize("NFKD", letter)
    return len(parts) if unicodedata.combining(parts[0]) else 0
