"""`make bench`: every comparison, or some of them, printed and saved as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import against_duckdb
from bench.inputs import Docket, docket, graphs
from bench.measuring import Finding, machine, save, shown

NATIONAL = 12_600_000


@dataclass(frozen=True)
class Size:
    """How much is measured, and where the files of the measurements are kept."""

    cases: int
    rounds: int
    store: Path | None
    folder: Path

    def docket(self) -> Docket:
        return docket(self.folder / "data", self.cases, self.store)


def duckdb_counts(size: Size) -> Iterator[Finding]:
    for name, graph in graphs().items():
        yield against_duckdb.counts_finding(size.docket(), graph, name, size.rounds)


def duckdb_file(size: Size) -> Iterator[Finding]:
    for name, graph in graphs().items():
        yield against_duckdb.file_finding(size.docket(), graph, name, size.rounds, size.folder)


COMPARISONS = {
    "duckdb-counts": duckdb_counts,
    "duckdb-file": duckdb_file,
}


def main() -> int:
    size, chosen = _size()
    about = {"machine": machine(), "cases": size.cases, "rounds": size.rounds}
    print(f"{about}\n", flush=True)
    findings: list[Finding] = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        for finding in COMPARISONS[name](size):
            findings.append(finding)
            print(shown(finding), flush=True)
            save(size.folder / "bench.json", about, findings)
    return 0


def _size() -> tuple[Size, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=NATIONAL, help="how many docket cases")
    parser.add_argument("--rounds", type=int, default=5, help="how often each rival is run")
    parser.add_argument("--store", type=Path, help="a docket store, in the place of random cases")
    parser.add_argument("--folder", type=Path, default=Path("bench-output"), help="where files go")
    parser.add_argument("--only", nargs="*", choices=COMPARISONS, help="some comparisons only")
    said = parser.parse_args()
    size = Size(said.cases, said.rounds, said.store, said.folder)
    return size, said.only or list(COMPARISONS)


if __name__ == "__main__":
    sys.exit(main())
