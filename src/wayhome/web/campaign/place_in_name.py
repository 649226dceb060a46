"""A place at the end of an organization's name: it is kept as its place, and printed once."""

from __future__ import annotations

import re

from wayhome.sources.letters.one_line import Signatory, is_state
from wayhome.sources.letters.words import initials, words_of

# Two letters of a state that, behind a name, are as often something else: a professional
# association, a company, Los Angeles, degrees.
_MORE_THAN_A_STATE = frozenset({"PA", "CO", "LA", "MA", "MD"})
_BEFORE_PLACE = " ,-–—"
# Before these words a state is a part of the name: "Network for Oregon, Idaho and Texas".
_GOES_ON = re.compile(r"\b(and|&|of|for|in|at|to|de|y)$", re.IGNORECASE)


def without_place(one: Signatory) -> str:
    """A name as printed, without the city and state, or the state alone, behind it.

    A state alone is left in the name where it may be a part of that.
    """
    place = one.place or ""
    for end in (place, f"({place})"):
        if place and one.printed.endswith(end):
            before = one.printed[: -len(end)]
            name = before.rstrip(_BEFORE_PLACE)
            if name and _is_no_more_than_a_place(name, one.printed[len(name) :], place):
                return name
    return one.printed


def _is_no_more_than_a_place(name: str, rest: str, place: str) -> bool:
    """Whether `rest`, with its comma, dash or brackets, is no part of the name before it."""
    city, has_city, _ = place.rpartition(",")
    if rest.startswith(",") and is_state(city or place) and _ends_with_state(name):
        return False  # a comma parts two states of one name too
    return bool(has_city) or (_is_apart(rest) and _is_alone(name, place))


def _is_apart(rest: str) -> bool:
    """ "Justice for Texas" is one name, and so is "Justice-Texas"."""
    return re.match(r",|\s*\(|\s+[-–—]\s", rest) is not None


def _is_alone(name: str, state: str) -> bool:
    """Whether a state by itself is no word of the name, and not its acronym."""
    if _GOES_ON.search(name):
        return False
    letters = state.replace(".", "").strip()
    is_code = len(letters) == 2
    return not (is_code and (letters in _MORE_THAN_A_STATE or _stand_for(name, letters)))


def _ends_with_state(name: str) -> bool:
    words = re.findall(r"[^\s,]+", name)
    return any(is_state(" ".join(words[-count:])) for count in (1, 2, 3) if count <= len(words))


def _stand_for(name: str, letters: str) -> bool:
    return initials(words_of(name)) == letters.casefold()
