"""What somebody's own heading most likely holds, for advice only: no column is ever renamed.

`everyday_headings.csv` has headings of client lists in English and Spanish, lower case without
accents, with the fact that each may mean; those of no fact (names, telephones, A-numbers, notes)
say who somebody is and are not needed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources

from wayhome.law.normal_forms import normalized
from wayhome.law.vocabulary import load_vocabulary

# Stricter than `nearest_spelling`: a wrong letter or two, never another word.
NEAR = 0.85
NOT_NEEDED = "It is not needed here and may tell who somebody is: take the column out."
UNKNOWN = "Take the column out, or name the fact it is."


def advice_on_heading(heading: str) -> str:
    """What to do about a heading that is no fact of the vocabulary."""
    facts = likely_facts(heading)
    if facts is None:
        return UNKNOWN
    if not facts:
        return NOT_NEEDED
    *others, last = facts
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"


@lru_cache(maxsize=1000)  # a header's widest
def likely_facts(heading: str) -> tuple[str, ...] | None:
    """The facts that a heading may mean, none where it is not needed; None if nobody knows."""
    known = _known_headings()
    words = _folded(heading)
    if words in known:
        return known[words]
    near = get_close_matches(words, known, n=1, cutoff=NEAR)
    return known[near[0]] if near else None


@cache
def _known_headings() -> dict[str, tuple[str, ...]]:
    """The facts behind each everyday heading, and behind the name of each fact itself."""
    known: dict[str, tuple[str, ...]] = {_folded(f.name): (f.name,) for f in load_vocabulary()}
    text = resources.files(__package__).joinpath("everyday_headings.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        fact = (row["fact"],) if row["fact"] else ()
        for heading in map(_folded, row["headings"].split(";")):
            known[heading] = (*known.get(heading, ()), *fact)
    return known


def _folded(heading: str) -> str:
    """Lower case words without accents and signs: "Año (D.O.B.) #" is "ano dob number"."""
    plain = normalized("NFKD", heading.casefold().replace("#", " number "))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and c not in ".'’")
    return " ".join(re.findall(r"[a-z0-9+]+", letters))
