"""The charts of series: which lines each has, its numbers, its picture, its words for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.record import Figure, PublicRecord
from wayhome.public_record.series import every_series
from wayhome.web.observatory.charts import Chart, Line, middle_of_month
from wayhome.web.observatory.series import series_name, unit_name
from wayhome.web.observatory.wording import days, is_month, number, say, says


@dataclass(frozen=True)
class Design:
    """A chart by its series. `gap`: over so many days without a number no line is drawn."""

    id: str
    series: tuple[str, ...]
    gap: int = 70


BESIDE = 13  # rows of a table beside its chart

DESIGNS: Mapping[str, Design] = {
    design.id: design
    for design in (
        Design(
            "people",
            ("average_population_month", "people_midnight_month", "people_headcount_month"),
        ),
        Design("alternatives", ("alternatives_total",), gap=400),
        Design("stay", ("average_stay_days",)),
        Design("facilities", ("facilities_midnight_month", "facilities_headcount_month")),
        Design(
            "private-or-jail",
            ("private_or_jail_midnight_month", "private_or_jail_headcount_month"),
        ),
        Design("agreements", ("agreements_active", "agencies_active"), gap=400),
    )
}


def demand_design(demand: str) -> Design | None:
    """The chart of what a built-in demand is told by; None where nothing tells."""
    found = built_in_demands().get(demand)
    if found is None or found.measure is None:
        return None
    return Design(f"demand-{demand}", found.measure.series, gap=400)


def series_design(record: PublicRecord, series: str) -> Design | None:
    """The chart of one series; None where the record has none of it."""
    return Design(f"series-{series}", (series,), gap=400) if record.series(series) else None


@dataclass(frozen=True)
class Numbers:
    """A row of a chart's table: the days that it covers, and the figure of each line of them,
    with what it is called where the row stands by itself."""

    first_day: date
    on: date
    cells: Sequence[tuple[str, Figure | None]]


@dataclass(frozen=True)
class Shown:
    """A chart as a page shows it: what it is called, what it says, its numbers, newest first."""

    id: str
    title: str
    description: str
    figures: Sequence[Figure]
    lines: Sequence[str]
    rows: Sequence[Numbers]

    @property
    def newest_rows(self) -> Sequence[Numbers]:
        """So many as stand beside the chart; all stand on its own page."""
        return self.rows[:BESIDE]

    @property
    def heading(self) -> str:
        """The text over the days of the table: an average of a month is of no day."""
        if all(row.first_day == row.on for row in self.rows):
            return "frame.day"
        months = all(is_month(row.first_day, row.on) for row in self.rows)
        return "frame.month" if months else "frame.days"


def shown(record: PublicRecord, design: Design, language: str) -> Shown | None:
    """A chart, its words and numbers; None where the record has none of it."""
    lines = [figures for figures in map(record.series, design.series) if figures]
    if not lines:
        return None
    told = " ".join((*(_in_words(one, language) for one in lines), *_of_months(lines, language)))
    every = sorted((figure for line in lines for figure in line), key=lambda one: one.on)
    title = _title(design, language)
    names = [line_name(figures[0].series, language) for figures in lines]
    labels = names if len(names) > 1 else [unit_name(every[0].unit, language)]
    return Shown(design.id, title, told, every[::-1], names, _table(lines, labels))


def _title(design: Design, language: str) -> str:
    if design.id.startswith("series-"):
        return series_name(design.series[0], language)
    key = "demand" if design.id.startswith("demand-") else design.id.replace("-", "_")
    return say(language, f"charts.{key}")


def _table(lines: Sequence[Sequence[Figure]], labels: Sequence[str]) -> list[Numbers]:
    by_days = [{(figure.on, figure.first_day): figure for figure in line} for line in lines]
    covered = sorted({days for line in by_days for days in line}, reverse=True)
    return [
        Numbers(
            first_day=days[1],
            on=days[0],
            cells=[(label, line.get(days)) for label, line in zip(labels, by_days, strict=True)],
        )
        for days in covered
    ]


def _in_words(figures: Sequence[Figure], language: str) -> str:
    """A line for who does not see it: its first, its highest and its newest number."""
    most = max(figures, key=lambda figure: figure.value)
    first, last = figures[0], figures[-1]
    return say(
        language,
        "charts.in_words",
        name=line_name(first.series, language),
        first=number(language, first.value),
        first_day=_when(first, language),
        most=number(language, most.value),
        most_day=_when(most, language),
        last=number(language, last.value),
        last_day=_when(last, language),
    )


def _of_months(lines: Sequence[Sequence[Figure]], language: str) -> Iterator[str]:
    """What is said of lines that are told of months: averages, and counts."""
    months = [line[0].series for line in lines if any(map(_is_of_month, line))]
    averages = [one for one in months if one in every_series() and every_series()[one].is_average]
    if averages:
        yield say(language, "charts.averages_of_months")
    if len(averages) < len(months):
        yield say(language, "charts.counts_of_months")


def _when(told: Figure, language: str) -> str:
    """`on 9 April 2026`, `in April 2026`, or from the first to the last day of a figure."""
    if told.first_day != told.on and not is_month(told.first_day, told.on):
        return say(language, "charts.over_days", first=told.first_day, last=told.on)
    key = "charts.on_day" if told.first_day == told.on else "charts.in_month"
    return say(language, key, days=days(language, told.first_day, told.on))


def chart_of(record: PublicRecord, design: Design, language: str) -> Chart | None:
    """The chart to be drawn; None where the record has none of it."""
    words = shown(record, design, language)
    if words is None:
        return None
    lines = [
        Line(line_name(series, language), _points(figures), design.gap)
        for series in design.series
        if (figures := record.series(series))
    ]
    sources = {figure.source for figure in words.figures}
    invented = any(record.sources[source].synthetic for source in sources)
    return Chart(
        title=words.title,
        description=words.description,
        unit=unit_name(words.figures[0].unit, language),
        lines=lines,
        language=language,
        mark=say(language, "frame.synthetic_mark") if invented else "",
    )


def line_name(series: str, language: str) -> str:
    """What a line is called beside the others of its chart: short."""
    key = f"charts.line_{series}"
    return say(language, key) if says(key) else series_name(series, language)


def _points(figures: Sequence[Figure]) -> list[tuple[date, float]]:
    """A point a day; of several figures of a day the one of the newest source."""
    return sorted({_drawn_on(figure): figure.value for figure in figures}.items())


def _drawn_on(figure: Figure) -> date:
    return middle_of_month(figure.on) if _is_of_month(figure) else figure.on


def _is_of_month(figure: Figure) -> bool:
    """Whether it covers the days of one month; both daily files begin or end within one."""
    first, last = figure.first_day, figure.on
    return first < last and (first.year, first.month) == (last.year, last.month)
