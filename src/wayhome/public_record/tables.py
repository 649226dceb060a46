"""The tables of the record. What each column means is here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from wayhome.public_record.schema import (
    PLACE,
    SOURCE,
    Table,
    day,
    number,
    text,
    whole,
    yes_no,
)
from wayhome.public_record.tables_closing_plan import CLOSING_PLAN_TABLES
from wayhome.public_record.tables_docket import DOCKET_TABLES

SOURCES = Table(
    "sources",
    "the files that every number of the record is from",
    (
        text("id", "short name, used in addresses", required=True),
        text("publication", "detention_stats, population, agreements, docket …", required=True),
        text("title", "what it is, for a reader", required=True),
        text("file", "name of the file", required=True),
        text("sha256", "SHA-256 of the file", required=True),
        day("published", "the day of publication, where it is known"),
        day("data_as_of", "the last day that its data tell of, where it is known"),
        text("address", "where the publication is kept"),
        text("licence", "under what terms, and whom to cite"),
        yes_no("synthetic", "invented: of no real person or place", required=True),
    ),
)
FIGURES = Table(
    "figures",
    "a row a number: what was told of one day or stretch of days",
    (
        text("series", "id in series.yaml", required=True),
        day("since", "first day that it covers; empty: of the day `on` alone"),
        day("on", "the day that it tells of, or the last day that it covers", required=True),
        number("value", "the number", required=True),
        text("unit", "people, days, dollars, facilities, agreements …", required=True),
        *PLACE,
        whole("last_row", "of a number that is added from many rows: the last of them"),
        text("note", "how it was worked out, where the source does not print it"),
    ),
)
FACILITIES = Table(
    "facilities",
    "a row a facility, the best known value of each field; where from: facility_fields.csv",
    (
        text("facility", "id in the registry", required=True),
        text("name", "the name shown", required=True),
        text("code", "ICE's code (DETLOC), where it is known; several are parted by a space"),
        text("address", "street"),
        text("city", ""),
        text("county", ""),
        text("county_fips", "five digits, where the county is known for certain"),
        text("state", "two letters"),
        text("zip", ""),
        text("field_office", "ICE's area of responsibility, three letters"),
        text("type", "kind of contract as printed (CDF, IGSA, DIGSA, USMS IGA …)"),
        text("contract", "private, state or local, federal, other; empty: not known"),
        text("owner", ""),
        text("operator", ""),
        number("capacity", "people"),
        number("guaranteed_minimum", "people for whom is paid, held or not"),
        text("standard", "of the last inspection; its three fields are of one row of one source"),
        day("last_inspection", "its last day; empty where a text stands there"),
        text("last_inspection_rating", ""),
        number("population", "people held on average, newest figure: ICE's own, else at midnight"),
        day("population_on", "the last day that this figure covers"),
        day("first_day", "first day on which anybody is known to have been held"),
        day("last_day", "last day on which anybody is known to have been held"),
    ),
)
FACILITY_NAMES = Table(
    "facility_names",
    "every name and code under which a source knows a facility",
    (
        text("facility", "id in the registry", required=True),
        text("name", "as printed"),
        text("code", "ICE's code, where this source has one"),
        *PLACE,
        text("because", "why it was taken for this facility"),
    ),
)
FACILITY_FORMER_IDS = Table(
    "facility_former_ids",
    "a row an id that a facility, or what was joined into it, may have had before: its pages had "
    "it in their addresses",
    (
        text("facility", "id in the registry now", required=True),
        text("former", "the id that is no other facility's now", required=True),
    ),
)
FACILITY_QUESTIONS = Table(
    "facility_questions",
    "a row a pair that may be one facility: until a person decides, it is two",
    (
        text("facility", "id in the registry", required=True),
        text("other", "id in the registry of what may be the same", required=True),
        number("likeness", "0 to 100, by names, place and people", required=True),
        text("because", "what speaks for it", required=True),
    ),
)
FACILITY_FIELDS = Table(
    "facility_fields",
    "every value of every field that any source tells of a facility; conflicts are kept",
    (
        text("facility", "id in the registry", required=True),
        text("field", "a column of facilities.csv, or another of the registry", required=True),
        text("value", "as it was read", required=True),
        *PLACE,
        whole("last_row", "of an average: the last of its rows; `note` tells which between them"),
        day("on", "the day of which the source tells it"),
        text("period", "the fiscal year that an average is of"),
        yes_no("in_conflict", "another source says something that cannot hold beside it"),
        text("note", "how it was worked out, where it is not the cell's own"),
    ),
)
FACILITY_POPULATION = Table(
    "facility_population",
    "people held, per facility and month; months with nobody on any day are one row from the "
    "first to the last; a month that is not there: not known, or nobody where the source has no 0",
    (
        text("facility", "id in the registry", required=True),
        text("code", "ICE's code in the source"),
        day("month", "first day of the month", required=True),
        day("last_month", "first day of the last of several months with nobody; else empty"),
        number("average", "people on average over the days that the source has", required=True),
        whole("most", "people on the fullest day", required=True),
        whole("days", "days of the month, or months, that the source has", required=True),
        SOURCE,
        whole("row", "line of the source of the month's first day with a number"),
        whole("last_row", "line of the month's last day"),
    ),
)
# Not among TABLES: a file a facility, days/ID.csv, and none in the packaged record.
FACILITY_DAYS = Table(
    "facility_days",
    "people held in one facility by day; a day that is not there: nobody, or not known",
    (
        day("day", "", required=True),
        whole("people", "at midnight, or as the head count has it", required=True),
        SOURCE,
        whole("row", "line of the source", required=True),
    ),
)
AGREEMENTS = Table(
    "agreements",
    "a row an agreement (agency and model) that any list has",
    (
        text("agency", "id in agencies.csv", required=True),
        text("name", "of the agency, in the newest list that has it", required=True),
        text("state", "two letters", required=True),
        text("county", ""),
        text("agency_type", ""),
        text("model", "", required=True),
        day("signed", "in the newest list that has it"),
        day("first_listed", "day of the first list that has it", required=True),
        day("last_listed", "day of the last list that has it", required=True),
        yes_no("active", "in the newest list of all", required=True),
        day("gone_by", "day of the first list that no longer has it; empty while active"),
        text("memorandum", "address of the agreement"),
        text("addendum", "address of the addendum"),
        *PLACE[:3],
    ),
)
AGREEMENT_HISTORY = Table(
    "agreement_history",
    "what became of an agreement between two lists; what did not change is left out",
    (
        text("event", "new, ended, changed model, other day of signing, renamed", required=True),
        text("agency", "id in agencies.csv", required=True),
        text("name", "", required=True),
        text("state", "two letters", required=True),
        text("model", "", required=True),
        text("model_before", ""),
        text("name_before", ""),
        day("signed", ""),
        day("signed_before", ""),
        yes_no("agency_held_other", "of a new one: the agency held another before"),
        day("after", "day of the list before", required=True),
        day("by", "day of the list that shows it", required=True),
        text("listed_under", "the agreement stands under this agency in the other list"),
        yes_no("undecided", "a question about this agency is open"),
        text("after_source", "id in sources.csv"),
        whole("after_row", ""),
        text("by_source", "id in sources.csv"),
        whole("by_row", ""),
    ),
)
AGENCIES = Table(
    "agencies",
    "a row an agency that any list has",
    (
        text("agency", "id: the state and the first name", required=True),
        text("name", "newest", required=True),
        text("other_names", "parted by |"),
        text("state", "two letters", required=True),
        text("county", ""),
        text("agency_type", ""),
        whole("active", "agreements in the newest list", required=True),
        text("models", "of the active agreements, parted by |"),
        day("first_listed", "", required=True),
        day("last_listed", "", required=True),
        text("county_fips", "five digits, where the county is known for certain"),
        whole("county_population", "people living in that county; empty: not known"),
        text("population_source", "id in sources.csv of that number"),
        whole("population_row", "row of that number in its file"),
    ),
)
AGREEMENT_COUNTS = Table(
    "agreement_counts",
    "agreements and agencies of each list: in all, by state, by model, by type of agency",
    (
        day("published", "day of the list", required=True),
        text("by", "all, state, model, agency type", required=True),
        text("value", "the state, model or type; all", required=True),
        whole("agreements", "", required=True),
        whole("agencies", "", required=True),
        SOURCE,
        text("sheet", "sheet of the list, where what is counted stands on one"),
        whole("row", "of a state or of all: the first row that is counted"),
        whole("last_row", "the last of them; rows of other states may stand between"),
    ),
)

TABLES: tuple[Table, ...] = (
    SOURCES,
    FIGURES,
    FACILITIES,
    FACILITY_NAMES,
    FACILITY_FORMER_IDS,
    FACILITY_QUESTIONS,
    FACILITY_FIELDS,
    FACILITY_POPULATION,
    AGREEMENTS,
    AGREEMENT_HISTORY,
    AGENCIES,
    AGREEMENT_COUNTS,
    *CLOSING_PLAN_TABLES,
    *DOCKET_TABLES,
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
