"""`wayhome demands`: what became of each demand of the two letters, by rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import parsed_day
from wayhome.cli.problems import Exit, Problem

if TYPE_CHECKING:
    from wayhome.public_record.demands.demand import Demand, Standing
    from wayhome.public_record.record import Figure, PublicRecord

LANGUAGES = ("en", "es")


def add_to(app: typer.Typer) -> None:
    app.command("demands")(show_demands)


def show_demands(
    letter_date: Annotated[
        str | None,
        typer.Option(
            "--letter-date",
            metavar="YYYY-MM-DD",
            help="The letter's date. It is never guessed: without it nothing can be counted.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="The day asked about. Today if left out."),
    ] = None,
    known_by: Annotated[
        str | None,
        typer.Option(
            "--known-by",
            metavar="YYYY-MM-DD",
            help="Use what was published by this day: today if left out.",
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", help="A folder of `wayhome publish`: else that of the pages."),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="en or es.")] = "en",
) -> None:
    """What became of each demand: kept, partly kept, broken, reversed, inconclusive or too early.

    With the two figures that are compared, where each stands, and the reason. Figures up to the
    day asked about are used, as they are known today; where what was known on that day itself said
    otherwise, the reason says so.
    """
    from wayhome.public_record.at_home import home_at_hand, shown_record
    from wayhome.public_record.demands.built_in import built_in_demands
    from wayhome.public_record.demands.status import standing_on
    from wayhome.public_record.record import RecordProblem, open_record

    if language not in LANGUAGES:
        raise Problem(f"--language: {language!r} is not there; it may be en or es.", Exit.USAGE)
    sent = parsed_day(letter_date, "--letter-date") if letter_date else None
    asked = parsed_day(on, "--on") if on else date.today()
    known = parsed_day(known_by, "--known-by") if known_by else date.today()
    try:
        opened = open_record(record or shown_record(home_at_hand()))
        typer.echo(f"{_named(opened)}\n")
        for demand in built_in_demands().values():
            standing = standing_on(demand, opened, sent, asked, known)
            for line in _lines(demand, standing, opened, language):
                typer.echo(line)
    except RecordProblem as error:
        raise Problem(str(error)) from error


def _named(record: PublicRecord) -> str:
    which = "the record that comes with the program" if record.is_packaged else str(record.path)
    invented = " Some of it is synthetic." if record.is_synthetic() else ""
    return f"From {which}, edition {record.edition}.{invented}"


def _lines(
    demand: Demand, standing: Standing, record: PublicRecord, language: str
) -> Iterator[str]:
    from wayhome.public_record.demands.wording import reason_of, status_word

    day = "" if standing.day is None else f" · day {standing.day}"
    yield f"{demand.words[language]}"
    yield f"  {status_word(standing.status, language).upper()}{day}"
    yield f"  {reason_of(standing, demand, language)}"
    for figure in standing.figures:
        yield f"  - {_place(figure, record)}"
    for told in (demand.target_by, demand.does_not_tell):
        if told and standing.baseline:
            yield f"  ({told[language]})"
    yield ""


def _place(figure: Figure, record: PublicRecord) -> str:
    source = record.source_of(figure)
    parts = [source.file]
    if figure.sheet:
        parts.append(f"sheet {figure.sheet!r}")
    if figure.row:
        parts.append(f"row {figure.row}")
    if figure.column:
        parts.append(f"column {figure.column}")
    note = f" ({figure.note})" if figure.note else ""
    return f"{figure.series}: {figure.value:,g} {figure.unit}: {', '.join(parts)}{note}"
