"""`make bench`: every comparison, or some of them, printed and saved as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import (
    against_duckdb,
    against_eoir,
    against_importers,
    against_openfisca,
    closing_plan,
    commands,
    observatory,
    papers,
    planes_alone,
    simulating,
    web,
)
from bench.inputs import Docket, docket, graphs, rulebooks
from bench.measuring import Finding, RivalIsMissing, machine, save, shown

NATIONAL = 12_600_000
# A rival that keeps every fact and answer in memory as arrays of its own is given no more.
OPENFISCA_CASES = 1_000_000
# The largest office that the application is measured for.
OFFICE_CASES = 1_000_000


@dataclass(frozen=True)
class Size:
    """How much is measured, and where the files of the measurements are kept."""

    cases: int
    rounds: int
    store: Path | None
    folder: Path
    release: Path | None = None

    def docket(self) -> Docket:
        return docket(self.folder / "data", self.cases, self.store)

    def courts_release(self) -> Path:
        return self.release or against_importers.courts_release(self.folder / "data", self.cases)


def duckdb_counts(size: Size) -> Iterator[Finding]:
    for name, graph in graphs().items():
        yield against_duckdb.counts_finding(size.docket(), graph, name, size.rounds)


def duckdb_file(size: Size) -> Iterator[Finding]:
    for name, graph in graphs().items():
        yield against_duckdb.file_finding(size.docket(), graph, name, size.rounds, size.folder)


def parquet(size: Size) -> Iterator[Finding]:
    for name, graph in graphs().items():
        yield planes_alone.decoding_finding(size.docket(), graph, name, size.rounds)


def plain(size: Size) -> Iterator[Finding]:
    for name, book in rulebooks().items():
        yield planes_alone.plain_finding(size.docket(), book, name, size.rounds)


def kept(size: Size) -> Iterator[Finding]:
    yield from planes_alone.kept_findings(size.docket(), size.rounds, size.folder)


def simulate(size: Size) -> Iterator[Finding]:
    yield from simulating.findings(size.docket(), size.rounds, size.folder)


def memory(size: Size) -> Iterator[Finding]:
    yield planes_alone.memory_finding(size.docket(), size.folder)


def openfisca(size: Size) -> Iterator[Finding]:
    cases = min(size.cases, OPENFISCA_CASES)
    known = docket(size.folder / "data", cases, None, unknowns=False)
    yield against_openfisca.finding(known, graphs()["dense"], "dense", size.rounds, size.folder)


def import_duckdb(size: Size) -> Iterator[Finding]:
    yield against_importers.import_finding(size.courts_release(), size.folder, size.rounds)


def import_eoir(size: Size) -> Iterator[Finding]:
    yield from against_eoir.reading_findings(size.courts_release(), size.folder, size.rounds)


def import_memory(size: Size) -> Iterator[Finding]:
    yield against_importers.memory_finding(size.courts_release(), size.folder)


COMPARISONS = {
    "duckdb-counts": duckdb_counts,
    "duckdb-file": duckdb_file,
    "parquet": parquet,
    "plain": plain,
    "kept": kept,
    "simulate": simulate,
    "memory": memory,
    "openfisca": openfisca,
    "import-duckdb": import_duckdb,
    "import-eoir": import_eoir,
    "import-memory": import_memory,
    "closing-plan": lambda size: closing_plan.findings(size.folder),
    "commands": lambda _: commands.findings(),
    "observatory": lambda _: observatory.findings(),
    "papers": lambda _: iter((papers.finding(),)),
    "web": lambda size: web.findings(size.folder, min(size.cases, OFFICE_CASES)),
}


def main() -> int:
    size, chosen = _size()
    about = {
        "command": " ".join(["python -m bench", *sys.argv[1:]]),
        "machine": machine(),
        "cases": size.cases,
        "rounds": size.rounds,
    }
    print(f"{about}\n", flush=True)
    findings: list[Finding] = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        try:
            for finding in COMPARISONS[name](size):
                findings.append(finding)
                print(shown(finding), flush=True)
                save(size.folder / "bench.json", about, findings)
        except RivalIsMissing as error:
            print(f"    left out: {error}", flush=True)
    return 0


def _size() -> tuple[Size, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=NATIONAL, help="how many docket cases")
    parser.add_argument("--rounds", type=int, default=5, help="how often each rival is run")
    parser.add_argument("--store", type=Path, help="a docket store, in the place of random cases")
    parser.add_argument("--release", type=Path, help="a release, in the place of one made now")
    parser.add_argument("--folder", type=Path, default=Path("bench-output"), help="where files go")
    parser.add_argument("--only", nargs="*", choices=COMPARISONS, help="some comparisons only")
    said = parser.parse_args()
    size = Size(said.cases, said.rounds, said.store, said.folder, said.release)
    return size, said.only or list(COMPARISONS)


if __name__ == "__main__":
    sys.exit(main())
