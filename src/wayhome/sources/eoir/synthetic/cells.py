"""Columns of text, and the lines of a file made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wayhome.sources.eoir.synthetic.calendar_days import DAYS, EPOCH
from wayhome.sources.eoir.synthetic.draws import NONE, Bools, Draws, Ints, Weighted

# A column: an Arrow array of strings, one a row, empty where the value is missing.
Cells: TypeAlias = Any

# Ticks of a clock in the middle of the day, for records that keep when they were made.
STAMPS = 997


@cache
def _text_table(values: tuple[str, ...]) -> pa.Array:
    return pa.array([*values, ""], type=pa.string())


@cache
def _day_table(time_of_day: str) -> pa.Array:
    days = np.datetime_as_string(np.datetime64(EPOCH) + np.arange(DAYS), unit="D")
    return pa.array(["", *(f"{day} {time_of_day}" for day in days)], type=pa.string())


@cache
def _clock() -> pa.Array:
    seconds = np.arange(STAMPS) * 31 + 30_000
    return pa.array(
        [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}.{s % 997:03d}" for s in seconds]
    )


@cache
def _month_table() -> pa.Array:
    months = np.datetime64("1900-01") + np.arange(160 * 12)
    text = (np.datetime_as_string(month) for month in months)
    return pa.array(["", *(f"{int(m[5:])}/{m[:4]}" for m in text)])


@cache
def _months_of_days() -> Ints:
    days = np.datetime64(EPOCH) + np.arange(DAYS)
    months = days.astype("datetime64[M]").astype(np.int32)
    return np.concatenate([[NONE], months + 70 * 12]).astype(np.int32)


def coded(values: Sequence[str], places: Ints) -> Cells:
    """Each row's value by its place in the list; empty where the place is NONE."""
    table = tuple(values)
    filled = np.where(places == NONE, len(table), places)
    return _text_table(table).take(pa.array(filled))


def drawn(draws: Draws, purpose: str, weighted: Weighted, filled: Bools) -> Cells:
    """A code drawn by weight in every filled row."""
    places = draws.pick(purpose, len(filled), weighted)
    return coded(weighted.values, np.where(filled, places, NONE))


def dates(day: Ints) -> Cells:
    """`YYYY-MM-DD 00:00:00.000`."""
    return _day_table("00:00:00.000").take(pa.array(day + 1))


def stamps(day: Ints, tick: Ints) -> Cells:
    """`YYYY-MM-DD HH:MM:SS.mmm`; `tick` (0 to STAMPS - 1) is the time of day."""
    days = pc.utf8_slice_codeunits(dates(day), 0, 11)
    whole = pc.binary_join_element_wise(days, _clock().take(pa.array(tick)), "")
    return pc.if_else(pa.array(day >= 0), whole, "")


def months(day: Ints) -> Cells:
    """`M/YYYY`."""
    return _month_table().take(pa.array(_months_of_days()[day + 1] + 1))


def numbers(values: npt.NDArray[np.integer], filled: Bools | None = None) -> Cells:
    """Whole numbers; empty where not filled."""
    text = pc.cast(pa.array(values), pa.string())
    return text if filled is None else pc.if_else(pa.array(filled), text, "")


def constant(value: str, filled: Bools) -> Cells:
    """One value in every filled row."""
    return coded((value,), np.where(filled, 0, NONE).astype(np.int32))


def blank(size: int) -> Cells:
    return constant("", np.zeros(size, dtype=np.bool_))


def is_filled(cells: Cells) -> Bools:
    return np.asarray(pc.not_equal(cells, "").to_numpy(zero_copy_only=False), dtype=np.bool_)


def lines(columns: Sequence[Cells]) -> pa.Array:
    """The lines of a file, TAB between columns and LF at the end of each."""
    last = pc.binary_join_element_wise(columns[-1], "", "\n")
    return pc.binary_join_element_wise(*columns[:-1], last, "\t")
