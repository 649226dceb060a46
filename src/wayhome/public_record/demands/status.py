"""What became of a demand, at any day: the figures compared. What they come to: rules.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from wayhome.public_record.demands.demand import (
    Demand,
    Direction,
    Measure,
    Standing,
    Status,
    TargetIs,
    due_date,
)
from wayhome.public_record.demands.rules import Asked, Compared, rule_for
from wayhome.public_record.record import Figure, PublicRecord

__all__ = [
    "Demand",
    "Direction",
    "Measure",
    "Standing",
    "Status",
    "TargetIs",
    "due_date",
    "known_figures",
    "newest_known",
    "standing_on",
    "standings_until",
    "status_of",
]

# A series by day has thousands of days: a demand's time is told from so many of the last.
MOST_DAYS = 400
Known = Mapping[str, Sequence[Figure]]


def standing_on(
    demand: Demand, record: PublicRecord, letter_date: date | None, on: date, today: date
) -> Standing:
    """What became of a demand by the day `on`, as it is known `today`: what every page, file and
    feed shows. Where what was known on that day itself said otherwise, `then` is that status."""
    now = status_of(demand, record, letter_date, on, known_by=today)
    if letter_date is None and demand.measure and demand.letter_days:
        every = _whichever(demand.measure, demand.letter_days, record, on, today)
        return replace(now, whichever=every)
    if on >= today:
        return now
    then = status_of(demand, record, letter_date, on, known_by=on).status
    return replace(now, then=then if then is not now.status else None)


# A page asks of each demand of a letter in turn, again and again; few are of an unknown day.
@lru_cache(maxsize=16)
def _whichever(
    measure: Measure, letter_days: tuple[date, date], record: PublicRecord, on: date, known_by: date
) -> tuple[Status, ...]:
    """Every status by the day `on`, over all days of which the letter may be."""
    first, last = letter_days
    known = _up_to(_known(measure, record, known_by), on)
    found = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        compared = _compared(measure, known, day) if on >= day else None
        found.add(rule_for(Asked(on, day, measure, compared)).status)
    return tuple(status for status in Status if status in found)


def standings_until(
    demand: Demand, record: PublicRecord, letter_date: date | None, until: date, today: date
) -> list[Standing]:
    """What became of a demand by the letter's day, the due day, `until`, and each day between them
    that a figure ends with (at most the last MOST_DAYS of these), as it is known `today`."""
    if letter_date is None or until < letter_date:
        return []
    known = _known(demand.measure, record, today)
    ends = sorted({figure.on for figures in known.values() for figure in figures})
    days = {day for day in ends[-MOST_DAYS:] if letter_date < day < until}
    days |= {letter_date, until, min(until, due_date(letter_date))}
    return [
        _standing(demand, record, letter_date, day, today, _up_to(known, day))
        for day in sorted(days)
    ]


def status_of(
    demand: Demand,
    record: PublicRecord,
    letter_date: date | None,
    on: date,
    *,
    known_by: date | None = None,
) -> Standing:
    """What became of a demand by the day `on`, from figures of no later day that were known on
    the day `known_by`; None: on that day itself. What is shown is `standing_on`."""
    known_by = known_by or on
    known = _up_to(_known(demand.measure, record, known_by), on)
    return _standing(demand, record, letter_date, on, known_by, known)


def newest_known(
    measure: Measure | None, record: PublicRecord, on: date, known_by: date
) -> Figure | None:
    """The newest figure of any series of a measure, of no later day than `on`; of several of the
    same day, that of the first series."""
    known = _up_to(_known(measure, record, known_by), on)
    last = [figures[-1] for figures in known.values() if figures]
    return max(last, key=lambda figure: figure.on, default=None)


def _standing(
    demand: Demand,
    record: PublicRecord,
    letter_date: date | None,
    on: date,
    known_by: date,
    known: Known,
) -> Standing:
    measure = demand.measure
    compared = None
    if measure is not None and letter_date is not None and on >= letter_date:
        compared = _compared(measure, known, letter_date)
    asked = Asked(on, letter_date, measure, compared)
    rule = rule_for(asked)
    figures = [figure for figure in (asked.baseline, asked.newest) if figure]
    return Standing(
        demand=demand.id,
        status=rule.status,
        on=on,
        known_by=known_by,
        letter_date=letter_date,
        due=due_date(letter_date) if letter_date else None,
        day=(on - letter_date).days if letter_date else None,
        reason_id=rule.reason,
        values=_values(measure, compared),
        baseline=asked.baseline,
        newest=asked.newest,
        target=asked.target if asked.newest else None,
        way=asked.way if len(figures) == 2 else None,
        late_baseline=bool(compared and compared.late),
        synthetic=any(record.source_of(figure).synthetic for figure in figures),
        newer=_newer(compared, known),
    )


def _known(measure: Measure | None, record: PublicRecord, known_by: date) -> Known:
    series = measure.series if measure else ()
    return {id: known_figures(record, id, known_by) for id in series}


def _up_to(known: Known, on: date) -> Known:
    return {id: [one for one in figures if one.on <= on] for id, figures in known.items()}


def known_figures(record: PublicRecord, series: str, known_by: date) -> Sequence[Figure]:
    """The figures of a series that anybody could know by `known_by`, by day; of several that tell
    of the same days, the one published last."""
    found: dict[tuple[date, date], Figure] = {}
    published: dict[tuple[date, date], date] = {}
    for figure in record.series(series):
        since = record.source_of(figure).known_from
        if since is None or since > known_by:
            continue
        days = (figure.on, figure.first_day)
        if days not in published or since >= published[days]:
            found[days], published[days] = figure, since
    return tuple(found[days] for days in sorted(found))


def _newer(compared: Compared | None, known: Known) -> Figure | None:
    """The newest figure of the other series, where it is newer than those that are compared."""
    shown = (compared.newest or compared.baseline) if compared else None
    if compared is None or shown is None:
        return None
    others = [told[-1] for id, told in known.items() if told and id != compared.series]
    newest = max(others, key=lambda figure: figure.on, default=None)
    return newest if newest and newest.on > shown.on else None


def _values(measure: Measure | None, compared: Compared | None) -> dict[str, str | float | date]:
    if measure is None or compared is None:
        return {}
    return {"series": compared.series, "days": measure.baseline_days}


def _compared(measure: Measure, known: Known, letter_date: date) -> Compared:
    """Of the series that have both figures, the one whose newest is of the latest day, and of
    several the first; else likewise of those whose newest answers alone; else of the first that
    has one; else of none."""
    tried = [_of_series(measure, id, figures, letter_date) for id, figures in known.items()]
    both = [found for found in tried if found.baseline and found.newest]
    one = (found for found in tried if found.baseline or found.newest)
    if best := both or [found for found in tried if _tells_alone(measure, found, letter_date)]:
        return max(best, key=_newest_day)
    return next(one, None) or Compared(measure.series[0])


def _tells_alone(measure: Measure, compared: Compared, letter_date: date) -> bool:
    if measure.target_is is not TargetIs.NUMBER or compared.newest is None:
        return False
    return compared.newest.on >= due_date(letter_date)


def _newest_day(compared: Compared) -> date:
    return compared.newest.on if compared.newest else date.min


def _of_series(
    measure: Measure, series: str, known: Sequence[Figure], letter_date: date
) -> Compared:
    earliest = letter_date - timedelta(days=measure.baseline_days)
    latest = letter_date + timedelta(days=measure.late_baseline_days)
    before = [figure for figure in known if earliest <= figure.on <= letter_date]
    after = [figure for figure in known if figure.on > letter_date]
    if before:
        # A stretch of days that begins before the letter does not tell what came of it.
        since = [figure for figure in after if figure.first_day >= letter_date]
        return Compared(series, before[-1], since[-1] if since else None)
    if after and after[0].on <= latest:
        since = [figure for figure in after[1:] if figure.first_day > after[0].on]
        return Compared(series, after[0], since[-1] if since else None, late=True)
    since = [figure for figure in after if figure.first_day >= letter_date]
    return Compared(series, None, since[-1] if since else None)
