"""Counties that the lists print wrongly and that are plain, each with its evidence."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from wayhome.sources.agreements.meanings import county_key


@cache
def _meant() -> Mapping[tuple[str, str], str]:
    text = resources.files(__package__).joinpath("printed_counties.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["state"], county_key(row["printed"])): row["county"] for row in rows}


def county_meant(state: str | None, printed: str | None) -> str | None:
    """The county that a list means by what it prints; as printed where nobody decided that.

    `state`: two letters. None where nothing is printed.
    """
    if not state or not printed:
        return printed
    return _meant().get((state, county_key(printed)), printed)


def is_misprint(state: str, printed: str | None) -> bool:
    """Whether it was decided that the list prints a county wrongly."""
    return bool(printed) and (state, county_key(printed or "")) in _meant()
