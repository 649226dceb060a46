"""Whom a row of an intake resembles: a case that is known, or an earlier row of the same file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wayhome.web.cases.duplicates import likely_same
from wayhome.web.cases.models import Person
from wayhome.web.cases.names import folded
from wayhome.web.cases.people_around import person_by_names
from wayhome.web.cases.possible_conflicts import Perhaps, perhaps_conflicts
from wayhome.web.casework.models import IntakeRow


def compare(row: IntakeRow) -> None:
    """Looks once for the cases that a row resembles, and keeps them with the row.

    What may be a conflict of interest is kept too; for it alone no row is left out.
    """
    person = row.person or {}
    organization = row.intake.organization_id
    known = likely_same(organization, person) if person else []
    found = [{"case": str(k.case.pk), "code": k.case.code, "why": k.why} for k in known]
    same = [*(row.likely or []), *found]
    people = person_by_names(Person(**person))
    known_ids = {k.case.pk for k in known}
    perhaps = [
        _conflict(one)
        for one in perhaps_conflicts(organization, people)
        if one.case is None or one.case.pk not in known_ids
    ]
    row.likely = [*same, *perhaps]
    row.is_compared, row.has_likely = True, bool(same)
    row.save(update_fields=["likely", "is_compared", "has_likely"])


def _conflict(found: Perhaps) -> dict[str, Any]:
    if found.case is None:
        return {"is_conflict": True, "staff": str(found.user), "why": found.why}
    about = {"case": str(found.case.pk), "code": found.case.code}
    return {"is_conflict": True, **about, "why": found.why}


class TwinsInFile:
    """Finds rows of one file that are the same person, as they are read."""

    def __init__(self) -> None:
        self.first: dict[tuple[str, ...], int] = {}

    def of(self, number: int, person: Mapping[str, str]) -> list[dict[str, Any]]:
        """The earlier rows with the same A-number, or the same name and birth date."""
        found: dict[int, str] = {}
        for mark, why in _marks(person):
            earlier = self.first.setdefault(mark, number)
            if earlier != number:
                found.setdefault(earlier, why)
        return [{"row": earlier, "why": why} for earlier, why in found.items()]


def _marks(person: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    if number := person.get("a_number"):
        yield ("a_number", number), "the same A-number in this file"
    if person.get("name") and person.get("birth_date"):
        mark = ("name", folded(person["name"]), person["birth_date"])
        yield mark, "the same name and birth date in this file"
