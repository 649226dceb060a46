"""What became of each demand of a letter on a day, by the rules of the public record.

Nothing here can be set by hand: the letter's date, the demand's measure and the record decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.demands.demand import Demand as Measured
from wayhome.public_record.demands.demand import (
    Direction,
    Measure,
    Standing,
    TargetIs,
    due_date,
)
from wayhome.public_record.demands.status import status_of
from wayhome.public_record.demands.wording import number_words, reason_of, status_word, unit_word
from wayhome.public_record.record import PublicRecord
from wayhome.web.campaign.models import Demand, Letter

# Days on which a status may change are looked at no further back than so many.
MOST_DAYS = 400
_NO_MEASURE = {
    "en": "No measure was chosen for this demand, so that no figure can tell.",
    "es": "No se eligió ninguna medida para esta demanda, así que ninguna cifra puede decirlo.",
}


@dataclass(frozen=True)
class Told:
    """A demand with its standing on a day, in a language."""

    demand: Demand
    measured: Measured
    standing: Standing
    language: str

    @property
    def words(self) -> str:
        """The demand in the language: as the organizers wrote it, else as it is built in."""
        if self.language == "es":
            return self.demand.words_es or self.measured.words.get("es", self.demand.words)
        return self.demand.words

    @property
    def status(self) -> str:
        return status_word(self.standing.status, self.language)

    @property
    def css(self) -> str:
        return self.standing.status.value.replace(" ", "_")

    @property
    def reason(self) -> str:
        return reason_of(self.standing, self.measured, self.language)

    @property
    def target(self) -> str:
        """The number to reach, and in what; empty where it is not known yet."""
        if self.standing.target is None or self.standing.baseline is None:
            return ""
        unit = unit_word(self.standing.baseline.unit, self.language)
        return f"{number_words(self.standing.target, self.language)} {unit}"

    @property
    def what_it_tells(self) -> str:
        return str(self.measured.tells.get(self.language, ""))

    @property
    def what_it_does_not_tell(self) -> str:
        return str(self.measured.does_not_tell.get(self.language, ""))

    @property
    def target_said(self) -> str:
        """Who set the target."""
        return str(self.measured.target_by.get(self.language, ""))


@dataclass(frozen=True)
class Clock:
    """Where the hundred days stand on a day. `day` is None without the letter's date."""

    on: date
    dated: date | None

    @property
    def day(self) -> int | None:
        return (self.on - self.dated).days if self.dated else None

    @property
    def due(self) -> date | None:
        return due_date(self.dated) if self.dated else None

    @property
    def last(self) -> date | None:
        """The last of the hundred days."""
        return self.due - timedelta(days=1) if self.due else None

    @property
    def left(self) -> int:
        return max(0, (self.due - self.on).days) if self.due else 0


def measured_of(demand: Demand) -> Measured:
    """A demand as the public record measures it."""
    built_in = built_in_demands().get(demand.known_as)
    if built_in is not None:
        return built_in
    words = {"en": demand.words, "es": demand.words_es or demand.words}
    measure = _measure(demand)
    no_data = {} if measure else _NO_MEASURE
    return Measured(demand.slug, demand.letter.slug, demand.number, words, measure, no_data)


def _measure(demand: Demand) -> Measure | None:
    if not demand.series or not demand.direction or demand.target is None:
        return None
    return Measure(
        series=(demand.series,),
        direction=Direction(demand.direction),
        target=float(demand.target),
        target_is=TargetIs(demand.target_is),
    )


def told_of(demand: Demand, record: PublicRecord, on: date, language: str) -> Told:
    """One demand on a day."""
    measured = measured_of(demand)
    return Told(demand, measured, status_of(measured, record, demand.letter.dated, on), language)


def standings(letter: Letter, record: PublicRecord, on: date, language: str) -> list[Told]:
    """Every demand of a letter on a day, in the letter's order."""
    found = []
    for demand in letter.demands.order_by("number"):
        demand.letter = letter
        found.append(told_of(demand, record, on, language))
    return found


def changes(demand: Demand, record: PublicRecord, until: date, language: str) -> Iterator[Told]:
    """Each day on which a demand's status became another, to a day. Empty without a letter date."""
    before = None
    for day in _days(demand, record, until):
        told = told_of(demand, record, day, language)
        if told.standing.status != before:
            before = told.standing.status
            yield told


def _days(demand: Demand, record: PublicRecord, until: date) -> list[date]:
    """The letter's day, the end of the hundred, and every day on which a figure became known."""
    dated = demand.letter.dated
    if dated is None:
        return []
    measure = measured_of(demand).measure
    days = {dated, due_date(dated)}
    for series in measure.series if measure else ():
        for figure in record.series(series):
            known = record.source_of(figure).known_from or figure.on
            days.add(max(known, figure.on))
    return sorted(day for day in days if dated <= day <= until)[-MOST_DAYS:]
