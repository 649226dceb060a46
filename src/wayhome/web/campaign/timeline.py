"""What happened to a letter and its demands, day by day: for pages, the feed and the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from wayhome.public_record.demands.demand import due_date
from wayhome.public_record.record import PublicRecord
from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.days import WASHINGTON
from wayhome.web.campaign.models import Demand, Letter
from wayhome.web.campaign.standing import changes, measure_words, told_of, words_of
from wayhome.web.campaign.texts import Change, changes_of, history
from wayhome.web.campaign.wording import say


@dataclass(frozen=True)
class Happening:
    """Something on a day. `mark` is the same each time; `demand` the one that it is about; `at` its
    time of the day in Washington, the day's beginning where it has none.
    """

    day: date
    text: str
    mark: str
    demand: Demand | None = None
    at: time = time.min


def happenings(letter: Letter, record: PublicRecord, until: date, language: str) -> list[Happening]:
    """All of it, the newest first; what lies ahead (a deadline, the due date) too."""
    found = [*_of_letter(letter, language)]
    for demand in letter.demands.order_by("number"):
        demand.letter = letter
        found += of_demand(demand, record, until, language)
    return sorted(found, key=_order, reverse=True)


def _order(one: Happening) -> tuple[date, time, str]:
    return one.day, one.at, one.mark


def _here(moment: datetime) -> tuple[date, time]:
    there = moment.astimezone(WASHINGTON)
    return there.date(), there.time()


def _of_letter(letter: Letter, language: str) -> Iterator[Happening]:
    if letter.dated:
        yield Happening(letter.dated, say(language, "event.dated"), "dated")
        yield Happening(due_date(letter.dated), say(language, "event.due"), "due")
    yield from _of_dates(letter, language)
    yield from _of_demands(letter, language)
    if letter.was_sent_before:
        return
    for version in letter.versions.exclude(opened_at=None):
        key = "opened" if version.number == 1 else "changed"
        text = say(language, f"event.{key}", number=version.number)
        day, at = _here(version.opened_at)
        yield Happening(day, text, f"text-{version.number}", at=at)
    if letter.deadline:
        text = say(language, "event.deadline")
        yield Happening(letter.deadline, text, "deadline", at=time.max)
    if letter.stage == Stage.CLOSED and letter.closed_at:
        day, at = _here(letter.closed_at)
        yield Happening(day, say(language, "event.closed"), "closed", at=at)


def _of_dates(letter: Letter, language: str) -> Iterator[Happening]:
    """When its date was entered, and which dates were entered before."""
    if letter.dated and letter.dated_at:
        key = "date_entered_sent" if letter.said_sent_before else "date_entered"
        text = say(language, f"event.{key}", day=letter.dated)
        day, at = _here(letter.dated_at)
        yield Happening(day, text, "date", at=at)
    for number, one in enumerate(letter.former_dates, start=1):
        former = date.fromisoformat(one["dated"])
        text = say(language, "event.former_date", day=former, source=one["known_from"])
        yield Happening(date.fromisoformat(one["until"]), text, f"date-{number}")


def _of_demands(letter: Letter, language: str) -> Iterator[Happening]:
    """What a new text changed of what is demanded, and of how it is measured."""
    rows = {one.slug: one for one in letter.demands.all()}
    opened = dict(letter.versions.exclude(opened_at=None).values_list("number", "opened_at"))
    for change in changes_of(history(letter)):
        day, number = change.opened.day, change.opened.number
        mark, demand = f"text-{number}-{change.slug}", rows.get(change.slug)
        _, at = _here(opened[number])
        for key, text in _said_of_change(change, language):
            yield Happening(day, text, f"{mark}-{key}" if key != "new" else mark, demand, at)


def demands_changed(letter: Letter, language: str) -> dict[int, list[str]]:
    """By the number of each text, what it changed of what is demanded."""
    found: dict[int, list[str]] = {}
    for change in changes_of(history(letter)):
        said = _said_of_change(change, language)
        found.setdefault(change.opened.number, []).extend(text for _, text in said)
    return found


def _said_of_change(change: Change, language: str) -> Iterator[tuple[str, str]]:
    """What is said of a change of a demand, each with what it is a change of."""
    terms = change.after or change.before or {}
    blanks = {"demand": words_of(terms, language), "number": change.opened.number}
    if change.before is None or change.after is None:
        key = "dropped" if change.after is None else "again" if change.is_again else "new"
        yield key, say(language, f"event.demand_{key}", **blanks)
        return
    if change.words:
        before = words_of(change.before, language)
        yield "words", say(language, "event.words", before=before, **blanks)
    if change.measure:
        old, new = (measure_words(one, language) for one in (change.before, change.after))
        yield "measure", say(language, "event.measure", before=old, after=new, **blanks)


def of_demand_alone(
    demand: Demand, record: PublicRecord, until: date, language: str
) -> list[Happening]:
    """What a demand's own page tells: also what texts changed of it, to a day; the newest first."""
    changed = _of_demands(demand.letter, language)
    found = [one for one in changed if one.demand == demand and one.day <= until]
    found += of_demand(demand, record, until, language)
    return sorted(found, key=_order, reverse=True)


def of_demand(
    demand: Demand, record: PublicRecord, until: date, language: str
) -> Iterable[Happening]:
    """What happened to one demand: its status, evidence, notes."""
    words = told_of(demand, record, until, language).words
    for told in changes(demand, record, until, language):
        text = say(language, "event.status", demand=words, status=told.status)
        day = told.standing.on
        yield Happening(day, text, f"status-{demand.slug}-{day.isoformat()}", demand)
    for evidence in demand.evidence.filter(removed_at=None):
        text = say(language, "event.evidence", demand=words, source=evidence.source)
        yield Happening(evidence.on, text, f"evidence-{evidence.pk}", demand)
    for note in demand.notes.filter(removed_at=None):
        text = say(language, "event.note", demand=words, text=note.text)
        yield Happening(note.on, text, f"note-{note.pk}", demand)
