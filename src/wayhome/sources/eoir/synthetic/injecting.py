"""The lines of one table and chunk, with faults put in at their real rates, and the answer key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np

from wayhome.sources.eoir.layout import Table
from wayhome.sources.eoir.synthetic.cells import Cells
from wayhome.sources.eoir.synthetic.draws import Draws
from wayhome.sources.eoir.synthetic.spoiling import FAULTS, Spoil, Spoilt, code_outside
from wayhome.sources.eoir.synthetic.weights import rows_of

# How many lines may be looked at for one that lends itself to a fault.
TRIES = 400


@dataclass(frozen=True)
class Answer:
    """One line of the answer key. `line` counts from 1 within the chunk."""

    line: int
    fault: str
    spoilt: Spoilt


@dataclass(frozen=True)
class Written:
    """The bytes of one table and chunk, in pieces, and what is known of them."""

    pieces: tuple[bytes | memoryview, ...]
    lines: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Rate:
    """How often a table's lines have a fault: `share` of them."""

    fault: str
    column: str
    share: float

    @property
    def spoil(self) -> Spoil:
        return code_outside(self.column) if self.column else FAULTS[self.fault]


@cache
def rates_of(table: str) -> tuple[Rate, ...]:
    """The faults of a table: its own rates, and every other table's where it has none."""
    rows = rows_of("fault_rates.csv")
    own = [row for row in rows if row["table"] == table]
    named = {row["fault"] for row in own if not row["column"]}
    shared = [row for row in rows if row["table"] == "*" and row["fault"] not in named]
    return tuple(
        Rate(row["fault"], row["column"], float(row["per_million"]) / 1e6) for row in own + shared
    )


def with_faults(
    table: Table, lines: Cells, draws: Draws, fault_rate: float, at_least_one: bool
) -> Written:
    """The lines of a table as bytes, some of them spoilt.

    `fault_rate` multiplies the real rates (0: no fault). `at_least_one` puts in one of each fault
    where the rate alone would give none, as far as the lines lend themselves to it.
    """
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[: len(lines) + 1]
    data = memoryview(lines.buffers()[2]) if len(lines) else memoryview(b"")
    if not fault_rate or not len(lines):
        return Written((data,), len(lines), ())
    chosen = _chosen(table, lines, draws, fault_rate, at_least_one)
    return _assembled(data, offsets, chosen)


def _chosen(
    table: Table, lines: Cells, draws: Draws, fault_rate: float, at_least_one: bool
) -> dict[int, tuple[str, Spoilt]]:
    """The rows to spoil, no row twice, each with its fault."""
    rng = draws.stream(f"faults of {table.name}")
    shuffled = rng.permutation(len(lines)).tolist()
    chosen: dict[int, tuple[str, Spoilt]] = {}
    for rate in rates_of(table.name):
        wanted = int(rng.binomial(len(lines), min(rate.share * fault_rate, 0.5)))
        wanted = max(wanted, int(at_least_one))
        # Half of the lines stay clean, whatever the rates.
        room = len(lines) // 2 - len(chosen)
        candidates = (row for row in shuffled if row not in chosen) if wanted else iter(())
        found = list(islice(_spoilt(table, lines, candidates, rate.spoil, rng), min(wanted, room)))
        chosen |= {row: (rate.fault, spoilt) for row, spoilt in found}
    return chosen


def _spoilt(
    table: Table, lines: Cells, rows: Iterator[int], spoil: Spoil, rng: np.random.Generator
) -> Iterator[tuple[int, Spoilt]]:
    """The rows that lend themselves to a fault, until too many in a row do not."""
    tries = 0
    for row in rows:
        spoilt = spoil(table, lines[row].as_py().removesuffix("\n").split("\t"), rng)
        tries = 0 if spoilt else tries + 1
        if spoilt:
            yield row, spoilt
        elif tries == TRIES:
            return


def _assembled(
    data: memoryview, offsets: np.ndarray, chosen: dict[int, tuple[str, Spoilt]]
) -> Written:
    answers: list[Answer] = []
    count = len(offsets) - 1 + sum(spoilt.again for _, spoilt in chosen.values())
    pieces = tuple(_pieces(data, offsets, chosen, answers))
    return Written(pieces, count, tuple(answers))


def _pieces(
    data: memoryview,
    offsets: np.ndarray,
    chosen: dict[int, tuple[str, Spoilt]],
    answers: list[Answer],
) -> Iterator[bytes | memoryview]:
    start, added = 0, 0
    for row in sorted(chosen):
        fault, spoilt = chosen[row]
        begin, end = int(offsets[row]), int(offsets[row + 1])
        yield data[start : end if spoilt.again else begin]
        yield spoilt.line + b"\n"
        added += spoilt.again
        answers.append(Answer(row + 1 + added, fault, spoilt))
        start = end
    yield data[start : int(offsets[-1])]
