"""Whom a row of an intake resembles: a case that is known, or an earlier row of the same file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wayhome.web.cases.duplicates import likely_same
from wayhome.web.cases.names import folded
from wayhome.web.casework.models import IntakeRow


def compare(row: IntakeRow) -> None:
    """Looks once for the cases that a row resembles, and keeps them with the row."""
    person = row.person or {}
    known = likely_same(row.intake.organization_id, person) if person else []
    found = [{"case": str(k.case.pk), "code": k.case.code, "why": k.why} for k in known]
    row.likely = [*(row.likely or []), *found]
    row.is_compared, row.has_likely = True, bool(row.likely)
    row.save(update_fields=["likely", "is_compared", "has_likely"])


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
