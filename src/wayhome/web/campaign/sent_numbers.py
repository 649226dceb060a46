"""Numbers that a form or an address sends: nothing in them is believed."""

from __future__ import annotations

_LONGEST = 9


def number_sent(text: str) -> int:
    """A whole number; 0, which nothing is numbered by, for what is none or too long to be one."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if is_number else 0
