"""Match a file's header to the layout: names in any case and any order, two known renamings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wayhome.law.vocabulary import nearest_spelling
from wayhome.sources.eoir.layout import Column, Kind, Table
from wayhome.sources.eoir.release import ReleaseProblem

# A column that a release calls by another name, in lower case, and its name in the layout.
OTHER_NAMES = {"gender": "sex", "updated_site": "update_site"}


@dataclass(frozen=True)
class Header:
    """The columns of a file in its own order, and what is not as the layout says.

    `columns` holds a made-up text column for each name that the layout does not know; `strangers`
    names those, and `missing` the columns of the layout that the file lacks.
    """

    columns: tuple[Column, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def known(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.name not in self.strangers)


def match_header(table: Table, line: bytes, needed: Collection[str]) -> Header:
    """Read the header of a table's file.

    `needed` names (in any case) the columns without which the facts would be wrong. Raises
    ReleaseProblem when one of them or a key column is missing, a column seems to have been
    renamed, or one is there twice.
    """
    names = [_printable(name) for name in line.split(b"\t")]
    known = {column.name.lower(): column for column in table.columns}
    columns: dict[str, Column] = {}
    for place, name in enumerate(names):
        folded = OTHER_NAMES.get(name.lower(), name.lower())
        column = known.get(folded if folded in known else name.lower())
        if column and column.name in columns:
            raise ReleaseProblem(
                f"{table.file_name} has the column {column.name} twice in its header (line 1): "
                "one of the two must have another name."
            )
        if column is None:
            # A TAB after the last name makes a nameless column; two must not hide each other.
            column = Column(name or f"(nameless {place + 1})", Kind.TEXT, "", 0, 0.0)
        columns[column.name] = column
    strangers = tuple(name for name in columns if name.lower() not in known)
    missing = tuple(column.name for column in table.columns if column.name not in columns)
    _check_missing(table, missing, strangers, {name.lower() for name in (*needed, *table.key)})
    return Header(tuple(columns.values()), strangers, missing)


def _printable(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _check_missing(
    table: Table, missing: tuple[str, ...], strangers: tuple[str, ...], needed: set[str]
) -> None:
    for name in missing:
        near = nearest_spelling(name, strangers)
        if near:
            raise ReleaseProblem(
                f"{table.file_name} has no column {name} in its header (line 1), but has {near}: "
                f"if that is the same column, name it {name}."
            )
        if name.lower() in needed:
            raise ReleaseProblem(
                f"{table.file_name} has no column {name} in its header (line 1), and the facts "
                "of a case cannot be told without it: the file is not the courts' table as "
                "Wayhome knows it."
            )
