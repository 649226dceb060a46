"""Results as files: JSON lines, CSV and Parquet, each whole or not there at all.

Every file is written beside its place under another name and then put there with one rename, so
that a full disk or an interrupt leaves an older result as it was. Without a path the text goes to
standard output. Findings are written as they come and never all held. In CSV, a text that begins
like a formula of a spreadsheet begins with an apostrophe; JSON and Parquet hold it as it is.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.engine.findings import Finding
from wayhome.law.kleene import Truth
from wayhome.sources.case_files.bad_rows_file import harmless

BATCH = 10_000
BETWEEN = "; "

CSV_COLUMNS = (
    "case_id", "program", "outcome", "demand_outcome", "grounds", "ground_titles", "ground_cites",
    "demands", "bars", "waivers", "missing", "deadlines", "as_of",
)  # fmt: skip

_GROUND = pa.struct(
    [
        ("rule", pa.string()),
        ("title", pa.string()),
        ("authority", pa.string()),
        ("cites", pa.list_(pa.string())),
        ("confidence", pa.string()),
    ]
)
_SCHEMA = pa.schema(
    [
        ("case_id", pa.string()),
        ("program", pa.string()),
        ("outcome", pa.string()),
        ("demand_outcome", pa.string()),
        ("grounds", pa.list_(_GROUND)),
        ("demands", pa.list_(_GROUND)),
        ("bars", pa.list_(pa.struct([("rule", pa.string()), ("waivers", pa.list_(pa.string()))]))),
        ("missing", pa.list_(pa.string())),
        ("deadlines", pa.list_(pa.struct([("rule", pa.string()), ("date", pa.date32())]))),
        ("as_of", pa.date32()),
    ]
)
_RULES = pa.field("rules", pa.map_(pa.string(), pa.bool_()))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; what is there at the end is put at `path` in one step."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _text_to(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    with whole_file(out) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        yield file


def write_text(text: str, out: Path | None) -> None:
    """A page or another text, whole."""
    with _text_to(out) as file:
        file.write(text)


def write_json_lines(
    findings: Iterable[Finding], out: Path | None, *, every_rule: bool = False
) -> None:
    """A JSON object a line; `every_rule` adds the answers of all rules in force."""
    with _text_to(out) as file:
        for finding in findings:
            line = finding.as_json(every_rule=every_rule)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_csv(findings: Iterable[Finding], out: Path | None, *, every_rule: bool = False) -> None:
    """A row a case and program, for a spreadsheet; lists are joined by `; `."""
    columns = (*CSV_COLUMNS, "rules") if every_rule else CSV_COLUMNS
    write_rows(columns, (_csv_row(f, every_rule) for f in findings), out)


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]], out: Path | None) -> None:
    """Any table as CSV for a spreadsheet: a cell that it would take for a formula gets a `'`."""
    with _text_to(out) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(map(harmless, row) for row in rows)


def write_parquet(findings: Iterable[Finding], out: Path, *, every_rule: bool = False) -> None:
    """The columns of the JSON, lists and all; `rules` is a map from rule id to answer."""
    schema = _SCHEMA.append(_RULES) if every_rule else _SCHEMA
    waiting = iter(findings)
    with whole_file(out) as beside, pq.ParquetWriter(beside, schema, compression="zstd") as file:
        while rows := [_parquet_row(f, every_rule) for f in islice(waiting, BATCH)]:
            file.write_batch(pa.RecordBatch.from_pylist(rows, schema))


def _csv_row(finding: Finding, every_rule: bool) -> list[str]:
    row = [
        finding.case_id,
        finding.program,
        finding.outcome,
        finding.demand_outcome,
        _joined(rule.id for rule in finding.grounds_of_law),
        _joined(rule.title for rule in finding.grounds_of_law),
        _joined(cite for rule in finding.grounds_of_law for cite in rule.cites),
        _joined(rule.id for rule in finding.demands),
        _joined(bar.id for bar in finding.bars),
        _joined(waiver for bar in finding.bars for waiver in bar.waivers),
        _joined(question.fact for question in finding.missing),
        _joined(f"{rule.id} {day}" for rule, day in finding.deadlines),
        finding.as_of.isoformat(),
    ]
    answers = (f"{rule} {_word(answer)}" for rule, answer in finding.answers.items())
    return [*row, _joined(answers)] if every_rule else row


def _joined(texts: Iterable[str]) -> str:
    return BETWEEN.join(dict.fromkeys(texts))


def _word(answer: Truth) -> str:
    return "unknown" if answer is None else str(answer).lower()


def _parquet_row(finding: Finding, every_rule: bool) -> dict[str, Any]:
    row = finding.as_json(every_rule=every_rule)
    deadlines = [{"rule": rule.id, "date": day} for rule, day in finding.deadlines]
    return row | {"deadlines": deadlines, "as_of": finding.as_of}
