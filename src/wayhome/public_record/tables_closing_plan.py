"""The tables of the closing plan in the record: as `wayhome closing-plan` writes them, with the
facilities' ids of the registry, and the source of every facility's figures."""

from __future__ import annotations

from wayhome.public_record.schema import SOURCE, Table, day, number, text, whole, yes_no

_CASE = text("case", "one, or fewest and most where a number is not known", required=True)
_FACILITY = text("facility", "id in the registry, or the name where it is in none", required=True)
_DAY = whole("day", "of the plan, from 1", required=True)
_MOVE = (
    _CASE,
    _DAY,
    text("from_facility", "id in the registry, or the name", required=True),
    text("to_facility", "id in the registry, or the name", required=True),
    whole("people", "", required=True),
    number("miles", "great-circle miles; empty: a place is not known"),
)

CLOSING_PLAN_TABLES = (
    Table(
        "closing_plan",
        "a row a case and facility of the plan",
        (
            _CASE,
            _FACILITY,
            text("name", "as the source prints it", required=True),
            text("city", ""),
            text("state", "two letters"),
            text("zip", ""),
            text("field_office", "three letters"),
            text("type", "kind of contract as printed"),
            text("asked_first", "private or jail contract: yes, no, unknown"),
            number("latitude", ""),
            number("longitude", ""),
            whole("people", "held on the first morning", required=True),
            whole("held_back", "of them, those who cannot be released"),
            whole("day_closed", "first day on which nobody is there; empty: not emptied"),
            day("date_closed", "the same as a date, where the plan has a first day"),
            whole("released", "people released from it"),
            whole("moved_out", "people moved elsewhere"),
            whole("moved_in", "people moved to it"),
            whole("left", "people still there at the end"),
            whole("guaranteed_minimum", "people for whom is paid, held or not"),
            whole("room", "most people who may be in it"),
            whole("empty_bed_days_paid", ""),
            whole("people_days_after_contract", ""),
            SOURCE,
            text("sheet", "sheet of the workbook"),
            whole("row", "row of the sheet"),
        ),
    ),
    Table(
        "closing_plan_daily",
        "the nation by case and day of the plan",
        (
            _CASE,
            _DAY,
            day("date", "where the plan has a first day"),
            whole("people", "", required=True),
            whole("released", "on the day"),
            whole("moved", "on the day"),
            whole("open", "facilities with people"),
            whole("private_or_jail_open", "of them, private or jail contracts"),
        ),
    ),
    Table(
        "closing_plan_daily_facilities",
        "facilities on the days on which something happens in them",
        (
            _CASE,
            _FACILITY,
            _DAY,
            whole("people", "at the end of the day", required=True),
            whole("released", "on the day"),
            whole("moved_out", "on the day"),
            whole("moved_in", "on the day"),
        ),
    ),
    Table("closing_plan_moves", "people whom the plan moves", _MOVE),
    Table(
        "closing_plan_transfers",
        "people whom a closing by transfers alone would move",
        (*_MOVE, yes_no("same_field_office", "")),
    ),
    Table(
        "closing_plan_summary",
        "what a case comes to and how good it is; what was assumed and told (without a case)",
        (
            text("case", "empty: of all cases"),
            text("name", "parts joined by a dot: by_transfers_instead.people_moved", required=True),
            number("value", ""),
            text("text", "where it is no number"),
        ),
    ),
)
