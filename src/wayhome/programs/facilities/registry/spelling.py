"""A facility's name, city and address without regard to how they are spelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from wayhome.sources.agreements.meanings import state_code, state_codes


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Short forms that mean one thing in names of facilities.
WHOLE = {
    "DET": "DETENTION",
    "DETN": "DETENTION",
    "CTR": "CENTER",
    "CNTR": "CENTER",
    "CENT": "CENTER",
    "CO": "COUNTY",
    "CNTY": "COUNTY",
    "FAC": "FACILITY",
    "FCLTY": "FACILITY",
    "CORR": "CORRECTIONAL",
    "COR": "CORRECTIONAL",
    "CORECTIONS": "CORRECTIONAL",
    "CORRECTS": "CORRECTIONAL",
    "CORRECTION": "CORRECTIONAL",
    "CORRECTIONS": "CORRECTIONAL",
    "FED": "FEDERAL",
    "INST": "INSTITUTION",
    "INSTITUTE": "INSTITUTION",
    "CI": "CORRECTIONAL INSTITUTION",
    "FCI": "FEDERAL CORRECTIONAL INSTITUTION",
    "FDC": "FEDERAL DETENTION CENTER",
    "CDF": "CONTRACT DETENTION FACILITY",
    "IPC": "ICE PROCESSING CENTER",
    "SPC": "SERVICE PROCESSING CENTER",
    "USP": "US PENITENTIARY",
    "PEN": "PENITENTIARY",
    "REG": "REGIONAL",
    "JUV": "JUVENILE",
    "FAM": "FAMILY",
    "PROC": "PROCESSING",
    "PROCESS": "PROCESSING",
    "PROCSESING": "PROCESSING",
    "PROCESSSING": "PROCESSING",
    "DEPT": "DEPARTMENT",
    "PD": "POLICE DEPARTMENT",
    "RM": "ROOM",
    "HOLDROOM": "HOLD ROOM",
    "SHERIFFS": "SHERIFF",
    "PUB": "PUBLIC",
    "SFTY": "SAFETY",
    "CPLX": "COMPLEX",
    "ST": "SAINT",
    "STE": "SAINT",
    "SAINTE": "SAINT",
    "FT": "FORT",
    "MT": "MOUNT",
    "NW": "NORTHWEST",
    "NE": "NORTHEAST",
    "SW": "SOUTHWEST",
    "SE": "SOUTHEAST",
}

# What many facilities are called: tells the kind of place, not which one.
ORDINARY = _set(
    """DETENTION CENTER COUNTY PARISH JAIL FACILITY CORRECTIONAL INSTITUTION FEDERAL PROCESSING
    SERVICE ICE IMMIGRATION REGIONAL CONTRACT SHERIFF OFFICE DEPARTMENT PRISON PENITENTIARY HOUSE
    JUSTICE RESIDENTIAL FAMILY SECURE ADULT COMPLEX PUBLIC SAFETY OF THE AND AT IN ERO US S STATE
    IGSA HOLD ROOM STAGING HOSPITAL MEDICAL HOTEL JUVENILE POLICE DISTRICT CITY"""
)

# Words that tell a part of a place from the rest of it.
PARTS = _set("ANNEX MAIN DORM FEMALE WOMEN APSO II III IV")

STREET_WHOLE = {
    "ST": "STREET",
    "AVE": "AVENUE",
    "AV": "AVENUE",
    "RD": "ROAD",
    "DR": "DRIVE",
    "BLVD": "BOULEVARD",
    "LN": "LANE",
    "CR": "CIRCLE",
    "CIR": "CIRCLE",
    "HWY": "HIGHWAY",
    "PKWY": "PARKWAY",
    "TRL": "TRAIL",
    "SR": "STATE ROAD",
    "ROUTE": "ROAD",
    "N": "NORTH",
    "S": "SOUTH",
    "E": "EAST",
    "W": "WEST",
    "NW": "NORTHWEST",
    "NE": "NORTHEAST",
    "SW": "SOUTHWEST",
    "SE": "SOUTHEAST",
    "FARM": "FM",
}
STREET_ORDINARY = _set(
    """STREET AVENUE ROAD DRIVE BOULEVARD LANE CIRCLE PARKWAY TRAIL NORTH SOUTH EAST WEST NORTHWEST
    NORTHEAST SOUTHWEST SOUTHEAST TO MARKET NONE"""
)
NO_ADDRESS = re.compile(r"\bUNAVAILABLE\b|^C/O\b")
NOT_OF_THE_STREET = re.compile(
    r"\bP\.? ?O\.? ?BOX\b[ #]*\w*|\bBOX \w+|\bSUITE\b.*|;.*|\(.*?\)|\bUNIT \w+", re.IGNORECASE
)
# `C. I.` and `U.S.` are one word, `T. DON` two.
INITIALS = re.compile(r"\b([A-Z])\. ?(?=[A-Z]\b\.)")
ALIKE_STREETS = 85
ALIKE_CITIES = 88


@dataclass(frozen=True)
class Address:
    """The number and the words that tell a street: `CALZADA DE LA FUENTE`, `FM 1144`."""

    number: str
    street: str


def words(text: str, whole: Mapping[str, str]) -> list[str]:
    """The words in capitals, without accents and punctuation, short forms written out."""
    plain = unicodedata.normalize("NFKD", text.upper()).encode("ascii", "ignore").decode()
    plain = INITIALS.sub(r"\1", plain.replace("&", " AND ").replace("'S", "S"))
    found = re.findall(r"[A-Z0-9]+", plain)
    return " ".join(whole.get(word, word) for word in found).split()


@cache
def name_key(name: str) -> str:
    """The words of a name, each once, in their order."""
    return " ".join(dict.fromkeys(words(name, WHOLE)))


@cache
def own_words(name: str, state: str | None) -> str:
    """The words that tell which facility it is, without its state; all of them where none does."""
    every = name_key(name).split()
    state_words = {name for name, code in state_codes().items() if code == state}
    state_words = {word.upper() for name in state_words for word in name.split()}
    telling = [word for word in every if word not in ORDINARY and word not in PARTS]
    own = [word for word in telling if word not in state_words]
    return " ".join(own or telling or every)


@cache
def parts_of(name: str) -> frozenset[str]:
    return PARTS & set(name_key(name).split())


@cache
def name_likeness(one: str, other: str) -> float:
    """0 to 100, by all the words in any order."""
    return fuzz.token_sort_ratio(name_key(one), name_key(other))


def own_likeness(one: str, other: str, state: str | None) -> float:
    """0 to 100, by the words that tell which facility it is."""
    return fuzz.token_sort_ratio(own_words(one, state), own_words(other, state))


@cache
def city_key(city: str) -> str:
    return "".join(words(city, WHOLE))


def are_cities_alike(one: str, other: str) -> bool:
    return fuzz.ratio(city_key(one), city_key(other)) >= ALIKE_CITIES


@cache
def address_of(text: str | None) -> Address | None:
    """None where the address is not told, or is nothing but a box."""
    if not text or NO_ADDRESS.search(text.upper()):
        return None
    found = words(NOT_OF_THE_STREET.sub(" ", text), STREET_WHOLE)
    number = found.pop(0) if found and found[0].isdecimal() else ""
    street = [word for word in found if word not in STREET_ORDINARY]
    street = street or found
    return Address(number, " ".join(street)) if street else None


def are_streets_alike(one: Address, other: Address) -> bool:
    return fuzz.token_set_ratio(one.street, other.street) >= ALIKE_STREETS


def code_states(code: str) -> frozenset[str]:
    """The states whose letters a code begins or ends with: `STCDFTX`, `OKCIMMC`."""
    ends = (code[-2:], code[:2]) if len(code) == 7 and code.isalpha() else ()
    return frozenset(end for end in ends if state_code(end))
