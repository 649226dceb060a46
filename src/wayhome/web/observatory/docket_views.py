"""The docket: pending cases, orders in absence, disparities, and whom each demand would reach."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.record import Source
from wayhome.report.suppression import SMALLEST
from wayhome.web.observatory.charts import Chart
from wayhome.web.observatory.docket import (
    ANSWERS,
    MEASURES,
    Divided,
    Group,
    Reached,
    divided,
    docket_source,
    group_name,
    law_on,
    reached,
    totals,
)
from wayhome.web.observatory.docket_charts import MOST, bars, intervals, parts
from wayhome.web.observatory.pages import Context, Rows, Visit, csv_file, page, picture
from wayhome.web.observatory.wording import day, number, percent, say


@page("observatory/docket/docket.html")
def docket(visit: Visit) -> Context:
    """What the docket tells in all, and the ways to its parts; or that there is none."""
    source = docket_source(visit.record)
    if source is None:
        return {"source": None}
    found = divided(visit.record)
    measures = [
        (measure, totals(visit.record).get(measure), [by for by in bys if (measure, by) in found])
        for measure, (_, bys) in MEASURES.items()
    ]
    return {
        **_about(source),
        "measures": [one for one in measures if one[2]],
        "has_demands": bool(reached(visit.record)),
        "smallest": SMALLEST,
    }


@page("observatory/docket/measure.html")
def docket_measure(visit: Visit, measure: str, by: str) -> Context:
    """One measure by one dimension: each group's number, its denominator, its share."""
    source, found = _measure(visit, measure, by)
    return {
        **_about(source),
        "measure": measure,
        "by": by,
        "title": _title(visit, measure, by),
        "picture_says": _in_words(visit, found),
        "rows": [(group_name(visit.language, by, one.key), one) for one in found.groups],
        "together": [group_name(visit.language, by, key) for key in found.together],
        "smallest": SMALLEST,
        "most": MOST,
    }


@picture()
def docket_measure_svg(visit: Visit, measure: str, by: str) -> str:
    """The measure as a picture: the largest groups."""
    source, found = _measure(visit, measure, by)
    groups = found.groups[:MOST]
    name = [group_name(visit.language, by, one.key) for one in groups]
    unit = say(visit.language, f"docket.axis_{measure}")
    chart = _chart(visit, source, _title(visit, measure, by), _in_words(visit, found), unit)
    if measure == "pending":
        return bars(chart, [(n, one.count) for n, one in zip(name, groups, strict=True)])
    told = [
        (n, one.share, one.low, one.high)
        for n, one in zip(name, groups, strict=True)
        if one.share is not None and one.low is not None and one.high is not None
    ]
    return intervals(chart, told)


@csv_file()
def docket_measure_csv(visit: Visit, measure: str, by: str) -> Rows:
    """The measure as a file."""
    source, found = _measure(visit, measure, by)
    headings = (
        *("measure", "by", "group", "name", "count", "denominator", "denominator_is", "share"),
        *("low_95", "high_95", "counted_together_as_too_few", "source", "synthetic"),
    )
    of = say(visit.language, f"docket.of_{measure}")
    last = (source.id, "SYNTHETIC" if source.synthetic else "no")
    rows: list[tuple[object, ...]] = [
        (
            *(measure, by, one.key, group_name(visit.language, by, one.key), one.count),
            *(one.denominator, of, one.share, one.low, one.high, "no", *last),
        )
        for one in found.groups
    ]
    rows += [
        (measure, by, key, group_name(visit.language, by, key), *([None] * 6), "yes", *last)
        for key in found.together
    ]
    return Rows(f"{_file(source)}-{measure}-{by}", headings, rows)


@page("observatory/docket/demands.html")
def docket_demands(visit: Visit) -> Context:
    """Whom each demand would reach, of all cases of the docket."""
    source = _source(visit)
    return {
        **_about(source),
        "law_on": law_on(visit.record),
        "rows": _demand_rows(visit),
        "picture_says": _demands_in_words(visit),
    }


@picture()
def docket_demands_svg(visit: Visit) -> str:
    """All demands as a picture: a bar each."""
    source = _source(visit)
    title = say(visit.language, "docket.demands_heading")
    unit = say(visit.language, "docket.axis_demands")
    chart = _chart(visit, source, title, _demands_in_words(visit), unit)
    answers = [say(visit.language, f"docket.answer_{one.replace(' ', '_')}") for one in ANSWERS]
    rows = [
        (words, answer, one.share(key))
        for _, words, one in _demand_rows(visit)
        for key, answer in zip(ANSWERS, answers, strict=True)
    ]
    return parts(chart, rows, answers)


@page("observatory/docket/demand.html")
def docket_demand(visit: Visit, demand: str) -> Context:
    """Whom one demand would reach, by nationality, court and year."""
    source, found = _demand(visit, demand)
    by = [
        (dimension, [(group_name(visit.language, dimension, one.key), one) for one in groups])
        for dimension, groups in found.items()
        if dimension
    ]
    return {
        **_about(source),
        "demand": demand,
        "words": _words(visit, demand),
        "law_on": law_on(visit.record),
        "whole": found[""][0] if found.get("") else None,
        "divided": by,
        "smallest": SMALLEST,
    }


@csv_file()
def docket_demands_csv(visit: Visit) -> Rows:
    """Whom every demand would reach, by everything that the record has, as a file."""
    source = _source(visit)
    headings = (
        *("demand", "by", "group", "name", "reached", "not_reached", "cannot_tell", "cases"),
        *("law_on", "source", "synthetic"),
    )
    last = (law_on(visit.record), source.id, "SYNTHETIC" if source.synthetic else "no")
    rows = [
        (
            *(demand, by, one.key, group_name(visit.language, by, one.key) if by else ""),
            *(one.reached, one.not_reached, one.unknown, one.cases, *last),
        )
        for demand, dimensions in reached(visit.record).items()
        for by, groups in dimensions.items()
        for one in groups
    ]
    return Rows(f"{_file(source)}-demands", headings, rows)


def _about(source: Source) -> dict[str, Any]:
    """What every page of a docket needs to say where it is from."""
    return {"source": source}


def _file(source: Source) -> str:
    return "SYNTHETIC-docket" if source.synthetic else "docket"


def _source(visit: Visit) -> Source:
    source = docket_source(visit.record)
    if source is None:
        raise Http404("No docket has been published here.")
    return source


def _measure(visit: Visit, measure: str, by: str) -> tuple[Source, Divided]:
    source, found = _source(visit), divided(visit.record).get((measure, by))
    if found is None:
        raise Http404("The record has no such count of the docket.")
    return source, found


def _demand(visit: Visit, demand: str) -> tuple[Source, dict[str, tuple[Reached, ...]]]:
    source, found = _source(visit), reached(visit.record).get(demand)
    if found is None:
        raise Http404("The record does not tell whom such a demand would reach.")
    return source, dict(found)


def _title(visit: Visit, measure: str, by: str) -> str:
    what = say(visit.language, f"docket.measure_{measure}")
    told = say(visit.language, f"docket.by_{by}")
    return f"{what} {told[:1].lower()}{told[1:]}"


def _words(visit: Visit, demand: str) -> str:
    told = built_in_demands()[demand].words
    return told.get(visit.language) or told["en"]


def _chart(visit: Visit, source: Source, title: str, description: str, unit: str) -> Chart:
    mark = ""
    if source.synthetic:
        mark = say(visit.language, "docket.mark")
        title, description = f"{mark}. {title}", f"{mark}. {description}"
    return Chart(title, description, unit, (), language=visit.language, mark=mark)


def _in_words(visit: Visit, found: Divided) -> str:
    """The first, the highest and the lowest of what is drawn, for who does not see it."""
    groups = [one for one in found.groups[:MOST] if one.denominator]
    if not groups:
        return ""

    def told(one: Group) -> str:
        shown = (
            number(visit.language, one.count)
            if found.measure == "pending"
            else percent(visit.language, one.share or 0)
        )
        return f"{group_name(visit.language, found.by, one.key)} {shown}"

    def size(one: Group) -> float:
        return one.count if found.measure == "pending" else one.share or 0

    return say(
        visit.language,
        "docket.in_words",
        groups=len(groups),
        most=told(max(groups, key=size)),
        least=told(min(groups, key=size)),
    )


def _demand_rows(visit: Visit) -> list[tuple[str, str, Reached]]:
    return [
        (demand, _words(visit, demand), dimensions[""][0])
        for demand, dimensions in reached(visit.record).items()
        if dimensions.get("")
    ]


def _demands_in_words(visit: Visit) -> str:
    when = law_on(visit.record)
    told = [
        say(
            visit.language,
            "docket.demand_in_words",
            words=words,
            least=percent(visit.language, one.share("true")),
            most=percent(visit.language, 1 - one.share("false")),
        )
        for _, words, one in _demand_rows(visit)
    ]
    return " ".join([*told, day(visit.language, when) if when else ""]).strip()
