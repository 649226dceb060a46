"""Planes over tables of every awkward size and cut, grouped, written, and kept."""

from datetime import date
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.generative.fact_tables import table_of
from tests.generative.strategies import VOCABULARY, cases, rulebooks, screening_days
from tests.generative.test_readers_agree import plain_answers

from wayhome.engine.fact_tables import fact_table_of, open_fact_table
from wayhome.engine.graph import compile_graph
from wayhome.engine.outcome_columns import demand_column, outcome_column
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes import screen

SMALL_BLOCK = 128
SIZES = [0, 1, 63, 64, 65, 127, 128, 129, 255, 257, 300]


@pytest.fixture(autouse=True)
def small_blocks():
    with (
        patch("wayhome.engine.planes.work.BLOCK_ROWS", SMALL_BLOCK),
        patch("wayhome.engine.fact_tables.BLOCK_ROWS", SMALL_BLOCK),
    ):
        yield


@st.composite
def many_cases(draw):
    """As many cases as a size that is awkward for words and blocks, few of them different."""
    few = draw(st.lists(cases(), min_size=1, max_size=6))
    size = draw(st.sampled_from(SIZES))
    chance = draw(st.randoms(use_true_random=False))
    return [chance.choice(few) for _ in range(size)]


def counted(told, name, values):
    answers = [answers[name] for answers in told]
    return tuple(sum(answer is value for answer in answers) for value in values)


def outcome_counts(told, column):
    answers = [answers[column] for answers in told]
    return {outcome: answers.count(outcome) for outcome in Outcome}


@given(rulebooks(most_rules=3), screening_days, many_cases(), st.data())
def test_it_counts_every_case_once_however_the_table_is_cut(rulebook, as_of, rows, data):
    graph = compile_graph(rulebook, as_of)
    told = plain_answers(rulebook, as_of, rows)
    whole = table_of(rows)
    cut = data.draw(st.integers(0, len(rows)))
    table = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    threads = data.draw(st.sampled_from([1, 2]))
    found = screen(graph, fact_table_of(table, VOCABULARY), threads=threads)
    assert found.rows == len(rows)
    for rule, counts in found.rules.items():
        assert counts == counted(told, rule, (True, False, None))
    for program in rulebook.programs:
        assert found.outcomes[program] == outcome_counts(told, outcome_column(program))
        assert found.demands[program] == outcome_counts(told, demand_column(program))


@given(rulebooks(most_rules=3), screening_days, many_cases())
def test_it_counts_outcomes_by_word_and_by_year(rulebook, as_of, rows):
    graph = compile_graph(rulebook, as_of)
    told = plain_answers(rulebook, as_of, rows)
    by = {"country": lambda value: value, "day_a": lambda value: value.year}
    found = screen(graph, fact_table_of(table_of(rows), VOCABULARY), by=tuple(by))
    for column, group_of in by.items():
        groups = [group_of(row[column]) if column in row else None for row in rows]
        assert set(found.groups[column]) == set(groups)
        for group, counts in found.groups[column].items():
            own = [t for t, g in zip(told, groups, strict=True) if g == group]
            assert counts.rows == len(own)
            for program in rulebook.programs:
                assert counts.outcomes[program] == outcome_counts(own, outcome_column(program))
                assert counts.demands[program] == outcome_counts(own, demand_column(program))


@given(rulebooks(most_rules=3), screening_days, many_cases(), st.booleans())
def test_it_reads_a_file_as_it_reads_a_table(tmp_path_factory, rulebook, as_of, rows, as_parquet):
    folder = tmp_path_factory.mktemp("tables")
    graph, table = compile_graph(rulebook, as_of), table_of(rows)
    path = folder / ("cases.parquet" if as_parquet else "cases.arrow")
    if as_parquet:
        pq.write_table(table, path, row_group_size=200)
    else:
        with pa.ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=200)
    read = open_fact_table(path, VOCABULARY)
    in_memory = fact_table_of(table, VOCABULARY)
    assert read.rows == len(rows)
    assert screen(graph, read, by=["country"]) == screen(graph, in_memory, by=["country"])
    screen(graph, read, out=folder / "from_file.arrow")
    screen(graph, in_memory, out=folder / "from_memory.arrow")
    written = [pa.ipc.open_file(folder / f"from_{w}.arrow").read_all() for w in ("file", "memory")]
    assert written[0].to_pylist() == written[1].to_pylist()


@given(rulebooks(most_rules=4), rulebooks(most_rules=4), many_cases())
def test_it_answers_from_kept_planes_as_from_the_cases(tmp_path_factory, first, second, rows):
    """Two rulebooks one after the other, the second taking what it shares from the first."""
    folder, table, as_of = tmp_path_factory.mktemp("kept"), table_of(rows), date(2021, 7, 1)
    path = folder / "cases.arrow"
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=SMALL_BLOCK)
    # A rule is written for the types of its tables' columns: a table of one name is of one shape.
    both = first.tables.keys() & second.tables.keys()
    assume(all(first.tables[name].columns == second.tables[name].columns for name in both))
    shared = dict(second.rules) | {k: r for k, r in first.rules.items() if k not in second.rules}
    mixed = type(first)(VOCABULARY, first.programs, shared, {**first.tables, **second.tables})
    for rulebook in (first, mixed, first):
        graph = compile_graph(rulebook, as_of)
        fresh = screen(graph, open_fact_table(path, VOCABULARY), out=folder / "fresh.arrow")
        again = screen(
            graph,
            open_fact_table(path, VOCABULARY),
            kept=folder / "planes",
            out=folder / "again.arrow",
        )
        assert again == fresh
        fresh_rows, again_rows = (
            pa.ipc.open_file(folder / f"{name}.arrow").read_all() for name in ("fresh", "again")
        )
        assert again_rows.equals(fresh_rows)
