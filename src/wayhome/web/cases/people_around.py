"""Who is named in a case: the person, and the people around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wayhome.web.cases.models import Person, Standing
from wayhome.web.cases.names import MOST_WORDS_PAIRED, Heard, folded, heard, likeness, pairs_of

# Names as alike as this may be one person's; with the same year of birth, these.
ALIKE = 90.0
ALIKE_WITH_YEAR = 80.0
_YEAR = re.compile(r"(?:19|20)\d\d")
# A year of birth is often said from memory.
_YEARS_APART = 1
# What every invented name has: it tells nobody from another.
_INVENTED = "invented"


@dataclass(frozen=True)
class Somebody:
    """Somebody who is named in a case. `year` is their year of birth, 0 where it is not known."""

    standing: Standing
    name: str
    year: int = 0

    @cached_property
    def told(self) -> str:
        """The name, folded; empty where it says too little, as a single given name does."""
        return told(self.name)

    @cached_property
    def heard(self) -> Heard:
        return heard(self.told)

    @property
    def pairs(self) -> set[str]:
        """Any two words of the name, and of the name with two neighbours written as one."""
        words = self.told.split()[:MOST_WORDS_PAIRED]
        joined = (
            [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]
            for place in range(len(words) - 1)
        )
        return {pair for written in (words, *joined) for pair in pairs_of(" ".join(written))}


def told(name: str) -> str:
    """A name's words, folded, if they are two or more; else nothing."""
    words = [word for word in folded(name).split() if not word.startswith(_INVENTED)]
    return " ".join(words) if len(words) > 1 else ""


def alike(one: Somebody, other: Somebody) -> float:
    """How alike two people are by name, from 0 to 100; 0 where they are not one person."""
    if not one.told or not other.told:
        return 0.0
    years = one.year and other.year
    if years and abs(one.year - other.year) > _YEARS_APART:
        return 0.0
    found = likeness(one.heard, other.heard)
    return found if found >= (ALIKE_WITH_YEAR if years else ALIKE) else 0.0


def named_in(case: Any) -> list[Somebody]:
    """The person of a case by each of their names, and the people around them."""
    return [*person_by_names(case.person), *people_around(case)]


def person_by_names(person: Person) -> list[Somebody]:
    """A person by each of their names that says enough."""
    year = year_in(person.birth_date)
    each = (Somebody(Standing.PERSON, name, year) for name in names_of(person))
    return [somebody for somebody in each if somebody.told]


def names_of(person: Person) -> list[str]:
    """Every name of a person."""
    return [str(person.name), *other_names_of(person)]


def other_names_of(person: Person) -> list[str]:
    """Other names: a list, or one text with a name in a line or between semicolons."""
    held = person.other_names or []
    names = re.split(r"[;\n]", held) if isinstance(held, str) else held
    return [name.strip() for name in names if name.strip()]


def people_around(case: Any) -> list[Somebody]:
    """Contacts, household, and whoever types for the person; each name once, and not their own.

    Three queries, or none where the case's `contacts`, `household` and `consents` are at hand.
    """
    found: dict[str, Somebody] = {}
    own = person_by_names(case.person)
    for somebody in _around(case):
        is_own = somebody.standing == Standing.CONTACT and any(alike(somebody, o) for o in own)
        if somebody.told and not is_own:
            found.setdefault(somebody.told, somebody)
    return list(found.values())


def _around(case: Any) -> Iterator[Somebody]:
    # Those of the household come first: a year of birth may be known of them.
    for rows in (case.household.all(), case.contacts.all(), case.consents.all()):
        yield from (found for row in rows if (found := named_by(row)))


def named_by(row: Any) -> Somebody | None:
    """Who a row is about: one of a household, a contact, or a consent that somebody typed."""
    match row._meta.model_name:
        case "householdmember":
            return Somebody(Standing.HOUSEHOLD, str(row.name or ""), year_in(row.birth_year))
        case "contact":
            return Somebody(Standing.CONTACT, str(row.name or ""))
        case "consent" if isinstance(row.proxy, Mapping) and row.proxy.get("name"):
            return Somebody(Standing.TYPES, str(row.proxy["name"]))
    return None


def year_in(text: object) -> int:
    """The year in a date or a text; 0 where there is none."""
    found = _YEAR.search(str(text or ""))
    return int(found[0]) if found else 0
