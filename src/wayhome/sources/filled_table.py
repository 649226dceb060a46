"""A table that a person filled in, as CSV: read with its columns, or said what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from wayhome.sources.eoir.release import ReleaseProblem


def filled_rows(
    path: Path, columns: Sequence[str], what: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by its number, the heading being 1. `what`: what the file is of, for the message.

    Raises ReleaseProblem, a sentence, for a file that is no such table.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseProblem(f"{path.name} cannot be read as CSV in UTF-8: save it so.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [column for column in columns if column not in (reader.fieldnames or ())]
    if lacking:
        raise ReleaseProblem(
            f"{path.name}, row 1: there is no column {', '.join(lacking)}. A file of {what} has "
            f"{', '.join(columns)}, with commas between."
        )
    for row in reader:
        yield reader.line_num, row
