"""`planes` against the same rules as DuckDB SQL, over the same docket cases.

DuckDB is given its best form. On a sample it counts with shared conditions as named steps and with
every rule written out, and in two ways of counting; the fastest of these is then tried on a larger
sample as a table of its own (words as text, and as enumerations), as Parquet and as mapped Arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import median

import duckdb
import pyarrow as pa

from bench.inputs import Docket
from bench.measuring import Finding, interleaved, ratio_of, timed
from wayhome.engine.fact_tables import open_fact_table
from wayhome.engine.graph import Graph
from wayhome.engine.planes import Screening, screen
from wayhome.engine.sql import screening_sql

SAMPLE, PLACED_SAMPLE = 500_000, 2_000_000
THREADS = 2
TRIES = 2

COUNTERS = {
    "count_if": lambda name: f'coalesce(count_if("{name}"), 0), count("{name}")',
    "sum": lambda name: f'coalesce(sum("{name}"::INT), 0), count("{name}")',
}
SOURCES = ("words", "codes", "parquet", "arrow")


@dataclass(frozen=True)
class Form:
    """One way of putting the question to DuckDB."""

    source: str
    steps: bool
    counter: str

    @property
    def label(self) -> str:
        written = "named steps" if self.steps else "rules written out"
        return f"DuckDB, cases as {self.source}, {written}, {self.counter}"


class Question:
    """The counts of every rule of a graph, asked of DuckDB."""

    def __init__(self, docket: Docket, graph: Graph) -> None:
        self.docket, self.graph = docket, graph
        table = open_fact_table(docket.arrow)
        self.facts = table.facts
        self.rules = list(graph.rules)

    @contextmanager
    def database(self) -> Iterator[duckdb.DuckDBPyConnection]:
        settings = {"threads": THREADS}
        with duckdb.connect(str(self.docket.database), read_only=True, config=settings) as opened:
            opened.execute(f"CREATE TEMP VIEW parquet AS SELECT * FROM '{self.docket.parquet}'")
            opened.register(
                "arrow", pa.ipc.open_file(pa.memory_map(str(self.docket.arrow))).read_all()
            )
            yield opened

    def answers(self, form: Form, source: str) -> str:
        return screening_sql(
            self.graph, self.graph.programs, facts=self.facts, source=source, steps=form.steps
        )

    def counting(self, form: Form, source: str) -> str:
        counts = ", ".join(COUNTERS[form.counter](rule) for rule in self.rules)
        return f"SELECT {counts} FROM ({self.answers(form, source)})"

    def best_form(self, database: duckdb.DuckDBPyConnection) -> Form:
        """The fastest form: first how it is written, on a sample, then where the cases lie."""
        database.execute(f"CREATE TEMP TABLE sample AS SELECT * FROM codes LIMIT {SAMPLE}")
        written = [Form("codes", *form) for form in product((True, False), COUNTERS)]
        best = self._fastest(database, {f: self.counting(f, "sample") for f in written}, SAMPLE)
        for source in SOURCES:
            some = f"SELECT * FROM {source} LIMIT {PLACED_SAMPLE}"
            database.execute(f"CREATE TEMP VIEW {source}_sample AS {some}")
        placed = [replace(best, source=source) for source in SOURCES]
        every = {form: self.counting(form, f"{form.source}_sample") for form in placed}
        return self._fastest(database, every, min(PLACED_SAMPLE, self.docket.rows))

    def _fastest(
        self, database: duckdb.DuckDBPyConnection, statements: dict[Form, str], cases: int
    ) -> Form:
        tries = [
            {f: timed(lambda s=s: database.execute(s).fetchall()) for f, s in statements.items()}
            for _ in range(TRIES)
        ]
        seconds = {form: min(tried[form] for tried in tries) for form in statements}
        for form in sorted(seconds, key=lambda f: seconds[f]):
            print(f"    {seconds[form]:.2f} s for {cases:,} cases: {form.label}", flush=True)
        return min(seconds, key=lambda f: seconds[f])

    def checked(self, screening: Screening, row: tuple[int, ...]) -> None:
        """Fails unless both have counted the same."""
        for place, rule in enumerate(self.rules):
            counts = screening.rules[rule]
            told = row[2 * place], row[2 * place + 1]
            assert told == (counts.true, counts.true + counts.false), f"{rule}: {told}, {counts}"


def counts_finding(docket: Docket, graph: Graph, name: str, rounds: int) -> Finding:
    """From the docket store to counts per rule."""
    question = Question(docket, graph)
    with question.database() as database:
        form = question.best_form(database)
        statement = question.counting(form, form.source)
        told = database.execute(statement).fetchall()[0]
        question.checked(_counted(docket, graph, THREADS), told)
        rivals: dict[str, Callable[[], object]] = {
            "planes, 2 threads": lambda: _counted(docket, graph, THREADS),
            "planes, 1 thread": lambda: _counted(docket, graph, 1),
            form.label: lambda: database.execute(statement).fetchall(),
        }
        seconds = interleaved(rivals, rounds)
    ratio = ratio_of(seconds, form.label, "planes, 2 threads")
    return Finding(
        f"planes against DuckDB, counts per rule, {name} rulebook ({len(graph.rules)} rules)",
        "at least 20",
        ratio,
        "times faster",
        ratio >= 20,
        "From opening the file of docket cases to the counts; SQL text made beforehand; "
        "both counted the same.",
        seconds,
        {"planes on one thread": f"{ratio_of(seconds, form.label, 'planes, 1 thread'):.1f} times"},
    )


def file_finding(docket: Docket, graph: Graph, name: str, rounds: int, folder: Path) -> Finding:
    """The same, to a file with every rule's answer and every outcome of every case."""
    question = Question(docket, graph)
    own, copied, made = folder / "out.arrow", folder / "out.parquet", folder / "out.duckdb"
    with question.database() as database:
        form = question.best_form(database)
        answers = question.answers(form, form.source)

        def copy() -> None:
            copied.unlink(missing_ok=True)
            database.execute(f"COPY ({answers}) TO '{copied}'")

        def create() -> None:
            made.unlink(missing_ok=True)
            database.execute(f"ATTACH '{made}' AS made (READ_WRITE)")
            database.execute(f"CREATE TABLE made.answers AS {answers}")
            database.execute("DETACH made")

        rivals: dict[str, Callable[[], object]] = {
            "planes": lambda: _written(docket, graph, own),
            "DuckDB to Parquet": copy,
            "DuckDB to a table": create,
        }
        seconds = interleaved(rivals, rounds)
    sizes = {p.name: f"{p.stat().st_size / 1e6:,.0f} MB" for p in (own, copied, made)}
    for path in (own, copied, made):
        path.unlink()
    rival = min(("DuckDB to Parquet", "DuckDB to a table"), key=lambda n: median(seconds[n]))
    ratio = ratio_of(seconds, rival, "planes")
    return Finding(
        f"planes against DuckDB, to an outcome file, {name} rulebook",
        "at least 12",
        ratio,
        "times faster",
        ratio >= 12,
        f"Against the faster of DuckDB's two ways: {rival}. {form.label}.",
        seconds,
        sizes,
    )


def _counted(docket: Docket, graph: Graph, threads: int) -> Screening:
    return screen(graph, open_fact_table(docket.arrow), threads=threads, outcomes=False)


def _written(docket: Docket, graph: Graph, out: Path) -> None:
    # Both sides write where nothing stands: to replace an old file takes longer for both.
    out.unlink(missing_ok=True)
    screen(graph, open_fact_table(docket.arrow), threads=THREADS, out=out)
