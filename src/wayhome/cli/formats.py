"""The forms in which people's facts are read and a screening is written."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem

Sheet = Annotated[str | None, typer.Option("--sheet", help="Workbook: this sheet, else the first.")]


class Format(StrEnum):
    """How a result is written."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PARQUET = "parquet"


class Language(StrEnum):
    """The languages in which people are told what was found."""

    EN = "en"
    ES = "es"


def format_of(wanted: Format | None, out: Path | None) -> Format | None:
    """The format asked for, or the one that the file's name says."""
    if out is not None and not out.absolute().parent.is_dir():
        message = f"--out {out}: there is no folder {out.parent}; make it first."
        raise Problem(message, Exit.USAGE)
    if wanted or out is None:
        return wanted
    endings = {".json": Format.JSON, ".jsonl": Format.JSON, ".htm": Format.HTML, ".arrow": None}
    ending = out.suffix.lower()
    if ending in endings:
        return endings[ending]
    if ending.removeprefix(".") in set(Format):
        return Format(ending.removeprefix("."))
    message = f"--out {out.name}: end it .json, .jsonl, .csv, .html, .parquet or (a docket) .arrow."
    raise Problem(message, Exit.USAGE)
