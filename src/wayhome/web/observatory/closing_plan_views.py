"""The closing plan: what it comes to, its days, its map; a closing by transfers beside it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404

from wayhome.web.observatory.charts import Chart, Line, drawn
from wayhome.web.observatory.closing_plan import (
    TABLES,
    Row,
    cases,
    columns_of,
    days_of_people,
    moved_into_first,
    order_of_closing,
    rows_of,
    spot_of,
    summary_of,
)
from wayhome.web.observatory.facilities import facilities
from wayhome.web.observatory.frame import address
from wayhome.web.observatory.maps.beside import Beside, Named, shown
from wayhome.web.observatory.maps.drawing import CountryMap, Spot, draw, legend
from wayhome.web.observatory.pages import Context, Rows, Visit, csv_file, page, picture
from wayhome.web.observatory.series import unit_name
from wayhome.web.observatory.wording import people_in_words, say, says


@page("observatory/closing_plan.html", asks=("case",))
def closing_plan(visit: Visit) -> Context:
    """A case of the plan; the first one where none is asked for."""
    every = cases(visit.record)
    if not every:
        return {"cases": []}
    case = visit.asked.get("case") or every[0]
    if case not in every:
        raise Http404("The plan has no such case.")
    rows = rows_of(visit.record, "facilities", case)
    days = rows_of(visit.record, "days", case)
    country = plan_map(visit, rows)
    summary = summary_of(visit.record, case)
    known, columns = facilities(visit.record), columns_of(visit.record, rows)
    return {
        "cases": every,
        "case": case,
        "case_name": case_name(case, visit.language),
        "case_names": [(one, case_name(one, visit.language)) for one in every],
        "summary": summary,
        "facilities": [
            (row, row["facility"] in known, columns.get(row["facility"], {}))
            for row in order_of_closing(rows)
        ],
        "has_averages": any("people" in told for told in columns.values()),
        "days": days,
        "days_in_words": in_words(days, visit.language),
        "map": draw(country),
        "keys": legend(country),
        "people_of": days_of_people(visit.record),
        "into_first": moved_into_first(visit.record, case),
        "people_left": sum(row["left"] or 0 for row in rows),
        "people_days": summary.numbers.get("people_days.value"),
        "beside": not_on_the_map(visit, rows),
        "sources": list(dict.fromkeys(row["source"] for row in rows)),
    }


def case_name(case: str, language: str) -> str:
    """What a case is called: the most releases, the fewest, or all is known."""
    key = f"closing.case_{case}"
    return say(language, key) if says(key) else case


def in_words(days: Sequence[Row], language: str) -> str:
    """The course of the plan for who does not see the chart."""
    if not days:
        return ""
    first, last = days[0], days[-1]
    return say(
        language,
        "closing.in_words",
        first=people_in_words(language, first["people"]),
        first_day=first["day"],
        last=last["people"],
        last_day=last["day"],
    )


@picture(asks=("case",))
def closing_plan_chart(visit: Visit) -> str:
    """People held by day of the plan, and by a closing by transfers, which releases nobody."""
    days = rows_of(visit.record, "days", _case(visit))
    language = visit.language
    held = [(row["day"], float(row["people"])) for row in days]
    start = float(summary_of(visit.record, _case(visit)).numbers.get("people", held[0][1]))
    lines = [
        Line(say(language, "closing.line_plan"), held),
        Line(say(language, "closing.line_transfers"), [(on, start) for on, _ in held]),
    ]
    return drawn(
        Chart(
            title=say(language, "closing.chart_title"),
            description=in_words(days, language),
            unit=unit_name("people", language),
            lines=lines,
            language=language,
            mark=_mark(visit),
        )
    )


@picture(asks=("case",))
def closing_plan_map(visit: Visit) -> str:
    """The map as a file."""
    return draw(plan_map(visit, rows_of(visit.record, "facilities", _case(visit))), by_itself=True)


@csv_file(asks=("case",))
def closing_plan_csv(visit: Visit, table: str) -> Rows:
    """A table of the plan as a file, every case of it."""
    if table not in TABLES or not cases(visit.record):
        raise Http404("The plan has no such table.")
    whole = visit.record.table(TABLES[table])
    rows = (tuple(row.values()) for row in whole.to_pylist())
    return Rows(f"closing-plan-{table}", whole.column_names, rows)


def plan_map(visit: Visit, rows: Sequence[Row]) -> CountryMap:
    """Facilities sized by their people; one that is not emptied has a broken line."""
    language, known = visit.language, facilities(visit.record)
    spots = [
        Spot(
            *spot,
            row["people"],
            _told(row, language),
            address("observatory_facility", language, facility=row["facility"])
            if row["facility"] in known
            else "",
            is_open=row["day_closed"] is None,
        )
        for row in rows
        if (spot := spot_of(row))
    ]
    title = say(language, "closing.map_title")
    text = say(language, "closing.map_description", facilities=len(spots))
    told = " ".join((text, *(one.text for one in not_on_the_map(visit, rows))))
    return CountryMap("plan", title, told, {}, spots, _mark(visit))


def not_on_the_map(visit: Visit, rows: Sequence[Row]) -> list[Beside]:
    """The facilities of the plan whose place is not known."""
    language, known = visit.language, facilities(visit.record)
    lost = [row for row in rows if spot_of(row) is None]
    places = [
        Named(
            f"{row['name']}, {row['state']}" if row["state"] else row["name"],
            address("observatory_facility", language, facility=row["facility"])
            if row["facility"] in known
            else "",
            say(language, "closing.beside_told", count=row["people"]),
        )
        for row in lost
    ]
    return shown(Beside(say(language, "closing.not_on_map", count=len(lost)), places))


def _told(row: Row, language: str) -> str:
    people = people_in_words(language, row["people"])
    if row["day_closed"] is None:
        return say(language, "closing.spot_open", name=row["name"], people=people)
    return say(language, "closing.spot", name=row["name"], people=people, day=row["day_closed"])


def _case(visit: Visit) -> str:
    every = cases(visit.record)
    case = visit.asked.get("case") or (every[0] if every else "")
    if case not in every:
        raise Http404("There is no such case of a plan.")
    return case


def _mark(visit: Visit) -> str:
    used = set(visit.record.table("closing_plan")["source"].to_pylist())
    invented = any(visit.record.sources[source].synthetic for source in used)
    return say(visit.language, "frame.synthetic_mark") if invented else ""
