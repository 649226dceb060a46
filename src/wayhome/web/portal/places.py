"""Countries, States with their federal circuits, cities of time zones, and stretches of time, as
people name them.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_timedelta, get_timezone_location
from babel.lists import format_list

from wayhome.sources.case_files.countries import country_names

# Haitian Creole has no names of its own in the tables of Unicode (CLDR); readers know the French.
TABLES = {"ht": "fr"}

_CREOLE_COUNTRIES = {
    "HT": "Ayiti",
    "US": "Etazini",
    "DO": "Sendomeng",
    "CA": "Kanada",
    "MX": "Meksik",
    "CU": "Kiba",
    "CL": "Chili",
    "BR": "Brezil",
    "BS": "Bayamas",
}
# Where most who read a language here are likely to be: first in a list, and chosen by nobody.
_LIKELY = {
    "ht": ("HT", "America/Port-au-Prince"),
    "es": ("MX", "America/Mexico_City"),
    "fr": ("HT", "America/Port-au-Prince"),
    "pt": ("BR", "America/Sao_Paulo"),
}

_CREOLE_TIME = {"year": "an", "month": "mwa"}

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
    """Code and name of every country, the likeliest first, then in the order of the names."""
    names = dict(Locale(TABLES.get(language, language)).territories)
    if language == "ht":
        names |= _CREOLE_COUNTRIES
    found = ((code, names.get(code, english)) for code, (english, _) in country_names().items())
    return _likely_first(sorted(found, key=lambda pair: _sort_key(pair[1])), language)


@cache
def zones(language: str) -> tuple[tuple[str, str], ...]:
    """Name of the zone and its city, the likeliest first, then in the order of the cities; UTC
    last."""
    locale = Locale(TABLES.get(language, language))
    cities = ((z, get_timezone_location(z, locale, return_city=True)) for z in ZONES[:-1])
    in_order = sorted(cities, key=lambda pair: _sort_key(pair[1]))
    return (*_likely_first(in_order, language), ("UTC", "UTC"))


def _likely_first(places: list[tuple[str, str]], language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(places, key=lambda pair: pair[0] not in _LIKELY.get(language, ())))


def length_of_time(months: int, language: str) -> str:
    """So many months as they are said: 84 is 7 years, 18 is 1 year and 6 months."""
    parts = [(months // 12, "year", 365), (months % 12, "month", 30)]
    if language == "ht":
        return " ak ".join(f"{n} {_CREOLE_TIME[unit]}" for n, unit, _ in parts if n)
    # Babel counts a year as 365 days and a month as 30.
    said = [
        format_timedelta(
            timedelta(days=n * days), granularity="month", threshold=1, locale=language
        )
        for n, _, days in parts
        if n
    ]
    return format_list(said, locale=language)


def _sort_key(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in spread if not unicodedata.combining(c))
