"""`planes` against decoding Parquet, against the plain reader, against itself; and its memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.parquet as pq

from bench.inputs import AS_OF, Docket, rulebooks
from bench.measuring import Finding, interleaved, peak_memory_of, ratio_of
from wayhome.engine.fact_tables import open_fact_table
from wayhome.engine.graph import Graph, compile_graph
from wayhome.engine.narrowing import narrowed
from wayhome.engine.plain import answers
from wayhome.engine.planes import screen
from wayhome.law.conditions import AllOf, Holds
from wayhome.law.rules import Rulebook

PLAIN_CASES = 300
SCREENING = """
import sys
from datetime import date
from pathlib import Path
from wayhome.engine.fact_tables import open_fact_table
from wayhome.engine.graph import compile_graph
from wayhome.engine.planes import screen
from wayhome.programs import rulebook
graph = compile_graph(rulebook(), date.fromisoformat(sys.argv[2]))
screen(graph, open_fact_table(Path(sys.argv[1])), out=Path(sys.argv[3]))
"""


def decoding_finding(docket: Docket, graph: Graph, name: str, rounds: int) -> Finding:
    """Counting every rule, beside only reading the fact columns that the rules read."""
    table = open_fact_table(docket.arrow)
    columns = sorted(narrowed(graph, table.facts).facts())
    runs: dict[str, Callable[[], object]] = {
        "planes": lambda: screen(graph, open_fact_table(docket.arrow)),
        "decoding Parquet": lambda: pq.read_table(docket.parquet, columns=columns),
    }
    seconds = interleaved(runs, rounds)
    ratio = ratio_of(seconds, "planes", "decoding Parquet")
    return Finding(
        f"planes against only decoding the same columns from Parquet, {name} rulebook",
        "at most 1",
        ratio,
        "times as long",
        ratio <= 1,
        f"{docket.rows:,} cases; {len(columns)} columns; pyarrow on all cores",
        seconds,
    )


def plain_finding(docket: Docket, rulebook: Rulebook, name: str, rounds: int) -> Finding:
    """Seconds per case of both readers, the plain one over a sample."""
    graph = compile_graph(rulebook, AS_OF)
    cases = _some_cases(docket)
    runs: dict[str, Callable[[], object]] = {
        "planes, all cases": lambda: screen(graph, open_fact_table(docket.arrow)),
        f"plain, {len(cases)} cases": lambda: [answers(rulebook, AS_OF, c) for c in cases],
    }
    seconds = interleaved(runs, rounds)
    planes, plain = (median(taken) for taken in seconds.values())
    ratio = (plain / len(cases)) / (planes / docket.rows)
    return Finding(
        f"planes against the plain reader, per case, {name} rulebook",
        "at least 500",
        ratio,
        "times faster",
        ratio >= 500,
        f"{plain / len(cases) * 1e3:.2f} ms a case plainly, "
        f"{planes / docket.rows * 1e9:.0f} ns a case on planes",
        seconds,
    )


def _some_cases(docket: Docket) -> list[dict[str, object]]:
    with pa.memory_map(str(docket.arrow)) as mapped:
        rows = pa.ipc.open_file(mapped).get_batch(0).slice(0, PLAIN_CASES).to_pylist()
    left_out = ("case_id", "court")
    return [
        {name: v for name, v in row.items() if v is not None and name not in left_out}
        for row in rows
    ]


def kept_findings(docket: Docket, rounds: int, folder: Path) -> Iterator[Finding]:
    """Screening again after one rule changed, beside a full run."""
    for name, rulebook in rulebooks().items():
        yield _kept_finding(docket, rulebook, name, rounds, folder / "kept-planes")


def _kept_finding(
    docket: Docket, rulebook: Rulebook, name: str, rounds: int, kept: Path
) -> Finding:
    graph = compile_graph(rulebook, AS_OF)
    shutil.rmtree(kept, ignore_errors=True)
    screen(graph, open_fact_table(docket.arrow), kept=kept)
    books = [_one_changed(rulebook, number) for number in range(rounds + 1)]
    changed = iter([compile_graph(book, AS_OF) for book in books])
    runs: dict[str, Callable[[], object]] = {
        "one rule changed, planes kept": lambda: screen(
            next(changed), open_fact_table(docket.arrow), kept=kept
        ),
        "full run": lambda: screen(graph, open_fact_table(docket.arrow)),
    }
    seconds = interleaved(runs, rounds)
    ratio = ratio_of(seconds, "one rule changed, planes kept", "full run")
    shutil.rmtree(kept, ignore_errors=True)
    return Finding(
        f"screening again after one rule changed, planes kept, {name} rulebook",
        "at most 0.1",
        ratio,
        "of a full run",
        ratio <= 0.1,
        f"{docket.rows:,} cases; another rule changes in each round; compiled beforehand",
        seconds,
    )


def _one_changed(rulebook: Rulebook, number: int) -> Rulebook:
    """The rulebook with one more condition in one of its rules."""
    in_force = [r for r in rulebook.rules.values() if r.is_in_force(AS_OF) and not r.due]
    rule = in_force[(number * 7) % len(in_force)]
    stricter = replace(rule, condition=AllOf((rule.condition, Holds("represented"))))
    return replace(rulebook, rules={**rulebook.rules, rule.id: stricter}, _rows={})


def memory_finding(docket: Docket, folder: Path) -> Finding:
    """The most memory of a screening to an outcome file, in a process of its own."""
    out = folder / "memory.arrow"
    peak = peak_memory_of(SCREENING, str(docket.arrow), AS_OF.isoformat(), str(out))
    out.unlink(missing_ok=True)
    return Finding(
        f"memory of a screening of {docket.rows:,} cases to an outcome file",
        "at most 4",
        peak,
        "GB",
        peak <= 4,
        "resident memory at its highest, the pages of the mapped file among it",
    )
