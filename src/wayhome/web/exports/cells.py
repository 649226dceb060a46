"""A value as the text of a cell, and back, exactly.

Text that would read as something else (JSON, or a formula of a spreadsheet) is marked, and the
mark is taken off when it is read back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from wayhome.web.exports.tables import Column, Holds

# What a spreadsheet might take for a formula. The mark is an apostrophe, as a person would type.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_CONTROL = frozenset(map(chr, range(32))) - {"\t", "\n", "\r"}


class CannotRead(ValueError):
    """A cell is no value of its column. Says what would be right, and never repeats the cell."""


def text_of(holds: Holds, value: Any) -> str:
    """A value as a cell's text; empty for none."""
    if value is None:
        return ""
    if holds is Holds.JSON:
        return _marked(_json_text(value))
    if holds is Holds.YES_NO:
        return "yes" if value else "no"
    return _marked(str(value))


def _json_text(value: Any) -> str:
    """Text as it is, unless it would be read as JSON; everything else as JSON."""
    if isinstance(value, str) and not _is_json(value) and not _CONTROL & set(value):
        return value
    return json.dumps(value, ensure_ascii=bool(_CONTROL & set(str(value))))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _marked(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def value_of(column: Column, text: str) -> Any:
    """The value of a cell's text. Raises CannotRead."""
    if text == "":
        return None if column.may_be_empty else _EMPTY.get(column.holds)
    return _READ[column.holds](text.removeprefix("'"))


# What an empty cell is where it cannot be "none".
_EMPTY: Mapping[Holds, Any] = {Holds.JSON: "", Holds.TEXT: ""}


def _json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise CannotRead("it must be yes or no")
    return text == "yes"


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise CannotRead("it must be a whole number") from None


def _checked(read: Callable[[str], Any], right: str) -> Callable[[str], str]:
    """The text itself, if it can be read."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError:
            raise CannotRead(f"it must be {right}") from None
        return text

    return check


_READ: Mapping[Holds, Callable[[str], Any]] = {
    Holds.ID: str,
    Holds.CASE: str,
    Holds.PERSON_OF_STAFF: str,
    Holds.ROW: str,
    Holds.JSON: _json_value,
    Holds.YES_NO: _yes_no,
    Holds.NUMBER: _number,
    Holds.DAY: _checked(date.fromisoformat, "a day like 2026-01-31"),
    Holds.MOMENT: _checked(datetime.fromisoformat, "a moment like 2026-01-31T12:00:00+00:00"),
    Holds.TEXT: str,
}
