"""What the record has from one row of a list of agreements, or of the table of counties."""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agreements import Agency, Happened, Held, agencies, history


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
