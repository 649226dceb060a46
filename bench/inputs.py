"""What is screened in the measurements: docket cases, and the rules they are screened against.

The cases are those of a docket store, or random ones with a store's columns. The rules are the
shipped rulebook, and beside it a *dense* one of ninety rules that read nothing but docket facts,
so that no rule falls away because the docket cannot tell.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.engine.fact_tables import BLOCK_ROWS
from wayhome.engine.graph import Graph, compile_graph
from wayhome.law.history import History
from wayhome.law.reading import ConditionReader
from wayhome.law.rules import Authority, Confidence, Kind, Route, Rule, Rulebook
from wayhome.law.vocabulary import CASE_ID, Fact, FactType, Vocabulary, load_vocabulary
from wayhome.programs import rulebook as shipped_rulebook

AS_OF = date(2021, 7, 1)
SEED = 20210701


# --- rules ---------------------------------------------------------------------------------


def rulebooks() -> dict[str, Rulebook]:
    """The two rulebooks that are measured."""
    return {"shipped": shipped_rulebook(), "dense": dense_rulebook()}


def graphs() -> dict[str, Graph]:
    """Their graphs on the day of the measurements."""
    return {name: compile_graph(book, AS_OF) for name, book in rulebooks().items()}


def dense_rulebook(count: int = 90) -> Rulebook:
    """Random rules of the shape of the shipped ones, over docket facts alone."""
    vocabulary = load_vocabulary()
    programs = shipped_rulebook().programs
    writer = _DenseWriter(vocabulary)
    reader = ConditionReader(vocabulary, {})
    rules = {}
    for number in range(count):
        program = programs[number % len(programs)]
        rule = _dense_rule(f"{program}.rule_{number}", program, number, writer, reader)
        rules[rule.id] = rule
    return Rulebook(vocabulary, programs, rules, {})


def _dense_rule(
    rule_id: str, program: str, number: int, writer: _DenseWriter, reader: ConditionReader
) -> Rule:
    routes = list(Route)
    is_bar = number % 5 == 4
    return Rule(
        id=rule_id,
        program=program,
        title=f"Rule {number} of a measurement",
        kind=Kind.BAR if is_bar else Kind.GROUND,
        authority=Authority.DEMAND if number % 7 == 6 else Authority.STATUTE,
        history=History(date(1990, 1, 1)),
        condition=reader.read_condition(writer.condition()),
        cites=("none: a measurement",),
        confidence=Confidence.CHECK,
        checked=AS_OF,
        source="random",
        route=None if is_bar else routes[number % len(routes)],
        stands_before=tuple(writer.random.sample(routes, 3)) if is_bar else (),
    )


class _DenseWriter:
    """Writes random conditions with the mix of facts, words and dates that real rules have."""

    COMMON = ("final_order", "detained", "case_pending", "ordered_in_absentia", "represented")
    COUNTRIES = ("HT", "SV", "HN", "VE", "NI", "MX", "GT", "CU", "CN", "IN")
    DAYS = ("1996-09-30", "1997-04-01", "2001-06-25", "2010-03-31", "2013-04-23", "2015-06-01",
            "2017-09-05", "2020-11-01", "2020-12-07", "2021-01-20")  # fmt: skip
    SPANS = ("30 days", "90 days", "180 days", "1 year", "2 years", "5 years", "10 years",
             "20 years", "65 years")  # fmt: skip

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.random = random.Random(SEED)
        told = docket_facts(vocabulary)
        self.yes_no = [f for f in told if f.type is FactType.BOOL]
        self.dates = [f for f in told if f.type is FactType.DATE]
        self.categories = [f for f in told if f.type is FactType.CATEGORY]

    def condition(self) -> str:
        pick = self.random
        parts = [pick.choice(self.COMMON)] if pick.random() < 0.7 else []
        parts += [self.leaf() for _ in range(pick.choice([1, 1, 2, 2, 3]))]
        if pick.random() < 0.5:
            alternatives = [self.leaf() for _ in range(pick.choice([2, 2, 3, 4, 6]))]
            parts.append(f"({' OR '.join(alternatives)})")
        if pick.random() < 0.15:
            parts.append(f"NOT ({self.leaf()} OR {self.leaf()})")
        return " AND ".join(parts)

    def leaf(self) -> str:
        chance = self.random.random()
        if chance < 0.62:
            fact = self.random.choice(self.yes_no).name
            return fact if chance < 0.5 else f"NOT {fact}"
        if chance < 0.84:
            return self.words(chance)
        order = self.random.choice(("<", "<=", ">", ">="))
        fact = self.random.choice(self.dates).name
        if chance < 0.92:
            return f"{fact} {order} DATE '{self.random.choice(self.DAYS)}'"
        return f"screening_date {order} {fact} + {self.random.choice(self.SPANS)}"

    def words(self, chance: float) -> str:
        if chance >= 0.79:
            some = self.random.sample(self.COUNTRIES, self.random.choice([1, 1, 6]))
            return f"country_of_citizenship IN ({_quoted(some)})"
        fact = self.random.choice(self.categories)
        if chance < 0.74:
            comparison = self.random.choice(("=", "<>"))
            return f"{fact.name} {comparison} '{self.random.choice(fact.values)}'"
        return f"{fact.name} IN ({_quoted(self.random.sample(fact.values, 2))})"


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def docket_facts(vocabulary: Vocabulary) -> list[Fact]:
    """The facts that the courts' release tells."""
    return [fact for fact in vocabulary if fact.docket_source and fact.name != CASE_ID]


# --- cases ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Docket:
    """The same docket cases in every form that somebody screens fastest."""

    arrow: Path
    parquet: Path
    database: Path
    rows: int
    is_random: bool


def docket(folder: Path, cases: int, store: Path | None, *, unknowns: bool = True) -> Docket:
    """The cases of a store, or as many random ones, with a Parquet file and a DuckDB database.

    What was made by an earlier run with as many cases is used again.
    """
    kind = "" if unknowns else "-known"
    name = f"docket-{cases}{kind}" if store is None else f"store-{store.name}"
    folder.mkdir(parents=True, exist_ok=True)
    arrow = folder / f"{name}.arrow" if store is None else store / "docket_cases.arrow"
    if store is None and not arrow.exists():
        _write(arrow, lambda beside: write_random_docket(beside, cases, unknowns=unknowns))
    with pa.memory_map(str(arrow)) as mapped:
        rows = pa.ipc.open_file(mapped).read_all().num_rows
    made = Docket(arrow, folder / f"{name}.parquet", folder / f"{name}.duckdb", rows, not store)
    if not made.parquet.exists():
        _write(made.parquet, lambda beside: _write_parquet(arrow, beside))
    if not made.database.exists():
        _write(made.database, lambda beside: _write_database(made.parquet, beside))
    return made


def _write(path: Path, write: Callable[[Path], None]) -> None:
    beside = path.with_name(path.name + ".part")
    beside.unlink(missing_ok=True)
    write(beside)
    beside.replace(path)


def write_random_docket(path: Path, cases: int, *, unknowns: bool) -> None:
    """Random cases with the columns of a docket store; without `unknowns` every fact is known."""
    draw = np.random.default_rng(SEED)
    facts = docket_facts(load_vocabulary())
    columns = [_RandomColumn(fact, draw, unknowns) for fact in facts]
    court = _RandomColumn(_court(), draw, False)
    fields = [pa.field(CASE_ID, pa.int64()), *(c.field for c in columns), court.field]
    schema = pa.schema(fields)
    with pa.ipc.new_file(str(path), schema) as writer:
        for first in range(0, cases, BLOCK_ROWS):
            rows = min(BLOCK_ROWS, cases - first)
            made = [pa.array(np.arange(first, first + rows, dtype=np.int64))]
            made += [column.rows(rows) for column in (*columns, court)]
            writer.write_batch(pa.record_batch(made, schema=schema))


def _court() -> Fact:
    return Fact("court", FactType.CODE, (), "", "", "", "", "")


# How many words there are of facts that have no list of them.
SIZES = {"country_of_citizenship": 230, "language": 250, "detention_facility": 1200}


class _RandomColumn:
    """Draws the values of a fact. Some facts are always known, some seldom."""

    def __init__(self, fact: Fact, draw: np.random.Generator, unknowns: bool) -> None:
        self.fact, self.draw = fact, draw
        self.unknown_share = float(draw.choice([0.0, 0.02, 0.3, 0.6])) if unknowns else 0.0
        self.words = self._words() if fact.type.is_wordlike else None
        small = self.words is not None and len(self.words) <= 256
        kinds = {FactType.BOOL: pa.bool_(), FactType.DATE: pa.date32(), FactType.INT: pa.int32()}
        codes = pa.uint8() if small else pa.uint16()
        kind = kinds.get(fact.type, pa.dictionary(codes, pa.string()))
        self.field = pa.field(fact.name, kind)

    def _words(self) -> pa.Array:
        if self.fact.values:
            return pa.array(self.fact.values)
        first = list(_DenseWriter.COUNTRIES) if "country" in self.fact.name else []
        more = SIZES.get(self.fact.name, 75) - len(first)
        return pa.array(first + [f"w{number}" for number in range(more)])

    def rows(self, rows: int) -> pa.Array:
        draw, kind = self.draw, self.field.type
        unknown: Any = draw.random(rows) < self.unknown_share if self.unknown_share else None
        if self.fact.type is FactType.BOOL:
            return pa.array(draw.random(rows) < 0.3, kind, mask=unknown)
        if self.words is not None:
            codes = (draw.zipf(1.5, rows) % len(self.words)).astype(
                kind.index_type.to_pandas_dtype()
            )
            return pa.DictionaryArray.from_arrays(pa.array(codes, mask=unknown), self.words)
        highest = 4 if self.fact.type is FactType.INT else 20_600
        numbers = draw.integers(0, highest, rows).astype(np.int32)
        return pa.array(numbers, pa.int32(), mask=unknown).view(kind)


def _write_parquet(arrow: Path, path: Path) -> None:
    with pa.memory_map(str(arrow)) as mapped:
        reader = pa.ipc.open_file(mapped)
        with pq.ParquetWriter(path, reader.schema) as writer:
            for number in range(reader.num_record_batches):
                writer.write_batch(reader.get_batch(number))


def _write_database(parquet: Path, path: Path) -> None:
    """Two tables: words as text, and words as DuckDB's own enumerations."""
    with duckdb.connect(str(path)) as database:
        database.execute(f"CREATE TABLE words AS SELECT * FROM '{parquet}'")
        columns = database.execute("DESCRIBE words").fetchall()
        text = [name for name, kind, *_ in columns if kind == "VARCHAR"]
        for name in text:
            listed = f"SELECT DISTINCT {name} FROM words WHERE {name} IS NOT NULL"
            database.execute(f"CREATE TYPE {name}_word AS ENUM ({listed})")
        typed = ", ".join(f"{name}::{name}_word AS {name}" for name in text)
        database.execute(f"CREATE TABLE codes AS SELECT * REPLACE ({typed}) FROM words")
        database.execute("CHECKPOINT")
