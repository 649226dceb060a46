"""Working days and hours in a statement: a calendar as a step of its own, joined to the cases.

`working_calendar` has a row a day: `calendar_day`, `is_working_day`, and `working_days_passed`, the
number of working days up to that day and with it. So the third working day after a day is the
working day on which three more have passed than on that day. Only what every dialect of sqlglot
that can list dates can write is used: no function over lists, no arithmetic on intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlglot import exp

from wayhome.engine.narrowing import moved, unwound
from wayhome.law.calendar import Unit
from wayhome.law.conditions import Condition, Shifted, Term, terms_of, walk
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE, FactType
from wayhome.law.working_time import federal_holidays

CALENDAR = "working_calendar"
_DAY, _WORKS, _PASSED = "calendar_day", "is_working_day", "working_days_passed"
# The step before, and the calendar on the day from which is counted and on the one that is found.
_CASES, _START, _END = "counted_cases", "start_of_count", "end_of_count"

_LAST_SECOND = time(23, 59, 59)


def working_terms(conditions: Iterable[Condition]) -> list[Shifted]:
    """Every term that counts working time, each once, what is inside another before it."""
    terms = (term for root in conditions for c in walk(root) for term in terms_of(c))
    found = (part for term in terms for part in _inside_out(term))
    return [term for term in dict.fromkeys(found) if term.unit.is_working_time]


def _inside_out(term: Term) -> Iterator[Shifted]:
    if isinstance(term, Shifted):
        yield from _inside_out(term.term)
        yield term


# --- the calendar --------------------------------------------------------------------------


def calendar_sql(terms: Sequence[Shifted]) -> exp.Select:
    """The calendar of all days from which or to which these terms can count."""
    first, last = _reach(terms)
    step = exp.Interval(this=exp.Literal.string(1), unit=exp.var("DAY"))
    days = exp.GenerateDateArray(start=_date_sql(first), end=_date_sql(last), step=step)
    alias = exp.TableAlias(this=exp.to_identifier("days"), columns=[exp.to_identifier("day")])
    day = exp.cast(exp.column("day"), exp.DType.DATE)
    marked = exp.select(day.as_(_DAY), _works_sql(day, first).as_(_WORKS)).from_(
        exp.Unnest(expressions=[days], alias=alias)
    )
    passed = exp.Window(
        this=exp.Sum(this=_one_if(exp.column(_WORKS))),
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(_DAY))]),
    )
    columns = (exp.column(_DAY), exp.column(_WORKS), passed.as_(_PASSED))
    return exp.select(*columns).from_(marked.subquery("marked_days"))


def _works_sql(day: exp.Expr, monday: date) -> exp.Expr:
    """Whether a day (not before a certain Monday) is a working day."""
    since = exp.DateDiff(this=day.copy(), expression=_date_sql(monday), unit=exp.var("DAY"))
    of_week = exp.Mod(this=since, expression=exp.Literal.number(7))
    holidays = [_date_sql(d) for d in sorted(federal_holidays()) if d.weekday() < 5]
    is_holiday = exp.In(this=day.copy(), expressions=holidays)
    return exp.and_(of_week < 5, exp.Not(this=is_holiday))


def _reach(terms: Sequence[Shifted]) -> tuple[date, date]:
    """A Monday before the first day, and a day behind the last, that the terms can come to."""
    first, last = EARLIEST_DATE, LATEST_DATE
    for term in terms:
        steps = unwound(term)[1]
        back = [(count, unit) for count, unit in steps if not unit.is_working_time]
        end = moved(datetime.combine(LATEST_DATE, _LAST_SECOND), steps)
        assert isinstance(end, datetime)
        first, last = min(first, moved(EARLIEST_DATE, back)), max(last, end.date())
    return first - timedelta(days=first.weekday()), last + timedelta(days=1)


# --- a term ----------------------------------------------------------------------------------


def counted_sql(term: Shifted, inner: exp.Expr, name: str, previous: str) -> exp.Select:
    """The step after `previous`, with one column more: `name`, what the term comes to.

    `inner` is the moment from which is counted, in columns of the previous step.
    """
    day = exp.cast(inner.copy(), exp.DType.DATE)
    number, of_day = _end_sql(term, inner, day)
    found = exp.column(_DAY, _END)
    value = found if term.type is FactType.DATE else _at_time_of(found, of_day)
    is_start = exp.column(_DAY, _START).eq(day)
    is_end = exp.and_(exp.column(_WORKS, _END), exp.column(_PASSED, _END).eq(number))
    return (
        exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(_CASES)), value.as_(name))
        .from_(exp.to_table(previous).as_(_CASES))
        .join(exp.to_table(CALENDAR).as_(_START), on=is_start, join_type="left")
        .join(exp.to_table(CALENDAR).as_(_END), on=is_end, join_type="left")
    )


def _end_sql(term: Shifted, inner: exp.Expr, day: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """How many working days have passed at the end, and a moment at the time of day of the end."""
    if term.unit is Unit.WORKING_HOUR:
        return _end_of_hours_sql(term.count, inner, day)
    if term.count == 0:
        return _passed_on_next_working_day(), inner
    return exp.column(_PASSED, _START) + term.count, inner


def _passed_on_next_working_day() -> exp.Expr:
    """How many working days have passed on the day itself, or on the next that is one."""
    is_none = exp.Not(this=exp.column(_WORKS, _START))
    return exp.column(_PASSED, _START) + _one_if(is_none)


def _end_of_hours_sql(count: int, inner: exp.Expr, day: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    whole_days, hours = divmod(count, 24)
    midnight = exp.cast(day.copy(), exp.DType.TIMESTAMP)
    runs = exp.If(this=exp.column(_WORKS, _START), true=inner.copy())
    begins: exp.Expr = exp.Case(ifs=[runs], default=midnight)
    number = _passed_on_next_working_day() + whole_days
    if not hours:
        return number, begins
    step = exp.Interval(this=exp.Literal.string(hours), unit=exp.var("HOUR"))
    end = exp.Add(this=begins, expression=step)
    is_past_midnight = exp.cast(end.copy(), exp.DType.DATE) > day.copy()
    return number + _one_if(is_past_midnight), end


def _at_time_of(day: exp.Expr, moment: exp.Expr) -> exp.Expr:
    """A day at the time of day of a moment."""
    midnight = exp.cast(exp.cast(moment.copy(), exp.DType.DATE), exp.DType.TIMESTAMP)
    of_day = exp.Sub(this=exp.paren(moment.copy()), expression=midnight)
    return exp.Add(this=exp.cast(day, exp.DType.TIMESTAMP), expression=exp.paren(of_day))


def _one_if(condition: exp.Expr) -> exp.Expr:
    ifs = [exp.If(this=condition, true=exp.Literal.number(1))]
    return exp.Case(ifs=ifs, default=exp.Literal.number(0))


def _date_sql(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DType.DATE)
