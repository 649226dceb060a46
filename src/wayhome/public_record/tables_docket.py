"""The tables of the docket in the record: only counts, small ones suppressed before they come."""

from __future__ import annotations

from wayhome.public_record.schema import PLACE, Table, day, number, text, whole, yes_no

_COUNTED = (
    whole("count", "empty where it is suppressed"),
    whole("denominator", "of how many; empty where it is suppressed"),
    text("denominator_is", "what the denominator counts"),
    number("share", "count of denominator, 0 to 1"),
    number("low", "lower end of the 95% interval"),
    number("high", "upper end of the 95% interval"),
    yes_no("suppressed", "too few to be shown", required=True),
    PLACE[0],
)

DOCKET_TABLES = (
    Table(
        "docket_counts",
        "cases by court, year, nationality, representation; small groups are counted together",
        (
            text("measure", "pending, in_absentia", required=True),
            text("by", "court, year (of the charging document), nationality, represented"),
            text("group", "a code or year, `not known`, `all other`; empty: all cases"),
            *_COUNTED,
        ),
    ),
    Table(
        "docket_disparities",
        "shares by group: detention, in absentia, grant",
        (
            text("measure", "detained, in_absentia, granted", required=True),
            text("by", "nationality, court, represented", required=True),
            text("group", "", required=True),
            *_COUNTED,
        ),
    ),
    Table(
        "docket_simulation",
        "whom each demand would reach",
        (
            text("demand", "id in the letters' demands.csv", required=True),
            text("answer", "true, false, cannot tell", required=True),
            day("law_on", "the day of the law by which it is told", required=True),
            text("by", "court, nationality …; empty: all"),
            text("group", ""),
            *_COUNTED,
        ),
    ),
)
