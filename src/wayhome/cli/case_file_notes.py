"""What is said of a case file beside its result, on the error stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from wayhome.sources.case_files import CaseFile


def tell_notes(case_file: CaseFile) -> None:
    """The reader's notes, and which dates know only their month: a deadline hangs on the day."""
    from wayhome.sources.case_files.answers import SomeDayOf

    for note in case_file.notes:
        typer.echo(note, err=True)
    rows = [r.row_number for r in case_file.rows for v in r.facts.values() if type(v) is SomeDayOf]
    if rows:
        message = (
            f"Only the month is known of {len(rows)} dates (the first in row {rows[0]}). The first "
            "day of the month stands for each: a deadline that hangs on it may be up to 30 days "
            "later than what is said here, and one that is told as passed may still be ahead. The "
            "application tells both days."
        )
        typer.echo(message, err=True)
