"""Finding a person without storing a readable name: keyed hashes of words, sounds and numbers."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django_scopes import scope

from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.cases.models import Case, Person, SearchWord, code_as_compared
from wayhome.web.cases.names import (
    Heard,
    heard,
    likeness,
    likeness_by_words,
    pairs_of,
    sounds_of,
    words_of,
)
from wayhome.web.cases.people_around import Somebody, names_of, people_around
from wayhome.web.protection.keys import index_key, open_case_keys
from wayhome.web.protection.sealing import CannotOpen, blind, derived, seal, unseal

WORD, SOUND, PAIR, BIRTH, NUMBER = "word", "sound", "pair", "birth", "a_number"
# Pairs as PAIR has them, of the people around a person: by these nobody is searched for.
AROUND = "around"
# What sharing two names at once says more than sharing one; a number says who it is.
_WEIGHT = {PAIR: 4, AROUND: 4, BIRTH: 4, NUMBER: 20}
# Of one entry, no more cases than this are looked at.
_MOST_SHARING = 1000
# SQLite takes at most 500 parts in one statement.
_MOST_IN_STATEMENT = 400
# A list of entries by its number, the kind and the keyed hash of one entry.
_Wanted = tuple[int, str, bytes]
# The most cases that are opened to see how alike a name is: somewhat more than a page shows.
MOST_OPENED = 60
CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")
_NUMBER = re.compile(r"[Aa]?[- #]*(\d[\d\- ]{5,12}\d)")
# Below this, a name is not the one that was looked for.
LEAST_LIKENESS = 55.0
# Below this, it is perhaps the one.
SURE_LIKENESS = 95.0
_IN_ADDRESS = "search text"


@dataclass(frozen=True)
class Found:
    """A case that a search found. `likeness` is from 0 to 100; 100 for a number or a birth date."""

    case: Case
    name: str
    likeness: float

    @property
    def is_perhaps(self) -> bool:
        """Whether the name is only like the one that was looked for."""
        return self.likeness < SURE_LIKENESS


def sealed_text(organization: UUID, text: str) -> str:
    """What is searched for, sealed, to stand in an address: no name is left in a browser or log."""
    key = derived(index_key(organization), _IN_ADDRESS)
    return base64.urlsafe_b64encode(seal(key, text.encode(), _IN_ADDRESS)).decode().rstrip("=")


def opened_text(organization: UUID, sealed: str) -> str:
    """What `sealed_text` sealed; empty where it did not."""
    key = derived(index_key(organization), _IN_ADDRESS)
    try:
        held = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return unseal(key, held, _IN_ADDRESS).decode()
    except (CannotOpen, binascii.Error, ValueError):
        return ""


def entries_of(person: Person) -> Iterator[tuple[str, str]]:
    """What a person is found by: (kind, word)."""
    for name in names_of(person):
        yield from name_entries(name)
    if birth := str(person.birth_date):
        yield BIRTH, birth
    if digits := digits_of(str(person.a_number)):
        yield NUMBER, digits


def entries_around(people: Iterable[Somebody]) -> Iterator[tuple[str, str]]:
    """What the people around a person are found by, where conflicts of interest are looked for."""
    for somebody in people:
        yield from ((AROUND, pair) for pair in somebody.pairs)


def name_entries(name: str) -> Iterator[tuple[str, str]]:
    """What a name is found by: its words, how they sound, and any two of them together."""
    yield from ((WORD, word) for word in words_of(name))
    yield from ((SOUND, sound) for sound in sounds_of(name))
    yield from ((PAIR, pair) for pair in pairs_of(name))


def digits_of(number: str) -> str:
    """An A-number's digits, nine of them; eight have a zero before them. Empty without any."""
    digits = re.sub(r"\D", "", number)
    return digits.zfill(9) if digits else ""


def index_person(case: Case) -> None:
    """Writes what a case is found by anew. Called in the transaction that saves its person."""
    with scope(organization=case.organization_id):
        person = Person.objects.get(case_id=case.pk)
        key = index_key(case.organization_id)
        case.person = person
        entries = [*entries_of(person), *entries_around(people_around(case))]
        SearchWord.objects.filter(case_id=case.pk).delete()
        SearchWord.objects.bulk_create(
            SearchWord(
                organization_id=case.organization_id,
                case_id=case.pk,
                kind=kind,
                digest=blind(key, kind, word),
            )
            for kind, word in dict.fromkeys(entries)
        )


def sharing(organization: UUID, entries: Iterable[tuple[str, str]], most: int) -> list[UUID]:
    """The cases that share the most of these entries, best first.

    Of an entry that very many share (a common given name) only some cases are looked at; whoever
    shares two names is found by the two together.
    """
    return sharing_of_each(organization, [entries], most)[0]


def sharing_of_each(
    organization: UUID, several: Iterable[Iterable[tuple[str, str]]], most: int
) -> list[list[UUID]]:
    """As `sharing`, for several lists of entries at once: what each finds, in the same order."""
    key = index_key(organization)
    wanted = [
        [(number, kind, blind(key, kind, word)) for kind, word in dict.fromkeys(entries)]
        for number, entries in enumerate(several)
    ]
    found: list[list[UUID]] = [[] for _ in wanted]
    for few in _few_at_once(wanted):
        for number, case in _rows_sharing(organization, few, most):
            found[number].append(case)
    return found


def _few_at_once(wanted: list[list[_Wanted]]) -> Iterator[list[_Wanted]]:
    """What one statement asks for; what belongs together stays together."""
    few: list[_Wanted] = []
    for group in wanted:
        if few and len(few) + len(group) > _MOST_IN_STATEMENT:
            yield few
            few = []
        few = few + group
    if few:
        yield few


def _rows_sharing(
    organization: UUID, wanted: list[_Wanted], most: int
) -> Iterator[tuple[int, UUID]]:
    one = (
        f"SELECT * FROM (SELECT %s AS number, case_id, %s AS weight FROM "
        f"{SearchWord._meta.db_table} WHERE organization_id = %s AND kind = %s AND digest = %s "
        f"LIMIT {_MOST_SHARING}) AS found"
    )
    every = " UNION ALL ".join([one] * len(wanted))
    sql = (
        "SELECT number, case_id FROM (SELECT number, case_id, ROW_NUMBER() OVER "
        "(PARTITION BY number ORDER BY SUM(weight) DESC, case_id) AS place "
        f"FROM ({every}) AS shared GROUP BY number, case_id) AS placed "
        f"WHERE place <= {int(most)} ORDER BY number, place"
    )
    own = SearchWord._meta.get_field("organization").target_field.get_db_prep_value(
        organization, connection
    )
    values = [v for n, kind, digest in wanted for v in (n, _WEIGHT.get(kind, 1), own, kind, digest)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for number, case in cursor.fetchall():
            yield number, case if isinstance(case, UUID) else UUID(case)


def cases_found(organization: UUID, text: str) -> list[UUID]:
    """The ids of the cases for a code, an A-number, a birth date or a name, best first."""
    return [found.case.pk for found in search(organization, text)]


def search(organization: UUID, text: str) -> list[Found]:
    """Cases for a code, an A-number, a birth date (2001-12-31) or a name, the likest first."""
    text = text.strip()
    with scope(organization=organization):
        if coded := _by_code(text):
            return coded
        if entry := exact_entry(text):
            return [
                Found(c, str(c.person.name), 100.0)
                for c in opened(sharing(organization, {entry}, MOST_OPENED))
            ]
        near = opened(sharing(organization, name_entries(text), MOST_OPENED))
        asked = heard(text)
        found = (Found(c, str(c.person.name), name_likeness(asked, c.person)) for c in near)
        likely = (f for f in found if f.likeness >= LEAST_LIKENESS)
        return sorted(likely, key=lambda f: (-f.likeness, f.case.received_at))


def _by_code(text: str) -> list[Found]:
    """The case of a code, whatever way it was typed; a text of eight letters may be a name."""
    code = code_as_compared(text)
    if not CODE.fullmatch(code):
        return []
    coded = Case.objects.filter(code=code, erased_at=None).select_related("person")
    return [Found(case, str(case.person.name), 100.0) for case in coded]


def exact_entry(text: str) -> tuple[str, str] | None:
    """The entry that a birth date or an A-number means; None for a name."""
    try:
        return BIRTH, read_date(text).isoformat()
    except NotAnAnswer:
        number = _NUMBER.fullmatch(text)
        return (NUMBER, digits_of(number[1])) if number else None


def opened(ids: list[UUID]) -> list[Case]:
    """The cases of these ids with their persons, their keys opened with one query, in order."""
    open_case_keys(ids)
    cases = Case.objects.filter(pk__in=ids, erased_at=None, person__isnull=False).select_related(
        "person"
    )
    by_id = {case.pk: case for case in cases.select_related("person")}
    return [by_id[pk] for pk in ids if pk in by_id]


def name_likeness(asked: Heard, person: Person) -> float:
    """How alike a text and a person's names are; a part of a name is enough.

    Each word looked for is measured against the words of each name, so that one of two surnames
    finds the person.
    """
    names = map(heard, names_of(person))
    return max(max(likeness(asked, name), likeness_by_words(asked, name)) for name in names)
