"""Reading and mending the case table against the package `eoir`, which loads the same release.

Its reader and cleaner runs in an environment of its own, without the database that it loads into.
What either makes of the lines is held to the answer key of the SYNTHETIC release.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq

from bench.measuring import Finding, ratio_of
from wayhome.sources.eoir.accounting import TableAccount
from wayhome.sources.eoir.layout import TABLES, fault_key_of
from wayhome.sources.eoir.meaning.deriving import columns_needed
from wayhome.sources.eoir.reading.code_tables import code_tables_of
from wayhome.sources.eoir.reading.loading import LoadedTable, load_table
from wayhome.sources.eoir.reading.values import CodeTables
from wayhome.sources.eoir.release import Release, open_release

PACKAGE = "eoir==0.0.1"
ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-eoir"
READER = Path(__file__).with_name("eoir_reader.py")

TABLE = TABLES["A_TblCase"]
# Enough for half a minute of the slower reader; both take as long for every million.
MOST_LINES = 1_000_000
MOST_ROUNDS = 3
LEAST_TIMES = 6
OURS, EOIR = "Wayhome: repair, accounting, Parquet", "eoir: reader and cleaner"

SET_ASIDE, REPAIRED = "set_aside", "repaired"
MISSING = "\\N"
ESCAPED = re.compile(r"\\x([0-9a-f]{2})")


def reading_findings(path: Path, folder: Path, rounds: int) -> Iterator[Finding]:
    """Rows a second and core, and the damage. Nothing where the package cannot be had."""
    if not _is_installed():
        print(f"    left out: pip could not install {PACKAGE}, without which there is no rival.")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        cases = Cases.of(open_release(path), Path(made))
        yield _speed(cases, min(rounds, MOST_ROUNDS))
        key = fault_key_of(path)
        if key.exists():
            yield _damage(cases, key)


@dataclass(frozen=True)
class Cases:
    """The first lines of a release's case table, as a file of their own."""

    release: Release
    code_tables: CodeTables
    folder: Path
    file: Path
    lines: int

    @classmethod
    def of(cls, release: Release, folder: Path) -> Cases:
        """Cut them out: `eoir` knows a table by the name of its file."""
        found = release.file_of(TABLE.name)
        assert found is not None
        file = folder / TABLE.file_name
        with (release.source / found.path).open("rb") as whole, file.open("wb") as cut:
            cut.writelines(islice(whole, MOST_LINES + 1))
        with file.open("rb") as lines:
            count = sum(1 for _ in lines) - 1
        own = replace(found, path=file.name, size=file.stat().st_size)
        files = {**release.files, own.name.lower(): own}
        cut_release = replace(release, source=folder, files=files)
        return cls(cut_release, code_tables_of(release), folder, file, count)

    def load(self) -> LoadedTable:
        needed = columns_needed(TABLE.name)
        return load_table(
            self.release, TABLE, self.code_tables, needed, self.folder, lambda _: None
        )


def _is_installed() -> bool:
    """Make the environment of the package, unless an earlier run did."""
    program = _program()
    try:
        if not program.exists():
            subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        install = [str(program), "-m", "pip", "install", "--quiet", PACKAGE]
        subprocess.run(install, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _program() -> Path:
    folder = "Scripts" if sys.platform == "win32" else "bin"
    return ENVIRONMENT / folder / "python"


def _run_eoir(*words: str) -> str:
    """Run its reader in a folder that goes again: importing the package makes `downloads/`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(_program()), str(READER), *words]
        done = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
    return done.stdout


# --- speed ---------------------------------------------------------------------------------


def _speed(cases: Cases, rounds: int) -> Finding:
    seconds: dict[str, list[float]] = {OURS: [], EOIR: []}
    for counted in range(-1, rounds):
        begun = time.process_time()
        cases.load()
        taken = {OURS: time.process_time() - begun, EOIR: _eoir_seconds(cases)}
        if counted >= 0:
            for name, own in taken.items():
                seconds[name].append(own)
    ratio = ratio_of(seconds, EOIR, OURS)
    return Finding(
        f"reading and mending {cases.lines:,} lines of the case table against the package eoir",
        f"at least {LEAST_TIMES}",
        ratio,
        "times as many rows a second and core",
        ratio >= LEAST_TIMES,
        "Processor time of all threads, not wall time. Ours includes SHA-256 and writing Parquet; "
        "eoir's rows are made and thrown away.",
        seconds,
        {name: f"{cases.lines / median(s):,.0f} rows a second" for name, s in seconds.items()},
    )


def _eoir_seconds(cases: Cases) -> float:
    return float(_run_eoir(str(cases.file)).split()[-1])


# --- damage --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What must be done with a line that has a fault. `right` is a value, or the whole line."""

    fault: str
    action: str
    column: str
    right: str

    def fields(self, written: list[str]) -> list[str]:
        """The fields as they must be loaded, given those that are written."""
        if not self.column:
            return self.right.split("\\t")
        place = TABLE.position(self.column)
        return [*written[:place], self.right, *written[place + 1 :]]


@dataclass
class Score:
    """What became of the lines, by the fault they have (no fault: the empty word)."""

    lines: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    loaded_all_the_same: Counter[str] = field(default_factory=Counter)
    columns_changed: Counter[str] = field(default_factory=Counter)


def _damage(cases: Cases, key: Path) -> Finding:
    """What eoir drops or changes without a word, and what Wayhome repairs or sets aside."""
    answers = _answers(key, cases.lines)
    score = _score_of_eoir(cases, answers)
    loaded = cases.load()
    astray = _fates_astray(cases, answers)
    lost = loaded.account.read - loaded.account.rows - loaded.account.set_aside + astray
    return Finding(
        f"lines of the case table whose fate is not that of the answer key ({cases.lines:,} lines)",
        "0",
        lost,
        "lines",
        lost == 0,
        "Held to the answer key of the synthetic release, which has the real rates of faults. "
        "For eoir, NUL bytes were removed beforehand, as its command does. "
        "A zero that it takes for missing counts as changed.",
        {},
        _told(score, answers, loaded.account),
    )


def _answers(key: Path, lines: int) -> dict[int, Answer]:
    """The answer key of the case table by line (from 1), but for codes that stay as they are."""
    with key.open(encoding="utf-8", newline="") as file:
        return {
            int(row["line"]): Answer(
                row["fault"], row["action"], row["column"], _unescaped(row["right"])
            )
            for row in csv.DictReader(file)
            if row["table"] == TABLE.name
            and int(row["line"]) <= lines
            and row["action"] in (SET_ASIDE, REPAIRED)
        }


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _score_of_eoir(cases: Cases, answers: Mapping[int, Answer]) -> Score:
    out, score = cases.folder / "eoir-rows.txt", Score()
    _run_eoir(str(cases.file), str(out))
    with out.open(encoding="utf-8", newline="") as rows, cases.file.open("rb") as lines:
        next(lines)
        numbered = (row.rstrip("\n").split("\t", 1) for row in rows)
        number, row = next(numbered, ("0", ""))
        for line, raw in enumerate(lines, start=1):
            made = None
            if int(number) == line:
                made = row
                number, row = next(numbered, ("0", ""))
            _judge(raw, made, answers.get(line), score)
    out.unlink()
    return score


def _judge(raw: bytes, made: str | None, answer: Answer | None, score: Score) -> None:
    fault = answer.fault if answer else ""
    score.lines[fault] += 1
    if answer and answer.action == SET_ASIDE:
        score.loaded_all_the_same[fault] += made is not None
        return
    if made is None:
        score.dropped[fault] += 1
        return
    written = raw.rstrip(b"\r\n").decode("latin-1").split("\t")
    right = [value.strip() for value in (answer.fields(written) if answer else written)]
    got = ["" if value == MISSING else value for value in made.split("|")]
    if got == right:
        return
    score.changed[fault] += 1
    if not answer:
        pairs = zip(TABLE.column_names, right, got, strict=True)
        score.columns_changed.update(
            f"{name} {old or 'missing'} to {new or 'missing'}"
            for name, old, new in pairs
            if old != new
        )


def _fates_astray(cases: Cases, answers: Mapping[int, Answer]) -> int:
    """How many lines Wayhome repaired or set aside otherwise than the key says."""
    told = {line: answer.action for line, answer in answers.items()}
    done: dict[int, str] = {}
    for action in (REPAIRED, SET_ASIDE):
        file = cases.folder / action / f"{TABLE.name}.parquet"
        if file.exists():
            done |= dict.fromkeys(pq.read_table(file)["line"].to_pylist(), action)
    return sum(told.get(line) != done.get(line) for line in told.keys() | done.keys())


def _told(score: Score, answers: Mapping[int, Answer], account: TableAccount) -> dict[str, Any]:
    repairable = sum(answer.action == REPAIRED for answer in answers.values())
    hopeless = len(answers) - repairable
    right = repairable - sum(n for fault, n in (score.dropped + score.changed).items() if fault)
    return {
        "Wayhome": f"{account.read:,} lines read, {account.repaired:,} repaired and "
        f"{account.set_aside:,} set aside, each listed with its raw line",
        f"eoir, {score.lines['']:,} sound lines": f"{score.dropped['']:,} dropped, "
        f"{score.changed['']:,} with a value changed, none of it recorded",
        "changes": _listed(score.columns_changed),
        f"eoir, {repairable:,} lines that can be repaired": f"{right:,} loaded right",
        "dropped": _listed(_of_faults(score.dropped)),
        "loaded with a value that is not the right one": _listed(_of_faults(score.changed)),
        f"eoir, {hopeless:,} lines to be set aside, loaded": _listed(score.loaded_all_the_same),
    }


def _of_faults(counts: Counter[str]) -> Counter[str]:
    return Counter({fault: count for fault, count in counts.items() if fault})


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{n:,} {what}" for what, n in counts.most_common(8) if n) or "none"
