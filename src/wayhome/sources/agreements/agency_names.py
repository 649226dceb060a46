"""An agency's name without regard to how it is spelt, and its parts: what force, of what place."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

# Short forms that mean one thing in these lists.
WHOLE = {
    "dept": "department",
    "dpt": "department",
    "pd": "police department",
    "st": "saint",
    "ste": "saint",
    "ft": "fort",
    "mt": "mount",
    "co": "county",
    "cnty": "county",
    "cty": "county",
    "pct": "precinct",
    "twp": "township",
    "dist": "district",
    "univ": "university",
    "intl": "international",
}

# Words that are known again with one letter wrong ("Conty", "Distric", "Departement"). Not
# "parish": Paris is a city.
OFTEN = ("county", "department", "district", "sheriffs", "constables", "office", "police")

FORCES = (
    ("sheriff", ("sheriffs", "sheriff")),
    ("constable", ("constables", "constable")),
    ("marshal", ("marshals", "marshal")),
    ("police", ("police", "patrol")),
    ("attorney", ("attorney", "attorneys")),
    ("guard", ("guard",)),
    ("jail", ("corrections", "correctional", "jail", "detention", "prison", "prisons")),
)

# Says what an agency is, not which one.
COMMON = frozenset(
    {"the", "of", "and", "for", "a", "in", "at", "office", "department", "service", "services"}
    | {"sheriffs", "sheriff", "police", "patrol", "county", "parish"}
    | {"constable", "constables", "marshal", "marshals"}
)
PLACE_FIRST = re.compile(r"^(city|town|village|borough) of ")


@cache
def agency_key(name: str) -> str:
    """By what an agency is known again within its state: equal keys are one name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("&", " and "))
    return " ".join(_word(word) for word in words if word != "the")


def _word(word: str) -> str:
    if word in WHOLE:
        return WHOLE[word]
    if len(word) >= 5:
        near = (often for often in OFTEN if Levenshtein.distance(word, often, score_cutoff=1) <= 1)
        return next(near, word)
    return word


@cache
def force_of(key: str) -> str | None:
    """Sheriff, police, jail …; None for a name that does not say."""
    words = set(key.split())
    return next((force for force, any_of in FORCES if words & set(any_of)), None)


@cache
def place_of(key: str) -> str:
    """What is left of a name without the words that many agencies share."""
    words = [word for word in PLACE_FIRST.sub("", key).split() if word not in COMMON]
    return " ".join(words) or key


def numbers_of(key: str) -> frozenset[str]:
    """District 1 is not district 6."""
    return frozenset(re.findall(r"\d+", key))


def likeness(one: str, other: str) -> float:
    """How much alike the places of two names are, 0 to 100."""
    return float(fuzz.ratio(place_of(one), place_of(other)))


def contained(one: str, other: str) -> float:
    """How much of the shorter place stands in the longer one, 0 to 100."""
    return float(fuzz.token_set_ratio(place_of(one), place_of(other)))
