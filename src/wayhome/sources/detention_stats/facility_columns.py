"""The columns of the facilities' sheet: what each is called, in any year and any order of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from wayhome.sources.detention_stats.sheets import Sheet, words_of
from wayhome.sources.detention_stats.values import count_of, day_of, text_of, zip_of
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.workbook import Value

HEADING_ROWS = 30
ENOUGH = 6  # columns by which a row is taken for the headings of facilities

# Words of a heading that tell nothing: ICE adds and drops them from year to year.
FILLING = frozenset(
    ("ice", "the", "of", "end", "final", "detailed", "detainee", "adp", "odo", "facility")
)

Read = Callable[[Value], "str | float | date | None"]
_KINDS: Mapping[str, tuple[Read, pa.DataType]] = {
    "text": (text_of, pa.string()),
    "zip": (zip_of, pa.string()),
    "number": (count_of, pa.float64()),
    "day": (day_of, pa.date32()),
}


@dataclass(frozen=True)
class Field:
    """A field of a facility and the headings that mean it, by their words in any order."""

    name: str
    kind: str
    headings: tuple[str, ...]

    @property
    def read(self) -> Read:
        return _KINDS[self.kind][0]

    @property
    def type(self) -> pa.DataType:
        return _KINDS[self.kind][1]


def _inspection(name: str, words: str) -> tuple[Field, ...]:
    """The four fields of an inspection, the date with what stands in its place."""
    return (
        Field(f"{name}_type", "text", (f"{words} inspection type", f"{words} type")),
        Field(f"{name}_standard", "text", (f"{words} inspection standard", f"{words} standard")),
        Field(f"{name}_rating", "text", (f"{words} inspection rating", f"{words} rating")),
        Field(f"{name}_date", "day", (f"{words} inspection date", f"{words} date")),
    )


FIELDS = (
    Field(
        "name", "text", ("name", "facility name", "detention facility name", "detention facility")
    ),
    Field("address", "text", ("address", "street address")),
    Field("city", "text", ("city",)),
    Field("county", "text", ("county",)),
    Field("state", "text", ("state",)),
    Field("zip", "zip", ("zip", "zip code")),
    Field("field_office", "text", ("aor", "area responsibility", "field office")),
    Field("type", "text", ("type", "facility type")),
    Field("sexes", "text", ("male female", "gender", "sex")),
    Field("average_stay", "number", ("alos", "average length stay")),
    Field("level_a", "number", ("level a",)),
    Field("level_b", "number", ("level b",)),
    Field("level_c", "number", ("level c",)),
    Field("level_d", "number", ("level d",)),
    Field("male_criminal", "number", ("male crim", "male criminal")),
    Field("male_not_criminal", "number", ("male non crim", "male non criminal")),
    Field("female_criminal", "number", ("female crim", "female criminal")),
    Field("female_not_criminal", "number", ("female non crim", "female non criminal")),
    Field("threat_level_1", "number", ("threat level 1",)),
    Field("threat_level_2", "number", ("threat level 2",)),
    Field("threat_level_3", "number", ("threat level 3",)),
    Field("no_threat_level", "number", ("no threat level",)),
    Field("mandatory", "number", ("mandatory", "mandatory detention")),
    Field("guaranteed_minimum", "number", ("guaranteed minimum",)),
    *_inspection("last_inspection", "last"),
    Field("pending_inspection", "text", ("pending inspection",)),
    *_inspection("second_inspection", "second to last"),
    *_inspection("last_contractor_inspection", "last nakamoto"),
    *_inspection("second_contractor_inspection", "second to last nakamoto"),
)
BY_NAME = {field.name: field for field in FIELDS}

# Three ways in which a sheet divides the same people.
DIVISIONS: Mapping[str, tuple[str, ...]] = {
    "classification level": ("level_a", "level_b", "level_c", "level_d"),
    "criminality and sex": (
        "male_criminal",
        "male_not_criminal",
        "female_criminal",
        "female_not_criminal",
    ),
    "threat level": ("threat_level_1", "threat_level_2", "threat_level_3", "no_threat_level"),
}
# Columns of every year: that one of the others is not there is told of no year.
EXPECTED = (
    *("name", "address", "city", "state", "zip", "field_office", "type", "sexes", "average_stay"),
    *(name for names in DIVISIONS.values() for name in names),
    *("mandatory", "guaranteed_minimum"),
)


def _meaning(text: str) -> frozenset[str]:
    return frozenset(words_of(text).split()) - FILLING


_FIELD_OF = {_meaning(heading): field for field in FIELDS for heading in field.headings} | {
    # FY2023 writes so of ICE's own inspections, beside those of its contractor Nakamoto.
    _meaning("ODO Inspection End Date"): BY_NAME["last_inspection_date"],
    _meaning("ODO Final Rating"): BY_NAME["last_inspection_rating"],
}


@dataclass(frozen=True)
class Heading:
    """The row of headings: the columns (from 0) of the fields, and columns of no known meaning."""

    row: int
    columns: Mapping[str, int]
    strange: Mapping[int, str]
    twice: tuple[str, ...]


def find_heading(sheet: Sheet) -> Heading | None:
    """The row among the first thirty that names most fields, None where none names enough."""
    rows = range(min(HEADING_ROWS, len(sheet.grid)))
    found = max((_heading(sheet, row) for row in rows), key=lambda h: len(h.columns), default=None)
    return found if found and len(found.columns) >= ENOUGH else None


def check_needed(file: str, sheet: Sheet, heading: Heading) -> None:
    """Raise ReleaseProblem when facilities could not be told apart, or nobody counted."""
    missing = [name for name in ("name",) if name not in heading.columns]
    if not any(set(names) <= set(heading.columns) for names in DIVISIONS.values()):
        missing.append("the population (Level A to D, or criminality and sex, or threat levels)")
    if missing:
        met = ", ".join(str(value) for value in sheet.grid[heading.row] if value)
        raise ReleaseProblem(
            f"{file}, sheet {sheet.name!r}, row {heading.row + 1}: among its headings is no column "
            f"for {' and '.join(missing)}. It holds: {met}."
        )


def no_facilities(file: str, sheets: tuple[Sheet, ...]) -> ReleaseProblem:
    """That no sheet is about facilities: what was met, and what was looked for."""
    met = "; ".join(f"{sheet.name!r} ({_first_words(sheet)})" for sheet in sheets)
    return ReleaseProblem(
        f"{file} has no sheet of facilities in a layout that is known: looked in the first "
        f"{HEADING_ROWS} rows of each sheet for headings such as Name, City, State, AOR, ALOS, "
        f"Level A, Male Crim and Guaranteed Minimum, and met {met or 'no sheet'}."
    )


def _heading(sheet: Sheet, row: int) -> Heading:
    columns: dict[str, int] = {}
    strange: dict[int, str] = {}
    twice: list[str] = []
    for column in range(sheet.width):
        text = str(sheet.spread(row, column) or "")
        field = _field(sheet, row, column)
        if field is None:
            strange |= {column: text} if text else {}
        elif field.name in columns:
            twice.append(text)
        else:
            columns[field.name] = column
    return Heading(row, columns, strange, tuple(twice))


def _field(sheet: Sheet, row: int, column: int) -> Field | None:
    """What a column means: by its heading under the one above (`Last Inspection` over `Type`),
    else by its own alone."""
    own = sheet.spread(row, column)
    if not isinstance(own, str):
        return None
    above = sheet.spread(row - 1, column) if row else None
    return _FIELD_OF.get(_meaning(f"{above or ''} {own}")) or _FIELD_OF.get(_meaning(own))


def _first_words(sheet: Sheet) -> str:
    """The row among the first thirty that holds most texts: its headings, if it has any."""
    rows = ([v[:40] for v in row if isinstance(v, str)] for row in sheet.grid[:HEADING_ROWS])
    return ", ".join(max(rows, key=len, default=[])[:8]) or "no text"
