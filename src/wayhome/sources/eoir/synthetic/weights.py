"""The figures that a synthetic release is fitted to, from the CSV files of `../figures`."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.synthetic.draws import Weighted


@cache
def rows_of(file_name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of figures."""
    figures = resources.files("wayhome.sources.eoir").joinpath("figures", file_name)
    return tuple(csv.DictReader(figures.read_text("utf-8").splitlines()))


@cache
def frequencies(table: str, column: str) -> Weighted:
    """How often each code of a column occurs in the real release."""
    rows = [
        row
        for row in rows_of("frequencies.csv")
        if row["table"] == table and row["column"] == column
    ]
    if not rows:
        raise KeyError(f"frequencies.csv tells nothing of {table}.{column}.")
    return Weighted(tuple(r["value"] for r in rows), tuple(float(r["count"]) for r in rows))


@cache
def weighted(file_name: str, value: str, weight: str, **only: str) -> Weighted:
    """Two columns of a table of figures, for the rows in which others have the values `only`."""
    rows = [r for r in rows_of(file_name) if all(r[k] == v for k, v in only.items())]
    return Weighted(tuple(r[value] for r in rows), tuple(float(r[weight]) for r in rows))


@cache
def present_share(table: str, column: str) -> float:
    """The share of rows in which a column is filled."""
    return 1.0 - TABLES[table].column(column).missing_share
