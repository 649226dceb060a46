"""The file of bad rows: what is set aside, with its reasons, to be mended and screened again.

It may be opened in a spreadsheet, where a cell that begins like a formula would be worked out. So
such a cell gets an apostrophe, and loses it again when the file is read.
"""

from __future__ import annotations

import re

ADDED_COLUMNS = ("row", "what is wrong")

# Apostrophes count too, so that exactly the one that was put there is taken away again.
LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def harmless(cell: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if LIKE_A_FORMULA.match(cell) else cell


def as_it_was(cell: str) -> str:
    """The text that `harmless` was given."""
    return cell[1:] if cell.startswith("'") and LIKE_A_FORMULA.match(cell) else cell


def on_one_line(cell: str) -> str:
    """A line of a text file is one row: breaks inside a workbook's cell become spaces."""
    return " ".join(cell.splitlines())
