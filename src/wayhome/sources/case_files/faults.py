"""What is wrong with a case file, said so that whoever keeps the file can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands and what would be right.

    `row` is the row as a spreadsheet shows it (the header is row 1; in JSON Lines, the line).
    `row` and `column` are None where the fault is the whole file's.
    """

    file: str
    message: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message}"


class CaseFileProblem(ValueError):
    """A case file cannot be used. Holds every fault found, in the order of the file.

    `rows_only`: all of them are single rows', so that the file can be read without those rows.
    """

    def __init__(self, faults: Sequence[Fault], *, rows_only: bool = False) -> None:
        super().__init__(f"faults: {len(faults)}")
        self.faults = tuple(faults)
        self.rows_only = rows_only

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def file_problem(file: str, message: str) -> CaseFileProblem:
    """The problem of a file that cannot be read at all."""
    return CaseFileProblem([Fault(file, message)])


def quoted(text: str) -> str:
    """A value as an error shows it: in quotes, hidden characters visible, never long."""
    return repr(text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…")
