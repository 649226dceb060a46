"""Country codes, and the code that somebody who wrote a country's name most likely means.

`countries.csv` holds ISO 3166-1 with short names in English and Spanish and other names in use,
and XK, which is not in the standard but is what everybody writes for Kosovo.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib import resources

from wayhome.law.normal_forms import normalized
from wayhome.law.vocabulary import nearest_spelling


@cache
def country_names() -> dict[str, tuple[str, str]]:
    """Every code with its English and Spanish short name."""
    return {row["code"]: (row["name_en"], row["name_es"]) for row in _rows()}


def nearest_country(text: str) -> str | None:
    """The code of the country that `text` (a name, an alpha-3 code, lower case) seems to mean."""
    codes = _codes_by_spelling()
    spelling = _folded(text)
    if spelling in codes:
        return codes[spelling]
    near = nearest_spelling(spelling, codes) if len(spelling) > 3 else None
    return codes[near] if near else None


@cache
def _codes_by_spelling() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in _rows():
        spellings = (row["code"], row["alpha3"], row["name_en"], row["name_es"])
        for spelling in (*spellings, *filter(None, row["also"].split(";"))):
            codes.setdefault(_folded(spelling), row["code"])
    return codes


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _folded(text: str) -> str:
    """Lower case without accents, words joined as `nearest_spelling` joins them."""
    plain = normalized("NFKD", text.strip().casefold())
    return "_".join("".join(c for c in plain if not unicodedata.combining(c)).split())
