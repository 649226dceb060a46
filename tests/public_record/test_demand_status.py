"""The rules of a demand's status: at the edges of the hundred days, and for every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.public_record.records import RecordInMemory

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.demands.demand import Demand, Direction, Measure, Status, TargetIs
from wayhome.public_record.demands.rules import RULES
from wayhome.public_record.demands.status import (
    due_date,
    newest_known,
    standing_on,
    standings_until,
    status_of,
)
from wayhome.public_record.demands.wording import WORDS, reason_of, whichever_words
from wayhome.public_record.record import open_record
from wayhome.public_record.series import every_series

LETTER = date(2025, 3, 1)
DUE = date(2025, 6, 9)
DAY = timedelta(days=1)
MEASURE = Measure(("people",), Direction.DOWN, 0)
DEMAND = Demand("close", "letter", 1, {"en": "Close", "es": "Cerrar"}, MEASURE)


def record(*figures: tuple[date, float], known: date | None = None) -> RecordInMemory:
    return RecordInMemory(("people", None, on, value, known or on) for on, value in figures)


def status(record: RecordInMemory, on: date, measure: Measure = MEASURE) -> Status:
    return status_of(replace(DEMAND, measure=measure), record, LETTER, on).status


def test_it_is_due_after_a_hundred_days() -> None:
    assert due_date(LETTER) == DUE
    assert due_date(date(2024, 2, 28)) == date(2024, 6, 7)


def test_it_says_that_nothing_can_be_counted_without_a_letter_date() -> None:
    standing = status_of(DEMAND, record((LETTER, 10)), None, DUE)
    assert standing.status is Status.INCONCLUSIVE
    assert standing.day is None
    assert "never guessed" in reason_of(standing, DEMAND)


OPEN = replace(DEMAND, letter="hundred-days", letter_days=(LETTER, LETTER + 40 * DAY))


@given(
    st.lists(st.tuples(st.integers(-100, 200), st.integers(0, 50)), max_size=6),
    st.integers(-5, 200),
)
def test_it_says_every_status_that_a_letter_without_a_date_could_have(
    told: list[tuple[int, int]], asked: int
) -> None:
    figures = record(*((LETTER + number * DAY, value) for number, value in dict(told).items()))
    on, today = LETTER + asked * DAY, LETTER + 300 * DAY
    each = {standing_on(OPEN, figures, LETTER + n * DAY, on, today).status for n in range(41)}
    standing = standing_on(OPEN, figures, None, on, today)
    assert set(standing.whichever) == each
    assert standing.status is Status.INCONCLUSIVE


def test_it_says_what_is_certain_without_the_letter_s_date_and_on_what_the_rest_hangs() -> None:
    grown = record((LETTER - DAY, 10), (LETTER + 60 * DAY, 10), (DUE + 60 * DAY, 30))
    late = DUE + 90 * DAY
    certain = standing_on(OPEN, grown, None, late, late)
    said = "Whichever day from 1 March 2025 to 10 April 2025 the letter is of"
    assert said in reason_of(certain, OPEN)
    assert reason_of(certain, OPEN).endswith("the status is: reversed.")
    early = standing_on(OPEN, grown, None, LETTER + 61 * DAY, late)
    assert early.whichever == (Status.TOO_EARLY,)
    some = record((LETTER - DAY, 10), (LETTER + 20 * DAY, 0), (LETTER + 40 * DAY, 12))
    hangs = reason_of(standing_on(OPEN, some, None, late, late), OPEN, "es")
    assert "Depende del día de la carta, del 1 de marzo de 2025 al 10 de abril de 2025" in hangs
    entered = standing_on(OPEN, grown, LETTER, late, late)
    assert entered.whichever == ()
    assert "Whichever" not in reason_of(entered, OPEN)
    nothing = standing_on(OPEN, record(), None, late, late)
    assert whichever_words(nothing, OPEN).endswith("the figures here cannot tell.")
    assert whichever_words(standing_on(DEMAND, grown, None, late, late), DEMAND) == ""


def test_it_knows_the_days_of_the_letter_whose_date_is_in_no_source() -> None:
    days = {demand.letter: demand.letter_days for demand in built_in_demands().values()}
    within = (date(2021, 1, 20), date(2021, 11, 29))
    assert days == {"hundred-days": within, "chance-to-come-home": None}


@pytest.mark.parametrize(
    ("day", "newest", "said"),
    [
        (99, 60, Status.TOO_EARLY),
        (99, 98, Status.TOO_EARLY),
        (99, 0, Status.KEPT),
        (99, 130, Status.REVERSED),
        (100, 60, Status.PARTLY_KEPT),
        (100, 98, Status.BROKEN),
        (100, 0, Status.KEPT),
        (101, 60, Status.PARTLY_KEPT),
        (101, 100, Status.BROKEN),
        (101, 104, Status.BROKEN),
        (101, 105, Status.BROKEN),
        (101, 106, Status.REVERSED),
    ],
)
def test_it_turns_on_the_hundredth_day(day: int, newest: float, said: Status) -> None:
    on = LETTER + day * DAY
    assert status(record((LETTER, 100), (on, newest)), on) is said


@pytest.mark.parametrize(("last", "said"), [(99, Status.INCONCLUSIVE), (100, Status.BROKEN)])
def test_it_calls_nothing_broken_that_it_does_not_know(last: int, said: Status) -> None:
    """The last of the hundred days is the 100th after the letter: the due day."""
    known = record((LETTER, 100), (LETTER + last * DAY, 100))
    assert status(known, DUE) is said
    assert status(known, DUE + 400 * DAY) is said


def test_it_uses_only_what_was_known_on_the_day() -> None:
    told_late = record((LETTER, 100), (DUE, 50), known=DUE + 30 * DAY)
    assert status(told_late, DUE) is Status.INCONCLUSIVE
    assert status(told_late, DUE + 29 * DAY) is Status.INCONCLUSIVE
    assert status(told_late, DUE + 30 * DAY) is Status.PARTLY_KEPT
    with_what_is_known_now = status_of(DEMAND, told_late, LETTER, DUE, known_by=DUE + 30 * DAY)
    assert with_what_is_known_now.status is Status.PARTLY_KEPT


def test_it_takes_the_last_figure_up_to_the_letter_and_the_newest_up_to_the_day() -> None:
    told = record(
        (LETTER - 40 * DAY, 90), (LETTER, 100), (LETTER + DAY, 80), (DUE, 40), (DUE + DAY, 10)
    )
    standing = status_of(DEMAND, told, LETTER, DUE)
    assert standing.baseline
    assert standing.newest
    assert (standing.baseline.value, standing.newest.value) == (100, 40)
    assert standing.way == pytest.approx(0.6)
    assert not standing.late_baseline


def test_it_takes_the_first_figure_after_the_letter_and_says_so() -> None:
    told = record((LETTER + 31 * DAY, 100), (DUE, 40))
    standing = status_of(DEMAND, told, LETTER, DUE)
    assert standing.late_baseline
    assert standing.status is Status.PARTLY_KEPT
    assert "the first one after it is compared with" in reason_of(standing, DEMAND)
    too_late = record((LETTER + 32 * DAY, 100), (DUE, 40))
    assert status(too_late, DUE) is Status.INCONCLUSIVE


def test_it_takes_no_baseline_that_is_too_old() -> None:
    edge = LETTER - MEASURE.baseline_days * DAY
    assert status(record((edge, 100), (DUE, 40)), DUE) is Status.PARTLY_KEPT
    assert status(record((edge - DAY, 100), (DUE, 40)), DUE) is Status.INCONCLUSIVE


def test_it_compares_no_stretch_that_began_before_the_letter() -> None:
    """An average of the fiscal year so far holds the days before the letter too."""
    year = RecordInMemory(
        [
            ("people", None, LETTER, 100, LETTER),
            ("people", LETTER - DAY, DUE, 10, DUE),
        ]
    )
    assert status(year, DUE) is Status.INCONCLUSIVE
    since = RecordInMemory(
        [("people", None, LETTER, 100, LETTER), ("people", LETTER, DUE, 10, DUE)]
    )
    assert status(since, DUE) is Status.PARTLY_KEPT


def test_it_takes_what_was_published_last_of_the_same_days() -> None:
    told = RecordInMemory(
        [
            ("people", None, LETTER, 100, LETTER),
            ("people", None, DUE, 90, DUE + 9 * DAY),
            ("people", None, DUE, 100, DUE),
        ]
    )
    assert status(told, DUE) is Status.BROKEN
    assert status(told, DUE + 9 * DAY) is Status.PARTLY_KEPT


def test_it_never_compares_figures_of_two_series() -> None:
    told = RecordInMemory(
        [
            ("one", None, LETTER, 100, LETTER),
            ("two", None, DUE, 0, DUE),
            ("three", None, LETTER, 50, LETTER),
            ("three", None, DUE, 50, DUE),
        ]
    )
    half = replace(MEASURE, target=0.5, target_is=TargetIs.SHARE)
    assert status(told, DUE, replace(half, series=("one", "two"))) is Status.INCONCLUSIVE
    standing = status_of(
        replace(DEMAND, measure=replace(MEASURE, series=("one", "two", "three"))), told, LETTER, DUE
    )
    assert standing.status is Status.BROKEN
    assert {figure.series for figure in standing.figures} == {"three"}


@pytest.mark.parametrize(
    ("target", "is_", "newest", "said"),
    [
        (0.5, TargetIs.SHARE, 50, Status.KEPT),
        (0.5, TargetIs.SHARE, 51, Status.PARTLY_KEPT),
        (-20, TargetIs.CHANGE, 80, Status.KEPT),
        (-20, TargetIs.CHANGE, 97, Status.PARTLY_KEPT),
        (-20, TargetIs.CHANGE, 99, Status.BROKEN),
        (70, TargetIs.NUMBER, 70, Status.KEPT),
    ],
)
def test_it_knows_targets_of_three_kinds(
    target: float, is_: TargetIs, newest: float, said: Status
) -> None:
    measure = replace(MEASURE, target=target, target_is=is_)
    assert status(record((LETTER, 100), (DUE, newest)), DUE, measure) is said


def test_it_knows_numbers_that_must_rise() -> None:
    up = replace(MEASURE, direction=Direction.UP, target=200.0)
    for newest, said in ((200, Status.KEPT), (150, Status.PARTLY_KEPT), (100, Status.BROKEN)):
        assert status(record((LETTER, 100), (DUE, newest)), DUE, up) is said
    assert status(record((LETTER, 100), (DUE, 94)), DUE, up) is Status.REVERSED


def test_it_says_that_figures_are_synthetic() -> None:
    told = RecordInMemory(
        [("people", None, LETTER, 1, LETTER), ("people", None, DUE, 0, DUE)], True
    )
    standing = status_of(DEMAND, told, LETTER, DUE)
    assert standing.synthetic
    assert "synthetic" in reason_of(standing, DEMAND)
    assert "sintéticas" in reason_of(standing, DEMAND, "es")


def test_it_says_nothing_of_the_time_before_the_letter() -> None:
    told = record((LETTER - DAY, 100))
    assert status(told, LETTER - DAY) is Status.TOO_EARLY
    assert status(told, LETTER) is Status.TOO_EARLY
    reasons = [status_of(DEMAND, told, LETTER, LETTER + n * DAY).reason_id for n in (-1, 0)]
    assert reasons == ["before_the_letter", "nothing_since"]


def test_it_speaks_of_one_and_of_many() -> None:
    told = record((LETTER, 1), (DUE, 1234.5))
    standing = status_of(DEMAND, told, LETTER, DUE)
    said = reason_of(standing, DEMAND)
    assert "1 person on 1 March 2025; 1,234 people on 9 June 2025" in said
    assert "0 personas: la cifra" in reason_of(standing, DEMAND, "es")


def test_it_takes_nothing_of_a_file_whose_day_nobody_knows() -> None:
    told = RecordInMemory(
        [("people", None, LETTER, 100, LETTER), ("people", None, DUE, 0, None)]  # type: ignore[list-item]
    )
    assert status(told, DUE) is Status.INCONCLUSIVE


@pytest.mark.parametrize(
    ("direction", "newest", "said"),
    [
        (Direction.DOWN, 200, Status.KEPT),
        (Direction.DOWN, 201, Status.INCONCLUSIVE),
        (Direction.UP, 200, Status.KEPT),
        (Direction.UP, 199, Status.INCONCLUSIVE),
    ],
)
def test_it_needs_no_baseline_for_a_number_that_is_reached(
    direction: Direction, newest: float, said: Status
) -> None:
    measure = replace(MEASURE, direction=direction, target=200)
    assert status(record((DUE, newest)), DUE, measure) is said
    assert status(record((DUE - DAY, newest)), DUE, measure) is Status.INCONCLUSIVE
    assert status(record((DUE - DAY, newest)), DUE - DAY, measure) is Status.TOO_EARLY
    began_before = RecordInMemory([("people", LETTER - DAY, DUE, newest, DUE)])
    assert status(began_before, DUE, measure) is Status.INCONCLUSIVE
    share = replace(measure, target_is=TargetIs.SHARE)
    assert status(record((DUE, newest)), DUE, share) is Status.INCONCLUSIVE


def test_it_says_plainly_that_a_number_is_not_reached_without_a_figure_to_compare_with() -> None:
    standing = status_of(DEMAND, record((DUE, 60_311)), LETTER, DUE)
    assert (standing.target, standing.way) == (0, None)
    said = reason_of(standing, DEMAND)
    assert "the newest figure, 60,311 people on 9 June 2025, has not reached the target" in said
    assert "nobody can say how far it went" in said
    assert "la cifra más reciente, 60,311 personas" in reason_of(standing, DEMAND, "es")


def test_it_finds_a_number_that_is_reached_in_whichever_series_tells_it() -> None:
    told = RecordInMemory([("one", None, LETTER, 100, LETTER), ("two", None, DUE, 0, DUE)])
    for series in (("one", "two"), ("two", "one")):
        assert status(told, DUE, replace(MEASURE, series=series)) is Status.KEPT


# --- as it is known today ---


def test_it_tells_of_a_past_day_what_is_known_today_and_says_what_was_known_then() -> None:
    told_late = record((LETTER, 100), (DUE, 50), known=DUE + 30 * DAY)
    now = standing_on(DEMAND, told_late, LETTER, DUE, DUE + 40 * DAY)
    assert (now.status, now.then) == (Status.PARTLY_KEPT, Status.INCONCLUSIVE)
    assert "By what was known on 9 June 2025 itself, it was inconclusive" in reason_of(now, DEMAND)
    assert "el propio 9 de junio de 2025: no se puede saber" in reason_of(now, DEMAND, "es")
    known_then = standing_on(DEMAND, told_late, LETTER, DUE + 31 * DAY, DUE + 40 * DAY)
    assert known_then.then is None
    assert "itself" not in reason_of(known_then, DEMAND)


def test_its_time_ends_with_what_is_said_of_the_day_itself() -> None:
    record, today = open_record(), date(2026, 4, 20)
    for demand in built_in_demands().values():
        for until in (date(2021, 5, 25), date(2021, 5, 26), date(2022, 1, 1), today):
            (*_, last) = standings_until(demand, record, date(2021, 2, 15), until, today)
            asked = standing_on(demand, record, date(2021, 2, 15), until, today)
            assert replace(asked, then=None) == last


def test_it_compares_the_series_that_tells_the_newest() -> None:
    """A workbook of a year that is over does not hide what another count knows since."""
    told = RecordInMemory(
        [
            ("one", None, LETTER, 100, LETTER),
            ("one", None, LETTER + 30 * DAY, 100, LETTER + 30 * DAY),
            ("two", None, LETTER, 90, LETTER),
            ("two", None, DUE, 30, DUE),
        ]
    )
    two = replace(DEMAND, measure=replace(MEASURE, series=("one", "two")))
    standing = standing_on(two, told, LETTER, DUE, DUE)
    assert [figure.value for figure in standing.figures] == [90, 30]
    earlier = standing_on(two, told, LETTER, DUE - DAY, DUE)
    assert [figure.value for figure in earlier.figures] == [100, 100]
    newest = newest_known(two.measure, told, DUE, DUE)
    assert newest is not None
    assert newest.series == "two"


def test_it_says_where_a_count_ends_and_that_another_is_newer() -> None:
    told = RecordInMemory(
        [
            ("one", None, LETTER, 100, LETTER),
            ("one", None, DUE, 100, DUE),
            ("two", None, DUE + 60 * DAY, 7, DUE + 60 * DAY),
        ]
    )
    two = replace(DEMAND, measure=replace(MEASURE, series=("one", "two")))
    standing = standing_on(two, told, LETTER, DUE + 90 * DAY, DUE + 90 * DAY)
    assert standing.newer is not None
    said = reason_of(standing, two)
    assert "Of this count nothing after 9 June 2025 is known" in said
    assert "two: 7 people on 8 August 2025" in said
    assert standing_on(two, told, LETTER, DUE + DAY, DUE + 90 * DAY).newer is None


def test_it_says_on_what_a_reversal_rests() -> None:
    told = record((LETTER, 100), (LETTER + 50 * DAY, 150))
    before = standing_on(DEMAND, told, LETTER, DUE - DAY, DUE + 90 * DAY)
    assert before.status is Status.REVERSED
    assert "The hundred days last until 9 June 2025" in reason_of(before, DEMAND)
    on_it = standing_on(DEMAND, told, LETTER, DUE, DUE + 90 * DAY)
    assert on_it.status is Status.REVERSED
    assert "none reaches 9 June 2025, the last of the hundred days" in reason_of(on_it, DEMAND)


# --- the demands of the letters -------------------------------------------------------------------


def test_it_wires_every_demand_of_the_letters_or_says_why_not() -> None:
    demands = built_in_demands()
    assert [(d.letter, d.number) for d in demands.values()] == [
        *(("hundred-days", n) for n in range(1, 8)),
        *(("chance-to-come-home", n) for n in range(1, 5)),
    ]
    for demand in demands.values():
        assert (demand.measure is None) == bool(demand.no_data)
        texts = [demand.words, demand.no_data or demand.tells]
        if demand.measure:
            texts += [demand.does_not_tell, demand.target_by]
            assert set(demand.measure.series) | set(demand.context) <= every_series().keys()
        assert all(set(text) == {"en", "es"} for text in texts)


def test_it_has_words_for_every_rule_and_no_others() -> None:
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    assert {rule.reason for rule in RULES} == words["reasons"].keys()
    assert {rule.status.value for rule in RULES} == words["statuses"].keys()
    for group in words.values():
        assert all(set(said) == {"en", "es"} for said in group.values())


def test_it_tells_of_every_demand_from_the_packaged_record() -> None:
    record = open_record()
    said = {
        demand.id: status_of(demand, record, date(2025, 3, 1), date(2026, 4, 20)).status
        for demand in built_in_demands().values()
    }
    reversed_ones = {id for id, status in said.items() if status is Status.REVERSED}
    assert reversed_ones == {"release_consideration", "close_facilities", "end_entanglement"}
    assert set(said.values()) == {Status.REVERSED, Status.INCONCLUSIVE}


# --- for every figure ---------------------------------------------------------------------------

WORST_TO_BEST = (Status.REVERSED, Status.BROKEN, Status.PARTLY_KEPT, Status.KEPT)
days = st.integers(-150, 400)
values = st.integers(0, 1000).map(float)
figures = st.lists(
    st.tuples(days, st.integers(0, 40), values, st.integers(0, 90)), max_size=12
).map(
    lambda rows: RecordInMemory(
        (
            "people",
            LETTER + (day - length) * DAY if length else None,
            LETTER + day * DAY,
            value,
            LETTER + (day + late) * DAY,
        )
        for day, length, value, late in rows
    )
)
measures = st.builds(
    Measure,
    st.just(("people",)),
    st.sampled_from(Direction),
    st.integers(0, 1000).map(float),
    st.just(TargetIs.NUMBER),
)
halves = st.builds(
    Measure,
    st.just(("people",)),
    st.sampled_from(Direction),
    st.floats(0, 2),
    st.just(TargetIs.SHARE),
)


@given(figures, measures, days, st.integers(0, 500))
def test_it_never_becomes_worse_by_an_easier_target(
    record: RecordInMemory, measure: Measure, day: int, easier: int
) -> None:
    way = 1 if measure.direction is Direction.DOWN else -1
    easy = replace(measure, target=measure.target + way * easier)
    on = LETTER + day * DAY
    hard_one, easy_one = status(record, on, measure), status(record, on, easy)
    if hard_one in WORST_TO_BEST and easy_one in WORST_TO_BEST:
        assert WORST_TO_BEST.index(easy_one) >= WORST_TO_BEST.index(hard_one)
    elif hard_one is not easy_one:
        assert easy_one is Status.KEPT


@given(figures, measures | halves, days)
def test_it_judges_only_by_figures_that_were_known(
    record: RecordInMemory, measure: Measure, day: int
) -> None:
    on = LETTER + day * DAY
    standing = status_of(replace(DEMAND, measure=measure), record, LETTER, on)
    if standing.status in WORST_TO_BEST:
        newest = standing.newest
        assert newest is not None
        for figure in standing.figures:
            known = record.source_of(figure).known_from
            assert known is not None
            assert known <= on
            assert figure.on <= on
        assert newest.first_day >= LETTER
        if standing.baseline is not None:
            assert standing.baseline.on < newest.on
        else:  # a plain number is reached or not, whatever was at the beginning
            assert standing.status is Status.KEPT
            assert measure.target_is is TargetIs.NUMBER
            assert measure.gain(measure.target, newest.value) >= 0
            assert newest.on >= DUE


@given(figures, measures, days)
def test_it_breaks_nothing_before_it_is_due_or_without_a_figure_since(
    record: RecordInMemory, measure: Measure, day: int
) -> None:
    standing = status_of(replace(DEMAND, measure=measure), record, LETTER, LETTER + day * DAY)
    if standing.status in (Status.BROKEN, Status.PARTLY_KEPT):
        assert standing.on >= DUE
        assert standing.newest is not None
        assert standing.newest.on >= DUE
    if standing.on < DUE:
        assert standing.status in (Status.TOO_EARLY, Status.KEPT, Status.REVERSED)
    else:
        assert standing.status is not Status.TOO_EARLY


@given(figures, measures, days)
def test_it_has_words_in_both_languages_for_every_standing(
    record: RecordInMemory, measure: Measure, day: int
) -> None:
    demand = replace(DEMAND, measure=measure)
    standing = status_of(demand, record, LETTER, LETTER + day * DAY)
    for language in ("en", "es"):
        said = reason_of(standing, demand, language)
        assert said
        assert "{" not in said
        assert "None" not in said


@given(figures, measures, days, st.integers(0, 60))
def test_it_knows_as_much_later_as_it_knew(
    record: RecordInMemory, measure: Measure, day: int, later: int
) -> None:
    """Of the same day, what is known later can only be more: nothing known becomes unknown."""
    on, demand = LETTER + day * DAY, replace(DEMAND, measure=measure)
    then = status_of(demand, record, LETTER, on)
    since = status_of(demand, record, LETTER, on, known_by=on + later * DAY)
    if then.newest is not None and then.baseline is not None and not then.late_baseline:
        assert since.baseline is not None
        assert since.newest is not None
        assert since.newest.on >= then.newest.on


@given(figures, measures, days, st.integers(1, 60))
def test_it_takes_nothing_back_by_a_day_without_a_new_figure(
    record: RecordInMemory, measure: Measure, day: int, later: int
) -> None:
    """As it is known on one day: what was kept or reversed stays so until a figure says else."""
    demand, today = replace(DEMAND, measure=measure), LETTER + 900 * DAY
    first = standing_on(demand, record, LETTER, LETTER + day * DAY, today)
    second = standing_on(demand, record, LETTER, LETTER + (day + later) * DAY, today)
    if first.figures == second.figures and first.status in (Status.KEPT, Status.REVERSED):
        assert second.status is first.status


@given(figures, measures, days)
def test_it_tells_of_every_change_in_its_time(
    record: RecordInMemory, measure: Measure, day: int
) -> None:
    """Between two moments of its time nothing changes."""
    demand, today = replace(DEMAND, measure=measure), LETTER + 900 * DAY
    time = standings_until(demand, record, LETTER, today, today)
    on = max(LETTER, LETTER + day * DAY)
    last = [one for one in time if one.on <= on][-1]
    assert standing_on(demand, record, LETTER, on, today).status is last.status
