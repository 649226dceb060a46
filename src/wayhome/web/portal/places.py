"""Countries, States with their federal circuits, and cities of time zones, as people name them."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import get_timezone_location

from wayhome.sources.case_files.countries import country_names

# Haitian Creole has no names of its own in the tables of Unicode (CLDR); readers know the French.
TABLES = {"ht": "fr"}

# The federal circuit of each State and territory (28 U.S.C. 41).
CIRCUITS = {
    "1": "Maine|Massachusetts|New Hampshire|Puerto Rico|Rhode Island",
    "2": "Connecticut|New York|Vermont",
    "3": "Delaware|New Jersey|Pennsylvania|U.S. Virgin Islands",
    "4": "Maryland|North Carolina|South Carolina|Virginia|West Virginia",
    "5": "Louisiana|Mississippi|Texas",
    "6": "Kentucky|Michigan|Ohio|Tennessee",
    "7": "Illinois|Indiana|Wisconsin",
    "8": "Arkansas|Iowa|Minnesota|Missouri|Nebraska|North Dakota|South Dakota",
    "9": "Alaska|Arizona|California|Guam|Hawaii|Idaho|Montana|Nevada|Northern Mariana Islands|"
    "Oregon|Washington",
    "10": "Colorado|Kansas|New Mexico|Oklahoma|Utah|Wyoming",
    "11": "Alabama|Florida|Georgia",
    "DC": "District of Columbia",
}
CIRCUIT_OF_STATE = {
    state: circuit for circuit, states in CIRCUITS.items() for state in states.split("|")
}

ZONES = tuple(
    line
    for line in (Path(__file__).parent / "time_zones.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, in the order of the names."""
    names = Locale(TABLES.get(language, language)).territories
    found = ((code, names.get(code, english)) for code, (english, _) in country_names().items())
    return tuple(sorted(found, key=lambda pair: _sort_key(pair[1])))


@cache
def zones(language: str) -> tuple[tuple[str, str], ...]:
    """Name of the zone and its city, in the order of the cities; UTC last."""
    locale = Locale(TABLES.get(language, language))
    cities = ((z, get_timezone_location(z, locale, return_city=True)) for z in ZONES[:-1])
    return (*sorted(cities, key=lambda pair: _sort_key(pair[1])), ("UTC", "UTC"))


def _sort_key(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in spread if not unicodedata.combining(c))
