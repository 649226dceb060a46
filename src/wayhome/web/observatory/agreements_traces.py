"""What the record has from one row of a list of agreements, or of the table of counties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agreements import Agency, Happened, Held, agencies, history
from wayhome.web.observatory.agreements_views import EVENTS
from wayhome.web.observatory.frame import address
from wayhome.web.observatory.wording import say

# What a series counts: the event between two lists, or the agreements of one list.
_COUNTED = {
    "agreements_new": "new",
    "agreements_ended": "ended",
    "agreements_active": "active",
    "agencies_active": "active",
}


@dataclass(frozen=True)
class Traced:
    """Agreements, what happened to some, and agencies of a county, that a row tells of."""

    held: tuple[Held, ...]
    happened: tuple[Happened, ...]
    counties: tuple[Agency, ...]

    def __bool__(self) -> bool:
        return bool(self.held or self.happened or self.counties)


def agreements_at(record: PublicRecord, source: str, row: int | None) -> Traced:
    """Everything about agreements that the record has from a row of a source."""
    if row is None:
        return Traced((), (), ())
    every = agencies(record).values()
    counties = {
        (one.state, one.county): one
        for one in every
        if (one.population_source, one.population_row) == (source, row)
    }
    return Traced(
        tuple(
            held
            for one in every
            for held in one.agreements
            if (held.source, held.row) == (source, row)
        ),
        tuple(
            one
            for one in history(record)
            if (source, row) in ((one.after_source, one.after_row), (one.by_source, one.by_row))
        ),
        tuple(counties.values()),
    )


def where_listed(series: str, on: date, language: str) -> list[tuple[str, str]]:
    """The pages on which the agreements of a count stand, each with its row: text and address;
    none of a series that counts no agreements."""
    counted = _COUNTED.get(series)
    if counted in EVENTS:
        page = address("observatory_agreements_changes", language, by=on.isoformat())
        place = f"{page}#event-{EVENTS.index(counted) + 1}"
        return [(say(language, f"agreements.listed_{counted}", day=on), place)]
    if counted:
        page, file = (
            address(name, language)
            for name in ("observatory_agreements", "observatory_agreements_csv")
        )
        return [
            (say(language, "agreements.listed_active"), f"{page}#by-state"),
            (say(language, "agreements.csv"), file),
        ]
    return []
