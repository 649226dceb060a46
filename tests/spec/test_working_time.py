"""Working days and hours, counted by hand with a calendar on the wall; then three readers alike."""

import subprocess
import sys
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot

from wayhome.engine.fact_tables import fact_table_of
from wayhome.engine.graph import compile_graph
from wayhome.engine.plain import Reading
from wayhome.engine.planes import screen, units
from wayhome.engine.planes.calendar_arrays import shifted
from wayhome.engine.planes.lowering import whole_number
from wayhome.engine.sql import program_sql
from wayhome.law.calendar import Unit, shift
from wayhome.law.vocabulary import FactType
from wayhome.law.working_time import federal_holidays

AS_OF = date(2026, 8, 1)


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-07-06 00:00", "2026-07-08 00:00", "Monday and Tuesday whole"),
        ("2026-07-10 15:00", "2026-07-14 15:00", "Friday 9 hours, Monday 24, Tuesday 15"),
        ("2026-07-09 00:00", "2026-07-13 00:00", "used up as Friday ends, and not exceeded before Monday"),
        ("2026-07-08 23:59:59", "2026-07-10 23:59:59", "no weekend between"),
        ("2026-07-11 10:00", "2026-07-15 00:00", "from a Saturday: Monday and Tuesday whole"),
        ("2026-07-12 23:59", "2026-07-15 00:00", "from a Sunday: the same"),
        ("2026-07-02 15:00", "2026-07-07 15:00", "Independence Day kept on Friday 3 July"),
        ("2026-07-03 15:00", "2026-07-08 00:00", "from that Friday: Monday and Tuesday whole"),
        ("2025-11-26 10:00", "2025-12-01 10:00", "over Thanksgiving and a weekend: 14, Friday 24, 10"),
        ("2021-12-30 08:00", "2022-01-04 08:00", "New Year's Day kept on Friday 31 December"),
        ("2020-06-18 09:00", "2020-06-22 09:00", "Juneteenth was no holiday yet"),
        ("2021-06-17 09:00", "2021-06-22 09:00", "Juneteenth kept on Friday 18 June"),
        ("2022-12-23 12:00", "2022-12-28 12:00", "Christmas Day, a Sunday, kept on Monday"),
    ],
)  # fmt: skip
def test_it_counts_48_hours_without_weekends_and_holidays(start, end, why):
    assert shift(at(start), 48, Unit.WORKING_HOUR) == at(end), why


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-07-10 20:00", 5, "2026-07-13 01:00"),  # past the midnight of a Friday
        ("2026-07-11 20:00", 5, "2026-07-13 05:00"),
        ("2026-07-10 20:00", 29, "2026-07-14 01:00"),
        ("2026-07-10 20:00", 0, "2026-07-10 20:00"),
        ("2026-07-11 20:00", 0, "2026-07-13 00:00"),
    ],
)
def test_it_counts_any_whole_number_of_hours(start, hours, end):
    assert shift(at(start), hours, Unit.WORKING_HOUR) == at(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-07-06", 5, "2026-07-13"),
        ("2026-07-02", 1, "2026-07-06"),
        ("2026-07-04", 1, "2026-07-06"),
        ("2026-07-04", 2, "2026-07-07"),
        ("2026-07-04", 0, "2026-07-06"),
        ("2026-07-06", 0, "2026-07-06"),
        ("2026-07-03", 0, "2026-07-06"),
        ("2021-12-30", 1, "2022-01-03"),
        ("1985-01-18", 1, "1985-01-21"),  # no holiday of Martin Luther King Jr. yet
        ("1986-01-17", 1, "1986-01-21"),
    ],
)
def test_it_counts_working_days(start, count, end):
    day = date.fromisoformat(start)
    assert shift(day, count, Unit.WORKING_DAY) == date.fromisoformat(end)
    moment = datetime(day.year, day.month, day.day, 23, 30)
    assert shift(moment, count, Unit.WORKING_DAY) == at(f"{end} 23:30")


def test_it_does_not_count_back():
    for unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR):
        with pytest.raises(ValueError, match="forward only"):
            shift(at("2026-07-06 10:00"), -1, unit)


def test_it_knows_the_federal_holidays_and_no_others():
    of_2026 = [d for d in sorted(federal_holidays()) if d.year == 2026]
    written = "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"
    assert [f"{d:%m-%d}" for d in of_2026] == written.split()
    closed_once = {date(2019, 12, 24), date(2025, 1, 9)}
    inauguration = {date(2021, 1, 20)}
    assert not federal_holidays() & (closed_once | inauguration)


def test_it_does_not_wait_for_the_list_of_holidays_until_it_is_needed():
    code = (
        "import sys; from wayhome.programs import rulebook; import wayhome.engine.planes; rulebook();"
        "sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the readers -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 5, 60])
@pytest.mark.parametrize("within", [True, False])
def test_it_moves_a_column_of_days_as_one_day_is_moved(count, within):
    days = [date(2020, 6, 1) + timedelta(days=n) for n in range(1000)]
    expected = [whole_number(shift(day, count, Unit.WORKING_DAY)) for day in days]
    numbers = np.array([whole_number(day) for day in days])
    moved = shifted(numbers, count, Unit.WORKING_DAY, FactType.DATE, within=within)
    assert moved.tolist() == expected


@pytest.mark.parametrize("count", [0, 1, 23, 24, 47, 48, 241])
@pytest.mark.parametrize("within", [True, False])
def test_it_moves_a_column_of_moments_as_one_moment_is_moved(count, within):
    moments = [datetime(2021, 6, 10) + timedelta(hours=5 * n, seconds=n % 3) for n in range(3000)]
    expected = [whole_number(shift(m, count, Unit.WORKING_HOUR)) for m in moments]
    numbers = np.array([whole_number(m) for m in moments])
    moved = shifted(numbers, count, Unit.WORKING_HOUR, FactType.DATETIME, within=within)
    assert moved.tolist() == expected


CONDITIONS = [
    "transferred_at > local_release_due_at + 48 working hours",
    "transferred_at <= local_release_due_at + 29 working hours",
    "transferred_at >= local_release_due_at + 2 working days",
    "local_release_due_at + 48 working hours < TIMESTAMP '2026-07-08 00:00:00'",
    "local_release_due_at + 48 working hours >= TIMESTAMP '2026-07-08 00:00:00'",
    "NEXT_WORKING_DAY(order_date + 30 days) = arrival_date",
    "NEXT_WORKING_DAY(order_date) + 1 working day <= arrival_date - 30 days",
    "NEXT_WORKING_DAY(order_date) = DATE '2026-07-06'",
    "NEXT_WORKING_DAY(screening_date) > order_date + 20 working days",
]


def weeks_of_cases():
    """Ten days around Independence Day 2026, hour by hour, with some times not known."""
    first = datetime(2026, 6, 30, 0, 0, 0)
    due = [first + timedelta(hours=n) for n in range(240)]
    came = [m + timedelta(hours=29 + 7 * (n % 20)) for n, m in enumerate(due)]
    ordered = [m.date() for m in due]
    arrived = [d + timedelta(days=30 + n % 4) for n, d in enumerate(ordered)]
    came[3] = due[5] = ordered[7] = arrived[9] = None
    return {
        "local_release_due_at": pa.array(due, pa.timestamp("s")),
        "transferred_at": pa.array(came, pa.timestamp("s")),
        "order_date": pa.array(ordered, pa.date32()),
        "arrival_date": pa.array(arrived, pa.date32()),
    }


@pytest.mark.parametrize("condition", CONDITIONS)
def test_it_reads_working_time_alike_three_ways(book_of, rule_text, condition):
    book = book_of({"stay": rule_text(condition=condition)})
    graph = compile_graph(book, AS_OF)
    columns = weeks_of_cases()
    cases = pa.table({"case_id": pa.array(range(240), pa.int64()), **columns})
    rows = [{k: v for k, v in row.items() if v is not None} for row in cases.to_pylist()]
    told = [Reading(book, AS_OF, row).answer("stay.one") for row in rows]
    assert len(set(told)) > 1
    counts = screen(graph, fact_table_of(cases)).rules["stay.one"]
    assert counts == tuple(told.count(answer) for answer in (True, False, None))
    with duckdb.connect() as database:
        database.register("cases", cases)
        written = program_sql(graph, "stay", facts=columns)
        found = database.execute(f"SELECT * FROM ({written}) ORDER BY case_id").fetchall()
    assert [row[1] for row in found] == told


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres"])
def test_it_writes_the_calendar_once_in_each_dialect(book_of, rule_text, dialect):
    rules = "".join(rule_text(f"stay.r{n}", c) for n, c in enumerate(CONDITIONS))
    graph = compile_graph(book_of({"stay": rules}), AS_OF)
    facts = graph.facts() - {"screening_date"}
    written = program_sql(graph, "stay", dialect=dialect, facts=facts)
    statement = sqlglot.parse_one(written, dialect=dialect)
    assert [c.alias for c in statement.ctes].count("working_calendar") == 1
    assert written.count("2026-11-26") == 1
    assert statement.named_selects[1:-2] == list(graph.rules)


def test_it_writes_no_calendar_where_nothing_is_counted_so(book_of, rule_text):
    graph = compile_graph(
        book_of({"stay": rule_text(condition="order_date + 5 days > nta_date")}), AS_OF
    )
    assert "calendar" not in program_sql(graph, "stay", facts={"order_date", "nta_date"})


def test_it_keeps_no_planes_from_one_list_of_holidays_to_the_next(book_of, rule_text, monkeypatch):
    condition = "order_date + 1 working day = arrival_date"
    graph = compile_graph(book_of({"stay": rule_text(condition=condition)}), AS_OF)
    rule = units.RuleUnit("stay.one", graph.rules["stay.one"])
    names = set()
    for holidays in (federal_holidays(), federal_holidays(), frozenset()):
        units._digest_of_holidays.cache_clear()
        monkeypatch.setattr(units, "federal_holidays", lambda days=holidays: days)
        names.add(units.names_of(graph, [rule])[rule])
    units._digest_of_holidays.cache_clear()
    assert len(names) == 2


def test_it_gives_a_deadline_counted_in_hours_by_its_day(book_of, rule_text):
    date_line = "  date: local_release_due_at + 48 working hours\n"
    book = book_of({"stay": rule_text(kind="deadline", more=date_line)})
    reading = Reading(
        book, AS_OF, {"removed": True, "local_release_due_at": at("2026-07-10 15:00")}
    )
    assert reading.due(book.rules["stay.one"]) == date(2026, 7, 14)
    assert type(reading.due(book.rules["stay.one"])) is date
