"""A small CSV of what a person decided about two things, so that it is asked once.

What the two things are, and which columns tell them, is the publication's or program's own.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from wayhome.sources.case_files.bad_rows_file import as_it_was, harmless
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.filled_table import filled_rows
from wayhome.sources.printed_text import cleaned


class Decision(StrEnum):
    SAME = "same"
    DIFFERENT = "different"


class Decided(Protocol):
    """Two things, and whether they are one."""

    @property
    def decision(self) -> Decision: ...

    @property
    def pair(self) -> Hashable:
        """Both by key, without order."""

    @property
    def named(self) -> tuple[str, str]:
        """What each is called where a row is wrong."""

    def cells(self) -> tuple[str, ...]: ...


AnyDecided = TypeVar("AnyDecided", bound=Decided)


def decisions_in(
    path: Path, columns: Sequence[str], read: Callable[[int, Mapping[str, str]], AnyDecided]
) -> list[AnyDecided]:
    """The rows whose `decision` is filled; other columns are passed over. The last row of a pair
    counts.

    `read` makes a row, by its number and its cleaned cells, into what was decided. Raises
    ReleaseProblem that names file, row and column.
    """
    found: dict[Hashable, AnyDecided] = {}
    for number, row in filled_rows(path, columns, "decisions"):
        if not (row["decision"] or "").strip():
            continue
        told = {column: cleaned(as_it_was(row[column] or "")) for column in columns}
        decided = read(number, told)
        before = found.get(decided.pair)
        if before and before.decision is not decided.decision:
            one, other = decided.named
            raise ReleaseProblem(
                f"{path.name}, row {number}: {one!r} and {other!r} are "
                f"{decided.decision} here and {before.decision} in an earlier row. Keep one."
            )
        found[decided.pair] = decided
    return list(found.values())


def write_decisions_file(path: Path, columns: Sequence[str], decisions: Iterable[Decided]) -> None:
    """The file anew, beside the old one and then in its place."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for decided in decisions:
            writer.writerow([harmless(cell) for cell in decided.cells()])
    part.replace(path)
