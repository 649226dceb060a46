"""The plain reader, the planes and the SQL give every case the same answers and outcomes."""

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.generative.fact_tables import table_of
from tests.generative.strategies import (
    PROGRAMS,
    TYPES,
    VOCABULARY,
    cases,
    rulebooks,
    screening_days,
)

from wayhome.engine import plain
from wayhome.engine.fact_tables import fact_table_of
from wayhome.engine.graph import compile_graph
from wayhome.engine.outcome_columns import demand_column, outcome_column
from wayhome.engine.outcomes import program_outcome
from wayhome.engine.planes import screen
from wayhome.engine.sql import counts_sql, program_sql


def plain_answers(rulebook, as_of, rows):
    """For each case every rule's answer, and both outcomes of every program."""
    once = {id(row): row for row in rows}
    once = {key: plain_answer(rulebook, as_of, row) for key, row in once.items()}
    return [once[id(row)] for row in rows]


def plain_answer(rulebook, as_of, row):
    answers = plain.answers(rulebook, as_of, row)
    told = dict(answers)
    for program in rulebook.programs:
        rules = [rulebook.rules[rule] for rule in answers if rule.startswith(program)]
        told[outcome_column(program)] = program_outcome(rules, answers)
        told[demand_column(program)] = program_outcome(rules, answers, demands=True)
    return told


def planes_answers(graph, table, path):
    screening = screen(graph, fact_table_of(table, VOCABULARY), out=path, threads=1)
    rows = pa.ipc.open_file(path).read_all().drop_columns(["case_id"]).to_pylist()
    return screening, rows


def sql_answers(graph, table):
    names = set(table.schema.names)
    with duckdb.connect() as database:
        database.register("cases", table)
        found = [{} for _ in range(table.num_rows)]
        for program in graph.programs:
            statement = program_sql(graph, program, facts=names)
            rows = rows_of(database, f"SELECT * FROM ({statement}) ORDER BY case_id")
            for told, row in zip(found, rows, strict=True):
                told.update(row)
        counts = rows_of(database, counts_sql(graph, graph.programs, facts=names))
    for told in found:
        del told["case_id"]
    return found, counts[0]


def rows_of(database, statement):
    done = database.execute(statement)
    names = [column[0] for column in done.description]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


@given(rulebooks(), screening_days, st.data())
def test_it_reads_every_case_alike_three_ways(tmp_path_factory, rulebook, as_of, data):
    present = tuple(data.draw(st.sets(st.sampled_from(list(TYPES)), min_size=5)))
    rows = data.draw(st.lists(cases(present), min_size=0, max_size=8))
    graph, table = compile_graph(rulebook, as_of), table_of(rows, present)
    plainly = plain_answers(rulebook, as_of, rows)
    screening, by_planes = planes_answers(graph, table, tmp_path_factory.getbasetemp() / "o.arrow")
    by_sql, sql_counts = sql_answers(graph, table)
    assert by_planes == plainly
    assert by_sql == plainly
    for rule, counts in screening.rules.items():
        answers = [told[rule] for told in plainly]
        assert counts == (answers.count(True), answers.count(False), answers.count(None))
        assert sql_counts[f"{rule} true"] == counts.true
        assert sql_counts[f"{rule} known"] == counts.true + counts.false
    for program in PROGRAMS:
        for column, outcomes in (
            (outcome_column(program), screening.outcomes[program]),
            (demand_column(program), screening.demands[program]),
        ):
            told = [answers[column] for answers in plainly]
            assert outcomes == {outcome: told.count(outcome) for outcome in outcomes}
            assert {o: sql_counts[f"{column} {o}"] for o in outcomes} == outcomes
