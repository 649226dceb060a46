"""Facilities: the list with its search, a page each, a page a state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.http import Http404

from wayhome.public_record.publishing.sources import column_of_people
from wayhome.public_record.record import PublicRecord
from wayhome.web.observatory.agencies_near import AgencyRow, agencies, agencies_in, untold_beside
from wayhome.web.observatory.charts import drawn
from wayhome.web.observatory.closing_plan import days_of_people, plan_of
from wayhome.web.observatory.counties_asked import counties_asked, empty_ones, plain_words
from wayhome.web.observatory.counting import of_month
from wayhome.web.observatory.county_doubt import Doubt
from wayhome.web.observatory.facilities import (
    CONTRACTS,
    UNKNOWN,
    FacilityRow,
    Question,
    facilities,
    found,
    near,
    state_name,
)
from wayhome.web.observatory.facility_page import (
    groups_of,
    months_of,
    names_of,
    population_chart,
    population_in_words,
    values_of,
    ways_of,
)
from wayhome.web.observatory.facility_states import by_state, without_county
from wayhome.web.observatory.inspections import inspections
from wayhome.web.observatory.pages import (
    LONGEST_ASKED,
    Context,
    Moved,
    Nothing,
    Rows,
    Visit,
    csv_file,
    page,
    picture,
)
from wayhome.web.observatory.same_place import others_of, waiting

ON_A_PAGE = 100
MOST_LIKE = 8  # of what may be meant where nothing has the id
_ASKED = ("q", "state", "contract", "county", "all")
_LIST_HEADINGS = (
    *("facility", "name", "code", "city", "county", "county_from_zip", "state", "zip", "type"),
    *("contract", "people", "counted", "people_until"),
    *("guaranteed_minimum", "guaranteed_minimum_on", "last_day"),
    *("county_in_doubt", "county_may_be"),
)


@page("observatory/facilities.html", asks=(*_ASKED, "page"))
def facility_list(visit: Visit) -> Context:
    """Facilities that fit a question, a hundred on a page; what is written almost so, if none."""
    question = _question(visit)
    rows = found(visit.record, question)
    places = counties_asked(question.words, question.state)
    number = _page_number(visit.asked.get("page", "1"), len(rows))
    start = (number - 1) * ON_A_PAGE
    return {
        "question": question,
        "rows": rows[start : start + ON_A_PAGE],
        "count": len(rows),
        "every": len(facilities(visit.record)),
        "same_place": waiting(visit.record),
        "near": near(visit.record, question) if places or not rows else [],
        "without": empty_ones(places, _numbers(rows)),
        "is_county": bool(places),
        "under_half": sum(row.is_under_half for row in rows),
        "page": number,
        "pages": range(1, (len(rows) - 1) // ON_A_PAGE + 2) if rows else (),
        "state_choices": [row for row in by_state(visit.record).values() if row.facilities],
        "contract_choices": (*CONTRACTS, UNKNOWN),
        "no_state": UNKNOWN,
        **_of_no_county(visit, {place.state for place in places}),
    }


def _numbers(rows: Iterable[FacilityRow]) -> set[str | None]:
    return {number for row in rows for number in row.county_numbers}


def _of_no_county(visit: Visit, states: Collection[str]) -> Context:
    """Where a county was asked for: those that cannot be found by it, of the states that have a
    county of that name, or of a state that is not known."""
    wanted = {*states, UNKNOWN} if states else set()
    every = without_county(visit.record)
    counted = {code: count for code, count in every.items() if code in wanted}
    return {
        "no_county": [(code, state_name(code), count) for code, count in counted.items()],
        "no_county_count": sum(counted.values()),
    }


@csv_file(asks=_ASKED)
def facility_list_csv(visit: Visit) -> Rows:
    """The same as a file; without a question, every facility."""
    question = _question(visit) if visit.asked else Question(everything=True)
    rows = [_line(row) for row in found(visit.record, question)]
    return Rows("facilities", _LIST_HEADINGS, rows)


def _question(visit: Visit) -> Question:
    asked, state = visit.asked, visit.asked.get("state", "")
    return Question(
        words=asked.get("q", ""),
        state=state if state == UNKNOWN else state.upper(),
        contract=asked.get("contract", ""),
        everything="all" in asked,
        no_county=asked.get("county") == UNKNOWN,
    )


def _page_number(asked: str, rows: int) -> int:
    if not asked.isdecimal() or not 1 <= int(asked) <= max(1, (rows - 1) // ON_A_PAGE + 1):
        raise Http404("There is no such page of the list.")
    return int(asked)


def _line(row: FacilityRow) -> tuple[object, ...]:
    by_zip, doubt = row.county_by_zip, row.county_doubt
    return (
        *(row.id, row.name, row.code, row.city, row.county, by_zip, row.state, row.zip, row.type),
        *(row.contract, row.population, row.way, row.population_on),
        *(row.guaranteed_minimum, row.minimum.on if row.minimum else None, row.last_day),
        *(doubt is not None, doubt.county if doubt else None),
    )


@page("observatory/facility.html")
def facility(visit: Visit, facility: str) -> Context:
    """Everything that is known of a facility, and who near it holds an agreement."""
    row = _facility(visit, facility)
    months = months_of(visit.record, facility)
    near_by = _agencies_near(visit.record, row)
    return {
        "facility": row,
        "groups": groups_of(visit.record, facility),
        "inspections": inspections(values_of(visit.record, facility)),
        "plan": plan_of(visit.record, facility),
        "plan_of": days_of_people(visit.record),
        "may_be": others_of(visit.record, facility),
        "names": names_of(visit.record, facility),
        "months": months,
        "months_ways": ways_of(visit.record, months),
        "has_days": visit.record.has_days(facility),
        "months_in_words": population_in_words(months, visit.language) if months else "",
        "near": near_by,
        "has_agencies": any(held for _, held, _ in near_by),
    }


def _agencies_near(
    record: PublicRecord, row: FacilityRow
) -> list[tuple[FacilityRow | Doubt, list[AgencyRow], int]]:
    """Who holds an agreement in its county and, where that is in doubt, in the other one; and how
    many agreements of the state, which tell no county, may be of that county too."""
    places = [place for place in (row, row.county_doubt) if place and place.county_number]
    numbers = ((place, place.county_number) for place in places)
    return [
        (place, agencies_in(record, number), untold_beside(record, number))
        for place, number in numbers
    ]


@picture()
def facility_chart(visit: Visit, facility: str) -> str:
    """The people of a facility by month."""
    row = _facility(visit, facility)
    months = months_of(visit.record, facility)
    if not months:
        raise Http404("Nothing is known of its people by month.")
    return drawn(population_chart(visit.record, row.name, months, visit.language))


@csv_file()
def facility_population_csv(visit: Visit, facility: str) -> Rows:
    """The people of a facility by month."""
    _facility(visit, facility)
    of_days = ("days", "calendar_days")
    headings = (
        *("month", "last_month", "code", "average", "most", *of_days, "source", "row", "last_row"),
    )
    rows = [
        tuple(getattr(one, name) for name in headings) for one in months_of(visit.record, facility)
    ]
    return Rows(f"{facility}-population", headings, rows)


@csv_file()
def facility_days_csv(visit: Visit, facility: str) -> Rows:
    """The people of a facility on every day, each with the file, row and column."""
    _facility(visit, facility)
    if not visit.record.has_days(facility):
        raise Http404("The record does not have the days of this facility.")
    headings = ("day", "people", "counted", "source", "file", "row", "column")
    rows = [_day(visit.record, told) for told in visit.record.facility_days(facility).to_pylist()]
    return Rows(f"{facility}-days", headings, rows)


def _day(record: PublicRecord, told: Mapping[str, object]) -> tuple[object, ...]:
    source = record.sources[str(told["source"])]
    way, column = of_month(record, source.id), column_of_people(source.publication)
    return (told["day"], told["people"], way, source.id, source.file, told["row"], column)


@csv_file()
def facility_fields_csv(visit: Visit, facility: str) -> Rows:
    """Every value of every field of a facility, with where it is from."""
    _facility(visit, facility)
    place = ("source", "sheet", "row", "last_row", "column")
    headings = ("field", "value", *place, "on", "in_conflict", "note")
    rows = [
        (
            *(field, v.value, *(getattr(v, name) for name in place)),
            *(v.on, v.in_conflict, v.note),
        )
        for field, values in values_of(visit.record, facility).items()
        for v in values
    ]
    return Rows(f"{facility}-fields", headings, rows)


def _facility(visit: Visit, facility: str) -> FacilityRow:
    """Raises Moved where it has another id now, Nothing where no facility ever had this one."""
    row = facilities(visit.record).get(facility)
    if row is not None:
        return row
    if now := visit.record.former_facilities.get(facility):
        raise Moved(facility=now)
    words = " ".join(plain_words(facility[:LONGEST_ASKED]))
    asked = Question(words=words, everything=True)
    near_by = found(visit.record, asked) or near(visit.record, asked) if words else []
    raise Nothing("observatory/no_facility.html", {"words": words, "rows": near_by[:MOST_LIKE]})


@page("observatory/state.html")
def state(visit: Visit, state: str) -> Context:
    """A state: its facilities, their people, its agencies with an agreement."""
    code = state.upper()
    if code not in by_state(visit.record):
        raise Http404("There is no such state.")
    rows = [row for row in facilities(visit.record).values() if row.state == code]
    held = [row for row in agencies(visit.record) if row.state == code]
    return {
        "state": by_state(visit.record)[code],
        "same_place": waiting(visit.record, code),
        "with_people": [row for row in rows if row.has_people],
        "without": [row for row in rows if not row.has_people],
        "agencies": [row for row in held if row.active],
        "models": _by_model(held),
        "ended": [row for row in held if not row.active],
    }


def _by_model(held: list[AgencyRow]) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for row in held:
        for model in row.models:
            counted[model] = counted.get(model, 0) + 1
    return sorted(counted.items())
