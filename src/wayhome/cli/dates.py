"""Dates as a person types them. The clock is read here and nowhere deeper."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem
from wayhome.law.vocabulary import EARLIEST_DATE, LATEST_DATE

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="The date of the screening: the law of that day decides. Today if left out.",
    ),
]


def day_of(text: str | None) -> date:
    """The day a person typed, or today. Raises Problem for anything else."""
    return date.today() if text is None else parsed_day(text, "--as-of")


def parsed_day(text: str, option: str) -> date:
    """The day a person typed for an option. Raises Problem for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = f"{option}: {text!r} is not a day; write it YYYY-MM-DD, such as 2021-07-01."
        raise Problem(message, Exit.USAGE) from error
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        message = f"{option}: {day} is not between {EARLIEST_DATE} and {LATEST_DATE}."
        raise Problem(message, Exit.USAGE)
    return day
