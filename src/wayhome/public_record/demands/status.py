"""What became of a demand, at any day, by rule. The rules are the table in README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from wayhome.public_record.record import Figure, PublicRecord

__all__ = ["Demand", "Direction", "Measure", "Standing", "Status", "TargetIs", "due_date"]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Compared:
    """The two figures of one series that are compared, as far as they are there."""

    series: str
    baseline: Figure | None = None
    newest: Figure | None = None
    late: bool = False


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
    standing = _beginning(demand, letter_date, on, known_by)
    if letter_date is None:
        return replace(standing, reason_id="no_letter_date")
    if on < letter_date:
        return replace(standing, status=Status.TOO_EARLY, reason_id="before_the_letter")
    if demand.measure is None:
        return replace(standing, reason_id="no_data")
    compared = _compared(demand.measure, record, letter_date, on, known_by)
    return _judged(standing, demand.measure, compared, record)


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


def _beginning(demand: Demand, letter_date: date | None, on: date, known_by: date) -> Standing:
    due = due_date(letter_date) if letter_date else None
    return Standing(
        demand=demand.id,
        status=Status.INCONCLUSIVE,
        on=on,
        known_by=known_by,
        letter_date=letter_date,
        due=due,
        day=(on - letter_date).days if letter_date else None,
        reason_id="",
        values={"on": on, **({"letter": letter_date, "due": due} if letter_date and due else {})},
    )


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


def _judged(
    standing: Standing, measure: Measure, compared: Compared, record: PublicRecord
) -> Standing:
    baseline, newest = compared.baseline, compared.newest
    figures = [figure for figure in (baseline, newest) if figure]
    standing = replace(
        standing,
        baseline=baseline,
        newest=newest,
        late_baseline=compared.late,
        synthetic=any(record.source_of(figure).synthetic for figure in figures),
        values={**standing.values, "series": compared.series, "days": measure.baseline_days},
    )
    if baseline is None or newest is None:
        return _with_a_figure_missing(standing)
    target = measure.target_from(baseline.value)
    way = measure.gain(baseline.value, target)
    gain = measure.gain(baseline.value, newest.value)
    standing = replace(standing, target=target, way=gain / way if way > 0 else None)
    status, reason = _rule(standing, measure, gain, newest)
    return replace(standing, status=status, reason_id=reason)


def _with_a_figure_missing(standing: Standing) -> Standing:
    reason = "no_baseline" if standing.baseline is None else "nothing_since"
    return replace(standing, status=_until_due(standing), reason_id=reason)


def _until_due(standing: Standing) -> Status:
    """What is not known is too early while the hundred days last, and inconclusive after them."""
    assert standing.due is not None
    return Status.TOO_EARLY if standing.on < standing.due else Status.INCONCLUSIVE


def _rule(standing: Standing, measure: Measure, gain: float, newest: Figure) -> tuple[Status, str]:
    """The rules for two figures, in their order: the first that fits."""
    assert standing.due is not None
    assert standing.baseline is not None
    assert standing.target is not None
    if measure.gain(standing.target, newest.value) >= 0:
        return Status.KEPT, "reached" if newest.on < standing.due else "reached_by"
    if -gain > measure.reversed_from * abs(standing.baseline.value):
        return Status.REVERSED, "wrong_way"
    if standing.on < standing.due:
        return Status.TOO_EARLY, "days_left"
    if newest.on < standing.due - ONE_DAY:
        return Status.INCONCLUSIVE, "nothing_since_due"
    if standing.way is not None and standing.way >= measure.partly_from:
        return Status.PARTLY_KEPT, "part_of_the_way"
    return Status.BROKEN, "not_moved"
