"""The tables of the closing plan in the record."""

from __future__ import annotations

from wayhome.public_record.schema import Table, day, number, text, whole, yes_no

CLOSING_PLAN_TABLES = (
    Table(
        "closing_plan",
        "a row a facility of the plan",
        (
            text("facility", "id in the registry", required=True),
            text("name", "", required=True),
            text("state", "two letters"),
            text("contract", "private, jail, federal …"),
            number("people", "held at the start", required=True),
            number("guaranteed_minimum", "people for whom is paid, held or not"),
            whole("emptied_day", "day of the plan, from 0; empty: not emptied in it"),
            day("emptied_on", "the same as a date"),
            number("released", "people released from it"),
            number("moved_out", "people moved elsewhere"),
            number("moved_in", "people moved to it"),
            yes_no("closed_by_transfer", "what a transfer-based closing does with it"),
            text("note", ""),
        ),
    ),
    Table(
        "closing_plan_days",
        "people held by facility and day of the plan",
        (
            text("facility", "id in the registry", required=True),
            whole("day", "from 0", required=True),
            number("people", "held at the end of the day", required=True),
            number("released", "on the day"),
        ),
    ),
    Table(
        "closing_plan_moves",
        "people whom the plan moves",
        (
            whole("day", "from 0", required=True),
            text("from_facility", "id in the registry", required=True),
            text("to_facility", "id in the registry", required=True),
            number("people", "", required=True),
            number("kilometres", "between the two"),
        ),
    ),
    Table(
        "closing_plan_summary",
        "what the plan assumes and comes to, beside a closing by transfers",
        (
            text("name", "", required=True),
            number("value", ""),
            text("text", "where it is no number"),
            text("unit", ""),
            text("note", ""),
        ),
    ),
)
