"""How long a person waits: for the help, for one case explained, and for the whole command."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.measuring import Finding, timed
from wayhome.demo import PUBLISHED_CASES
from wayhome.engine.explanation import explain
from wayhome.engine.findings import CaseScreener
from wayhome.engine.plain import Reading
from wayhome.programs import rulebook
from wayhome.sources.case_files.case_file import CaseRow, read_case_file

COMMAND = Path(sys.executable).with_name("wayhome")
TIMES = 10
ROUNDS = 5
MOST_SECONDS = 0.5
MOST_MILLISECONDS = 50


def findings() -> Iterator[Finding]:
    yield _help()
    yield _one_case()


def _help() -> Finding:
    seconds = _seconds_of("--help")
    taken = median(seconds)
    return Finding(
        "wayhome --help",
        f"under {MOST_SECONDS}",
        taken,
        "s",
        taken < MOST_SECONDS,
        "Wall time of the whole command.",
        {"wayhome --help": seconds},
    )


def _one_case() -> Finding:
    """Every published case, on its own day, against all programs; the law is compiled before."""
    book = rulebook()
    cases = [row for row in read_case_file(PUBLISHED_CASES).rows if row.screening_date]
    screener = CaseScreener(book, book.programs)
    seconds = {
        row.case_id: [_finding_seconds(screener, row) for _ in range(ROUNDS)] for row in cases
    }
    medians = {case: median(taken) for case, taken in seconds.items()}
    slowest = max(medians, key=lambda case: medians[case])
    milliseconds = 1000 * median(medians.values())
    trees = [_explaining_seconds(screener, row) for row in cases]
    command = _seconds_of("explain", str(PUBLISHED_CASES), "--case", slowest)
    return Finding(
        f"one published case of {len(cases)} against all {len(book.programs)} programs",
        f"under {MOST_MILLISECONDS}",
        milliseconds,
        "ms",
        milliseconds < MOST_MILLISECONDS,
        "Outcomes, grounds, bars, deadlines and the next questions; the median of the cases. "
        "The day's law is compiled before.",
        {"all cases": [sum(row) for row in zip(*seconds.values(), strict=True)]},
        {
            "slowest case": f"{slowest}, {1000 * medians[slowest]:.1f} ms",
            "with the explanation of each rule that is not false": f"{1000 * median(trees):.1f} ms",
            f"the whole command `wayhome explain`, {slowest}": f"{median(command):.2f} s "
            f"({min(command):.2f} to {max(command):.2f})",
        },
    )


def _finding_seconds(screener: CaseScreener, row: CaseRow) -> float:
    assert row.screening_date
    screener.graph(row.screening_date)
    day = row.screening_date
    begun = time.perf_counter()
    list(screener.findings(row.case_id, row.facts, day))
    return time.perf_counter() - begun


def _explaining_seconds(screener: CaseScreener, row: CaseRow) -> float:
    assert row.screening_date
    day, book = row.screening_date, screener.rulebook
    screener.graph(day)
    begun = time.perf_counter()
    reading = Reading(book, day, row.facts)
    for finding in screener.findings(row.case_id, row.facts, day):
        for rule, answer in finding.answers.items():
            if answer is not False:
                explain(reading, book.rules[rule])
    return time.perf_counter() - begun


def _seconds_of(*words: str) -> list[float]:
    """Wall seconds of a command, after one that fills the caches."""

    def run() -> None:
        subprocess.run([str(COMMAND), *words], check=True, capture_output=True)

    run()
    return [timed(run) for _ in range(TIMES)]
