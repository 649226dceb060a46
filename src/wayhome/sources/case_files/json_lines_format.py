"""JSON Lines: one object a line, the facts as its keys. A row is a line of the file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wayhome.sources.case_files.faults import file_problem, quoted
from wayhome.sources.case_files.raw_table import TEXT_OF, RawRow, RawTable
from wayhome.sources.case_files.text_lines import numbered_lines

NOT_AN_OBJECT = 'a line must be one whole object, as {"case_id": "17", "detained": true}.'


class _RepeatedKey(ValueError):
    """An object names a key twice."""


def open_json_lines(path: Path) -> RawTable:
    """The rows of a JSON Lines file.

    The file is read twice, first for the keys: any row may leave out any of them.
    """
    notes: list[str] = []
    keys: dict[str, None] = {}
    for _, line in numbered_lines(path, []):
        if not keys and line.lstrip().startswith("["):
            raise file_problem(path.name, f"it is one JSON list: {NOT_AN_OBJECT}")
        record = _record(line)
        if isinstance(record, dict):
            keys.update(dict.fromkeys(record))
    header = tuple(keys)
    if not header:
        raise file_problem(path.name, f"no line can be read: {NOT_AN_OBJECT}")
    return RawTable(header, _rows(path, notes, header), notes, header_row=None)


def _rows(path: Path, notes: list[str], header: tuple[str, ...]) -> Iterator[RawRow]:
    for number, line in numbered_lines(path, notes):
        record = _record(line)
        if isinstance(record, str):
            yield RawRow(number, (line,), record)
            continue
        nested = [key for key, value in record.items() if type(value) not in TEXT_OF]
        if nested:
            problem = f"{quoted(nested[0])} holds a list or an object where one value belongs."
            yield RawRow(number, (line,), problem)
            continue
        cells = (record.get(key) for key in header)
        yield RawRow(number, tuple(TEXT_OF[type(cell)](cell) for cell in cells))


def _record(line: str) -> dict[str, Any] | str:
    """The object of a line, or why there is none."""
    try:
        record = json.loads(line, object_pairs_hook=_without_repeated_keys)
    except _RepeatedKey as error:
        return f"it names {quoted(str(error))} twice."
    except json.JSONDecodeError as error:
        return f"it is not JSON ({error.msg}, character {error.pos + 1}): {NOT_AN_OBJECT}"
    except (ValueError, RecursionError):  # a number of thousands of digits; endless brackets
        return f"it is not JSON that can be read: {NOT_AN_OBJECT}"
    return record if isinstance(record, dict) else NOT_AN_OBJECT


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        (key, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise _RepeatedKey(key)
    return record
