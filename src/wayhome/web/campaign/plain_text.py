"""Text as it is kept: without characters that no file can carry, or that turn others around."""

from __future__ import annotations

import unicodedata

# They turn the order of the letters around them, and so of words that are not the writer's. Names
# in Arabic or Hebrew need none of them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Not characters at all: Word refuses a file that holds one.
_NONE = frozenset(map(chr, range(0xFDD0, 0xFDF0))) | {
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
}


def plain(text: str) -> str:
    """A text with its lines, without other control characters and what is no character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or _is_kept(c))


def _is_kept(c: str) -> bool:
    is_odd = c in _TURNING or c in _NONE
    return not is_odd and unicodedata.category(c) not in ("Cc", "Cs")


def one_line(text: str) -> str:
    """A text on one line, without the spaces around and between."""
    return " ".join(plain(text).split())
