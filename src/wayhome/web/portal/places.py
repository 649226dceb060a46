"""Countries, States with their federal circuits, and cities of time zones, as people name them."""

from __future__ import annotations

import unicodedata
from functools import cache

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

# One city a zone, in countries from which people are deported or to which they are.
ZONES = tuple(
    [
        "America/Port-au-Prince",
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
        "America/Puerto_Rico",
        "America/Mexico_City",
        "America/Tijuana",
        "America/Guatemala",
        "America/El_Salvador",
        "America/Tegucigalpa",
        "America/Managua",
        "America/Costa_Rica",
        "America/Panama",
        "America/Belize",
        "America/Havana",
        "America/Santo_Domingo",
        "America/Jamaica",
        "America/Port_of_Spain",
        "America/Guyana",
        "America/Bogota",
        "America/Lima",
        "America/Guayaquil",
        "America/Caracas",
        "America/La_Paz",
        "America/Sao_Paulo",
        "America/Asuncion",
        "America/Argentina/Buenos_Aires",
        "America/Montevideo",
        "America/Santiago",
        "America/Toronto",
        "Atlantic/Cape_Verde",
        "Africa/Dakar",
        "Africa/Banjul",
        "Africa/Conakry",
        "Africa/Freetown",
        "Africa/Monrovia",
        "Africa/Abidjan",
        "Africa/Accra",
        "Africa/Bamako",
        "Africa/Nouakchott",
        "Africa/Casablanca",
        "Africa/Algiers",
        "Africa/Tunis",
        "Africa/Tripoli",
        "Africa/Cairo",
        "Africa/Khartoum",
        "Africa/Lagos",
        "Africa/Douala",
        "Africa/Kinshasa",
        "Africa/Luanda",
        "Africa/Johannesburg",
        "Africa/Kampala",
        "Africa/Kigali",
        "Africa/Nairobi",
        "Africa/Addis_Ababa",
        "Africa/Asmara",
        "Africa/Mogadishu",
        "Africa/Juba",
        "Africa/Ndjamena",
        "Europe/London",
        "Europe/Paris",
        "Europe/Madrid",
        "Europe/Lisbon",
        "Europe/Rome",
        "Europe/Berlin",
        "Europe/Warsaw",
        "Europe/Bucharest",
        "Europe/Kyiv",
        "Europe/Moscow",
        "Europe/Istanbul",
        "Asia/Beirut",
        "Asia/Damascus",
        "Asia/Amman",
        "Asia/Jerusalem",
        "Asia/Baghdad",
        "Asia/Riyadh",
        "Asia/Aden",
        "Asia/Tehran",
        "Asia/Kabul",
        "Asia/Karachi",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Asia/Dhaka",
        "Asia/Yangon",
        "Asia/Bangkok",
        "Asia/Phnom_Penh",
        "Asia/Vientiane",
        "Asia/Ho_Chi_Minh",
        "Asia/Manila",
        "Asia/Jakarta",
        "Asia/Shanghai",
        "Asia/Hong_Kong",
        "Asia/Seoul",
        "Asia/Tokyo",
        "Asia/Tashkent",
        "Pacific/Guam",
        "Pacific/Chuuk",
        "Pacific/Majuro",
        "UTC",
    ]
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
