"""A block of clean lines as an Arrow table: numbers, dates, and every other value as its text.

The whole block is parsed at once as what it should be. Only where that fails, or where a value of
a block's dictionaries is not plainly right, are single values looked at, each distinct one once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from wayhome.sources.eoir.layout import Column, Kind
from wayhome.sources.eoir.reading.spotting import has_field_beginning, has_pair
from wayhome.sources.eoir.reading.values import (
    LATEST,
    OUTSIDE_TABLE,
    CodeTables,
    Mended,
    earliest_of,
    is_charge,
    mend_value,
)

TEXT = pa.dictionary(pa.int32(), pa.string())
ARROW_TYPES = {Kind.ID: pa.int64(), Kind.DATE: pa.timestamp("ms")}
LARGEST_ID = 10**18 - 1
PARSED_AT_ONCE = 4 << 20
PADDING = (b"\t ", b" \t", b"\n ", b" \n")

WRONG_NUMBER_OF_FIELDS = "CSV parse error: Expected"
FAILED_COLUMN = re.compile(r"In CSV column #(\d+)")
# What a whole dictionary is matched against: values like these need no closer look.
PLAINLY_RIGHT = {
    Kind.ID: r"^\d{1,18}$",
    # Days after the 28th are judged one by one: not every month has them.
    Kind.DATE: r"^(19(7[5-9]|[89]\d)|20[0-5]\d)-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8]) "
    r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}$",
    Kind.MONTH: r"^(0?[1-9]|1[0-2])/(19\d\d|20[0-5]\d)$",
    Kind.TIME: r"^([01]\d|2[0-3])[0-5]\d$",
    Kind.FLAG: r"^[01]$",
}
NOT_PLAINLY_TEXT = r'^ | $|^""$|^N/A$|^\d{4}-\d{2}-\d{2}'

Rows = npt.NDArray[np.int64]


class WrongNumberOfFields(Exception):
    """A line of the block has more or fewer fields than the header."""


@dataclass(frozen=True)
class Finding:
    """One fault of one column, in some rows of the block (from 0).

    `code` is the code that stands in them where the fault is that no table lists it.
    """

    fault: str
    column: str
    rows: Rows
    code: str = ""


class BlockParser:
    """Parses the blocks of one table's file.

    `columns` are those of the file in its order, `kept` the names to keep, in the order of the
    result, `key` the names of the key columns.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        kept: Sequence[Column],
        key: frozenset[str],
        tables: CodeTables,
    ) -> None:
        self.columns = tuple(columns)
        self.kept = tuple(kept)
        self.key = key
        self.tables = tables
        self.schema = pa.schema([(c.name, ARROW_TYPES.get(c.kind, TEXT)) for c in self.kept])
        # Codes that need nothing done, so that each is judged once and not once a block.
        self._right: dict[str, set[str]] = {column.name: set() for column in self.kept}

    def parse(self, block: bytes) -> tuple[pa.Table, list[Finding]]:
        """The block's rows with their values mended, and what was found in them.

        Numbers of the key that cannot be read are null: the caller sets such rows aside. Raises
        WrongNumberOfFields when a line has not exactly the header's number of fields.
        """
        if not block:
            return self.schema.empty_table(), []
        table = self._parse_bytes(block)
        findings: list[Finding] = []
        arrays = [self._mend(column, table[column.name], findings) for column in self.kept]
        return pa.table(arrays, schema=self.schema), findings

    def _parse_bytes(self, block: bytes) -> pa.Table:
        """The block as an Arrow table; a column of numbers or dates that is not, as text."""
        types = {column.name: ARROW_TYPES.get(column.kind, TEXT) for column in self.columns}
        types |= dict.fromkeys(self._doubtful_ids(block), TEXT)
        at_once = PARSED_AT_ONCE
        while True:
            try:
                table = self._read_csv(block, types, at_once)
            except pa.ArrowInvalid as error:
                failed = FAILED_COLUMN.search(str(error))
                if failed:
                    types[self.columns[int(failed[1])].name] = TEXT
                elif WRONG_NUMBER_OF_FIELDS in str(error):
                    raise WrongNumberOfFields from error
                elif at_once > len(block):
                    raise
                else:
                    # A line longer than what is parsed at once.
                    at_once = len(block) + 1
            else:
                odd = [c.name for c in self.kept if self._has_odd_number(c, table[c.name])]
                if not odd:
                    return table
                types |= dict.fromkeys(odd, TEXT)

    def _doubtful_ids(self, block: bytes) -> tuple[str, ...]:
        """Columns of numbers to be read as text: Arrow takes ` 12` and `0x12` for numbers.

        The rules call the first padded (in a key it is right all the same), the second no number.
        """
        if has_field_beginning(block, (b"0x", b"0X")):
            return tuple(c.name for c in self.kept if c.kind is Kind.ID)
        plain_ids = tuple(c.name for c in self.kept if c.kind is Kind.ID and c.name not in self.key)
        if plain_ids and (block.startswith(b" ") or has_pair(block, PADDING)):
            return plain_ids
        return ()

    def _read_csv(self, block: bytes, types: dict[str, pa.DataType], at_once: int) -> pa.Table:
        return pcsv.read_csv(
            pa.BufferReader(block),
            read_options=pcsv.ReadOptions(
                column_names=[column.name for column in self.columns], block_size=at_once
            ),
            parse_options=pcsv.ParseOptions(
                delimiter="\t", quote_char=False, escape_char=False, ignore_empty_lines=False
            ),
            convert_options=pcsv.ConvertOptions(
                check_utf8=False,
                column_types=types,
                include_columns=[column.name for column in self.kept],
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _mend(self, column: Column, values: pa.ChunkedArray, findings: list[Finding]) -> pa.Array:
        if not pa.types.is_dictionary(values.type):
            if column.kind is Kind.ID or _are_possible(column, values):
                return values.combine_chunks()
            values = values.cast(pa.string()).dictionary_encode()
        array = values.unify_dictionaries().combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], TEXT)
        if column.name in self.key:
            return _key_numbers(array)
        wrong = self._not_plainly_right(column, array.dictionary)
        if len(wrong):
            array = self._mend_values(column, array, wrong, findings)
        if column.kind is Kind.ID:
            return array.dictionary.cast(pa.int64()).take(array.indices)
        if column.kind is Kind.DATE:
            return _dates(array.dictionary).take(array.indices)
        return array

    def _has_odd_number(self, column: Column, values: pa.ChunkedArray) -> bool:
        """Whether a number must be looked at as it was written: `-0` and `0` are not the same."""
        if not pa.types.is_integer(values.type):
            return False
        least, most = _limits(values)
        return least is not None and not (least >= 1 and most <= LARGEST_ID)

    def _not_plainly_right(self, column: Column, dictionary: pa.Array) -> Rows:
        """The places in the dictionary whose values need a closer look."""
        pattern = PLAINLY_RIGHT.get(column.kind)
        if pattern:
            plain = pc.match_substring_regex(dictionary, pattern)
            return np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        if column.kind is Kind.TEXT:
            doubtful = pc.match_substring_regex(dictionary, NOT_PLAINLY_TEXT)
            return np.flatnonzero(doubtful.to_numpy(zero_copy_only=False))
        if column.kind is Kind.NUMBER:
            return np.flatnonzero(~_is_plain_number(column, dictionary))
        right = self._right[column.name]
        codes = dictionary.to_pylist()
        return np.array([i for i, code in enumerate(codes) if code not in right], np.int64)

    def _mend_values(
        self, column: Column, array: pa.DictionaryArray, wrong: Rows, findings: list[Finding]
    ) -> pa.DictionaryArray:
        """The array with each of the doubtful values of its dictionary judged, and mended."""
        before = array.dictionary.take(pa.array(wrong)).to_pylist()
        after = [mend_value(column, value, self.tables) for value in before]
        if column.kind is Kind.CODE:
            plain = (m for m in after if not (m.faults or m.is_outside_table))
            self._right[column.name].update(m.text for m in plain if m.text)
        if any(mended.faults or mended.is_outside_table for mended in after):
            findings += _findings(column, _places_of(array.indices), wrong, after)
        texts = [mended.text for mended in after]
        return array if texts == before else _with_values(array, wrong, texts)


def _findings(
    column: Column, places: Rows, wrong: Rows, after: Sequence[Mended]
) -> Iterator[Finding]:
    """The faults of a column by the rows that have them; `places` are those in the dictionary."""
    by_fault: dict[str, list[int]] = {}
    for place, mended in zip(wrong.tolist(), after, strict=True):
        for fault in mended.faults:
            by_fault.setdefault(fault, []).append(place)
        if mended.is_outside_table and mended.text:
            code = mended.text.strip() if is_charge(column) else mended.text
            yield Finding(OUTSIDE_TABLE, column.name, np.flatnonzero(places == place), code)
    for fault, at in by_fault.items():
        yield Finding(fault, column.name, np.flatnonzero(np.isin(places, at)))


def _limits(values: pa.ChunkedArray) -> tuple[Any, Any]:
    """The least and the greatest value (dates in milliseconds), None where there is none."""
    limits = pc.min_max(values)
    return limits["min"].cast(pa.int64()).as_py(), limits["max"].cast(pa.int64()).as_py()


def _are_possible(column: Column, dates: pa.ChunkedArray) -> bool:
    """Whether all dates lie in the years of the column."""
    least, most = _limits(dates)
    if least is None:
        return True
    first = datetime.combine(earliest_of(column), datetime.min.time(), UTC)
    last = datetime.combine(LATEST, datetime.max.time(), UTC)
    return bool(least >= first.timestamp() * 1000 and most <= last.timestamp() * 1000)


def _places_of(indices: pa.Array) -> Rows:
    """Each row's place in the dictionary, -1 where it is null."""
    return np.asarray(pc.fill_null(indices, -1), np.int64)


def _with_values(
    array: pa.DictionaryArray, places: Rows, texts: Sequence[str | None]
) -> pa.DictionaryArray:
    """The array with other values at some places of its dictionary, null among them."""
    mask = np.zeros(len(array.dictionary), np.bool_)
    mask[places] = True
    values = pc.replace_with_mask(array.dictionary, mask, pa.array(texts, pa.string()))
    distinct = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(array.indices), distinct.dictionary)


def _is_plain_number(column: Column, dictionary: pa.Array) -> npt.NDArray[np.bool_]:
    plain = pc.match_substring_regex(dictionary, r"^-?\d+(\.\d+)?$")
    if column.width:
        short = pc.less_equal(pc.binary_length(dictionary), column.width)
        plain = pc.and_(plain, short)
    result: npt.NDArray[np.bool_] = plain.to_numpy(zero_copy_only=False)
    return result


def _key_numbers(array: pa.DictionaryArray) -> pa.Array:
    texts = array.dictionary
    plain = pc.match_substring_regex(texts, PLAINLY_RIGHT[Kind.ID])
    numbers = pc.if_else(plain, texts, None).cast(pa.int64())
    odd = pc.invert(plain)
    judged = [_key_number(text) for text in texts.filter(odd).to_pylist()]
    numbers = pc.replace_with_mask(numbers, odd, pa.array(judged, pa.int64()))
    return pc.if_else(pc.equal(numbers, 0), None, numbers).take(array.indices)


def _key_number(text: str) -> int | None:
    """The number of a key, or None where it is no integer of at most 18 digits."""
    trimmed = text.strip(" ")
    if not (trimmed.isascii() and trimmed.isdecimal() and len(trimmed) <= 18):
        return None
    return int(trimmed)


def _dates(texts: pa.Array) -> pa.Array:
    """Dates of the calendar, in any of the forms that fit a column of dates."""
    try:
        return texts.cast(pa.timestamp("ms"))
    except pa.ArrowInvalid:
        days = [datetime.fromisoformat(text) for text in texts.to_pylist()]
        return pa.array(days, pa.timestamp("us")).cast(pa.timestamp("ms"), safe=False)
