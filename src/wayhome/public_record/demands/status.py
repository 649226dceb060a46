"""What became of a demand, at any day: the figures compared. What they come to: rules.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

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

__all__ = ["Demand", "Direction", "Measure", "Standing", "Status", "TargetIs", "due_date"]


def status_of(
    demand: Demand,
    record: PublicRecord,
    letter_date: date | None,
    on: date,
    *,
    known_by: date | None = None,
) -> Standing:
    """What became of a demand by the day `on`, from the figures known on that day; with
    `known_by`, from those known on another (what is known now of a day long past)."""
    known_by = known_by or on
    measure = demand.measure
    compared = None
    if measure is not None and letter_date is not None and on >= letter_date:
        compared = _compared(measure, record, letter_date, on, known_by)
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
        target=asked.target if len(figures) == 2 else None,
        way=asked.way if len(figures) == 2 else None,
        late_baseline=bool(compared and compared.late),
        synthetic=any(record.source_of(figure).synthetic for figure in figures),
    )


def known_figures(
    record: PublicRecord, series: str, on: date, known_by: date
) -> tuple[Figure, ...]:
    """The figures of a series that tell of no later day than `on` and that anybody could know by
    `known_by`; of several that tell of the same days, the one published last."""
    found: dict[tuple[date, date], Figure] = {}
    published: dict[tuple[date, date], date] = {}
    for figure in record.series(series):
        since = record.source_of(figure).known_from
        if since is None or since > known_by or figure.on > on:
            continue
        days = (figure.on, figure.first_day)
        if days not in published or since >= published[days]:
            found[days], published[days] = figure, since
    return tuple(found[days] for days in sorted(found))


def _values(measure: Measure | None, compared: Compared | None) -> dict[str, str | float | date]:
    if measure is None or compared is None:
        return {}
    return {"series": compared.series, "days": measure.baseline_days}


def _compared(
    measure: Measure, record: PublicRecord, letter_date: date, on: date, known_by: date
) -> Compared:
    """Of the first series that has both figures; else of the first that has one; else of none."""
    tried = [
        _of_series(measure, id, known_figures(record, id, on, known_by), letter_date)
        for id in measure.series
    ]
    both = (found for found in tried if found.baseline and found.newest)
    one = (found for found in tried if found.baseline or found.newest)
    return next(both, None) or next(one, None) or Compared(measure.series[0])


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
    return Compared(series, None, after[-1] if after else None)
