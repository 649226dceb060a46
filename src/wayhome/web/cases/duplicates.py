"""Whether somebody is known already: cases of one organization that seem to be the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django_scopes import scope

from wayhome.web.cases.models import Case, Duplicate, Person
from wayhome.web.cases.names import heard
from wayhome.web.cases.people_around import names_of
from wayhome.web.cases.search import (
    NUMBER,
    digits_of,
    entries_of,
    name_likeness,
    opened,
    sharing_of_each,
)

# Names as alike as this are a likely match by themselves; with the same birth date, these.
ALIKE_ALONE = 90.0
ALIKE_WITH_BIRTH_DATE = 65.0
MOST_CANDIDATES = 60


@dataclass(frozen=True)
class Likely:
    """A case that seems to be the same person, how alike (to 100), and why."""

    case: Case
    likeness: float
    why: str


def likely_same(
    organization: UUID, person: Mapping[str, Any], *, besides: UUID | None = None
) -> list[Likely]:
    """The cases of an organization that seem to be this person (fields of Person), best first."""
    found = likely_same_as_each(organization, [person])[0]
    return [likely for likely in found if likely.case.pk != besides]


def likely_same_as_each(
    organization: UUID, people: Iterable[Mapping[str, Any]]
) -> list[list[Likely]]:
    """As `likely_same`, for several people at once."""
    looked_for = [Person(**{k: v for k, v in each.items() if k in _FIELDS}) for each in people]
    entries = [set(entries_of(each)) for each in looked_for]
    # Who has the number is looked at whatever the names say.
    numbers = [{entry for entry in each if entry[0] == NUMBER} for each in entries]
    names = [each - own for each, own in zip(entries, numbers, strict=True)]
    near = sharing_of_each(organization, [*numbers, *names], MOST_CANDIDATES)
    ids = [
        list(dict.fromkeys(near[place] + near[place + len(entries)]))
        for place in range(len(entries))
    ]
    with scope(organization=organization):
        cases = {case.pk: case for case in opened(list({pk for each in ids for pk in each}))}
    return [
        _likely(person, [cases[pk] for pk in own if pk in cases])
        for person, own in zip(looked_for, ids, strict=True)
    ]


def _likely(person: Person, cases: Iterable[Case]) -> list[Likely]:
    found = (_compared(person, case) for case in cases)
    return sorted((f for f in found if f is not None), key=lambda f: -f.likeness)


_FIELDS = ("name", "other_names", "birth_date", "a_number")


def _compared(one: Person, case: Case) -> Likely | None:
    other = case.person
    numbers = [digits_of(str(p.a_number)) for p in (one, other)]
    if numbers[0] and numbers[0] == numbers[1]:
        return Likely(case, 100.0, "the same A-number")
    if all(numbers):
        return None
    names = map(heard, names_of(one))
    alike = max(name_likeness(name, other) for name in names)
    births = [str(p.birth_date) for p in (one, other)]
    if all(births):
        if births[0] == births[1] and alike >= ALIKE_WITH_BIRTH_DATE:
            return Likely(case, alike, "the same birth date and a name like it")
        return None
    return Likely(case, alike, "a name like it") if alike >= ALIKE_ALONE else None


def keep_duplicates(case: Case, now: datetime) -> list[Duplicate]:
    """Writes down which other cases seem to be the same person; what was settled stays so."""
    person = case.person
    values = {name: getattr(person, name) for name in _FIELDS}
    found = likely_same(case.organization_id, values, besides=case.pk)
    with scope(organization=case.organization_id):
        return [
            Duplicate.objects.get_or_create(
                case=case, other=likely.case, defaults={"found_at": now, "why": likely.why}
            )[0]
            for likely in found
        ]
