import errno
import os
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wayhome.engine import plain
from wayhome.engine.fact_tables import FaultyFactTable, fact_table_of, open_fact_table
from wayhome.engine.graph import compile_graph
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes import Counts, case_answers, screen
from wayhome.engine.planes.calendar_arrays import shifted
from wayhome.engine.planes.lowering import whole_number
from wayhome.law.calendar import Unit, shift
from wayhome.law.vocabulary import FactType

AS_OF = date(2021, 7, 1)


@pytest.fixture
def graph_of(book_of, rule_text):
    def graph(condition="removed", more_rules=""):
        return compile_graph(book_of({"stay": rule_text(condition=condition) + more_rules}), AS_OF)

    return graph


def table(**columns):
    rows = len(next(iter(columns.values())))
    return pa.table({"case_id": pa.array(range(rows), pa.int64()), **columns})


def answers(graph, **columns):
    """How the one rule answers: its counts."""
    return screen(graph, fact_table_of(table(**columns))).rules["stay.one"]


@pytest.fixture
def arrow_file(tmp_path):
    def write(content, name="cases.arrow", chunk=2):
        path = tmp_path / name
        with pa.ipc.new_file(str(path), content.schema) as writer:
            writer.write_table(content, max_chunksize=chunk)
        return path

    return write


def test_it_never_counts_unknown_as_no(graph_of):
    removed = pa.array([True, False, None])
    assert answers(graph_of(), removed=removed) == Counts(true=1, false=1, unknown=1)
    assert answers(graph_of("NOT removed"), removed=removed) == Counts(1, 1, 1)


def test_it_answers_unknown_for_every_case_of_a_fact_the_table_lacks(graph_of):
    detained = pa.array([True, False, None])
    assert answers(graph_of("removed"), detained=detained) == Counts(0, 0, 3)
    assert answers(graph_of("removed AND detained"), detained=detained) == Counts(0, 1, 2)
    assert answers(graph_of("removed OR detained"), detained=detained) == Counts(1, 0, 2)


def test_it_knows_the_date_of_the_screening_without_a_column(graph_of):
    detained = pa.array([True])
    assert answers(graph_of("screening_date IS NOT NULL"), detained=detained) == Counts(1, 0, 0)


@pytest.mark.parametrize(
    ("order_date", "answer"),
    [
        (date(2019, 2, 28), Counts(0, 1, 0)),
        (date(2020, 2, 28), Counts(0, 1, 0)),
        (date(2020, 2, 29), Counts(0, 1, 0)),
        (date(2020, 3, 1), Counts(1, 0, 0)),
    ],
)
def test_it_counts_a_year_from_a_leap_day_as_the_plain_reader_does(graph_of, order_date, answer):
    graph = graph_of("order_date + 1 year > DATE '2021-02-28'")
    assert answers(graph, order_date=pa.array([order_date])) == answer


LITERALS = {
    "prior_removals": [str(n) for n in (1, 2, 3)],
    "order_date": [f"DATE '2021-02-{day}'" for day in (27, 28)] + ["DATE '2021-03-01'"],
    "transferred_at": [f"TIMESTAMP '2021-02-28 23:59:{second}'" for second in (57, 58, 59)],
}
VALUES = {
    "prior_removals": [1, 2, 3, None],
    "order_date": [date(2021, 2, 27), date(2021, 2, 28), date(2021, 3, 1), None],
    "transferred_at": [*(datetime(2021, 2, 28, 23, 59, s) for s in (57, 58, 59)), None],
}
TYPES = {"prior_removals": pa.int32(), "order_date": pa.date32()}


@pytest.mark.parametrize("fact", LITERALS)
@pytest.mark.parametrize("sign", ["=", "<>", "<", "<=", ">", ">="])
def test_it_compares_below_at_and_above_as_the_plain_reader_does(book_of, rule_text, fact, sign):
    for literal in LITERALS[fact]:
        book = book_of({"stay": rule_text(condition=f"{fact} {sign} {literal}")})
        cases = table(**{fact: pa.array(VALUES[fact], TYPES.get(fact, pa.timestamp("s")))})
        counts = screen(compile_graph(book, AS_OF), fact_table_of(cases)).rules["stay.one"]
        known = [{} if value is None else {fact: value} for value in VALUES[fact]]
        told = [plain.answers(book, AS_OF, case)["stay.one"] for case in known]
        assert counts == tuple(told.count(answer) for answer in (True, False, None)), literal


@pytest.mark.parametrize("months", [-25, -12, -1, 1, 2, 12, 48])
def test_it_moves_a_column_of_days_as_one_day_is_moved(months):
    first = date(1999, 12, 1)
    days = [first + timedelta(days=n) for n in range(800)]
    numbers = np.array([whole_number(day) for day in days])
    expected = [whole_number(shift(day, months, Unit.MONTH)) for day in days]
    for within in (True, False):
        moved = shifted(numbers, months, Unit.MONTH, FactType.DATE, within=within)
        assert moved.tolist() == expected


def test_it_looks_up_a_long_list_of_words(graph_of):
    words = [f"{a}{b}" for a in "ABCDE" for b in "ABCDEFGHIJ"]
    listed = ", ".join(f"'{word}'" for word in words[:40])
    countries = pa.array([*words, None]).dictionary_encode()
    graph = graph_of(f"country_of_citizenship IN ({listed})")
    assert answers(graph, country_of_citizenship=countries) == Counts(40, 10, 1)


def test_it_takes_a_null_in_a_dictionary_for_unknown(graph_of):
    codes = pa.array([0, 1, 1], pa.uint8())
    odd = pa.DictionaryArray.from_arrays(codes, pa.array(["HT", None]))
    graph = graph_of("country_of_citizenship = 'HT'")
    assert answers(graph, country_of_citizenship=odd) == Counts(1, 0, 2)


def test_it_refuses_a_file_whose_dictionary_holds_a_null(arrow_file):
    codes = pa.array([0, 1], pa.uint8())
    odd = pa.DictionaryArray.from_arrays(codes, pa.array(["HT", None]))
    with pytest.raises(FaultyFactTable, match=r"country_of_citizenship.*null"):
        open_fact_table(arrow_file(table(country_of_citizenship=odd)))


def test_it_reads_columns_that_a_slice_has_moved_off_their_bytes(graph_of):
    known = [True, False, None] * 50
    sliced = table(removed=pa.array(known)).slice(5, 131)
    expected = known[5:136]
    counts = screen(graph_of(), fact_table_of(sliced)).rules["stay.one"]
    assert counts == tuple(expected.count(answer) for answer in (True, False, None))


def test_it_tells_outcomes_apart_by_group_and_by_year(graph_of):
    cases = table(
        removed=pa.array([True, False, None, True]),
        court=pa.array(["MIA", "MIA", None, "NYC"]).dictionary_encode(),
        nta_date=pa.array([date(2001, 1, 1), date(2001, 12, 31), None, date(2199, 12, 31)]),
    )
    found = screen(graph_of(), fact_table_of(cases), by=("court", "nta_date"))
    ground, none_found, is_open = Outcome.GROUND, Outcome.NONE_FOUND, Outcome.OPEN
    by_court = {court: g.outcomes["stay"] for court, g in found.groups["court"].items()}
    assert (by_court["MIA"][ground], by_court["MIA"][none_found]) == (1, 1)
    assert (by_court[None][is_open], by_court["NYC"][ground]) == (1, 1)
    years = {year: group.rows for year, group in found.groups["nta_date"].items()}
    assert years == {2001: 2, None: 1, 2199: 1}


def test_it_says_which_columns_there_are_when_it_is_asked_for_another(graph_of):
    cases = fact_table_of(table(removed=pa.array([True])))
    with pytest.raises(FaultyFactTable, match=r"no column 'remved'. Did you mean removed"):
        screen(graph_of(), cases, by=("remved",))
    with pytest.raises(FaultyFactTable, match="removed is bool"):
        screen(graph_of(), cases, by=("removed",))


def test_it_tells_how_far_it_is(graph_of, arrow_file):
    path, told = arrow_file(table(removed=pa.array([True] * 5))), []
    screen(graph_of(), open_fact_table(path), progress=lambda done, rows: told.append((done, rows)))
    assert told == [(2, 5), (4, 5), (5, 5)]


# --- the outcome file ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.arrow", "out.parquet"])
def test_it_writes_every_answer_and_outcome(graph_of, tmp_path, name):
    cases = table(removed=pa.array([True, False, None]))
    screen(graph_of(), fact_table_of(cases), out=tmp_path / name)
    path = tmp_path / name
    read = pq.read_table(path) if name.endswith("parquet") else pa.ipc.open_file(path).read_all()
    assert read.to_pydict() == {
        "case_id": [0, 1, 2],
        "stay.one": [True, False, None],
        "outcome_stay": ["ground", "none_found", "open"],
        "demand_outcome_stay": ["none_found"] * 3,
    }


def test_it_takes_two_bits_a_rule_and_case(graph_of, tmp_path):
    cases = table(removed=pa.array([True, False, None, True] * 16_000))
    screen(graph_of(), fact_table_of(cases), out=tmp_path / "out.arrow")
    batch = pa.ipc.open_file(tmp_path / "out.arrow").get_batch(0)
    assert sum(buffer.size for buffer in batch.column("stay.one").buffers()) == 2 * 64_000 / 8


def test_it_leaves_the_old_file_when_the_new_one_fails(graph_of, arrow_file, tmp_path):
    out = tmp_path / "out.arrow"
    out.write_text("what was there before")

    def full(done, rows):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = arrow_file(table(removed=pa.array([True] * 5)))
    with pytest.raises(OSError, match="No space left"):
        screen(graph_of(), open_fact_table(path), out=out, progress=full)
    assert out.read_text() == "what was there before"
    assert sorted(p.name for p in tmp_path.iterdir() if "out" in p.name) == ["out.arrow"]


def test_it_names_the_file_that_it_cannot_write(graph_of, tmp_path):
    cases = fact_table_of(table(removed=pa.array([True])))
    with pytest.raises(OSError, match=r"out.arrow") as refused:
        screen(graph_of(), cases, out=tmp_path / "nowhere" / "out.arrow")
    assert refused.value.errno == errno.ENOENT


# --- tables that cannot be screened --------------------------------------------------------


def test_it_refuses_a_file_that_is_cut_short(arrow_file):
    path = arrow_file(table(removed=pa.array([True] * 1000)))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FaultyFactTable, match=r"cases.arrow is not a whole Arrow"):
        open_fact_table(path)


@pytest.mark.parametrize("name", ["none.arrow", "none.parquet"])
def test_it_says_that_a_file_is_not_there(tmp_path, name):
    with pytest.raises(FaultyFactTable, match=f"{name} cannot be opened"):
        open_fact_table(tmp_path / name)


@pytest.mark.parametrize("name", ["empty.arrow", "empty.parquet"])
def test_it_refuses_an_empty_file(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(FaultyFactTable, match=f"{name} is not a whole"):
        open_fact_table(tmp_path / name)


def test_it_refuses_a_fact_of_the_wrong_type(arrow_file):
    with pytest.raises(FaultyFactTable, match="removed is a bool fact"):
        fact_table_of(table(removed=pa.array(["perhaps"])))
    with pytest.raises(FaultyFactTable, match=r"cases.arrow: prior_removals .* must be int32"):
        open_fact_table(arrow_file(table(prior_removals=pa.array([1], pa.int64()))))


def test_it_takes_wider_types_from_a_table_where_no_value_is_lost(graph_of):
    graph = graph_of("prior_removals >= 1 AND country_of_citizenship = 'HT'")
    wide = {"prior_removals": pa.array([1, 2], pa.int64()), "country_of_citizenship": ["HT", "MX"]}
    assert answers(graph, **{k: pa.array(v) for k, v in wide.items()}) == Counts(1, 1, 0)
    with pytest.raises(FaultyFactTable, match="prior_removals"):
        fact_table_of(table(prior_removals=pa.array([2**40])))


# --- kept planes ---------------------------------------------------------------------------


def test_it_does_not_look_at_the_cases_again_when_nothing_changed(graph_of, arrow_file, tmp_path):
    path, kept = arrow_file(table(removed=pa.array([True, False, None]))), tmp_path / "kept"
    first = screen(graph_of(), open_fact_table(path), kept=kept)
    again = open_fact_table(path)
    again.blocks.read = lambda *_: pytest.fail("the cases were read again")
    assert screen(graph_of(), again, kept=kept) == first


def test_it_works_out_only_the_rule_that_changed(graph_of, rule_text, arrow_file, tmp_path):
    cases = table(removed=pa.array([True, False, None]), detained=pa.array([True, True, False]))
    path, kept = arrow_file(cases), tmp_path / "kept"
    screen(graph_of(more_rules=rule_text("stay.two", "detained")), open_fact_table(path), kept=kept)
    read, seen = open_fact_table(path), set()
    plainly = read.blocks.read
    read.blocks.read = lambda block, columns: (seen.update(columns), plainly(block, columns))[1]
    changed = graph_of(more_rules=rule_text("stay.two", "NOT detained"))
    found = screen(changed, read, kept=kept)
    assert seen == {"detained"}
    assert found == screen(changed, open_fact_table(path))


def test_it_forgets_what_it_kept_when_the_table_changes(graph_of, arrow_file, tmp_path):
    kept = tmp_path / "kept"
    for removed in ([True, True], [False, False], [True, None]):
        path = arrow_file(table(removed=pa.array(removed)))
        os.utime(path, ns=(1, hash(tuple(removed)) % 10**9))
        found = screen(graph_of(), open_fact_table(path), kept=kept)
        assert found.rules["stay.one"].true == removed.count(True)


def test_it_keeps_nothing_of_a_screening_that_failed(graph_of, arrow_file, tmp_path):
    path, kept = arrow_file(table(removed=pa.array([True] * 5))), tmp_path / "kept"

    def interrupt(done, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(graph_of(), open_fact_table(path), kept=kept, progress=interrupt)
    assert [p for p in kept.rglob("*") if p.is_file()] == []


def test_it_cannot_keep_planes_of_a_table_in_no_file(graph_of, tmp_path):
    cases = fact_table_of(table(removed=pa.array([True])))
    with pytest.raises(FaultyFactTable, match="lies in a file"):
        screen(graph_of(), cases, kept=tmp_path)


def test_it_removes_what_an_interrupted_screening_left(graph_of, arrow_file, tmp_path):
    path, kept = arrow_file(table(removed=pa.array([True, False]))), tmp_path / "kept"
    first = screen(graph_of(), open_fact_table(path), kept=kept)
    (folder,) = kept.iterdir()
    whole = set(folder.iterdir())
    for name in ("dead.planes", "half.planes.part", "index.json.part"):
        (folder / name).write_bytes(b"12345678")
    assert screen(graph_of(), open_fact_table(path), kept=kept) == first
    assert set(folder.iterdir()) == whole


def test_it_removes_nothing_while_somebody_else_reads(graph_of, arrow_file, tmp_path):
    path, kept = arrow_file(table(removed=pa.array([True] * 5))), tmp_path / "kept"
    screen(graph_of(), open_fact_table(path), kept=kept)
    (folder,) = kept.iterdir()
    reading = case_answers(graph_of(), open_fact_table(path), kept=kept)
    next(reading)
    (folder / "other.planes.part").write_bytes(b"being written")
    screen(graph_of("NOT removed"), open_fact_table(path), kept=kept)
    assert (folder / "other.planes.part").exists()
    reading.close()
    screen(graph_of(), open_fact_table(path), kept=kept)
    assert not (folder / "other.planes.part").exists()


@pytest.mark.parametrize("as_kept", [False, True])
def test_it_counts_rules_by_group_without_outcomes(graph_of, arrow_file, tmp_path, as_kept):
    countries = pa.array(["HT", None, "HT", "CU", "HT"]).dictionary_encode()
    removed = pa.array([True, None, None, False, True])
    read = open_fact_table(arrow_file(table(country_of_citizenship=countries, removed=removed)))
    asked = {"by": ["country_of_citizenship"], "rules_by": ["stay.one"], "outcomes": False}
    for _ in range(2):
        found = screen(graph_of(), read, kept=tmp_path / "kept" if as_kept else None, **asked)
        groups = found.groups["country_of_citizenship"]
        told = {group: counts.rules["stay.one"] for group, counts in groups.items()}
        assert told == {"HT": (2, 0, 1), "CU": (0, 1, 0), None: (0, 0, 1)}
        assert {group: counts.rows for group, counts in groups.items()} == {
            "HT": 3,
            "CU": 1,
            None: 1,
        }


def test_it_hands_on_what_an_outcome_file_would_hold(graph_of, arrow_file, tmp_path):
    cases = table(removed=pa.array([True, None, False, True, None]))
    read = open_fact_table(arrow_file(cases))
    screen(graph_of(), read, out=tmp_path / "out.arrow")
    written = pa.ipc.open_file(tmp_path / "out.arrow").read_all()
    screen(graph_of(), read, kept=tmp_path / "kept")
    for kept in (None, tmp_path / "kept"):
        handed = pa.Table.from_batches(case_answers(graph_of(), read, kept=kept))
        assert handed.to_pylist() == written.to_pylist()
