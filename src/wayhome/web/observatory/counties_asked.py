"""Which counties a question names: "Marin County", "condado de Cook", "Cook County, Illinois"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from wayhome.web.observatory.maps.places import County, counties, plain, states

_WORD = re.compile(r"[^\W_]+")
_BEHIND = frozenset(("county", "parish", "borough", "municipality", "municipio"))
_BEFORE = frozenset(("condado", "parroquia", "municipio", "distrito"))
_ONLY_IN = {"parish": "LA", "borough": "AK", "municipio": "PR"}
_LINKS = frozenset(("de", "del", "the", "of", "in", "en"))
# Sources write St. Genevieve, Ste. Genevieve and Sainte Genevieve.
_SHORT = {"saint": "st", "sainte": "st", "ste": "st", "fort": "ft"}


def plain_words(text: str) -> list[str]:
    """The words of a text without capitals, accents and signs; "Saint" and "St." are one."""
    bare = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).lower()
    words = _WORD.findall("".join(sign for sign in bare if not unicodedata.combining(sign)))
    return [_SHORT.get(word, word) for word in words]


def has_no_word(asked: str) -> bool:
    """Whether only signs were written to look for."""
    return bool(asked) and not plain_words(asked)


def counties_asked(asked: str, state: str = "") -> list[County]:
    """The counties that a question names, with a word for a county; none where it names none, or
    something else too (a jail, a sheriff). `state`: the one that was chosen."""
    words = plain_words(asked)
    for at, word in enumerate(words):
        if word in _BEHIND and at:
            return _named(words[:at], words[at + 1 :], state or _ONLY_IN.get(word, ""))
        if word in _BEFORE:
            rest = [one for one in words[at + 1 :] if one not in ("de", "del")]
            ends = range(len(rest), 0, -1)
            found = (_named(rest[:end], rest[end:], state) for end in ends)
            return next(filter(None, found), [])
    return []


@dataclass(frozen=True)
class Empty:
    """Counties of one name of which nothing is known, with the names of their states."""

    county: str
    county_number: str
    state: str
    states: str
    count: int


def empty_ones(asked: Sequence[County], known: set[str | None]) -> Empty | None:
    """The counties asked for that are not among the known; None where there is none."""
    missing = {one.state: one for one in asked if one.number not in known}
    held = {one.state for one in asked if one.number in known}
    left = [one for state, one in missing.items() if state not in held]
    if not left:
        return None
    names = ", ".join(states()[one.state].name for one in left)
    return Empty(left[0].name, left[0].number, left[0].state, names, len(left))


def _named(name: Sequence[str], where: Sequence[str], state: str) -> list[County]:
    told = [word for word in where if word not in _LINKS]
    codes = {code for code, names in _states().items() if tuple(told) in names}
    if told and not codes:
        return []
    wanted = _key(" ".join(word for word in name if word != "the"))
    return [
        county
        for county in _by_key().get(wanted, ())
        if (not codes or county.state in codes) and state in ("", county.state)
    ]


@cache
def _states() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The two letters and the name of each state, as words."""
    return {code: ((code.lower(),), tuple(plain_words(one.name))) for code, one in states().items()}


@cache
def _by_key() -> dict[str, list[County]]:
    found: dict[str, list[County]] = {}
    for county in counties().values():
        found.setdefault(_key(county.name), []).append(county)
    return found


def _key(name: str) -> str:
    return plain("".join(f"{word} " for word in plain_words(name)))
