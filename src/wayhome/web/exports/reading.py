"""Reading an export: every value checked against its column before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import Workbook

from wayhome.web.accounts.models import Role
from wayhome.web.exports.cells import CannotRead, value_of
from wayhome.web.exports.exporting import ABOUT, VERSION
from wayhome.web.exports.formats import format_of, read_table
from wayhome.web.exports.tables import BY_MODEL, PEOPLE, TABLES, Column, Holds, Table

MOST_FAULTS = 50


class Faulty(Exception):
    """The export cannot be read as it is. `faults`: file, row, field and what would be right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Reader:
    """The rows of an export, each value checked against its column."""

    def __init__(self, folder: Path, book: Workbook | None) -> None:
        self.folder, self.book = folder, book
        try:
            self.format = format_of(folder)
        except FileNotFoundError as error:
            raise Faulty([str(error)]) from error
        self.faults: list[str] = []
        self.known: dict[Any, set[str]] = {}

    def check(self) -> None:
        """Reads everything once, and keeps nothing. Raises Faulty."""
        self._check_about()
        self.emails = {row["email"] for row in self.people()}
        for table in TABLES:
            self.known[table.model] = set()
            for row in self.rows(table):
                self.known[table.model].add(str(row.get("id", row.get("case"))))
        if self.faults:
            raise Faulty(self.faults[:MOST_FAULTS])

    def _check_about(self) -> None:
        try:
            about = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise Faulty(
                [f"{ABOUT}: it is missing or cannot be read; it says what this is."]
            ) from None
        if about.get("version") != VERSION:
            raise Faulty([f"{ABOUT}: version {about.get('version')!r}; this reads {VERSION}."])

    def people(self) -> Iterator[dict[str, Any]]:
        for number, row in enumerate(self._raw("people"), start=1):
            if row.get("role") not in Role or not row.get("email"):
                roles = ", ".join(Role)
                self._fault("people", number, "role", f"email and role are needed; roles: {roles}")
                continue
            active = row.get("is_active")
            yield {**{k: row.get(k) or "" for k in PEOPLE}, "is_active": active in (True, "yes")}

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The rows with values as Python's; a row with a fault is left out and the fault noted."""
        for number, raw in enumerate(self._raw(table.name), start=1):
            before = len(self.faults)
            made = {c.name: self._value(table, number, c, raw) for c in table.columns}
            if table.name == "finding_rows":
                made["case"] = raw.get("case") or None
            if len(self.faults) == before:
                yield made

    def _raw(self, name: str) -> Iterator[Mapping[str, Any]]:
        try:
            yield from read_table(self.folder, self.format, name, self.book)
        except ValueError:
            self.faults.append(f"{name}.{self.format}: it is cut short, or not {self.format}.")

    def _value(self, table: Table, number: int, column: Column, raw: Mapping[str, Any]) -> Any:
        if column.name not in raw and column.name in table.later:
            return None if column.may_be_empty else ""
        if column.name not in raw:
            return self._fault(table.name, number, column.name, "the column is missing")
        held = raw[column.name]
        try:
            is_text = self.format != "jsonl"
            value = value_of(column, held) if is_text else _from_json(column, held)
            self._check(table, column, value)
        except CannotRead as error:
            return self._fault(table.name, number, column.name, str(error))
        except ValidationError as error:
            return self._fault(table.name, number, column.name, " ".join(error.messages))
        return value

    def _check(self, table: Table, column: Column, value: Any) -> None:
        if value is None:
            if not column.may_be_empty:
                raise CannotRead("it must not be empty")
        elif column.holds in (Holds.CASE, Holds.ROW):
            self._check_known(table, column.field.related_model, value)
        elif column.holds is Holds.PERSON_OF_STAFF and value not in self.emails:
            raise CannotRead("this person is not in the table people")
        elif column.holds is Holds.TEXT:
            _check_text(column.field, value)
        elif column.holds is Holds.NUMBER:
            column.field.run_validators(value)

    def _check_known(self, table: Table, model: Any, value: Any) -> None:
        # A document may be a version of one that stands behind it.
        if model is not table.model and str(value) not in self.known.get(model, ()):
            raise CannotRead(f"there is no such row in the table {BY_MODEL[model].name}")

    def _fault(self, table: str, number: int, name: str, wrong: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"{table}.{self.format}, row {number}, {name}: {wrong}.")
        elif len(self.faults) == MOST_FAULTS:
            self.faults.append("… and more.")


def _check_text(field: Any, value: str) -> None:
    may_be_empty = field.blank and not value
    if field.choices and value not in dict(field.flatchoices) and not may_be_empty:
        raise CannotRead(f"it must be one of {', '.join(dict(field.flatchoices))}")
    if field.max_length and len(value) > field.max_length:
        raise CannotRead(f"it must be at most {field.max_length} letters")


def _from_json(column: Column, value: Any) -> Any:
    """A value of JSON lines; of a wrong kind it is read as the text that it would be."""
    kinds = {Holds.NUMBER: int, Holds.YES_NO: bool, Holds.TEXT: str}
    if value is None or column.holds is Holds.JSON:
        return value
    wanted = kinds.get(column.holds)
    if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        raise CannotRead(f"it must be a {column.holds}")
    if column.holds in (Holds.DAY, Holds.MOMENT, Holds.CASE, Holds.PERSON_OF_STAFF):
        return value_of(column, str(value))
    return value
