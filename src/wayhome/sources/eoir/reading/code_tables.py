"""The code tables at hand for a release: its own `Lookup/` files, and those that Wayhome ships."""

from __future__ import annotations

from wayhome.sources.eoir.codes import codes_of
from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.reading.lines import CONTROL
from wayhome.sources.eoir.reading.values import CodeTables
from wayhome.sources.eoir.release import Release, ReleaseFile

LARGEST_CODE_TABLE = 64 << 20

# The column of the codes is the first whose name ends so; these tables have another.
CODE_COLUMN_ENDING = "code"
CODE_COLUMNS = {"tbllookup_juvenile": "idnjuvenile"}


def code_tables_of(release: Release) -> CodeTables:
    """Every code table that a column of the layout names and that the release or Wayhome has.

    A code that either of the two lists is listed: releases drop old codes that old rows still
    carry.
    """
    lookups = {column.lookup for table in TABLES.values() for column in table.columns}
    tables = {}
    for lookup in sorted(lookups - {""}):
        file = release.files.get(f"{lookup.lower()}.csv")
        theirs = _codes_in(release, file) if file else frozenset()
        listed = theirs | frozenset(codes_of(lookup) or ())
        if listed:
            tables[lookup] = listed
    return CodeTables(tables)


def _codes_in(release: Release, file: ReleaseFile) -> frozenset[str]:
    """The codes of one file, or none where no column of codes can be told."""
    with release.open(file) as stream:
        data = stream.read(LARGEST_CODE_TABLE)
    text = CONTROL.sub(b"", data.replace(b"\r\n", b"\n")).decode("utf-8", "replace")
    lines = text.removeprefix("\ufeff").splitlines()
    header = [name.strip().lower() for name in lines[0].split("\t")] if lines else []
    place = _code_place(header, file.name.lower().removesuffix(".csv"))
    if place is None:
        return frozenset()
    rows = (line.split("\t") for line in lines[1:])
    return frozenset(row[place].strip() for row in rows if len(row) > place) - {""}


def _code_place(header: list[str], lookup: str) -> int | None:
    special = CODE_COLUMNS.get(lookup)
    for place, name in enumerate(header):
        if name == special or (special is None and name.endswith(CODE_COLUMN_ENDING)):
            return place
    return None
