from datetime import date

import duckdb
import pytest
import sqlglot

from wayhome.engine.graph import compile_graph
from wayhome.engine.sql import counts_sql, program_sql, screening_sql
from wayhome.programs import rulebook

AS_OF = date(2021, 7, 1)


@pytest.fixture(scope="module")
def graph():
    return compile_graph(rulebook(), AS_OF)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_it_writes_every_program_in_each_dialect(graph, dialect):
    facts = graph.facts() - {"screening_date"}
    for program in graph.programs:
        text = program_sql(graph, program, dialect=dialect, facts=facts)
        columns = sqlglot.parse_one(text, dialect=dialect).named_selects
        rules = [rule for rule in graph.rules if rule.startswith(f"{program}.")]
        outcomes = [f"outcome_{program}", f"demand_outcome_{program}"]
        assert columns == ["case_id", *rules, *outcomes]
    assert "COUNT" in counts_sql(graph, graph.programs, dialect=dialect, facts=facts).upper()


def test_it_leaves_a_date_a_date_when_it_moves_it(book_of, rule_text):
    text = rule_text(condition="removal_date + 1 month > order_date")
    graph = compile_graph(book_of({"stay": text}), AS_OF)
    written = program_sql(graph, "stay", facts={"removal_date", "order_date"})
    cases = "CREATE TABLE cases AS SELECT 1 case_id, DATE '2021-01-31' removal_date, DATE '{}' order_date"
    for order_date, answer in (("2021-02-27", True), ("2021-02-28", False)):
        with duckdb.connect() as database:
            database.execute(cases.format(order_date))
            assert database.execute(written).fetchone()[1] is answer


def test_it_answers_unknown_for_a_fact_that_the_table_lacks(book_of, rule_text):
    graph = compile_graph(book_of({"stay": rule_text(condition="removed OR detained")}), AS_OF)
    written = program_sql(graph, "stay", facts={"detained"})
    assert "removed" not in written
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE cases AS SELECT * FROM (VALUES (1, TRUE), (2, FALSE)) t(case_id, detained)"
        )
        rows = sorted(database.execute(written).fetchall())
    assert rows == [(1, True, "ground", "none_found"), (2, None, "open", "none_found")]


def test_it_names_what_rules_share_once(book_of, rule_text):
    shared = "removed AND order_date >= DATE '2020-01-01'"
    rules = rule_text(condition=shared) + rule_text("stay.two", f"({shared}) OR detained")
    graph = compile_graph(book_of({"stay": rules}), AS_OF)
    facts = {"removed", "order_date", "detained"}
    with_steps = screening_sql(graph, ["stay"], facts=facts)
    assert with_steps.count("2020-01-01") == 1
    assert "shared_1" in with_steps
    without = screening_sql(graph, ["stay"], facts=facts, steps=False)
    assert "shared_1" not in without


def test_it_reads_another_table_when_told_its_name(book_of, rule_text):
    graph = compile_graph(book_of({"stay": rule_text(condition="removed")}), AS_OF)
    assert "FROM docket" in program_sql(graph, "stay", facts={"removed"}, source="docket")
