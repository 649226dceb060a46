"""Whether somebody named in a case is known from elsewhere: of the staff, or from another case.

Found by the same keyed hashes and likeness of names as duplicates; a person decides what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, prefetch_related_objects
from django_scopes import scope

from wayhome.web.accounts.models import Membership, User
from wayhome.web.cases.models import Case, Duplicate, PossibleConflict, Standing
from wayhome.web.cases.names import likeness, sound_of
from wayhome.web.cases.people_around import (
    ALIKE_WITH_YEAR,
    Somebody,
    alike,
    named_in,
    told,
)
from wayhome.web.cases.search import entries_around, name_entries, opened, sharing_of_each
from wayhome.web.protection.keys import open_case_keys

MOST_CANDIDATES = 60
# Written in Chinese or Korean, the family name stands first.
_FAMILY_FIRST = re.compile("[\u4e00-\u9fff\uac00-\ud7af]")
# A family name that sounds as another by fewer consonants than these is not yet the same.
_CONSONANTS = 3


@dataclass(frozen=True)
class Perhaps:
    """Somebody of a case who may be known from elsewhere: a member of staff, or another case."""

    here: Somebody
    there: Standing
    case: Case | None = None
    user: User | None = None

    @property
    def why(self) -> str:
        return why(self.here.standing, self.there)


def why(here: str, there: str) -> str:
    """Why it is perhaps a conflict, in words that name nobody."""
    one, other = Standing(here), Standing(there)
    if other in (Standing.NAME, Standing.FAMILY_NAME):
        return f"{one.label} has {other.label}"
    return f"{one.label} here may be {other.label} there"


def perhaps_conflicts(
    organization: UUID, people: Sequence[Somebody], *, besides: UUID | None = None
) -> list[Perhaps]:
    """Who of these people may be of an organization's staff or kin of it, or in another case."""
    return perhaps_conflicts_of_each(organization, [people], besides=besides)[0]


def perhaps_conflicts_of_each(
    organization: UUID, groups: Iterable[Iterable[Somebody]], *, besides: UUID | None = None
) -> list[list[Perhaps]]:
    """As `perhaps_conflicts`, for the people of several cases at once."""
    asked = [[somebody for somebody in group if somebody.told] for group in groups]
    if not any(asked):
        return [[] for _ in asked]
    staff = _staff(organization)
    near = _near(organization, asked, besides)
    return [
        [*_of_staff(group, staff), *_of_cases(group, cases)]
        for group, cases in zip(asked, near, strict=True)
    ]


def _staff(organization: UUID) -> list[User]:
    members = Membership.objects.filter(organization=organization, is_active=True)
    return [m.user for m in members.select_related("user").order_by("user__name") if m.user.name]


def _of_staff(people: Iterable[Somebody], staff: Iterable[User]) -> Iterator[Perhaps]:
    """The nearest of each name: one whose whole name it is, else one of the same family name."""
    for user in staff:
        own = Somebody(Standing.NAME, user.name)
        found: dict[Standing, Somebody] = {}
        for somebody in people:
            if alike(somebody, own):
                found.setdefault(Standing.NAME, somebody)
            elif _share_family_name(somebody.name, user.name):
                found.setdefault(Standing.FAMILY_NAME, somebody)
        for there in (Standing.NAME, Standing.FAMILY_NAME):
            if there in found:
                yield Perhaps(found[there], there, user=user)
                break


def _share_family_name(one: str, other: str) -> bool:
    """Whether the last word of one name is among the family names of the other.

    Of García Márquez and Luis García, the first has two and the second has one of them.
    """
    (last, family), (other_last, other_family) = _family(one), _family(other)
    return any(_same_word(last, word) for word in other_family) or any(
        _same_word(other_last, word) for word in family
    )


def _family(name: str) -> tuple[str, tuple[str, ...]]:
    """The word that is most likely the family name, and every one that may be."""
    before, comma, after = name.partition(",")
    words = told(f"{after} {before}" if comma else name).split()
    if not words:
        return "", ()
    if _FAMILY_FIRST.match(name):
        return words[0], (words[0],)
    return words[-1], tuple(words[max(1, len(words) - 2) :])


def _same_word(one: str, other: str) -> bool:
    if not one or not other:
        return False
    sound = sound_of(one)
    return one == other or (len(sound) >= _CONSONANTS and sound == sound_of(other))


def _near(
    organization: UUID, asked: list[list[Somebody]], besides: UUID | None
) -> list[list[Case]]:
    """The cases that name somebody of each group, opened, with the people around their persons."""
    of: list[int] = []
    wanted: list[list[tuple[str, str]]] = []
    for number, group in enumerate(asked):
        for somebody in group:
            of.append(number)
            wanted.append(sorted(entries_around([somebody])))
            # Two persons of a like name are duplicates, and found as such.
            if somebody.standing != Standing.PERSON:
                of.append(number)
                wanted.append(sorted(name_entries(somebody.told)))
    ids: list[dict[UUID, None]] = [{} for _ in asked]
    for number, found in zip(
        of, sharing_of_each(organization, wanted, MOST_CANDIDATES), strict=True
    ):
        ids[number] |= dict.fromkeys(pk for pk in found if pk != besides)
    with scope(organization=organization):
        cases = opened(list({pk: None for each in ids for pk in each}))
        prefetch_related_objects(cases, "contacts", "household", "consents")
    by_id = {case.pk: case for case in cases}
    return [[by_id[pk] for pk in each if pk in by_id] for each in ids]


def _of_cases(people: Sequence[Somebody], cases: Iterable[Case]) -> Iterator[Perhaps]:
    for case in cases:
        others = named_in(case)
        for somebody in people:
            best = max(
                (
                    (alike(somebody, other), -place, other.standing)
                    for place, other in enumerate(others)
                    if not somebody.standing == other.standing == Standing.PERSON
                ),
                default=(0.0, 0, Standing.PERSON),
            )
            if best[0]:
                yield Perhaps(somebody, best[2], case=case)


def keep_possible_conflicts(case: Case, now: datetime) -> None:
    """Writes down who of a case may be known from elsewhere; what was settled stays so.

    What nobody settled goes when nobody of that name is in the case any more, or when the two
    cases are perhaps one person's, whose people are the same.
    """
    with scope(organization=case.organization_id):
        people, same = named_in(case), _same_person(case)
        kept = []
        for row in possible_conflicts_of(case):
            is_over = row.beside(case.pk) in same or not any(_is_name_of(row, p) for p in people)
            if row.is_so is None and is_over:
                row.delete()
            else:
                kept.append(row)
        for found in perhaps_conflicts(case.organization_id, people, besides=case.pk):
            is_known = any(_is_kept(row, found, case) for row in kept)
            if not is_known and (found.case is None or found.case.pk not in same):
                kept.append(_keep(case, found, now))


def _keep(case: Case, found: Perhaps, now: datetime) -> PossibleConflict:
    return PossibleConflict.objects.create(
        case=case,
        other=found.case,
        user=found.user,
        here=found.here.standing,
        there=found.there,
        name=found.here.name,
        found_at=now,
    )


def _is_kept(row: PossibleConflict, found: Perhaps, case: Case) -> bool:
    """Whether a row says already what was found."""
    if found.user is not None:
        is_about = row.user_id == found.user.pk
    else:
        is_about = found.case is not None and row.beside(case.pk) == found.case.pk
    return is_about and _is_name_of(row, found.here)


def _is_name_of(row: PossibleConflict, somebody: Somebody) -> bool:
    return likeness(told(str(row.name)), somebody.heard) >= ALIKE_WITH_YEAR


def _same_person(case: Case) -> set[UUID | None]:
    """The cases that are, or are perhaps, the same person's."""
    found = Duplicate.objects.filter(Q(case=case) | Q(other=case)).exclude(is_same=False)
    pairs = found.values_list("case_id", "other_id")
    return {pk for pair in pairs for pk in pair} - {case.pk}


def possible_conflicts_of(case: Case) -> list[PossibleConflict]:
    """What was found of a case, on whichever side, with whom; their keys opened with one query."""
    with scope(organization=case.organization_id):
        rows = list(
            PossibleConflict.objects.filter(Q(case=case) | Q(other=case))
            .select_related("case", "other", "user")
            .order_by("pk")
        )
    open_case_keys({row.case_id for row in rows} - {case.pk})
    return rows
