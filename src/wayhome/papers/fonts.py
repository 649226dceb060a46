"""Which letters the PDF can show: Typst itself is asked, a letter at a time, and remembered.

The fonts are the ones that come with Typst (Libertinus Serif: Latin, Greek, Cyrillic, Hebrew) and
whatever the machine has; `wayhome` installs none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from wayhome.papers.typst_compiler import GLYPH, compiled

# A letter that no font may have, so that it shows as a font's box.
_NEVER_A_LETTER = "\u0378"
_UNSEEN = ("Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp")
_OUTLINE = re.compile(r'<path d="([^"]*)"')
# Latin with its accents, which every font of the list has.
_LATIN = range(0x180)


def letters_without_font(text: str) -> str:
    """The letters of a text, each once and in order, that no font here has."""
    return "".join(letter for letter in dict.fromkeys(text) if not _is_shown(letter))


@cache
def _is_shown(letter: str) -> bool:
    if ord(letter) in _LATIN or unicodedata.category(letter) in _UNSEEN:
        return True
    return _outlines(letter) != _outlines(_NEVER_A_LETTER)


@cache
def _outlines(letter: str) -> tuple[str, ...]:
    (drawn,) = compiled(GLYPH, {"letter": letter}, "svg")
    return tuple(_OUTLINE.findall(drawn.decode()))
