"""What became of each demand of a letter on a day, by the rules of the public record.

Nothing here can be set by hand: the letter's date, the demand's measure and the record decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from wayhome.public_record.demands.built_in import built_in_demands, days_of_letter
from wayhome.public_record.demands.demand import Demand as Measured
from wayhome.public_record.demands.demand import (
    Direction,
    Measure,
    Standing,
    TargetIs,
    due_date,
)
from wayhome.public_record.demands.status import standing_on
from wayhome.public_record.demands.wording import number_words, reason_of, status_word, unit_word
from wayhome.public_record.record import PublicRecord
from wayhome.public_record.series import every_series
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Demand, Letter
from wayhome.web.campaign.texts import (
    Opened,
    Terms,
    as_it_was,
    as_kept,
    dropped_on,
    history,
    not_yet_on,
)
from wayhome.web.campaign.wording import say

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
        """The demand as the organizers wrote it, in the language where they wrote it in that."""
        return self.demand.words_es if self._is_in_spanish else self.demand.words

    @property
    def words_language(self) -> str:
        """The language that the words are in: what nobody wrote in Spanish is shown in English."""
        return "es" if self._is_in_spanish else "en"

    @property
    def _is_in_spanish(self) -> bool:
        return self.language == "es" and bool(self.demand.words_es)

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
    def measure_said(self) -> str:
        """What is counted, which way it must go and how far: said whether or not figures are there.
        Empty where nothing measures it.
        """
        measure = self.measured.measure
        if measure is None:
            return ""
        id = str(self.standing.values.get("series") or measure.series[0])
        series, language = every_series().get(id), self.language
        title = series.title[language] if series else id
        return f"{title}: {_way(measure.direction, measure.target, measure.target_is, language)}"

    @property
    def what_it_tells(self) -> str:
        return str(self.measured.tells.get(self.language, ""))

    @property
    def what_it_does_not_tell(self) -> str:
        return str(self.measured.does_not_tell.get(self.language, ""))

    @property
    def target_said(self) -> str:
        """Who set the target; of another letter's demand, that measure and target are built in."""
        built_in = built_in_demands().get(self.demand.known_as)
        if built_in is None or built_in.letter == self.demand.letter.slug:
            return str(self.measured.target_by.get(self.language, ""))
        said = built_in.words[self.language]
        return say(self.language, "demand.target_built_in", demand=said)


@dataclass(frozen=True)
class Clock:
    """Where the hundred days stand on a day. `day` is None without the letter's date; it is 0 on
    the letter's own day and 100 on the due day, the last of the hundred."""

    on: date
    dated: date | None

    @property
    def day(self) -> int | None:
        return (self.on - self.dated).days if self.dated else None

    @property
    def due(self) -> date | None:
        return due_date(self.dated) if self.dated else None

    @property
    def is_over(self) -> bool:
        return self.due is not None and self.on > self.due

    @property
    def left(self) -> int:
        return max(0, (self.due - self.on).days) if self.due else 0


def measured_of(demand: Demand) -> Measured:
    """A demand as the public record measures it. Of which days its letter may be is the letter's
    own: who borrows a demand does not borrow them.
    """
    slug = demand.letter.slug
    days = days_of_letter(slug)
    built_in = built_in_demands().get(demand.known_as)
    if built_in is not None:
        return replace(built_in, letter=slug, letter_days=days)
    words = {"en": demand.words, "es": demand.words_es or demand.words}
    measure = _measure(demand)
    no_data = {} if measure else _NO_MEASURE
    return Measured(demand.slug, slug, demand.number, words, measure, no_data, letter_days=days)


def _measure(demand: Demand) -> Measure | None:
    if not demand.series or not demand.direction or demand.target is None:
        return None
    return Measure(
        series=(demand.series,),
        direction=Direction(demand.direction),
        target=float(demand.target),
        target_is=TargetIs(demand.target_is),
    )


def measure_words(terms: Terms, language: str) -> str:
    """By what a demand is told, in a sentence."""
    built_in = built_in_demands().get(terms["known_as"])
    if built_in is not None:
        return say(language, "measure.built_in", demand=built_in.words[language])
    series = every_series().get(terms["series"])
    if series is None or not terms["direction"] or terms["target"] is None:
        return say(language, "measure.none")
    way, target = Direction(terms["direction"]), float(terms["target"])
    return f"{series.title[language]}: {_way(way, target, TargetIs(terms['target_is']), language)}"


def _way(way: Direction, target: float, target_is: TargetIs, language: str) -> str:
    """Which way a number must go, and to or by how much: "down by 5,000", never by minus that."""
    key = {TargetIs.NUMBER: "number", TargetIs.SHARE: "share", TargetIs.CHANGE: "change"}[target_is]
    if target_is is TargetIs.SHARE:
        target *= 100
    elif target_is is TargetIs.CHANGE and way is Direction.DOWN:
        target = -target
    said = say(language, f"measure.{key}", number=number_words(target, language))
    return f"{say(language, f'measure.{way.value}')} {said}"


def demands_signed(letter: Letter, language: str) -> list[tuple[str, str, str]]:
    """What whoever signs now demands: each demand's words, their language, and what tells it."""
    return [
        (
            words_of(one, language),
            "es" if language == "es" and one["words_es"] else "en",
            measure_words(one, language),
        )
        for one in as_kept(letter)
    ]


def words_of(terms: Terms, language: str) -> str:
    """A demand of a text in a language."""
    return str(terms["words_es"] or terms["words"] if language == "es" else terms["words"])


def check_target(letter: Letter, fields: Terms, record: PublicRecord, on: date) -> None:
    """Raises CannotBe for a target that lies the wrong way from where the figures begin."""
    if fields.get("known_as") or not fields.get("series") or fields.get("target") is None:
        return
    names = {name: fields[name] for name in ("words", "series", "direction", "target", "target_is")}
    measured = measured_of(Demand(letter=letter, number=0, slug="new", **names))
    measure = measured.measure
    figures = record.series(fields["series"])
    baseline = standing_on(measured, record, letter.dated, on, on).baseline
    start = baseline or (figures[-1] if figures else None)
    if measure is None or start is None:
        return
    target = measure.target_from(start.value)
    if measure.gain(start.value, target) <= 0:
        way = "down" if measure.direction is Direction.DOWN else "up"
        raise CannotBe(
            f"It must go {way}, but the target is {number_words(target, 'en')} and the figures "
            f"stand at {number_words(start.value, 'en')}: that is the wrong way."
        )


def told_of(
    demand: Demand, record: PublicRecord, on: date, language: str,
    texts: list[Opened] | None = None,
) -> Told:  # fmt: skip
    """One demand on a day, with the words and measure that stood on it, as known today."""
    demand = as_it_was(demand, history(demand.letter) if texts is None else texts, on)
    measured = measured_of(demand)
    standing = standing_on(measured, record, demand.letter.dated, on, today_there())
    return Told(demand, measured, standing, language)


def standings(
    letter: Letter, record: PublicRecord, on: date, language: str,
    texts: list[Opened] | None = None,
) -> list[Told]:  # fmt: skip
    """Every demand that a letter has on a day, in its order: none that was dropped by then, or that
    only a later text brings.
    """
    found, texts = [], history(letter) if texts is None else texts
    without = {*dropped_on(texts, on), *not_yet_on(letter, texts, on)}
    for demand in letter.demands.order_by("number"):
        if demand.slug in without:
            continue
        demand.letter = letter
        found.append(told_of(demand, record, on, language, texts))
    return found


def standings_of(
    letter: Letter, opened: Opened, record: PublicRecord, on: date, language: str
) -> list[Told]:
    """Every demand of one text on a day, also those that no letter has before that is opened."""
    rows = {row.slug: row for row in letter.demands.all()}
    found = []
    for terms in sorted(opened.demands.values(), key=lambda terms: int(terms["number"])):
        number, owner = terms["number"], terms.get("owner", "")
        blank = Demand(letter=letter, slug=terms["slug"], number=number, owner=owner)
        demand = rows.get(terms["slug"], blank)
        demand.letter = letter
        found.append(told_of(demand, record, on, language, [opened]))
    return found


def changes(demand: Demand, record: PublicRecord, until: date, language: str) -> Iterator[Told]:
    """Each day on which a demand's status became another, to a day: none without a letter date,
    none before a text brings it, and none while a text was open that had dropped it.
    """
    before, texts = None, history(demand.letter)
    for day in _days(demand, record, until, texts):
        not_yet = not_yet_on(demand.letter, texts, day)
        if demand.slug in not_yet or demand.slug in dropped_on(texts, day):
            before = None
            continue
        told = told_of(demand, record, day, language, texts)
        if told.standing.status != before:
            before = told.standing.status
            yield told


def _days(demand: Demand, record: PublicRecord, until: date, texts: list[Opened]) -> list[date]:
    """The letter's day, the end of the hundred, every day that a figure ends with, or on which a
    text was opened.
    """
    dated = demand.letter.dated
    if dated is None:
        return []
    days = {dated, due_date(dated), *(one.day for one in texts)}
    stood = [measured_of(as_it_was(demand, texts, day)).measure for day in days]
    for series in {id for measure in stood if measure for id in measure.series}:
        for figure in record.series(series):
            days.add(figure.on)
    return sorted(day for day in days if dated <= day <= until)[-MOST_DAYS:]
