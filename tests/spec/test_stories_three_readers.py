"""The plain reader, the planes and the SQL tell every story of the rulebook alike."""

from collections import defaultdict

import duckdb
import pyarrow as pa
import pytest

from wayhome.engine import plain
from wayhome.engine.fact_tables import fact_table_of
from wayhome.engine.graph import compile_graph
from wayhome.engine.planes import screen
from wayhome.engine.sql import program_sql
from wayhome.law.vocabulary import FactType
from wayhome.programs import FOLDER, rulebook
from wayhome.stories.reading import read_stories

TYPES = {
    FactType.BOOL: pa.bool_(),
    FactType.INT: pa.int32(),
    FactType.DATE: pa.date32(),
    FactType.DATETIME: pa.timestamp("s"),
}
WORDS = pa.dictionary(pa.uint8(), pa.string())


def told_by_day(program):
    """Each day on which some rule of the program is told of somebody, and their facts."""
    days = defaultdict(list)
    for story in read_stories(FOLDER, rulebook(), rulebook().programs):
        for expected in story.expect:
            if expected.rule.startswith(f"{program}.") and expected.answer != "not in force":
                as_of, facts = story.on(expected)
                if facts not in days[as_of]:
                    days[as_of].append(facts)
    return days


def table_of(people):
    facts = sorted({fact for person in people for fact in person})
    vocabulary = rulebook().vocabulary
    columns = {
        fact: pa.array([p.get(fact) for p in people], TYPES.get(vocabulary[fact].type, WORDS))
        for fact in facts
    }
    return pa.table({"case_id": pa.array(range(len(people)), pa.int64()), **columns})


def planes_answers(graph, table, path):
    screen(graph, fact_table_of(table, rulebook().vocabulary), out=path, threads=1)
    return pa.ipc.open_file(path).read_all().drop_columns(["case_id"]).to_pylist()


def sql_answers(graph, program, table, database):
    database.register("cases", table)
    statement = program_sql(graph, program, facts=set(table.schema.names))
    done = database.execute(f"SELECT * FROM ({statement}) ORDER BY case_id")
    names = [column[0] for column in done.description]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


@pytest.mark.parametrize("program", rulebook().programs)
def test_it_tells_every_story_alike_three_ways(program, tmp_path):
    with duckdb.connect() as database:
        for as_of, people in told_by_day(program).items():
            graph, table = compile_graph(rulebook(), as_of, (program,)), table_of(people)
            planes = planes_answers(graph, table, tmp_path / "answers.arrow")
            sql = sql_answers(graph, program, table, database)
            for person, by_planes, by_sql in zip(people, planes, sql, strict=True):
                expected = plain.answers(rulebook(), as_of, person, (program,))
                assert {rule: by_planes[rule] for rule in expected} == expected, (as_of, person)
                assert {rule: by_sql[rule] for rule in expected} == expected, (as_of, person)
