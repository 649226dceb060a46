"""A case file before anything in it is understood: a header, and rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class RawRow(NamedTuple):
    """One row as it stands in the file.

    `number` is the row as a spreadsheet shows it. `cells` is as wide as the header, unless
    `problem` says why the row cannot be read as cells at all.
    """

    number: int
    cells: tuple[str, ...]
    problem: str | None = None


@dataclass(frozen=True)
class RawTable:
    """The header, the rows (read once, as they are asked for), and what the user should be told.

    `notes` may grow while the rows are read. Blank rows are no rows. `header_row` is None where
    the names do not stand in a row of their own.
    """

    header: tuple[str, ...]
    rows: Iterator[RawRow]
    notes: list[str]
    header_row: int | None = 1


def without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells up to the last that holds something."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def text_of_boolean(value: bool) -> str:
    return "true" if value else "false"


def text_of_float(value: float) -> str:
    """A whole number without its ".0": spreadsheets and JSON do not tell 3 from 3.0."""
    return str(int(value)) if value.is_integer() else repr(value)


# Every format's values become text here, so that each kind of fact is understood in one place.
TEXT_OF: dict[type, Callable[..., str]] = {
    str: str,
    type(None): lambda _: "",
    bool: text_of_boolean,
    int: str,
    float: text_of_float,
}
