"""How a table of the record is declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Type(StrEnum):
    """What a column holds. An empty cell is unknown (null), in every type."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WHOLE = "whole number"
    YES_NO = "yes or no"

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type of the column."""
        return _ARROW[self]


_ARROW = {
    Type.TEXT: pa.string(),
    Type.DATE: pa.date32(),
    Type.NUMBER: pa.float64(),
    Type.WHOLE: pa.int64(),
    Type.YES_NO: pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column; `required`: never empty."""

    name: str
    type: Type
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the record, the file `NAME.csv`; absent: the record has none."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the table."""
        return pa.schema([(column.name, column.type.arrow) for column in self.columns])


def text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.TEXT, meaning, required)


def day(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.DATE, meaning, required)


def number(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.NUMBER, meaning, required)


def whole(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.WHOLE, meaning, required)


def yes_no(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.YES_NO, meaning, required)


SOURCE = text("source", "id in sources.csv", required=True)
PLACE = (
    SOURCE,
    text("sheet", "sheet of the workbook; empty where the file has none"),
    whole("row", "row of the sheet, or line of the file, counted from 1"),
    text("column", "column of the sheet (letters), or the heading's words"),
)
